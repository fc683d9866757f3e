"""Goods that come back of a sale without a visit: a posted return, and what becomes of their money, in one save (FIN-9).

Stock comes back at the cost at which it left (`projections/stock/stock_costs.py`); the money of the goods is theirs pro rata, and
the last of them bring the rest. It goes back by refunds of the payments that paid for the sale; what isn't refunded of it is the
patient's prepayment. Nobody takes back more than was sold: `gateways/guards/returned_goods.py`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.moment import moment as written_moment
from aggregates.money.allocation import NOTHING
from aggregates.money.charge import Charge, ReturnedUnsold
from aggregates.money.money_places import MONEY_PLACES, REFUND_NUMBERS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit_lines import MOST_LINES
from aggregates.stock.stock_documents import STOCK_PLACES, CustomerReturn, GoodsIssue
from aggregates.stock.stock_lines import StockLine
from aggregates.values import WrongValue, money, quantity
from commands.context import Context, Receipt
from commands.money.charge_receipts import settle
from commands.money.charges import sale
from commands.money.paying import MOST_PARTS, each, paying_till
from commands.money.receipt_requests import ReceiptRequests
from commands.money.refund_receipts import given_back
from commands.money.sale_money import released
from commands.ports.clinic import Clinic
from commands.retry import retried
from commands.stock.document import RETURN_NUMBERS


class Back(msgspec.Struct, frozen=True):
    """Goods that come back. `quantity`: in the unit in which they were sold (of their first line)."""

    goods_id: UUID
    quantity: Decimal


class MoneyBack(msgspec.Struct, frozen=True):
    """What of a payment goes back. `desk_id`: from where; not of a certificate. `refund_id`: of the new refund; else a new id."""

    payment_id: UUID
    sum: Decimal
    desk_id: UUID | None = None
    refund_id: UUID | None = None


@retried
def take_back(
    clinic: Clinic,
    ctx: Context,
    sale_id: UUID,
    moment: datetime,
    goods: Sequence[Back],
    refunds: Sequence[MoneyBack] = (),
    *,
    reason: str = "",
    return_id: UUID | None = None,
) -> Receipt:
    """Take goods of a sale back, and give money back for them.

    Facts: `number`, `total` of the return, `refunds` with ids and numbers. SaleNotInEffect, ReturnedUnsold, ReturnedTooMuch,
    AnotherWay, CashMissing, PeriodClosed, DayIsClosed, WrongValue.
    """
    written_moment("moment", moment)
    _check(goods, refunds)
    with clinic.write_lock():
        settings, issue = clinic.cached(ClinicSettings, SETTINGS_ID), clinic.load(GoodsIssue, sale_id)
        settings.require_open(moment.date())
        before = sale(clinic, issue)
        if before.refusal is not None:
            raise before.refusal
        if moment == issue.moment:  # goods come back after they left, however quickly
            moment += timedelta(minutes=1)
        lines = _lines(before, goods)
        head = {
            "moment": f"{moment:%Y-%m-%dT%H:%M}", "warehouse_id": issue.card["warehouse_id"], "origin_id": str(sale_id),
            "comment": reason,
        }  # fmt: skip
        back = CustomerReturn(return_id or uuid4())
        back.copy().create(0, head, lines, at=ctx.now)  # what is refused takes no number
        number = clinic.numbers.next(RETURN_NUMBERS)
        back.create(number, head, lines, at=ctx.now)
        back.post(clinic.numbers.next(STOCK_PLACES), at=ctx.now)
        money_back = _MoneyOfReturn(clinic, ctx, settings, sale(clinic, issue, back), moment, reason)
        money_back.decide(refunds)
        return clinic.save(
            back,
            *money_back.payments,
            *money_back.refunds,
            *money_back.receipts(),
            ctx=ctx,
            if_unchanged=each([settings, issue, *money_back.relied]),
            facts={
                "number": number,
                "total": str(back.total),
                "refunds": [{"id": str(one.id), "number": one.number} for one in money_back.refunds],
            },
        )


class _MoneyOfReturn:
    """What is paid above what the sale now comes to goes back, or is prepayment."""

    def __init__(
        self, clinic: Clinic, ctx: Context, settings: ClinicSettings, charge: Charge, moment: datetime, reason: str
    ) -> None:
        self.clinic, self.ctx, self.settings, self.charge = clinic, ctx, settings, charge
        self.moment, self.reason = moment, reason
        self.payments: list[Payment] = []
        self.refunds: list[Refund] = []
        self.relied: list[Aggregate] = []
        self._before: dict[UUID, dict[UUID, Decimal]] = {}

    def decide(self, asked: Sequence[MoneyBack]) -> None:
        shares = self.clinic.payments.of_visit(self.charge.id)
        excess = max(NOTHING, sum(shares.values(), NOTHING) - self.charge.total)
        asked_for = sum((one.sum for one in asked), NOTHING)
        if asked_for > excess:
            raise WrongValue("refunds", f"За эти товары можно вернуть не больше {excess:.2f} ₽.".replace(".", ",", 1))
        if self.charge.patient_id is None and asked_for < excess:
            raise WrongValue(
                "refunds", f"Пациент не указан, аванс оставить некому. Верните все деньги: {excess:.2f} ₽.".replace(".", ",", 1)
            )
        for number, one in enumerate(asked):
            if one.sum > shares.get(one.payment_id, NOTHING):
                raise WrongValue(f"refunds.{number}.sum", "От этой оплаты за продажу столько не заплачено. Укажите меньше.")
            self._refund(one)
        self._keep(excess - asked_for)

    def _refund(self, one: MoneyBack) -> None:
        payment = self.clinic.load(Payment, one.payment_id)
        if payment.till.desk_id is None:
            till = payment.till
        else:
            till, relied = paying_till(self.clinic, one.desk_id, self.moment.date())
            self.relied += relied
        made = Refund(one.refund_id or uuid4())
        made.copy().make(0, 0, self.moment, payment, till, one.sum, self.reason, at=self.ctx.now)
        numbers = self.clinic.numbers
        number, place = numbers.next(REFUND_NUMBERS), numbers.next(MONEY_PLACES)
        made.make(number, place, self.moment, payment, till, one.sum, self.reason, at=self.ctx.now)
        self._before[payment.id] = payment.allocated
        self.settings.require_open(payment.earliest_release(self.charge.id, self.moment).date())
        payment.release(self.charge.id, self.moment, one.sum, at=self.ctx.now)
        self.payments.append(payment)
        self.refunds.append(made)

    def _keep(self, amount: Decimal) -> None:
        if amount > 0:
            changed = {payment.id: payment for payment in self.payments}
            self.payments += released(self.clinic, self.ctx, self.settings, self.charge, amount, self.moment, changed)

    def receipts(self) -> list[Aggregate]:
        if not self.settings.prints_receipts:
            return []
        requests = ReceiptRequests(self.clinic, self.ctx, self.settings, charges=[self.charge], payments=self.payments)
        for made in self.refunds:
            given_back(requests, requests.payment(made.payment_id), made, self._before[made.payment_id])
        if self.settings.prints_credit or requests.stated(self.charge.id):
            settle(requests, self.charge)
        return list(requests.requested)


def _check(goods: Sequence[Back], refunds: Sequence[MoneyBack]) -> None:
    if not goods:
        raise WrongValue("goods", "Укажите, что возвращают.")
    if len(goods) > MOST_LINES:
        raise WrongValue("goods", f"За один раз можно вернуть не больше {MOST_LINES} товаров.")
    if len({one.goods_id for one in goods}) < len(goods):
        raise WrongValue("goods", "Товар указан дважды. Сложите количество.")
    if len(refunds) > MOST_PARTS:
        raise WrongValue("refunds", f"За один раз можно вернуть не больше {MOST_PARTS} оплат.")
    if len({one.payment_id for one in refunds}) < len(refunds):
        raise WrongValue("refunds", "Оплата указана дважды. Сложите суммы.")
    for number, one in enumerate(refunds):
        if not money(f"refunds.{number}.sum", one.sum):
            raise WrongValue(f"refunds.{number}.sum", "Сумма возврата должна быть больше нуля.")


def _lines(charge: Charge, goods: Sequence[Back]) -> list[StockLine]:
    """Lines of the return, in the unit in which the goods were sold, with what they were sold for. ReturnedUnsold, WrongValue."""
    found = []
    for number, one in enumerate(goods):
        sold, amount = charge.left.get(one.goods_id), quantity(f"goods.{number}.quantity", one.quantity)
        if sold is None or amount > sold.quantity:
            left = sold.quantity if sold else Decimal(0)
            raise ReturnedUnsold(goods_id=one.goods_id, left=left, field=f"goods.{number}.quantity")
        sold_as = {"name": sold.name, "unit": sold.unit, "factor": sold.factor, "price": sold.price}
        line = StockLine(goods_id=one.goods_id, quantity=amount, **sold_as)  # type: ignore[arg-type]  # of these types
        found.append(msgspec.structs.replace(line, sum=sold.part(line.parts)))
    return found
