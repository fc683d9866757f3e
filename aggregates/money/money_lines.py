"""What money documents are made of: sums by articles, and payments of receipts of goods or of invoices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.fields import Faults
from aggregates.money.article import Article, Direction
from aggregates.values import WrongValue, money, text

MOST_LINES = 100
MOST_NOTE = 200
MOST_PAID = 200
"""Most receipts that an outgo pays, or invoices that an income pays."""


class MoneyLine(msgspec.Struct, frozen=True, kw_only=True):
    """`sum`: rubles, above 0."""

    article_id: UUID
    sum: Decimal
    note: str = ""


class ReceiptPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What an outgo pays of a receipt of goods, or an income of an invoice (`receipt_id`). `sum`: rubles, above 0."""

    receipt_id: UUID
    sum: Decimal


def positive(field: str, value: object) -> Decimal:
    """Rubles above 0. WrongValue."""
    amount = money(field, value)
    if not amount:
        raise WrongValue(field, "Укажите сумму больше нуля.")
    return amount


def checked_lines(
    lines: Sequence[MoneyLine], direction: Direction, articles: Mapping[UUID, Article] | None = None
) -> tuple[MoneyLine, ...]:
    """Lines in their stored form. `articles`: newly chosen ones. WrongValue, WrongValues: `lines.<number from 0>.<field>`."""
    if not lines:
        raise WrongValue("lines", "Добавьте хотя бы одну статью с суммой.")
    if len(lines) > MOST_LINES:
        raise WrongValue("lines", f"В документе может быть не больше {MOST_LINES} строк. Разделите его на несколько.")
    checked, faults = [], Faults()
    for number, line in enumerate(lines):
        place, article = f"lines.{number}", (articles or {}).get(line.article_id)
        if article is not None and article.direction != direction:
            written = {"income": "прихода", "outgo": "расхода"}[direction]
            faults.add(WrongValue(f"{place}.article_id", f"Здесь нужна статья {written}."))
        with faults.gathered():
            note = " ".join(text(f"{place}.note", line.note, limit=MOST_NOTE).split())
            checked.append(MoneyLine(article_id=line.article_id, sum=positive(f"{place}.sum", line.sum), note=note))
    faults.refuse()
    return tuple(checked)


_TOO_MANY = {
    "stock_receipt": f"Одним расходом можно оплатить не больше {MOST_PAID} поступлений.",
    "invoice": f"Одним приходом можно оплатить не больше {MOST_PAID} счетов.",
}
_TWICE = {"stock_receipt": "Это поступление уже указано. Сложите суммы.", "invoice": "Этот счёт уже указан. Сложите суммы."}
_TOO_MUCH = {
    "stock_receipt": "На поступления распределено больше, чем сумма документа.",
    "invoice": "На счета распределено больше, чем сумма документа.",
}


def checked_payments(
    payments: Sequence[ReceiptPayment], total: Decimal, paid: str = "stock_receipt"
) -> tuple[ReceiptPayment, ...]:
    """Payments in their stored form, together at most `total`. `paid`: what kind of
    thing they pay. WrongValue, WrongValues: `pays.<number from 0>.<field>`.
    """
    if len(payments) > MOST_PAID:
        raise WrongValue("pays", _TOO_MANY[paid])
    checked, faults, known = [], Faults(), set[UUID]()
    for number, payment in enumerate(payments):
        place = f"pays.{number}"
        if payment.receipt_id in known:
            faults.add(WrongValue(f"{place}.receipt_id", _TWICE[paid]))
        known.add(payment.receipt_id)
        with faults.gathered():
            checked.append(ReceiptPayment(receipt_id=payment.receipt_id, sum=positive(f"{place}.sum", payment.sum)))
    faults.refuse()
    if sum((payment.sum for payment in checked), Decimal(0)) > total:
        raise WrongValue("pays", _TOO_MUCH[paid])
    return tuple(checked)
