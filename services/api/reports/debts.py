"""Debts and prepayments of all patients."""

from typing import Annotated, Any

from fastapi import Query
from msgspec import structs

from readmodels.reports import debts as read
from readmodels.words.reports import DEBTS_ACCESSED
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import REPORTS, WORKBOOKS
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Day, Page, Schema, Search, Signed, Total
from services.excel.writing import MEDIA

routes = Routes("debt-report")
RIGHT = NeedsRight("debt_report")
READS = ("account_documents", "patients")


@mirrors(read.Debtor)
class Debtor(Schema):
    debt: Total
    aged: list[Total]
    oldest: Day | None
    prepaid: Signed


@mirrors(read.DebtTotals)
class DebtTotals(Schema):
    debt: Total
    aged: list[Total]
    prepaid: Signed


@mirrors(read.Debts)
class DebtReport(Schema):
    pass


class DebtsBookQuery(Schema):
    """`day`: at whose end; absent: today. `show`: people with a debt, with a prepayment, or both."""

    day: Day | None = None
    q: Search = ""
    show: read.DebtsShown = "debts"
    sort: read.DebtsSort = "-debt"


class DebtsQuery(DebtsBookQuery, Page):
    pass


@routes.get("/reports/debts", RIGHT, answer=DebtReport, reads=READS, heavy=REPORTS)
def debts(call: Call, query: Annotated[DebtsQuery, Query()]) -> Any:
    """What patients owe and have paid ahead at the end of a day, and how old the debts are."""
    day = query.day or call.local_now.date()
    with call.reading() as conn:
        found = read.report(conn, day, query=query.q, shown=query.show, sort=query.sort, page=query.page, size=query.size)
    if not call.principal.shows_patient_info:
        found = structs.replace(found, items=[structs.replace(one, phone="", card_number="") for one in found.items])
    call.record_access("listed", DEBTS_ACCESSED.type, filter=_asked(query), count=found.total)
    return call.answer(found)


@routes.get("/reports/debts/export.xlsx", RIGHT, answer=bytes, media=MEDIA, reads=READS, heavy=WORKBOOKS)
def export(call: Call, query: Annotated[DebtsBookQuery, Query()]) -> Any:
    """All people of the report as a workbook."""
    from services.excel.workbooks import DebtsBook

    call.record_access("exported", DEBTS_ACCESSED.type, filter=_asked(query))
    day, phones = query.day or call.local_now.date(), call.principal.shows_patient_info
    return workbook(call, DebtsBook(day, query.q, query.show, query.sort, phones), "debts.xlsx")


def _asked(query: DebtsBookQuery) -> dict[str, Any]:
    return query.model_dump(mode="json", exclude_defaults=True, exclude={"page", "size", "sort"})
