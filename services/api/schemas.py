"""Schemas that several concepts share: texts, dates, money, hours, references, answers of commands.

Control characters are removed from every text, and numbers and dates outside of sensible bounds are refused, so that no input can
break the database or the calendar's arithmetic. Local moments have no zone: they are the clinic's wall clock. Instants (when
somebody did something) are UTC.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from aggregates.percent import WHOLE_PERCENT
from aggregates.values import MOST_COMMENT, MOST_MONEY, without_controls

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?", re.ASCII)
_MONEY_PATTERN = rf"[0-9]{{1,{len(str(int(MOST_MONEY)))}}}(\.[0-9]{{1,2}})?"
_MONEY = re.compile(_MONEY_PATTERN, re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2199


def refused(kind: str, reason: str) -> PydanticCustomError:
    """A refusal with its Russian reason, which `problems.py` shows as it is."""
    return PydanticCustomError("denta", "{reason}", {"kind": kind, "reason": reason})


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise refused("date", "Укажите дату в виде ГГГГ-ММ-ДД") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refused("date", "Дата должна быть между 1900 и 2199 годом")
    return day


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    written = value if isinstance(value, str) and _MOMENT.fullmatch(value) else ""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise refused("moment", "Укажите дату и время в виде ГГГГ-ММ-ДДTЧЧ:ММ, без часового пояса") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refused("moment", "Дата должна быть между 1900 и 2199 годом")
    return moment


def _money(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise refused("money", "Укажите сумму в рублях, например 1500.00")
    return Decimal(value)


def _written(pattern: str, reason: str) -> Callable[[Any], Any]:
    """Refuse a text that doesn't match the pattern, with a reason in words instead of the pattern."""
    known = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Any:
        written = value.strip() if isinstance(value, str) else value
        if isinstance(written, str) and not known.fullmatch(written):
            raise refused("pattern", reason)
        return written

    return check


def _end_not_before_start(interval: tuple[str, str]) -> tuple[str, str]:
    if interval[0] == "24:00":
        raise refused("hours", "Начало интервала не может быть в 24:00")
    return interval


WITHOUT_CONTROLS = BeforeValidator(lambda value: without_controls(value) if isinstance(value, str) else value)
"""For every text that people write; the field's own rule checks the rest (`aggregates/values.py`)."""
OF_REQUEST = Field(json_schema_extra={"x-bounds": "request"})
"""Marks bounds of a request that no declared field has: how much is sent at once, or a text that is only compared."""
Text = Annotated[str, StringConstraints(max_length=2000), WITHOUT_CONTROLS]
Comment = Annotated[str, StringConstraints(max_length=MOST_COMMENT), WITHOUT_CONTROLS]
ShortText = Annotated[str, StringConstraints(max_length=200), WITHOUT_CONTROLS]
Name = Annotated[str, StringConstraints(max_length=100), WITHOUT_CONTROLS]
Search = Annotated[str, StringConstraints(max_length=100), WITHOUT_CONTROLS]
Email = Annotated[str, StringConstraints(max_length=254), WITHOUT_CONTROLS]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-23"]})]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?$",
            "description": "The clinic's wall clock, no zone.",
            "examples": ["2026-11-23T10:00:00"],
        }
    ),
]
WallClock = Annotated[
    datetime,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
            "description": "The clinic's wall clock to the second, no zone.",
        }
    ),
]
Money = Annotated[
    Decimal,
    BeforeValidator(_money),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_MONEY_PATTERN}$",
            "description": "Rubles.",
            "examples": ["1500.00"],
            "x-maximum": str(MOST_MONEY),
        }
    ),
]

_PERCENT_PATTERN = r"[0-9]{1,3}(\.[0-9]{1,2})?"
_PERCENT = re.compile(_PERCENT_PATTERN, re.ASCII)


def _percent(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _PERCENT.fullmatch(value) or Decimal(value) > WHOLE_PERCENT:
        raise refused("percent", "Укажите проценты от 0 до 100, не точнее сотых")
    return Decimal(value)


Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    WithJsonSchema({"type": "string", "pattern": f"^{_PERCENT_PATTERN}$", "examples": ["50"], "x-maximum": str(WHOLE_PERCENT)}),
]
Total = Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "description": "Rubles."})]
Signed = Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})]
"""A sum or quantity that may be below nothing."""
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Interval = Annotated[tuple[Clock, Clock], AfterValidator(_end_not_before_start)]
"""("09:00", "21:00"); an end not after the start lies on the next day; "24:00" is midnight."""
Intervals = Annotated[list[Interval], Field(max_length=12), OF_REQUEST]
Week = Annotated[list[Intervals], Field(min_length=7, max_length=7)]
"""Seven days, Monday first."""
Color = Annotated[
    str,
    BeforeValidator(_written(r"(#[0-9a-fA-F]{6})?", "Выберите цвет или напишите его как #2f7d6b")),
    WithJsonSchema({"type": "string", "pattern": r"^(#[0-9a-fA-F]{6})?$"}),
]


def digits(longest: int) -> Any:
    """A text of at most `longest` digits."""
    return Annotated[
        str,
        StringConstraints(max_length=longest),
        BeforeValidator(_written("[0-9]*", "Здесь только цифры")),
        WithJsonSchema({"type": "string", "maxLength": longest, "pattern": "^[0-9]*$"}),
    ]


Version = Annotated[int, Field(ge=0, le=2_000_000_000), OF_REQUEST]


class Schema(BaseModel):
    """Base of requests and answers. Unknown fields are refused, so that a misspelt one isn't silently ignored."""

    model_config = ConfigDict(extra="forbid")


class Ref(Schema):
    """A reference: id and name."""

    id: UUID
    name: str


class Done(Schema):
    """A command's result. Following queries send `position` in `X-Position`."""

    id: UUID
    version: int
    position: int


def _require_order(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise refused("period", "Конец периода раньше его начала")


class Period(BaseModel):
    """Query parameters `from` and `to`: a range of days, both ends included, at most `LONGEST` days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)
    LONGEST: ClassVar[int] = 100

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _require_order(self.first, self.last)
        if (self.last - self.first).days >= self.LONGEST:
            raise refused("period", f"Период не может быть длиннее {self.LONGEST} дней")
        return self

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


class PaperQuery(Schema):
    """`position`: what `X-Position` says elsewhere, since a browser opens a paper by nothing but its address."""

    position: Annotated[int, Field(ge=0, le=9_223_372_036_854_775_807)] | None = None


class Page(BaseModel):
    """Query parameters of a list: page from 1, rows per page."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 50

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


class OpenPeriod(BaseModel):
    """Query parameters `from` and `to` with either end optional, both days included."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        _require_order(self.first, self.last)
        return self
