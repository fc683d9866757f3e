"""Book quantities: what a warehouse should have of each goods before an inventory, by all other documents."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import Goods
from aggregates.stock.costing import RANKS
from readmodels.stock.stock_balances import UNITS, quantity

LAST_PLACE = 2**62
"""Behind all documents of a moment, as one that is posted next."""


class BookQuantity(msgspec.Struct, frozen=True, gc=False):
    """Of goods that the warehouse has, or lacks. `quantity`: in the unit of write-off."""

    goods_id: UUID
    quantity: Decimal


class BookedGoods(msgspec.Struct, frozen=True, gc=False):
    """Goods with their book quantity. `unit`: of write-off."""

    id: UUID
    name: str
    article: str
    category: str
    unit: str
    quantity: Decimal


_BEFORE = """SELECT e.balance FROM stock_entries e
  WHERE e.goods_id = g.entry_id AND e.warehouse_id = %(warehouse)s
    AND (e.moment, e.rank, e.place) < (%(moment)s, %(rank)s, %(place)s)
  ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1"""


def book(conn: Connection[Any], warehouse_id: UUID, moment: datetime, document_id: UUID | None = None) -> list[BookQuantity]:
    """`document_id`: a count that was posted once has its place among those of its moment."""
    query = f"""SELECT g.entry_id, b.balance FROM catalogue g CROSS JOIN LATERAL ({_BEFORE}) b
      WHERE g.catalogue = %(goods)s AND b.balance <> 0 ORDER BY g.entry_id"""
    rows = conn.execute(query, _values(conn, warehouse_id, moment, document_id), prepare=False).fetchall()
    return [BookQuantity(goods_id, quantity(parts)) for goods_id, parts in rows]


def booked_goods(
    conn: Connection[Any], warehouse_id: UUID, moment: datetime, document_id: UUID | None = None
) -> list[BookedGoods]:
    """Active goods that the warehouse has or once had, and all of which it has some; by category and name."""
    query = f"""SELECT g.entry_id, g.name, g.card ->> 'article', coalesce(c.name, ''), coalesce(w.name, s.name, ''), b.balance
      FROM catalogue g CROSS JOIN LATERAL ({_BEFORE}) b {UNITS}
        LEFT JOIN catalogue c ON c.entry_id = (g.card ->> 'category')::uuid
      WHERE g.catalogue = %(goods)s AND (b.balance <> 0 OR NOT g.deleted)
      ORDER BY c.name NULLS LAST, translate(lower(g.name), 'ё', 'е') COLLATE "C", g.entry_id"""
    rows = conn.execute(query, _values(conn, warehouse_id, moment, document_id), prepare=False).fetchall()
    return [BookedGoods(*(*row[:-1], quantity(row[-1]))) for row in rows]


def _values(conn: Connection[Any], warehouse_id: UUID, moment: datetime, document_id: UUID | None) -> dict[str, Any]:
    found = conn.execute("SELECT place FROM stock_documents WHERE id = %s AND place > 0", (document_id,)).fetchone()
    place = found[0] if found else LAST_PLACE
    return {"goods": Goods.TOPIC, "warehouse": warehouse_id, "moment": moment, "rank": RANKS["count"], "place": place}
