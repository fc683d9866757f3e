"""«Моя зарплата»: what an employee was accrued and paid, for themselves alone."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Query

from aggregates.payroll.pay_accrual import PayAccrual
from readmodels.payroll import pay_accruals as read
from readmodels.payroll import pay_settlements as settlements_read
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.payroll.pay_accrual import PayAccrualCard, PayAccrualItem
from services.api.schemas import Page, Schema, Signed, Total

routes = Routes("own-payroll")
RIGHT = NeedsRight("own_payroll")
READS = ("pay_accruals", "employees", "money_documents")


class OwnPayroll(Schema):
    """A page of the user's posted accruals, newest first, and what there is between them and the clinic today."""

    accrued: Signed
    paid: Total
    owed: Signed
    items: list[PayAccrualItem]
    total: int


class OwnPayrollQuery(Page):
    pass


@routes.get("/own-payroll", RIGHT, answer=OwnPayroll, reads=READS, heavy=SEARCHES)
def own_payroll(call: Call, query: Annotated[OwnPayrollQuery, Query()]) -> Any:
    """What the user was accrued and paid."""
    employee_id, today = call.principal.employee_id, call.local_now.date()
    with call.reading() as conn:
        page = read.listing(conn, employee_id=employee_id, state="posted", page=query.page, size=query.size)
        settled = settlements_read.of_employee(conn, employee_id, None, today, size=1)
    sums = {} if settled is None else {name: getattr(settled.employee, name) for name in ("accrued", "paid", "owed")}
    items = [msgspec.structs.replace(item, comment="") for item in page.items]
    return call.answer({"accrued": "0.00", "paid": "0.00", "owed": "0.00", **sums, "items": items, "total": page.total})


@routes.get("/own-payroll/{accrual_id}", RIGHT, answer=PayAccrualCard, reads=READS, heavy=SEARCHES)
def own_accrual(call: Call, accrual_id: UUID) -> Any:
    """One posted accrual of the user, line by line. The comment is for those who accrue."""
    return call.answer(card(call, accrual_id))


def card(call: Call, accrual_id: UUID) -> read.PayAccrualCard:
    """As `own_accrual` shows it. NoSuchObject of others' and of drafts."""
    with call.reading() as conn:
        found = read.get(conn, accrual_id)
    if found is None or found.employee.id != call.principal.employee_id or found.deleted or not found.posted:
        raise NoSuchObject(kind=PayAccrual.TOPIC, id=accrual_id)
    return msgspec.structs.replace(found, comment="")
