"""Excel imports, as they are stored between the check of the file and the last row."""

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
"""Offset of row numbers on a workbook's second sheet; Excel has 1 048 576 rows."""


class ImportJob(msgspec.Struct, frozen=True, kw_only=True):
    """One import. `rows_total`: 0 if not known yet; `unchanged`: rows without a change.

    `ignored`: headings that the catalogue doesn't have; `notes`: how else the file was interpreted; `headings`: all of the file,
    in order. `file_digest`: SHA-256 of the file, which is deleted after the check.
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
    """A fault in a row; `column`: a heading, or "" for the row as a whole.

    `row`: if it is in another row than the one it belongs to. `key`: of a warning, accepted with the row.
    """

    column: str
    reason: str
    row: int = 0
    key: str = ""


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file that changes something, or can't.

    `row`: Excel's row number, plus `SECOND_SHEET` on a second sheet. `kind`: what the check found; `held` needs a person's
    decision. `fields`: the card to create; `edits` and `before`: fields to change and their old values; `errors`: why it is
    refused, or what has to be decided. `by_id`: the row names its object by id, so it creates none. `done`: created, edited,
    unchanged or refused; `undone`: undone or kept. `cells`: heading → content, of a row that isn't simply loaded; `beside`: rows
    of a second sheet about the same object.
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
        """Keys of the warnings that a person has accepted."""
        return frozenset(error.key for error in self.errors if error.key) if self.decision == "edit" else frozenset()


class ImportRowDone(msgspec.Struct, frozen=True):
    """The outcome of a row: the object's new version, or the reason of a refusal."""

    row: int
    outcome: str
    version: int = 0
    reason: str = ""


class ImportJobs(Protocol):
    """Queries of finished imports."""

    def rows(self, import_id: UUID, shown: str, first: int, count: int) -> list[ImportRow]:
        """Rows of a kind, in order; `errors`: rows that were refused or couldn't be undone."""
