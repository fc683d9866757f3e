"""Lines of stock documents from files: suppliers' invoices, opening stock, and sheets of inventories, which are made here too."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, CustomerReturn, StockCount
from aggregates.stock.stock_lines import StockUnit
from readmodels.stock import stock_goods
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import STORING, WORKBOOKS
from services.api.http.problems import RightMissing
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import Moment, Schema
from services.api.stock.balances import READS
from services.api.stock.document import Number, StockGoods

MOST_BYTES = 5_000_000
routes = Routes("stock-count-sheet")


class ReadStockLine(Schema):
    """A line as the form of a draft takes it. `row`: of the sheet."""

    row: int
    goods: StockGoods
    quantity: Number
    unit: StockUnit
    price: Number | None
    sum: Number | None
    batch: str
    expires_on: str | None


class StockLineError(Schema):
    """Why a row isn't among the lines. `column`: its heading, "" where it is the whole row."""

    row: int
    column: str
    reason: str


class ReadStockLines(Schema):
    """`ignored`: headings of columns that aren't read."""

    lines: list[ReadStockLine]
    errors: list[StockLineError]
    ignored: list[str]


def line_file_routes(kind: type[StockDocument]) -> Routes:
    """The route of one kind."""
    found = Routes(f"{kind.TOPIC}_lines")

    @found.post(
        f"/{kind.PATH}/lines/read",
        NeedsRight(kind.RIGHT),
        answer=ReadStockLines,
        refusals=(409,),
        upload=MOST_BYTES,
        heavy=STORING,
        reads=("catalogue",),
        repeating="question",
    )
    def read(call: Call) -> Any:
        """Read the lines of a sheet for an open draft. Nothing is stored."""
        from services.excel.stock_lines import read_lines

        with call.reading() as conn:
            goods = stock_goods.every(conn)
        return call.answer(read_lines(call.upload, kind.TITLE, kind.SHAPE, goods))

    return found


LINE_FILE_ROUTES = tuple(line_file_routes(kind) for kind in STOCK_DOCUMENTS if kind is not CustomerReturn)
"""A return is made of its issue."""


class CountSheetQuery(Schema):
    """Of a warehouse before an inventory at a moment. `document_id`: the inventory, if it is stored; `book`: with what there
    should be, for those who see the stock.
    """

    warehouse_id: UUID
    moment: Moment
    document_id: UUID | None = None
    book: bool = False


@routes.get(
    "/stock-count-sheet.xlsx",
    NeedsRight(StockCount.RIGHT),
    answer=bytes,
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    reads=READS,
    heavy=WORKBOOKS,
)
def sheet(call: Call, query: Annotated[CountSheetQuery, Query()]) -> Any:
    """The goods that the warehouse has or had, with an empty column for what is counted."""
    from services.excel.workbooks import CountSheet

    if query.book and "stock_balances" not in call.principal.rights:
        raise RightMissing(any_of=["stock_balances"])
    return workbook(call, CountSheet(query.warehouse_id, query.moment, query.document_id, query.book), "count.xlsx")
