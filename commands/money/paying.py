"""What is taken at once in any mixture, and what it pays for: of payments and of sales. All of it under the write lock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec

from aggregates.catalogues import CashDesk, Counterparty
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.allocation import NOTHING, oldest_first
from aggregates.money.certificate import Certificate, CertificatesNotUsed
from aggregates.money.charge import Charge
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.money_places import MONEY_PLACES, PAYMENT_NUMBERS
from aggregates.money.patient_account import PaidTooLittle, PaidTooMuch
from aggregates.money.payment import Payment, Till
from aggregates.people.patient import PatientCard
from aggregates.values import WrongValue, money
from commands.context import Context
from commands.money.charge_receipts import for_payments
from commands.money.charges import is_of, shares_of
from commands.money.money_document import require_desk_days_open
from commands.money.receipt_requests import ReceiptRequests
from commands.ports.clinic import Clinic
from commands.references import newly_chosen

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


class Asked(msgspec.Struct, frozen=True):
    """How something is paid at once: as of `pay`."""

    moment: datetime
    parts: Sequence[Part] = ()
    prepayments: Mapping[UUID, Decimal] = {}
    keeps_rest: bool = False
    payer: Payer = THE_PATIENT
    comment: str = ""

    @property
    def total(self) -> Decimal:
        return sum((*(part.sum for part in self.parts), *self.prepayments.values()), NOTHING)

    @property
    def pays(self) -> bool:
        return bool(self.parts or self.prepayments)

    def check(self) -> None:
        """WrongValue."""
        check_form(self.parts, {}, self.prepayments, self.payer)


class Taken(msgspec.Struct, frozen=True):
    """New payments, and earlier ones that pay by their rest, to be saved; their receipts; what all of it relies on."""

    new: list[Payment]
    used: list[Payment]
    receipts: list[FiscalReceipt]
    relied: list[Aggregate]

    @property
    def facts(self) -> dict[str, Any]:
        return {"payments": [{"id": str(payment.id), "number": payment.number} for payment in self.new]}


def take(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    card: PatientCard | None,
    charges: Sequence[tuple[Charge, Mapping[UUID, Decimal], Decimal]],
    asked: Asked,
) -> Taken:
    """Pay for charges, each with what paid for it before and what is to be paid now; under the write lock. Refusals: `pay`."""
    moment, payer = asked.moment, asked.payer
    unpaid = {charge.id: share for charge, _, share in charges}
    sales = {charge.id for charge, _, _ in charges if charge.kind == "sale"}
    if sales and any(part.owed for part in asked.parts):
        raise WrongValue("parts", "В счёт организации оплачивают визиты. За товары без визита платит покупатель.")
    offset = [_prepayment(clinic, card, payment_id) for payment_id in asked.prepayments]
    for payment in offset:
        settings.require_open(max(moment, payment.moment).date())
        amount = asked.prepayments[payment.id]
        shares = oldest_first(money("sum", amount), unpaid)
        if sum(shares.values(), NOTHING) < amount:
            raise PaidTooMuch(rest=amount - sum(shares.values(), NOTHING))
        payment.allocate(shares, moment, sales=sales, at=ctx.now)
        unpaid = _left(unpaid, shares)
    drafts, relied = list[tuple[Part, Till, dict[UUID, Decimal]]](), _chosen(clinic, payer)
    for part in asked.parts:
        till, needed = (Till(), []) if part.owed else _till(clinic, part.desk_id, part.certificate_id, moment.date())
        shares = oldest_first(part.sum, unpaid)
        if (part.owed or not asked.keeps_rest) and sum(shares.values(), NOTHING) < part.sum:
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
            card.id if card else None,
            till,
            part.sum,
            shares,
            payer_id=payer.patient_id,
            counterparty_id=payer.counterparty_id,
            handed=part.handed,
            receipt_to=payer.receipt_to,
            comment=asked.comment,
            sales=sales,
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
        [(charge, {**before, **shares_of(charge.id, [*offset, *new])}) for charge, before, _ in charges],
        moment=moment,
        patient_id=card.id if card else None,
    )
    return Taken(new, offset, receipts, relied)


def check_form(parts: Sequence[Part], visits: Mapping[UUID, Decimal], prepayments: Mapping[UUID, Decimal], payer: Payer) -> None:
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
        money(f"parts.{number}.sum", part.sum)
        if part.owed and payer.counterparty_id is None:
            raise WrongValue("counterparty_id", "Выберите организацию, за которой это записать.")


def _prepayment(clinic: Clinic, card: PatientCard | None, payment_id: UUID) -> Payment:
    payment = clinic.load(Payment, payment_id)
    payment.require_active()
    if card is None or not is_of(card, payment.patient_id):
        raise WrongValue("prepayments", "Это аванс другого пациента. Обновите страницу.")
    return payment


def _left(unpaid: Mapping[UUID, Decimal], shares: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    rest = {visit_id: amount - shares.get(visit_id, NOTHING) for visit_id, amount in unpaid.items()}
    return {visit_id: amount for visit_id, amount in rest.items() if amount}


def paying_till(clinic: Clinic, desk_id: UUID | None, day: date) -> tuple[Till, list[Aggregate]]:
    """A desk, and what that relies on. EntryDeleted, AggregateNotFound, DayIsClosed, WrongValue."""
    return _till(clinic, desk_id, None, day)


def _till(clinic: Clinic, desk_id: UUID | None, certificate_id: UUID | None, day: date) -> tuple[Till, list[Aggregate]]:
    """Where money moves, and what that relies on. EntryDeleted, AggregateNotFound, DayIsClosed, WrongValue."""
    if certificate_id is not None:
        settings, certificate = clinic.cached(ClinicSettings, SETTINGS_ID), clinic.cached(Certificate, certificate_id)
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


def each(relied: Iterable[Aggregate]) -> list[Aggregate]:
    """Each once, for `save(if_unchanged=…)`."""
    return list({one.id: one for one in relied}.values())
