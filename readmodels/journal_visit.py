"""Changes of visits as the journal tells them."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.despite import Despite
from aggregates.scheduling.visit import Slot, Visit
from readmodels.journal_values import Change, Named, employee, lines, moment_of, span


def booked(event: Visit.Booked) -> Iterable[Change]:
    yield Change("Пациент", None, Named("patient", event.patient_id))
    yield Change("Врач", None, employee(event.doctor_id))
    yield Change("Время", None, span(Slot(event.doctor_id, event.starts_at, event.ends_at)))
    for label, told in (("Услуги", lines(event.lines)), ("Кабинет", event.room), ("Комментарий", event.comment)):
        if told:
            yield Change(label, None, told)
    yield from accepted(event.despite)


def accepted(despite: tuple[Despite, ...]) -> Iterable[Change]:
    """Warnings that the author saw and went past."""
    for warning in despite:
        yield Change("Несмотря на предупреждение", None, _warning(warning))


def _warning(warning: Despite) -> str:
    match warning.kind:
        case "in_the_past":
            return "время визита уже прошло"
        case "patient_busy":
            return f"у пациента в это время визит № {warning.number}"
        case "room_taken":
            return f"кабинет «{warning.room}» занят визитом № {warning.number}"
        case "service_not_given":
            return f"врач не оказывает: {', '.join(warning.services)}"
        case "not_yet":
            return "время визита ещё не наступило"
        case "service_taken" | "service_deleted":
            return f"с этой услугой остались предстоящие визиты: {_numbers(warning.visits)}"


_MOST_NUMBERS = 20


def _numbers(visits: tuple[int, ...]) -> str:
    more = f" и ещё {len(visits) - _MOST_NUMBERS}" if len(visits) > _MOST_NUMBERS else ""
    return ", ".join(f"№ {number}" for number in visits[:_MOST_NUMBERS]) + more


def moved(event: Visit.Moved) -> Iterable[Change]:
    old, new = event.old, event.new
    if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
        yield Change("Время", span(old), span(new))
    if old.doctor_id != new.doctor_id:
        yield Change("Врач", employee(old.doctor_id), employee(new.doctor_id))
    yield from accepted(event.despite)


def moved_summary(event: Visit.Moved) -> str:
    old, new = event.old, event.new
    if old.starts_at != new.starts_at:
        return f"перенесён на {moment_of(new.starts_at)}"
    if old.doctor_id != new.doctor_id:
        return (
            "передан другому врачу"
            if old.doctor_id and new.doctor_id
            else "получил врача"
            if new.doctor_id
            else "остался без врача"
        )
    return "изменён по длительности"


def described(event: Visit.Described) -> Iterable[Change]:
    changes = event.changes
    if changes.patient:
        yield Change("Пациент", Named("patient", changes.patient.old), Named("patient", changes.patient.new))
    if changes.lines:
        yield Change("Услуги", lines(changes.lines.old), lines(changes.lines.new))
    if changes.room:
        yield Change("Кабинет", changes.room.old or None, changes.room.new or None)
    if changes.comment:
        yield Change("Комментарий", changes.comment.old or None, changes.comment.new or None)
    yield from accepted(event.despite)


def described_concerned(event: Visit.Described) -> tuple[UUID, ...]:
    patient = event.changes.patient
    return (patient.old, patient.new) if patient else ()
