"""Minimums of stock, and what to buy."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from commands.stock import minimum as commands
from readmodels.stock import stock_minimums as read
from services.api.http.call import Call
from services.api.http.routes import Routes
from services.api.mirrors import mirrors
from services.api.schemas import Done, Schema, Signed
from services.api.stock.balances import READS, RIGHT, after
from services.api.stock.document import Counted, StockGoods

routes = Routes("stock-minimums")


@mirrors(read.WarehouseMinimum)
class WarehouseMinimum(Schema):
    quantity: Signed
    minimum: Signed


class WarehouseMinimums(Schema):
    items: list[WarehouseMinimum]


@mirrors(read.ToBuy)
class ToBuy(Schema):
    goods: StockGoods
    quantity: Signed
    minimum: Signed
    missing: Signed
    price: Signed | None
    sale_price: Signed | None
    sum: Signed | None


class ToBuyList(Schema):
    items: list[ToBuy]


class NewMinimum(Schema):
    """`quantity`: in the unit of write-off; 0 for none."""

    goods_id: UUID
    warehouse_id: UUID
    quantity: Counted


class ToBuyQuery(Schema):
    warehouse_id: UUID | None = None


@routes.get("/stock-minimums/of-goods/{goods_id}", RIGHT, answer=WarehouseMinimums, reads=(*READS, "stock_minimums"))
def of_goods(call: Call, goods_id: UUID) -> Any:
    """What each warehouse has of these goods, and what it has to keep."""
    with call.reading() as conn:
        return call.answer({"items": read.of_goods(conn, goods_id, after(call))})


@routes.get("/stock-minimums/to-buy", RIGHT, answer=ToBuyList, reads=(*READS, "stock_minimums"))
def to_buy(call: Call, query: Annotated[ToBuyQuery, Query()]) -> Any:
    """Goods of which a warehouse has less than its minimum."""
    with call.reading() as conn:
        return call.answer({"items": read.to_buy(conn, query.warehouse_id, after(call))})


@routes.post("/stock-minimums", RIGHT, answer=Done, refusals=(404, 409))
def set_minimum(call: Call, body: NewMinimum) -> Any:
    """Set how much of goods a warehouse has to keep."""
    ctx = call.context("set_minimum")
    return call.done(commands.set_minimum(call.clinic, ctx, body.goods_id, body.warehouse_id, body.quantity))
