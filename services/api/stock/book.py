"""Book quantities beside what is counted."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels.stock import stock_book as read
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.routes import Routes
from services.api.mirrors import mirrors
from services.api.schemas import Moment, Schema, Signed
from services.api.stock.balances import READS, RIGHT

routes = Routes("stock-book")


@mirrors(read.BookQuantity)
class BookQuantity(Schema):
    quantity: Signed


class BookQuantities(Schema):
    items: list[BookQuantity]


class StockBookQuery(Schema):
    """Of a warehouse before an inventory at a moment. `document_id`: the inventory, if it is stored."""

    warehouse_id: UUID
    moment: Moment
    document_id: UUID | None = None


@routes.get("/stock-book", RIGHT, answer=BookQuantities, reads=READS, heavy=SEARCHES)
def book(call: Call, query: Annotated[StockBookQuery, Query()]) -> Any:
    """What a warehouse should have of each goods, by all other documents; goods of which it has nothing are left out."""
    with call.reading() as conn:
        return call.answer({"items": read.book(conn, query.warehouse_id, query.moment, query.document_id)})
