"""Commands of a visit; with `ctx.only_doctor_id`, only of that doctor's visits. They decide by cached schedule, settings and
doctor, and name these in `save(if_unchanged=…)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import msgspec

from aggregates.catalogue import name_key
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings, ServiceUnknown
from aggregates.clinic.service import Service
from aggregates.despite import Despite
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from aggregates.people.patient import AnotherDoctorsPatient, PatientCard
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import VISIT_NUMBERS, BookingRules, Slot, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import Status
from commands.context import Context, Receipt
from commands.people.patient import NewCard, is_own_patient, matches_phone_or_card_number
from commands.ports.clinic import Clinic
from commands.retry import retried
from commands.scheduling.visit_warnings import confirmed

Unset = msgspec.UnsetType
NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class RequestedLine(msgspec.Struct, frozen=True):
    """A service requested for a visit: an existing one, or a new one by name and price (VIS-2)."""

    service_id: UUID | None
    quantity: int = 1
    name: str = ""
    price: Decimal = Decimal(0)


class _Priced(msgspec.Struct, frozen=True):
    """The visit's lines, services created for them, and existing services that they are from."""

    lines: tuple[Line, ...]
    created: tuple[Service, ...] = ()
    relied: tuple[Service, ...] = ()


class _Described(msgspec.Struct, frozen=True):
    """Arguments of `Visit.describe`, services created for it, and what it relies on."""

    fields: dict[str, Any]
    created: tuple[Service, ...]
    relied: tuple[Aggregate, ...]
    """Cards of a new patient, and services of new lines."""


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
    visit_id: UUID | None = None,
) -> Receipt:
    """Book a visit. `phone_or_card_number` is needed for a patient who isn't the user's own (`ctx.patients_of`).

    SlotTaken, OutsideWorkingHours, EmployeeDeleted, NotADoctor, DoctorRequired, PatientDeleted, PeriodClosed, ServiceUnknown,
    WrongValue, NeedsConfirmation.
    """
    slot.require_within(ctx.only_doctor_id)
    cards = _chosen(clinic, ctx, patient_id, phone_or_card_number)
    booking = _booking(clinic, ctx, visit_id or uuid4(), cards[-1].id, slot, lines, room, comment)
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
) -> Receipt:
    """Create a patient's card and book a visit, both or neither. Holds the clinic's write lock, so that a refused booking leaves
    no card and takes no number. Refusals as of `create_card` and `book_visit`.
    """
    slot.require_within(ctx.only_doctor_id)
    with clinic.write_lock():
        new = NewCard(clinic, ctx, card)
        booking = _booking(clinic, ctx, uuid4(), new.id, slot, lines, room, comment)
        patient = new.numbered()
        return booking(patient, relied=new.claimed, facts={"patient_id": patient.id, "card_number": patient.card_number})


def _booking(
    clinic: Clinic,
    ctx: Context,
    visit_id: UUID,
    patient_id: UUID,
    slot: Slot,
    lines: Sequence[RequestedLine],
    room: str,
    comment: str,
) -> Callable[..., Receipt]:
    """A function that saves a checked booking: it draws the visit's number and saves with further aggregates."""
    rules = _rules(clinic, slot.doctor_id)
    rules.settings.require_open(slot.starts_at.date())
    priced = _priced(clinic, ctx, rules.settings, lines)
    described: dict[str, Any] = {"lines": priced.lines, "room": room, "comment": comment}

    def decide(visit: Visit, despite: tuple[Despite, ...], number: int = 0) -> None:
        visit.book(number, patient_id, slot, **described, rules=rules, despite=despite, at=ctx.now)

    visit = Visit(visit_id)
    answered = confirmed(clinic, ctx, visit, decide)

    def save(*others: Aggregate, relied: Iterable[Aggregate] = (), facts: Mapping[str, Any] = NO_FACTS) -> Receipt:
        number = clinic.numbers.next(VISIT_NUMBERS)
        decide(visit, answered.despite, number)
        claimed = [*_relied(rules), *priced.relied, *answered.relied, *relied]
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
    expected: int | None = None,
) -> Receipt:
    """Move and describe a visit in one save. What isn't given stays; with a start only, the duration stays.

    SlotTaken, OutsideWorkingHours, VisitOver, VisitDeleted, ServiceDeleted, ServiceUnknown, PatientDeleted, PeriodClosed,
    WrongValue.
    """
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    slot = visit.slot.changed(visit.slot.doctor_id if isinstance(doctor_id, Unset) else doctor_id, starts_at, ends_at)
    moving = None if slot == visit.slot else _admitted(clinic, ctx, slot)
    described = _description(clinic, ctx, visit, settings, patient_id, phone_or_card_number, lines, room, comment)

    def decide(visit: Visit, despite: tuple[Despite, ...]) -> None:
        if moving is not None:
            visit.move(slot, rules=moving, despite=despite, at=ctx.now)
        visit.describe(**described.fields, despite=() if moving else despite, at=ctx.now)

    answered = confirmed(clinic, ctx, visit, decide)
    decide(visit, answered.despite)
    relied = [settings, *(_relied(moving) if moving else ()), *answered.relied, *described.relied]
    return clinic.save(visit, *described.created, ctx=ctx, if_unchanged=relied)


@retried
def change_status(clinic: Clinic, ctx: Context, visit_id: UUID, status: Status, *, expected: int | None = None) -> Receipt:
    """IllegalTransition, DoctorRequired, NeedsConfirmation; for a visit that takes time again also the refusals of
    `book_visit`.
    """
    visit, _ = _opened(clinic, ctx, visit_id, expected)
    rules, away = _rules(clinic, visit.slot.doctor_id), not visit.occupying
    local_now = ctx.local_now(rules.settings.time_zone)

    def decide(visit: Visit, despite: tuple[Despite, ...]) -> None:
        visit.change_status(status, rules=rules, local_now=local_now, despite=despite, at=ctx.now)

    answered = confirmed(clinic, ctx, visit, decide)
    decide(visit, answered.despite)
    back = _cards(clinic, visit.patient_id) if away and visit.occupying else []
    return clinic.save(visit, ctx=ctx, if_unchanged=[*_relied(rules), *answered.relied, *back])


@retried
def delete_visit(clinic: Clinic, ctx: Context, visit_id: UUID, *, expected: int | None = None) -> Receipt:
    visit, settings = _opened(clinic, ctx, visit_id, expected)
    visit.delete(at=ctx.now)
    return clinic.save(visit, ctx=ctx, if_unchanged=[settings])


@retried
def return_visit(clinic: Clinic, ctx: Context, visit_id: UUID, *, expected: int | None = None) -> Receipt:
    """Refused if the time is no longer working time or free, or the patient is deleted (DEL-2)."""
    visit, _ = _opened(clinic, ctx, visit_id, expected)
    rules, cards = _rules(clinic, visit.slot.doctor_id), _cards(clinic, visit.patient_id)

    def decide(visit: Visit, despite: tuple[Despite, ...]) -> None:
        visit.return_(rules=rules, despite=despite, at=ctx.now)

    answered = confirmed(clinic, ctx, visit, decide)
    decide(visit, answered.despite)
    return clinic.save(visit, ctx=ctx, if_unchanged=[*_relied(rules), *answered.relied, *cards])


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


def _description(
    clinic: Clinic,
    ctx: Context,
    visit: Visit,
    settings: ClinicSettings,
    patient_id: UUID | None,
    phone_or_card_number: str,
    lines: Sequence[RequestedLine] | None,
    room: str | None,
    comment: str | None,
) -> _Described:
    cards = [] if patient_id is None or patient_id == visit.patient_id else _chosen(clinic, ctx, patient_id, phone_or_card_number)
    priced = _Priced(()) if lines is None else _priced(clinic, ctx, settings, lines, visit.lines)
    fields = {
        "patient_id": cards[-1].id if cards else None,
        "lines": None if lines is None else priced.lines,
        "room": room,
        "comment": comment,
    }
    return _Described(fields, priced.created, (*cards, *priced.relied))


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


def _priced(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, requested: Sequence[RequestedLine], written: Iterable[Line] = ()
) -> _Priced:
    """Lines with present names and prices; services already in the visit keep theirs. ServiceUnknown."""
    existing = {line.service_id: line for line in written}
    created: dict[str, Service] = {}
    lines, relied = [], []
    for line in requested:
        known = existing.get(line.service_id) if line.service_id else None
        if known is None:
            if line.service_id is None:
                service = _created(ctx, settings, line, created)
            else:
                service = clinic.cached(Service, line.service_id)
                service.require_active()
                relied.append(service)
            known = Line(service.id, service.name, service.price, 1)
        lines.append(msgspec.structs.replace(known, quantity=line.quantity))
    return _Priced(tuple(lines), tuple(created.values()), tuple(relied))


def _created(ctx: Context, settings: ClinicSettings, line: RequestedLine, created: dict[str, Service]) -> Service:
    """A new service by name, one for all lines with that name."""
    if not settings.create_services:
        raise ServiceUnknown(name=line.name)
    key = name_key(line.name)
    if key not in created:
        created[key] = Service(uuid4())
        created[key].create({"name": line.name, "price": line.price}, at=ctx.now)
    return created[key]
