"""An employee's card: who they are and whether they take visits (DEL-1)."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.employees_named import NamedEmployee, RefusalOfEmployee
from aggregates.fields import COLOR, FLAG, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.numbering import Numbered
from aggregates.people.person import EMAIL, NAME_FIELDS, PersonName, require_name
from aggregates.people.photo import PhotoReplaced, WithPhoto
from aggregates.people.staff_record import NOTHING_KNOWN, STAFF_FIELDS, StaffRecord, record_of
from aggregates.phones import PHONE
from aggregates.values import FieldChange, Scalar, field_changes

EMPLOYEE_FIELDS = Fields(
    *NAME_FIELDS,
    Field(name="position", label="Должность"),
    Field(name="phone", label="Телефон", kind=PHONE),
    Field(name="email", label="E-mail", kind=EMAIL),
    Field(name="takes_visits", label="Ведёт приём", kind=FLAG),
    Field(name="color", label="Цвет в календаре", kind=COLOR),
    *STAFF_FIELDS.values(),
    together=require_name,
)


class NotADoctor(RefusalOfEmployee):
    """The employee takes no visits. Facts: `employee_id`."""

    code: ClassVar[str] = "not_a_doctor"

    @property
    def sentence(self) -> str:
        return "Этот сотрудник не ведёт приём. Выберите врача или отметьте в карточке сотрудника, что он ведёт приём."


class InternalNumberTaken(DomainError):
    """Another active employee has this number. Checked on save by `gateways/guards/internal_number.py`.

    Facts: `internal_number`, `employee_id` (its owner).
    """

    code: ClassVar[str] = "internal_number_taken"

    def __init__(self, *, internal_number: str, employee_id: UUID) -> None:
        super().__init__(internal_number=internal_number, employee_id=employee_id, employee=NamedEmployee(employee_id))

    @property
    def sentence(self) -> str:
        return f"Внутренний номер {self.facts['internal_number']} уже у другого сотрудника. Укажите другой номер."


class Employee(DeletedAtWill, ReturnedAtWill, WithPhoto):
    TOPIC = "employee"

    number: int
    name: PersonName
    position: str
    """Free text, if no position of the catalogue is chosen."""
    phone: str
    email: str
    takes_visits: bool
    color: str
    record: StaffRecord

    class Hired(Event, frozen=True):
        TOPIC: ClassVar[str] = "employee.hired.1"
        number: int
        name: PersonName
        position: str
        phone: str
        email: str
        takes_visits: bool
        color: str
        record: StaffRecord = NOTHING_KNOWN

    class CardChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "employee.card-changed.1"
        changes: tuple[FieldChange, ...]

    class PhotoChanged(PhotoReplaced, frozen=True):
        TOPIC: ClassVar[str] = "employee.photo-changed.1"

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "employee.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "employee.returned.1"

    def hire(self, number: int, card: dict[str, Any], *, at: datetime) -> None:
        """`card`: any of `EMPLOYEE_FIELDS`. WrongValue, WrongValues."""
        checked = _with_one_position(EMPLOYEE_FIELDS.checked(card, at.date()))
        plain = {field: checked[field] for field in ("position", "phone", "email", "takes_visits", "color")}
        self.trigger(self.Hired, number=number, name=PersonName.of(checked), **plain, record=record_of(checked), at=at)

    def change_card(self, fields: dict[str, Any], *, at: datetime) -> None:
        """Change the given fields; no event without a difference."""
        self.require_active()
        changes = field_changes(self.card(), _with_one_position(EMPLOYEE_FIELDS.changed(self.card(), fields, at.date())))
        if changes:
            self.trigger(self.CardChanged, changes=changes, at=at)

    def refusal_when_deleted(self) -> "EmployeeDeleted":
        return EmployeeDeleted(employee_id=self.id)

    def require_doctor(self) -> None:
        """Refuse an employee who can't be booked (SCH-4). EmployeeDeleted, NotADoctor."""
        self.require_active()
        if not self.takes_visits:
            raise NotADoctor(employee_id=self.id)

    def card(self) -> dict[str, Scalar]:
        """The card's fields."""
        return {
            **self.name.fields(),
            "position": self.position,
            "phone": self.phone,
            "email": self.email,
            "takes_visits": self.takes_visits,
            "color": self.color,
            **self.record.fields(),
        }

    @applies(Hired)
    def _hired(self, event: Hired) -> None:
        self.number = event.number
        self.name = event.name
        self.position = event.position
        self.phone = event.phone
        self.email = event.email
        self.takes_visits = event.takes_visits
        self.color = event.color
        self.record = event.record

    @applies(CardChanged)
    def _card_changed(self, event: CardChanged) -> None:
        card = {**self.card(), **{change.field: change.new for change in event.changes}}
        self.name = PersonName.of(card)
        self.position = str(card["position"])
        self.phone = str(card["phone"])
        self.email = str(card["email"])
        self.takes_visits = bool(card["takes_visits"])
        self.color = str(card["color"])
        self.record = record_of(card)


EMPLOYEE_NUMBERS = Numbered("employee", "number", (Employee.Hired,))


def _with_one_position(card: dict[str, Scalar]) -> dict[str, Scalar]:
    """The position is either chosen from the catalogue or free text, never both."""
    return {**card, "position": "" if card["position_id"] else card["position"]}


class EmployeeDeleted(RefusalOfEmployee):
    """The employee is deleted. Facts: `employee_id`."""

    code: ClassVar[str] = "employee_deleted"

    @property
    def sentence(self) -> str:
        return "Сотрудник удалён. Верните его в справочнике сотрудников или выберите другого."
