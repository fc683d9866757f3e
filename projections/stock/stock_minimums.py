"""Minimums of stock."""

from aggregates.stock.costing import WHOLE
from aggregates.stock.stock_minimum import StockMinimum
from projections.audience import Audience
from projections.declaration import Own, Projection
from readmodels.stock.stock_minimums import TABLE, StockMinimumRow


def _set(_: StockMinimumRow | None, event: StockMinimum.Set) -> StockMinimumRow:
    return StockMinimumRow(event.originator_id, event.goods_id, event.warehouse_id, int(event.new * WHOLE))


MINIMUMS = Projection(
    "stock_minimums",
    TABLE,
    revision=1,
    audience=Audience("stock_balances"),
    handlers={StockMinimum.Set: Own(_set)},
    one_stream=True,
)
