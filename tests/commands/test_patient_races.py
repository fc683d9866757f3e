"""Patients' cards deleted, merged and booked at one moment on several nodes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import PatientCategory
from aggregates.people.patient import CardNumberTaken, PatientCard, PatientDeleted, PatientHasVisits
from aggregates.people.patient_merging import CardMerged, HasMergedCards
from aggregates.scheduling.visit import Slot, Visit
from commands.catalogue import create_entry, delete_entry
from commands.context import Receipt
from commands.people.patient import change_card, create_card, delete_card, merge_cards
from commands.ports.clinic import Clinic, VersionMoved
from tests.aggregates.clinic import slot
from tests.aggregates.scenario import TUE, at
from tests.commands.racing import book, parallel
from tests.commands.reception import NOW, Reception, context

pytestmark = pytest.mark.thorough


@pytest.mark.spec("DEL-1", "DEL-2")
def test_nobody_is_booked_who_is_deleted_meanwhile(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    nodes[1].cached(PatientCard, reception.patient)

    def either(number: int) -> Any:
        if number == 3:
            return delete_card(nodes[1], context("delete_card"), reception.patient)
        begin = at(TUE, "09:00") + timedelta(minutes=30 * number)
        return book(nodes[number % 2], reception, Slot(reception.anna, begin, begin + timedelta(minutes=30)))

    answers = parallel(8, either)
    live = nodes[1].visit_times.live((NOW + timedelta(hours=3)).replace(tzinfo=None), patient_ids=[reception.patient])
    assert bool(live) != nodes[2].load(PatientCard, reception.patient).deleted
    assert {type(answer) for answer in answers} <= {UUID, Receipt, PatientDeleted, PatientHasVisits}


@pytest.mark.spec("PAT-6")
def test_of_merging_a_into_b_and_b_into_a_at_once_one_is_done(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    cards = [reception.do(create_card, {"family_name": "Двойникова"}).id for _ in range(3)]
    pairs = [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)]

    def merge(number: int) -> Any:
        survivor_id, part = pairs[number]
        return merge_cards(nodes[number % 3], context("merge_cards"), cards[survivor_id], cards[part])

    answers = parallel(len(pairs), merge)
    assert {type(answer) for answer in answers} <= {Receipt, CardMerged, HasMergedCards}
    assert any(isinstance(answer, Receipt) for answer in answers)
    loaded = {card: nodes[0].load(PatientCard, card) for card in cards}
    for card in loaded.values():
        assert not (card.absorbed and card.merged_into), "a part has no parts"
        assert all(loaded[part].merged_into == card.id for part in card.absorbed)
        assert card.merged_into is None or card.id in loaded[card.merged_into].absorbed


@pytest.mark.spec("PAT-6")
def test_a_booking_of_a_card_that_is_merged_meanwhile_finds_the_person(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    survivor_id = reception.do(create_card, {"family_name": "Основная"}).id
    for clinic in nodes:
        clinic.cached(PatientCard, reception.patient)

    def either(number: int) -> Any:
        if number == 3:
            return merge_cards(nodes[2], context("merge_cards"), survivor_id, reception.patient)
        begin = at(TUE, "09:00") + timedelta(minutes=30 * number)
        return book(nodes[number % 2], reception, Slot(reception.anna, begin, begin + timedelta(minutes=30)))

    answers = parallel(8, either)
    assert all(isinstance(answer, UUID | Receipt) for answer in answers), answers
    later = book(nodes[1], reception, slot(TUE, "15:00", "15:30", reception.anna))
    assert nodes[0].load(Visit, later).patient_id == survivor_id
    with pytest.raises(PatientHasVisits) as refused:
        delete_card(nodes[0], context("delete_card"), survivor_id)
    assert len(refused.value.facts["visits"]) == 8


@pytest.mark.spec("PAT-1", "DEL-1")
def test_a_category_that_is_deleted_meanwhile_is_chosen_before_or_not_at_all(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    for number in range(5):
        card = {"name": f"Категория {number}", "color": "#7a5b00"}
        category = reception.do(create_entry, PatientCategory, card).id
        nodes[1].cached(PatientCategory, category)

        def race(turn: int, category: UUID = category) -> Any:
            if turn:
                return delete_entry(nodes[2], context(), PatientCategory, category)
            return change_card(nodes[1], context(), reception.patient, {"categories": [category]})

        chosen, deleted = parallel(2, race)
        assert isinstance(deleted, Receipt)
        patient = nodes[0].load(PatientCard, reception.patient)
        assert isinstance(chosen, EntryDeleted) != (category in patient.categories)
        if isinstance(chosen, Receipt):
            assert chosen.position < deleted.position


@pytest.mark.spec("PAT-1")
def test_cards_without_a_number_find_one_while_others_write_the_next_ones(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    last = int(reception.do(create_card, {"family_name": "Первая"}).facts["card_number"])

    def create(number: int) -> Any:
        written = {"card_number": str(last + number // 2 + 1)} if number % 2 == 0 else {}
        return create_card(nodes[number % 3], context("create_card"), {"family_name": "Новая", **written})

    answers = parallel(48, create)
    assert all(isinstance(answer, Receipt) for answer in answers[1::2]), answers
    assert {type(answer) for answer in answers} <= {Receipt, CardNumberTaken}
    numbers = [answer.facts["card_number"] for answer in answers if isinstance(answer, Receipt)]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.spec("PAT-6", "PAT-9", "OPS-4")
@pytest.mark.parametrize("seen", [True, False], ids=["versions-seen", "no-versions"])
@pytest.mark.parametrize("edited", ["survivor", "part"])
def test_an_edit_beside_a_merge_is_seen_afterwards_or_refused(nodes: list[Clinic], edited: str, seen: bool) -> None:
    """Whichever comes first: no allergy is written onto a card that nobody looks at any more."""
    reception = Reception(nodes[0])
    for _ in range(5):
        survivor_id, part = (reception.do(create_card, {"family_name": "Двойникова"}).id for _ in range(2))
        for clinic in nodes:
            clinic.cached(PatientCard, survivor_id)
            clinic.cached(PatientCard, part)

        def either(number: int, survivor_id: UUID = survivor_id, part: UUID = part) -> Receipt:
            if number == 0:
                versions = {"expected": 1, "other_expected": 1} if seen else {}
                return merge_cards(nodes[1], context("merge_cards"), survivor_id, part, **versions)
            edited_id = survivor_id if edited == "survivor" else part
            return change_card(nodes[2], context("change_card"), edited_id, {"comment": "лидокаин"}, expected=1 if seen else None)

        merged, changed = parallel(2, either)
        survivor, other = (nodes[0].load(PatientCard, card) for card in (survivor_id, part))
        assert {type(merged), type(changed)} <= {Receipt, VersionMoved, CardMerged}
        assert isinstance(merged, Receipt) == (other.merged_into == survivor_id) == (part in survivor.absorbed)
        if isinstance(changed, Receipt):
            edited_card = survivor if edited == "survivor" or isinstance(merged, Receipt) else other
            assert "лидокаин" in str(edited_card.card()["comment"])
        else:
            assert isinstance(merged, Receipt)
            assert "лидокаин" not in str(survivor.card()["comment"])
        if seen:
            assert isinstance(merged, Receipt) != isinstance(changed, Receipt), "one saw what the other hadn't"
