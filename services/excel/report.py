"""Rows of a loading that were refused, as a workbook that is worked through beside the file."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO
from uuid import UUID

from services.bootstrap import ImportJob, ImportJobs, ImportRow, ImportRowError
from services.excel.catalogues import CATALOGUES, Catalogue
from services.excel.columns import Cell
from services.excel.writing import Heading, writing

_SHEET = Heading("Лист", width=12)
_HEADINGS = (
    Heading("Строка", "whole", 9),
    Heading("Запись", width=40),
    Heading("Столбец", width=24),
    Heading("Причина", width=80),
)
_AT_ONCE = 1000
_UNDECIDED = "Решение не принято, строка не загружена."


def write(jobs: ImportJobs, job: ImportJob, target: BinaryIO) -> None:
    """One line for each error: sheet (where there are two), row, object, column, reason."""
    catalogue = CATALOGUES[job.catalogue]
    headings = _HEADINGS if catalogue.doctors is None else (_SHEET, *_HEADINGS)
    with writing(target) as made:
        made.table("Ошибки", headings, _lines(jobs, job.id, catalogue))


def _lines(jobs: ImportJobs, import_id: UUID, catalogue: Catalogue) -> Iterator[Sequence[Cell]]:
    first = 0
    while found := jobs.rows(import_id, "errors", first, _AT_ONCE):
        first += len(found)
        for row in found:
            for error in _reasons(row):
                sheet, number = catalogue.place(error.row or row.row)
                yield *((sheet,) if sheet else ()), number, row.title, error.column, error.reason


def _reasons(row: ImportRow) -> list[ImportRowError]:
    if row.reason:
        return [ImportRowError("", row.reason)]
    return [*row.errors, *([ImportRowError("", _UNDECIDED)] if row.kind == "held" else [])]
