"""Settlements with employees: what was accrued, what was paid by outgoes, and what is owed, at the end of any day (FIN-2)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.people_names import BY_NAME, FULL_NAME

Shown = Literal["owing", "all"]
"""Employees who are owed something or were paid too much; all with accruals."""


class PaySettlement(msgspec.Struct, frozen=True, gc=False):
    """In rubles. `owed`: negative where more was paid than accrued."""

    id: UUID
    name: str
    deleted: bool
    accrued: Decimal
    paid: Decimal
    owed: Decimal


class PaySettlements(msgspec.Struct, frozen=True):
    """`owed`: to all together; `overpaid`: what was paid above what was accrued, as a positive sum."""

    items: list[PaySettlement]
    owed: Decimal
    overpaid: Decimal


class PaySettlementDocument(msgspec.Struct, frozen=True, gc=False):
    """An accrual or an outgo. `change`: of what is owed; `owed`: after it."""

    document_id: UUID
    kind: Literal["pay_accrual", "money_outgo"]
    title: str
    number: int
    moment: datetime
    change: Decimal
    owed: Decimal


class EmployeeSettlement(msgspec.Struct, frozen=True):
    """A page of the documents of a period, newest first. `opening`: what was owed before it."""

    employee: PaySettlement
    items: list[PaySettlementDocument]
    total: int
    opening: Decimal


_DOCUMENTS = """(
  SELECT employee_id AS party_id, id, 'pay_accrual' AS kind, 0 AS rank, number, day::timestamp AS moment, total AS change
  FROM pay_accruals WHERE posted AND NOT deleted
  UNION ALL
  SELECT party_id, id, 'money_outgo', 1, number, moment, -total FROM money_documents
  WHERE kind = 'money_outgo' AND NOT deleted AND card ->> 'accrual_id' IS NOT NULL
) AS m"""
_SUMS = """coalesce(sum(m.change) FILTER (WHERE m.rank = 0), 0.00), coalesce(-sum(m.change) FILTER (WHERE m.rank = 1), 0.00),
  coalesce(sum(m.change), 0.00)"""
_TITLES = {"pay_accrual": "Начисление ЗП", "money_outgo": "Расход средств"}
_NOTHING = Decimal("0.00")


def listing(conn: Connection[Any], end: datetime, *, shown: Shown = "owing") -> PaySettlements:
    """Settlements before the moment `end`, in alphabetical order."""
    having = "HAVING sum(m.change) <> 0" if shown == "owing" else ""
    rows = conn.execute(
        f"""SELECT e.employee_id, {FULL_NAME.format("e")}, e.deleted, {_SUMS} FROM {_DOCUMENTS}
          JOIN employees e ON e.employee_id = m.party_id WHERE m.moment < %s GROUP BY e.employee_id {having}
          ORDER BY {BY_NAME.format("e")}, e.employee_id""",
        (end,),
        prepare=False,
    ).fetchall()
    items = [PaySettlement(*row) for row in rows]
    owed = sum((one.owed for one in items if one.owed > 0), _NOTHING)
    return PaySettlements(items, owed, -sum((one.owed for one in items if one.owed < 0), _NOTHING))


def of_employee(
    conn: Connection[Any], employee_id: UUID, first: date | None, last: date, *, page: int = 1, size: int = 50
) -> EmployeeSettlement | None:
    """Settlements with one employee at the end of the day `last`, and the documents since the day `first`; None of one that
    nobody knows.
    """
    values = {
        "party": employee_id, "first": first or date(1, 1, 1), "end": last + timedelta(days=1), "size": size,
        "skip": (page - 1) * size,
    }  # fmt: skip
    row = conn.execute(
        f"""SELECT e.employee_id, {FULL_NAME.format("e")}, e.deleted, {_SUMS} FROM employees e LEFT JOIN {_DOCUMENTS}
            ON m.party_id = e.employee_id AND m.moment < %(end)s
          WHERE e.employee_id = %(party)s GROUP BY e.employee_id""",
        values,
        prepare=False,
    ).fetchone()
    if row is None:
        return None
    theirs = f"FROM {_DOCUMENTS} WHERE m.party_id = %(party)s AND m.moment < %(end)s"
    counted = conn.execute(
        f"""SELECT count(*) FILTER (WHERE m.moment >= %(first)s),
          coalesce(sum(m.change) FILTER (WHERE m.moment < %(first)s), 0.00) {theirs}""",
        values,
        prepare=False,
    ).fetchone() or (0, _NOTHING)
    documents = conn.execute(
        f"""SELECT b.id, b.kind, b.number, b.moment, b.change, b.owed FROM (
            SELECT m.id, m.kind, m.rank, m.number, m.moment, m.change,
              sum(m.change) OVER (ORDER BY m.moment, m.rank, m.number ROWS UNBOUNDED PRECEDING) AS owed {theirs}
          ) AS b WHERE b.moment >= %(first)s
          ORDER BY b.moment DESC, b.rank DESC, b.number DESC LIMIT %(size)s OFFSET %(skip)s""",
        values,
        prepare=False,
    ).fetchall()
    items = [PaySettlementDocument(id_, kind, _TITLES[kind], *rest) for id_, kind, *rest in documents]
    return EmployeeSettlement(PaySettlement(*row), items, counted[0], counted[1])
