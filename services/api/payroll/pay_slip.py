"""The slip of an accrual on paper, for those who accrue and for the employee."""

from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels.clinic import requisites
from readmodels.payroll.pay_accruals import PayAccrualCard
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.routes import Routes
from services.api.payroll import own_payroll, pay_accrual
from services.api.schemas import PaperQuery

routes = Routes("pay-slips")


class PaySlipQuery(PaperQuery):
    """`lines`: with all that it comes from, such as visits."""

    lines: bool = False


@routes.get(
    "/pay-accruals/{accrual_id}/paper.pdf",
    pay_accrual.RIGHT,
    answer=bytes,
    media=PDF,
    reads=pay_accrual.CARD_READS,
    heavy=PAPERS,
)
def accrual_slip(call: Call, accrual_id: UUID, query: Annotated[PaySlipQuery, Query()]) -> Any:
    """The slip of an accrual as a PDF: as it was posted, of a draft as it would be now."""
    found = pay_accrual.card(call, accrual_id)
    call.record_access("printed", "pay_accrual", object_id=accrual_id)
    return _slip(call, found, query)


@routes.get(
    "/own-payroll/{accrual_id}/paper.pdf", own_payroll.RIGHT, answer=bytes, media=PDF, reads=own_payroll.READS, heavy=PAPERS
)
def own_slip(call: Call, accrual_id: UUID, query: Annotated[PaySlipQuery, Query()]) -> Any:
    """The slip of one posted accrual of the user as a PDF."""
    return _slip(call, own_payroll.card(call, accrual_id), query)


def _slip(call: Call, found: PayAccrualCard, query: PaySlipQuery) -> Any:
    from services.papers.pay_slip import pay_slip

    with call.reading() as conn:
        clinic = requisites.of_clinic(conn, call.denta.decoders, datetime.combine(found.day, time(23, 59), call.zone))
    return paper(call, pay_slip(found, clinic, with_lines=query.lines), f"Расчётный листок {found.number}")
