"""Fiscal receipts and how far each has come."""

from msgspec.structs import replace

from aggregates.money.fiscal_receipt import FiscalReceipt
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import existing, sets
from readmodels.money.fiscal_receipts import TABLE, FiscalReceiptRow


def _requested(_: FiscalReceiptRow | None, event: FiscalReceipt.Requested) -> FiscalReceiptRow:
    return FiscalReceiptRow(
        id=event.originator_id,
        moment=event.moment,
        operation=event.receipt.operation,
        total=event.receipt.total,
        patient_id=event.patient_id,
        document_ids=event.document_ids,
        after=event.after,
        receipt=event.receipt,
        state="waiting",
        attempt=1,
        register_id="",
        signs=None,
        error_code=None,
        error="",
        version=event.originator_version,
    )


def _failed(row: FiscalReceiptRow, event: FiscalReceipt.Failed) -> FiscalReceiptRow:
    return replace(row, state="failed", error_code=event.code, error=event.text, version=event.originator_version)


def _given_up(row: FiscalReceiptRow, event: FiscalReceipt.GivenUp) -> FiscalReceiptRow:
    return replace(row, state="given_up", error=event.reason, version=event.originator_version)


FISCAL_RECEIPTS = Projection(
    "fiscal_receipts",
    TABLE,
    revision=3,
    audience=Audience("fiscal_receipts", "payments", "patient_finances"),
    handlers={
        FiscalReceipt.Requested: Own(_requested),
        **sets(FiscalReceipt.HandedOver, lambda event: {"state": "sent", "register_id": event.register_id}),
        **sets(FiscalReceipt.Printed, lambda event: {"state": "printed", "signs": event.signs, "error": ""}),
        FiscalReceipt.Failed: Own(existing(_failed)),
        FiscalReceipt.GivenUp: Own(existing(_given_up)),
        **sets(FiscalReceipt.Retried, lambda event: {"state": "waiting", "attempt": event.attempt, "register_id": ""}),
    },
    one_stream=True,
)
