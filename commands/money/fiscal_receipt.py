"""Commands of fiscal receipts, which background work brings to the register step by step. `receipt_requests.py` requests them."""

from collections.abc import Callable
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.fiscal_receipt import FiscalReceipt, PrintedSigns
from commands.context import Context, Receipt
from commands.money.receipt_restatement import restate
from commands.ports.clinic import Clinic
from commands.retry import retried

MOST_TEXT = 300


@retried
def note_handed_over(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, register_id: str) -> Receipt:
    """The register has accepted an attempt."""
    return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.hand_over(register_id, at=ctx.now))


@retried
def note_printed(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, signs: PrintedSigns) -> Receipt:
    """The register has printed an attempt; after all, if somebody had given the receipt up: then it counts as said again, and
    what too much is said by that is returned.
    """
    with clinic.write_lock():
        receipt = clinic.load(FiscalReceipt, receipt_id)
        if receipt.attempt != attempt or receipt.state != "given_up":
            return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.print(signs, at=ctx.now))
        receipt.print(signs, at=ctx.now)
        withdrawn = [one for one in _later(clinic, receipt.id) if one.because == receipt.id]
        documents = [id_ for one in (receipt, *withdrawn) for id_ in (*one.account_ids, *one.document_ids)]
        settings = clinic.cached(ClinicSettings, SETTINGS_ID)
        return clinic.save(receipt, *restate(clinic, ctx, settings, documents, {receipt.id: True}), ctx=ctx)


@retried
def note_failed(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, code: int, text: str) -> Receipt:
    return _step(clinic, ctx, receipt_id, attempt, lambda receipt: receipt.fail(code, text[:MOST_TEXT], at=ctx.now))


@retried
def retry_receipt(clinic: Clinic, ctx: Context, receipt_id: UUID, *, expected: int | None = None) -> Receipt:
    """Let a failed receipt try again. ReceiptNotFailed."""
    receipt = clinic.load(FiscalReceipt, receipt_id, expected=expected)
    receipt.retry(at=ctx.now)
    return clinic.save(receipt, ctx=ctx)


@retried
def give_up_receipt(clinic: Clinic, ctx: Context, receipt_id: UUID, reason: str, *, expected: int | None = None) -> Receipt:
    """A failed receipt isn't printed any more, and says nothing. Those that had to be printed after it are given up with it, and
    what they have to say is requested by what is said without it. ReceiptNotFailed, WrongValue.
    """
    with clinic.write_lock():
        receipt = clinic.load(FiscalReceipt, receipt_id, expected=expected)
        receipt.give_up(reason, at=ctx.now)
        for one in (later := _later(clinic, receipt.id)):
            one.withdraw(receipt.id, reason, at=ctx.now)
        withdrawn = [one for one in later if one.pending_events]
        spoken_of = {*receipt.document_ids, *receipt.account_ids}
        documents = [id_ for one in withdrawn for id_ in _of(one) if id_ not in spoken_of]
        changed = dict.fromkeys((receipt.id, *(one.id for one in withdrawn)), False)
        settings = clinic.cached(ClinicSettings, SETTINGS_ID)
        return clinic.save(receipt, *withdrawn, *restate(clinic, ctx, settings, documents, changed, unsaid=spoken_of), ctx=ctx)


def _of(receipt: FiscalReceipt) -> list[UUID]:
    """What a receipt is for and speaks of, without payments that it only sets off."""
    set_off = {one.account_id for one in receipt.lines if one.line.net < 0} if receipt.receipt.operation == "sell" else set()
    return [id_ for id_ in (*receipt.document_ids, *receipt.account_ids) if id_ not in set_off]


def _later(clinic: Clinic, receipt_id: UUID) -> list[FiscalReceipt]:
    """All that has to be printed after a receipt, however far behind."""
    found: dict[UUID, None] = {}
    ahead = [receipt_id]
    while ahead:
        ahead = [id_ for id_ in clinic.stated_receipts.after(ahead) if id_ not in found]
        found |= dict.fromkeys(ahead)
    return [clinic.load(FiscalReceipt, id_) for id_ in found]


def _step(clinic: Clinic, ctx: Context, receipt_id: UUID, attempt: int, decide: Callable[[FiscalReceipt], None]) -> Receipt:
    """Nothing if the receipt is at another attempt by now."""
    receipt = clinic.load(FiscalReceipt, receipt_id)
    if receipt.attempt == attempt:
        decide(receipt)
    return clinic.save(receipt, ctx=ctx)
