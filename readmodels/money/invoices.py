"""Invoices to organisations, with what incomes pay of each; and what isn't billed yet (FIN-7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Counterparty
from aggregates.money.invoice import MOST_INVOICED, Invoice, InvoiceLine, InvoiceState
from readmodels.money.organisation_register import DESCRIBED, OWED
from readmodels.number_search import by_number_or_words, titled_number
from readmodels.references import Ref
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.table import Table
from readmodels.words.invoice import NAME
from readmodels.words.values import format_day, format_rubles


class InvoiceRow(msgspec.Struct, frozen=True):
    """An invoice. `search`: its comment, normalized."""

    id: UUID
    number: int
    counterparty_id: UUID
    first: date | None
    last: date
    issued_on: date
    act_on: date
    due_on: date | None
    comment: str
    lines: tuple[InvoiceLine, ...]
    total: Decimal
    search: str
    deleted: bool
    version: int


TABLE = Table(
    "invoices",
    InvoiceRow,
    key=("id",),
    indexes=("(issued_on, number)", "(counterparty_id, issued_on)", "(number)"),
)


class InvoiceItem(msgspec.Struct, frozen=True, gc=False):
    """An invoice in a list. `paid`: by incomes in effect; `deleted`: it is annulled."""

    id: UUID
    version: int
    number: int
    counterparty: Ref
    first: date | None
    last: date
    issued_on: date
    act_on: date
    due_on: date | None
    comment: str
    visits: int
    total: Decimal
    paid: Decimal
    state: InvoiceState
    deleted: bool


class InvoiceIncome(msgspec.Struct, frozen=True, gc=False):
    """What an income pays of an invoice."""

    id: UUID
    number: int
    day: date
    sum: Decimal


class InvoiceCard(msgspec.Struct, frozen=True):
    item: InvoiceItem
    lines: list[InvoiceLine]
    incomes: list[InvoiceIncome]


class Invoices(msgspec.Struct, frozen=True):
    """A page of a list, with how many were found, and what those in force come to and are paid of all pages."""

    items: list[InvoiceItem]
    total: int
    sum: Decimal
    paid: Decimal


class UnpaidInvoice(msgspec.Struct, frozen=True, gc=False):
    """An invoice in force that isn't paid whole. `name`: «№ 12 от 01.12.2026»; `age`: days since it was issued; `late`: days
    since it had to be paid, 0 if that isn't over.
    """

    id: UUID
    name: str
    due: Decimal
    paid: Decimal
    age: int
    late: int


class Uninvoiced(msgspec.Struct, frozen=True):
    """What an organisation owes and no invoice in force bills."""

    lines: list[InvoiceLine]
    sum: Decimal


_PAID = """coalesce((SELECT sum((p ->> 'sum')::numeric)
  FROM money_documents o CROSS JOIN LATERAL jsonb_array_elements(o.pays) AS p
  WHERE o.paid_ids @> ARRAY[{0}.id] AND (p ->> 'receipt_id')::uuid = {0}.id AND NOT o.deleted AND {1}), 0.00)"""
_ITEMS = f"""(SELECT i.*, c.name AS counterparty, {_PAID.format("i", "true")} AS paid
  FROM invoices i LEFT JOIN catalogue c ON c.entry_id = i.counterparty_id AND c.catalogue = '{Counterparty.TOPIC}') AS d"""
_STATE = """CASE WHEN d.deleted THEN 'annulled' WHEN d.paid >= d.total THEN 'paid' WHEN d.paid > 0 THEN 'partly_paid'
  ELSE 'issued' END"""
_COLUMNS = f"""d.id, d.version, d.number, d.counterparty_id, coalesce(d.counterparty, ''), d.first, d.last, d.issued_on, d.act_on,
  d.due_on, d.comment, jsonb_array_length(d.lines), d.total, d.paid, {_STATE}, d.deleted"""
_LINES = msgspec.json.Decoder(list[InvoiceLine]).decode
_NOTHING = Decimal("0.00")


def listing(
    conn: Connection[Any],
    *,
    query: str = "",
    counterparty_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    state: InvoiceState | None = None,
    deleted: bool = False,
    page: int = 1,
    size: int = 50,
) -> Invoices:
    """One page, the latest first. `deleted`: with annulled ones; `query`: a number, or words of the comment."""
    values: dict[str, Any] = {
        "party": counterparty_id, "first": first, "end": last and last + timedelta(days=1), "state": state, "size": size,
        "skip": (page - 1) * size,
    }  # fmt: skip
    matching = by_number_or_words(query, values, numbered="d.number = %(number)s", text="d.search")
    conditions = ["true" if deleted or state == "annulled" else "NOT d.deleted", matching] + [
        condition
        for condition, given in (
            ("d.counterparty_id = %(party)s", counterparty_id),
            ("d.issued_on >= %(first)s", first),
            ("d.issued_on < %(end)s", last),
            (f"{_STATE} = %(state)s", state),
        )
        if given is not None
    ]
    where = " AND ".join(conditions)
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM {_ITEMS} WHERE {where} ORDER BY d.issued_on DESC, d.number DESC LIMIT %(size)s OFFSET %(skip)s",
        values,
        prepare=False,
    ).fetchall()
    counted = conn.execute(
        f"""SELECT count(*), coalesce(sum(d.total) FILTER (WHERE NOT d.deleted), 0.00),
          coalesce(sum(d.paid) FILTER (WHERE NOT d.deleted), 0.00) FROM {_ITEMS} WHERE {where}""",
        values,
        prepare=False,
    ).fetchone() or (0, _NOTHING, _NOTHING)
    return Invoices([_item(row) for row in rows], *counted)


def get(conn: Connection[Any], invoice_id: UUID) -> InvoiceCard | None:
    """One invoice, annulled or not."""
    row = conn.execute(f"SELECT {_COLUMNS}, d.lines::text FROM {_ITEMS} WHERE d.id = %s", (invoice_id,)).fetchone()
    if row is None:
        return None
    incomes = conn.execute(
        """SELECT o.id, o.number, o.moment::date, (p ->> 'sum')::numeric FROM money_documents o
          CROSS JOIN LATERAL jsonb_array_elements(o.pays) AS p
          WHERE o.paid_ids @> ARRAY[%(id)s] AND (p ->> 'receipt_id')::uuid = %(id)s AND NOT o.deleted
          ORDER BY o.moment, o.number""",
        {"id": invoice_id},
    ).fetchall()
    return InvoiceCard(_item(row[:-1]), _LINES(row[-1]), [InvoiceIncome(*income) for income in incomes])


def uninvoiced(conn: Connection[Any], counterparty_id: UUID, first: date | None, last: date) -> Uninvoiced:
    """What an organisation owes by payments of a period and no invoice in force bills, in the order of visits: at most one line
    more than an invoice may hold.
    """
    values = {
        "party": counterparty_id, "first": first or date(1, 1, 1), "end": last + timedelta(days=1), "most": MOST_INVOICED + 1,
    }  # fmt: skip
    rows = conn.execute(
        f"""SELECT o.payment_id, o.visit_id, o.number, o.starts_at::date, {DESCRIBED[0]}, {DESCRIBED[1]}, o.sum
          FROM (SELECT r.*, r.owed - coalesce(b.sum, 0.00) AS sum FROM (
              SELECT p.id AS payment_id, p.number AS payment_number, v.visit_id, v.number, v.starts_at, v.patient_id, v.doctor_id,
                v.lines, v.goods, s.sum AS owed {OWED}) AS r
            LEFT JOIN (
              SELECT (l ->> 'payment_id')::uuid AS payment_id, (l ->> 'visit_id')::uuid AS visit_id,
                sum((l ->> 'sum')::numeric) AS sum
              FROM invoices i CROSS JOIN LATERAL jsonb_array_elements(i.lines) AS l
              WHERE i.counterparty_id = %(party)s AND NOT i.deleted GROUP BY 1, 2
            ) AS b ON b.payment_id = r.payment_id AND b.visit_id = r.visit_id
            WHERE r.owed > coalesce(b.sum, 0.00) ORDER BY r.starts_at, r.number, r.payment_number LIMIT %(most)s) AS o
          LEFT JOIN patients c ON c.patient_id = o.patient_id LEFT JOIN patients k ON k.patient_id = c.merged_into
          ORDER BY o.starts_at, o.number, o.payment_number""",
        values,
        prepare=False,
    ).fetchall()
    lines = [
        InvoiceLine(
            payment_id=payment_id, visit_id=visit_id, visit_number=number, day=day, patient_id=patient_id, patient=patient,
            card_number=card_number, services=services, sum=amount,
        )
        for payment_id, visit_id, number, day, patient_id, patient, card_number, services, amount in rows
    ]  # fmt: skip
    return Uninvoiced(lines, sum((line.sum for line in lines), _NOTHING))


def invoiced(conn: Connection[Any], counterparty_id: UUID, last: date) -> Decimal:
    """What invoices in force until the end of the day `last` come to."""
    row = conn.execute(
        "SELECT coalesce(sum(total), 0.00) FROM invoices WHERE counterparty_id = %s AND NOT deleted AND issued_on <= %s",
        (counterparty_id, last),
    ).fetchone()
    return row[0] if row else _NOTHING


def unpaid(conn: Connection[Any], counterparty_id: UUID, last: date, *, except_income: UUID | None = None) -> list[UnpaidInvoice]:
    """Invoices in force until the day `last` that incomes until then don't pay whole, the oldest first.

    `except_income`: one whose payments don't count, since they are being written.
    """
    paid = _PAID.format("i", "o.id IS DISTINCT FROM %(except)s::uuid AND o.moment < %(end)s")
    rows = conn.execute(
        f"""SELECT r.id, r.name, r.due, r.paid, %(last)s - r.issued_on, greatest(0, %(last)s - coalesce(r.due_on, %(last)s))
          FROM (SELECT i.id, {NAME} AS name, i.total AS due, {paid} AS paid, i.issued_on, i.due_on, i.number FROM invoices i
            WHERE i.counterparty_id = %(party)s AND NOT i.deleted AND i.issued_on <= %(last)s) AS r
          WHERE r.paid < r.due ORDER BY r.issued_on, r.number LIMIT 500""",
        {"party": counterparty_id, "except": except_income, "last": last, "end": last + timedelta(days=1)},
        prepare=False,
    ).fetchall()
    return [UnpaidInvoice(*row) for row in rows]


def _item(row: Any) -> InvoiceItem:
    id_, version, number, counterparty_id, counterparty, *rest = row
    return InvoiceItem(id_, version, number, Ref(counterparty_id, counterparty), *rest)


def _find(conn: Connection[Any], query: str, asker: Asker) -> list[Hit]:
    """«12», «№ 12», «счёт 12»."""
    del asker
    number = titled_number(query, "счёт")
    if number is None:
        return []
    rows = conn.execute(
        f"""SELECT d.id, d.number, d.issued_on, coalesce(d.counterparty, ''), d.total FROM {_ITEMS}
          WHERE d.number = %s AND NOT d.deleted LIMIT %s""",
        (number, MOST),
    ).fetchall()
    return [
        Hit(id_, f"Счёт № {number} от {format_day(day)}", f"{name}, {format_rubles(total)}")
        for id_, number, day, name, total in rows
    ]


SEARCHABLE = Searchable(Invoice.TOPIC, "Счета организациям", "invoices", ("invoices", "catalogue", "money_documents"), _find)
