from typing import Any
from uuid import UUID

import msgspec
import pytest

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.files import StoredFile
from aggregates.people.patient import CardNumberTaken, PatientCard, PatientDeleted, PatientHasVisits
from aggregates.people.person import PersonName
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import MON, at, fact, given, named

CREATED = fact(
    PatientCard.Created,
    card_number="401",
    name=PersonName("Петров", "Иван"),
    phone="+79123456789",
    birth_date="1999-01",
    sex="male",
    comment="",
    details={},
    categories=(),
)
CARD = {
    "card_number": "401",
    "family_name": "Петров",
    "given_name": "Иван",
    "phone": "8 912 345 67 89",
    "birth_date": "1999-01",
    "sex": "male",
}
pytestmark = pytest.mark.spec("PAT-1")


def test_a_card_is_created_in_stored_forms() -> None:
    given(PatientCard).when(PatientCard.create, CARD, today=MON).then(CREATED)


def test_a_change_says_old_and_new_of_each_field() -> None:
    changed = given(PatientCard, CREATED).when(
        PatientCard.change_card, {"family_name": "Сидоров", "birth_date": "1999-01-15", "card_number": "А-7"}, today=MON
    )
    changed.then(
        fact(
            PatientCard.CardChanged,
            changes=(
                FieldChange("card_number", "401", "А-7"),
                FieldChange("family_name", "Петров", "Сидоров"),
                FieldChange("birth_date", "1999-01", "1999-01-15"),
            ),
        )
    )
    assert (changed.aggregate.name.full, changed.aggregate.card_number) == ("Сидоров Иван", "А-7")
    given(PatientCard, CREATED).when(PatientCard.change_card, {"phone": "89123456789"}, today=MON).then()


@pytest.mark.parametrize("stored", ["+78912345678", "+375291234567", "12-34"])
def test_a_phone_that_is_stored_already_hinders_no_other_change(stored: str) -> None:
    """The plan has no such number today; the event that told it stays readable, and what is changed is the comment alone."""
    card = given(PatientCard, fact(PatientCard.Created, **{**CREATED.fields, "phone": stored}))
    sent = {"comment": "Звонить вечером", "phone": stored}
    changed = card.when(PatientCard.change_card, sent, today=MON)
    changed.then(fact(PatientCard.CardChanged, changes=(FieldChange("comment", "", "Звонить вечером"),)))
    assert changed.aggregate.phone == stored
    card.when(PatientCard.change_card, {"phone": "8 912 345-67-8"}, today=MON).then_refused_by(WrongValue)


@pytest.mark.parametrize("field", ["family_name", "comment"])
def test_a_text_that_was_taken_by_older_rules_stays_as_it_is(field: str) -> None:
    old = "З" + "\u0316" * 30
    card = {**CREATED.fields, "name": PersonName(old if field == "family_name" else "Петров", "Иван"), "comment": old}
    changed = given(PatientCard, fact(PatientCard.Created, **card)).when(PatientCard.change_card, {"email": "a@b.ru"}, today=MON)
    changed.then(fact(PatientCard.CardChanged, changes=(FieldChange("email", "", "a@b.ru"),)))


COMMON = {
    "other_phones": "дом 8 495 111-22-33\nмама 9161112233",
    "email": "Ivan@Mail.ru",
    "city": " Тверь ",
    "street": "ул.  Новая",
    "house": "5 к. 2",
    "flat": "17",
    "snils": "112-233-445 95",
    "passport_series": "45 12",
    "passport_number": "123456",
    "passport_issued_on": "2019-03-01",
    "passport_issued_by": "ГУ МВД",
    "policy_kind": "oms",
    "policy_number": "1234 5678 9012 3456",
    "policy_insurer": "СОГАЗ",
}
STORED = COMMON | {
    "email": "ivan@mail.ru",
    "city": "Тверь",
    "street": "ул. Новая",
    "snils": "11223344595",
    "passport_series": "4512",
    "policy_number": "1234567890123456",
}
REPRESENTATIVE = {
    "representative_family_name": "Петрова",
    "representative_given_name": "Анна",
    "representative_patronymic": "Ильинична",
    "representative_relation": "мать",
    "representative_birth_date": "1975",
    "representative_document_kind": "passport",
    "representative_document_series": "4510",
    "representative_document_number": "654321",
    "representative_document_issued_on": "2010-05-20",
    "representative_document_issued_by": "ОВД Твери",
    "representative_snils": "08765430300",
    "representative_phone": "+79035551133",
    "representative_address": "Тверь, Новая, 5",
}


def test_all_fields_are_in_stored_form() -> None:
    created = given(PatientCard).when(PatientCard.create, {**CARD, **COMMON}, today=MON)
    created.then(fact(PatientCard.Created, **{**CREATED.fields, "details": STORED}))
    assert {field: created.aggregate.card()[field] for field in STORED} == STORED
    given(PatientCard, CREATED).when(PatientCard.change_card, COMMON, today=MON).then(
        fact(PatientCard.CardChanged, changes=tuple(FieldChange(field, "", value) for field, value in STORED.items()))
    )


@pytest.mark.spec("PAT-2")
def test_a_legal_representative_is_set_and_removed() -> None:
    card = given(PatientCard, CREATED).when(PatientCard.change_card, REPRESENTATIVE, today=MON)
    changes = tuple(FieldChange(field, "", value) for field, value in REPRESENTATIVE.items())
    card.then(fact(PatientCard.CardChanged, changes=changes))
    card.when(PatientCard.change_card, dict.fromkeys(REPRESENTATIVE, ""), today=MON).then(
        fact(PatientCard.CardChanged, changes=tuple(FieldChange(change.field, change.new, "") for change in changes))
    )


@pytest.mark.spec("PAT-2")
@pytest.mark.parametrize(
    "wrong",
    [
        {"representative_snils": "112-233-445 96"},
        {"representative_phone": "12"},
        {"representative_birth_date": "2030"},
        {"representative_document_kind": "licence"},
        {"representative_document_issued_on": "2019"},
    ],
)
def test_a_representative_is_checked_like_a_patient_and_the_field_is_named(wrong: dict[str, Any]) -> None:
    refused = given(PatientCard, CREATED).when(PatientCard.change_card, wrong, today=MON).then_refused_by(WrongValue)
    assert refused.refusal is not None
    assert refused.refusal.facts["field"] == next(iter(wrong))


def test_a_card_written_before_there_were_details_is_read() -> None:
    """As `patient.created.1` lies in logs of clinics that began without them."""
    written = msgspec.json.encode(given(PatientCard).when(PatientCard.create, CARD, today=MON).aggregate.pending_events[0])
    state = {name: value for name, value in msgspec.json.decode(written).items() if name != "details"}
    card = PatientCard.replay(named("patient"), [msgspec.convert(state, PatientCard.Created)])
    assert (card.name.full, card.card()["snils"], card.card()["representative_phone"]) == ("Петров Иван", "", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"card_number": " "},
        {"sex": "other"},
        {"birth_date": "2027-01"},
        {"family_name": "", "given_name": ""},
        {"inn": "1"},
        {"comment": "\ud800"},
        {"comment": "\u3164"},
        {"phone": 5},
        {"email": "ivan@"},
        {"snils": "112-233-445 96"},
        {"passport_issued_on": "2026-11-24"},
        {"policy_kind": "kasko"},
        {"city": 7},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, Any]) -> None:
    given(PatientCard, CREATED).when(PatientCard.change_card, wrong, today=MON).then_refused_by(WrongValue)
    given(PatientCard).when(PatientCard.create, {**CARD, **wrong}, today=MON).then_refused_by(WrongValue)


def test_a_taken_number_is_refused_with_the_number() -> None:
    refusal = CardNumberTaken(card_number="401", by=UUID(int=7))
    assert refusal.sentence == "Номер карты 401 уже занят другим пациентом. Укажите другой номер."


DELETED, RETURNED = fact(PatientCard.Deleted), fact(PatientCard.Returned)
COMING = ConflictingVisit(named("visit"), 7, at(MON, "10:00"), at(MON, "10:30"), named("patient"), None)


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_card_is_deleted_and_returned_once() -> None:
    given(PatientCard, CREATED).when(PatientCard.delete, []).then(DELETED)
    given(PatientCard, CREATED, DELETED).when(PatientCard.delete, []).then_refused(AlreadyDeleted(id=named("patient")))
    given(PatientCard, CREATED, DELETED).when(PatientCard.return_).then(RETURNED)
    given(PatientCard, CREATED, DELETED, RETURNED).when(PatientCard.return_).then_refused(NotDeleted(id=named("patient")))


@pytest.mark.spec("DEL-1")
def test_a_deleted_card_is_neither_changed_nor_booked() -> None:
    refusal = PatientDeleted(patient_id=named("patient"))
    given(PatientCard, CREATED, DELETED).when(PatientCard.change_card, {"phone": ""}, today=MON).then_refused(refusal)
    given(PatientCard, CREATED, DELETED).when(PatientCard.require_active).then_refused(refusal)


@pytest.mark.spec("DEL-2")
def test_a_patient_with_coming_visits_is_not_deleted() -> None:
    given(PatientCard, CREATED).when(PatientCard.delete, [COMING]).then_refused(PatientHasVisits(visits=[COMING], others=0))


PHOTO, OTHER_PHOTO = (StoredFile(digit * 64, 1000, "image/jpeg") for digit in "ab")


def test_a_photo_is_known_by_its_file_and_says_the_one_before() -> None:
    first = fact(PatientCard.PhotoChanged, old=None, new=PHOTO)
    given(PatientCard, CREATED).when(PatientCard.change_photo, PHOTO).then(first)
    given(PatientCard, CREATED, first).when(PatientCard.change_photo, PHOTO).then()
    given(PatientCard, CREATED, first).when(PatientCard.change_photo, OTHER_PHOTO).then(
        fact(PatientCard.PhotoChanged, old=PHOTO, new=OTHER_PHOTO)
    )
    given(PatientCard, CREATED, DELETED).when(PatientCard.change_photo, PHOTO).then_refused_by(PatientDeleted)


SOURCE, VIP, STAFF = named("source"), named("vip"), named("staff")


def test_source_and_categories_are_references_that_say_the_ones_before() -> None:
    chosen = sorted((VIP, STAFF))
    created = fact(PatientCard.Created, **{**CREATED.fields, "details": {"source_id": str(SOURCE)}, "categories": tuple(chosen)})
    card = {**CARD, "source_id": SOURCE, "categories": [STAFF, VIP, VIP]}
    given(PatientCard).when(PatientCard.create, card, today=MON).then(created)
    given(PatientCard, created).when(PatientCard.change_card, {"categories": [VIP, STAFF]}, today=MON).then()
    given(PatientCard, created).when(PatientCard.change_card, {"source_id": None, "categories": [VIP]}, today=MON).then(
        fact(PatientCard.CardChanged, changes=(FieldChange("source_id", str(SOURCE), ""),)),
        fact(PatientCard.CategoriesChanged, old=tuple(chosen), new=(VIP,)),
    )


def test_a_patient_has_only_so_many_categories() -> None:
    many = [named(str(number)) for number in range(21)]
    given(PatientCard, CREATED).when(PatientCard.change_card, {"categories": many}, today=MON).then_refused_by(WrongValue)
