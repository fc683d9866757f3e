"""Every movement of stock with its cost and the balance after it: item cards, stock at any date.

Derived from the documents (`projections/stock/stock_costs.py`). Quantities are whole ten-thousandths of the unit in which the
goods are held, values whole kopecks; queries return decimals.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from readmodels.table import Table


class StockEntry(msgspec.Struct, frozen=True):
    """A movement.

    inward            the second half of a transfer, on the same line.
    stated, stated_value, origin  as the document says it (`aggregates.stock.costing.Movement`).
    batch, expires_on  of what is received.
    quantity, value, correction, balance, balance_value  what it came to (`aggregates.stock.costing.Cost`).
    last_sum, last_quantity  what the warehouse's last receipt of the goods was by then.
    total, total_value, short  what all warehouses had of the goods then, and how many of them less than nothing.
    received, received_value, corrected  all that came into the warehouse by then, and all corrections (`aggregates.stock.costing.
        Pool`): the turnover of a period is a difference of these, however many movements it has.
    """

    document_id: UUID
    line: int
    inward: bool
    goods_id: UUID
    warehouse_id: UUID
    moment: datetime
    rank: int
    place: int
    effect: str
    stated: int
    stated_value: int | None
    origin: UUID | None
    batch: str
    expires_on: date | None
    quantity: int
    value: int
    correction: int
    balance: int
    balance_value: int
    last_sum: int
    last_quantity: int
    total: int
    total_value: int
    short: int
    received: int
    received_value: int
    corrected: int


_VALUES = ("value", "correction", "balance_value", "last_sum", "total_value", "received_value", "corrected")
TABLE = Table(
    "stock_entries",
    StockEntry,
    key=("document_id", "line", "inward"),
    indexes=(
        "(goods_id, moment, rank, place, line, inward)",
        "(goods_id, warehouse_id, moment, rank, place, line, inward)",
        "(origin) where origin is not null",
        "(goods_id, origin) where origin is not null",
        "(expires_on) where expires_on is not null",
        "(moment)",
    ),
    # goods at absurd prices don't overflow
    types=dict.fromkeys(_VALUES, "numeric"),
    fillfactor=45,
)
