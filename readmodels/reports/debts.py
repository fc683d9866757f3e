"""Debts and prepayments of all patients at the end of a day, with the age of the debts (FIN-4).

By the rule of a patient's account (`readmodels/money/patient_accounts.py`); all cards of a person are one account. A debt is as
old as its visit.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import rubles
from readmodels.search_text import holds, readings

DebtsShown = Literal["debts", "prepaid", "all"]
DebtsSort = Literal["name", "-name", "debt", "-debt", "prepaid", "-prepaid", "oldest", "-oldest"]
AGES = (30, 90, 180)
"""Days that debts of the first three columns are old at most."""


Aged = tuple[Decimal, Decimal, Decimal, Decimal]
"""A debt by its age, in rubles: up to 30 days, 90, 180, and older."""


class Debtor(msgspec.Struct, frozen=True, gc=False):
    """A person with a debt or a prepayment, in rubles. `aged` sums up to `debt`; `oldest`: day of the oldest unpaid
    visit; `visits`: how many aren't paid.
    """

    id: UUID
    name: str
    card_number: str
    phone: str
    debt: Decimal
    aged: Aged
    oldest: date | None
    visits: int
    prepaid: Decimal


class DebtTotals(msgspec.Struct, frozen=True, gc=False):
    """Of everybody found, in rubles. `debtors`, `payers`: people with a debt, with a prepayment."""

    debtors: int
    payers: int
    debt: Decimal
    aged: Aged
    prepaid: Decimal


class Debts(msgspec.Struct, frozen=True):
    """A page of people."""

    items: list[Debtor]
    total: int
    totals: DebtTotals


_ORDERS: dict[DebtsSort, str] = {
    "name": "key",
    "-name": "key DESC",
    "debt": "debt",
    "-debt": "debt DESC",
    "prepaid": "prepaid",
    "-prepaid": "prepaid DESC",
    "oldest": "oldest NULLS LAST",
    "-oldest": "oldest DESC NULLS LAST",
}
_SHOWN: dict[DebtsShown, str] = {
    "debts": "a.debt > 0",
    "prepaid": "a.prepaid > 0",
    "all": "(a.debt > 0 OR a.prepaid <> 0)",
}
_AGED = "coalesce(sum(i.amount) FILTER (WHERE i.kind = 'debt' AND i.dated {}), 0)"
_PERSON = "SELECT coalesce(o.merged_into, o.patient_id) FROM patients o WHERE o.patient_id = "
_ACCOUNTS = f"""accounts AS (
  SELECT coalesce(o.merged_into, i.patient_id) AS person, {_AGED.format("IS NOT NULL")} AS debt,
    {_AGED.format(">= %(d30)s")} AS to_30, {_AGED.format("BETWEEN %(d90)s AND %(d31)s")} AS to_90,
    {_AGED.format("BETWEEN %(d180)s AND %(d91)s")} AS to_180, {_AGED.format("< %(d180)s")} AS older,
    min(i.dated) FILTER (WHERE i.kind = 'debt') AS oldest, count(*) FILTER (WHERE i.kind = 'debt') AS visits,
    coalesce(sum(i.amount) FILTER (WHERE i.kind = 'prepaid' OR i.kind = 'unspent'
      AND coalesce(o.merged_into, i.patient_id) = ({_PERSON} i.of_card)), 0) AS prepaid
  FROM account_items i LEFT JOIN patients o ON o.patient_id = i.patient_id
  WHERE i.until > %(day)s AND i.since <= %(day)s GROUP BY 1)"""


def report(
    conn: Connection[Any],
    day: date,
    *,
    query: str = "",
    shown: DebtsShown = "debts",
    sort: DebtsSort = "-debt",
    page: int = 1,
    size: int = 50,
) -> Debts:
    """People with a debt or a prepayment at the end of a day."""
    values: dict[str, Any] = {"day": day, "size": size, "skip": (page - 1) * size}
    for before in AGES:
        values |= {f"d{before}": day - timedelta(days=before), f"d{before + 1}": day - timedelta(days=before + 1)}
    ways = [f"({holds('p.search', way, values)})" for way in readings(query)]
    matching = f"AND ({' OR '.join(ways)})" if ways else ""
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in ("debt", "to_30", "to_90", "to_180", "older", "prepaid"))
    found = conn.execute(
        f"""WITH {_ACCOUNTS}, found AS MATERIALIZED (SELECT a.*, p.name, p.card_number, p.phone, p.name_key AS key
            FROM accounts a JOIN patients p ON p.patient_id = a.person WHERE {_SHOWN[shown]} {matching}),
          totals AS (SELECT count(*), count(*) FILTER (WHERE debt > 0), count(*) FILTER (WHERE prepaid > 0), {sums} FROM found)
          SELECT t.*, page.* FROM totals t LEFT JOIN (
            SELECT person, name, card_number, phone, debt, to_30, to_90, to_180, older, oldest, visits, prepaid
            FROM found ORDER BY {_ORDERS[sort]}, key, person LIMIT %(size)s OFFSET %(skip)s) page ON true""",
        values,
        prepare=False,
    ).fetchall()
    totals, rows = found[0][:9], [row[9:] for row in found if row[9] is not None]
    items = []
    for id_, name, card_number, phone, debt, to_30, to_90, to_180, older, oldest, visits, prepaid in rows:
        aged = (rubles(to_30), rubles(to_90), rubles(to_180), rubles(older))
        items.append(Debtor(id_, name, card_number, phone, rubles(debt), aged, oldest, visits, rubles(prepaid)))
    total, debtors, payers, debt, to_30, to_90, to_180, older, prepaid = totals
    aged = (rubles(to_30), rubles(to_90), rubles(to_180), rubles(older))
    return Debts(items, total, DebtTotals(debtors, payers, rubles(debt), aged, rubles(prepaid)))
