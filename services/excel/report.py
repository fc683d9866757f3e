"""Rows of a loading that weren't loaded, as a workbook: each whole, with what is wrong, to be corrected and loaded again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from psycopg import Connection

from commands.ports.imports import CellValue, ImportJob, ImportJobs, ImportRow, ImportRowError
from services.excel import export, service_doctors
from services.excel.catalogues import LOADABLE, Loadable
from services.excel.cells import Cell
from services.excel.columns import shown
from services.excel.entry_names import Names
from services.excel.table import SERVICE_HEADINGS, heading_key
from services.excel.writing import Heading, writing

_MARKS = tuple(
    Heading(title, "whole" if title == "Строка" else "text", width)
    for title, width in zip(SERVICE_HEADINGS, (12, 9, 40, 24, 80), strict=True)
)
_ORDER = {heading_key(column.heading): place for place, column in enumerate(service_doctors.COLUMNS)}
"""Of the second sheet's columns."""
_AT_ONCE = 1000
_UNDECIDED = "Решение не принято, строка не загружена."

_Cells = Mapping[str, CellValue]


def write(jobs: ImportJobs, job: ImportJob, connection: Connection[Any], target: BinaryIO) -> None:
    """One line for each row: its number, what it is about, columns and reasons, and all its cells under the file's headings.

    A second sheet has the rows of the file's own that belong to them.
    """
    catalogue = LOADABLE[job.catalogue]
    report = _Report(jobs, job, catalogue, export.names(connection, [catalogue]))
    with writing(target) as made:
        first, second = report.headings()
        marks = _MARKS if catalogue.doctors is not None else _MARKS[1:]
        made.table(catalogue.title, [*marks, *map(Heading, first)], report.lines(first))
        if second and catalogue.doctors is not None:
            made.table(catalogue.doctors.heading, list(map(Heading, second)), report.beside(second))


class _Report:
    def __init__(self, jobs: ImportJobs, job: ImportJob, catalogue: Loadable, names: Names) -> None:
        self._jobs, self._job, self._catalogue, self._names = jobs, job, catalogue, names
        self._written = {heading_key(heading): heading for heading in job.headings}

    def headings(self) -> tuple[list[str], list[str]]:
        """Those of the file, and what rows need beyond them; and those of the second sheet."""
        first, second = dict.fromkeys(self._job.headings), dict[str, None]()
        for row in self._rows():
            first.update(dict.fromkeys(self._cells(row)))
            for other in row.beside:
                second.update(dict.fromkeys(other))
        return list(first), sorted(second, key=lambda heading: _ORDER.get(heading_key(heading), len(_ORDER)))

    def lines(self, headings: Sequence[str]) -> Iterator[Sequence[Cell]]:
        for row in self._rows():
            sheet, number = self._catalogue.place(row.row)
            errors = _reasons(row)
            columns = ", ".join(dict.fromkeys(error.column for error in errors if error.column))
            reasons = " ".join(self._reason(row, error, alone=len(errors) == 1) for error in errors)
            place = (sheet, number) if sheet else (number,)
            yield *place, row.title, columns, reasons, *_in_order(self._cells(row), headings)

    def beside(self, headings: Sequence[str]) -> Iterator[Sequence[Cell]]:
        for row in self._rows():
            for other in row.beside:
                yield _in_order(other, headings)

    def _rows(self) -> Iterator[ImportRow]:
        first = 0
        while found := self._jobs.rows(self._job.id, "errors", first, _AT_ONCE):
            first += len(found)
            yield from found

    def _cells(self, row: ImportRow) -> _Cells:
        """As the file has them; of a row that was refused while it was loaded, what was understood of it: without an ID where it
        had none, by which its empty cells would empty fields.
        """
        if row.cells:
            return row.cells
        known: dict[str, CellValue] = {"ID": str(row.object_id)} if row.by_id else {}
        known.update(
            {
                column.heading: written
                for field, column in self._catalogue.fields.items()
                if field in row.fields and (written := shown(column, row.fields[field], self._names))
            }
        )
        return {self._written.get(heading_key(heading), heading): value for heading, value in known.items()}

    def _reason(self, row: ImportRow, error: ImportRowError, *, alone: bool) -> str:
        column = "" if alone or not error.column else f"{error.column}: "
        return f"{self._place(row, error)}{column}{error.reason}"

    def _place(self, row: ImportRow, error: ImportRowError) -> str:
        """Where it stands, unless in the row itself."""
        if not error.row or error.row == row.row:
            return ""
        sheet, number = self._catalogue.place(error.row)
        return f"Лист «{sheet}», строка {number}. " if sheet else f"Строка {number}. "


def _in_order(cells: _Cells, headings: Iterable[str]) -> list[Cell]:
    found = (cells.get(heading) for heading in headings)
    return [Decimal(repr(value)) if isinstance(value, float) else (None if value == "" else value) for value in found]


def _reasons(row: ImportRow) -> list[ImportRowError]:
    if row.reason:
        return [ImportRowError("", row.reason)]
    return [*row.errors, *([ImportRowError("", _UNDECIDED)] if row.kind == "held" else [])]
