"""Patients' cards with their search text."""

from msgspec.structs import replace

from aggregates.normalization import person_name_key
from aggregates.people.patient import PatientCard
from aggregates.people.patient_fields import DETAILS
from aggregates.people.registry_acceptance import Accepted
from projections.audience import Audience, OwnRows
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing, sets
from projections.people.photo import with_photo
from readmodels.people.patients import TABLE, AbsorbedCard, PatientRow, full_name, of_doctors, search_of


def _created(_: PatientRow | None, event: PatientCard.Created) -> PatientRow:
    name = event.name
    return PatientRow(
        patient_id=event.originator_id,
        card_number=event.card_number,
        family_name=name.family_name,
        given_name=name.given_name,
        patronymic=name.patronymic,
        name=name.full,
        name_key=person_name_key(name.full),
        phone=event.phone,
        birth_date=event.birth_date,
        sex=event.sex,
        comment=event.comment,
        details=event.details,
        categories=event.categories,
        registry=None,
        photo=None,
        deleted=False,
        merged_into=None,
        absorbed=(),
        cards=(event.originator_id,),
        search=search_of(event.card_number, name.family_name, name.given_name, name.patronymic, event.phone, event.details),
        version=event.originator_version,
    )


def _changed(row: PatientRow, event: PatientCard.CardChanged) -> PatientRow:
    fields = changed(event.changes)
    of_details = {field: fields.pop(field) for field in DETAILS if field in fields}
    details = {field: value for field, value in {**row.details, **of_details}.items() if value != ""}
    card = replace(row, version=event.originator_version, details=details, **fields)
    name = full_name(card.family_name, card.given_name, card.patronymic)
    return _with_search(replace(card, name=name, name_key=person_name_key(name)))


def _with_search(row: PatientRow) -> PatientRow:
    """With the search text of this card and of all cards merged into it."""
    own = search_of(row.card_number, row.family_name, row.given_name, row.patronymic, row.phone, row.details)
    return replace(row, search=" ".join([own, *(card.search for card in row.absorbed)]))


def _absorbed(row: PatientRow, event: PatientCard.Absorbed) -> PatientRow:
    name = event.name
    search = search_of(event.card_number, name.family_name, name.given_name, name.patronymic, event.phone)
    card = AbsorbedCard(event.patient_id, event.card_number, name.full, search)
    version = event.originator_version
    return _with_search(replace(row, absorbed=(*row.absorbed, card), cards=(*row.cards, card.id), version=version))


def _released(row: PatientRow, event: PatientCard.Released) -> PatientRow:
    absorbed = tuple(card for card in row.absorbed if card.id != event.patient_id)
    cards = tuple(card for card in row.cards if card != event.patient_id)
    return _with_search(replace(row, absorbed=absorbed, cards=cards, version=event.originator_version))


PATIENTS = Projection(
    "patients",
    TABLE,
    revision=14,
    audience=Audience("calendar", "patients", own=OwnRows("own_patients_only", of_doctors)),
    handlers={
        PatientCard.Created: Own(_created),
        PatientCard.CardChanged: Own(existing(_changed)),
        **sets(PatientCard.AcceptedByRegistry, lambda event: {"registry": Accepted(event.name, event.birth_date)}),
        PatientCard.Absorbed: Own(existing(_absorbed)),
        **sets(PatientCard.MergedInto, lambda event: {"merged_into": event.into}),
        PatientCard.Released: Own(existing(_released)),
        **sets(PatientCard.Separated, lambda _: {"merged_into": None}),
        **sets(PatientCard.CategoriesChanged, lambda event: {"categories": event.new}),
        **with_photo(PatientCard),
        **deletable(PatientCard),
    },
    one_stream=True,
)
