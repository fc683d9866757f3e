"""Turnover of stock in a period."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from readmodels.reports import stock_turnover as read
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import REPORTS, WORKBOOKS
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.reports.period import ReportPeriod
from services.api.schemas import Day, Schema, Search, Signed, Total
from services.excel.writing import MEDIA

routes = Routes("stock-turnover")
RIGHT = NeedsRight("stock_balances")
READS = ("stock_documents", "catalogue")


@mirrors(read.StockAmount)
class StockAmount(Schema):
    quantity: Signed | None
    value: Signed


@mirrors(read.TurnoverFigures)
class TurnoverFigures(Schema):
    correction: Signed


@mirrors(read.TurnoverPoint)
class TurnoverPoint(Schema):
    day: Day
    incoming: Total
    outgoing: Total


@mirrors(read.StockTurnover)
class StockTurnoverReport(Schema):
    pass


class StockTurnoverBookQuery(ReportPeriod):
    warehouse_id: UUID | None = None
    q: Search = ""


class StockTurnoverQuery(StockTurnoverBookQuery):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 50


@routes.get("/reports/stock-turnover", RIGHT, answer=StockTurnoverReport, reads=READS, heavy=REPORTS)
def turnover(call: Call, query: Annotated[StockTurnoverQuery, Query()]) -> Any:
    """What was there before a period, came in, went out and was left, for each goods and warehouse."""
    chosen: dict[str, Any] = {"warehouse_id": query.warehouse_id, "query": query.q}
    with call.reading() as conn:
        return call.answer(read.report(conn, query.both, **chosen, page=query.page, size=query.size))


@routes.get("/reports/stock-turnover/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export(call: Call, query: Annotated[StockTurnoverBookQuery, Query()]) -> Any:
    """The whole turnover as a workbook."""
    from services.excel.workbooks import TurnoverBook

    return workbook(call, TurnoverBook(query.both, query.warehouse_id, query.q), "stock-turnover.xlsx")
