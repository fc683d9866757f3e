"""The question before a stock falls below zero, where the clinic doesn't forbid it."""

import msgspec

from aggregates.catalogues import Goods, Warehouse
from aggregates.stock.shortage import Shortage
from aggregates.stock.stock_warnings import NamedShortage, StockShort
from commands.ports.clinic import Clinic
from commands.ports.stock import MovesStock


def shortage_warning(clinic: Clinic, document: MovesStock) -> StockShort | None:
    """What would be below zero if this was saved as it is now. Asked inside `Clinic.write_lock()`."""
    shortages = tuple(_named(clinic, one) for one in clinic.stock_ledger.shortages(document))
    return StockShort(shortages=shortages) if shortages else None


def _named(clinic: Clinic, short: Shortage) -> NamedShortage:
    goods, warehouse = clinic.cached(Goods, short.goods_id), clinic.cached(Warehouse, short.warehouse_id)
    return NamedShortage(**msgspec.structs.asdict(short), goods=goods.name, warehouse=warehouse.name)
