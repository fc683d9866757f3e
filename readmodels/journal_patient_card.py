"""Changes of patients' cards as the journal tells them."""

from uuid import UUID

from aggregates.people.patient_card import PatientCard
from readmodels.journal_values import NAME_FIELDS, PATIENT_FIELDS, Change, Named, filled


def created(event: PatientCard.Created) -> list[Change]:
    card = {name: getattr(event, name) for name in ("card_number", "phone", "birth_date", "sex", "comment")}
    return [*filled(PATIENT_FIELDS, {**event.name.fields(), **card, **event.details}.items()), *categories((), event.categories)]


def concerned(event: PatientCard.Created) -> list[UUID]:
    """Other objects that a new card refers to."""
    source = event.details.get("source_id")
    return [*([UUID(str(source))] if source else []), *event.categories]


def categories(old: tuple[UUID, ...], new: tuple[UUID, ...]) -> list[Change]:
    added = [Change("Категория", None, Named("patient_category", one)) for one in new if one not in old]
    return added + [Change("Категория", Named("patient_category", one), None) for one in old if one not in new]


def absorbed(event: PatientCard.Absorbed) -> list[Change]:
    """The other card by what it was known by."""
    known = {**event.name.fields(), "phone": event.phone}
    fields = NAME_FIELDS | {"phone": PATIENT_FIELDS["phone"]}
    return [Change("Присоединена карта", None, f"№ {event.card_number}"), *filled(fields, known.items())]
