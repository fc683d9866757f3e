"""Commands of fiscal receipts, which background work brings to the register step by step. `receipt_requests.py` requests them."""

from collections.abc import Callable
from uuid import UUID

from aggregates.money.fiscal_receipt import FiscalReceipt, PrintedSigns
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.retry import retried

MOST_TEXT = 300


@retried
def note_handed_over(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, register_id: str) -> Receipt:
    """The register has accepted an attempt."""
    return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.hand_over(register_id, at=ctx.now))


@retried
def note_printed(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, signs: PrintedSigns) -> Receipt:
    return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.print(signs, at=ctx.now))


@retried
def note_failed(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, code: int, text: str) -> Receipt:
    return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.fail(code, text[:MOST_TEXT], at=ctx.now))


@retried
def retry_receipt(clinic: Clinic, ctx: Context, receipt_id: UUID, *, expected: int | None = None) -> Receipt:
    """Let a failed receipt try again. ReceiptNotFailed."""
    receipt = clinic.load(FiscalReceipt, receipt_id, expected=expected)
    receipt.retry(at=ctx.now)
    return clinic.save(receipt, ctx=ctx)


def _step(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, decide: Callable[[FiscalReceipt], None]) -> Receipt:
    """Nothing if the receipt is at another attempt by now."""
    receipt = clinic.load(FiscalReceipt, receipt_id)
    if receipt.attempt == attempt:
        decide(receipt)
    return clinic.save(receipt, ctx=ctx)
