"""Sheets of typed cells, written row by row: what is text stays text, whatever it begins with."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from services.excel.cells import Cell, Format

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS = 1_000_000
_MOST_CHARACTERS = 32_000
"""Of Excel's 32 767."""
_FORMATS: dict[Format, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "money": {"num_format": "# ##0.00"},
    "whole": {"num_format": "General"},
    "date": {"num_format": "dd.mm.yyyy"},
    "day": {"num_format": "@"},
    "moment": {"num_format": "dd.mm.yyyy hh:mm"},
    "second": {"num_format": "dd.mm.yyyy hh:mm:ss"},
}


@dataclass(frozen=True)
class Heading:
    """A column of a sheet that is only written."""

    title: str
    format: Format = "text"
    width: int = 18


class Writing:
    """One workbook in the making."""

    def __init__(self, target: BinaryIO, folder: str, *, in_rows: bool) -> None:
        """`in_rows`: rows are written in order and forgotten, so that memory doesn't grow with their number."""
        options = {
            "constant_memory": in_rows,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.book = Workbook(target, options)
        self.formats = {name: self.book.add_format(look) for name, look in _FORMATS.items()}
        self.bold = self.book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "border_color": "#C4CED8"})
        self.pale = self.book.add_format({"italic": True, "font_color": "#666666", "num_format": "@"})

    def sheet(self, title: str, headings: Sequence[Heading]) -> Any:
        """A new sheet with its first row and the looks of its columns."""
        made = self.book.add_worksheet(title)
        made.freeze_panes(1, 0)
        for number, heading in enumerate(headings):
            made.set_column(number, number, heading.width, self.formats[heading.format])
        for number, heading in enumerate(headings):
            made.write_string(0, number, heading.title, self.bold)
        return made

    def table(self, title: str, headings: Sequence[Heading], rows: Iterable[Sequence[Cell]]) -> int:
        """A sheet with rows, and further ones where it would be too long for Excel; how many rows there were."""
        made, line, count = self.sheet(title, headings), 1, 0
        for row in rows:
            if line > _MOST_ROWS:
                made, line = self.sheet(f"{title} {count // _MOST_ROWS + 1}", headings), 1
            for number, cell in enumerate(row):
                if cell is not None:
                    self.write(made, line, number, cell, headings[number].format)
            line += 1
            count += 1
        return count

    def write(self, sheet: Any, line: int, number: int, cell: Cell, format_: Format) -> None:
        look = self.formats["date" if format_ == "day" else format_]
        if isinstance(cell, str):
            sheet.write_string(line, number, cell[:_MOST_CHARACTERS], self.formats["text"])
        elif isinstance(cell, date):
            value = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  a wall clock
            sheet.write_datetime(line, number, value, look)
        elif isinstance(cell, Decimal | int):
            sheet.write_number(line, number, cell, look)


@contextmanager
def writing(target: BinaryIO, *, in_rows: bool = True) -> Iterator[Writing]:
    """A workbook that is whole at the end."""
    with TemporaryDirectory(prefix="denta-") as folder:
        made = Writing(target, folder, in_rows=in_rows)
        yield made
        made.book.close()
