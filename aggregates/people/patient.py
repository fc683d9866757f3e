"""A patient's card: who the patient is and how to reach them; the card number is unique in the clinic (PAT-1)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.deletion import ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import Faults
from aggregates.kernel import DomainError, Event, applies
from aggregates.numbering import Numbered
from aggregates.patients_named import NamedPatient
from aggregates.people.patient_fields import DETAILS, NO_DETAILS, PATIENT_FIELDS, category_ids
from aggregates.people.patient_merging import (
    NO_CHOICES,
    NOTHING_TAKEN,
    CardMerged,
    HasMergedCards,
    NotMerged,
    Side,
    Taken,
    merged_side,
    rebased,
    restored_side,
)
from aggregates.people.person import SEX_LABELS, PersonName, Sex
from aggregates.people.photo import PhotoReplaced, WithPhoto
from aggregates.people.registry_acceptance import LIMITED, Accepted, require_birth_date, require_name
from aggregates.values import Change, FieldChange, Scalar, WrongValue, field_changes


class CardNumberTaken(DomainError):
    """Another patient has this card number (PAT-1). Checked on save by `gateways/guards/card_number.py`.

    Facts: `field`, `card_number`, `by` (the other patient's `id`, `name`, `card_number`; null if the user may not open the card).
    """

    code: ClassVar[str] = "card_number_taken"

    def __init__(self, *, card_number: str, by: UUID) -> None:
        super().__init__(field="card_number", card_number=card_number, by=NamedPatient(by))

    @property
    def sentence(self) -> str:
        return f"Номер карты {self.facts['card_number']} уже занят другим пациентом. Укажите другой номер."


class PatientDeleted(DomainError):
    """Facts: `patient_id`."""

    code: ClassVar[str] = "patient_deleted"

    @property
    def sentence(self) -> str:
        return "Карта пациента удалена. Верните её или выберите другого пациента."


class AnotherDoctorsPatient(DomainError):
    """The user may see and change only the cards of their own patients (ACL-9). Commands and routes check it with the guard
    `gateways/guards/doctors_patients.py`.
    """

    code: ClassVar[str] = "another_doctors_patient"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Вам открыты карты только ваших пациентов, а этот к вам не записан. Обратитесь к администратору клиники."


class CardsNotOpen(DomainError):
    """The user may book and create patients, but not see more of them than the name (VIS-6). Routes that show cards check it."""

    code: ClassVar[str] = "cards_not_open"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Карты пациентов вам не открыты. Их открывают права «Показывать информацию о пациенте в визите» и «Пациенты»."


class PatientHasVisits(DomainError):
    """A patient with coming visits can't be deleted. Facts: `visits`, a list of ConflictingVisit; `others`: the number of further
    visits, which the user may not see.
    """

    code: ClassVar[str] = "patient_has_visits"

    @property
    def sentence(self) -> str:
        visible, others = len(self.facts["visits"]), self.facts["others"]
        of_others = f", из них к другим врачам: {others}" if others else ""
        return f"Пациент записан на приём, визитов: {visible + others}{of_others}. Отмените их или удалите, потом удалите карту."


class PatientHasMoney(DomainError):
    """A card with money on it isn't deleted: its debts and prepayments would be nobody's. Facts: `debt`, `prepayment` (whether
    there are such; how much is for those who may see a patient's finances).
    """

    code: ClassVar[str] = "patient_has_money"

    @property
    def sentence(self) -> str:
        found = [
            *(["аванс: верните деньги"] if self.facts["prepayment"] else []),
            *(["долг: примите оплату"] if self.facts["debt"] else []),
        ]
        return f"У пациента есть {', и '.join(found)}. Если карта лишняя, объедините её с основной: деньги перейдут."


class PatientCard(ReturnedAtWill, WithPhoto):
    TOPIC = "patient"

    card_number: str
    name: PersonName
    phone: str
    birth_date: str
    sex: Sex
    comment: str
    details: dict[str, Scalar]
    """All fields of `patient_fields.DETAILS`."""
    categories: tuple[UUID, ...]
    """Ids, sorted."""
    registry: Accepted | None
    """Name and birth date that the federal registry last accepted; None before the first transfer."""
    merged_into: UUID | None
    """The survivor, if this card was merged into another; then no card is merged into this one."""
    absorbed: tuple[UUID, ...]
    """The cards merged into this one."""
    taken: dict[UUID, Taken]
    """What this card took from each of them, in the order of the merges."""

    class Created(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.created.1"
        card_number: str
        name: PersonName
        phone: str
        birth_date: str
        sex: Sex
        comment: str
        details: dict[str, Scalar] = msgspec.field(default_factory=dict)
        """Only those that aren't empty."""
        categories: tuple[UUID, ...] = ()

    class CardChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.card-changed.1"
        changes: tuple[FieldChange, ...]

    class CategoriesChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.categories-changed.1"
        old: tuple[UUID, ...]
        new: tuple[UUID, ...]

    class PhotoChanged(PhotoReplaced, frozen=True):
        TOPIC: ClassVar[str] = "patient.photo-changed.1"

    class AcceptedByRegistry(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.accepted-by-registry.1"
        name: PersonName
        birth_date: str

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "patient.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "patient.returned.1"

    class Absorbed(Event, frozen=True):
        """Another card was merged into this one; its number, name and phone still find the person."""

        TOPIC: ClassVar[str] = "patient.absorbed.1"
        patient_id: UUID
        card_number: str
        name: PersonName
        phone: str
        taken: Taken = NOTHING_TAKEN
        """What this card took from the other by the events just before; separating them gives it back."""

    class MergedInto(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.merged-into.1"
        into: UUID

    class Released(Event, frozen=True):
        """A merged card was separated from this one."""

        TOPIC: ClassVar[str] = "patient.released.1"
        patient_id: UUID

    class Separated(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient.separated.1"
        kept: UUID

    def create(self, card: dict[str, Any], *, today: date, at: datetime) -> None:
        """`card`: card_number, any of the other `PATIENT_FIELDS`, and categories (their ids). WrongValue, WrongValues."""
        plain, categories = _split_card(card)
        faults = Faults()
        with faults.gathered():
            checked = PATIENT_FIELDS.checked(plain, today)
        with faults.gathered():
            chosen = category_ids(categories or ())
        faults.refuse()
        details = {field: checked[field] for field in DETAILS if checked[field] != ""}
        own = {field: checked[field] for field in ("card_number", "phone", "birth_date", "sex", "comment")}
        self.trigger(self.Created, name=PersonName.of(checked), **own, details=details, categories=chosen, at=at)

    def change_card(self, fields: dict[str, Any], *, today: date, at: datetime) -> None:
        """Change the given fields; no event without a difference.

        WrongValue, WrongValues, BirthDateAccepted, NameAccepted, PatientDeleted.
        """
        self.require_active()
        plain, categories = _split_card(fields)
        faults = Faults()
        with faults.gathered():
            changes = field_changes(self.card(), PATIENT_FIELDS.changed(self.card(), plain, today))
        with faults.gathered():
            chosen = self.categories if categories is None else category_ids(categories)
        faults.refuse()
        if changes:
            self._require_acceptable({change.field: change.new for change in changes})
            self.trigger(self.CardChanged, changes=changes, at=at)
        if chosen != self.categories:
            self.trigger(self.CategoriesChanged, old=self.categories, new=chosen, at=at)

    def delete(
        self,
        coming: Sequence[ConflictingVisit],
        *,
        debt: Decimal = Decimal(0),
        prepayment: Decimal = Decimal(0),
        only_doctor_id: UUID | None = None,
        at: datetime,
    ) -> None:
        """`coming`: the patient's coming visits; `debt`, `prepayment`: rubles; `only_doctor_id`: the only doctor whose visits the
        user may see. PatientHasVisits, PatientHasMoney.
        """
        self.require_not_deleted()
        self.require_active()
        if (refusal := self.conflicting_visits(coming, only_doctor_id=only_doctor_id)) is not None:
            raise refusal
        if debt or prepayment:
            raise PatientHasMoney(debt=bool(debt), prepayment=bool(prepayment))
        self.trigger(self.Deleted, at=at)

    @staticmethod
    def conflicting_visits(coming: Sequence[ConflictingVisit], *, only_doctor_id: UUID | None = None) -> PatientHasVisits | None:
        """The refusal that `delete` raises for coming visits."""
        visible = [visit for visit in coming if only_doctor_id in {None, visit.doctor_id}]
        return PatientHasVisits(visits=visible, others=len(coming) - len(visible)) if coming else None

    def refusal_when_deleted(self) -> PatientDeleted:
        return PatientDeleted(patient_id=self.id)

    def require_active(self) -> None:
        """Refuse a deleted or merged card: it can't be changed or booked. PatientDeleted, CardMerged."""
        super().require_active()
        if self.merged_into is not None:
            raise CardMerged(self.id, self.merged_into)

    def absorb(self, other: "PatientCard", choices: Mapping[str, str] = NO_CHOICES, *, at: datetime) -> None:
        """Merge the other card into this one; `merge_into` is the other half. `choices`: group of fields → whose value stays (see
        `patient_merging.questions`). PatientDeleted, CardMerged, WrongValue, BirthDateAccepted, NameAccepted.
        """
        if other.id == self.id:
            raise WrongValue("patient_id", "Карту нельзя объединить с самой собой. Выберите другую.")
        self.require_active()
        identity = {"card_number": other.card_number, "name": other.name, "phone": other.phone}
        before = self.side()
        merged = merged_side(before, other.side(), choices)
        self._require_acceptable({change.field: change.new for change in field_changes(before.card, merged.card)})
        self._become(merged, at=at)
        after = self.side()
        taken = Taken(
            field_changes(before.card, after.card),
            tuple(one for one in after.categories if one not in before.categories),
            None if after.photo == before.photo else Change(before.photo, after.photo),
        )
        self.trigger(self.Absorbed, patient_id=other.id, **identity, taken=taken, at=at)

    def side(self) -> Side:
        """The parts of the card that a merge compares."""
        return Side(self.card(), self.categories, self.photo)

    def _become(self, side: Side, *, at: datetime) -> None:
        """Change what differs, without checks: stored values stay valid when rules change."""
        if changes := field_changes(self.card(), side.card):
            self.trigger(self.CardChanged, changes=changes, at=at)
        if (chosen := category_ids(side.categories)) != self.categories:
            self.trigger(self.CategoriesChanged, old=self.categories, new=chosen, at=at)
        self.change_photo(side.photo, at=at)

    def merge_into(self, survivor_id: UUID, *, at: datetime) -> None:
        """PatientDeleted, CardMerged, HasMergedCards: merged cards have no merged cards themselves, so there are no cycles."""
        self.require_active()
        if self.absorbed:
            raise HasMergedCards(patient_id=self.id)
        self.trigger(self.MergedInto, into=survivor_id, at=at)

    def release(self, patient_id: UUID, *, at: datetime) -> None:
        """NotMerged, PatientDeleted."""
        self.require_active()
        if patient_id not in self.absorbed:
            raise NotMerged(patient_id=patient_id, into=self.id)
        back = restored_side(self.side(), self.taken.get(patient_id, NOTHING_TAKEN))
        try:
            self._require_acceptable({change.field: change.new for change in field_changes(self.card(), back.card)})
        except DomainError:  # what the registry has accepted since then stays
            back = Side({**back.card, **{field: self.card()[field] for field in LIMITED}}, back.categories, back.photo)
        self._become(back, at=at)
        self.trigger(self.Released, patient_id=patient_id, at=at)

    def separate(self, survivor_id: UUID, *, at: datetime) -> None:
        """NotMerged."""
        if self.merged_into != survivor_id:
            raise NotMerged(patient_id=self.id, into=survivor_id)
        self.trigger(self.Separated, kept=survivor_id, at=at)

    def accept_by_registry(self, name: PersonName, birth_date: str, *, at: datetime) -> None:
        """Record what the registry accepted: name and birth date as they were sent, perhaps before later changes of the card.

        What sends cards to the registry calls it; nothing does yet.
        """
        if self.registry != Accepted(name, birth_date):
            self.trigger(self.AcceptedByRegistry, name=name, birth_date=birth_date, at=at)

    def _require_acceptable(self, changed: dict[str, Scalar]) -> None:
        """Refuse changes that the registry wouldn't accept (PAT-4)."""
        if self.registry is None:
            return
        if "birth_date" in changed:
            require_birth_date(self.registry, str(changed["birth_date"]))
        parts = {part: str(changed.get(part, value)) for part, value in self.name.fields().items()}
        if parts != self.name.fields():
            require_name(self.registry, PersonName(**parts))

    def card(self) -> dict[str, Scalar]:
        """The card's plain fields."""
        return {
            "card_number": self.card_number,
            **self.name.fields(),
            "phone": self.phone,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "comment": self.comment,
            **self.details,
        }

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.card_number = event.card_number
        self.name = event.name
        self.phone = event.phone
        self.birth_date = event.birth_date
        self.sex = event.sex
        self.comment = event.comment
        self.details = {**NO_DETAILS, **event.details}
        self.categories = event.categories
        self.registry = None
        self.merged_into = None
        self.absorbed = ()
        self.taken = {}

    @applies(CardChanged)
    def _card_changed(self, event: CardChanged) -> None:
        card = {**self.card(), **{change.field: change.new for change in event.changes}}
        self.card_number = str(card["card_number"])
        self.name = PersonName.of(card)
        self.phone = str(card["phone"])
        self.birth_date = str(card["birth_date"])
        self.sex = _SEXES[str(card["sex"])]
        self.comment = str(card["comment"])
        self.details = {field: card[field] for field in DETAILS}

    @applies(CategoriesChanged)
    def _categories_changed(self, event: CategoriesChanged) -> None:
        self.categories = event.new

    @applies(AcceptedByRegistry)
    def _accepted_by_registry(self, event: AcceptedByRegistry) -> None:
        self.registry = Accepted(event.name, event.birth_date)

    @applies(Absorbed)
    def _absorbed(self, event: Absorbed) -> None:
        self.absorbed = (*self.absorbed, event.patient_id)
        self.taken = {**self.taken, event.patient_id: event.taken}

    @applies(MergedInto)
    def _merged_into(self, event: MergedInto) -> None:
        self.merged_into = event.into

    @applies(Released)
    def _released(self, event: Released) -> None:
        self.absorbed = tuple(patient_id for patient_id in self.absorbed if patient_id != event.patient_id)
        gone = self.taken.get(event.patient_id, NOTHING_TAKEN)
        self.taken = {other: rebased(taken, gone) for other, taken in self.taken.items() if other != event.patient_id}

    @applies(Separated)
    def _separated(self, _: Separated) -> None:
        self.merged_into = None


CARD_NUMBERS = Numbered("patient", "card_number", (PatientCard.Created, PatientCard.CardChanged), typed=True)


def _split_card(fields: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The plain fields, and the categories or None if they aren't given."""
    return {name: value for name, value in fields.items() if name != "categories"}, fields.get("categories")


_SEXES: dict[str, Sex] = {str(sex): sex for sex in SEX_LABELS}
