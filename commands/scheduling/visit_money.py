"""What payments mean to a visit that changes. All of it is asked under the write lock, where such a change needs it.

A visit that is paid for isn't deleted, cancelled or given to another patient before its money was released or returned. Where it
comes to cost less than was paid, the rest becomes the patient's prepayment.
"""

from contextlib import AbstractContextManager, nullcontext

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.allocation import NOTHING
from aggregates.money.patient_account import VisitPaid
from aggregates.money.payment import Payment
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_status import FREEING
from commands.context import Context
from commands.ports.clinic import Clinic


def locked_for_money(clinic: Clinic, settings: ClinicSettings, before: Visit, after: Visit) -> AbstractContextManager[None]:
    """The write lock, for a change that concerns payments."""
    concerned = after.total < before.total or after.patient_id != before.patient_id or _takes_no_money(after)
    completed = after.status == "completed" and before.status != "completed" and settings.prints_receipts
    return clinic.write_lock() if concerned or completed else nullcontext()


def require_unpaid(clinic: Clinic, visit: Visit) -> None:
    """VisitPaid if a visit that doesn't take place is paid for."""
    if _takes_no_money(visit):
        _refuse_paid(clinic, visit)


def without_excess(clinic: Clinic, ctx: Context, settings: ClinicSettings, before: Visit, after: Visit) -> list[Payment]:
    """Payments without what the visit no longer costs, the latest first. VisitPaid if it would be of another patient."""
    if after.patient_id != before.patient_id:
        _refuse_paid(clinic, after)
    if after.total >= before.total:
        return []
    shares = clinic.payments.of_visit(after.id)
    excess = sum(shares.values(), NOTHING) - after.total
    now = ctx.local_now(settings.time_zone).replace(second=0, microsecond=0)
    payments = sorted((clinic.load(Payment, payment_id) for payment_id in shares), key=lambda one: (one.moment, one.number))
    released = []
    for payment in reversed(payments):
        if excess > 0:
            back = min(excess, shares[payment.id])
            payment.release(after.id, now, back, at=ctx.now)
            excess -= back
            released.append(payment)
    return released


def _takes_no_money(visit: Visit) -> bool:
    return visit.deleted or visit.status in FREEING


def _refuse_paid(clinic: Clinic, visit: Visit) -> None:
    paid = sum(clinic.payments.of_visit(visit.id).values(), NOTHING)
    if paid:
        raise VisitPaid(visit_id=visit.id, number=visit.number, paid=paid)
