"""A sheet as a table: columns are known by their headings, in any order, however they are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregates.catalogue import name_key
from services.excel.archive import WrongFile
from services.excel.reading import Fault, Row, Value, Workbook

EXAMPLE = "Пример:"
"""What the first filled cell of a template's example row begins with; such a row is never loaded."""


@dataclass(frozen=True)
class Record:
    """One row of data: heading (as asked for) → value, of the cells that hold something."""

    number: int
    cells: Mapping[str, Value]


class Table:
    """One sheet of a file, found by its name or by being the only one."""

    def __init__(self, book: Workbook, sheet: str, headings: Sequence[str], required: Sequence[str]) -> None:
        """WrongFile where there is no such sheet, a required column is missing or one comes twice."""
        found = sheet_called(book, sheet)
        if found is None and len(book.sheets) != 1:
            raise WrongFile(f"В файле нет листа «{sheet}». Назовите так лист с таблицей.")
        self._rows = book.rows(found or book.sheets[0])
        self.columns = self._columns(next(self._rows, None), headings, required)
        """Column's number → heading, of the columns that are there."""

    def records(self) -> Iterator[Record]:
        """The rows below the headings, without empty ones and examples."""
        for row in self._rows:
            cells = {self.columns[number]: value for number, value in row.cells.items() if number in self.columns}
            if cells and not _is_example(row):
                yield Record(row.number, cells)

    @staticmethod
    def _columns(first: Row | None, headings: Sequence[str], required: Sequence[str]) -> dict[int, str]:
        known = {heading_key(heading): heading for heading in headings}
        columns: dict[int, str] = {}
        for number, value in (first.cells if first is not None and first.number == 1 else {}).items():
            heading = known.get(heading_key(str(value)))
            if heading is None or isinstance(value, Fault):
                continue
            if heading in columns.values():
                raise WrongFile(f"Столбец «{heading}» есть в таблице дважды. Оставьте один.")
            columns[number] = heading
        missing = [heading for heading in required if heading not in columns.values()]
        if missing:
            raise WrongFile(f"В первой строке нет столбца «{missing[0]}». Сверьте заголовки с шаблоном.")
        if not columns:
            raise WrongFile("В первой строке нет заголовков из шаблона. Скачайте шаблон и перенесите данные в него.")
        return columns


def sheet_called(book: Workbook, title: str) -> str | None:
    """The sheet of that name as the file writes it; None where there is none."""
    return next((name for name in book.sheets if heading_key(name) == heading_key(title)), None)


def heading_key(written: str) -> str:
    """What headings have in common that are written with a star, in capitals, with other spaces or without dots on ё."""
    return name_key(written.strip().rstrip("*").replace("\xa0", " "))


def _is_example(row: Row) -> bool:
    first = row.cells[min(row.cells)]
    return isinstance(first, str) and first.startswith(EXAMPLE)
