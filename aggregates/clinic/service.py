"""A service of the price list: price, duration, the doctors who provide it and the materials it consumes.

Taking it from a doctor who has coming visits for it needs a confirmation (`takes_from`; requested by
`commands/clinic/service_warnings.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from aggregates.clinic.tax_code import TAX_CODE_CHOICES, TaxCode
from aggregates.deletion import ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.despite import Despite
from aggregates.fields import CHOICE, FLAG, LINE, MONEY, NUMBER, REFERENCE, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.money.receipt import VAT
from aggregates.values import FieldChange, Scalar, WrongValue, factor, field_changes

SERVICE_FIELDS = Fields(
    Field(name="name", label="Наименование", kind=LINE, limit=300, required=True),
    Field(name="category_id", label="Категория", kind=REFERENCE, refers="service_category"),
    Field(name="unit_id", label="Единица измерения", kind=REFERENCE, refers="unit"),
    Field(name="price", label="Цена", kind=MONEY, required=True),
    Field(name="duration", label="Продолжительность", kind=NUMBER, least=5, most=24 * 60, unit="мин", initial=30, required=True),
    Field(name="online", label="Онлайн-запись", kind=FLAG),
    VAT,
    Field(name="tax_code", label="Код для налогового вычета", kind=CHOICE, choices=TAX_CODE_CHOICES, initial="1"),
)
"""All but doctors and norms. `duration` in minutes."""
MOST_DOCTORS = 500
MOST_NORMS = 100


class ServiceDeleted(DomainError):
    """Facts: `service_id`."""

    code: ClassVar[str] = "service_deleted"

    @property
    def sentence(self) -> str:
        return "Услуга удалена. Выберите другую или верните её в справочнике услуг."


class Norm(msgspec.Struct, frozen=True):
    """How much of a material one service consumes. `quantity`: decimal text, in the goods' write-off unit."""

    goods_id: UUID
    quantity: str


class NobodyGivesIt(DomainError):
    """The doctor is the only one; an empty list would mean that all doctors provide it. Facts: `service_id`, `name`."""

    code: ClassVar[str] = "nobody_gives_service"

    @property
    def sentence(self) -> str:
        return f"Услугу «{self.facts['name']}» оказывает только этот врач. Отметьте её у другого врача или удалите услугу."


class Service(ReturnedAtWill):
    TOPIC = "service"

    name: str
    category: str
    """Free text from before the catalogue of categories; "" once a category is chosen."""
    category_id: UUID | None
    unit_id: UUID | None
    price: Decimal
    duration: int
    """Minutes."""
    online: bool
    """Patients may book it online."""
    vat: str
    """Its НДС; "": as the settings have it."""
    tax_code: TaxCode
    doctors: tuple[UUID, ...]
    """Ids of the doctors who provide it, sorted; empty: every doctor."""
    norms: tuple[Norm, ...]

    class Created(Event, frozen=True):
        TOPIC: ClassVar[str] = "service.created.1"
        name: str
        category: str
        price: Decimal
        duration: int
        category_id: UUID | None = None
        unit_id: UUID | None = None
        online: bool = False
        doctors: tuple[UUID, ...] = ()
        norms: tuple[Norm, ...] = ()
        vat: str = ""
        tax_code: TaxCode = "1"

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "service.changed.1"
        changes: tuple[FieldChange, ...]

    class DoctorsChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "service.doctors-changed.1"
        old: tuple[UUID, ...]
        new: tuple[UUID, ...]
        despite: tuple[Despite, ...] = ()
        """Warnings about coming visits that the person accepted; also below."""

    class NormsChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "service.norms-changed.1"
        old: tuple[Norm, ...]
        new: tuple[Norm, ...]

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "service.deleted.1"
        despite: tuple[Despite, ...] = ()

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "service.returned.1"

    def create(self, card: Mapping[str, Any], *, at: datetime) -> None:
        """`card`: name, category_id, unit_id, price (Decimal or its text), duration (minutes), online, vat, tax_code, doctors
        (their ids), norms (goods' id → quantity).
        """
        checked, doctors, norms = _decided(SERVICE_FIELDS.checked, *_split_card(card))
        self.trigger(
            self.Created,
            name=checked["name"],
            category="",
            price=Decimal(str(checked["price"])),
            duration=checked["duration"],
            category_id=_id(checked["category_id"]),
            unit_id=_id(checked["unit_id"]),
            online=checked["online"],
            tax_code=checked["tax_code"],
            doctors=doctors or (),
            norms=norms or (),
            vat=checked["vat"],
            at=at,
        )

    def change(self, fields: Mapping[str, Any], *, despite: tuple[Despite, ...] = (), at: datetime) -> None:
        """Change the given fields; no event without a difference. `despite`: accepted warnings about its doctors."""
        self.require_active()
        card = self.card()
        checked, doctors, norms = _decided(lambda plain: SERVICE_FIELDS.changed(card, plain), *_split_card(fields))
        changes = field_changes(card, checked)
        if self.category and checked["category_id"]:
            changes = (FieldChange("category", self.category, ""), *changes)
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)
        if doctors is not None and doctors != self.doctors:
            self.trigger(self.DoctorsChanged, old=self.doctors, new=doctors, despite=despite, at=at)
        if norms is not None and norms != self.norms:
            self.trigger(self.NormsChanged, old=self.norms, new=norms, at=at)

    def begin_giving(self, doctor_id: UUID, *, at: datetime) -> None:
        """Add the doctor; nothing changes if every doctor provides it."""
        if not self.is_given_by(doctor_id):
            self.change({"doctors": [*self.doctors, doctor_id]}, at=at)

    def stop_giving(self, doctor_id: UUID, everybody: Iterable[UUID], *, despite: tuple[Despite, ...] = (), at: datetime) -> None:
        """Remove the doctor; if every doctor provided it, all others still do. NobodyGivesIt."""
        if self.is_given_by(doctor_id):
            others = [other for other in (self.doctors or everybody) if other != doctor_id]
            if not others:
                raise NobodyGivesIt(service_id=self.id, name=self.name)
            self.change({"doctors": others}, despite=despite, at=at)

    def delete(self, *, despite: tuple[Despite, ...] = (), at: datetime) -> None:
        self.require_not_deleted()
        self.trigger(self.Deleted, despite=despite, at=at)

    def refusal_when_deleted(self) -> ServiceDeleted:
        return ServiceDeleted(service_id=self.id)

    def is_given_by(self, doctor_id: UUID) -> bool:
        return not self.doctors or doctor_id in self.doctors

    def takes_from(self, before: "Service", doctor_id: UUID | None) -> bool:
        """Whether the change from `before` takes the service from visits to the doctor (None: visits without one): it was
        deleted, or the doctor no longer provides it.
        """
        if before.deleted or self.deleted or doctor_id is None:
            return self.deleted and not before.deleted
        return before.is_given_by(doctor_id) and not self.is_given_by(doctor_id)

    def card(self) -> dict[str, Scalar]:
        """The card's plain fields; the price as decimal text, references as texts."""
        return {
            "name": self.name,
            "category_id": str(self.category_id) if self.category_id else None,
            "unit_id": str(self.unit_id) if self.unit_id else None,
            "price": str(self.price),
            "duration": self.duration,
            "online": self.online,
            "vat": self.vat,
            "tax_code": self.tax_code,
        }

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.name = event.name
        self.category = event.category
        self.category_id = event.category_id
        self.unit_id = event.unit_id
        self.price = event.price
        self.duration = event.duration
        self.online = event.online
        self.tax_code = event.tax_code
        self.doctors = event.doctors
        self.norms = event.norms
        self.vat = event.vat

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        card = {"category": self.category, **self.card(), **{change.field: change.new for change in event.changes}}
        self.name = str(card["name"])
        self.category = str(card["category"])
        self.category_id = _id(card["category_id"])
        self.unit_id = _id(card["unit_id"])
        self.price = Decimal(str(card["price"]))
        self.duration = int(card["duration"] or 0)
        self.online = bool(card["online"])
        self.vat = str(card["vat"])
        self.tax_code = "2" if card["tax_code"] == "2" else "1"

    @applies(DoctorsChanged)
    def _doctors_changed(self, event: DoctorsChanged) -> None:
        self.doctors = event.new

    @applies(NormsChanged)
    def _norms_changed(self, event: NormsChanged) -> None:
        self.norms = event.new


def _split_card(fields: Mapping[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """The plain fields, the doctors and the norms; None for doctors or norms that aren't given."""
    plain = {name: value for name, value in fields.items() if name not in {"doctors", "norms"}}
    return plain, fields.get("doctors"), fields.get("norms")


def _decided(
    check: Callable[[dict[str, Any]], dict[str, Scalar]], plain: dict[str, Any], doctors: Any, norms: Any
) -> tuple[dict[str, Scalar], tuple[UUID, ...] | None, tuple[Norm, ...] | None]:
    """The parts of a card, checked. WrongValue, WrongValues."""
    faults = Faults()
    with faults.gathered():
        checked = check(plain)
    with faults.gathered():
        given = None if doctors is None else _doctors(doctors)
    with faults.gathered():
        used = None if norms is None else _norms(norms)
    faults.refuse()
    return checked, given, used


def _id(checked: Scalar) -> UUID | None:
    return None if checked is None else UUID(str(checked))


def _doctors(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Sorted, so that the same doctors are no change."""
    doctors = tuple(sorted(set(ids)))
    if len(doctors) > MOST_DOCTORS:
        raise WrongValue("doctors", f"В списке больше {MOST_DOCTORS} врачей. Оставьте список пустым: услугу оказывают все.")
    return doctors


def _norms(quantities: Mapping[UUID, object]) -> tuple[Norm, ...]:
    if len(quantities) > MOST_NORMS:
        raise WrongValue("norms", f"В норме больше {MOST_NORMS} материалов. Сократите список.")
    return tuple(Norm(goods_id, factor("norms", quantity)) for goods_id, quantity in sorted(quantities.items()))
