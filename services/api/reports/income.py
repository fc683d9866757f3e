"""Income of completed visits, and the rows behind each of its figures."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema

from readmodels.reports import income as read
from readmodels.reports import income_lines as lines_read
from readmodels.reports import income_paid as paid_read
from readmodels.reports.income_choice import IncomeChoice, Sums
from readmodels.words.reports import INCOME_ACCESSED, PAID_ACCESSED
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import REPORTS, WORKBOOKS
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.reports.period import ReportPeriod
from services.api.schemas import Day, Moment, Schema, Total, refused
from services.excel.writing import MEDIA

routes = Routes("income-report")
RIGHT = NeedsRight("income_report")
READS = ("visit_work", "stock_documents", "account_documents", "patients", "employees", "services", "catalogue", "settings")


def _one_of(value: Any, *words: str) -> str:
    try:
        return value if value in ("", *words) else str(UUID(str(value)))
    except ValueError:
        raise refused("choice", "Такого отбора нет. Обновите страницу") from None


Employee = Annotated[
    str,
    BeforeValidator(lambda value: _one_of(value, "none")),
    WithJsonSchema({"type": "string", "pattern": "^(none|[0-9a-fA-F-]{36})?$"}),
]
Category = Annotated[
    str,
    BeforeValidator(lambda value: _one_of(value, "none", "goods")),
    WithJsonSchema({"type": "string", "pattern": "^(none|goods|[0-9a-fA-F-]{36})?$"}),
]


@mirrors(Sums)
class IncomeSums(Schema):
    gross: Total
    discount: Total
    net: Total


@mirrors(read.IncomeTotals)
class IncomeTotals(Schema):
    average: Total | None
    paid: Total | None


@mirrors(read.IncomeGroup)
class IncomeGroup(Schema):
    quantity: Total


@mirrors(read.IncomePoint)
class IncomePoint(Schema):
    day: Day
    net: Total


@mirrors(read.Income)
class IncomeReport(Schema):
    before_first: Day
    before_last: Day


@mirrors(lines_read.IncomeLine)
class IncomeLine(Schema):
    starts_at: Moment
    quantity: Total


@mirrors(lines_read.IncomeLines)
class IncomeLines(Schema):
    pass


@mirrors(paid_read.PaidVisit)
class IncomePaidVisit(Schema):
    starts_at: Moment
    net: Total
    paid: Total
    due: Total


@mirrors(paid_read.PaidVisits)
class IncomePaidVisits(Schema):
    net: Total
    paid: Total


class PaidVisitsQuery(ReportPeriod):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 50


class IncomeQuery(ReportPeriod):
    """`employee`: a performer whose shares alone are counted, or "none": work without one."""

    by: read.IncomeBy = "performer"
    employee: Employee = ""


class IncomeLinesBookQuery(ReportPeriod):
    """`item`: of one service or goods. `category`: of services, "none" for those without, "goods" for all goods.
    `first_visits`: of first visits alone.
    """

    employee: Employee = ""
    item: UUID | None = None
    category: Category = ""
    first_visits: bool = False

    @property
    def choice(self) -> IncomeChoice:
        return IncomeChoice(self.both, self.employee, self.item, self.category, self.first_visits)


class IncomeLinesQuery(IncomeLinesBookQuery):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 50


@routes.get("/reports/income", RIGHT, answer=IncomeReport, reads=READS, heavy=REPORTS)
def income(call: Call, query: Annotated[IncomeQuery, Query()]) -> Any:
    """What completed visits of a period came to, by groups and beside the period before."""
    with call.reading() as conn:
        return call.answer(read.report(conn, query.both, query.by, employee=query.employee))


@routes.get("/reports/income/lines", RIGHT, answer=IncomeLines, reads=READS, heavy=REPORTS)
def lines(call: Call, query: Annotated[IncomeLinesQuery, Query()]) -> Any:
    """The lines of visits that a figure of the report counts, the newest first."""
    with call.reading() as conn:
        found = lines_read.listing(conn, query.choice, page=query.page, size=query.size)
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size"})
    call.record_access("listed", INCOME_ACCESSED.type, filter=asked, count=found.total)
    return call.answer(found)


@routes.get("/reports/income/paid", RIGHT, answer=IncomePaidVisits, reads=READS, heavy=REPORTS)
def paid(call: Call, query: Annotated[PaidVisitsQuery, Query()]) -> Any:
    """The visits of a period of which something is paid, the newest first: what «paid» of the report counts."""
    with call.reading() as conn:
        found = paid_read.listing(conn, query.both, page=query.page, size=query.size)
    call.record_access("listed", PAID_ACCESSED.type, filter=_period(query), count=found.total)
    return call.answer(found)


@routes.get("/reports/income/paid/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export_paid(call: Call, query: Annotated[ReportPeriod, Query()]) -> Any:
    """All of them as a workbook."""
    from services.excel.workbooks import PaidVisitsBook

    call.record_access("exported", PAID_ACCESSED.type, filter=_period(query))
    return workbook(call, PaidVisitsBook(query.both), "income-paid.xlsx")


def _period(query: ReportPeriod) -> dict[str, str]:
    return {"from": str(query.first), "to": str(query.last)}


@routes.get("/reports/income/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export(call: Call, query: Annotated[IncomeQuery, Query()]) -> Any:
    """The report as a workbook."""
    from services.excel.workbooks import IncomeBook

    return workbook(call, IncomeBook(query.both, query.by, query.employee), "income.xlsx")


@routes.get("/reports/income/lines/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export_lines(call: Call, query: Annotated[IncomeLinesBookQuery, Query()]) -> Any:
    """All lines that a figure counts, as a workbook."""
    from services.excel.workbooks import IncomeLinesBook

    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    call.record_access("exported", INCOME_ACCESSED.type, filter=asked)
    return workbook(call, IncomeLinesBook(query.choice), "income-lines.xlsx")
