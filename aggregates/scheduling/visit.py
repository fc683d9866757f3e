"""A visit: a patient's time with a doctor. It is always booked into working time, and only a person moves it (SCH-14).

Visits of one doctor don't overlap (CAL-5): the rule is `Slot.overlaps`; `gateways/guards/visit_times.py` enforces it on save
against concurrent writers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned
from aggregates.despite import Despite
from aggregates.fields import COMMENT, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.numbering import Numbered
from aggregates.people.employee import Employee
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.visit_lines import Line, check_lines
from aggregates.scheduling.visit_status import AWAITED, FREEING, STATUS_LABELS, TRANSITIONS, Status
from aggregates.values import Change, WrongValue, change_to

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  the clinic's wall clock is naive
VISIT_FIELDS = Fields(Field(name="room", label="Кабинет", limit=100), Field(name="comment", label="Комментарий", kind=COMMENT))
"""The text fields of a visit."""


class Slot(msgspec.Struct, frozen=True):
    """A doctor's time from start to end, by the clinic's wall clock: naive, whole minutes."""

    doctor_id: UUID | None
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Whether both slots have the same doctor and share time; adjacent slots don't.

        With the setting «Только одного пациента», visits that take time must not overlap (CAL-5). It is checked on save, when all
        other visits are known: `gateways/guards/visit_times.py` refuses with `SlotTaken`.
        """
        return self.starts_at < other.ends_at and self.ends_at > other.starts_at and self._is_with_doctor_of(other)

    def covers(self, other: "Slot") -> bool:
        """Whether the other slot is within this one, with the same doctor."""
        return self._is_with_doctor_of(other) and self.starts_at <= other.starts_at and self.ends_at >= other.ends_at

    def _is_with_doctor_of(self, other: "Slot") -> bool:
        return self.doctor_id is not None and self.doctor_id == other.doctor_id

    def require_within(self, only_doctor_id: UUID | None) -> None:
        """Refuse another doctor's time; None allows any doctor. AnotherDoctorsVisit."""
        if only_doctor_id is not None and self.doctor_id != only_doctor_id:
            raise AnotherDoctorsVisit

    def changed(self, doctor_id: UUID | None, starts_at: datetime | None, ends_at: datetime | None) -> "Slot":
        """The slot with the given changes; with a start only, the duration stays."""
        if starts_at is not None and ends_at is None:
            ends_at = min(starts_at, LATEST.replace(tzinfo=starts_at.tzinfo)) + (self.ends_at - self.starts_at)
        return Slot(doctor_id, starts_at or self.starts_at, ends_at or self.ends_at)


class DescriptionChanges(msgspec.Struct, frozen=True):
    """Changes of a visit's description; None = unchanged."""

    patient: Change[UUID] | None = None
    lines: Change[tuple[Line, ...]] | None = None
    room: Change[str] | None = None
    comment: Change[str] | None = None


class SlotTaken(DomainError):
    """The doctor's time is taken (CAL-5), see `Slot.overlaps`. Checked on save by `gateways/guards/visit_times.py`.

    Facts: `by`: the other visit.
    """

    code: ClassVar[str] = "slot_taken"

    def __init__(self, by: ConflictingVisit) -> None:
        super().__init__(by=by)

    @property
    def sentence(self) -> str:
        number = self.facts["by"].number
        return f"Это время врача уже занято визитом № {number}. Выберите другое время или другого врача."


class DoctorRequired(DomainError):
    code: ClassVar[str] = "doctor_required"

    @property
    def sentence(self) -> str:
        return "Укажите врача: без него визит не сохранить и не завершить."


class IllegalTransition(DomainError):
    """Facts: `old`, `new`, `allowed` (statuses)."""

    code: ClassVar[str] = "illegal_transition"

    def __init__(self, old: Status, new: Status) -> None:
        super().__init__(old=old, new=new, allowed=list(TRANSITIONS[old]))
        self._labels = STATUS_LABELS[old], STATUS_LABELS[new], ", ".join(STATUS_LABELS[s] for s in TRANSITIONS[old])

    @property
    def sentence(self) -> str:
        old, new, allowed = self._labels
        return f"Визит «{old}» нельзя сделать «{new}». Можно: {allowed}."


class VisitOver(DomainError):
    """The visit has begun, is over or won't take place. Facts: `status`."""

    code: ClassVar[str] = "visit_over"

    @property
    def sentence(self) -> str:
        status: Status = self.facts["status"]
        return f"Визит «{STATUS_LABELS[status]}», поэтому изменить это нельзя. Сначала верните ему подходящий статус."


class VisitDeleted(DomainError):
    code: ClassVar[str] = "visit_deleted"

    @property
    def sentence(self) -> str:
        return "Визит удалён. Верните его, чтобы изменить."


class AnotherDoctorsVisit(DomainError):
    """The user may see and change only the visits of their own schedule."""

    code: ClassVar[str] = "another_doctors_visit"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Вам открыто только ваше расписание, а это визит к другому врачу. Обратитесь к администратору клиники."


class Visit(DeletedAtWill):
    TOPIC = "visit"

    number: int
    patient_id: UUID
    slot: Slot
    lines: tuple[Line, ...]
    room: str
    comment: str
    status: Status

    class Booked(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit.booked.1"
        number: int
        patient_id: UUID
        doctor_id: UUID | None
        starts_at: datetime
        ends_at: datetime
        lines: tuple[Line, ...]
        room: str
        comment: str
        despite: tuple[Despite, ...] = ()
        """Accepted warnings, here and below (see `aggregates/warnings.py`)."""

    class Moved(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit.moved.1"
        old: Slot
        new: Slot
        despite: tuple[Despite, ...] = ()

    class Described(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit.described.1"
        changes: DescriptionChanges
        despite: tuple[Despite, ...] = ()

    class StatusChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit.status-changed.1"
        old: Status
        new: Status
        despite: tuple[Despite, ...] = ()

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "visit.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "visit.returned.1"
        despite: tuple[Despite, ...] = ()

    @property
    def occupying(self) -> bool:
        """Whether it takes the doctor's time (CAL-5)."""
        return not self.deleted and self.status not in FREEING

    @property
    def awaited(self) -> bool:
        """Whether it hasn't begun; while it is in the future it is live for the schedule (SCH-13)."""
        return not self.deleted and self.status in AWAITED

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    def book(
        self,
        number: int,
        patient_id: UUID,
        slot: Slot,
        *,
        lines: Sequence[Line] = (),
        room: str = "",
        comment: str = "",
        rules: "BookingRules",
        despite: tuple[Despite, ...] = (),
        at: datetime,
    ) -> None:
        """Book a patient into free working time; also in the past, because visits are sometimes entered later."""
        rules.admit(slot)
        faults = Faults()
        with faults.gathered():
            checked_lines = check_lines(lines)
        with faults.gathered():
            described = VISIT_FIELDS.checked({"room": room, "comment": comment})
        faults.refuse()
        self.trigger(
            self.Booked,
            number=number,
            patient_id=patient_id,
            doctor_id=slot.doctor_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            lines=checked_lines,
            **described,
            despite=despite,
            at=at,
        )

    def move(self, slot: Slot, *, rules: "BookingRules", despite: tuple[Despite, ...] = (), at: datetime) -> None:
        """Change time or doctor. Once the visit has begun, only a missing doctor can be added."""
        self.require_active()
        if slot == self.slot:
            return
        adds_doctor = self.slot.doctor_id is None and slot == msgspec.structs.replace(self.slot, doctor_id=slot.doctor_id)
        if not (self.awaited or (self.status == "in_progress" and adds_doctor)):
            raise VisitOver(status=self.status)
        rules.admit(slot)
        self.trigger(self.Moved, old=self.slot, new=slot, despite=despite, at=at)

    def describe(
        self,
        *,
        patient_id: UUID | None = None,
        lines: Sequence[Line] | None = None,
        room: str | None = None,
        comment: str | None = None,
        despite: tuple[Despite, ...] = (),
        at: datetime,
    ) -> None:
        """Change what isn't None; of a completed visit only the comment can change."""
        self.require_active()
        written = {name: value for name, value in (("room", room), ("comment", comment)) if value is not None}
        faults = Faults()
        with faults.gathered():
            checked_lines = None if lines is None else check_lines(lines)
        with faults.gathered():
            described = VISIT_FIELDS.changed({"room": self.room, "comment": self.comment}, written)
        faults.refuse()
        changes = DescriptionChanges(
            patient=change_to(self.patient_id, patient_id),
            lines=change_to(self.lines, checked_lines),
            room=change_to(self.room, str(described["room"])),
            comment=change_to(self.comment, str(described["comment"])),
        )
        if self.status == "completed" and (changes.patient or changes.lines or changes.room):
            raise VisitOver(status=self.status)
        if changes != DescriptionChanges():
            self.trigger(self.Described, changes=changes, despite=despite, at=at)

    def change_status(
        self, status: Status, *, rules: "BookingRules", local_now: datetime, despite: tuple[Despite, ...] = (), at: datetime
    ) -> None:
        """Change the status along TRANSITIONS. A visit that takes time again is checked like a new booking."""
        self.require_active()
        if status == self.status:
            return
        if status not in TRANSITIONS[self.status]:
            raise IllegalTransition(self.status, status)
        if status == "completed" and self.slot.doctor_id is None:
            raise DoctorRequired
        # while it had begun the schedule could change under it: if it is in the future it has to fit again
        live_again = status in AWAITED and self.status not in AWAITED and self.slot.starts_at > local_now
        if live_again or (status not in FREEING and self.status in FREEING):
            rules.admit(self.slot)
        self.trigger(self.StatusChanged, old=self.status, new=status, despite=despite, at=at)

    def return_(self, *, rules: "BookingRules", despite: tuple[Despite, ...] = (), at: datetime) -> None:
        """Return a deleted visit; refused if its time is no longer working time or free (DEL-2)."""
        self.require_deleted()
        if self.status not in FREEING:
            rules.admit(self.slot)
        self.trigger(self.Returned, despite=despite, at=at)

    def refusal_when_deleted(self) -> VisitDeleted:
        return VisitDeleted(id=self.id)

    @applies(Booked)
    def _booked(self, event: Booked) -> None:
        self.number = event.number
        self.patient_id = event.patient_id
        self.slot = Slot(event.doctor_id, event.starts_at, event.ends_at)
        self.lines = event.lines
        self.room = event.room
        self.comment = event.comment
        self.status = "planned"

    @applies(Moved)
    def _moved(self, event: Moved) -> None:
        self.slot = event.new

    @applies(Described)
    def _described(self, event: Described) -> None:
        changes = event.changes
        self.patient_id = changes.patient.new if changes.patient else self.patient_id
        self.lines = changes.lines.new if changes.lines else self.lines
        self.room = changes.room.new if changes.room else self.room
        self.comment = changes.comment.new if changes.comment else self.comment

    @applies(StatusChanged)
    def _status_changed(self, event: StatusChanged) -> None:
        self.status = event.new


VISIT_NUMBERS = Numbered("visit", "number", (Visit.Booked,))


class BookingRules(msgspec.Struct, frozen=True):
    """What decides whether a slot can be booked: hours, settings and the doctor (None for a visit without one)."""

    schedule: Schedule
    settings: ClinicSettings
    doctor: Employee | None

    def admit(self, slot: Slot) -> None:
        """Check a slot's times, doctor and working hours. Overlap with other visits is checked on save, see `Slot.overlaps`."""
        _check_times(slot.starts_at, slot.ends_at)
        if slot.doctor_id is None:
            if not self.settings.visit_without_doctor:
                raise DoctorRequired
            return
        if self.doctor is None or self.doctor.id != slot.doctor_id:
            raise DoctorRequired
        self.doctor.require_doctor()
        self.schedule.require_working(slot.doctor_id, slot.starts_at, slot.ends_at)


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    for field, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if moment.tzinfo is not None or moment.second or moment.microsecond:
            raise WrongValue(field, "Время визита указывается по часам клиники, с точностью до минуты.")
        if not EARLIEST <= moment <= LATEST:
            raise WrongValue(field, "Дата визита должна быть между 2000 и 2100 годом.")
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise WrongValue("ends_at", "Визит длится от 5 минут до 24 часов. Проверьте начало и конец.")
