"""Rows of a workbook as plain values, one at a time: text, number, date, time, yes or no, or a fault that names itself.

The reader keeps one row and the workbook's shared texts in memory, whatever the file's size. Values are those that Excel saved
with the file: formulas aren't computed. Measured beside openpyxl and calamine in docs/benchmarks.md.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from posixpath import basename, dirname, join, normpath
from typing import BinaryIO
from urllib.parse import unquote

from services.excel.archive import Archive, WrongFile
from services.excel.number_formats import CLOCK, PARTS, WHOLE, Look, NumberFormat, look_of

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_SHEETS = 50
MOST_TEXTS = 3_000_000
"""Shared texts of a workbook."""
MOST_CHARACTERS = 32_767
"""Of one cell, as in Excel."""
_LAST_SERIAL = 2_958_466
"""The day after 31.12.9999."""
_ABOUT_MIDNIGHT = timedelta(minutes=2)
_DAYS_OF_CLOCKS = (date(1899, 12, 30), date(1899, 12, 31))
"""The days in which programs write a time of day that belongs to none."""
_NO_TABLES = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
"""Kinds of sheets without cells."""

_BUILT_IN: dict[int, Look] = {
    **dict.fromkeys((14, 15, 22, *range(27, 37), *range(50, 59)), WHOLE),
    **dict.fromkeys((*range(18, 22), *range(45, 48)), CLOCK),
    16: "dm",
    17: "my",
}
"""Formats that files name by a number alone."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Fault:
    """What a cell holds instead of a value. `reason`: a Russian sentence."""

    reason: str


@dataclass(frozen=True)
class PartOfDate:
    """What a cell shows of a date by its format: 17.05, 05.1990 or 1990. What it doesn't, Excel put in when that was typed.

    `clock`: a time of day that the format doesn't show, if it isn't about midnight; `next_day`: what the day after would show.
    """

    shown: str
    clock: time | None = None
    next_day: str = ""


Value = str | int | float | bool | date | datetime | time | PartOfDate | Fault
"""A cell that holds something. `date` where there is no time of day."""


@dataclass(frozen=True)
class Row:
    """One row that isn't empty. `number`: as Excel shows it; `cells`: column from 0 → value."""

    number: int
    cells: Mapping[int, Value]


@dataclass
class _Styles:
    formats: dict[int, str] = field(default_factory=dict)
    looks: list[Look | NumberFormat] = field(default_factory=list)
    in_cells: bool = False


class Workbook:
    """An xlsx file that is open for reading. WrongFile, from the beginning or from any row."""

    def __init__(self, file: BinaryIO) -> None:
        self._archive = Archive(file)
        self._part = require_workbook(self._archive)
        self.from_1904 = False
        """Whether its days are counted from 1904 on."""
        self._named = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
        """Parts that the workbook has one of, by kind."""
        self._sheets: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._read_contents()
        self._texts = self._read_texts()
        self._looks = self._read_styles()

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in order."""
        return tuple(self._sheets)

    @property
    def visible(self) -> tuple[str, ...]:
        """Names of those that people see, or of all where none is."""
        return tuple(name for name in self._sheets if name not in self._hidden) or self.sheets

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that hold something, in order."""
        reading = _SheetReading(self._texts, self._looks, from_1904=self.from_1904)
        count = 0
        for _ in self._archive.parsing(self._sheets[sheet], reading.begin, reading.end, reading.text):
            found, reading.rows = reading.rows, []
            count += len(found)
            if count > MOST_ROWS + 1:
                raise WrongFile(f"В таблице больше {MOST_ROWS} строк. Разделите её на несколько файлов.")
            yield from found

    def _read_contents(self) -> None:
        targets: dict[str, str] = {}
        relations = _relations_of(self._part)
        self._archive.require(relations)
        for id_, kind, target in _relations(self._archive, relations):
            if kind not in _NO_TABLES:
                targets[id_] = target
            if kind in self._named and self._archive.has(target):
                self._named[kind] = target
        found: list[tuple[str, str]] = []

        def content(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.from_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif name == "sheet":
                target = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                found.append((attributes.get("name", ""), targets.get(target, "")))
                if attributes.get("state", "visible") != "visible":
                    self._hidden.add(attributes.get("name", ""))
                if len(found) > MOST_SHEETS:
                    raise WrongFile(f"В файле больше {MOST_SHEETS} листов. Оставьте один лист с таблицей.")

        self._archive.parse(self._part, content, _nothing, _nothing)
        for name, path in found:
            if self._archive.has(path):
                self._sheets[name] = path

    def _read_texts(self) -> list[str]:
        texts: list[str] = []
        pieces: list[str] = []
        inside: list[str] = []

        def begin(name: str, _: dict[str, str]) -> None:
            inside.append(name)
            if name == "si":
                pieces.clear()
            if len(inside) > 100:
                raise WrongFile("В файле слишком сложная разметка. Сохраните таблицу в Excel заново.")

        def end(name: str) -> None:
            inside.pop()
            if name == "si":
                texts.append(_decoded("".join(pieces)))
                if len(texts) > MOST_TEXTS:
                    raise WrongFile("В файле слишком много текста. Разделите его на несколько.")

        def text(piece: str) -> None:
            # phonetic readings (rPh) stand beside the text and are no part of it
            if inside and inside[-1] == "t" and "rPh" not in inside:
                pieces.append(piece)

        if self._archive.has(self._named["sharedStrings"]):
            self._archive.parse(self._named["sharedStrings"], begin, end, text)
        return texts

    def _read_styles(self) -> list[Look | NumberFormat]:
        """Of each cell style, how it shows a number."""
        styles = _Styles()

        def begin(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                styles.formats[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                styles.in_cells = True
            elif name == "xf" and styles.in_cells:
                number = _whole(attributes.get("numFmtId", ""))
                code = styles.formats.get(number)
                styles.looks.append(_BUILT_IN.get(number) if code is None else look_of(code))

        def end(name: str) -> None:
            if name == "cellXfs":
                styles.in_cells = False

        if self._archive.has(self._named["styles"]):
            self._archive.parse(self._named["styles"], begin, end, _nothing)
        return styles.looks


class _SheetReading:
    """Handlers of a sheet's XML; rows gather in `rows` until they are taken."""

    def __init__(self, texts: list[str], looks: list[Look | NumberFormat], *, from_1904: bool) -> None:
        self.rows: list[Row] = []
        self._texts, self._looks, self._from_1904 = texts, looks, from_1904
        self._number = 0
        self._column = -1
        self._type, self._style = "n", ""
        self._cells: dict[int, Value] = {}
        self._pieces: list[str] = []
        self._length = 0
        self._hears = False
        self._phonetic = False
        self._is_formula = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self._hears = not self._phonetic
        elif name == "row":
            number = _whole(attributes.get("r", "")) or self._number + 1
            if not self._number < number <= 1_048_576:
                raise WrongFile("Строки в файле перепутаны. Откройте его в Excel, сохраните заново и загрузите снова.")
            self._number, self._column, self._cells = number, -1, {}
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._hears = False
        elif name == "c":
            if self._length or (self._is_formula and self._type != "str"):
                self._end_cell()
        elif name == "row":
            if self._cells:
                self.rows.append(Row(self._number, self._cells))
            self._cells = {}
        elif name == "rPh":
            self._phonetic = False

    def text(self, piece: str) -> None:
        if self._hears:
            self._length += len(piece)
            if self._length <= MOST_CHARACTERS:
                self._pieces.append(piece)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._pieces.clear()
        self._length = 0
        self._is_formula = False
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        place = _CELL.fullmatch(attributes.get("r", ""))
        self._column = self._column + 1 if place is None else _column_of(place[1])

    def _end_cell(self) -> None:
        value = self._value("".join(self._pieces))
        if value is None:
            return
        if self._column >= MOST_COLUMNS:
            raise WrongFile(f"В таблице больше {MOST_COLUMNS} столбцов. Оставьте столбцы шаблона.")
        self._cells[self._column] = value

    def _value(self, written: str) -> Value | None:
        if not written and self._is_formula:
            return Fault("Формула не вычислена. Откройте файл в Excel и сохраните его.")
        if self._length > MOST_CHARACTERS:
            return Fault(f"Текст длиннее {MOST_CHARACTERS} знаков.")
        match self._type:
            case "s":
                number = _whole(written.strip(), -1)
                if not 0 <= number < len(self._texts):
                    return Fault("Текста этой ячейки в файле нет. Откройте файл в Excel и сохраните его заново.")
                return _text(self._texts[number])
            case "str" | "inlineStr":
                return _text(_decoded(written))
            case "b":
                return written.strip() in {"1", "true"}
            case "e":
                return Fault(f"В ячейке ошибка формулы: {written.strip()[:20]}.")
            case "d":
                return _iso(written.strip())
            case _:
                return self._number_of(written.strip())

    def _number_of(self, written: str) -> Value | None:
        try:
            number = float(written)
        except ValueError:
            return Fault("В ячейке не число.") if written else None
        if number - number != 0:
            return Fault("В ячейке не число.")  # NaN and infinities
        style = _whole(self._style, -1)
        look = self._looks[style] if 0 <= style < len(self._looks) else None
        if isinstance(look, NumberFormat):
            look = look.look(number)
        if look is not None and not look.startswith("0"):
            return _dated(number, look, from_1904=self._from_1904)
        # Excel counts with 15 digits; what lies beyond them is the noise of binary fractions
        rounded = float(f"{number:.15g}")
        if not rounded.is_integer() or abs(rounded) >= 1e15:
            return rounded
        return str(int(rounded)).zfill(len(look)) if look and rounded >= 0 else int(rounded)


def _dated(serial: float, look: str, *, from_1904: bool) -> Value:
    """What a date's cell shows of it."""
    moment = _moment(serial, from_1904=from_1904, clock=look == CLOCK)
    pattern = PARTS.get(look)
    if pattern is None or not isinstance(moment, date):
        return moment
    if (day := day_of(moment)) is not None:
        return PartOfDate(f"{day:{pattern}}")
    assert isinstance(moment, datetime)  # noqa: S101  a date is its own day
    return PartOfDate(f"{moment:{pattern}}", moment.time(), f"{moment + timedelta(days=1):{pattern}}")


def day_of(moment: date) -> date | None:
    """The day whose midnight a moment is, but for two minutes: binary fractions and clocks of programs miss it. Else None."""
    if not isinstance(moment, datetime):
        return moment
    try:
        later = moment + _ABOUT_MIDNIGHT
    except OverflowError:
        return None
    return later.date() if later - datetime.combine(later.date(), time()) <= 2 * _ABOUT_MIDNIGHT else None


def _moment(serial: float, *, from_1904: bool, clock: bool = False) -> Value:
    """Date, time of day, or both, from Excel's count of days. Its calendar has a 29.02.1900 that never was.

    `clock`: the cell shows a time of day alone.
    """
    day, seconds = divmod(round(serial * 86_400), 86_400)
    if serial < 0 or day > _LAST_SERIAL:
        return Fault("Такой даты в Excel не бывает: раньше 1900 года или слишком далеко.")
    at = (datetime(1900, 1, 1) + timedelta(seconds=seconds)).time()  # noqa: DTZ001  a wall clock
    if day == 0 and (clock or not from_1904):
        return at
    if day == 60 and not from_1904:
        return Fault("Даты 29.02.1900 не было.")
    epoch = date(1904, 1, 1) if from_1904 else date(1899, 12, 31) if day < 60 else date(1899, 12, 30)
    try:
        found = epoch + timedelta(days=day)
    except OverflowError:
        return Fault("Такой даты в Excel не бывает: раньше 1900 года или слишком далеко.")
    return datetime.combine(found, at) if seconds else found


def _iso(written: str) -> Value:
    """A date, a moment or a time of day in the form of ISO 8601. A moment is that of its own zone: its day is what was meant."""
    try:
        found = datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        try:
            return time.fromisoformat(written).replace(tzinfo=None)
        except ValueError:
            return Fault("В ячейке не дата.")
    if found.date() in _DAYS_OF_CLOCKS:
        return found.time()
    return found if found.time() != time() else found.date()


def _text(found: str) -> Value | None:
    """Text without the spaces around it; None where nothing is left."""
    stripped = found.strip()
    if _NO_CHARACTER.search(stripped):
        return Fault("В тексте есть недопустимый символ.")
    return stripped or None


def _decoded(written: str) -> str:
    """Text with what Excel writes as _x000D_ (characters that XML can't hold) put back."""
    if "_x" not in written:
        return written
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)


def require_workbook(archive: Archive) -> str:
    """The part that is the workbook, by the archive's relations, whatever it is called. WrongFile where there is none."""
    relations = "_rels/.rels"
    told = _relations(archive, relations) if archive.has(relations) else []
    documents = (target for _, kind, target in told if kind == "officeDocument")
    part = next(filter(archive.has, documents), "xl/workbook.xml")
    archive.require(part)
    root: list[str] = []
    for _ in archive.parsing(part, lambda name, _: root.append(name) if not root else None, _nothing, _nothing):
        if root:
            break
    if root != ["workbook"]:
        raise archive.is_another()
    return part


def _relations_of(part: str) -> str:
    """The part that tells a part's relations."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _relations(archive: Archive, part: str) -> list[tuple[str, str, str]]:
    """(id, kind, part that is meant) of a part's relations within the archive."""
    folder = dirname(dirname(part))
    found: list[tuple[str, str, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            written = unquote(attributes.get("Target", "")).replace("\\", "/")
            below, whole = normpath(join(folder, written)), normpath(written.lstrip("/"))
            # a path that begins at the root should say so by its first character, and doesn't always
            target = whole if written.startswith("/") or not archive.has(below) else below
            found.append((attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], target))

    archive.parse(part, relation, _nothing, _nothing)
    return found


def _column_of(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _whole(written: str, otherwise: int = 0) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else otherwise


def _nothing(*_: object) -> None:
    """For what a part says and nobody wants to hear."""
