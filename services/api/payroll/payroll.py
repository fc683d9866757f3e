"""«Расчёт ЗП»: what is to be accrued for a period."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Query
from pydantic import Field

from aggregates.payroll.pay_accrual import LONGEST
from aggregates.payroll.pay_lines import PARTS, Part
from readmodels.payroll import pay_accruals as accruals_read
from readmodels.payroll import payroll as read
from readmodels.people import employees as employees_read
from readmodels.words.pay_accrual import PAYROLL_ACCESSED
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Day, Period, Ref, Schema, Signed

routes = Routes("payroll")
PART = Annotated[Part, Field(json_schema_extra={"x-choices": dict(PARTS)})]
RIGHT = NeedsRight("payroll")


@mirrors(read.PartSum)
class PartSum(Schema):
    part: PART
    sum: Signed


@mirrors(read.EmployeePay)
class EmployeePay(Schema):
    parts: list[PartSum]
    corrections: Signed
    total: Signed


class Payroll(Schema):
    items: list[EmployeePay]


@mirrors(accruals_read.ShownPayLine)
class PayLineItem(Schema):
    part: PART
    day: Day
    sum: Signed
    base: Signed
    percent: Signed | None
    quantity: Signed | None


class EmployeePayroll(Schema):
    """What is to be accrued to one employee, line by line."""

    employee: Ref
    parts: list[PartSum]
    corrections: Signed
    total: Signed
    lines: list[PayLineItem]


class PayrollQuery(Period):
    LONGEST: ClassVar[int] = LONGEST


@routes.get("/payroll", RIGHT, answer=Payroll, reads=read.READS, heavy=SEARCHES)
def payroll(call: Call, query: Annotated[PayrollQuery, Query()]) -> Any:
    """What is to be accrued to each employee for the period, in alphabetical order."""
    with call.reading() as conn:
        items = read.overview(conn, query.first, query.last)
    call.record_access("listed", PAYROLL_ACCESSED.type, filter=_asked(query), count=len(items))
    return call.answer({"items": items})


@routes.get("/payroll/{employee_id}", RIGHT, answer=EmployeePayroll, reads=read.READS, heavy=SEARCHES)
def employee_payroll(call: Call, employee_id: UUID, query: Annotated[PayrollQuery, Query()]) -> Any:
    """What is to be accrued to one employee for the period: each line with where it comes from."""
    with call.reading() as conn:
        known = employees_read.names(conn, [employee_id])
        if employee_id not in known:
            raise NoSuchObject(kind="employee", id=employee_id)
        found = read.calculations(conn, query.first, query.last, employee_id)[employee_id]
    call.record_access("listed", PAYROLL_ACCESSED.type, filter={**_asked(query), "employee_id": str(employee_id)}, count=1)
    return call.answer(
        {
            "employee": {"id": employee_id, "name": known[employee_id].name},
            "parts": found.parts,
            "corrections": found.corrections,
            "total": found.total,
            "lines": [accruals_read.shown(line) for line in found.lines],
        }
    )


def _asked(query: PayrollQuery) -> dict[str, str]:
    return {"from": str(query.first), "to": str(query.last)}
