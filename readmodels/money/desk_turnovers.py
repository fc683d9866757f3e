"""What each cash desk moved on each day: balances of desks at any date, and a desk's card (FIN-1).

Derived from the documents (`projections/money/desk_turnovers.py`): a balance is the sum of some hundred days, however many
documents there are, and a late document changes its own day alone.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import CashDesk
from aggregates.money.desk_days import DayTurnover
from aggregates.money.desk_kind import DESK_KINDS, DeskKind
from readmodels.money import patients_money
from readmodels.people_names import FULL_NAME
from readmodels.table import Table


class DeskTurnoverRow(msgspec.Struct, frozen=True):
    """A day of a desk, in rubles; none of a day without documents in effect."""

    desk_id: UUID
    day: date
    income: Decimal
    outgo: Decimal
    transfer_in: Decimal
    transfer_out: Decimal


TABLE = Table("desk_turnovers", DeskTurnoverRow, key=("desk_id", "day"))


class DeskBalance(msgspec.Struct, frozen=True, gc=False):
    """A desk at a date, in rubles. `kind_title`: «Наличные»; `day`: its turnover then; `closed_on`: its last closed day."""

    id: UUID
    name: str
    kind: DeskKind
    kind_title: str
    deleted: bool
    balance: Decimal
    day: DayTurnover
    closed_on: date | None


class DeskMovement(msgspec.Struct, frozen=True, gc=False):
    """What a document moved in a desk.

    title       «Приход средств № 3», «Оплата № 12», «Сертификат № А-17».
    about       who paid or got the money, or the other desk; `articles`: their names.
    sum         rubles, negative out; `balance`: afterwards.
    patient_id  the card of a patient who paid or got the money.
    """

    document_id: UUID
    kind: str
    title: str
    number: int
    moment: datetime
    about: str
    articles: list[str]
    comment: str
    sum: Decimal
    balance: Decimal
    patient_id: UUID | None


class DeskCard(msgspec.Struct, frozen=True):
    """A page of a desk's movements in a period, newest first. `opening`, `closing`: what it had before and after the period."""

    desk: DeskBalance
    items: list[DeskMovement]
    total: int
    opening: Decimal
    closing: Decimal
    income: Decimal
    outgo: Decimal
    transfer_in: Decimal
    transfer_out: Decimal


_NOTHING = Decimal("0.00")
_CHANGE = "t.income - t.outgo + t.transfer_in - t.transfer_out"
_DESK = f"""SELECT c.entry_id, c.name, coalesce(c.card ->> 'kind', 'cash'), c.deleted,
    coalesce((SELECT sum({_CHANGE}) FROM desk_turnovers t WHERE t.desk_id = c.entry_id AND t.day <= %(day)s), 0.00),
    coalesce((SELECT sum({_CHANGE}) FROM desk_turnovers t WHERE t.desk_id = c.entry_id AND t.day < %(day)s), 0.00),
    coalesce(d.income, 0.00), coalesce(d.outgo, 0.00), coalesce(d.transfer_in, 0.00), coalesce(d.transfer_out, 0.00),
    (SELECT max(e.day) FROM closed_days e WHERE e.desk_id = c.entry_id AND NOT e.reopened)
  FROM catalogue c LEFT JOIN desk_turnovers d ON d.desk_id = c.entry_id AND d.day = %(day)s
  WHERE c.catalogue = %(catalogue)s"""


def balances(conn: Connection[Any], day: date) -> list[DeskBalance]:
    """Each desk at the end of a day, by name; of deleted ones those that have something."""
    query = f"""SELECT * FROM ({_DESK}) AS b(id, name, kind, deleted, balance) WHERE NOT b.deleted OR b.balance <> 0
      ORDER BY translate(lower(b.name), 'ё', 'е') COLLATE "C", b.id"""
    return [_balance(row) for row in conn.execute(query, {"day": day, "catalogue": CashDesk.TOPIC}).fetchall()]


def balance(conn: Connection[Any], desk_id: UUID, day: date) -> DeskBalance | None:
    """One desk at the end of a day, deleted or not; None of one that nobody knows."""
    values = {"day": day, "catalogue": CashDesk.TOPIC, "desk": desk_id}
    row = conn.execute(f"{_DESK} AND c.entry_id = %(desk)s", values).fetchone()
    return None if row is None else _balance(row)


def turnover(conn: Connection[Any], desk_id: UUID, day: date) -> DayTurnover:
    """A desk's day."""
    found = balance(conn, desk_id, day)
    return DayTurnover() if found is None else found.day


_MOVES = """SELECT d.id, d.kind, d.number, d.moment, d.place, d.party_id, d.article_ids, d.card ->> 'comment' AS comment,
    d.to_desk_id AS other_id, CASE d.flow WHEN 'income' THEN 0 WHEN 'transfer' THEN 1 ELSE 2 END AS rank,
    CASE d.flow WHEN 'income' THEN d.total ELSE -d.total END AS change
  FROM money_documents d WHERE d.desk_id = %(desk)s AND NOT d.deleted AND d.moment >= {start} AND d.moment < {end}
  UNION ALL
  SELECT d.id, d.kind, d.number, d.moment, d.place, NULL, d.article_ids, d.card ->> 'comment', d.desk_id, 1, d.total
  FROM money_documents d WHERE d.to_desk_id = %(desk)s AND NOT d.deleted AND d.moment >= {start} AND d.moment < {end}"""
"""The documents of a desk, as they are sorted by the guard (`gateways/guards/cash.py`)."""


def card(
    conn: Connection[Any],
    desk_id: UUID,
    first: date,
    last: date,
    *,
    page: int = 1,
    size: int = 50,
) -> DeskCard | None:
    """A desk's movements on the days `first`…`last`; None of a desk that nobody knows."""
    desk = balance(conn, desk_id, last)
    if desk is None:
        return None
    values: dict[str, Any] = {
        "desk": desk_id, "first": first, "end": last + timedelta(days=1), "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    sums = (
        conn.execute(
            f"""SELECT coalesce(sum({_CHANGE}) FILTER (WHERE t.day < %(first)s), 0.00), {
                ", ".join(
                    f"coalesce(sum(t.{name}) FILTER (WHERE t.day >= %(first)s), 0.00)"
                    for name in ("income", "outgo", "transfer_in", "transfer_out")
                )
            } FROM desk_turnovers t WHERE t.desk_id = %(desk)s AND t.day < %(end)s""",
            values,
        ).fetchone()
        or (_NOTHING,) * 5
    )
    moves = _MOVES.format(start="%(first)s", end="%(end)s")
    total = conn.execute(f"SELECT count(*) FROM ({moves}) AS m", values, prepare=False).fetchone()
    rows = conn.execute(
        f"""SELECT m.id, m.kind, m.number, m.moment, m.rank, m.place FROM ({moves}) AS m
          ORDER BY m.moment DESC, m.rank DESC, m.place DESC LIMIT %(size)s OFFSET %(skip)s""",
        values,
        prepare=False,
    ).fetchall()
    items = _with_balances(conn, desk_id, rows) if rows else []
    return DeskCard(desk, items, total[0] if total else 0, sums[0], desk.balance, *sums[1:])


def _with_balances(conn: Connection[Any], desk_id: UUID, rows: Sequence[Sequence[Any]]) -> list[DeskMovement]:
    """These rows, whose days alone are added up."""
    newest, oldest = rows[0][3].date(), rows[-1][3].date()
    moves = _MOVES.format(start="%(oldest)s", end="%(after)s")
    found = conn.execute(
        f"""SELECT b.id, b.kind, b.number, b.moment, coalesce(p.name, k.name, nullif({FULL_NAME.format("s")}, ''), ''),
          ARRAY(SELECT a.name FROM unnest(b.article_ids) WITH ORDINALITY AS o(id, n)
            JOIN articles a ON a.article_id = o.id ORDER BY o.n), b.comment, b.change, b.balance, p.id
        FROM (
          SELECT m.*, coalesce((
              SELECT sum({_CHANGE}) FROM desk_turnovers t WHERE t.desk_id = %(desk)s AND t.day < %(oldest)s), 0.00)
            + sum(m.change) OVER (ORDER BY m.moment, m.rank, m.place ROWS UNBOUNDED PRECEDING) AS balance
          FROM ({moves}) AS m
        ) AS b LEFT JOIN catalogue k ON k.entry_id = coalesce(b.party_id, b.other_id)
          LEFT JOIN employees s ON s.employee_id = b.party_id
          LEFT JOIN LATERAL (
            SELECT coalesce(i.name, o.name) AS name, coalesce(i.patient_id, o.patient_id) AS id
            FROM patients o LEFT JOIN patients i ON i.patient_id = o.merged_into
            WHERE o.patient_id = b.party_id LIMIT 1
          ) p ON true
        WHERE b.id = ANY(%(ids)s) ORDER BY b.moment DESC, b.rank DESC, b.place DESC""",
        {"desk": desk_id, "oldest": oldest, "after": newest + timedelta(days=1), "ids": [row[0] for row in rows]},
        prepare=False,
    ).fetchall()
    return [
        DeskMovement(id_, kind, patients_money.title_of(kind, number, comment), number, moment, about, articles, comment, *rest)
        for id_, kind, number, moment, about, articles, comment, *rest in found
    ]


def _balance(row: Sequence[Any]) -> DeskBalance:
    id_, name, kind, deleted, there, opening, *moved, closed_on = row
    return DeskBalance(id_, name, kind, DESK_KINDS[kind], deleted, there, DayTurnover(opening, *moved), closed_on)
