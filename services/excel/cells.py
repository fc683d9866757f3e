"""Kinds of cells: how a cell becomes a field's value, and a value a cell.

A kind of cell reads what people type and what programs write (numbers as text, text as numbers, dates as Excel's serials),
and writes typed cells that it reads back as the same value (XLS-9).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from aggregates.catalogue import name_key
from aggregates.catalogues import CATALOGUES
from aggregates.fields import Field
from aggregates.values import Scalar, WrongValue
from services.excel import dates
from services.excel.cell_values import Fault, PartOfDate, Value
from services.excel.entry_names import Names

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
_WANTS_MONEY = "Укажите сумму в рублях, например 1500,00."
_WANTS_TEXT = "Excel сделал здесь дату. Выберите для ячейки текстовый формат и напишите заново."
_YES = frozenset({"да", "д", "есть", "1", "+", "✓", "✔", "истина", "true", "yes", "y"})
_NO = frozenset({"нет", "н", "0", "-", "–", "—", "ложь", "false", "no", "n", ""})


@dataclass(frozen=True)
class CellKind:
    """How cells of a column are read and written."""

    read: Callable[[str, Value, Names], Scalar]
    """(field, cell that holds something, names) → the field's value. WrongValue."""
    write: Callable[[Scalar, Names], Cell]
    format: Format = "text"
    note: str = ""
    """How it is filled in, for people."""
    width: int = 18
    choices: Callable[[Names], list[str]] | None = None
    """What a drop-down offers."""
    refers: str = ""
    """The catalogue whose entries it names."""


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


def _code(field: str, value: Value, _: Names) -> Scalar:
    """Text that is never a date: what Excel has made one of («12/1» of a house) isn't what was written."""
    if isinstance(value, date | time | PartOfDate):
        raise WrongValue(field, _WANTS_TEXT)
    return plain(value)


def _inn(field: str, value: Value, names: Names) -> Scalar:
    """As a number it has lost the zero that it began with; its check digits tell whether that was so."""
    written = str(_code(field, value, names))
    return written.zfill(len(written) + len(written) % 2) if isinstance(value, int) else written


def _kpp(field: str, value: Value, names: Names) -> Scalar:
    """Of nine characters: eight digits of a number have lost the zero that they began with."""
    return _digits(field, value, names, 9)


def _passport(field: str, value: Value, names: Names) -> Scalar:
    return _digits(field, value, names, 10)


def _digits(field: str, value: Value, names: Names, count: int) -> str:
    written = str(_code(field, value, names))
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
    """A sum whose thousands are divided by a point, a comma or an apostrophe. A lone «1.500» may be one and a half as well."""
    parts = written.split(mark)
    rest = parts[-1][3:]
    if mark != "'" and len(parts) == 2 and not rest:
        raise WrongValue(field, f"«{written}» – это тысячи или копейки? Напишите сумму без точек, например 1500,00.")
    return "".join((*parts[:-1], parts[-1][:3])) + rest


def _factor(field: str, value: Value, _: Names) -> Scalar:
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


TEXT = CellKind(_text, _as_it_is)
CODE = CellKind(_code, _as_it_is)
PHONE = CellKind(
    _text,
    _as_it_is,
    note="10 цифр, перед ними можно +7 или 8; пробелы и дефисы не мешают. Номер другой страны – с + и кодом страны.",
)
INN = CellKind(_inn, _as_it_is)
MONEY = CellKind(_money, lambda value, _: Decimal(str(value)), format="money", note="В рублях.")
KPP = CellKind(_kpp, _as_it_is)
PASSPORT = CellKind(_passport, _as_it_is)
FACTOR = CellKind(_factor, lambda value, _: Decimal(str(value)), format="whole")
BIRTH = CellKind(_birth, _birth_cell, format="day", note="ДД.ММ.ГГГГ или ДД.ММ.", width=15)
DAY = CellKind(_day, _birth_cell, format="date", note="ДД.ММ.ГГГГ", width=20)
FLAG = CellKind(_flag, lambda value, _: "да" if value else "нет", note="да или нет", choices=lambda _: ["да", "нет"])
PERIOD = CellKind(_period, _period_cell, note="ЧЧ:ММ")
ID = CellKind(_id, _as_it_is, width=38)


def choice(field: Field, others: Mapping[str, Iterable[str]] = MappingProxyType({})) -> CellKind:
    """One of the field's choices by its label, or by another word for it. `others`: value → words."""
    labels = {value: label for value, label in field.choices.items() if value != ""}
    meant = {name_key(word): value for value, label in labels.items() for word in (label, *others.get(value, ()))}
    listed = list(labels.values())

    def read(name: str, value: Value, _: Names) -> Scalar:
        written = name_key(plain(value)).rstrip(".")
        if written not in meant:
            raise WrongValue(name, f"Укажите {' или '.join(f'«{label}»' for label in listed)}.")
        return str(meant[written])

    return CellKind(read, lambda value, _: labels.get(value), note=" или ".join(listed), choices=lambda _: listed)


def _title(catalogue: str) -> str:
    return next(kind.TITLE for kind in CATALOGUES if catalogue == kind.TOPIC)


def _entry(catalogue: str, field: str, written: str, names: Names) -> str:
    found = names.id_of(catalogue, written)
    if found is None:
        sentence = f"«{written.strip()[:100]}» нет в справочнике «{_title(catalogue)}»."
        raise WrongValue(field, f"{sentence} Добавьте или выберите из списка.")
    return found


def reference(catalogue: str) -> CellKind:
    """The name of an entry of a plain catalogue, which has to be there."""
    return CellKind(
        lambda field, value, names: _entry(catalogue, field, plain(value), names),
        lambda value, names: names.name_of(value) or None,
        note=f"Из справочника «{_title(catalogue)}».",
        choices=lambda names: names.choices(catalogue),
        refers=catalogue,
    )


def reference_or_text(catalogue: str) -> CellKind:
    """The name of an entry of a plain catalogue, or a text of one's own: the entry's id, or the text."""
    return CellKind(
        lambda _, value, names: names.id_of(catalogue, plain(value)) or plain(value),
        lambda value, names: names.name_of(value) or str(value or "") or None,
        note=f"Из справочника «{_title(catalogue)}» или любая другая.",
        choices=lambda names: names.choices(catalogue),
        refers=catalogue,
    )


def references(catalogue: str) -> CellKind:
    """Names of entries of a plain catalogue, with commas or semicolons between: their ids, with spaces between."""

    def read(field: str, value: Value, names: Names) -> Scalar:
        found = []
        for part in _SEVERAL.split(plain(value)):
            whole = names.id_of(catalogue, part)  # a name may have a comma itself
            parts = part.split(",")
            found += [whole] if whole is not None else [_entry(catalogue, field, one, names) for one in parts if one.strip()]
        return " ".join(sorted(set(found)))

    return CellKind(
        read,
        lambda value, names: "; ".join(filter(None, map(names.name_of, str(value or "").split()))) or None,
        note=f"Из справочника «{_title(catalogue)}», несколько через точку с запятой.",
        choices=lambda names: names.choices(catalogue),
        refers=catalogue,
    )
