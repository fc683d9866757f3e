"""Words of visits."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Slot, Visit
from aggregates.scheduling.visit_status import STATUS_LABELS
from readmodels.words import visit_lines as lines
from readmodels.words.accessed import DELETED, PERIOD, QUERY, AccessedList, Filter, yes_no
from readmodels.words.declaration import ByNumber, Sentence, Text, Words
from readmodels.words.despite import accepted
from readmodels.words.employee import employee
from readmodels.words.shortage import accepted_shortages
from readmodels.words.values import YES_NO, Change, Described, Named, format_moment, format_rubles, format_time


def _patient(patient_id: UUID) -> Named:
    return Named(PatientCard.TOPIC, patient_id)


def _span(slot: Slot) -> str:
    """«23.11.2026 10:00–10:40», with both dates if they differ."""
    starts_at, ends_at = slot.starts_at, slot.ends_at
    if starts_at.toordinal() == ends_at.toordinal():
        return f"{format_moment(starts_at)}–{format_time(ends_at)}"
    return f"{format_moment(starts_at)} – {format_moment(ends_at)}"


def _booked(event: Visit.Booked) -> Iterable[Change]:
    yield Change("Пациент", None, _patient(event.patient_id))
    yield Change("Врач", None, employee(event.doctor_id))
    yield Change("Время", None, _span(Slot(event.doctor_id, event.starts_at, event.ends_at)))
    for label, value in (("Услуги", lines.services(event.lines)), ("Кабинет", event.room), ("Комментарий", event.comment)):
        if value:
            yield Change(label, None, value)
    if event.discount:
        yield Change("Скидка на визит", None, lines.discount(event.discount))
    yield from accepted(event.despite)


def _moved(event: Visit.Moved) -> Iterable[Change]:
    old, new = event.old, event.new
    if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
        yield Change("Время", _span(old), _span(new))
    if old.doctor_id != new.doctor_id:
        yield Change("Врач", employee(old.doctor_id), employee(new.doctor_id))
    yield from accepted(event.despite)


def _moved_sentence(event: Visit.Moved, moved: str, handed_over: str, doctor_added: str, doctor_removed: str, length: str) -> str:
    old, new = event.old, event.new
    if old.starts_at != new.starts_at:
        return moved.format(format_moment(new.starts_at))
    if old.doctor_id == new.doctor_id:
        return length
    if old.doctor_id and new.doctor_id:
        return handed_over
    return doctor_added if new.doctor_id else doctor_removed


def _described(event: Visit.Described) -> Iterable[Change]:
    changes = event.changes
    if changes.patient:
        yield Change("Пациент", _patient(changes.patient.old), _patient(changes.patient.new))
    if changes.lines:
        yield Change("Услуги", lines.services(changes.lines.old), lines.services(changes.lines.new))
    if changes.lines:
        yield from lines.changed_performers(changes.lines.old, changes.lines.new)
    if changes.goods:
        yield Change("Товары", lines.goods(changes.goods.old), lines.goods(changes.goods.new))
    if changes.discount:
        yield Change("Скидка на визит", lines.discount(changes.discount.old), lines.discount(changes.discount.new))
    if changes.materials:
        yield from lines.changed_materials(changes.materials.old, changes.materials.new)
    if changes.warehouse:
        yield Change("Склад", lines.warehouse(changes.warehouse.old), lines.warehouse(changes.warehouse.new))
    if changes.room:
        yield Change("Кабинет", changes.room.old or None, changes.room.new or None)
    if changes.comment:
        yield Change("Комментарий", changes.comment.old or None, changes.comment.new or None)
    yield from accepted(event.despite)


def _described_refs(event: Visit.Described) -> Iterable[UUID]:
    patient = event.changes.patient
    return (patient.old, patient.new) if patient else ()


def _status(event: Visit.StatusChanged) -> Iterable[Change]:
    yield Change("Статус", STATUS_LABELS[event.old], STATUS_LABELS[event.new])
    yield from lines.written_off(event.consumption)
    yield from accepted(event.despite)
    yield from accepted_shortages(event.short)


def _returned(event: Visit.Returned) -> Iterable[Change]:
    yield from accepted(event.despite)
    yield from accepted_shortages(event.short)


def _state(visit: Visit) -> Described:
    return [
        ("Номер", str(visit.number)),
        ("Пациент", _patient(visit.patient_id)),
        ("Врач", employee(visit.slot.doctor_id)),
        ("Время", _span(visit.slot)),
        ("Статус", STATUS_LABELS[visit.status]),
        ("Услуги", lines.services(visit.lines)),
        *((label, value) for label, value in _goods(visit) if value),
        ("Сумма", format_rubles(visit.total)),
        *(("", change) for change in lines.changed_performers((), visit.lines)),
        *(("", change) for change in lines.changed_materials(None, visit.materials)),
        *([("Склад", lines.warehouse(visit.warehouse_id))] if visit.warehouse_id else []),
        *(("", change) for change in lines.written_off(visit.consumption)),
        ("Кабинет", visit.room or None),
        ("Комментарий", visit.comment or None),
        ("Удалён", YES_NO[visit.deleted]),
    ]


def _goods(visit: Visit) -> Iterable[tuple[str, str | None]]:
    yield "Товары", lines.goods(visit.goods)
    yield "Скидка на визит", lines.discount(visit.discount)


def _of_people(conn: Connection[Any], people: list[UUID]) -> list[UUID]:
    """Visits of patients (by all their cards) or doctors: their entries belong to these people too."""
    cards = conn.execute("SELECT unnest(cards) FROM patients WHERE patient_id = ANY(%s)", (people,)).fetchall()
    query = "SELECT visit_id FROM calendar WHERE patient_id = ANY(%(cards)s) OR doctor_id = ANY(%(people)s)"
    return [row[0] for row in conn.execute(query, {"people": people, "cards": [card for (card,) in cards]}).fetchall()]


VISIT = Words(
    kind=Visit,
    label="Визит",
    title="Визит № {0}{1}",
    names="""SELECT c.visit_id, c.number::text, coalesce(' (' || coalesce(k.name, p.name) || ')', '')
      FROM calendar c LEFT JOIN patients p USING (patient_id) LEFT JOIN patients k ON k.patient_id = p.merged_into
      WHERE c.visit_id = ANY(%s)""",
    found_by=ByNumber("SELECT visit_id FROM calendar WHERE number = ANY(%(numbers)s)"),
    numbered="SELECT visit_id FROM calendar WHERE number::text = %s",
    entries_of=_of_people,
    patient_of=lambda visit: visit.patient_id,
    actions={
        "booked": "Запись на приём",
        "moved": "Перенос визита",
        "described": "Изменение визита",
        "status": "Смена статуса визита",
        "visit_deleted": "Удаление визита",
        "visit_returned": "Возврат визита",
    },
    events={
        Visit.Booked: Text(
            "booked",
            Sentence(("записан на {}",), lambda e, at: at.format(format_moment(e.starts_at))),
            _booked,
            lambda e: (e.patient_id, e.doctor_id),
        ),
        Visit.Moved: Text(
            "moved",
            Sentence(
                (
                    "перенесён на {}",
                    "передан другому врачу",
                    "получил врача",
                    "остался без врача",
                    "изменён по длительности",
                ),
                _moved_sentence,
            ),
            _moved,
            lambda e: (e.old.doctor_id, e.new.doctor_id),
        ),
        Visit.Described: Text("described", "изменён", _described, _described_refs),
        Visit.StatusChanged: Text(
            "status",
            Sentence(
                ("получил статус «{}»",), lambda e, got: got.format(STATUS_LABELS[e.new]), labels=tuple(STATUS_LABELS.values())
            ),
            _status,
        ),
        Visit.Deleted: Text("visit_deleted", "удалён"),
        Visit.Returned: Text("visit_returned", "возвращён", _returned),
    },
    state=_state,
)


_STATUSES: Mapping[str, str] = {**{str(status): label for status, label in STATUS_LABELS.items()}, "booked": "занимают время"}
VISITS_ACCESSED = AccessedList(
    type=Visit.TOPIC,
    label="Визиты",
    path="/visits",
    rights=("visits", "calendar"),
    filters={
        **QUERY,
        **PERIOD,
        "status": Filter("статус", shown=lambda status: _STATUSES.get(status, status)),
        "doctor_id": Filter("врач", refers=Employee.TOPIC),
        "patient_id": Filter("пациент", refers=PatientCard.TOPIC),
        **DELETED,
        "in_the_way": Filter("мешают изменению", shown=yes_no),  # conflicts with a change, by the name that is stored
    },
)
