"""What columns of a catalogue's sheet are: how a cell becomes a field's value, and a value a cell.

A kind of column reads what people type and what programs write (numbers as text, text as numbers, dates as Excel's serials),
and writes typed cells that it reads back as the same value (XLS-9).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal
from uuid import UUID

from aggregates.catalogue import name_key
from aggregates.likeness import likeness, twins
from aggregates.people.person import SEX_LABELS
from aggregates.values import Scalar, WrongValue
from services.excel import dates
from services.excel.reading import Fault, PartOfDate, Value

Cell = str | int | Decimal | date | datetime | None
Format = Literal["text", "money", "whole", "date", "day", "moment", "second"]
"""`day`: dates in a column of texts, in which «17.05» stays what is typed and gets no year of Excel's."""

_PERIOD = re.compile(r"(\d{1,3}):(\d{2})(?::00)?")
_PERIOD_WORDS = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)(?:ч|час|часа|часов)\.?)?(?:(?P<minutes>\d{1,4})(?:м|мин|минут|минуты|минута)\.?)?"
)
_RUBLES = re.compile(r"^(?:₽|rub)|(?:₽|rub|рубл(?:ей|я|ь)|руб\.?|р\.?)$")
_KOPECKS = re.compile(r"(\d+)(?:₽|рубл(?:ей|я|ь)|руб\.?|р\.?)(\d{2})(?:коп(?:еек|ейки|ейка)?|к)\.?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\s\d{3})+(?!\d)")
_APART = re.compile(r"\d\s+\d")
"""Digits with a space between that parts no thousands: «15 00» may be rubles and kopecks."""
_SEVERAL = re.compile(r"[;\n]")
_SEXES = {
    **dict.fromkeys(("м", "муж", "мужской", "мужчина", "мальчик", "m", "male"), "male"),
    **dict.fromkeys(("ж", "жен", "женский", "женщина", "девочка", "f", "female"), "female"),
}
_WANTS_MONEY = "Укажите сумму в рублях, например 1500,00."
_WANTS_TEXT = "Excel сделал здесь дату. Выберите для ячейки текстовый формат и напишите заново."
_YES = frozenset({"да", "д", "есть", "1", "+", "✓", "✔", "истина", "true", "yes", "y"})
_NO = frozenset({"нет", "н", "0", "-", "–", "—", "ложь", "false", "no", "n", ""})


class Names:
    """What entries of the plain catalogues are called, both ways."""

    def __init__(self, entries: Iterable[tuple[str, str, UUID, bool]] = ()) -> None:
        """`entries`: (catalogue, name, id, deleted)."""
        self._names: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._alike: dict[tuple[str, str], set[str]] = {}
        """By how they look: letters of either alphabet, hyphens and apostrophes of whatever kind."""
        self._kept: dict[str, list[str]] = {}
        for catalogue, name, entry_id, deleted in entries:
            self._names[str(entry_id)] = name
            if not deleted:
                self._ids[catalogue, name_key(name)] = str(entry_id)
                self._alike.setdefault((catalogue, _looks(name)), set()).add(str(entry_id))
                self._kept.setdefault(catalogue, []).append(name)

    def id_of(self, catalogue: str, name: str) -> str | None:
        """The entry that is called so or, where none is, the only one that looks so."""
        exact = self._ids.get((catalogue, name_key(name)))
        alike = self._alike.get((catalogue, _looks(name)), ()) if exact is None else ()
        return next(iter(alike)) if len(alike) == 1 else exact

    def name_of(self, entry_id: Scalar) -> str:
        return self._names.get(str(entry_id), "")

    def kept(self, catalogue: str) -> list[str]:
        """What can be chosen, by name."""
        return self._kept.get(catalogue, [])


def _looks(name: str) -> str:
    return " ".join(twins(word)[0] for word in likeness(name).split())


@dataclass(frozen=True)
class Kind:
    """How cells of a column are read and written. `choices`: what a drop-down offers."""

    read: Callable[[str, Value, Names], Scalar]
    """(field, cell, names) → the field's value. WrongValue."""
    write: Callable[[Scalar, Names], Cell]
    format: Format = "text"
    empty: Scalar = ""
    """The value of an empty cell."""
    choices: Callable[[Names], list[str]] | None = None


def plain(value: Value) -> str:
    """Any cell as the text that Excel shows, near enough."""
    match value:
        case bool():
            return "да" if value else "нет"
        case float():
            return format(Decimal(repr(value)), "f").replace(".", ",")
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value:%H:%M}"
        case PartOfDate():
            return value.shown if value.clock is None else f"{value.shown} {value.clock:%H:%M}"
        case Fault():
            return ""
        case _:
            return str(value)


def _as_it_is(value: Scalar, _: Names) -> Cell:
    return value if isinstance(value, int) else str(value or "") or None


def _text(_: str, value: Value, __: Names) -> Scalar:
    return plain(value)


def _label(field: str, value: Value, _: Names) -> Scalar:
    """Text that is never a date: what Excel has made one of («12/1» of a house) isn't what was written."""
    if isinstance(value, date | time | PartOfDate):
        raise WrongValue(field, _WANTS_TEXT)
    return plain(value)


def _inn(field: str, value: Value, names: Names) -> Scalar:
    """As a number it has lost the zero that it began with; its check digits tell whether that was so."""
    written = str(_label(field, value, names))
    return written.zfill(len(written) + len(written) % 2) if isinstance(value, int) else written


def _kpp(field: str, value: Value, names: Names) -> Scalar:
    """Of nine characters: eight digits of a number have lost the zero that they began with."""
    return _digits(field, value, names, 9)


def _passport(field: str, value: Value, names: Names) -> Scalar:
    return _digits(field, value, names, 10)


def _digits(field: str, value: Value, names: Names, count: int) -> str:
    written = str(_label(field, value, names))
    return written.zfill(count) if isinstance(value, int) and len(written) == count - 1 else written


def _money(field: str, value: Value, _: Names) -> Scalar:
    if isinstance(value, bool | date | time | PartOfDate):
        raise WrongValue(field, _WANTS_MONEY)
    written = _THOUSANDS.sub(lambda found: "".join(found[0].split()), plain(value).lower())
    if _APART.search(written):
        raise WrongValue(field, _WANTS_MONEY)
    written = "".join(written.split())
    if found := _KOPECKS.fullmatch(written):
        return f"{found[1]}.{found[2]}"
    written = _RUBLES.sub("", written)
    if isinstance(value, str) and (found := _GROUPED.fullmatch(written)):
        written = _ungrouped(field, written, found[1])
    return written.replace(",", ".")


def _ungrouped(field: str, written: str, mark: str) -> str:
    """A sum whose thousands are parted by a point, a comma or an apostrophe. A lone «1.500» may be one and a half as well."""
    parts = written.split(mark)
    rest = parts[-1][3:]
    if mark != "'" and len(parts) == 2 and not rest:
        raise WrongValue(field, f"«{written}» – это тысячи или копейки? Напишите сумму без точек, например 1500,00.")
    return "".join((*parts[:-1], parts[-1][:3])) + rest


def _number(field: str, value: Value, _: Names) -> Scalar:
    if isinstance(value, bool | date | time | PartOfDate):
        raise WrongValue(field, "Укажите число больше нуля, например 10 или 0,5.")
    return "".join(plain(value).split()).replace(",", ".")


def _birth(field: str, value: Value, _: Names) -> Scalar:
    return dates.read(field, value)


def _day(field: str, value: Value, _: Names) -> Scalar:
    try:
        return dates.read(field, value)
    except WrongValue:
        raise WrongValue(field, "Укажите дату как ДД.ММ.ГГГГ.") from None


def _birth_cell(value: Scalar, _: Names) -> Cell:
    parts = str(value or "").replace("--", "-").split("-")
    match parts:
        case [""]:
            return None
        case ["", month, day]:
            return f"{day}.{month}"
        case [year, month, day]:
            return date(int(year), int(month), int(day)) if int(year) > 1900 else f"{day}.{month}.{year}"
        case [year, month]:
            return f"{month}.{year}"
        case _:
            return str(value)


def _sex(field: str, value: Value, _: Names) -> Scalar:
    written = name_key(plain(value)).rstrip(".")
    if written not in _SEXES:
        raise WrongValue(field, "Укажите «мужской» или «женский».")
    return _SEXES[written]


def _flag(field: str, value: Value, _: Names) -> Scalar:
    written = name_key(plain(value))
    if written not in _YES | _NO:
        raise WrongValue(field, "Укажите «да» или «нет».")
    return written in _YES


def _period(field: str, value: Value, _: Names) -> Scalar:
    if isinstance(value, float) and 0 < value < 1:  # a time in a cell that lost its format
        return round(value * 24 * 60)
    written = plain(value)
    if (found := _PERIOD.fullmatch(written)) is not None and int(found[2]) <= 59:
        return int(found[1]) * 60 + int(found[2])
    found = _PERIOD_WORDS.fullmatch("".join(written.lower().split())) if isinstance(value, str) else None
    if (
        found is not None
        and found["hours"]
        and found["minutes"]
        and not (found["hours"].isdigit() and int(found["minutes"]) < 60)
    ):
        found = None
    if found is not None and (found["hours"] or found["minutes"]):
        minutes = Decimal((found["hours"] or "0").replace(",", ".")) * 60 + int(found["minutes"] or 0)
        if minutes == int(minutes):
            return int(minutes)
    raise WrongValue(field, "Укажите продолжительность как ЧЧ:ММ, например 00:40.")


def _period_cell(value: Scalar, _: Names) -> Cell:
    hours, minutes = divmod(int(value or 0), 60)
    return f"{hours:02}:{minutes:02}"


def _id(field: str, value: Value, _: Names) -> Scalar:
    try:
        return str(UUID(plain(value)))
    except ValueError:
        raise WrongValue(field, "Такого ID нет. Оставьте ID из выгрузки или очистите ячейку.") from None


TEXT = Kind(_text, _as_it_is)
LABEL = Kind(_label, _as_it_is)
INN = Kind(_inn, _as_it_is)
MONEY = Kind(_money, lambda value, _: Decimal(str(value)), format="money")
KPP = Kind(_kpp, _as_it_is)
PASSPORT = Kind(_passport, _as_it_is)
NUMBER = Kind(_number, lambda value, _: Decimal(str(value)), format="whole", empty="1")
BIRTH = Kind(_birth, _birth_cell, format="day")
DAY = Kind(_day, _birth_cell, format="date")
SEX = Kind(
    _sex,
    lambda value, _: SEX_LABELS["male" if value == "male" else "female"] if value else None,
    choices=lambda _: [SEX_LABELS["male"], SEX_LABELS["female"]],
)
FLAG = Kind(_flag, lambda value, _: "да" if value else "нет", empty=False, choices=lambda _: ["да", "нет"])
PERIOD = Kind(_period, _period_cell, empty=30)
ID = Kind(_id, _as_it_is)


@dataclass(frozen=True)
class Column:
    """One column of a catalogue's sheet."""

    heading: str
    field: str
    kind: Kind = TEXT
    note: str = ""
    required: bool = False
    example: str | int = ""
    width: int = 18


def reference(catalogue: str, title: str) -> Kind:
    """A column that names an entry of a plain catalogue, which has to be there."""

    def read(field: str, value: Value, names: Names) -> Scalar:
        found = names.id_of(catalogue, plain(value))
        if found is None:
            raise WrongValue(field, f"«{plain(value)[:100]}» нет в справочнике «{title}». Добавьте или выберите из списка.")
        return found

    return Kind(read, lambda value, names: names.name_of(value) or None, empty=None, choices=lambda names: names.kept(catalogue))


def named(catalogue: str) -> Kind:
    """A column that names an entry of a plain catalogue, or says something of its own: the entry's id, or the text."""

    def read(_: str, value: Value, names: Names) -> Scalar:
        return names.id_of(catalogue, plain(value)) or plain(value)

    return Kind(
        read, lambda value, names: names.name_of(value) or str(value or "") or None, choices=lambda names: names.kept(catalogue)
    )


def references(catalogue: str, title: str) -> Kind:
    """A column that names entries of a plain catalogue, with commas or semicolons between: their ids, with spaces between."""

    def read(field: str, value: Value, names: Names) -> Scalar:
        found = []
        for part in _SEVERAL.split(plain(value)):
            whole = names.id_of(catalogue, part)  # a name may have a comma itself
            found += [whole] if whole is not None else [_known(field, one, names) for one in part.split(",") if one.strip()]
        return " ".join(sorted(set(found)))

    def _known(field: str, written: str, names: Names) -> str:
        found = names.id_of(catalogue, written)
        if found is None:
            raise WrongValue(field, f"«{written.strip()[:100]}» нет в справочнике «{title}». Добавьте или выберите из списка.")
        return found

    def write(value: Scalar, names: Names) -> Cell:
        return "; ".join(filter(None, map(names.name_of, str(value or "").split()))) or None

    return Kind(read, write, choices=lambda names: names.kept(catalogue))


def read_cell(column: Column, value: Value | None, names: Names) -> Scalar:
    """The field's value. WrongValue."""
    if isinstance(value, Fault):
        raise WrongValue(column.field, value.reason)
    return column.kind.empty if value is None else column.kind.read(column.field, value, names)


def shown(column: Column, value: Scalar, names: Names) -> str:
    """A field's value as people read it."""
    cell = column.kind.write(value, names)
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return "" if cell is None else plain(cell)
