"""A visit: a patient's time with a doctor. It is always booked into working time, and only a person moves it (SCH-14).

Visits of one doctor don't overlap (CAL-5): the rule is `Slot.overlaps`; `gateways/guards/visit_times.py` enforces it on save
against concurrent writers. It is a document too: what was done and sold, at which price, and what it used up. Its completion
writes goods and materials off, as a part of the same event; reopening takes them back (`visit_consumption.py`).
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
from aggregates.money.discounts import Amounts, Discount, checked_discount
from aggregates.numbering import Numbered
from aggregates.people.employee import Employee
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.visit_consumption import BY_HAND, FIRST_PLACE, Consumption, WarehouseRequired, WriteOff
from aggregates.scheduling.visit_lines import (
    GoodsLine,
    Line,
    MaterialLine,
    check_goods,
    check_lines,
    check_materials,
    consumed_lines,
    require_few,
    total_of,
    totals,
)
from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit, DoctorRequired, IllegalTransition, VisitDeleted, VisitOver
from aggregates.scheduling.visit_status import AWAITED, FREEING, TRANSITIONS, Status
from aggregates.stock.stock_warnings import Short
from aggregates.values import Change, WrongValue, change_to

Unset = msgspec.UnsetType
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
    goods: Change[tuple[GoodsLine, ...]] | None = None
    discount: Change[Discount | None] | None = None
    materials: Change[tuple[MaterialLine, ...] | None] | None = None
    """None within: those of the services' norms."""
    warehouse: Change[UUID | None] | None = None
    """None within: that of the settings."""

    @property
    def of_document(self) -> bool:
        """Whether anything but the comment changes."""
        return self != DescriptionChanges(comment=self.comment)


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


class Visit(DeletedAtWill):
    TOPIC = "visit"

    number: int
    patient_id: UUID
    slot: Slot
    lines: tuple[Line, ...]
    room: str
    comment: str
    status: Status
    goods: tuple[GoodsLine, ...] = ()
    discount: Discount | None = None
    """Of the whole visit, on what the lines' own discounts leave."""
    materials: tuple[MaterialLine, ...] | None = None
    """None: those of the services' norms, as they are at the completion."""
    warehouse_id: UUID | None = None
    """What goods and materials leave; None: that of the settings."""
    consumption: Consumption | None = None
    """What the completed visit took out of its warehouse. Stays while the visit is deleted, without effect."""
    ever_consumed: bool = False
    completions: int = 0
    """How often it was completed."""

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
        discount: Discount | None = None

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
        consumption: Consumption | None = None
        """Of a completion; the next status takes it back."""
        short: tuple[Short, ...] = ()
        """Accepted shortages of stock, here and below."""

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "visit.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "visit.returned.1"
        despite: tuple[Despite, ...] = ()
        short: tuple[Short, ...] = ()

    @property
    def occupying(self) -> bool:
        """Whether it takes the doctor's time (CAL-5)."""
        return not self.deleted and self.status not in FREEING

    @property
    def awaited(self) -> bool:
        """Whether it hasn't begun; while it is in the future it is live for the schedule (SCH-13)."""
        return not self.deleted and self.status in AWAITED

    @property
    def amounts(self) -> Amounts:
        """What it comes to, and its lines: services, then goods."""
        return totals(self.lines, self.goods, self.discount)

    @property
    def total(self) -> Decimal:
        """With all discounts."""
        return total_of(self.lines, self.goods, self.discount)

    @property
    def charged(self) -> Decimal:
        """What its patient owes for it, and payments pay: nothing unless it is completed and not deleted."""
        return self.total if self.status == "completed" and not self.deleted else Decimal("0.00")

    @property
    def consumes(self) -> Consumption | None:
        """What it takes out of stock now; nothing unless it is completed and not deleted."""
        return None if self.deleted else self.consumption

    def book(
        self,
        number: int,
        patient_id: UUID,
        slot: Slot,
        *,
        lines: Sequence[Line] = (),
        room: str = "",
        comment: str = "",
        discount: Discount | None = None,
        rules: "BookingRules",
        despite: tuple[Despite, ...] = (),
        at: datetime,
    ) -> None:
        """Book a patient into free working time; also in the past, because visits are sometimes entered later. `discount`: that
        of the patient's category.
        """
        rules.admit(slot)
        faults = Faults()
        with faults.gathered():
            require_few(lines)
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
            discount=checked_discount("discount", discount),
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
        goods: Sequence[GoodsLine] | None = None,
        discount: Discount | Unset | None = msgspec.UNSET,
        materials: Sequence[MaterialLine] | Unset | None = msgspec.UNSET,
        warehouse_id: UUID | Unset | None = msgspec.UNSET,
        despite: tuple[Despite, ...] = (),
        at: datetime,
    ) -> None:
        """Change what isn't None, or isn't unset where None means something; of a completed visit only the comment can change."""
        self.require_active()
        written = {name: value for name, value in (("room", room), ("comment", comment)) if value is not None}
        faults = Faults()
        services, sold = self.lines, self.goods
        reduced, used = self.discount, self.materials
        with faults.gathered():
            require_few(
                self.lines if lines is None else lines,
                self.goods if goods is None else goods,
                () if materials is None or isinstance(materials, Unset) else materials,
            )
        with faults.gathered():
            services = self.lines if lines is None else check_lines(lines)
        with faults.gathered():
            sold = self.goods if goods is None else check_goods(goods)
        with faults.gathered():
            reduced = self.discount if isinstance(discount, Unset) else checked_discount("discount", discount)
        with faults.gathered():
            if not isinstance(materials, Unset):
                used = None if materials is None else check_materials(materials)
        with faults.gathered():
            described = VISIT_FIELDS.changed({"room": self.room, "comment": self.comment}, written)
        faults.refuse()
        warehouse = self.warehouse_id if isinstance(warehouse_id, Unset) else warehouse_id
        changes = DescriptionChanges(
            patient=change_to(self.patient_id, patient_id),
            lines=change_to(self.lines, services),
            room=change_to(self.room, str(described["room"])),
            comment=change_to(self.comment, str(described["comment"])),
            goods=change_to(self.goods, sold),
            discount=None if reduced == self.discount else Change(self.discount, reduced),
            materials=None if used == self.materials else Change(self.materials, used),
            warehouse=None if warehouse == self.warehouse_id else Change(self.warehouse_id, warehouse),
        )
        if self.status == "completed" and changes.of_document:
            raise VisitOver(status=self.status)
        if changes != DescriptionChanges():
            self.trigger(self.Described, changes=changes, despite=despite, at=at)

    def change_status(
        self,
        status: Status,
        *,
        rules: "BookingRules",
        local_now: datetime,
        write_off: WriteOff = BY_HAND,
        despite: tuple[Despite, ...] = (),
        short: tuple[Short, ...] = (),
        at: datetime,
    ) -> None:
        """Change the status along TRANSITIONS. A visit that takes time again is checked like a new booking; one that is completed
        writes off its goods and materials. WarehouseRequired.
        """
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
        consumption = self._consumption(write_off) if status == "completed" else None
        self.trigger(
            self.StatusChanged, old=self.status, new=status, despite=despite, consumption=consumption, short=short, at=at
        )

    def _consumption(self, write_off: WriteOff) -> Consumption | None:
        by_hand = bool(self.goods or self.materials)
        warehouse_id = self.warehouse_id or write_off.warehouse_id
        if warehouse_id is None and by_hand:
            raise WarehouseRequired
        materials = write_off.materials if self.materials is None else self.materials
        if warehouse_id is None or not (self.goods or materials):
            return None  # a clinic whose settings name no warehouse writes nothing off by its norms
        lines = tuple(consumed_lines(self.goods, materials, self.amounts))
        return Consumption(self.number, FIRST_PLACE + self.number, self.slot.ends_at, warehouse_id, lines)

    def return_(
        self, *, rules: "BookingRules", despite: tuple[Despite, ...] = (), short: tuple[Short, ...] = (), at: datetime
    ) -> None:
        """Return a deleted visit; refused if its time is no longer working time or free (DEL-2). A completed one writes off what
        it had written off.
        """
        self.require_deleted()
        if self.status not in FREEING:
            rules.admit(self.slot)
        self.trigger(self.Returned, despite=despite, short=short, at=at)

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
        self.discount = event.discount
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
        self.goods = changes.goods.new if changes.goods else self.goods
        self.discount = changes.discount.new if changes.discount else self.discount
        self.materials = changes.materials.new if changes.materials else self.materials
        self.warehouse_id = changes.warehouse.new if changes.warehouse else self.warehouse_id

    @applies(StatusChanged)
    def _status_changed(self, event: StatusChanged) -> None:
        self.status = event.new
        self.consumption = event.consumption
        self.ever_consumed = self.ever_consumed or event.consumption is not None
        self.completions += event.new == "completed"


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
