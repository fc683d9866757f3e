"""The item card: every movement of goods with its cost, and what there was before and after a period; over `stock_entries`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Goods
from aggregates.money.kopecks import rubles
from readmodels.stock.known_stock import KnownEntries
from readmodels.stock.stock_balances import FOREVER, GOODS, UNITS, StockedGoods, quantity


class StockMovement(msgspec.Struct, frozen=True, gc=False):
    """A movement of goods.

    quantity, value  what it added; negative: took. `correction`: what of the value wasn't confirmed (goods that left before they
    came). balance, balance_value  of the warehouse afterwards.
    """

    document_id: UUID
    kind: str
    number: int
    line: int
    moment: datetime
    warehouse_id: UUID
    warehouse: str
    quantity: Decimal
    value: Decimal
    correction: Decimal
    balance: Decimal
    balance_value: Decimal


class GoodsMovements(msgspec.Struct, frozen=True):
    """A page of the movements of goods in a period, newest first. `opening`, `closing`: what there was before and after it, in
    the chosen warehouse or in all.
    """

    goods: StockedGoods
    items: list[StockMovement]
    total: int
    opening: Decimal
    closing: Decimal
    opening_value: Decimal
    closing_value: Decimal


_ORDER = "e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC"
_COLUMNS = """document_id, line, inward, goods_id, warehouse_id, moment, rank, place, quantity, value, correction,
  balance, balance_value, total, total_value"""
_KNOWN = f"""WITH entries AS MATERIALIZED (
  SELECT {_COLUMNS}, NULL::text AS kind, NULL::bigint AS number FROM stock_entries
    WHERE goods_id = %(goods_id)s
      AND (moment, rank, place, line, inward) < (%(moment)s, %(rank)s, %(place)s, %(line)s, %(inward)s)
  UNION ALL SELECT {_COLUMNS}, kind, number FROM jsonb_to_recordset(%(known)s::jsonb) AS k(
    document_id uuid, line int, inward bool, goods_id uuid, warehouse_id uuid, moment timestamp, rank int, place bigint,
    quantity numeric, value numeric, correction numeric, balance numeric, balance_value numeric, total numeric,
    total_value numeric, kind text, number bigint))"""
"""What was known, in the place of `stock_entries`. `kind`, `number`: of a document that changed since."""


def movements(
    conn: Connection[Any],
    goods_id: UUID,
    *,
    warehouse_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    now: datetime = FOREVER,
    page: int = 1,
    size: int = 50,
    known: KnownEntries | None = None,
) -> GoodsMovements | None:
    """None of goods that nobody knows. `now`: of when `closing` is where the period has no end. `known`: what there was instead
    from some movement on, as it was known before.
    """
    start = datetime.min if first is None else datetime.combine(first, datetime.min.time())  # noqa: DTZ901  the clinic's wall clock
    end = FOREVER if last is None else datetime.combine(last + timedelta(days=1), datetime.min.time())
    values: dict[str, Any] = {
        "goods_id": goods_id, "warehouse": warehouse_id, "start": start, "end": end, "size": size, "skip": (page - 1) * size,
        **(known.values if known else {}),
    }  # fmt: skip
    goods = conn.execute(
        f"SELECT {GOODS} FROM catalogue g {UNITS} WHERE g.entry_id = %s AND g.catalogue = %s", (goods_id, Goods.TOPIC)
    ).fetchone()
    if goods is None:
        return None
    source, kind, number = ("entries", "coalesce(e.kind, d.kind)", "coalesce(e.number, d.number)") if known else _STORED
    beginning = _KNOWN if known else ""
    where = "e.goods_id = %(goods_id)s AND e.moment >= %(start)s AND e.moment < %(end)s"
    where += " AND e.warehouse_id = %(warehouse)s" if warehouse_id else ""
    rows = conn.execute(
        f"""{beginning}
        SELECT e.document_id, {kind}, {number}, e.line, e.moment, e.warehouse_id, coalesce(h.name, ''), e.quantity,
          e.value, e.correction, e.balance, e.balance_value
        FROM {source} e LEFT JOIN stock_documents d ON d.id = e.document_id LEFT JOIN catalogue h ON h.entry_id = e.warehouse_id
        WHERE {where} ORDER BY {_ORDER} LIMIT %(size)s OFFSET %(skip)s""",
        values,
        prepare=False,
    ).fetchall()
    total = conn.execute(f"{beginning} SELECT count(*) FROM {source} e WHERE {where}", values, prepare=False).fetchone()
    there = "e.balance, e.balance_value" if warehouse_id else "e.total, e.total_value"
    before = f"""{beginning} SELECT {there} FROM {source} e WHERE e.goods_id = %(goods_id)s AND e.moment < %(end)s
      {"AND e.warehouse_id = %(warehouse)s" if warehouse_id else ""} ORDER BY {_ORDER} LIMIT 1"""
    opening, closing = (
        conn.execute(before, {**values, "end": moment}, prepare=False).fetchone() or (0, 0)
        for moment in (start, now if last is None else end)
    )
    return GoodsMovements(
        goods=StockedGoods(*goods),
        items=[_movement(row) for row in rows],
        total=total[0] if total else 0,
        opening=quantity(opening[0]),
        closing=quantity(closing[0]),
        opening_value=rubles(opening[1]),
        closing_value=rubles(closing[1]),
    )


_STORED = ("stock_entries", "d.kind", "d.number")


def _movement(row: Sequence[Any]) -> StockMovement:
    document_id, kind, number, line, moment, warehouse_id, warehouse, parts, value, correction, left, left_value = row
    return StockMovement(
        document_id=document_id,
        kind=kind,
        number=number,
        line=line,
        moment=moment,
        warehouse_id=warehouse_id,
        warehouse=warehouse,
        quantity=quantity(parts),
        value=rubles(value),
        correction=rubles(correction),
        balance=quantity(left),
        balance_value=rubles(left_value),
    )
