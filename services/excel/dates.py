"""Dates in cells, as people type them and programs write them, in the form of the cards: 1990-05-17, 1990-05, 1990 or --05-17.

A date has no time of day. One within two minutes of midnight is the noise of fractions; any other is a doubt, since programs
write a local midnight as 21:00 or 23:00 of the day before (in the time of Greenwich), and then a date without its time would
be a day wrong.
"""

import re
from datetime import date, datetime, time, timedelta

from aggregates.values import WrongValue
from services.excel.cell_values import PartOfDate, Value, day_of

_EXPECTED = "Укажите дату как ДД.ММ.ГГГГ или ДД.ММ."
_CENTURY = "Напишите год четырьмя цифрами, например 17.05.2015."
_DOUBT = "В ячейке дата со временем: {written}. "
_NEXT = "Так программы записывают полночь {day} по другому часовому поясу, загрузится {day}."
_SAME = "Загрузится {day}."

_FIRST_YEAR, _LAST_YEAR = 1890, 2199
"""Numbers that are a year rather than the count of a day."""
_LAST_SERIAL = 100_000
_OF_THIS_CENTURY = 50
"""Of two digits of a year, where the century isn't sure: who was born in 2050 comes to no clinic yet, and in 1949 may."""
_MONTHS = (
    "январь января янв", "февраль февраля фев февр", "март марта мар", "апрель апреля апр", "май мая", "июнь июня июн",
    "июль июля июл", "август августа авг", "сентябрь сентября сен сент", "октябрь октября окт", "ноябрь ноября ноя нояб",
    "декабрь декабря дек",
)  # fmt: skip

_YEAR_WORD = re.compile(r"\s*(?:гг?|г\. ?р|год|года|года рождения)\.?$")
_TIME = re.compile(
    r"(?P<day>.*\d)(?:\s*t\s*|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?"
)
_DAY = re.compile(r"(\d{1,2})\s?([., /-])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?\.?")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2})\s+)?([а-я]{3,8})\.?(?:\s+(\d{4}))?")


class Doubtful(Exception):
    """A cell that may mean something else than what is read of it. `value`: what is read; `reason`: a Russian sentence."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field, value, reason


def read(field: str, value: Value) -> str:
    """The date in a cell. WrongValue, Doubtful."""
    match value:
        case datetime():
            return _of_moment(field, value)
        case date():
            return value.isoformat()
        case PartOfDate(shown, time() as clock, next_day):
            raise _doubt(field, _written(field, shown), _written(field, next_day), clock)
        case PartOfDate():
            return _written(field, value.shown)
        case bool() | time():
            raise WrongValue(field, _EXPECTED)
        case int() | float() if _FIRST_YEAR <= value <= _LAST_YEAR and value == int(value):
            return str(int(value))
        case int() | float() if _LAST_YEAR < value < _LAST_SERIAL:  # the serial of a date in a cell that lost its format
            seconds = round(value * 86_400)
            return _of_moment(field, datetime(1899, 12, 30) + timedelta(seconds=seconds))  # noqa: DTZ001  a wall clock
        case float():
            return _written(field, f"{value:.2f}")
        case int():
            return _written(field, str(value).zfill(8) if len(str(value)) == 7 else str(value))  # 1051987: the zero is lost
        case str():
            return _written(field, value)
        case _:
            raise WrongValue(field, _EXPECTED)


def since_1904(value: Value) -> Value:
    """A number in a workbook that counts days from 1904 on, as the others count them."""
    is_serial = isinstance(value, int | float) and not isinstance(value, bool) and _LAST_YEAR < value < _LAST_SERIAL
    return value + 1462 if is_serial and isinstance(value, int | float) else value


def _of_moment(field: str, moment: datetime) -> str:
    day = day_of(moment)
    if day is not None:
        return day.isoformat()
    raise _doubt(field, moment.date().isoformat(), (moment.date() + timedelta(days=1)).isoformat(), moment.time())


def _doubt(field: str, day: str, next_day: str, clock: time) -> Doubtful:
    """A whole hour after noon is midnight further east; whatever else a time is, its day is the written one."""
    shifted = clock > time(12) and clock == time(clock.hour)
    meant = next_day if shifted else day
    reason = _DOUBT.format(written=f"{shown(day)} {clock:%H:%M}") + (_NEXT if shifted else _SAME).format(day=shown(meant))
    return Doubtful(field, meant, reason + " Если это не так, исправьте дату в файле.")


def shown(stored: str) -> str:
    """A stored date as people read it."""
    parts = stored.replace("--", "-").split("-")
    return ".".join(part for part in reversed(parts) if part)


def _written(field: str, text: str) -> str:
    written = _YEAR_WORD.sub("", " ".join(text.lower().replace("ё", "е").split()))
    if found := _TIME.fullmatch(written):
        return _timed(field, found)
    if written.isascii() and written.isdigit():
        return _of_digits(field, written)
    if found := _ISO.fullmatch(written):
        return "-".join((found[1], found[2].zfill(2), found[3].zfill(2)))
    if found := _DAY.fullmatch(written):
        return _of_parts(field, found[4], found[3], found[1])
    if found := _MONTH.fullmatch(written):
        return f"{found[2]}-{found[1].zfill(2)}"
    if (found := _WORDS.fullmatch(written)) and (month := _month(found[2])) and (found[1] or found[3]):
        return f"{found[3] or '-'}-{month:02}" + (f"-{found[1].zfill(2)}" if found[1] else "")
    if re.fullmatch(r"\d{4}-\d{2}|--\d{2}-\d{2}", written):
        return written
    raise WrongValue(field, _EXPECTED)


def _timed(field: str, found: re.Match[str]) -> str:
    day = _written(field, found["day"])
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        whole = date.fromisoformat(day)
    except ValueError:  # no time of day, or no date that is whole
        raise WrongValue(field, _EXPECTED) from None
    return _of_moment(field, datetime.combine(whole, clock))


def _of_digits(field: str, written: str) -> str:
    """1990, 051990, 170590, 17051990 or 19900517: where six or eight digits are two of these, one is never a date of these
    centuries.
    """
    if len(written) == 4:
        return written
    if len(written) == 6:  # 051987, 170590
        if _FIRST_YEAR <= int(written[2:]) <= _LAST_YEAR:
            return f"{written[2:]}-{written[:2]}"
        return _of_parts(field, written[4:], written[2:4], written[:2])
    if len(written) == 8:
        for year, month, day in ((written[4:], written[2:4], written[:2]), (written[:4], written[4:6], written[6:])):
            if _FIRST_YEAR <= int(year) <= _LAST_YEAR and 1 <= int(month) <= 12:
                return f"{year}-{month}-{day}"
    raise WrongValue(field, _EXPECTED)


def _of_parts(field: str, year: str | None, month: str, day: str) -> str:
    if year is not None and len(year) == 2:
        if int(year) < _OF_THIS_CENTURY:
            raise WrongValue(field, _CENTURY)
        year = f"19{year}"
    return f"{year or '-'}-{month.zfill(2)}-{day.zfill(2)}"


def _month(word: str) -> int | None:
    return next((number for number, written in enumerate(_MONTHS, 1) if word in written.split()), None)
