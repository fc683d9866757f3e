"""What becomes of the money of a sale whose issue, or a return of it, changes. All of it under the write lock.

As of a visit: what a patient has paid above what the sale now comes to is prepayment; a paid sale isn't deleted, un-posted or
given to another buyer before its money was released or returned. What nobody in particular has paid has no prepayment to become:
such a sale gets cheaper only by a return of goods with their money (`commands/selling/sale_return.py`), and no dearer.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.allocation import NOTHING
from aggregates.money.charge import Charge, SaleUnpaid
from aggregates.money.payment import Payment
from aggregates.stock.stock_document import Places, StockDocument
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from commands.context import Context, Receipt
from commands.money.charge_receipts import for_charge
from commands.money.charges import account_of, is_of, latest_first, require_named, sale
from commands.money.receipt_requests import ReceiptRequests
from commands.ports.clinic import Clinic
from commands.retry import retried

CONCERNED: tuple[type[StockDocument], ...] = (GoodsIssue, CustomerReturn)
"""The kinds of documents whose changes concern money."""


def following(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, before: StockDocument, after: StockDocument
) -> list[Aggregate]:
    """Payments and receipts that change with a document. SalePaid, SaleUnpaid, PeriodClosed."""
    if not isinstance(after, CONCERNED) or not (after.effective or (before.version and before.effective)):
        return []
    if isinstance(after, GoodsIssue):
        was = sale(clinic, before) if before.version else None
        return _followed(clinic, ctx, settings, was, sale(clinic, after), _now(ctx, settings))
    origins = {_origin(after), *([_origin(before)] if before.version else [])}
    issues = [clinic.load(GoodsIssue, origin) for origin in sorted(origins, key=lambda id_: id_.bytes)]
    found: list[Aggregate] = []
    for issue in issues:
        found += _followed(clinic, ctx, settings, sale(clinic, issue), sale(clinic, issue, after), after.moment)
    return found


@retried
def release_sale(clinic: Clinic, ctx: Context, sale_id: UUID, moment: datetime) -> Receipt:
    """Let nothing pay for a sale any more: what the patient paid becomes prepayment. NobodysMoney, PeriodClosed."""
    with clinic.write_lock():
        settings, issue = clinic.cached(ClinicSettings, SETTINGS_ID), clinic.load(GoodsIssue, sale_id)
        charge, shares = sale(clinic, issue), clinic.payments.of_visit(sale_id)
        require_named(charge.patient_id)
        payments = released(clinic, ctx, settings, charge, sum(shares.values(), NOTHING), moment)
        receipts = for_charge(ReceiptRequests(clinic, ctx, settings, charges=[charge], payments=payments), charge)
        saved: list[Aggregate] = [*payments, *receipts] or [issue]
        return clinic.save(*saved, ctx=ctx, if_unchanged=[settings])


def released(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    charge: Charge,
    amount: Decimal,
    moment: datetime,
    changed: Mapping[UUID, Payment] = {},
) -> list[Payment]:
    """Payments without so much of what they pay for a sale, the latest first, beside those that change in the same save already
    (`changed`). PeriodClosed.
    """
    found, left = [], amount
    for stored in latest_first(clinic, clinic.payments.of_visit(charge.id)):
        payment = changed.get(stored.id, stored)
        back = min(left, payment.allocated.get(charge.id, NOTHING))
        if back > 0:
            settings.require_open(payment.earliest_release(charge.id, moment).date())
            payment.release(charge.id, moment, back, at=ctx.now)
            found += [payment] if payment.id not in changed else []
            left -= back
    return found


def _followed(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, was: Charge | None, now: Charge, moment: datetime
) -> list[Aggregate]:
    paid = sum(clinic.payments.of_visit(now.id).values(), NOTHING)
    excess = paid - now.total
    if paid and (not now.takes_place or not _same_buyer(clinic, was, now) or (excess > 0 and now.patient_id is None)):
        raise (was or now).paid_refusal(paid)
    if paid and now.patient_id is None and was is not None and now.total > max(was.total, paid):
        raise SaleUnpaid(missing=now.total - paid)
    payments = released(clinic, ctx, settings, now, excess, moment) if excess > 0 else []
    requests = ReceiptRequests(clinic, ctx, settings, charges=[now], payments=payments)
    concerns = paid or now.patient_id is not None or requests.stated(now.id)
    return [*payments, *(for_charge(requests, now) if concerns else [])]


def _same_buyer(clinic: Clinic, was: Charge | None, now: Charge) -> bool:
    """Cards of one person are one buyer."""
    if was is None or was.patient_id == now.patient_id:
        return True
    return None not in (was.patient_id, now.patient_id) and is_of(account_of(clinic, now.patient_id), was.patient_id)  # type: ignore[arg-type]  # both are given


def _origin(document: StockDocument) -> UUID:
    return UUID(str(Places.of(document.card).origin))


def _now(ctx: Context, settings: ClinicSettings) -> datetime:
    return ctx.local_now(settings.time_zone).replace(second=0, microsecond=0)
