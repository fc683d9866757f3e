"""Commands of minimums of stock."""

from decimal import Decimal
from uuid import UUID

from aggregates.catalogues import Goods, Warehouse
from aggregates.stock.stock_minimum import StockMinimum, minimum_id
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.references import newly_chosen
from commands.retry import retried


@retried
def set_minimum(clinic: Clinic, ctx: Context, goods_id: UUID, warehouse_id: UUID, quantity: Decimal) -> Receipt:
    """`quantity`: in the unit of write-off; 0 for none. EntryDeleted, AggregateNotFound (of goods or warehouse), WrongValue."""
    relied = newly_chosen(clinic, [(Goods, goods_id), (Warehouse, warehouse_id)])
    id_ = minimum_id(goods_id, warehouse_id)
    try:
        minimum = clinic.load(StockMinimum, id_)
    except AggregateNotFound:
        minimum = StockMinimum(id_)
    minimum.set(goods_id, warehouse_id, quantity, at=ctx.now)
    return clinic.save(minimum, ctx=ctx, if_unchanged=relied)
