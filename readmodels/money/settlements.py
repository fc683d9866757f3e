"""Settlements with counterparties (FIN-9): what the clinic owes for goods, what it paid, and what it owes at any date.

Owed are posted receipts of goods less returns to the supplier; goods sold to a counterparty are owed by it, less what it brought
back, and what it pays for visits of patients. Outgoes to it pay, incomes from it are paid to the clinic. Looking back by the
moments of documents.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Counterparty
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from readmodels.money import invoices
from readmodels.money.invoices import UnpaidInvoice
from readmodels.search_text import holds, readings
from readmodels.words.stock_document import NAME

Shown = Literal["owing", "all"]
"""Counterparties with a debt or an advance; all with whom there was anything."""


class Settlement(msgspec.Struct, frozen=True, gc=False):
    """What there was with a counterparty until a date, in rubles.

    received  goods received less those returned; `sold`: goods sold to it less those brought back, and visits of patients.
    paid      outgoes to it; `got`: incomes from it.
    debt      what the clinic owes; negative: it owes the clinic, or has an advance.
    """

    id: UUID
    name: str
    deleted: bool
    received: Decimal
    sold: Decimal
    paid: Decimal
    got: Decimal
    debt: Decimal


class Settlements(msgspec.Struct, frozen=True):
    """`owed`: the debts of the clinic together; `advances`: what it has with others, as a positive sum."""

    items: list[Settlement]
    owed: Decimal
    advances: Decimal


class SettlementDocument(msgspec.Struct, frozen=True, gc=False):
    """A document. `title`: what its kind is called; `change`: of the debt; `debt`: after it."""

    document_id: UUID
    kind: str
    title: str
    number: int
    moment: datetime
    change: Decimal
    debt: Decimal


class PaidReceipt(msgspec.Struct, frozen=True, gc=False):
    """A posted receipt of goods. `name`: «№ 12 от 01.12.2026»; `due`: what it comes to; `paid`: by outgoes in effect."""

    id: UUID
    name: str
    moment: datetime
    suppliers_number: str
    due: Decimal
    paid: Decimal


class CounterpartySettlement(msgspec.Struct, frozen=True):
    """A page of the documents of a period, newest first. `opening`: the debt before it; `advance`: what was paid and isn't
    allocated to receipts; `unpaid`: receipts that aren't paid whole, the oldest first. `not_invoiced`: what it owes for patients
    and no invoice bills; `invoices`: those that aren't paid whole.
    """

    counterparty: Settlement
    items: list[SettlementDocument]
    total: int
    opening: Decimal
    advance: Decimal
    unpaid: list[PaidReceipt]
    not_invoiced: Decimal
    invoices: list[UnpaidInvoice]


_DOCUMENTS = """(
  SELECT d.counterparty_id AS party_id, d.id, d.kind, d.number, d.moment, d.total AS amount FROM stock_documents d
  WHERE d.kind IN ('stock_receipt', 'supplier_return', 'goods_issue') AND d.counterparty_id IS NOT NULL
    AND d.posted AND NOT d.deleted
  UNION ALL
  SELECT o.counterparty_id, d.id, d.kind, d.number, d.moment, d.total
  FROM stock_documents d JOIN stock_documents o ON o.id = d.origin_id
  WHERE d.kind = 'customer_return' AND o.counterparty_id IS NOT NULL AND d.posted AND NOT d.deleted
  UNION ALL
  SELECT d.party_id, d.id, d.kind, d.number, d.moment, d.total FROM money_documents d
  WHERE NOT d.deleted AND d.party_id IS NOT NULL AND d.card ->> 'counterparty_id' IS NOT NULL
  UNION ALL
  SELECT p.counterparty_id, p.id, p.kind, p.number, p.moment, p.sum FROM payments p
  WHERE p.counterparty_id IS NOT NULL AND p.desk_id IS NULL AND p.certificate_id IS NULL AND NOT p.deleted
  UNION ALL
  SELECT o.counterparty_id, p.id, p.kind, p.number, p.moment, p.sum FROM payments o JOIN payments p ON p.payment_id = o.id
  WHERE o.counterparty_id IS NOT NULL AND o.desk_id IS NULL AND o.certificate_id IS NULL AND NOT p.deleted
) AS m"""
"""What changes settlements, each with its counterparty."""
_SIGNED = (
    """CASE WHEN m.kind IN ('stock_receipt', 'customer_return', 'money_income', 'refund') THEN m.amount ELSE -m.amount END"""
)
_SUMS = f"""coalesce(sum(CASE m.kind WHEN 'stock_receipt' THEN m.amount WHEN 'supplier_return' THEN -m.amount END), 0.00),
  coalesce(sum(CASE WHEN m.kind IN ('goods_issue', 'payment') THEN m.amount
    WHEN m.kind IN ('customer_return', 'refund') THEN -m.amount END), 0.00),
  coalesce(sum(m.amount) FILTER (WHERE m.kind = 'money_outgo'), 0.00),
  coalesce(sum(m.amount) FILTER (WHERE m.kind = 'money_income'), 0.00), coalesce(sum({_SIGNED}), 0.00)"""
_TITLES = {Payment.TOPIC: "Оплата за пациента", Refund.TOPIC: "Возврат оплаты за пациента"}
_TITLES |= {kind.TOPIC: kind.ONE for kind in STOCK_DOCUMENTS} | {kind.TOPIC: kind.ONE for kind in MONEY_DOCUMENTS}
_NOTHING = Decimal("0.00")


def listing(conn: Connection[Any], end: datetime, *, query: str = "", shown: Shown = "owing") -> Settlements:
    """Settlements before the moment `end`, the largest debts first."""
    values: dict[str, Any] = {"end": end, "catalogue": Counterparty.TOPIC}
    ways = [f"({holds('c.search', way, values)})" for way in readings(query)]
    matching = f"AND ({' OR '.join(ways)})" if ways else ""
    having = f"HAVING sum({_SIGNED}) <> 0" if shown == "owing" else ""
    rows = conn.execute(
        f"""SELECT c.entry_id, c.name, c.deleted, {_SUMS} FROM {_DOCUMENTS} JOIN catalogue c ON c.entry_id = m.party_id
          WHERE c.catalogue = %(catalogue)s AND m.moment < %(end)s {matching} GROUP BY c.entry_id {having}
          ORDER BY sum({_SIGNED}) DESC, translate(lower(c.name), 'ё', 'е') COLLATE "C", c.entry_id""",
        values,
        prepare=False,
    ).fetchall()
    items = [Settlement(*row) for row in rows]
    owed = sum((one.debt for one in items if one.debt > 0), _NOTHING)
    return Settlements(items, owed, -sum((one.debt for one in items if one.debt < 0), _NOTHING))


def of_counterparty(
    conn: Connection[Any], counterparty_id: UUID, first: date | None, last: date, *, page: int = 1, size: int = 50
) -> CounterpartySettlement | None:
    """Settlements with one counterparty at the end of the day `last`, and the documents since the day `first`; None of one that
    nobody knows.
    """
    values = {
        "catalogue": Counterparty.TOPIC, "party": counterparty_id, "first": first or date(1, 1, 1),
        "end": last + timedelta(days=1), "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    row = conn.execute(
        f"""SELECT c.entry_id, c.name, c.deleted, {_SUMS} FROM catalogue c LEFT JOIN {_DOCUMENTS}
            ON m.party_id = c.entry_id AND m.moment < %(end)s
          WHERE c.catalogue = %(catalogue)s AND c.entry_id = %(party)s GROUP BY c.entry_id""",
        values,
        prepare=False,
    ).fetchone()
    if row is None:
        return None
    theirs = f"FROM {_DOCUMENTS} WHERE m.party_id = %(party)s AND m.moment < %(end)s"
    counted = conn.execute(
        f"""SELECT count(*) FILTER (WHERE m.moment >= %(first)s),
          coalesce(sum({_SIGNED}) FILTER (WHERE m.moment < %(first)s), 0.00) {theirs}""",
        values,
        prepare=False,
    ).fetchone() or (0, _NOTHING)
    documents = conn.execute(
        f"""SELECT b.id, b.kind, b.number, b.moment, b.change, b.debt FROM (
            SELECT m.id, m.kind, m.number, m.moment, {_SIGNED} AS change,
              sum({_SIGNED}) OVER (ORDER BY m.moment, m.kind, m.number ROWS UNBOUNDED PRECEDING) AS debt {theirs}
          ) AS b WHERE b.moment >= %(first)s
          ORDER BY b.moment DESC, b.kind DESC, b.number DESC LIMIT %(size)s OFFSET %(skip)s""",
        values,
        prepare=False,
    ).fetchall()
    settlement = Settlement(*row)
    allocated = conn.execute(
        """SELECT coalesce(sum((p ->> 'sum')::numeric), 0.00) FROM money_documents d
          CROSS JOIN LATERAL jsonb_array_elements(d.pays) AS p
          WHERE d.party_id = %(party)s AND d.kind = 'money_outgo' AND NOT d.deleted AND d.moment < %(end)s""",
        values,
    ).fetchone() or (_NOTHING,)
    owed = conn.execute(
        f"""SELECT coalesce(sum(-{_SIGNED}), 0.00) {theirs} AND m.kind IN ('payment', 'refund')""", values, prepare=False
    ).fetchone()
    return CounterpartySettlement(
        settlement,
        [SettlementDocument(id_, kind, _TITLES[kind], *rest) for id_, kind, *rest in documents],
        counted[0],
        counted[1],
        settlement.paid - allocated[0],
        unpaid(conn, counterparty_id, last),
        (owed[0] if owed else _NOTHING) - invoices.invoiced(conn, counterparty_id, last),
        invoices.unpaid(conn, counterparty_id, last),
    )


def unpaid(
    conn: Connection[Any], counterparty_id: UUID, last: date | None = None, *, except_outgo: UUID | None = None
) -> list[PaidReceipt]:
    """Posted receipts of a supplier until the day `last` that outgoes until then don't pay whole, the oldest first.

    `except_outgo`: an outgo whose payments don't count, since they are being written.
    """
    rows = conn.execute(
        f"""SELECT r.* FROM (
            SELECT d.id, {NAME}, d.moment, coalesce(d.card ->> 'suppliers_number', ''), d.total, coalesce((
              SELECT sum((p ->> 'sum')::numeric) FROM money_documents o CROSS JOIN LATERAL jsonb_array_elements(o.pays) AS p
              WHERE o.paid_ids @> ARRAY[d.id] AND (p ->> 'receipt_id')::uuid = d.id AND NOT o.deleted
                AND o.id IS DISTINCT FROM %(except)s::uuid AND (%(end)s::date IS NULL OR o.moment < %(end)s)), 0.00)
            FROM stock_documents d WHERE d.kind = 'stock_receipt' AND d.counterparty_id = %(party)s AND d.posted AND NOT d.deleted
              AND (%(end)s::date IS NULL OR d.moment < %(end)s)
          ) AS r(id, name, moment, suppliers_number, due, paid) WHERE r.paid < r.due ORDER BY r.moment, r.name, r.id LIMIT 500""",
        {"party": counterparty_id, "except": except_outgo, "end": last and last + timedelta(days=1)},
        prepare=False,
    ).fetchall()
    return [PaidReceipt(*row) for row in rows]
