"""The rows of a sheet out of its XML, one after another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.excel.archive import WrongFile
from services.excel.cell_values import Fault, Value, dated, decoded, of_iso, stripped
from services.excel.number_formats import Look, NumberFormat

MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767
"""Of one cell, as in Excel."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Row:
    """One row that isn't empty. `number`: as Excel shows it; `cells`: column from 0 → value."""

    number: int
    cells: Mapping[int, Value]


class SheetRows:
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
            number = whole(attributes.get("r", "")) or self._number + 1
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
                number = whole(written.strip(), -1)
                if not 0 <= number < len(self._texts):
                    return Fault("Текста этой ячейки в файле нет. Откройте файл в Excel и сохраните его заново.")
                return stripped(self._texts[number])
            case "str" | "inlineStr":
                return stripped(decoded(written))
            case "b":
                return written.strip() in {"1", "true"}
            case "e":
                return Fault(f"В ячейке ошибка формулы: {written.strip()[:20]}.")
            case "d":
                return of_iso(written.strip())
            case _:
                return self._number_of(written.strip())

    def _number_of(self, written: str) -> Value | None:
        try:
            number = float(written)
        except ValueError:
            return Fault("В ячейке не число.") if written else None
        if number - number != 0:
            return Fault("В ячейке не число.")  # NaN and infinities
        style = whole(self._style, -1)
        look = self._looks[style] if 0 <= style < len(self._looks) else None
        if isinstance(look, NumberFormat):
            look = look.look(number)
        if look is not None and not look.startswith("0"):
            return dated(number, look, from_1904=self._from_1904)
        # Excel counts with 15 digits; what lies beyond them is the noise of binary fractions
        rounded = float(f"{number:.15g}")
        if not rounded.is_integer() or abs(rounded) >= 1e15:
            return rounded
        return str(int(rounded)).zfill(len(look)) if look and rounded >= 0 else int(rounded)


def _column_of(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def whole(written: str, otherwise: int = 0) -> int:
    """A number of digits, or `otherwise`."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else otherwise
