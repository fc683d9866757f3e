"""What a visit's form chooses from beside services and goods: stock of its materials, and who may have done a service."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from aggregates.scheduling.visit_lines import MOST_LINES
from readmodels.scheduling import visit_document as read
from services.api.http.call import Call
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, Schema, Signed, Total
from services.api.stock.balances import after
from services.api.stock.document import StockGoods

routes = Routes("visit-stock")
CALENDAR = NeedsRight("calendar")


@mirrors(read.VisitStock)
class VisitStock(Schema):
    goods: StockGoods
    quantity: Signed
    average: Total | None


class VisitStockList(Schema):
    items: list[VisitStock]


class VisitStockQuery(Schema):
    """Without a warehouse nothing is there."""

    warehouse_id: UUID | None = None
    goods_ids: Annotated[list[UUID], Field(max_length=2 * MOST_LINES, default_factory=list), OF_REQUEST]


@mirrors(read.PossiblePerformer)
class PossiblePerformer(Schema):
    pass


class PossiblePerformers(Schema):
    items: list[PossiblePerformer]


@routes.get("/visit-stock", CALENDAR, answer=VisitStockList, reads=("stock_documents", "catalogue"))
def stock(call: Call, query: Annotated[VisitStockQuery, Query()]) -> Any:
    """What a warehouse has of some goods now; what it cost only for those who see stock."""
    with_cost = "stock_balances" in call.principal.rights
    if query.warehouse_id is None:
        return call.answer({"items": []})
    with call.reading() as conn:
        found = read.stock(conn, query.warehouse_id, query.goods_ids, with_cost=with_cost, end=after(call))
    return call.answer({"items": found})


@routes.get("/visit-performers", CALENDAR, answer=PossiblePerformers, reads=("employees", "catalogue"))
def performers(call: Call) -> Any:
    """Employees who may be named for a service."""
    with call.reading() as conn:
        return call.answer({"items": read.possible_performers(conn)})
