"""A page of the cash book, КО-4: what a drawer got and gave on a day (VIS-7)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aggregates.money.amount_in_words import number_in_words
from readmodels.clinic.requisites import Requisites
from readmodels.money.desk_turnovers import DeskCard, DeskMovement
from services.papers.layout import laid_out

NOTHING = Decimal("0.00")


def book_page(card: DeskCard, day: date, clinic: Requisites) -> str:
    """The HTML of a day of a drawer. `card`: with all movements of that day alone."""
    rows = [
        {
            "title": one.title,
            "about": ", ".join(filter(None, (one.about, *one.articles))),
            "income": one.sum if one.sum > 0 else None,
            "outgo": -one.sum if one.sum < 0 else None,
        }
        for one in reversed(card.items)
    ]
    return laid_out(
        "cash_book.html", card=card, day=day, clinic=clinic, rows=rows, income=_total(card.items, 1),
        outgo=_total(card.items, -1),
        incomes=number_in_words(sum(one.sum > 0 for one in card.items)),
        outgoes=number_in_words(sum(one.sum < 0 for one in card.items)),
    )  # fmt: skip


def _total(moves: Sequence[DeskMovement], sign: int) -> Decimal:
    return sum((sign * one.sum for one in moves if sign * one.sum > 0), NOTHING)
