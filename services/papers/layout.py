"""How papers look: Jinja's layouts in `layouts/`, with everything escaped that people typed (SEC-4), and values in Russian."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aggregates.money.amount_in_words import amount_in_words
from aggregates.phones import format_phone
from readmodels.words.values import format_day, format_moment, format_time

LAYOUTS = Path(__file__).with_name("layouts")
_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")
_WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def laid_out(layout: str, **facts: Any) -> str:
    """The HTML of a paper."""
    return _environment().get_template(layout).render(**facts)


def number(amount: Decimal) -> str:
    """Rubles without their sign, as columns of papers show them: «1 500,00»."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",")


def quantity(amount: Decimal | int) -> str:
    """«0,25», «12»."""
    return f"{Decimal(amount).normalize():f}".replace(".", ",")


def long_day(day: date) -> str:
    """«23 ноября 2026 г.»."""
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]} {day.year}\u00a0г."


def weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def shown_phone(stored: str) -> str:
    """As people read it, on one line."""
    return format_phone(stored).replace(" ", "\u00a0").replace("-", "\u2011") if stored else ""


def span(starts_at: datetime, ends_at: datetime) -> str:
    """«10:00–10:40»."""
    return f"{format_time(starts_at)}–{format_time(ends_at)}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(LAYOUTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        number=number, quantity=quantity, day=format_day, long_day=long_day, weekday=weekday, moment=format_moment,
        phone=shown_phone, in_words=amount_in_words,
    )  # fmt: skip
    environment.globals["span"] = span
    return environment
