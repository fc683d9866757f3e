from typing import Any
from uuid import UUID

import pytest

from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.people.patient import PatientCard, PatientDeleted
from aggregates.people.patient_fields import PATIENT_FIELDS
from aggregates.people.patient_merging import GROUPS, NOTHING_TAKEN, CardMerged, HasMergedCards, NotMerged, Question, questions
from aggregates.people.person import PersonName
from aggregates.values import WrongValue
from tests.aggregates.scenario import MON, NOW, Fact, Scenario, fact, given, named, replayed
from tests.aggregates.test_patient import CREATED, DELETED

pytestmark = pytest.mark.spec("PAT-6")

SURVIVOR, PART, OTHER = named("survivor"), named("part"), named("other")
ABSORBED = fact(
    PatientCard.Absorbed,
    patient_id=PART,
    card_number="401",
    name=PersonName("Петров", "Иван"),
    phone="+79123456789",
    taken=NOTHING_TAKEN,
)
MERGED = fact(PatientCard.MergedInto, into=SURVIVOR)


def survivor(*facts: Fact) -> Scenario[PatientCard]:
    return given(PatientCard, CREATED, *facts, id=SURVIVOR)


def part(*facts: Fact) -> Scenario[PatientCard]:
    return given(PatientCard, CREATED, *facts, id=PART)


def test_a_card_becomes_a_part_of_another_and_the_other_says_what_it_was_known_by() -> None:
    survivor().when(PatientCard.absorb, replayed(PatientCard, CREATED, id=PART)).then(ABSORBED)
    part().when(PatientCard.merge_into, SURVIVOR).then(MERGED)


def test_a_part_is_neither_changed_nor_booked_nor_deleted_nor_merged_again() -> None:
    refusal = CardMerged(PART, into=SURVIVOR)
    part(MERGED).when(PatientCard.change_card, {"phone": ""}, today=MON).then_refused(refusal)
    part(MERGED).when(PatientCard.require_active).then_refused(refusal)
    part(MERGED).when(PatientCard.delete, []).then_refused(refusal)
    part(MERGED).when(PatientCard.merge_into, OTHER).then_refused(refusal)
    part(MERGED).when(PatientCard.absorb, replayed(PatientCard, CREATED, id=OTHER)).then_refused(refusal)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [((ABSORBED,), HasMergedCards(patient_id=SURVIVOR)), ((DELETED,), PatientDeleted(patient_id=SURVIVOR))],
)
def test_a_card_with_parts_or_a_deleted_one_becomes_no_part(facts: tuple[Fact, ...], refusal: DomainError) -> None:
    survivor(*facts).when(PatientCard.merge_into, OTHER).then_refused(refusal)


def test_a_card_is_not_merged_with_itself() -> None:
    survivor().when(PatientCard.absorb, replayed(PatientCard, CREATED, id=SURVIVOR)).then_refused_by(WrongValue)


def test_what_was_merged_is_separated_once() -> None:
    released, separated = fact(PatientCard.Released, patient_id=PART), fact(PatientCard.Separated, kept=SURVIVOR)
    survivor(ABSORBED).when(PatientCard.release, PART).then(released)
    part(MERGED).when(PatientCard.separate, SURVIVOR).then(separated)
    survivor(ABSORBED, released).when(PatientCard.release, PART).then_refused(NotMerged(patient_id=PART, into=SURVIVOR))
    part(MERGED, separated).when(PatientCard.separate, SURVIVOR).then_refused(NotMerged(patient_id=PART, into=SURVIVOR))
    part(MERGED).when(PatientCard.separate, OTHER).then_refused(NotMerged(patient_id=PART, into=OTHER))
    assert part(MERGED, separated).when(PatientCard.change_card, {"phone": ""}, today=MON).refusal is None


OTHERS = {
    "card_number": "7",
    "family_name": "Петрова",
    "given_name": "Иван",
    "phone": "8 916 111-22-33",
    "other_phones": "мама +7 916 444-55-66",
    "email": "ivan@mail.ru",
    "birth_date": "1999-01-15",
    "city": "Тверь",
    "street": "Мира",
    "comment": "Аллергия на лидокаин",
    "representative_family_name": "Петров",
    "passport_number": "123456",
    "categories": [named("vip")],
}
PHOTO = StoredFile("a" * 64, 1000, "image/jpeg")


def card(id_: UUID, fields: dict[str, Any]) -> PatientCard:
    made = PatientCard(id_)
    made.create(fields, today=MON, at=NOW)
    return made


def pair(own: dict[str, Any], others: dict[str, Any]) -> tuple[PatientCard, PatientCard]:
    names = {"card_number": "1", "family_name": "Петров", "given_name": "Иван"}
    return card(SURVIVOR, {**names, **own}), card(PART, {**names, "card_number": "2", **others})


def asked(own: PatientCard, other: PatientCard) -> dict[str, Question]:
    return {question.group: question for question in questions(own.side(), other.side())}


@pytest.mark.spec("PAT-9")
def test_by_default_nothing_that_only_the_other_card_has_is_lost_and_separating_restores_both() -> None:
    own, other = pair({"phone": "8 912 345-67-89", "comment": "Звонить вечером", "birth_date": "1999"}, OTHERS)
    other.change_photo(PHOTO, at=NOW)
    before = own.side()

    own.absorb(other, at=NOW)

    merged = own.card()
    assert (merged["phone"], merged["other_phones"]) == ("+79123456789", "мама +7 916 444-55-66\n+7 916 111-22-33")
    assert merged["comment"] == "Звонить вечером\nАллергия на лидокаин"
    taken = {"email", "birth_date", "city", "street", "representative_family_name", "passport_number"}
    assert {field: merged[field] for field in taken} == {field: other.card()[field] for field in taken}
    assert (own.categories, own.photo) == (other.categories, PHOTO)
    assert (merged["family_name"], merged["card_number"]) == ("Петров", "1")

    own.release(PART, at=NOW)
    assert own.side() == before


@pytest.mark.spec("PAT-9")
def test_it_is_asked_of_what_only_the_other_card_has_or_says_otherwise_and_of_nothing_else() -> None:
    own, other = pair(
        {"phone": "8 912 345-67-89", "email": "ivan@mail.ru", "city": "Тверь", "comment": "Боится\nЗвонить", "sex": "male"},
        {**OTHERS, "comment": "Боится", "family_name": "Петров", "sex": ""},
    )
    assert {group: (q.options, q.default) for group, q in asked(own, other).items()} == {
        "phone": (("both", "own", "other"), "both"),
        "other_phones": (("own", "other"), "other"),
        "birth_date": (("own", "other"), "other"),
        "address": (("own", "other"), "other"),  # the same town, and the street too
        "passport": (("own", "other"), "other"),
        "representative": (("own", "other"), "other"),
        "categories": (("own", "other"), "other"),
    }
    assert asked(own, own) == {}


@pytest.mark.spec("PAT-9")
def test_every_field_of_a_card_is_asked_about_but_its_number() -> None:
    """A field that belongs to no group would be lost from sight with the card that holds it."""
    assert sorted(field for group in GROUPS.values() for field in group) == sorted(PATIENT_FIELDS.keys() - {"card_number"})


@pytest.mark.spec("PAT-9")
def test_what_a_person_chooses_stays() -> None:
    own, other = pair({"phone": "8 912 345-67-89", "email": "old@mail.ru", "comment": "Прежний"}, OTHERS)
    own.absorb(other, {"phone": "other", "email": "other", "comment": "own", "address": "own", "name": "other"}, at=NOW)
    merged = own.card()
    fields = ("phone", "email", "comment", "city", "family_name")
    assert tuple(merged[field] for field in fields) == ("+79161112233", "ivan@mail.ru", "Прежний", "", "Петрова")
    assert merged["other_phones"] == "мама +7 916 444-55-66\n+7 912 345-67-89"


@pytest.mark.spec("PAT-9")
@pytest.mark.parametrize("choices", [{"email": "both"}, {"comment": "neither"}, {"inn": "own"}])
def test_a_choice_that_there_is_not_is_refused(choices: dict[str, str]) -> None:
    own, other = pair({"email": "old@mail.ru"}, OTHERS)
    with pytest.raises(WrongValue):
        own.absorb(other, choices, at=NOW)


@pytest.mark.spec("PAT-9")
def test_two_comments_that_are_too_long_together_are_a_question_for_a_person() -> None:
    own, other = pair({"comment": "а" * 2500}, {"comment": "б" * 2500})
    with pytest.raises(WrongValue) as refused:
        own.absorb(other, at=NOW)
    assert refused.value.facts["field"] == "comment"
    own.absorb(other, {"comment": "own"}, at=NOW)


@pytest.mark.spec("PAT-6", "PAT-9")
@pytest.mark.parametrize("order", [(PART, OTHER), (OTHER, PART)])
def test_cards_merged_one_after_the_other_are_separated_exactly_in_any_order(order: tuple[UUID, UUID]) -> None:
    own, first = pair({"comment": "Свой"}, OTHERS)
    second = card(OTHER, {"card_number": "3", "given_name": "Иван", "phone": "8 916 999-00-11", "email": "new@mail.ru",
                          "comment": "Третий", "birth_date": "1999-01-15"})  # fmt: skip
    before = own.side()
    own.absorb(first, at=NOW)
    own.absorb(second, {"phone": "other", "email": "other"}, at=NOW)
    assert (own.phone, own.details["email"], own.comment) == ("+79169990011", "new@mail.ru", "Свой\nАллергия на лидокаин\nТретий")

    for part_id in order:
        own.release(part_id, at=NOW)
    assert own.side() == before


@pytest.mark.spec("PAT-6", "PAT-9")
def test_what_somebody_has_changed_since_the_merge_stays_when_cards_are_separated() -> None:
    own, other = pair({"comment": "Свой"}, OTHERS)
    own.absorb(other, at=NOW)
    own.change_card({"email": "third@mail.ru", "comment": "Свой\nАллергия на лидокаин\nСтал спокойнее"}, today=MON, at=NOW)
    own.release(PART, at=NOW)
    assert (own.details["email"], own.comment, own.phone) == ("third@mail.ru", "Свой\nСтал спокойнее", "")


@pytest.mark.spec("PAT-4", "PAT-9")
def test_what_the_registry_has_taken_stays_when_cards_are_separated() -> None:
    own, other = pair({"birth_date": "1999"}, {"birth_date": "1999-01-15", "phone": "8 916 111-22-33"})
    own.absorb(other, at=NOW)
    own.accept_by_registry(own.name, own.birth_date, at=NOW)
    own.release(PART, at=NOW)
    assert (own.birth_date, own.phone) == ("1999-01-15", "")


@pytest.mark.spec("PAT-9")
def test_a_number_that_no_plan_has_hinders_no_merge() -> None:
    own, _ = pair({}, {})
    old = replayed(PatientCard, fact(PatientCard.Created, **{**CREATED.fields, "phone": "+78912345678"}), id=PART)
    own.absorb(old, at=NOW)
    assert own.phone == "+78912345678"
