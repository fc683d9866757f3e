"""Stock as it was known at a past moment: what goods had then where documents were entered, changed or taken back since.

Computed by `projections/stock/known_stock.py`; laid over the present balances, which hold for all other goods.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Amount(msgspec.Struct, frozen=True):
    """Of one warehouse. `quantity`: in ten-thousandths of the unit in which stock is held; `value`: in kopecks."""

    quantity: int
    value: int


class KnownGoods(msgspec.Struct, frozen=True):
    """What there was of goods. `warehouses`: those in which something differs from the present, or moved after that."""

    total: Amount
    short: int
    warehouses: Mapping[UUID, Amount]


KnownStock = Mapping[UUID, KnownGoods]
"""Goods → what there was, of all goods that differ."""


class KnownEntry(msgspec.Struct, frozen=True):
    """A movement as it was known, with the columns of `StockEntry` that are shown. `kind`, `number`: of a document that came or
    changed since.
    """

    document_id: UUID
    line: int
    inward: bool
    goods_id: UUID
    warehouse_id: UUID
    moment: datetime
    rank: int
    place: int
    quantity: int
    value: int
    correction: int
    balance: int
    balance_value: int
    total: int
    total_value: int
    kind: str | None = None
    number: int | None = None


class KnownEntries(msgspec.Struct, frozen=True):
    """Movements of goods from the earliest difference on: before `moment`, `rank`, `place`, `line`, `inward` they are as now."""

    moment: datetime
    rank: int
    place: int
    line: int
    inward: bool
    entries: Sequence[KnownEntry]

    @property
    def values(self) -> dict[str, Any]:
        """Parameters of a query."""
        known = msgspec.json.encode(self.entries).decode()
        return {name: getattr(self, name) for name in ("moment", "rank", "place", "line", "inward")} | {"known": known}


KNOWN = """known AS MATERIALIZED (
  SELECT k.goods_id, k.quantity, k.value, k.missing
  FROM jsonb_to_recordset(%(known)s::jsonb) AS k(goods_id uuid, quantity numeric, value numeric, missing boolean))"""
"""SQL: the amounts of `amounts_of`."""


def amounts_of(known: KnownStock, warehouse_id: UUID | None) -> str:
    """JSON of one row for each goods that differs: in all warehouses together, or in one that differs too."""
    rows: list[dict[str, Any]] = []
    for goods_id, goods in known.items():
        amount = goods.total if warehouse_id is None else goods.warehouses.get(warehouse_id)
        if amount is not None:
            missing = goods.short > 0 if warehouse_id is None else amount.quantity < 0
            row = {"goods_id": goods_id, "quantity": amount.quantity, "value": amount.value, "missing": missing}
            rows.append(row)
    return msgspec.json.encode(rows).decode()
