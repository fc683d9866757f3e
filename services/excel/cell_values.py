"""What a cell of a file holds: text, number, date, time, yes or no, or a fault that names itself."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.excel.number_formats import CLOCK, PARTS

_LAST_SERIAL = 2_958_466
"""The day after 31.12.9999."""
_ABOUT_MIDNIGHT = timedelta(minutes=2)
_DAYS_OF_CLOCKS = (date(1899, 12, 30), date(1899, 12, 31))
"""The days in which programs write a time of day that belongs to none."""
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


def dated(serial: float, look: str, *, from_1904: bool) -> Value:
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


def of_iso(written: str) -> Value:
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


def stripped(found: str) -> Value | None:
    """Text without the spaces around it; None where nothing is left."""
    bare = found.strip()
    if _NO_CHARACTER.search(bare):
        return Fault("В тексте есть недопустимый символ.")
    return bare or None


def decoded(written: str) -> str:
    """Text with what Excel writes as _x000D_ (characters that XML can't hold) put back."""
    if "_x" not in written:
        return written
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)
