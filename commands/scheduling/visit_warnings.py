"""Warnings before a visit is saved, collected from the other visits (CAL-19).

A warning is no guard: two simultaneous bookings of one room may both pass without a warning. Services that were looked at go into
`if_unchanged`, so that none is taken from the doctor meanwhile unnoticed (`commands/clinic/service_warnings.py`).
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aggregates.catalogue import name_key
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.clinic.service import Service
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.despite import Despite
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Slot, SlotTaken, Visit
from aggregates.scheduling.visit_status import Status
from aggregates.scheduling.visit_warnings import InThePast, NotYet, PatientBusy, RoomTaken, ServiceNotGiven, VisitWarning
from aggregates.stock.stock_warnings import Short
from aggregates.warnings import require_accepted
from commands.context import Context
from commands.people.patient import cards_of_person
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.ports.visit_times import VisitSlot
from commands.stock.shortages import shortage_warning

IN_CLINIC: frozenset[Status] = frozenset({"arrived", "in_progress"})
"""The patient is in the clinic."""
Decision = Callable[[Visit, tuple[Despite, ...]], object]
"""What a command does to its visit, given the accepted warnings."""


@dataclass(frozen=True)
class Confirmed:
    """`despite`: accepted warnings; `short`: accepted shortages of stock; `relied`: services that were looked at, for
    `save(if_unchanged=…)`.
    """

    despite: tuple[Despite, ...] = ()
    short: tuple[Short, ...] = ()
    relied: list[Service] = field(default_factory=list)


def confirmed(clinic: Clinic, ctx: Context, visit: Visit, decide: Decision) -> Confirmed:
    """The warnings about a decision, all of them accepted. The decision is tried on a copy of the visit first, so that refusals
    come before warnings. Inside `Clinic.write_lock()` if it may take goods that aren't there. NeedsConfirmation, SlotTaken.
    """
    if ctx.accepted is None:
        return Confirmed()
    after = visit.copy()
    decide(after, ())
    relied: list[Service] = []
    raised = list(_warnings(clinic, ctx, visit if visit.version else None, after, relied))
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    asks = after.consumes not in {None, visit.consumes if visit.version else None} and not settings.forbids_missing_goods
    short = shortage_warning(clinic, after) if asks else None
    require_accepted([*raised, *([short] if short else [])], ctx.accepted)
    return Confirmed(tuple(despite for warning in raised for despite in warning.despite), short.stored if short else (), relied)


def _warnings(clinic: Clinic, ctx: Context, before: Visit | None, after: Visit, relied: list[Service]) -> Iterable[VisitWarning]:
    """Warnings about the change from `before` (None: a booking); nothing is warned about twice.

    `relied`: gets the services that were looked at.
    """
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    now, slot = ctx.local_now(settings.time_zone), after.slot
    if _moves_into_the_past(before, slot, now):
        yield InThePast(starts_at=slot.starts_at)
    if before is not None and _comes_too_early(before.status, after.status, slot, now):
        yield NotYet(starts_at=slot.starts_at)
    if after.occupying:
        occupied_before = before if before is not None and before.occupying else None
        yield from _conflicts(clinic, ctx, settings, occupied_before, after, relied)


def _comes_too_early(before: Status, after: Status, slot: Slot, now: datetime) -> bool:
    """The visit ends before its time, or the patient arrives on an earlier day: perhaps another visit is meant."""
    if before != after and after in {"completed", "no_show"}:
        return slot.starts_at > now
    return after in IN_CLINIC and before not in {*IN_CLINIC, "completed"} and slot.starts_at.date() > now.date()


def _moves_into_the_past(before: Visit | None, slot: Slot, now: datetime) -> bool:
    """The new time is past. Moving a visit within a past day gives no warning: only the day may be a mistake."""
    if slot.ends_at > now or (before is not None and before.slot.starts_at == slot.starts_at):
        return False
    return before is None or before.slot.ends_at > now or before.slot.starts_at.date() != slot.starts_at.date()


def _conflicts(
    clinic: Clinic, ctx: Context, settings: ClinicSettings, before: Visit | None, after: Visit, relied: list[Service]
) -> Iterable[VisitWarning]:
    """`before`: None if the visit took no time until now."""
    slot, room = after.slot, name_key(after.room)
    person = _cards(clinic, after.patient_id)
    others = clinic.visit_times.during(
        slot.starts_at, slot.ends_at, doctor_id=slot.doctor_id, patient_ids=person, room=room, other_than=after.id
    )
    if settings.one_patient_at_once and not (before is not None and before.slot.covers(slot)):
        for other in others:
            if slot.doctor_id is not None and other.doctor_id == slot.doctor_id:
                raise SlotTaken(by=_conflicting_visit(other))
    same_person = before is not None and before.patient_id in person
    same_room = before is not None and name_key(before.room) == room
    busy: list[VisitSlot] = []
    taken: list[VisitSlot] = []
    for other in others:
        overlapped_before = before is not None and _overlap(before.slot, other)
        if other.patient_id in person and not (same_person and overlapped_before):
            busy.append(other)
        if room and other.room == room and not (same_room and overlapped_before):
            taken.append(other)
    for visits, hidden in _as_shown(ctx, busy):
        yield PatientBusy(visits=visits, hidden=hidden)
    for visits, hidden in _as_shown(ctx, taken):
        yield RoomTaken(visits=visits, hidden=hidden, room=after.room)
    if slot.doctor_id is not None and (services := tuple(_not_given(clinic, slot.doctor_id, before, after, relied))):
        yield ServiceNotGiven(doctor_id=slot.doctor_id, services=services)


def _as_shown(ctx: Context, others: Iterable[VisitSlot]) -> Iterable[tuple[tuple[ConflictingVisit, ...], bool]]:
    """The visits of each warning, and whether they are hidden: each visit that the user may see, and all others together."""
    hidden = []
    for other in others:
        if ctx.only_doctor_id in {None, other.doctor_id}:
            yield (_conflicting_visit(other),), False
        else:
            hidden.append(_conflicting_visit(other))
    if hidden:
        yield tuple(hidden), True


def _not_given(clinic: Clinic, doctor_id: UUID, before: Visit | None, after: Visit, relied: list[Service]) -> Iterable[str]:
    """Names of services that the doctor doesn't provide, unless the visit had them with the doctor before."""
    known = {line.service_id for line in before.lines} if before is not None and before.slot.doctor_id == doctor_id else set()
    for line in after.lines:
        if line.service_id in known:
            continue
        with suppress(AggregateNotFound):  # a service that this command creates: every doctor provides it
            service = clinic.cached(Service, line.service_id)
            relied.append(service)
            if not service.is_given_by(doctor_id):
                yield line.name


def _cards(clinic: Clinic, patient_id: UUID) -> set[UUID]:
    """All cards of the person."""
    with suppress(AggregateNotFound):  # a patient that this command creates
        return cards_of_person(clinic, clinic.cached(PatientCard, patient_id))
    return {patient_id}


def _overlap(slot: Slot, other: VisitSlot) -> bool:
    return slot.starts_at < other.ends_at and other.starts_at < slot.ends_at


def _conflicting_visit(other: VisitSlot) -> ConflictingVisit:
    return ConflictingVisit(other.visit_id, other.number, other.starts_at, other.ends_at, other.patient_id, other.doctor_id)
