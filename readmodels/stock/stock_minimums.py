"""Minimums of stock, and what to buy by them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import rubles
from aggregates.stock.costing import WHOLE
from readmodels.stock.stock_balances import FOREVER, LAST, quantity
from readmodels.stock.stock_goods import StockGoods, of_ids
from readmodels.table import Table


class StockMinimumRow(msgspec.Struct, frozen=True):
    """`least`: whole ten-thousandths of the unit of write-off."""

    id: UUID
    goods_id: UUID
    warehouse_id: UUID
    least: int


TABLE = Table("stock_minimums", StockMinimumRow, key=("id",), indexes=("(goods_id)",))


class WarehouseMinimum(msgspec.Struct, frozen=True, gc=False):
    """What a warehouse has of goods, and what it has to keep (0: nothing). `deleted`: the warehouse is."""

    warehouse_id: UUID
    warehouse: str
    deleted: bool
    quantity: Decimal
    minimum: Decimal


class ToBuy(msgspec.Struct, frozen=True, gc=False):
    """Goods of which a warehouse has less than its minimum, in units of write-off.

    missing    up to the minimum.
    price      rubles for a unit of write-off at the last receipt from a supplier, rounded; None where there was none.
    sale_price the same for a unit of sale.
    sum        rubles for what is missing at that price.
    supplier   of that receipt; "" where there was none.
    """

    goods: StockGoods
    warehouse_id: UUID
    warehouse: str
    quantity: Decimal
    minimum: Decimal
    missing: Decimal
    price: Decimal | None
    sale_price: Decimal | None
    sum: Decimal | None
    supplier_id: UUID | None
    supplier: str


def of_goods(conn: Connection[Any], goods_id: UUID, end: datetime = FOREVER) -> list[WarehouseMinimum]:
    """Each warehouse that isn't deleted, or has or has to keep some of the goods; by name."""
    rows = conn.execute(
        f"""SELECT h.entry_id, h.name, h.deleted, coalesce(l.balance, 0), coalesce(m.least, 0)
        FROM catalogue g CROSS JOIN catalogue h LEFT JOIN LATERAL ({LAST}) l ON true
          LEFT JOIN stock_minimums m ON m.goods_id = g.entry_id AND m.warehouse_id = h.entry_id
        WHERE g.entry_id = %(goods_id)s AND h.catalogue = 'warehouse'
          AND (NOT h.deleted OR coalesce(l.balance, 0) <> 0 OR coalesce(m.least, 0) > 0)
        ORDER BY translate(lower(h.name), 'ё', 'е') COLLATE "C", h.entry_id""",
        {"goods_id": goods_id, "end": end},
    ).fetchall()
    return [WarehouseMinimum(id_, name, deleted, quantity(there), quantity(least)) for id_, name, deleted, there, least in rows]


def to_buy(conn: Connection[Any], warehouse_id: UUID | None = None, end: datetime = FOREVER) -> list[ToBuy]:
    """Active goods below the minimum of a warehouse (or of any), by supplier and name."""
    rows = conn.execute(
        f"""SELECT g.entry_id, h.entry_id, h.name, coalesce(l.balance, 0), m.least, r.last_sum, r.last_quantity,
          c.entry_id, coalesce(c.name, '')
        FROM stock_minimums m JOIN catalogue g ON g.entry_id = m.goods_id JOIN catalogue h ON h.entry_id = m.warehouse_id
          LEFT JOIN LATERAL ({LAST}) l ON true
          LEFT JOIN LATERAL (
            SELECT e.last_sum, e.last_quantity, d.counterparty_id
            FROM stock_entries e JOIN stock_documents d ON d.id = e.document_id
            WHERE e.goods_id = g.entry_id AND e.effect = 'receipt' AND d.counterparty_id IS NOT NULL
            ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC LIMIT 1
          ) r ON true
          LEFT JOIN catalogue c ON c.entry_id = r.counterparty_id
        WHERE m.least > coalesce(l.balance, 0) AND NOT g.deleted AND NOT h.deleted
          AND (%(warehouse)s::uuid IS NULL OR h.entry_id = %(warehouse)s)
        ORDER BY c.name NULLS LAST, translate(lower(g.name), 'ё', 'е') COLLATE "C", h.name, g.entry_id""",
        {"warehouse": warehouse_id, "end": end},
    ).fetchall()
    goods = of_ids(conn, {row[0] for row in rows})
    return [_to_buy(goods[goods_id], *row) for goods_id, *row in rows]


def _to_buy(
    goods: StockGoods,
    warehouse_id: UUID,
    warehouse: str,
    there: int,
    least: int,
    last_sum: int | None,
    last_quantity: int | None,
    supplier_id: UUID | None,
    supplier: str,
) -> ToBuy:
    def cost(amount: Decimal) -> Decimal | None:
        """Of so many ten-thousandths of a unit of write-off, as they cost the last time."""
        return rubles(round(amount * (last_sum or 0) / last_quantity)) if last_quantity else None

    return ToBuy(
        goods,
        warehouse_id,
        warehouse,
        quantity(there),
        quantity(least),
        quantity(least - there),
        cost(Decimal(WHOLE)),
        cost(Decimal(goods.factor) * WHOLE),
        cost(Decimal(least - there)),
        supplier_id,
        supplier,
    )
