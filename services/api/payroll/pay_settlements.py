"""Settlements with employees: what is owed at the end of any day."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels.payroll import pay_settlements as read
from readmodels.words.pay_accrual import SETTLEMENTS_ACCESSED
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Day, Moment, OpenPeriod, Page, Schema, Signed, Total

routes = Routes("pay-settlements")
RIGHT = NeedsRight("payroll")
READS = ("pay_accruals", "money_documents", "employees")


@mirrors(read.PaySettlement)
class PaySettlement(Schema):
    accrued: Signed
    paid: Total
    owed: Signed


@mirrors(read.PaySettlements)
class PaySettlementList(Schema):
    owed: Total
    overpaid: Total


@mirrors(read.PaySettlementDocument)
class PaySettlementDocument(Schema):
    moment: Moment
    change: Signed
    owed: Signed


@mirrors(read.EmployeeSettlement)
class EmployeeSettlement(Schema):
    opening: Signed


class PaySettlementsQuery(Schema):
    """`day`: at whose end; absent: today. `show`: those who are owed something or were paid too much, or all with accruals."""

    day: Day | None = None
    show: read.Shown = "owing"


class EmployeeSettlementQuery(Page, OpenPeriod):
    """`to`: at whose end; absent: today."""


@routes.get("/pay-settlements", RIGHT, answer=PaySettlementList, reads=READS, heavy=SEARCHES)
def settlements(call: Call, query: Annotated[PaySettlementsQuery, Query()]) -> Any:
    """What each employee is owed at the end of a day, in alphabetical order."""
    end = datetime.combine((query.day or call.local_now.date()) + timedelta(days=1), time.min)
    with call.reading() as conn:
        found = read.listing(conn, end, shown=query.show)
    asked = {"day": str(query.day)} if query.day else {}
    call.record_access("listed", SETTLEMENTS_ACCESSED.type, filter={**asked, "show": query.show}, count=len(found.items))
    return call.answer(found)


@routes.get("/pay-settlements/{employee_id}", RIGHT, answer=EmployeeSettlement, reads=READS, heavy=SEARCHES)
def settlement(call: Call, employee_id: UUID, query: Annotated[EmployeeSettlementQuery, Query()]) -> Any:
    """Settlements with one employee: accruals and outgoes in a period, with what is owed after each."""
    last = query.last or max(call.local_now.date(), query.first or call.local_now.date())
    with call.reading() as conn:
        found = read.of_employee(conn, employee_id, query.first, last, page=query.page, size=query.size)
    if found is None:
        raise NoSuchObject(kind="employee", id=employee_id)
    asked = {"to": str(last), **({"from": str(query.first)} if query.first else {}), "employee_id": str(employee_id)}
    call.record_access("listed", SETTLEMENTS_ACCESSED.type, filter=asked, count=found.total)
    return call.answer(found)
