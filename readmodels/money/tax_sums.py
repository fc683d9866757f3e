"""What a tax certificate may state: paid by a payer for a patient in a calendar year, by codes of the services (FIN-6, ADR 30).

Counted is what payments of the year pay for of completed visits, whenever the visit was: a payment is of the year in which the
money came. A payment by a gift certificate is its buyer's money of the day when it was sold, if it was sold at its full value;
else nobody's. What organisations paid, prepayments that pay for no completed visit, and goods aren't counted.

A refund of the year is subtracted, by what the visits lost by it; a refund of a later year doesn't change an earlier one.
What pays for a visit is shared over its lines by the largest remainders, once for all payments of the year together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.clinic.tax_code import TaxCode
from aggregates.money.allocation import NOTHING, Allocation, taken_for
from aggregates.money.discounts import Discount
from aggregates.money.shares import shared
from aggregates.money.tax_certificate import Sums
from aggregates.scheduling.visit_lines import GoodsLine, Line, totals
from readmodels.references import Ref


class CertifiedYear(msgspec.Struct, frozen=True):
    """Whose payments, for whom, in which year. The cards are of people, none of which is merged."""

    payer_id: UUID
    patient_id: UUID
    year: int


class YearSums(msgspec.Struct, frozen=True, gc=False):
    """What is certified, and what of the year's payments isn't, in rubles.

    prepaid  pays for no completed visit so far.
    goods    paid for goods.
    """

    code_1: Decimal
    code_2: Decimal
    prepaid: Decimal
    goods: Decimal

    @property
    def sums(self) -> Sums:
        return Sums(self.code_1, self.code_2)


NO_SUMS = YearSums(NOTHING, NOTHING, NOTHING, NOTHING)


class Payer(msgspec.Struct, frozen=True, gc=False):
    """A person who paid for a patient in a year."""

    payer: Ref
    sums: YearSums


class _Paid(msgspec.Struct, frozen=True):
    """A payment. `moment`: when the money came; `by_certificate`: no money goes back by its refunds."""

    id: UUID
    payer_id: UUID
    patient_id: UUID
    moment: datetime
    sum: Decimal
    allocations: list[Allocation]
    by_certificate: bool


class _Refund(msgspec.Struct, frozen=True):
    id: UUID
    payment_id: UUID
    moment: datetime
    sum: Decimal


_OWN = "coalesce({0}.merged_into, {0}.patient_id)"
_PAYMENTS = f"""SELECT p.id, {_OWN.format("w")}, {_OWN.format("t")}, coalesce(c.moment, p.moment), p.sum, p.allocations::text,
    p.certificate_id IS NOT NULL
  FROM payments p JOIN patients t ON t.patient_id = p.patient_id
  LEFT JOIN certificates c ON c.id = p.certificate_id
  JOIN patients w ON w.patient_id = CASE WHEN p.certificate_id IS NULL THEN coalesce(p.payer_id, p.patient_id)
    WHEN c.price >= c.nominal THEN c.buyer_id END
  WHERE p.kind = 'payment' AND NOT p.deleted AND p.counterparty_id IS NULL AND p.patient_id = ANY(%s)
  ORDER BY p.moment, p.number"""
_CARDS = "SELECT unnest(cards) FROM patients WHERE patient_id = ANY(%s)"
_REFUNDS = """SELECT id, payment_id, moment, sum FROM payments
  WHERE payment_id = ANY(%s) AND kind = 'refund' AND NOT deleted ORDER BY moment, number"""
_VISITS = """SELECT visit_id, lines::text, goods::text, discount::text FROM calendar
  WHERE visit_id = ANY(%s) AND status = 'completed' AND NOT deleted"""
_SALES = "SELECT id FROM stock_documents WHERE id = ANY(%s) AND kind = 'goods_issue' AND posted AND NOT deleted"
_ALLOCATIONS = msgspec.json.Decoder(list[Allocation]).decode
_LINES = msgspec.json.Decoder(tuple[Line, ...]).decode
_GOODS = msgspec.json.Decoder(tuple[GoodsLine, ...]).decode
_DISCOUNT = msgspec.json.Decoder(Discount | None).decode


def sums_of(conn: Connection[Any], keys: Iterable[CertifiedYear]) -> dict[CertifiedYear, YearSums]:
    """The sums of each of these, by few queries for all."""
    asked = list(dict.fromkeys(keys))
    payments, refunds, visits = _read(conn, {key.patient_id for key in asked})
    return {key: _sums(key, payments, refunds, visits) for key in asked}


def payers(conn: Connection[Any], patient_id: UUID, year: int) -> list[Payer]:
    """Everybody who paid for a patient in a year, by name."""
    payments, refunds, visits = _read(conn, {patient_id})
    keys = {CertifiedYear(one.payer_id, patient_id, year) for one in payments}
    found = {key.payer_id: sums for key in keys if (sums := _sums(key, payments, refunds, visits)) != NO_SUMS}
    rows = conn.execute("SELECT patient_id, name FROM patients WHERE patient_id = ANY(%s)", (list(found),))
    named = sorted((Ref(id_, name) for id_, name in rows.fetchall()), key=lambda ref: (ref.name.lower(), ref.id))
    return [Payer(ref, found[ref.id]) for ref in named]


class _VisitLines(msgspec.Struct, frozen=True):
    """A completed visit: code of each line, "" of goods, and what it comes to in kopecks."""

    codes: tuple[str, ...]
    kopecks: tuple[int, ...]


def _read(
    conn: Connection[Any], patient_ids: Iterable[UUID]
) -> tuple[Sequence[_Paid], Mapping[UUID, Sequence[_Refund]], Mapping[UUID, _VisitLines]]:
    cards = [row[0] for row in conn.execute(_CARDS, (list(patient_ids),)).fetchall()]
    payments = [
        _Paid(*row[:5], _ALLOCATIONS(row[5]), row[6])  # type: ignore[call-arg]  # as selected
        for row in conn.execute(_PAYMENTS, (cards,)).fetchall()
    ]
    refunds: dict[UUID, list[_Refund]] = {}
    for row in conn.execute(_REFUNDS, ([one.id for one in payments],)).fetchall():
        refunds.setdefault(row[1], []).append(_Refund(*row))
    charge_ids = {one.charge_id for payment in payments for one in payment.allocations}
    return payments, refunds, {**_visits(conn, charge_ids), **_sales(conn, charge_ids)}


def _sales(conn: Connection[Any], sale_ids: Iterable[UUID]) -> dict[UUID, _VisitLines]:
    """Goods sold without a visit: none of it is a medical service."""
    return {id_: _VisitLines(("",), (1,)) for (id_,) in conn.execute(_SALES, (list(sale_ids),)).fetchall()}


def _visits(conn: Connection[Any], visit_ids: Iterable[UUID]) -> dict[UUID, _VisitLines]:
    rows = [
        (row[0], _LINES(row[1]), _GOODS(row[2]), _DISCOUNT(row[3] or "null"))
        for row in conn.execute(_VISITS, (list(visit_ids),)).fetchall()
    ]
    unmarked = {line.service_id for _, lines, _, _ in rows for line in lines if not line.tax_code}
    present: dict[UUID, TaxCode] = dict(
        conn.execute("SELECT service_id, tax_code FROM services WHERE service_id = ANY(%s)", (list(unmarked),)).fetchall()
    )
    return {
        visit_id: _VisitLines(
            (*(line.tax_code or present.get(line.service_id, "1") for line in lines), *("" for _ in goods)),
            tuple(int(amount.net * 100) for amount in totals(lines, goods, discount).lines),
        )
        for visit_id, lines, goods, discount in rows
    }


def _sums(
    key: CertifiedYear,
    payments: Iterable[_Paid],
    refunds: Mapping[UUID, Sequence[_Refund]],
    visits: Mapping[UUID, _VisitLines],
) -> YearSums:
    first, end = datetime(key.year, 1, 1), datetime(key.year + 1, 1, 1)  # noqa: DTZ001  the clinic's wall clock
    paid: dict[UUID, Decimal] = {}
    lost: dict[UUID, Decimal] = {}
    rest = NOTHING
    for one in payments:
        if (one.payer_id, one.patient_id) != (key.payer_id, key.patient_id):
            continue
        returned = [] if one.by_certificate else refunds.get(one.id, ())
        if first <= one.moment < end:
            pays, left = _pays_for(one, [refund for refund in returned if refund.moment >= end], refunds.get(one.id, ()))
            rest += left
            _add(paid, pays)
        elif one.moment < first:
            for refund in returned:
                if first <= refund.moment < end:
                    _add(lost, _lost_by(one, refund))
    coming = sum((amount for visit_id, amount in paid.items() if visit_id not in visits), NOTHING)
    by_code = {"1": 0, "2": 0, "": 0}
    for sign, of_visits in ((1, paid), (-1, lost)):
        for visit_id, amount in of_visits.items():
            if visit_id in visits:
                for code, kopecks in _split(amount, visits[visit_id]):
                    by_code[code] += sign * kopecks
    code_1, code_2, goods = (Decimal(max(by_code[code], 0)).scaleb(-2).quantize(NOTHING) for code in ("1", "2", ""))
    return YearSums(code_1, code_2, rest + coming, goods)


def _pays_for(payment: _Paid, later: Sequence[_Refund], every: Sequence[_Refund]) -> tuple[dict[UUID, Decimal], Decimal]:
    """Visit → what the payment pays for it, as if refunds of later years hadn't been; and what pays for none."""
    pays: dict[UUID, Decimal] = {}
    for one in payment.allocations:
        pays[one.charge_id] = pays.get(one.charge_id, NOTHING) + one.sum
    for refund in later:
        _add(pays, _lost_by(payment, refund))
    gone = sum((refund.sum for refund in every if refund not in later), NOTHING)
    return pays, payment.sum - gone - sum(pays.values(), NOTHING)


def _lost_by(payment: _Paid, refund: _Refund) -> dict[UUID, Decimal]:
    """Charge → what it lost by a refund."""
    return taken_for(payment.allocations, refund.id, refund.sum, refund.moment)


def _split(amount: Decimal, visit: _VisitLines) -> Iterable[tuple[str, int]]:
    """Code → kopecks of what pays for a visit."""
    kopecks = int(amount * 100)
    if not sum(visit.kopecks) or kopecks <= 0:
        return ()
    return zip(visit.codes, shared(kopecks, visit.kopecks), strict=True)


def _add(sums: dict[UUID, Decimal], more: Mapping[UUID, Decimal]) -> None:
    for visit_id, amount in more.items():
        sums[visit_id] = sums.get(visit_id, NOTHING) + amount
