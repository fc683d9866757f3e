"""Words of patients' cards."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogues import PatientCategory, Source
from aggregates.people.patient import PatientCard
from aggregates.people.patient_fields import DETAILS, PATIENT_FIELDS
from aggregates.people.person import PersonName
from aggregates.people.registry_acceptance import format_partial_date
from readmodels.words.accessed import DELETED, QUERY, AccessedList, Filter, yes_no
from readmodels.words.declaration import ByWords, Text, Words
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    changed_file,
    described_fields,
    filled_fields,
    format_file,
)

_NAMES = PersonName.__struct_fields__
FIELDS = {name: PATIENT_FIELDS[name] for name in (*_NAMES, *(one for one in PATIENT_FIELDS if one != "comment"), "comment")}
"""In reading order: the name first, the comment last."""


def _card(card_id: UUID) -> Named:
    return Named(PatientCard.TOPIC, card_id)


def _created(event: PatientCard.Created) -> list[Change]:
    card = {name: getattr(event, name) for name in ("card_number", "phone", "birth_date", "sex", "comment")}
    values = {**event.name.fields(), **card, **event.details}
    return [*filled_fields(FIELDS, values.items()), *_categories((), event.categories)]


def _created_refs(event: PatientCard.Created) -> Iterable[UUID]:
    source = event.details.get("source_id")
    return [*([UUID(str(source))] if source else []), *event.categories]


def _categories(old: tuple[UUID, ...], new: tuple[UUID, ...]) -> list[Change]:
    added = [Change("Категория", None, Named(PatientCategory.TOPIC, one)) for one in new if one not in old]
    return added + [Change("Категория", Named(PatientCategory.TOPIC, one), None) for one in old if one not in new]


def _accepted(event: PatientCard.AcceptedByRegistry) -> list[Change]:
    return filled_fields(FIELDS, {**event.name.fields(), "birth_date": event.birth_date}.items())


def _absorbed(event: PatientCard.Absorbed) -> list[Change]:
    """The merged card's number, name and phone."""
    known = {**event.name.fields(), "phone": event.phone}
    return [Change("Присоединена карта", None, f"№ {event.card_number}"), *filled_fields(FIELDS, known.items())]


def _state(card: PatientCard) -> Described:
    """Of the details only those that aren't empty."""
    known = {field: value for field, value in card.card().items() if field not in DETAILS or value != ""}
    yield from described_fields({name: field for name, field in FIELDS.items() if name in known}, known)
    yield from (("Категория", Named(PatientCategory.TOPIC, category_id)) for category_id in card.categories)
    if card.registry is not None:
        yield (
            "Принята ЕГИСЗ",
            f"{card.registry.name.full}, {format_partial_date(card.registry.birth_date) or 'без даты рождения'}",
        )
    if card.photo is not None:
        yield "Фотография", format_file(card.photo)
    if card.merged_into is not None:
        yield "Присоединена к карте", _card(card.merged_into)
    for part in card.absorbed:
        yield "Присоединена карта", _card(part)
    yield "Удалена", YES_NO[card.deleted]


PATIENT_CARD = Words(
    kind=PatientCard,
    label="Карта пациента",
    title="Карта пациента № {1} ({0})",
    names="SELECT patient_id, name, card_number FROM patients WHERE patient_id = ANY(%s)",
    found_by=ByWords("SELECT patient_id FROM patients", "search"),
    numbered="SELECT patient_id FROM patients WHERE card_number = %s",
    patient_of=lambda card: card.id,
    actions={
        "patient_created": "Новый пациент",
        "patient_changed": "Изменение карты пациента",
        "patient_photo": "Фотография пациента",
        "patient_accepted": "Передача карты в ЕГИСЗ",
        "patient_merged": "Объединение карт пациентов",
        "patient_separated": "Разъединение карт пациентов",
        "patient_deleted": "Удаление карты пациента",
        "patient_returned": "Возврат карты пациента",
    },
    events={
        PatientCard.Created: Text("patient_created", "создана", _created, _created_refs),
        PatientCard.CardChanged: Text("patient_changed", "изменена", lambda e: changed_fields(FIELDS, e.changes)),
        PatientCard.CategoriesChanged: Text(
            "patient_changed",
            ": изменены категории",
            lambda e: _categories(e.old, e.new),
            lambda e: {*e.old} ^ {*e.new},
        ),
        PatientCard.PhotoChanged: Text(
            "patient_photo", ": изменена фотография", lambda e: changed_file("Фотография", e.old, e.new)
        ),
        PatientCard.AcceptedByRegistry: Text("patient_accepted", "принята ЕГИСЗ", _accepted),
        PatientCard.Absorbed: Text("patient_merged", ": присоединена другая карта", _absorbed, lambda e: [e.patient_id]),
        PatientCard.MergedInto: Text(
            "patient_merged",
            "присоединена к другой карте",
            lambda e: [Change("Основная карта", None, _card(e.into))],
            lambda e: [e.into],
        ),
        PatientCard.Released: Text(
            "patient_separated",
            ": отделена другая карта",
            lambda e: [Change("Отделена карта", _card(e.patient_id), None)],
            lambda e: [e.patient_id],
        ),
        PatientCard.Separated: Text(
            "patient_separated",
            "отделена от другой карты",
            lambda e: [Change("Основная карта", _card(e.kept), None)],
            lambda e: [e.kept],
        ),
        PatientCard.Deleted: Text("patient_deleted", "удалена"),
        PatientCard.Returned: Text("patient_returned", "возвращена"),
    },
    state=_state,
)

PATIENTS_ACCESSED = AccessedList(
    type=PatientCard.TOPIC,
    label="Пациенты",
    path="/patients",
    rights=("patients", "calendar"),
    filters={
        **QUERY,
        "category_id": Filter("категория", refers=PatientCategory.TOPIC),
        "source_id": Filter("источник", refers=Source.TOPIC),
        **DELETED,
        "excel_import": Filter("загрузка из Excel", shown=yes_no),
    },
)
