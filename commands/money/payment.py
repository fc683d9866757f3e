"""Commands of payments and refunds: all hold the clinic's write lock, so that what is due and what is left is known.

Days that the settings have closed refuse everything dated on them, allocations too; days that a desk has closed, what moves
its money.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec

from aggregates.catalogues import CashDesk, Counterparty
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.moment import moment as written_moment
from aggregates.money.allocation import NOTHING, allocated, oldest_first
from aggregates.money.certificate import Certificate, CertificatesNotUsed
from aggregates.money.money_places import MONEY_PLACES, PAYMENT_NUMBERS, REFUND_NUMBERS
from aggregates.money.patient_account import PaidTooLittle, PaidTooMuch, VisitOfAnotherPatient, VisitOverpaid
from aggregates.money.payment import Payment, PaymentRefunded, PaymentSpent, Till
from aggregates.money.refund import Refund
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_refusals import VisitOver
from aggregates.scheduling.visit_status import FREEING
from aggregates.values import WrongValue, money
from commands.context import Context, Receipt
from commands.money.money_document import require_desk_days_open
from commands.money.receipt_requests import (
    ReceiptRequests,
    for_deleted_payment,
    for_deleted_refund,
    for_payments,
    for_refund,
    for_returned_payment,
    for_returned_refund,
    for_visit,
)
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried

MOST_PARTS = 10
MOST_VISITS = 200
MOST_PREPAYMENTS = 200


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what is paid at once. `handed`: cash that was handed over; the rest of it was given back as change. `owed`: no
    money comes now, the organisation that pays owes it.
    """

    desk_id: UUID | None = None
    certificate_id: UUID | None = None
    sum: Decimal
    handed: Decimal | None = None
    owed: bool = False
    payment_id: UUID | None = None
    """Of the new payment; without it a new id."""


class Payer(msgspec.Struct, frozen=True, kw_only=True):
    """Who pays, where it isn't the patient, and where the electronic receipt goes."""

    patient_id: UUID | None = None
    counterparty_id: UUID | None = None
    receipt_to: str = ""


THE_PATIENT = Payer()


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

    visits      visit → what is paid for it, from what is due.
    keeps_rest  what is paid beyond that is the patient's prepayment; without it, it is refused.

    Facts: `payments`, the new ones' ids and numbers. VisitOverpaid, VisitDeleted, VisitOfAnotherPatient, PaidTooMuch,
    PaidTooLittle, PaymentSpent, PaymentDeleted, PatientDeleted, EntryDeleted, PeriodClosed, DayIsClosed, CertificateSpent,
    WrongValue.
    """
    _check_form(parts, visits, prepayments, payer)
    _check_moment(moment)
    with clinic.write_lock():
        settings = _settings(clinic)
        settings.require_open(moment.date())
        card = _account(clinic, patient_id)
        payable = [_payable(clinic, card, visit_id, amount) for visit_id, amount in visits.items()]
        unpaid = {visit.id: share for visit, _, share in payable}
        offset = [_prepayment(clinic, card, payment_id) for payment_id in prepayments]
        for payment in offset:
            settings.require_open(max(moment, payment.moment).date())
            shares = oldest_first(money("sum", prepayments[payment.id]), unpaid)
            if sum(shares.values(), NOTHING) < prepayments[payment.id]:
                raise PaidTooMuch(rest=prepayments[payment.id] - sum(shares.values(), NOTHING))
            payment.allocate(shares, moment, at=ctx.now)
            unpaid = _left(unpaid, shares)
        drafts, relied = list[tuple[Part, Till, dict[UUID, Decimal]]](), [settings, *_chosen(clinic, payer)]
        for part in parts:
            till, needed = (Till(), []) if part.owed else _till(clinic, part.desk_id, part.certificate_id, moment.date())
            shares = oldest_first(part.sum, unpaid)
            if (part.owed or not keeps_rest) and sum(shares.values(), NOTHING) < part.sum:
                raise PaidTooMuch(rest=part.sum - sum(shares.values(), NOTHING))
            drafts.append((part, till, shares))
            unpaid = _left(unpaid, shares)
            relied += needed
        if unpaid:
            raise PaidTooLittle(missing=sum(unpaid.values(), NOTHING))

        def taken(number: int, place: int, part: Part, till: Till, shares: dict[UUID, Decimal]) -> Payment:
            payment = Payment(part.payment_id or uuid4())
            payment.take(
                number,
                place,
                moment,
                card.id,
                till,
                part.sum,
                shares,
                payer_id=payer.patient_id,
                counterparty_id=payer.counterparty_id,
                handed=part.handed,
                receipt_to=payer.receipt_to,
                comment=comment,
                at=ctx.now,
            )
            return payment

        for draft in drafts:
            taken(0, 0, *draft)  # what is refused takes no number
        numbers = clinic.numbers
        new = [taken(numbers.next(PAYMENT_NUMBERS), numbers.next(MONEY_PLACES), *draft) for draft in drafts]
        receipts = for_payments(
            ReceiptRequests(clinic, ctx, settings),
            new,
            offset,
            [(visit, {**before, **_shares_of(visit.id, [*offset, *new])}) for visit, before, _ in payable],
            moment=moment,
            patient_id=card.id,
        )
        facts = {"payments": [{"id": str(payment.id), "number": payment.number} for payment in new]}
        return clinic.save(*offset, *new, *receipts, ctx=ctx, if_unchanged=_each(relied), facts=facts)


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
            till, relied = _till(clinic, desk_id, None, moment.date())
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
        return clinic.save(*saved, ctx=ctx, if_unchanged=_each([settings, *relied]), facts=facts)


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
    """As if it had never been deleted (DEL-2); what visits have no room for by now is prepayment. NotDeleted, PeriodClosed,
    DayIsClosed, CertificateSpent.
    """
    with clinic.write_lock():
        payment = clinic.load(Payment, payment_id, expected=expected)
        relied = _open(clinic, payment)
        payment.return_(_room(clinic, payment), at=ctx.now)
        receipts = for_returned_payment(clinic, ctx, _settings(clinic), payment)
        return clinic.save(payment, *receipts, ctx=ctx, if_unchanged=relied)


@retried
def delete_refund(clinic: Clinic, ctx: Context, refund_id: UUID, *, expected: int | None = None) -> Receipt:
    """The money is the patient's prepayment again. AlreadyDeleted, PeriodClosed, DayIsClosed, CertificateSpent."""
    with clinic.write_lock():
        made = clinic.load(Refund, refund_id, expected=expected)
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


def _check_moment(moment: datetime) -> None:
    """WrongValue of a moment outside of what documents are dated by, or not of whole minutes."""
    written_moment("moment", moment)


def _check_form(parts: Sequence[Part], visits: Mapping[UUID, Decimal], prepayments: Mapping[UUID, Decimal], payer: Payer) -> None:
    if len(parts) > MOST_PARTS:
        raise WrongValue("parts", f"За один раз можно заплатить не больше чем {MOST_PARTS} способами.")
    if len(visits) > MOST_VISITS:
        raise WrongValue("visits", f"За один раз можно оплатить не больше {MOST_VISITS} визитов.")
    if len(prepayments) > MOST_PREPAYMENTS:
        raise WrongValue("prepayments", f"За один раз можно зачесть не больше {MOST_PREPAYMENTS} авансов.")
    if not parts and not prepayments:
        raise WrongValue("parts", "Укажите, чем платят.")
    if any(not amount > 0 for amount in prepayments.values()):
        raise WrongValue("prepayments", "Сумма зачёта должна быть больше нуля.")
    for number, part in enumerate(parts):
        if [part.desk_id is not None, part.certificate_id is not None, part.owed].count(True) != 1:
            raise WrongValue(f"parts.{number}.desk_id", "Выберите кассу или сертификат.")
        if part.owed and payer.counterparty_id is None:
            raise WrongValue("counterparty_id", "Выберите организацию, за которой это записать.")


def _account(clinic: Clinic, patient_id: UUID) -> PatientCard:
    """The card whose account it is: of a merged one its survivor. PatientDeleted, AggregateNotFound."""
    card = clinic.cached(PatientCard, patient_id)
    if card.merged_into is not None:
        card = clinic.cached(PatientCard, card.merged_into)
    card.require_active()
    return card


def _is_of(card: PatientCard, patient_id: UUID) -> bool:
    return patient_id == card.id or patient_id in card.absorbed


def _payable(clinic: Clinic, card: PatientCard, visit_id: UUID, amount: Decimal) -> tuple[Visit, Mapping[UUID, Decimal], Decimal]:
    """A visit, what of which payment was paid for it before, and what is to be paid, no more than is due."""
    visit = clinic.load(Visit, visit_id)
    visit.require_active()
    if visit.status in FREEING:
        raise VisitOver(status=visit.status)
    if not _is_of(card, visit.patient_id):
        raise VisitOfAnotherPatient(visit_id=visit_id, number=visit.number)
    before, share = clinic.payments.of_visit(visit_id), money("sum", amount)
    due = visit.total - sum(before.values(), NOTHING)
    if not share:
        raise WrongValue("sum", "Сумма оплаты должна быть больше нуля.")
    if share > due:
        raise VisitOverpaid(visit_id=visit_id, number=visit.number, due=max(due, NOTHING))
    return visit, before, share


def _shares_of(visit_id: UUID, payments: Iterable[Payment]) -> dict[UUID, Decimal]:
    """What of these payments pays for a visit."""
    shares = {payment.id: payment.allocated.get(visit_id, NOTHING) for payment in payments}
    return {id_: amount for id_, amount in shares.items() if amount}


def _prepayment(clinic: Clinic, card: PatientCard, payment_id: UUID) -> Payment:
    payment = clinic.load(Payment, payment_id)
    payment.require_active()
    if not _is_of(card, payment.patient_id):
        raise WrongValue("prepayments", "Это аванс другого пациента. Обновите страницу.")
    return payment


def _room(clinic: Clinic, payment: Payment) -> dict[UUID, Decimal]:
    """Visit → what a deleted payment may pay for it again."""
    room: dict[UUID, Decimal] = {}
    card = clinic.cached(PatientCard, payment.patient_id)
    card = card if card.merged_into is None else clinic.cached(PatientCard, card.merged_into)
    for visit_id in allocated(payment.withdrawn):
        visit = clinic.load(Visit, visit_id)
        if not visit.deleted and visit.status not in FREEING and _is_of(card, visit.patient_id):
            room[visit_id] = visit.total - sum(clinic.payments.of_visit(visit_id).values(), NOTHING)
    return room


def _left(unpaid: Mapping[UUID, Decimal], shares: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    rest = {visit_id: amount - shares.get(visit_id, NOTHING) for visit_id, amount in unpaid.items()}
    return {visit_id: amount for visit_id, amount in rest.items() if amount}


def _till(clinic: Clinic, desk_id: UUID | None, certificate_id: UUID | None, day: date) -> tuple[Till, list[Aggregate]]:
    """Where money moves, and what that relies on. EntryDeleted, AggregateNotFound, DayIsClosed, WrongValue."""
    if certificate_id is not None:
        settings, certificate = _settings(clinic), clinic.cached(Certificate, certificate_id)
        if not settings.uses_certificates:
            raise CertificatesNotUsed
        certificate.require_usable(day)
        return Till(certificate_id=certificate_id), [certificate]
    if desk_id is None:
        raise WrongValue("desk_id", "Выберите кассу.")
    desk = clinic.cached(CashDesk, desk_id)
    desk.require_active()
    return Till(desk_id=desk_id, desk_kind=str(desk.card["kind"])), [desk, *require_desk_days_open(clinic, [desk_id], day)]


def _chosen(clinic: Clinic, payer: Payer) -> list[Aggregate]:
    """The other payer, who has to be active. PatientDeleted, EntryDeleted, AggregateNotFound, WrongValue."""
    if payer.patient_id is not None and payer.counterparty_id is not None:
        raise WrongValue("counterparty_id", "Укажите кого-то одного.")
    found: list[Aggregate] = [] if payer.patient_id is None else newly_chosen(clinic, [(PatientCard, payer.patient_id)])
    return found if payer.counterparty_id is None else [*found, *newly_chosen(clinic, [(Counterparty, payer.counterparty_id)])]


def _open(clinic: Clinic, document: Payment | Refund) -> list[Aggregate]:
    """What says that the document's day is open. PeriodClosed, DayIsClosed."""
    settings = _settings(clinic)
    settings.require_open(document.day)
    desks = [document.till.desk_id] if document.till.desk_id else []
    return [settings, *require_desk_days_open(clinic, desks, document.day)]


def _settings(clinic: Clinic) -> ClinicSettings:
    return clinic.cached(ClinicSettings, SETTINGS_ID)


def _each(relied: Iterable[Aggregate]) -> Iterable[Aggregate]:
    return {one.id: one for one in relied}.values()
