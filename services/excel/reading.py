"""Rows of a workbook as plain values, one at a time: text, number, date, time, yes or no, or a fault that names itself.

The reader keeps one row and the workbook's shared texts in memory, whatever the file's size. Values are those that Excel saved
with the file: formulas aren't computed. Measured beside openpyxl and calamine in docs/benchmarks.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath
from typing import BinaryIO
from urllib.parse import unquote

from services.excel.archive import Archive, WrongFile
from services.excel.cell_values import decoded
from services.excel.number_formats import CLOCK, WHOLE, Look, NumberFormat, look_of
from services.excel.sheet_rows import Row, SheetRows, whole

MOST_ROWS = 200_000
MOST_SHEETS = 50
MOST_TEXTS = 3_000_000
"""Shared texts of a workbook."""
_NO_TABLES = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
"""Kinds of sheets without cells."""

_BUILT_IN: dict[int, Look] = {
    **dict.fromkeys((14, 15, 22, *range(27, 37), *range(50, 59)), WHOLE),
    **dict.fromkeys((*range(18, 22), *range(45, 48)), CLOCK),
    16: "dm",
    17: "my",
}
"""Formats that files name by a number alone."""


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
        reading = SheetRows(self._texts, self._looks, from_1904=self.from_1904)
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
                texts.append(decoded("".join(pieces)))
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
                styles.formats[whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                styles.in_cells = True
            elif name == "xf" and styles.in_cells:
                number = whole(attributes.get("numFmtId", ""))
                code = styles.formats.get(number)
                styles.looks.append(_BUILT_IN.get(number) if code is None else look_of(code))

        def end(name: str) -> None:
            if name == "cellXfs":
                styles.in_cells = False

        if self._archive.has(self._named["styles"]):
            self._archive.parse(self._named["styles"], begin, end, _nothing)
        return styles.looks


def require_workbook(archive: Archive) -> str:
    """The part that is the workbook, by the archive's relations, whatever it is called. WrongFile where there is none."""
    relations = "_rels/.rels"
    related = _relations(archive, relations) if archive.has(relations) else []
    documents = (target for _, kind, target in related if kind == "officeDocument")
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
    """The part that lists a part's relations."""
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


def _nothing(*_: object) -> None:
    """A handler of what isn't needed."""
