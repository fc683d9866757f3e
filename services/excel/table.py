"""A sheet as a table: columns are known by their headings, in any order, however they are written."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from aggregates.catalogue import name_key
from services.excel import asides
from services.excel.archive import WrongFile
from services.excel.cell_values import Fault, Value
from services.excel.cells import plain
from services.excel.columns import Column
from services.excel.full_names import FULL_NAME, PARTS, split_full_name
from services.excel.reading import Workbook
from services.excel.sheet_rows import Row

_HINT = re.compile(r"чч:мм|дд\.мм(?:\.гггг)?")
"""How a column is filled: people write it beside the heading."""
_MOST_IGNORED = 30
_MOST_NAMED = 8
"""Headings that are named in one sentence."""
_LEAST_OF_EXAMPLE = 2
"""Cells that may be as in the example by chance."""
EXAMPLE = "Пример:"
"""What the first cell of a template's example row begins with."""
SERVICE_HEADINGS = ("Лист", "Строка", "Запись", "Столбец", "Причина")
"""Columns of the file of errors that stand beside the rows' own data; loaded back, they say nothing."""

_EXAMPLE_ROW = "Это пример из шаблона. Если это запись, впишите её вручную."
_MARKED = f"Строка начинается со слова «{EXAMPLE}», она не загружается. Уберите его, если это запись."
_LEFT = "Строка вписана поверх примера, и в ней осталось его значение."
_OTHER_NAME = "В столбце «ФИО» другое имя. Загрузится имя из столбцов «Фамилия», «Имя», «Отчество»."


@dataclass(frozen=True)
class Record:
    """One row of data: heading (as asked for) → value, of the cells that hold something."""

    number: int
    cells: Mapping[str, Value]
    aside: str = ""
    """Why it is no data, where it looks so: a Russian sentence."""
    doubts: Sequence[tuple[str, str]] = ()
    """What a person has to decide about: (heading, Russian sentence)."""
    written: Mapping[str, Value] = field(default_factory=dict, compare=False)
    """All cells of the row by the headings of the file."""

    def whole(self) -> dict[str, str | int | float]:
        """The row as the file has it, for a file of errors: numbers stay numbers, other cells are what they show."""
        return {
            heading: value if isinstance(value, int | float) and not isinstance(value, bool) else plain(value)
            for heading, value in self.written.items()
        }


class Table:
    """One sheet of a file, found by its name, or by its headings where the name says nothing."""

    def __init__(
        self,
        book: Workbook,
        sheet: str,
        headings: Sequence[str],
        required: Sequence[str],
        *,
        full_name: Sequence[str] = (),
        example: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """WrongFile where there is no such sheet, a required column is missing or one comes twice.

        `full_name`: what a column is called that holds the three parts of a name; `example`: heading → cell of the template's
        example row, of which the first one marks it.
        """
        known = {heading_key(heading): heading for heading in headings}
        self._full_name = [FULL_NAME, *full_name] if full_name else []
        known.update({heading_key(heading): FULL_NAME for heading in self._full_name})
        found = sheet_called(book, sheet) or _only_sheet(book, known.keys() - {heading_key("ID")})
        if found is None:
            raise WrongFile(f"В файле нет листа «{sheet}». Назовите так лист с таблицей.")
        self._rows = book.rows(found)
        self._example = example
        self.columns: dict[int, str] = {}
        """Column's number → heading, of the columns that are there."""
        self.ignored: list[str] = []
        """What the others are called."""
        self._written: dict[int, str] = {}
        """Column's number → heading as the file writes it, of all."""
        self._read_headings(next(self._rows, None), known)
        missing = [heading for heading in required if heading not in self.columns.values()]
        if missing:
            raise WrongFile(f"В первой строке нет столбца «{missing[0]}». Сверьте заголовки с шаблоном.")
        if not self.columns:
            raise WrongFile(_no_headings(list(self._written.values()), headings))
        self._of_headings = {heading: self._written[number] for number, heading in self.columns.items()}
        self._naming = {FULL_NAME, *PARTS} & set(self.columns.values())

    @property
    def headings(self) -> set[str]:
        """Headings that records may have cells of."""
        found = set(self.columns.values())
        return found | set(PARTS) - {FULL_NAME} if FULL_NAME in found else found

    @property
    def splits_names(self) -> bool:
        """Whether it has a column of full names."""
        return FULL_NAME in self.columns.values()

    @property
    def order(self) -> list[str]:
        """The headings of the file, in its order."""
        return list(dict.fromkeys(self._written.values()))

    def records(self) -> Iterator[Record]:
        """The rows below the headings, without empty ones and examples as the template has them."""
        for row in self._rows:
            cells = {self.columns[number]: value for number, value in row.cells.items() if number in self.columns}
            if cells and (record := self._record(row, cells)) is not None:
                yield record

    def _record(self, row: Row, cells: dict[str, Value]) -> Record | None:
        written = {self._written[number]: value for number, value in row.cells.items() if number in self._written}
        first = next((value for value in row.cells.values() if isinstance(value, str)), next(iter(row.cells.values())))
        doubts: list[tuple[str, str]] = []
        aside = ""
        if isinstance(first, str) and first.startswith(EXAMPLE):
            mark = next(iter(self._example), "")
            if not str(cells.pop(mark, "")).startswith(EXAMPLE):
                return Record(row.number, cells, _MARKED, written=written)
            left = self._of_example(cells)
            if len(left) == len(cells):
                return None
            doubts += [(heading, _LEFT) for heading in left]
        elif len(cells) > _LEAST_OF_EXAMPLE and all(plain(value) == self._example.get(name) for name, value in cells.items()):
            aside = _EXAMPLE_ROW
        aside = aside or asides.reason(cells, first, self._naming, self._of_headings)
        if not aside and FULL_NAME in cells:
            doubts += _part(cells)
        return Record(row.number, cells, aside, doubts, written)

    def _of_example(self, cells: Mapping[str, Value]) -> list[str]:
        return [heading for heading, value in cells.items() if plain(value) == self._example.get(heading)]

    def _read_headings(self, first: Row | None, known: Mapping[str, str]) -> None:
        silent = set(map(heading_key, SERVICE_HEADINGS))
        for number, value in _headings(first).items():
            heading = known.get(heading_key(value))
            self._written[number] = value[:100]
            if heading is None:
                if heading_key(value) in silent:
                    del self._written[number]
                else:
                    self.ignored.append(value[:100])
            elif heading in self.columns.values():
                raise WrongFile(f"Столбец «{heading}» есть в таблице дважды. Оставьте один.")
            else:
                self.columns[number] = heading
        del self.ignored[_MOST_IGNORED:]


def example_of(columns: Sequence[Column]) -> dict[str, str]:
    """Heading → cell of a template's example row; the first one marks it."""
    first, *others = columns
    cells = {column.heading: str(column.example) for column in others if column.example != ""}
    return {first.heading: f"{EXAMPLE} строка не загружается", **cells}


def _part(cells: dict[str, Value]) -> list[tuple[str, str]]:
    """Put a full name's parts into their columns, unless these are filled; what is doubtful of it."""
    value = cells.pop(FULL_NAME)
    written = plain(value)
    own = " ".join(plain(cells[heading]) for heading in PARTS if heading in cells)
    if own:
        same = sorted(name_key(own).split()) == sorted(name_key(written).split())
        return [] if same else [(FULL_NAME, _OTHER_NAME)]
    if isinstance(value, Fault):
        cells[PARTS[0]] = value
        return []
    name = split_full_name(written)
    cells.update({heading: part for heading, part in zip(PARTS, name.parts, strict=True) if part})
    return [(FULL_NAME, name.doubt)] if name.doubt else []


def _no_headings(found: Sequence[str], required: Sequence[str]) -> str:
    present = ", ".join(f"«{heading}»" for heading in found[:_MOST_NAMED]) or "ничего"
    asked = ", ".join(f"«{heading}»" for heading in required[:_MOST_NAMED])
    return (
        f"В первой строке нет заголовков из шаблона. Там: {present}. Нужны: {asked}. Скачайте шаблон и перенесите данные в него."
    )


def _headings(first: Row | None) -> dict[int, str]:
    cells = first.cells if first is not None and first.number == 1 else {}
    return {number: plain(value) for number, value in cells.items() if not isinstance(value, Fault)}


def _only_sheet(book: Workbook, known: Iterable[str]) -> str | None:
    """The only sheet that people see, or else the only one of these with a known heading."""
    if len(book.visible) == 1:
        return book.visible[0]
    fitting = [sheet for sheet in book.visible if not set(known).isdisjoint(headings_of(book, sheet))]
    return fitting[0] if len(fitting) == 1 else None


def headings_of(book: Workbook, sheet: str) -> set[str]:
    """Headings of a sheet in the form of `heading_key`."""
    try:
        return set(map(heading_key, _headings(next(book.rows(sheet), None)).values()))
    except WrongFile:  # of a sheet that nobody has asked to be loaded
        return set()


def sheet_called(book: Workbook, title: str) -> str | None:
    """The sheet of that name as the file writes it; None where there is none."""
    return next((name for name in book.sheets if heading_key(name) == heading_key(title)), None)


def heading_key(written: str) -> str:
    """Letters and digits alone: a star, capitals, spaces, hyphens, brackets and the dots on ё make no other heading."""
    bare = _HINT.sub("", name_key(unicodedata.normalize("NFC", written)))
    return "".join(character for character in bare if character.isalnum())
