"""Load of doctors and rooms."""

from typing import Annotated, Any, ClassVar

from fastapi import Query

from readmodels.reports import load as read
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import REPORTS, WORKBOOKS
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.reports.period import ReportPeriod
from services.api.schemas import Schema
from services.excel.writing import MEDIA

routes = Routes("load-report")
RIGHT = NeedsRight("load_report")
READS = ("visit_work", "employees", "catalogue", "working_weeks", "working_days")


@mirrors(read.Load)
class LoadReport(Schema):
    pass


class LoadQuery(ReportPeriod):
    LONGEST: ClassVar[int] = 366

    of: read.LoadOf = "doctors"


@routes.get("/reports/load", RIGHT, answer=LoadReport, reads=READS, heavy=REPORTS)
def load(call: Call, query: Annotated[LoadQuery, Query()]) -> Any:
    """Working time of doctors or rooms in a period, and what of it visits took."""
    with call.reading() as conn:
        return call.answer(read.report(conn, query.both, query.of))


@routes.get("/reports/load/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export(call: Call, query: Annotated[LoadQuery, Query()]) -> Any:
    """The report as a workbook, in hours."""
    from services.excel.workbooks import LoadBook

    return workbook(call, LoadBook(query.both, query.of), "load.xlsx")
