"""A date as a field: of settings, and of what ends on a day."""

import re
from datetime import date

from aggregates.fields import Field, Kind
from aggregates.values import Scalar, WrongValue, text

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Limits."""


def _date(field: Field, value: object, _: date) -> Scalar:
    written = text(field.name, value, limit=40)
    if not written:
        return ""
    try:
        year = date.fromisoformat(written if _DATE.fullmatch(written) else "").year
    except ValueError:
        raise WrongValue(field.name, "Укажите дату, например 01.10.2026.") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise WrongValue(field.name, f"Дата должна быть между {FIRST_YEAR} и {LAST_YEAR} годом.")
    return written


DATE = Kind(type="date", check=_date, limit=len("2026-10-01"))


def day(written: str) -> date:
    """A stored date; old ones may lack the leading zeros of the year."""
    return date.fromisoformat(written.zfill(len("2026-10-01")))
