"""Commands of a visit; with `ctx.only_doctor_id`, only of that doctor's visits. They decide by cached schedule, settings and
doctor, and name these in `save(if_unchanged=…)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import msgspec

from aggregates.catalogues import PatientCategory, Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.despite import Despite
from aggregates.kernel import Aggregate
from aggregates.money.discounts import Discount
from aggregates.people.employee import Employee
from aggregates.people.patient import AnotherDoctorsPatient, PatientCard
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import VISIT_NUMBERS, BookingRules, Slot, Visit
from aggregates.scheduling.visit_consumption import BY_HAND
from aggregates.scheduling.visit_lines import MaterialLine
from aggregates.scheduling.visit_status import Status
from aggregates.stock.stock_warnings import Short
from commands.context import Context, Receipt
from commands.money.charge_receipts import for_visit
from commands.people.patient import NewCard, is_own_patient, matches_phone_or_card_number
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried
from commands.scheduling.visit_lines import (
    ALL,
    Allowed,
    RequestedGoods,
    RequestedLine,
    chosen_materials,
    priced_goods,
    priced_services,
)
from commands.scheduling.visit_money import locked_for_money, require_unpaid, without_excess
from commands.scheduling.visit_warnings import confirmed
from commands.scheduling.visit_write_off import write_off_of

Unset = msgspec.UnsetType
NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class _Described(msgspec.Struct, frozen=True):
    """Arguments of `Visit.describe`, services and goods created for it, and what it relies on."""

    fields: dict[str, Any]
    created: tuple[Aggregate, ...]
    relied: tuple[Aggregate, ...]
    """Cards of a new patient, services and goods of new lines, a new warehouse."""


@retried
def book_visit(
    clinic: Clinic,
    ctx: Context,
    patient_id: UUID,
    slot: Slot,
    *,
    lines: Sequence[RequestedLine] = (),
    room: str = "",
    comment: str = "",
    phone_or_card_number: str = "",
    allowed: Allowed = ALL,
    visit_id: UUID | None = None,
) -> Receipt:
    """Book a visit. `phone_or_card_number` is needed for a patient who isn't the user's own (`ctx.patients_of`).

    SlotTaken, OutsideWorkingHours, EmployeeDeleted, NotADoctor, DoctorRequired, PatientDeleted, PeriodClosed, ServiceUnknown,
    PriceNotAllowed, DiscountNotAllowed, WrongValue, NeedsConfirmation.
    """
    slot.require_within(ctx.only_doctor_id)
    cards = _chosen(clinic, ctx, patient_id, phone_or_card_number)
    booking = _booking(clinic, ctx, visit_id or uuid4(), cards[-1], slot, lines, room, comment, allowed)
    return booking(relied=cards)


@retried
def book_new_patient(
    clinic: Clinic,
    ctx: Context,
    card: dict[str, Any],
    slot: Slot,
    *,
    lines: Sequence[RequestedLine] = (),
    room: str = "",
    comment: str = "",
    allowed: Allowed = ALL,
) -> Receipt:
    """Create a patient's card and book a visit, both or neither. Holds the clinic's write lock, so that a refused booking leaves
    no card and takes no number. Refusals as of `create_card` and `book_visit`.
    """
    slot.require_within(ctx.only_doctor_id)
    with clinic.write_lock():
        new = NewCard(clinic, ctx, card)
        booking = _booking(clinic, ctx, uuid4(), new.checked, slot, lines, room, comment, allowed)
        patient = new.numbered()
        return booking(patient, relied=new.claimed, facts={"patient_id": patient.id, "card_number": patient.card_number})


def _booking(
    clinic: Clinic,
    ctx: Context,
    visit_id: UUID,
    patient: PatientCard,
    slot: Slot,
    lines: Sequence[RequestedLine],
    room: str,
    comment: str,
    allowed: Allowed,
) -> Callable[..., Receipt]:
    """A function that saves a checked booking: it draws the visit's number and saves with further aggregates. The visit has the
    discount of the patient's category, the largest of several.
    """
    rules = _rules(clinic, slot.doctor_id)
    rules.settings.require_open(slot.starts_at.date())
    priced = priced_services(clinic, ctx, rules.settings, lines, allowed=allowed)
    categories = [clinic.cached(PatientCategory, category_id) for category_id in patient.categories]
    percent = max((Decimal(str(one.card["discount"] or 0)) for one in categories if not one.deleted), default=Decimal(0))
    discount = Discount("percent", percent) if percent else None
    described: dict[str, Any] = {"lines": priced.lines, "room": room, "comment": comment, "discount": discount}

    def decide(visit: Visit, despite: tuple[Despite, ...], number: int = 0) -> None:
        visit.book(number, patient.id, slot, **described, rules=rules, despite=despite, at=ctx.now)

    visit = Visit(visit_id)
    answered = confirmed(clinic, ctx, visit, decide)

    def save(*others: Aggregate, relied: Iterable[Aggregate] = (), facts: Mapping[str, Any] = NO_FACTS) -> Receipt:
        number = clinic.numbers.next(VISIT_NUMBERS)
        decide(visit, answered.despite, number)
        claimed = [*_relied(rules), *priced.relied, *answered.relied, *categories, *relied]
        return clinic.save(visit, *others, *priced.created, ctx=ctx, if_unchanged=claimed, facts={"number": number, **facts})

    return save


@retried
def change_visit(
    clinic: Clinic,
    ctx: Context,
    visit_id: UUID,
    *,
    doctor_id: UUID | Unset | None = msgspec.UNSET,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    patient_id: UUID | None = None,
    phone_or_card_number: str = "",
    lines: Sequence[RequestedLine] | None = None,
    room: str | None = None,
    comment: str | None = None,
    goods: Sequence[RequestedGoods] | None = None,
    discount: Discount | Unset | None = msgspec.UNSET,
    materials: Sequence[MaterialLine] | Unset | None = msgspec.UNSET,
    warehouse_id: UUID | Unset | None = msgspec.UNSET,
    allowed: Allowed = ALL,
    expected: int | None = None,
) -> Receipt:
    """Move and describe a visit in one save. What isn't given stays; with a start only, the duration stays.

    discount      of the whole visit.
    materials     None: those of the services' norms.
    warehouse_id  what goods and materials leave; None: that of the settings.

    SlotTaken, OutsideWorkingHours, VisitOver, VisitDeleted, ServiceDeleted, ServiceUnknown, GoodsUnknown, EntryDeleted,
    PatientDeleted, PeriodClosed, PriceNotAllowed, DiscountNotAllowed, WrongValue.
    """
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    slot = visit.slot.changed(visit.slot.doctor_id if isinstance(doctor_id, Unset) else doctor_id, starts_at, ends_at)
    moving = None if slot == visit.slot else _admitted(clinic, ctx, slot)
    cards = [] if patient_id is None or patient_id == visit.patient_id else _chosen(clinic, ctx, patient_id, phone_or_card_number)
    written = {"patient_id": cards[-1].id if cards else None, "room": room, "comment": comment}
    document = _document(clinic, ctx, visit, settings, allowed, lines, goods, discount, materials, warehouse_id)
    described = _Described(document.fields | written, document.created, (*cards, *document.relied))

    def decide(visit: Visit, despite: tuple[Despite, ...]) -> None:
        if moving is not None:
            visit.move(slot, rules=moving, despite=despite, at=ctx.now)
        visit.describe(**described.fields, despite=() if moving else despite, at=ctx.now)

    answered = confirmed(clinic, ctx, visit, decide)
    before = visit.copy()
    decide(visit, answered.despite)
    relied = [settings, *(_relied(moving) if moving else ()), *answered.relied, *described.relied]
    with locked_for_money(clinic, settings, before, visit):
        payments = without_excess(clinic, ctx, settings, before, visit)
        return clinic.save(visit, *payments, *described.created, ctx=ctx, if_unchanged=relied)


@retried
def change_status(clinic: Clinic, ctx: Context, visit_id: UUID, status: Status, *, expected: int | None = None) -> Receipt:
    """A completed visit writes off goods and materials in the same save; another status takes them back.

    IllegalTransition, DoctorRequired, WarehouseRequired, GoodsMissing, NeedsConfirmation; for a visit that takes time again also
    the refusals of `book_visit`.
    """
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    rules, away = _rules(clinic, visit.slot.doctor_id), not visit.occupying
    local_now = ctx.local_now(rules.settings.time_zone)
    write_off, used = write_off_of(clinic, visit, settings) if status == "completed" else (BY_HAND, [])

    def decide(visit: Visit, despite: tuple[Despite, ...], short: tuple[Short, ...] = ()) -> None:
        further: dict[str, Any] = {"write_off": write_off, "despite": despite, "short": short}
        visit.change_status(status, rules=rules, local_now=local_now, **further, at=ctx.now)

    after = visit.copy()
    decide(after, ())
    with _asking_about_stock(clinic, ctx, settings, after.consumes is not None), locked_for_money(clinic, settings, visit, after):
        answered = confirmed(clinic, ctx, visit, decide)
        decide(visit, answered.despite, answered.short)
        require_unpaid(clinic, visit)
        back = _cards(clinic, visit.patient_id) if away and visit.occupying else []
        receipts = for_visit(clinic, ctx, settings, visit)
        return clinic.save(visit, *receipts, ctx=ctx, if_unchanged=[*_relied(rules), *answered.relied, *used, *back])


@retried
def delete_visit(clinic: Clinic, ctx: Context, visit_id: UUID, *, expected: int | None = None) -> Receipt:
    """VisitPaid."""
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    visit.delete(at=ctx.now)
    with clinic.write_lock():
        require_unpaid(clinic, visit)
        return clinic.save(visit, *for_visit(clinic, ctx, settings, visit), ctx=ctx, if_unchanged=[settings])


@retried
def return_visit(clinic: Clinic, ctx: Context, visit_id: UUID, *, expected: int | None = None) -> Receipt:
    """Refused if the time is no longer working time or free, or the patient is deleted (DEL-2); of a completed visit also if what
    it writes off again isn't there (GoodsMissing).
    """
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    rules, cards = _rules(clinic, visit.slot.doctor_id), _cards(clinic, visit.patient_id)

    def decide(visit: Visit, despite: tuple[Despite, ...], short: tuple[Short, ...] = ()) -> None:
        visit.return_(rules=rules, despite=despite, short=short, at=ctx.now)

    printing = clinic.write_lock() if settings.prints_receipts and visit.status == "completed" else nullcontext()
    with _asking_about_stock(clinic, ctx, settings, visit.consumption is not None), printing:
        answered = confirmed(clinic, ctx, visit, decide)
        decide(visit, answered.despite, answered.short)
        receipts = for_visit(clinic, ctx, settings, visit)
        return clinic.save(visit, *receipts, ctx=ctx, if_unchanged=[*_relied(rules), *answered.relied, *cards])


def _asking_about_stock(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, may_consume: bool
) -> AbstractContextManager[None]:
    """The write lock from the question about a shortage to the save, where such a question is asked at all."""
    asks = may_consume and ctx.accepted is not None and not settings.forbids_missing_goods
    return clinic.write_lock() if asks else nullcontext()


def _visit(clinic: Clinic, ctx: Context, visit_id: UUID, expected: int | None) -> Visit:
    """A visit that the user may change. AnotherDoctorsVisit is checked first, so that others' visits don't reveal even a
    version.
    """
    if ctx.only_doctor_id is not None:
        clinic.load(Visit, visit_id).slot.require_within(ctx.only_doctor_id)
    visit = clinic.load(Visit, visit_id, expected=expected)
    visit.slot.require_within(ctx.only_doctor_id)
    return visit


def _admitted(clinic: Clinic, ctx: Context, slot: Slot) -> BookingRules:
    """The rules for moving a visit to the slot. AnotherDoctorsVisit, PeriodClosed."""
    slot.require_within(ctx.only_doctor_id)
    rules = _rules(clinic, slot.doctor_id)
    rules.settings.require_open(slot.starts_at.date())
    return rules


def _document(
    clinic: Clinic,
    ctx: Context,
    visit: Visit,
    settings: ClinicSettings,
    allowed: Allowed,
    lines: Sequence[RequestedLine] | None,
    goods: Sequence[RequestedGoods] | None,
    discount: Discount | Unset | None,
    materials: Sequence[MaterialLine] | Unset | None,
    warehouse_id: UUID | Unset | None,
) -> _Described:
    """What a visit is as a document: done, sold, used up, and for how much."""
    services = None if lines is None else priced_services(clinic, ctx, settings, lines, visit.lines, allowed)
    sold = None if goods is None else priced_goods(clinic, ctx, settings, goods, visit.goods, allowed)
    if not isinstance(discount, Unset):
        allowed.require_discount(visit.discount, discount)
    relied: list[Aggregate] = [one for part in (services, sold) if part for one in part.relied]
    if not isinstance(materials, Unset) and materials is not None:
        relied += chosen_materials(clinic, materials, visit.materials)
    if not isinstance(warehouse_id, Unset) and warehouse_id is not None and warehouse_id != visit.warehouse_id:
        relied += newly_chosen(clinic, [(Warehouse, warehouse_id)])
    fields = {
        "lines": services.lines if services else None,
        "goods": sold.goods if sold else None,
        "discount": discount,
        "materials": materials,
        "warehouse_id": warehouse_id,
    }
    return _Described(fields, tuple(one for part in (services, sold) if part for one in part.created), tuple(relied))


def _chosen(clinic: Clinic, ctx: Context, patient_id: UUID, phone_or_card_number: str) -> list[PatientCard]:
    """`_cards` of the chosen patient. AnotherDoctorsPatient unless it is the user's own, or the user knows phone or card number.

    Booking makes a person the doctor's patient; an id alone must not open a card that way.
    """
    cards = _cards(clinic, patient_id)
    if not is_own_patient(clinic, ctx.patients_of, cards[0]):
        parts = [clinic.cached(PatientCard, absorbed) for absorbed in cards[-1].absorbed]
        if not any(matches_phone_or_card_number(card, phone_or_card_number) for card in (*cards, *parts)):
            raise AnotherDoctorsPatient
    return cards


def _cards(clinic: Clinic, patient_id: UUID) -> list[PatientCard]:
    """The chosen card and, if it was merged, its survivor. The last one is booked; all go into `if_unchanged`.

    AggregateNotFound, PatientDeleted.
    """
    cards = [clinic.cached(PatientCard, patient_id)]
    if cards[0].merged_into is not None:
        cards.append(clinic.cached(PatientCard, cards[0].merged_into))
    cards[-1].require_active()
    return cards


def _opened(clinic: Clinic, ctx: Context, visit_id: UUID, expected: int | None) -> tuple[Visit, ClinicSettings]:
    """A visit that the user may change and whose day isn't closed, and the settings. PeriodClosed."""
    visit, settings = _visit(clinic, ctx, visit_id, expected), clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(visit.slot.starts_at.date())
    return visit, settings


def _rules(clinic: Clinic, doctor_id: UUID | None) -> BookingRules:
    return BookingRules(
        schedule=clinic.cached(Schedule, SCHEDULE_ID),
        settings=clinic.cached(ClinicSettings, SETTINGS_ID),
        doctor=None if doctor_id is None else clinic.cached(Employee, doctor_id),
    )


def _relied(rules: BookingRules) -> Iterable[Aggregate]:
    return [rules.schedule, rules.settings, *([rules.doctor] if rules.doctor else [])]
