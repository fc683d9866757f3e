"""A sheet as a table: columns are known by their headings, in any order, however they are written."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregates.catalogue import name_key
from services.excel.archive import WrongFile
from services.excel.columns import plain
from services.excel.reading import Fault, Row, Value, Workbook

_HINT = re.compile(r"чч:мм|дд\.мм(?:\.гггг)?")
"""How a column is filled: people write it beside the heading."""
_MOST_IGNORED = 30
EXAMPLE = "Пример:"
"""What the first filled cell of a template's example row begins with; such a row is never loaded."""


@dataclass(frozen=True)
class Record:
    """One row of data: heading (as asked for) → value, of the cells that hold something."""

    number: int
    cells: Mapping[str, Value]


class Table:
    """One sheet of a file, found by its name, or by its headings where the name says nothing."""

    def __init__(self, book: Workbook, sheet: str, headings: Sequence[str], required: Sequence[str]) -> None:
        """WrongFile where there is no such sheet, a required column is missing or one comes twice."""
        known = {heading_key(heading): heading for heading in headings}
        found = sheet_called(book, sheet) or _only_sheet(book, known.keys() - {heading_key("ID")})
        if found is None:
            raise WrongFile(f"В файле нет листа «{sheet}». Назовите так лист с таблицей.")
        self._rows = book.rows(found)
        self.columns: dict[int, str] = {}
        """Column's number → heading, of the columns that are there."""
        self.ignored: list[str] = []
        """What the others are called."""
        self._read_headings(next(self._rows, None), known)
        missing = [heading for heading in required if heading not in self.columns.values()]
        if missing:
            raise WrongFile(f"В первой строке нет столбца «{missing[0]}». Сверьте заголовки с шаблоном.")
        if not self.columns:
            raise WrongFile("В первой строке нет заголовков из шаблона. Скачайте шаблон и перенесите данные в него.")

    def records(self) -> Iterator[Record]:
        """The rows below the headings, without empty ones and examples."""
        for row in self._rows:
            cells = {self.columns[number]: value for number, value in row.cells.items() if number in self.columns}
            if cells and not _is_example(row):
                yield Record(row.number, cells)

    def _read_headings(self, first: Row | None, known: Mapping[str, str]) -> None:
        for number, value in _headings(first).items():
            heading = known.get(heading_key(value))
            if heading is None:
                self.ignored.append(value[:100])
            elif heading in self.columns.values():
                raise WrongFile(f"Столбец «{heading}» есть в таблице дважды. Оставьте один.")
            else:
                self.columns[number] = heading
        del self.ignored[_MOST_IGNORED:]


def _headings(first: Row | None) -> dict[int, str]:
    cells = first.cells if first is not None and first.number == 1 else {}
    return {number: plain(value) for number, value in cells.items() if not isinstance(value, Fault)}


def _only_sheet(book: Workbook, known: Iterable[str]) -> str | None:
    """The only sheet that people see, or else the only one of these with a known heading."""
    if len(book.visible) == 1:
        return book.visible[0]
    fitting = [sheet for sheet in book.visible if not set(known).isdisjoint(_keys(book, sheet))]
    return fitting[0] if len(fitting) == 1 else None


def _keys(book: Workbook, sheet: str) -> set[str]:
    try:
        return set(map(heading_key, _headings(next(book.rows(sheet), None)).values()))
    except WrongFile:  # of a sheet that nobody has asked to be loaded
        return set()


def sheet_called(book: Workbook, title: str) -> str | None:
    """The sheet of that name as the file writes it; None where there is none."""
    return next((name for name in book.sheets if heading_key(name) == heading_key(title)), None)


def heading_key(written: str) -> str:
    """Letters and digits alone: a star, capitals, spaces, hyphens, brackets and the dots on ё don't tell headings apart."""
    bare = _HINT.sub("", name_key(unicodedata.normalize("NFC", written)))
    return "".join(character for character in bare if character.isalnum())


def _is_example(row: Row) -> bool:
    first = row.cells[min(row.cells)]
    return isinstance(first, str) and first.startswith(EXAMPLE)
