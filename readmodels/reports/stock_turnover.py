"""Turnover of stock in a period (FIN-4): for each goods and warehouse what was there, came in, went out, and was left.

Differences of running totals of `stock_entries`: opening + in - out + corrections = closing, in quantity (without corrections)
and in value.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Goods
from aggregates.money.kopecks import rubles
from readmodels.references import Ref
from readmodels.reports.periods import Days, Step
from readmodels.search_text import holds, readings
from readmodels.stock.stock_balances import quantity


class StockAmount(msgspec.Struct, frozen=True, gc=False):
    """`value`: rubles. `quantity`: in the unit of write-off; null where different goods are added up."""

    quantity: Decimal | None
    value: Decimal


class TurnoverFigures(msgspec.Struct, frozen=True, gc=False):
    """`correction`: of the value alone, in rubles, where a receipt met less than nothing in stock."""

    opening: StockAmount
    incoming: StockAmount
    outgoing: StockAmount
    correction: Decimal
    closing: StockAmount


class Turnover(msgspec.Struct, frozen=True, gc=False):
    """Goods in a warehouse. `unit`: in which they are held."""

    goods: Ref
    unit: str
    warehouse: Ref
    figures: TurnoverFigures


class TurnoverPoint(msgspec.Struct, frozen=True, gc=False):
    """A bar of the charts, in rubles: what came in and went out from `day` on."""

    day: date
    incoming: Decimal
    outgoing: Decimal


class StockTurnover(msgspec.Struct, frozen=True):
    """A page by names of goods and warehouses. `points`: by `step`, where something moved."""

    items: list[Turnover]
    total: int
    sums: TurnoverFigures
    step: Step
    points: list[TurnoverPoint]


_LAST = """SELECT e.moment, e.balance, e.balance_value, e.received, e.received_value, e.corrected FROM stock_entries e
  WHERE e.goods_id = g.entry_id AND e.warehouse_id = h.entry_id AND e.moment < {}
  ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1"""
_FOUND = f"""WITH found AS (
    SELECT g.entry_id AS goods_id, g.name AS goods, coalesce(u.name, '') AS unit, h.entry_id AS warehouse_id, h.name AS warehouse,
      coalesce(o.balance, 0) AS opening, coalesce(o.balance_value, 0) AS opening_value,
      c.received - coalesce(o.received, 0) AS incoming, c.received_value - coalesce(o.received_value, 0) AS incoming_value,
      coalesce(o.corrected, 0) - c.corrected AS correction, c.balance AS closing, c.balance_value AS closing_value
    FROM catalogue g CROSS JOIN catalogue h CROSS JOIN LATERAL ({_LAST.format("%(end)s")}) c
      LEFT JOIN LATERAL ({_LAST.format("%(start)s")}) o ON true
      LEFT JOIN catalogue u ON u.entry_id = coalesce(nullif(g.card ->> 'write_off_unit', ''), g.card ->> 'sale_unit')::uuid
    WHERE g.catalogue = %(goods)s AND h.catalogue = 'warehouse' {{conditions}}
      AND (c.moment >= %(start)s OR o.balance <> 0 OR o.balance_value <> 0 OR c.balance <> 0 OR c.balance_value <> 0)),
  figures AS (
    SELECT found.*, opening + incoming - closing AS outgoing,
      opening_value + incoming_value + correction - closing_value AS outgoing_value FROM found)"""
"""What went out is what isn't there any more of what was there and came in."""
_POINTS = """SELECT greatest(date_trunc(%(step)s, e.moment)::date, %(first)s),
    coalesce(sum(e.value) FILTER (WHERE e.value > 0), 0), coalesce(-sum(e.value) FILTER (WHERE e.value < 0), 0)
  FROM stock_entries e JOIN catalogue g ON g.entry_id = e.goods_id JOIN catalogue h ON h.entry_id = e.warehouse_id
  WHERE e.moment >= %(start)s AND e.moment < %(end)s {conditions} GROUP BY 1 ORDER BY 1"""
_VALUES = ("opening_value", "incoming_value", "outgoing_value", "correction", "closing_value")
_BY_NAME = """translate(lower({}), 'ё', 'е') COLLATE "C" """


def report(
    conn: Connection[Any],
    days: Days,
    *,
    warehouse_id: UUID | None = None,
    query: str = "",
    page: int = 1,
    size: int = 50,
) -> StockTurnover:
    """The turnover of a period, in one warehouse or in each."""
    values: dict[str, Any] = {**days.values, "goods": Goods.TOPIC, "size": size, "skip": (page - 1) * size}
    ways = [f"({holds('g.search', way, values)})" for way in readings(query)]
    conditions = f"AND ({' OR '.join(ways)})" if ways else ""
    if warehouse_id is not None:
        conditions += " AND h.entry_id = %(warehouse)s"
        values["warehouse"] = warehouse_id
    sums = ", ".join(f"coalesce(sum({name}) OVER (), 0)" for name in _VALUES)
    rows = conn.execute(
        f"""{_FOUND.format(conditions=conditions)} SELECT count(*) OVER (), {sums},
          goods_id, goods, unit, warehouse_id, warehouse, opening, opening_value, incoming, incoming_value,
          outgoing, outgoing_value, correction, closing, closing_value
          FROM figures ORDER BY {_BY_NAME.format("goods")}, goods_id, {_BY_NAME.format("warehouse")}, warehouse_id
          LIMIT %(size)s OFFSET %(skip)s""",
        values,
        prepare=False,
    ).fetchall()
    if not rows and page > 1:
        first = report(conn, days, warehouse_id=warehouse_id, query=query, size=1)
        return StockTurnover([], first.total, first.sums, first.step, first.points)
    items = [_turnover(*row[6:]) for row in rows]
    total, *summed = rows[0][:6] if rows else (0,) * 6
    opening, incoming, outgoing, correction, closing = (rubles(one) for one in summed)
    figures = TurnoverFigures(
        StockAmount(None, opening), StockAmount(None, incoming), StockAmount(None, outgoing), correction,
        StockAmount(None, closing),
    )  # fmt: skip
    values["step"] = days.step
    moved = conn.execute(_POINTS.format(conditions=conditions), values, prepare=False).fetchall()
    points = [TurnoverPoint(day, rubles(came), rubles(went)) for day, came, went in moved]
    return StockTurnover(items, total, figures, days.step, points)


def _turnover(goods_id: UUID, goods: str, unit: str, warehouse_id: UUID, warehouse: str, *figures: int) -> Turnover:
    opening, opening_value, incoming, incoming_value, outgoing, outgoing_value, correction, closing, closing_value = figures
    found = TurnoverFigures(
        StockAmount(quantity(opening), rubles(opening_value)),
        StockAmount(quantity(incoming), rubles(incoming_value)),
        StockAmount(quantity(outgoing), rubles(outgoing_value)),
        rubles(correction),
        StockAmount(quantity(closing), rubles(closing_value)),
    )
    return Turnover(Ref(goods_id, goods), unit, Ref(warehouse_id, warehouse), found)
