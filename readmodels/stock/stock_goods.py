"""Goods to write into lines of stock documents."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogue import name_key
from aggregates.catalogues import Goods
from readmodels.search_text import holds, readings
from readmodels.stock.stock_balances import FOREVER, LAST_CHOSEN, quantity

MOST_GOODS = 20
"""Most results of a search."""


class StockGoods(msgspec.Struct, frozen=True, gc=False):
    """Goods with what a line needs of them.

    sale_unit       name of the unit in which they are sold.
    write_off_unit  name of the unit in which stock is held; "": the unit of sale.
    factor          units of write-off in a unit of sale, decimal text.
    price           of a unit of sale, in rubles.
    """

    id: UUID
    name: str
    article: str
    category: str
    sale_unit: str
    write_off_unit: str
    factor: str
    price: Decimal
    deleted: bool


_GOODS = """SELECT g.entry_id, g.name, g.card ->> 'article', coalesce(c.name, ''), coalesce(s.name, ''), coalesce(w.name, ''),
    g.card ->> 'factor', (g.card ->> 'price')::numeric, g.deleted
  FROM catalogue g
    LEFT JOIN catalogue c ON c.entry_id = (g.card ->> 'category')::uuid
    LEFT JOIN catalogue s ON s.entry_id = (g.card ->> 'sale_unit')::uuid
    LEFT JOIN catalogue w ON w.entry_id = (g.card ->> 'write_off_unit')::uuid
  WHERE g.catalogue = %(catalogue)s"""


class ChosenGoods(StockGoods, frozen=True, gc=False):
    """Goods to choose from. `balance`: what the warehouse has, in the unit of write-off; None where none is asked about."""

    balance: Decimal | None


_THERE = f"""SELECT g.entry_id, l.parts FROM catalogue g CROSS JOIN LATERAL ({LAST_CHOSEN}) l(parts)
  WHERE g.entry_id = ANY(%(goods)s)"""
NOTHING = Decimal(0)


def found(conn: Connection[Any], query: str, warehouse_id: UUID | None = None, end: datetime = FOREVER) -> list[ChosenGoods]:
    """The first active goods by name that contain the words of the query; all are found by an empty one. With what there is in
    the warehouse before the moment `end`.
    """
    values: dict[str, Any] = {"catalogue": Goods.TOPIC, "most": MOST_GOODS, "warehouse": warehouse_id, "end": end}
    ways = [f"({holds('g.search', way, values)})" for way in readings(query)]
    matching = f"AND ({' OR '.join(ways)})" if ways else ""
    ordered = f"""{_GOODS} AND NOT g.deleted {matching}
      ORDER BY translate(lower(g.name), 'ё', 'е') COLLATE "C", g.entry_id LIMIT %(most)s"""
    rows = conn.execute(ordered, values, prepare=False).fetchall()
    values["goods"] = [row[0] for row in rows]
    there = conn.execute(_THERE, values).fetchall() if warehouse_id else []
    balances = {goods_id: quantity(parts) for goods_id, parts in there}
    return [ChosenGoods(*(*row, balances.get(row[0], NOTHING) if warehouse_id else None)) for row in rows]


def every(conn: Connection[Any]) -> list[StockGoods]:
    """All active goods."""
    rows = conn.execute(f"{_GOODS} AND NOT g.deleted ORDER BY g.entry_id", {"catalogue": Goods.TOPIC}).fetchall()
    return [StockGoods(*row) for row in rows]


def of_ids(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, StockGoods]:
    """Goods by their ids, deleted or not."""
    query = f"{_GOODS} AND g.entry_id = ANY(%(ids)s)"
    rows = conn.execute(query, {"catalogue": Goods.TOPIC, "ids": list(ids)}).fetchall()
    return {row[0]: StockGoods(*row) for row in rows}


def by_name(conn: Connection[Any], names: Iterable[str]) -> dict[str, UUID]:
    """Active goods with one of these names: `name_key` → id; of several the first."""
    keys = {name_key(name) for name in names}
    query = "SELECT name, entry_id FROM catalogue WHERE catalogue = %s AND NOT deleted ORDER BY entry_id DESC"
    rows = conn.execute(query, (Goods.TOPIC,)).fetchall()
    return {key: goods_id for name, goods_id in rows if (key := name_key(name)) in keys}
