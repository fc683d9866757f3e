"""Commands of payments and refunds: all hold the clinic's write lock, so that what is due and what is left is known.

Days that the settings have closed refuse everything dated on them, allocations too; days that a desk has closed, what moves
its money.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.moment import moment as written_moment
from aggregates.money.allocation import NOTHING, allocated
from aggregates.money.money_places import MONEY_PLACES, REFUND_NUMBERS
from aggregates.money.payment import Payment, PaymentRefunded, PaymentSpent
from aggregates.money.refund import Refund
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from commands.context import Context, Receipt
from commands.money.charge_receipts import for_visit
from commands.money.charges import account_of, is_of, load_charge, payable, require_named
from commands.money.money_document import require_desk_days_open
from commands.money.paying import THE_PATIENT, Asked, Part, Payer, check_form, each, paying_till, take
from commands.money.refund_receipts import (
    for_deleted_payment,
    for_deleted_refund,
    for_refund,
    for_returned_payment,
    for_returned_refund,
)
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def pay(
    clinic: Clinic,
    ctx: Context,
    patient_id: UUID,
    moment: datetime,
    parts: Sequence[Part] = (),
    *,
    visits: Mapping[UUID, Decimal] = {},
    prepayments: Mapping[UUID, Decimal] = {},
    keeps_rest: bool = False,
    payer: Payer = THE_PATIENT,
    comment: str = "",
) -> Receipt:
    """Pay for visits, by earlier prepayments (payment → sum) and then by new payments; all or nothing.

    visits      visit or sale → what is paid for it, from what is due.
    keeps_rest  what is paid beyond that is the patient's prepayment; without it, it is refused.

    Facts: `payments`, the new ones' ids and numbers. VisitOverpaid, VisitDeleted, VisitOfAnotherPatient, PaidTooMuch,
    PaidTooLittle, PaymentSpent, PaymentDeleted, PatientDeleted, EntryDeleted, PeriodClosed, DayIsClosed, CertificateSpent,
    WrongValue.
    """
    check_form(parts, visits, prepayments, payer)
    _check_moment(moment)
    with clinic.write_lock():
        settings = _settings(clinic)
        settings.require_open(moment.date())
        card = account_of(clinic, patient_id)
        charges = [(load_charge(clinic, charge_id), amount) for charge_id, amount in visits.items()]
        asked = Asked(moment, parts, prepayments, keeps_rest, payer, comment)
        taken = take(clinic, ctx, settings, card, [(one, *payable(clinic, card, one, amount)) for one, amount in charges], asked)
        relied = each([settings, *taken.relied])
        return clinic.save(*taken.used, *taken.new, *taken.receipts, ctx=ctx, if_unchanged=relied, facts=taken.facts)


@retried
def release_visit(clinic: Clinic, ctx: Context, visit_id: UUID, moment: datetime) -> Receipt:
    """Let nothing pay for a visit any more: what was paid becomes prepayment. PeriodClosed, WrongValue; without payments nothing
    changes.
    """
    _check_moment(moment)
    with clinic.write_lock():
        settings = _settings(clinic)
        payments, visit = released(clinic, ctx, settings, visit_id, moment), clinic.load(Visit, visit_id)
        saved = [*payments, *for_visit(clinic, ctx, settings, visit, payments)]
        return clinic.save(*(saved or [visit]), ctx=ctx, if_unchanged=[settings])


def released(clinic: Clinic, ctx: Context, settings: ClinicSettings, visit_id: UUID, moment: datetime) -> list[Payment]:
    """The payments of a visit without what they paid for it, to be saved before what makes it cost less. Under the write lock.
    PeriodClosed.
    """
    payments = [clinic.load(Payment, payment_id) for payment_id in clinic.payments.of_visit(visit_id)]
    for payment in payments:
        settings.require_open(payment.earliest_release(visit_id, moment).date())
        payment.release(visit_id, moment, at=ctx.now)
    return payments


@retried
def refund(
    clinic: Clinic,
    ctx: Context,
    payment_id: UUID,
    moment: datetime,
    amount: Decimal,
    *,
    desk_id: UUID | None = None,
    reason: str = "",
    refund_id: UUID | None = None,
) -> Receipt:
    """Return money of a payment, from a desk or to its certificate; an organisation that owes it, owes less. What visits lose by
    it is taken from the latest allocation first. Facts: `refund_id`, `number`.

    RefundBeforePayment, PaymentSpent, PaymentDeleted, AnotherWay, CashMissing, PeriodClosed, DayIsClosed, WrongValue.
    """
    _check_moment(moment)
    with clinic.write_lock():
        settings = _settings(clinic)
        settings.require_open(moment.date())
        payment = clinic.load(Payment, payment_id)
        if payment.till.desk_id is None:
            till, relied = payment.till, list[Aggregate]()
        else:
            till, relied = paying_till(clinic, desk_id, moment.date())
        made = Refund(refund_id or uuid4())
        made.copy().make(0, 0, moment, payment, till, amount, reason, at=ctx.now)  # what is refused takes no number
        returned = clinic.payments.refunded(payment.id)
        if amount > payment.sum - returned:  # said before what the desk lacks
            raise PaymentSpent(payment.id, amount - (payment.sum - returned))
        number, place = clinic.numbers.next(REFUND_NUMBERS), clinic.numbers.next(MONEY_PLACES)
        made.make(number, place, moment, payment, till, amount, reason, at=ctx.now)
        before = payment.allocated
        payment.give_back(made.id, made.sum, returned, moment, at=ctx.now)
        saved: list[Aggregate] = [payment, made] if payment.pending_events else [made]
        saved += for_refund(clinic, ctx, settings, payment, made, before)
        facts = {"refund_id": str(made.id), "number": number}
        return clinic.save(*saved, ctx=ctx, if_unchanged=each([settings, *relied]), facts=facts)


@retried
def delete_payment(clinic: Clinic, ctx: Context, payment_id: UUID, *, expected: int | None = None) -> Receipt:
    """What it paid for is due again. AlreadyDeleted, PaymentRefunded, PeriodClosed, DayIsClosed, CashMissing."""
    with clinic.write_lock():
        payment = clinic.load(Payment, payment_id, expected=expected)
        relied = _open(clinic, payment)
        payment.copy().delete(at=ctx.now)
        if clinic.payments.refunded(payment_id):
            raise PaymentRefunded(payment_id=payment_id)
        before = payment.allocated
        payment.delete(at=ctx.now)
        receipts = for_deleted_payment(clinic, ctx, _settings(clinic), payment, before)
        return clinic.save(payment, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def return_payment(clinic: Clinic, ctx: Context, payment_id: UUID, *, expected: int | None = None) -> Receipt:
    """As if it had never been deleted (DEL-2); what visits and sales have no room for by now is prepayment. NotDeleted,
    NobodysMoney, PeriodClosed, DayIsClosed, CertificateSpent.
    """
    with clinic.write_lock():
        payment = clinic.load(Payment, payment_id, expected=expected)
        require_named(payment.patient_id)
        relied = _open(clinic, payment)
        payment.return_(_room(clinic, payment), at=ctx.now)
        receipts = for_returned_payment(clinic, ctx, _settings(clinic), payment)
        return clinic.save(payment, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def delete_refund(clinic: Clinic, ctx: Context, refund_id: UUID, *, expected: int | None = None) -> Receipt:
    """The money is the patient's prepayment again. AlreadyDeleted, NobodysMoney, PeriodClosed, DayIsClosed, CertificateSpent."""
    with clinic.write_lock():
        made = clinic.load(Refund, refund_id, expected=expected)
        require_named(made.patient_id)
        relied = _open(clinic, made)
        made.delete(at=ctx.now)
        receipts = for_deleted_refund(clinic, ctx, _settings(clinic), clinic.load(Payment, made.payment_id), made)
        return clinic.save(made, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def return_refund(clinic: Clinic, ctx: Context, refund_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, PaymentSpent (its payment was deleted or used meanwhile), CashMissing, PeriodClosed, DayIsClosed."""
    with clinic.write_lock():
        made = clinic.load(Refund, refund_id, expected=expected)
        relied = _open(clinic, made)
        made.return_(at=ctx.now)
        receipts = for_returned_refund(clinic, ctx, _settings(clinic), clinic.load(Payment, made.payment_id), made)
        return clinic.save(made, *receipts, ctx=ctx, if_unchanged=relied)


def _room(clinic: Clinic, payment: Payment) -> dict[UUID, Decimal]:
    """Charge → what a deleted payment may pay for it again."""
    card = clinic.cached(PatientCard, payment.patient_id) if payment.patient_id is not None else None
    if card is not None and card.merged_into is not None:
        card = clinic.cached(PatientCard, card.merged_into)
    charges = [load_charge(clinic, charge_id) for charge_id in allocated(payment.withdrawn)]
    return {
        charge.id: charge.total - sum(clinic.payments.of_visit(charge.id).values(), NOTHING)
        for charge in charges
        if charge.refusal is None and is_of(card, charge.patient_id)
    }


def _check_moment(moment: datetime) -> None:
    """WrongValue of a moment outside of what documents are dated by, or not of whole minutes."""
    written_moment("moment", moment)


def _open(clinic: Clinic, document: Payment | Refund) -> list[Aggregate]:
    """What says that the document's day is open. PeriodClosed, DayIsClosed."""
    settings = _settings(clinic)
    settings.require_open(document.day)
    desks = [document.till.desk_id] if document.till.desk_id else []
    return [settings, *require_desk_days_open(clinic, desks, document.day)]


def _settings(clinic: Clinic) -> ClinicSettings:
    return clinic.cached(ClinicSettings, SETTINGS_ID)
