"""Batches with expiry dates: what is left of them, and which expire soon.

Documents say of what batch goods came in, not of which they went out. So what leaves is taken to be what expires first, wherever
it lies: the batches that expire last are what there still is.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.stock.stock_balances import FOREVER, GOODS, LAST, UNITS, StockedGoods, quantity


class ExpiringBatch(msgspec.Struct, frozen=True, gc=False):
    """What is left of a batch. `document_id`, `kind`, `number`: by which it came in."""

    goods: StockedGoods
    batch: str
    expires_on: date
    left: Decimal
    document_id: UUID
    kind: str
    number: int


def expiring(conn: Connection[Any], until: date, end: datetime = FOREVER) -> list[ExpiringBatch]:
    """Batches of which something is left and that expire by this day, or have expired; the earliest first."""
    rows = conn.execute(
        f"""WITH there AS (
          SELECT g.entry_id AS goods_id, sum(l.balance) AS balance
          FROM catalogue g CROSS JOIN catalogue h CROSS JOIN LATERAL ({LAST}) l
          WHERE g.catalogue = 'goods' AND h.catalogue = 'warehouse'
            AND EXISTS (SELECT FROM stock_entries e WHERE e.goods_id = g.entry_id AND e.expires_on <= %(until)s)
          GROUP BY g.entry_id HAVING sum(l.balance) > 0
        ), batches AS (
          SELECT e.*, t.balance AS of_goods, sum(e.quantity) OVER (
            PARTITION BY e.goods_id ORDER BY e.expires_on DESC NULLS FIRST, e.moment DESC, e.place DESC, e.line DESC
            ROWS UNBOUNDED PRECEDING) AS with_later
          FROM there t JOIN stock_entries e USING (goods_id) WHERE e.effect = 'receipt'
        )
        SELECT {GOODS}, b.batch, b.expires_on, least(b.quantity, b.of_goods - b.with_later + b.quantity), b.document_id, d.kind,
          d.number
        FROM batches b JOIN catalogue g ON g.entry_id = b.goods_id {UNITS} JOIN stock_documents d ON d.id = b.document_id
        WHERE b.expires_on <= %(until)s AND b.with_later - b.quantity < b.of_goods
        ORDER BY b.expires_on, g.name, b.document_id, b.line""",
        {"until": until, "end": end},
    ).fetchall()
    return [ExpiringBatch(StockedGoods(*row[:5]), row[5], row[6], quantity(row[7]), *row[8:]) for row in rows]
