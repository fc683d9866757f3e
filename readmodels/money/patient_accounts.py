"""A patient's account: what was charged, paid and allocated, at any moment (FIN-7).

Charged is what completed visits come to, at their start, and goods sold without a visit (FIN-9), less what came back of them by
then. An allocation counts from its own moment, and not before what it pays for. All of a person's cards are one account. What
another card paid for a visit while both were one counts for the visit only.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.allocation import NOTHING, Allocation, ChargeKind
from aggregates.scheduling.visit_status import Status
from readmodels import catalogue
from readmodels.money import paying_desks, receipts_of_documents
from readmodels.money.payments import Kind
from readmodels.money.receipts_of_documents import DocumentReceipt
from readmodels.people import patients
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref


class AccountVisit(msgspec.Struct, frozen=True, gc=False):
    """A visit that costs something or is paid for, or goods sold without one. `number`: of the visit, or of the issue of goods;
    `total`: of a sale less `returned`; `due`: what isn't paid of it.
    """

    id: UUID
    kind: ChargeKind
    number: int
    starts_at: datetime
    doctor: Ref | None
    status: Status
    total: Decimal
    paid: Decimal
    due: Decimal
    returned: Decimal = NOTHING


class Share(msgspec.Struct, frozen=True, gc=False):
    """What of a payment pays for a visit or a sale. `number`: of that."""

    visit_id: UUID
    kind: ChargeKind
    number: int
    sum: Decimal


class AccountPayment(msgspec.Struct, frozen=True, gc=False):
    """A payment. `cash`: the desk has cash; `rest`: what is neither allocated nor refunded; `payer`: another person or an
    organisation.
    """

    id: UUID
    number: int
    version: int
    moment: datetime
    desk: Ref | None
    cash: bool
    certificate: Ref | None
    payer: Ref | None
    sum: Decimal
    refunded: Decimal
    rest: Decimal
    shares: list[Share]
    text: str
    receipt: DocumentReceipt | None


class AccountRefund(msgspec.Struct, frozen=True, gc=False):
    """A refund. `cash`: the desk has cash; `payment_number`: of the payment that it returns."""

    id: UUID
    number: int
    version: int
    moment: datetime
    desk: Ref | None
    cash: bool
    certificate: Ref | None
    payment_id: UUID
    payment_number: int
    sum: Decimal
    text: str
    receipt: DocumentReceipt | None


class PatientAccount(msgspec.Struct, frozen=True, gc=False):
    """In rubles.

    charged     what completed visits and sales come to.
    paid        payments less refunds.
    debt        what isn't paid of completed visits and sales.
    prepayment  what was paid and pays for none of them; `free`: what isn't allocated to a coming visit either.
    """

    charged: Decimal
    paid: Decimal
    debt: Decimal
    prepayment: Decimal
    free: Decimal
    visits: list[AccountVisit]
    payments: list[AccountPayment]
    refunds: list[AccountRefund]


class UsualPayer(msgspec.Struct, frozen=True):
    """Another person or an organisation."""

    kind: Literal["patient", "counterparty"]
    id: UUID
    name: str


class _Money(msgspec.Struct, frozen=True):
    """A row of `_MONEY`."""

    id: UUID
    kind: Kind
    number: int
    version: int
    moment: datetime
    desk_id: UUID | None
    certificate_id: UUID | None
    payer_id: UUID | None
    sum: Decimal
    payment_id: UUID | None
    allocations: list[Allocation]
    text: str


_VISITS = f"""SELECT c.visit_id, c.number, c.starts_at, c.doctor_id, {FULL_NAME.format("e")}, c.status, c.total
  FROM calendar c LEFT JOIN employees e ON e.employee_id = c.doctor_id
  WHERE c.patient_id = ANY(%(cards)s) AND NOT c.deleted AND c.total <> 0 ORDER BY c.starts_at, c.number"""
_SALES = """SELECT d.id, d.number, d.moment, d.total,
    coalesce((SELECT sum(r.total) FROM stock_documents r WHERE r.origin_id = d.id AND r.kind = 'customer_return' AND r.posted
      AND NOT r.deleted AND (%(at)s::timestamp IS NULL OR r.moment <= %(at)s)), 0.00)
  FROM stock_documents d
  WHERE d.patient_id = ANY(%(cards)s) AND d.kind = 'goods_issue' AND d.posted AND NOT d.deleted AND d.total <> 0"""
_PAID_BY_OTHERS = """SELECT p.allocations::text FROM payments p
  WHERE p.visit_ids && %s::uuid[] AND NOT p.deleted AND p.patient_id <> ALL(%s)"""
_MONEY = """SELECT p.id, p.kind, p.number, p.version, p.moment, p.desk_id, p.certificate_id,
    coalesce(p.payer_id, p.counterparty_id), p.sum, p.payment_id, p.allocations::text, p.text
  FROM payments p WHERE p.patient_id = ANY(%(cards)s) AND NOT p.deleted ORDER BY p.moment, p.number"""
_NUMBERS = """SELECT visit_id, number FROM calendar WHERE visit_id = ANY(%(ids)s)
  UNION ALL SELECT id, number FROM stock_documents WHERE id = ANY(%(ids)s) AND kind = 'goods_issue'"""
"""Of visits and sales of a card that was separated since, which this one has paid for."""
_LAST_PAYER = """SELECT p.payer_id, p.counterparty_id, c.name, c.deleted FROM payments p
  LEFT JOIN catalogue c ON c.entry_id = p.counterparty_id
  WHERE p.patient_id = ANY(%s) AND p.kind = 'payment' AND NOT p.deleted ORDER BY p.moment DESC, p.number DESC LIMIT 1"""
_CODES = "SELECT id, code FROM certificates WHERE id = ANY(%s)"
_ALLOCATIONS = msgspec.json.Decoder(list[Allocation]).decode


def account(
    conn: Connection[Any], patient_id: UUID, at: datetime | None = None, *, with_visit: UUID | None = None
) -> PatientAccount:
    """The account of a person, newest first. `at`: by documents until then (the clinic's wall clock); without it all.
    `with_visit`: this one too, though it isn't completed and nothing was paid for it.
    """
    money, visits, shares = _state(conn, patient_id, at)
    shown = [one for one in visits if one.status == "completed" or one.paid or one.id == with_visit]
    return _account(conn, shown, money, shares)


class Totals(msgspec.Struct, frozen=True, gc=False):
    """What a person owes, and has paid in advance, in rubles; as in `PatientAccount`."""

    debt: Decimal
    prepayment: Decimal


def totals(conn: Connection[Any], patient_id: UUID) -> Totals:
    """As of now, by all documents."""
    money, visits, shares = _state(conn, patient_id, None)
    return Totals(_debt(visits), _prepayment(visits, money, shares))


def _state(
    conn: Connection[Any], patient_id: UUID, at: datetime | None
) -> tuple[list[_Money], list[AccountVisit], dict[UUID, dict[UUID, Decimal]]]:
    """Money, visits, and of each payment what pays for which visit."""
    values = {"cards": patients.all_cards(conn, [patient_id]) or [patient_id]}
    money = [_money(row) for row in conn.execute(_MONEY, values).fetchall() if at is None or row[4] <= at]
    visits = [_visit(row) for row in conn.execute(_VISITS, values).fetchall()]
    sales = [_sale(row) for row in conn.execute(_SALES, {**values, "at": at}).fetchall()]
    every = sorted([*visits, *sales], key=lambda one: (one.starts_at, one.number))
    starts = {one.id: one.starts_at for one in every}
    shares = {one.id: _shares(one.allocations, starts, at) for one in money}
    of_others = conn.execute(_PAID_BY_OTHERS, (list(starts), values["cards"])).fetchall() if starts else []
    paid_for: dict[UUID, Decimal] = {}
    for of_payment in (*shares.values(), *(_shares(_ALLOCATIONS(row[0]), starts, at) for row in of_others)):
        for visit_id, amount in of_payment.items():
            paid_for[visit_id] = paid_for.get(visit_id, NOTHING) + amount
    shown = [_paid(one, paid_for.get(one.id, NOTHING)) for one in every if at is None or one.starts_at <= at]
    return money, shown, shares


def _debt(visits: Iterable[AccountVisit]) -> Decimal:
    return _sum(visit.due for visit in visits if visit.status == "completed")


def _prepayment(
    visits: Iterable[AccountVisit], money: Sequence[_Money], shares: Mapping[UUID, Mapping[UUID, Decimal]]
) -> Decimal:
    """What was paid and isn't refunded, less what pays for completed visits, of other cards too."""
    coming = {visit.id for visit in visits if visit.status != "completed"}
    paid = _sum(one.sum if one.payment_id is None else -one.sum for one in money)
    return paid - _sum(amount for of in shares.values() for visit_id, amount in of.items() if visit_id not in coming)


def usual_payer(conn: Connection[Any], patient_id: UUID) -> UsualPayer | None:
    """Who paid for a person the last time, if that was somebody else who is still there."""
    found = conn.execute(_LAST_PAYER, (patients.all_cards(conn, [patient_id]) or [patient_id],)).fetchone()
    if found is None:
        return None
    payer_id, counterparty_id, organisation, gone = found
    if counterparty_id is not None:
        return None if gone else UsualPayer("counterparty", counterparty_id, organisation)
    name = patients.names(conn, [payer_id]).get(payer_id) if payer_id is not None else None
    return None if name is None else UsualPayer("patient", payer_id, name)


def _account(
    conn: Connection[Any], visits: list[AccountVisit], money: Sequence[_Money], shares: dict[UUID, dict[UUID, Decimal]]
) -> PatientAccount:
    refunded: dict[UUID, Decimal] = {}
    for one in money:
        if one.payment_id is not None:
            refunded[one.payment_id] = refunded.get(one.payment_id, NOTHING) + one.sum
    names, receipts = _Names(conn, money), receipts_of_documents.last(conn, [one.id for one in money])
    cash = paying_desks.of_cash(conn, {one.desk_id for one in money if one.desk_id is not None})
    numbers = {visit.id: visit.number for visit in visits} | {one.id: one.number for one in money}
    elsewhere = [visit_id for of_payment in shares.values() for visit_id in of_payment if visit_id not in numbers]
    numbers |= dict(conn.execute(_NUMBERS, {"ids": elsewhere}).fetchall()) if elsewhere else {}
    kinds = {of.charge_id: of.kind for one in money for of in one.allocations}
    payments = [
        AccountPayment(
            one.id, one.number, one.version, one.moment, names.desk(one), one.desk_id in cash, names.certificate(one),
            names.payer(one), one.sum, refunded.get(one.id, NOTHING),
            one.sum - refunded.get(one.id, NOTHING) - _sum(shares[one.id].values()),
            [Share(id_, kinds[id_], numbers.get(id_, 0), amount) for id_, amount in shares[one.id].items()],
            one.text, receipts.get(one.id),
        )
        for one in money
        if one.payment_id is None
    ]  # fmt: skip
    refunds = [
        AccountRefund(
            one.id, one.number, one.version, one.moment, names.desk(one), one.desk_id in cash, names.certificate(one),
            one.payment_id, numbers.get(one.payment_id, 0), one.sum, one.text, receipts.get(one.id),
        )
        for one in money
        if one.payment_id is not None
    ]  # fmt: skip
    charged = [visit for visit in visits if visit.status == "completed"]
    paid = _sum(one.sum for one in payments) - _sum(one.sum for one in refunds)
    return PatientAccount(
        charged=_sum(visit.total for visit in charged),
        paid=paid,
        debt=_debt(visits),
        prepayment=_prepayment(visits, money, shares),
        free=_sum(one.rest for one in payments),
        visits=visits[::-1],
        payments=payments[::-1],
        refunds=refunds[::-1],
    )


class _Names:
    """Names of desks, certificates and payers."""

    def __init__(self, conn: Connection[Any], money: Sequence[_Money]) -> None:
        payers = {one.payer_id for one in money if one.payer_id is not None}
        self._known = catalogue.names(conn, [*(one.desk_id for one in money if one.desk_id is not None), *payers])
        self._known |= patients.names(conn, payers)
        certificates = [one.certificate_id for one in money if one.certificate_id is not None]
        self._known |= dict(conn.execute(_CODES, (certificates,)).fetchall()) if certificates else {}

    def desk(self, one: _Money) -> Ref | None:
        return self._ref(one.desk_id)

    def certificate(self, one: _Money) -> Ref | None:
        return self._ref(one.certificate_id)

    def payer(self, one: _Money) -> Ref | None:
        return self._ref(one.payer_id)

    def _ref(self, id_: UUID | None) -> Ref | None:
        return None if id_ is None else Ref(id_, self._known.get(id_, ""))


def _money(row: Sequence[Any]) -> _Money:
    columns: tuple[Any, ...] = (*row[:10], _ALLOCATIONS(row[10]), row[11])
    return _Money(*columns)


def _shares(allocations: Iterable[Allocation], starts: dict[UUID, datetime], at: datetime | None) -> dict[UUID, Decimal]:
    """Visit → what pays for it at a moment."""
    found: dict[UUID, Decimal] = {}
    for one in allocations:
        if at is None or max(one.moment, starts.get(one.charge_id, one.moment)) <= at:
            found[one.charge_id] = found.get(one.charge_id, NOTHING) + one.sum
    return {visit_id: amount for visit_id, amount in found.items() if amount}


def _visit(row: Sequence[Any]) -> AccountVisit:
    visit_id, number, starts_at, doctor_id, doctor, status, total = row
    named = None if doctor_id is None else Ref(doctor_id, doctor)
    return AccountVisit(visit_id, "visit", number, starts_at, named, status, total, NOTHING, total)


def _sale(row: Sequence[Any]) -> AccountVisit:
    """Goods sold without a visit; as a visit that is completed at once."""
    issue_id, number, moment, total, returned = row
    left = max(total - returned, NOTHING)
    return AccountVisit(issue_id, "sale", number, moment, None, "completed", left, NOTHING, left, returned)


def _paid(charge: AccountVisit, paid: Decimal) -> AccountVisit:
    return msgspec.structs.replace(charge, paid=paid, due=max(charge.total - paid, NOTHING))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
