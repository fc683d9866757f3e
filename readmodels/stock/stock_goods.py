"""Goods to write into lines of stock documents."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Goods
from readmodels.search_text import holds, readings

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


def found(conn: Connection[Any], query: str) -> list[StockGoods]:
    """The first active goods by name that contain the words of the query; all are found by an empty one."""
    values: dict[str, Any] = {"catalogue": Goods.TOPIC, "most": MOST_GOODS}
    ways = [f"({holds('g.search', way, values)})" for way in readings(query)]
    matching = f"AND ({' OR '.join(ways)})" if ways else ""
    ordered = f"""{_GOODS} AND NOT g.deleted {matching}
      ORDER BY translate(lower(g.name), 'ё', 'е') COLLATE "C", g.entry_id LIMIT %(most)s"""
    return [StockGoods(*row) for row in conn.execute(ordered, values, prepare=False).fetchall()]


def of_ids(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, StockGoods]:
    """Goods by their ids, deleted or not."""
    query = f"{_GOODS} AND g.entry_id = ANY(%(ids)s)"
    rows = conn.execute(query, {"catalogue": Goods.TOPIC, "ids": list(ids)}).fetchall()
    return {row[0]: StockGoods(*row) for row in rows}
