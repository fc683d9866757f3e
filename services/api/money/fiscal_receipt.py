"""Fiscal receipts: how far each has come, and another try for those that failed (FIN-5)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.money.fiscal_receipt import MOST_REASON, ReceiptState
from commands.money import fiscal_receipt as commands
from readmodels.money import fiscal_receipts as receipts_read
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, WITHOUT_CONTROLS, Done, Moment, OpenPeriod, Page, Schema

routes = Routes("fiscal-receipts")
READS = ("fiscal_receipts", "patients")


@mirrors(receipts_read.FiscalReceiptItem)
class FiscalReceiptItem(Schema):
    moment: Moment


class FiscalReceiptList(Schema):
    items: list[FiscalReceiptItem]
    total: int


class FiscalReceiptsQuery(Page, OpenPeriod):
    """`document_id`: receipts of this payment, refund, certificate or visit."""

    state: ReceiptState | None = None
    document_id: UUID | None = None


class GivenUp(Schema):
    """Why a receipt isn't printed any more."""

    reason: Annotated[str, written(MOST_REASON), WITHOUT_CONTROLS, OF_REQUEST]


@routes.get("/fiscal-receipts", NeedsRight("fiscal_receipts"), answer=FiscalReceiptList, reads=READS)
def receipts(call: Call, query: Annotated[FiscalReceiptsQuery, Query()]) -> Any:
    """One page of the receipts, the latest first."""
    with call.reading() as conn:
        items, total = receipts_read.listing(
            conn,
            first=query.first,
            last=query.last,
            state=query.state,
            document_id=query.document_id,
            page=query.page,
            size=query.size,
        )
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size"})
    call.record_access("listed", "fiscal_receipt", filter=asked, count=total)
    return call.answer({"items": items, "total": total})


@routes.post("/fiscal-receipts/{receipt_id}/retry", NeedsRight("fiscal_receipts"), answer=Done, versioned=True)
def retry(call: Call, receipt_id: UUID) -> Any:
    """Let a receipt that the register has given up be printed once more."""
    return call.done(commands.retry_receipt(call.clinic, call.context("retry_receipt"), receipt_id, expected=call.expected))


@routes.post("/fiscal-receipts/{receipt_id}/give-up", NeedsRight("refunds"), answer=Done, versioned=True)
def give_up(call: Call, receipt_id: UUID, body: GivenUp) -> Any:
    """Print a failed receipt no more: it says nothing, and what had to be printed after it is requested again without it."""
    ctx = call.context("give_up_receipt")
    return call.done(commands.give_up_receipt(call.clinic, ctx, receipt_id, body.reason, expected=call.expected))
