"""Loadings from Excel, as they are kept between the file's check and the last row."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from aggregates.values import Scalar

CellValue = str | int | float
ImportState = Literal["checking", "checked", "refused", "importing", "imported", "undoing", "undone", "failed"]
ImportRowKind = Literal["create", "edit", "held", "refused"]
ImportDecision = Literal["edit", "create", "skip"]


SECOND_SHEET = 2_000_000
"""Rows of a workbook's second sheet are numbered on from here: Excel has 1 048 576 of them."""


class ImportJob(msgspec.Struct, frozen=True, kw_only=True):
    """One loading. `rows_total`: 0 where it isn't known yet; `unchanged`: rows that say what is known already.

    `ignored`: headings of the file's columns that the catalogue doesn't have; `notes`: how else the file was understood;
    `headings`: all of the file's, in its order.
    `file_digest`: SHA-256 of the file, which is forgotten once it was checked.
    """

    id: UUID
    catalogue: str
    state: ImportState
    created_at: datetime
    user_id: UUID | None
    employee_id: UUID | None
    address: str
    rows_total: int = 0
    rows_done: int = 0
    unchanged: int = 0
    attempts: int = 0
    problem: str = ""
    ignored: list[str] = []
    notes: list[str] = []
    headings: list[str] = []
    file_digest: str = ""


class ImportRowError(msgspec.Struct, frozen=True):
    """What is wrong in a row; `column`: a heading, or nothing where it is the row as a whole.

    `row`: where it stands, unless in the row that it belongs to. `key`: of the warning that it is, accepted with the row.
    """

    column: str
    reason: str
    row: int = 0
    key: str = ""


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file that changes something, or can't.

    `row`: as Excel counts, from `SECOND_SHEET` on where it stands on a second sheet.
    `fields`: the card to be created; `edits` and `before`: fields to be changed and what they were; `errors`: why it is refused,
    or what a person has to decide about. `by_id`: the row names its object by an ID, and creates none. `done`: created, edited,
    unchanged or refused; `undone`: undone or kept. `cells`: heading → what the file says, of a row that isn't simply loaded;
    `beside`: rows of a second sheet about the same object.
    """

    row: int
    kind: ImportRowKind
    title: str
    object_id: UUID | None = None
    version: int = 0
    fields: dict[str, Scalar] = {}
    edits: dict[str, Scalar] = {}
    before: dict[str, Scalar] = {}
    errors: list[ImportRowError] = []
    by_id: bool = False
    cells: dict[str, CellValue] = {}
    beside: list[dict[str, CellValue]] = []
    decision: ImportDecision | None = None
    done: str | None = None
    done_version: int = 0
    undone: str | None = None
    reason: str = ""

    @property
    def effective_kind(self) -> str:
        """What is done with the row: the decision of a person, else the kind that the check found."""
        return self.decision or self.kind

    @property
    def accepted(self) -> frozenset[str]:
        """Keys of the warnings that a person saw and decided to go past."""
        return frozenset(error.key for error in self.errors if error.key) if self.decision == "edit" else frozenset()


class ImportRowDone(msgspec.Struct, frozen=True):
    """What became of a row: the object's version afterwards, or the reason of a refusal."""

    row: int
    outcome: str
    version: int = 0
    reason: str = ""


class ImportJobs(Protocol):
    """What is asked of them once they have run."""

    def rows(self, import_id: UUID, shown: str, first: int, count: int) -> list[ImportRow]:
        """Some rows of a kind, in order; `errors`: those that were refused, at the check or later, or weren't taken back."""
