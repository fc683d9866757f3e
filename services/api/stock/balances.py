"""Stock on any date, and every movement of goods."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query

from aggregates.catalogues import Goods
from readmodels.stock import stock_balances as read
from readmodels.stock import stock_movements
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Moment, OpenPeriod, Page, Schema, Search, Signed
from services.api.stock.known_stock import known_movements, known_then

routes = Routes("stock-balances")
RIGHT = NeedsRight("stock_balances")
READS = ("stock_documents", "catalogue")


@mirrors(read.StockedGoods)
class StockedGoods(Schema):
    pass


@mirrors(read.WarehouseBalance)
class WarehouseBalance(Schema):
    quantity: Signed
    value: Signed


@mirrors(read.GoodsBalance)
class GoodsBalance(Schema):
    quantity: Signed
    value: Signed
    average: Signed | None


@mirrors(read.Balances)
class StockBalances(Schema):
    value: Signed


@mirrors(stock_movements.StockMovement)
class StockMovement(Schema):
    moment: Moment
    quantity: Signed
    value: Signed
    correction: Signed
    balance: Signed
    balance_value: Signed


@mirrors(stock_movements.GoodsMovements)
class GoodsMovements(Schema):
    opening: Signed
    closing: Signed
    opening_value: Signed
    closing_value: Signed


class StockBalancesQuery(Page):
    """`at`: the moment after which is looked, by the clinic's wall clock; absent: now. `known_at`: by the documents that had been
    entered until then, as they were; absent: by those of now. `show`: goods of which something is there (or missing), all goods,
    or those below zero.
    """

    at: Moment | None = None
    known_at: Moment | None = None
    warehouse_id: UUID | None = None
    category_id: UUID | None = None
    q: Search = ""
    show: read.Shown = "present"
    sort: Literal["name", "-name", "quantity", "-quantity", "value", "-value"] = "name"


class GoodsMovementsQuery(Page, OpenPeriod):
    """`known_at`: as of `StockBalancesQuery`."""

    warehouse_id: UUID | None = None
    known_at: Moment | None = None


def after(call: Call, moment: datetime | None = None) -> datetime:
    """The end of a minute, of the present one by default: what is dated later isn't there yet."""
    return (call.local_now.replace(second=0, microsecond=0) if moment is None else moment) + timedelta(minutes=1)


@routes.get("/stock-balances", RIGHT, answer=StockBalances, reads=READS, heavy=SEARCHES)
def balances(call: Call, query: Annotated[StockBalancesQuery, Query()]) -> Any:
    """What is in stock at a moment, in one warehouse or in all of them, with its cost; also as it was known at a past one.

    known_stock_too_far.
    """
    end = after(call, query.at)
    with call.reading() as conn, conn.transaction():
        found = read.balances(
            conn,
            end=end,
            known=None if query.known_at is None else known_then(call, conn, query.known_at, end),
            warehouse_id=query.warehouse_id,
            category_id=query.category_id,
            query=query.q,
            shown=query.show,
            sort=query.sort,
            page=query.page,
            size=query.size,
        )
    return call.answer(found)


@routes.get("/stock-balances/{goods_id}", RIGHT, answer=GoodsMovements, reads=READS, heavy=SEARCHES)
def movements(call: Call, goods_id: UUID, query: Annotated[GoodsMovementsQuery, Query()]) -> Any:
    """The item card: every movement of goods in a period, newest first, with what there was before and after it.

    known_stock_too_far.
    """
    with call.reading() as conn, conn.transaction():
        known = None if query.known_at is None else known_movements(call, conn, query.known_at, goods_id)
        found = stock_movements.movements(
            conn,
            goods_id,
            warehouse_id=query.warehouse_id,
            first=query.first,
            last=query.last,
            now=after(call),
            page=query.page,
            size=query.size,
            known=known,
        )
    if found is None:
        raise NoSuchObject(kind=Goods.TOPIC, id=goods_id)
    return call.answer(found)
