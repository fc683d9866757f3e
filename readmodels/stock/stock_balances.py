"""What is in stock at any moment, and every movement of goods, over `stock_entries`.

Looking back by the moments of documents: a document entered late counts from its own moment on.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Goods
from aggregates.money.kopecks import rubles
from aggregates.stock.costing import WHOLE
from aggregates.values import KOPECK
from readmodels.search_text import holds, readings
from readmodels.stock.known_stock import KNOWN, Amount, KnownStock, amounts_of

Shown = Literal["present", "all", "missing"]
"""Goods of which something is there; all; goods below zero."""
Sort = Literal["name", "-name", "quantity", "-quantity", "value", "-value"]


class StockedGoods(msgspec.Struct, frozen=True, gc=False):
    """`unit`: in which stock is held."""

    id: UUID
    name: str
    article: str
    unit: str
    deleted: bool


class WarehouseBalance(msgspec.Struct, frozen=True, gc=False):
    """What one warehouse has. `value`: rubles."""

    id: UUID
    name: str
    quantity: Decimal
    value: Decimal


class GoodsBalance(msgspec.Struct, frozen=True, gc=False):
    """What there is of goods. `average`: rubles for one unit, rounded; None where nothing is there."""

    goods: StockedGoods
    quantity: Decimal
    value: Decimal
    average: Decimal | None
    warehouses: list[WarehouseBalance]


class Balances(msgspec.Struct, frozen=True):
    """A page; `total`: goods found; `value`: rubles of all of them."""

    items: list[GoodsBalance]
    total: int
    value: Decimal


GOODS = "g.entry_id, g.name, g.card ->> 'article', coalesce(w.name, s.name, ''), g.deleted"
UNITS = """LEFT JOIN catalogue s ON s.entry_id = (g.card ->> 'sale_unit')::uuid
  LEFT JOIN catalogue w ON w.entry_id = (g.card ->> 'write_off_unit')::uuid"""
LAST = """SELECT e.balance, e.balance_value FROM stock_entries e
  WHERE e.goods_id = g.entry_id AND e.warehouse_id = h.entry_id AND e.moment < %(end)s
  ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1"""
LAST_CHOSEN = """SELECT e.balance, e.balance_value, e.balance < 0 FROM stock_entries e
  WHERE e.goods_id = g.entry_id AND e.warehouse_id = %(warehouse)s AND e.moment < %(end)s
  ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1"""
LAST_OF_ALL = """SELECT e.total, e.total_value, e.short > 0 FROM stock_entries e
  WHERE e.goods_id = g.entry_id AND e.moment < %(end)s
  ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1"""
"""Of all warehouses together: one look for each goods, not one for each of its warehouses."""
_PRESENT = "LEFT JOIN LATERAL ({last}) b(quantity, value, missing) ON true"
_WITH = f"WITH {KNOWN}"
_AS_KNOWN = """LEFT JOIN known k ON k.goods_id = g.entry_id
  LEFT JOIN LATERAL ({last}) l(quantity, value, missing) ON k.goods_id IS NULL
  CROSS JOIN LATERAL (SELECT coalesce(k.quantity, l.quantity), coalesce(k.value, l.value), coalesce(k.missing, l.missing))
    b(quantity, value, missing)"""
_BY_NAME = """translate(lower(g.name), 'ё', 'е') COLLATE "C" """
_ORDERS: dict[Sort, str] = {
    "name": f"{_BY_NAME}, g.entry_id",
    "-name": f"{_BY_NAME} DESC, g.entry_id",
    "quantity": f"coalesce(b.quantity, 0), {_BY_NAME}, g.entry_id",
    "-quantity": f"coalesce(b.quantity, 0) DESC, {_BY_NAME}, g.entry_id",
    "value": f"coalesce(b.value, 0), {_BY_NAME}, g.entry_id",
    "-value": f"coalesce(b.value, 0) DESC, {_BY_NAME}, g.entry_id",
}
_SHOWN: dict[Shown, str] = {
    "present": "b.quantity <> 0 OR b.missing",
    "all": "b.quantity IS NOT NULL OR NOT g.deleted",
    "missing": "b.missing",
}
FOREVER = datetime(9999, 12, 31)  # noqa: DTZ001  the clinic's wall clock


def balances(
    conn: Connection[Any],
    *,
    end: datetime = FOREVER,
    warehouse_id: UUID | None = None,
    category_id: UUID | None = None,
    query: str = "",
    shown: Shown = "present",
    sort: Sort = "name",
    page: int = 1,
    size: int = 50,
    known: KnownStock | None = None,
) -> Balances:
    """What there is before the moment `end`, in one warehouse or in all of them together. `known`: what goods had instead, as it
    was known before. Names, units and categories are those of now.
    """
    values: dict[str, Any] = {
        "goods": Goods.TOPIC, "end": end, "warehouse": warehouse_id, "category": category_id and str(category_id), "size": size,
        "skip": (page - 1) * size, "known": amounts_of(known or {}, warehouse_id),
    }  # fmt: skip
    ways = [f"({holds('g.search', way, values)})" for way in readings(query)]
    conditions = ["g.catalogue = %(goods)s", f"({_SHOWN[shown]})"]
    conditions += [f"({' OR '.join(ways)})"] if ways else []
    conditions += ["g.card ->> 'category' = %(category)s"] if category_id else []
    joined = _AS_KNOWN if known else _PRESENT
    found = f"""FROM catalogue g {joined.format(last=LAST_CHOSEN if warehouse_id else LAST_OF_ALL)} {UNITS}
      WHERE {" AND ".join(conditions)}"""
    text = f"""{_WITH if known else ""}
      SELECT {GOODS}, coalesce(b.quantity, 0), coalesce(b.value, 0), count(*) OVER (), coalesce(sum(b.value) OVER (), 0)
      {found} ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"""
    rows = conn.execute(text, values, prepare=False).fetchall()
    if not rows and page > 1:
        counted = conn.execute(
            f"{_WITH if known else ''} SELECT count(*), coalesce(sum(b.value), 0) {found}", values, prepare=False
        ).fetchone() or (0, 0)
        return Balances([], counted[0], rubles(counted[1]))
    split = _by_warehouse(conn, [row[0] for row in rows], values, known or {})
    return Balances(
        [_balance(row, split.get(row[0], [])) for row in rows], *((rows[0][-2], rubles(rows[0][-1])) if rows else (0, rubles(0)))
    )


def _by_warehouse(
    conn: Connection[Any], goods_ids: Sequence[UUID], values: dict[str, Any], known: KnownStock
) -> dict[UUID, list[WarehouseBalance]]:
    """Goods → the warehouses that have some (or too little), by name."""
    rows = conn.execute(
        f"""SELECT g.entry_id, h.entry_id, h.name, l.balance, l.balance_value
        FROM catalogue g CROSS JOIN catalogue h LEFT JOIN LATERAL ({LAST}) l ON true
        WHERE g.entry_id = ANY(%(page)s) AND h.catalogue = 'warehouse' AND (l.balance <> 0 OR g.entry_id = ANY(%(differing)s))
          AND (%(warehouse)s::uuid IS NULL OR h.entry_id = %(warehouse)s) ORDER BY h.name, h.entry_id""",
        {**values, "page": goods_ids, "differing": list(known)},
    ).fetchall()
    found: dict[UUID, list[WarehouseBalance]] = {}
    for goods_id, id_, name, parts, value in rows:
        differing = known[goods_id].warehouses.get(id_) if goods_id in known else None
        amount = Amount(parts or 0, value or 0) if differing is None else differing
        if amount.quantity:
            shown = WarehouseBalance(id_, name, quantity(amount.quantity), rubles(amount.value))
            found.setdefault(goods_id, []).append(shown)
    return found


def _balance(row: Sequence[Any], warehouses: list[WarehouseBalance]) -> GoodsBalance:
    *goods, parts, value, _, _ = row
    there = quantity(parts)
    average = (rubles(value) / there).quantize(KOPECK, ROUND_HALF_UP) if parts > 0 else None
    return GoodsBalance(StockedGoods(*goods), there, rubles(value), average, warehouses)


def quantity(parts: int | Decimal) -> Decimal:
    """A quantity from ten-thousandths, without trailing zeros."""
    return Decimal(f"{(Decimal(parts) / WHOLE).normalize():f}")
