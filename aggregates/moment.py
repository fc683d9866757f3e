"""The moment of a document: date and time by the clinic's wall clock, to the minute."""

import re
from datetime import date, datetime

from aggregates.fields import Field, Kind
from aggregates.values import Scalar, WrongValue, text

FIRST_YEAR, LAST_YEAR = 2000, 2099
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?")


def moment(field: str, value: object) -> str:
    """«2026-12-01T10:30», from a naive datetime or its ISO text; "" for none. WrongValue."""
    written = value.isoformat() if isinstance(value, datetime) else text(field, value, limit=MOMENT_LENGTH + 3)
    if not written:
        return ""
    try:
        found = datetime.fromisoformat(written if _WRITTEN.fullmatch(written) else "")
    except ValueError:
        raise WrongValue(field, "Укажите дату и время, например 01.12.2026 10:30.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise WrongValue(field, f"Дата должна быть между {FIRST_YEAR} и {LAST_YEAR} годом.")
    return found.isoformat(timespec="minutes")


def _checked(field: Field, value: object, _: date) -> Scalar:
    return moment(field.name, value)


MOMENT_LENGTH = len("2026-12-01T10:30")
MOMENT = Kind(type="moment", check=_checked, limit=MOMENT_LENGTH + 3)
