"""An employee's card: who they are and whether they take visits; deleted ones stay and can be returned (DEL-1)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.files import StoredFile
from aggregates.kernel import DomainError, Event, applies
from aggregates.people.person import PersonName, email, person_name
from aggregates.people.staff_record import NOTHING_KNOWN, STAFF_FIELDS, StaffRecord, checked_record, record_of
from aggregates.phones import phone
from aggregates.values import FieldChange, Scalar, WrongValue, field_changes, flag, only_known, rechecked, text

_COLOR = re.compile(r"#[0-9a-f]{6}")


class NotADoctor(DomainError):
    """The employee takes no visits. Facts: `employee_id`."""

    code: ClassVar[str] = "not_a_doctor"

    @property
    def sentence(self) -> str:
        return "Этот сотрудник не ведёт приём. Выберите врача или отметьте в карточке сотрудника, что он ведёт приём."


class InternalNumberTaken(DomainError):
    """Another kept employee has this number. Facts: `internal_number`, `employee_id` (whose it is)."""

    code: ClassVar[str] = "internal_number_taken"

    @property
    def sentence(self) -> str:
        return f"Внутренний номер {self.facts['internal_number']} уже у другого сотрудника. Укажите другой номер."


class Employee(Deletable):
    TOPIC = "employee"

    number: int
    name: PersonName
    position: str
    """As it is written where none is chosen from the catalogue."""
    phone: str
    email: str
    takes_visits: bool
    color: str
    record: StaffRecord
    photo: StoredFile | None

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

    class PhotoChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "employee.photo-changed.1"
        old: StoredFile | None
        new: StoredFile | None

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "employee.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "employee.returned.1"

    def hire(self, number: int, card: dict[str, Any], *, at: datetime) -> None:
        """`card`: any of family_name, given_name, patronymic, position, phone, email, takes_visits, color, and of the fields
        of `StaffRecord`.
        """
        checked = _checked({**_EMPTY, **card}, at)
        name = PersonName(*(str(checked.pop(part)) for part in ("family_name", "given_name", "patronymic")))
        plain = {field: value for field, value in checked.items() if field not in STAFF_FIELDS}
        self.trigger(self.Hired, number=number, name=name, **plain, record=record_of(checked), at=at)

    def change_card(self, fields: dict[str, Any], *, at: datetime) -> None:
        """Change the given fields; without a difference there is no event."""
        self.require_kept()
        card = rechecked(lambda card: _checked(card, at), self.card(), fields, _EMPTY)
        changes = field_changes(self.card(), {**card, "position": "" if card["position_id"] else card["position"]})
        if changes:
            self.trigger(self.CardChanged, changes=changes, at=at)

    def change_photo(self, photo: StoredFile | None, *, at: datetime) -> None:
        """Another photo, or none; the file is in the store already. EmployeeDeleted."""
        self.require_kept()
        if photo != self.photo:
            self.trigger(self.PhotoChanged, old=self.photo, new=photo, at=at)

    def delete(self, *, at: datetime) -> None:
        self.require_not_deleted()
        self.trigger(self.Deleted, at=at)

    def return_(self, *, at: datetime) -> None:
        self.require_deleted()
        self.trigger(self.Returned, at=at)

    def require_kept(self) -> None:
        if self.deleted:
            raise EmployeeDeleted(employee_id=self.id)

    def require_doctor(self) -> None:
        """Refuse who can't be booked at all (SCH-4)."""
        self.require_kept()
        if not self.takes_visits:
            raise NotADoctor(employee_id=self.id)

    def card(self) -> dict[str, Scalar]:
        """The card's fields as they stand."""
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
        self.photo = None

    @applies(CardChanged)
    def _card_changed(self, event: CardChanged) -> None:
        card = {**self.card(), **{change.field: change.new for change in event.changes}}
        self.name = PersonName(*(str(card[part]) for part in ("family_name", "given_name", "patronymic")))
        self.position = str(card["position"])
        self.phone = str(card["phone"])
        self.email = str(card["email"])
        self.takes_visits = bool(card["takes_visits"])
        self.color = str(card["color"])
        self.record = record_of(card)

    @applies(PhotoChanged)
    def _photo_changed(self, event: PhotoChanged) -> None:
        self.photo = event.new


_EMPTY: dict[str, Scalar] = {
    **PersonName().fields(),
    "position": "",
    "phone": "",
    "email": "",
    "takes_visits": False,
    "color": "",
    **NOTHING_KNOWN.fields(),
}


def _checked(card: Mapping[str, Any], at: datetime) -> dict[str, Scalar]:
    only_known(card, _EMPTY)
    record = checked_record(card, at.date())
    return {
        **person_name(card["family_name"], card["given_name"], card["patronymic"]).fields(),
        "position": "" if record["position_id"] else text("position", card["position"], limit=200),
        "phone": phone("phone", card["phone"]),
        "email": email("email", card["email"]),
        "takes_visits": flag("takes_visits", card["takes_visits"]),
        "color": _color(card["color"]),
        **record,
    }


def _color(value: object) -> str:
    written = text("color", value, limit=7).lower()
    if written and _COLOR.fullmatch(written) is None:
        raise WrongValue("color", "Цвет записывается как #2f6fdd.")
    return written


class EmployeeDeleted(DomainError):
    """The employee is deleted. Facts: `employee_id`."""

    code: ClassVar[str] = "employee_deleted"

    @property
    def sentence(self) -> str:
        return "Сотрудник удалён. Верните его в справочнике сотрудников или выберите другого."
