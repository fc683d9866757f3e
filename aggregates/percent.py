"""A percentage: from 0 to 100, with two places."""

from datetime import date
from decimal import Decimal

from aggregates.fields import Field, Kind
from aggregates.values import Scalar, WrongValue, money, text

WHOLE_PERCENT = Decimal(100)
MOST_WRITTEN = len("100,00 %")


def percent(field: str, value: object) -> Decimal:
    """WrongValue."""
    if isinstance(value, str):
        value = text(field, value, limit=MOST_WRITTEN).replace("%", "").strip()
    try:
        written = money(field, value)
    except WrongValue:
        raise WrongValue(field, "Укажите процент от 0 до 100, например 30 или 12,5.") from None
    if written > WHOLE_PERCENT:
        raise WrongValue(field, "Процент – от 0 до 100.")
    return written


def _checked(field: Field, value: object, _: date) -> Scalar:
    return str(percent(field.name, 0 if value == "" else value))


PERCENT = Kind(type="percent", check=_checked, limit=MOST_WRITTEN, empty="0.00")
"""An empty field is 0."""
