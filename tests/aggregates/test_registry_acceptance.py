from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregates.people.patient import PatientCard
from aggregates.people.person import PersonName
from aggregates.people.registry_acceptance import (
    Accepted,
    BirthDateAccepted,
    NameAccepted,
    changed_parts,
    lost_parts,
    parts_of_date,
)
from tests.aggregates import scenario
from tests.aggregates.scenario import MON, Scenario, fact
from tests.aggregates.test_patient import CREATED

pytestmark = pytest.mark.spec("PAT-4")

FULL = st.dates(date(1900, 1, 1), date(2020, 12, 31)).map(date.isoformat)
PARTIAL = FULL.flatmap(lambda day: st.sampled_from(("", day, day[:7], day[:4], f"--{day[5:]}")))
PART = st.sampled_from(("", "Анна", "Мария", "Ольга"))
NAME = st.builds(PersonName, PART, PART, PART)


@pytest.mark.parametrize(
    ("accepted", "new", "lost"),
    [
        ("1999", "1999-01", ()),
        ("1999", "1999-01-15", ()),
        ("1999-01", "1999-01-15", ()),
        ("--01-15", "1999-01-15", ()),
        ("", "1999", ()),
        ("1999", "2000-01", ("year",)),
        ("1999", "--01-15", ("year",)),
        ("1999-01-15", "1999-02-15", ("month",)),
        ("1999-01-15", "1999-01", ("day",)),
        ("1999-01-15", "", ("year", "month", "day")),
        ("--01-15", "1999-01", ("day",)),
        ("--01-15", "1999", ("month", "day")),
    ],
)
def test_a_birth_date_may_only_say_more(accepted: str, new: str, lost: tuple[str, ...]) -> None:
    assert lost_parts(accepted, new) == lost


@given(FULL)
def test_every_way_to_the_full_date_is_open_and_none_back(day: str) -> None:
    ladder = ("", day[:4], day[:7], day)
    for lower, upper in product(range(4), repeat=2):
        assert (lost_parts(ladder[lower], ladder[upper]) == ()) == (upper >= lower)
    assert lost_parts(f"--{day[5:]}", day) == ()
    assert lost_parts(day, f"--{day[5:]}") == ("year",)


@given(PARTIAL, PARTIAL, PARTIAL)
def test_refining_is_an_order(one: str, other: str, third: str) -> None:
    """A date refines itself; two that refine each other are the same; step by step is as good as at once."""
    assert lost_parts(one, one) == ()
    if lost_parts(one, other) == () and lost_parts(other, one) == ():
        assert one == other
    if lost_parts(one, other) == () and lost_parts(other, third) == ():
        assert lost_parts(one, third) == ()


@given(PARTIAL, PARTIAL)
def test_no_known_part_is_lost_in_a_refinement(accepted: str, new: str) -> None:
    complete = parts_of_date(accepted).items() <= parts_of_date(new).items()
    assert (lost_parts(accepted, new) == ()) == complete


@given(NAME, NAME)
def test_a_part_that_comes_goes_or_changes_counts_once(accepted: PersonName, new: PersonName) -> None:
    expected = sum(accepted.fields()[part] != new.fields()[part] for part in accepted.fields())
    assert len(changed_parts(accepted, new)) == expected
    assert changed_parts(accepted, new) == changed_parts(new, accepted)


IVANOV = PersonName("Иванов", "Пётр", "Сергеевич")
WRITTEN = fact(PatientCard.Created, **{**CREATED.fields, "name": IVANOV, "birth_date": "1999"})
ACCEPTED = fact(PatientCard.AcceptedByRegistry, name=IVANOV, birth_date="1999")


def accepted(*later: scenario.Fact) -> Scenario[PatientCard]:
    return scenario.given(PatientCard, WRITTEN, ACCEPTED, *later)


def change(card: Scenario[PatientCard], **fields: Any) -> Scenario[PatientCard]:
    return card.when(PatientCard.change_card, fields, today=MON)


def test_the_registrys_acceptance_is_recorded_once() -> None:
    card = scenario.given(PatientCard, WRITTEN).when(PatientCard.accept_by_registry, IVANOV, "1999").then(ACCEPTED)
    assert card.aggregate.registry == Accepted(IVANOV, "1999")
    accepted().when(PatientCard.accept_by_registry, IVANOV, "1999").then()


def test_a_birth_date_against_the_accepted_one_is_refused_with_field_and_reason() -> None:
    refused = change(accepted(), birth_date="2000-01").then_refused(
        BirthDateAccepted(field="birth_date", accepted="1999", parts=["year"])
    )
    assert "датой рождения 1999" in refused.refusal.sentence  # type: ignore[union-attr]  # refused it is
    change(accepted(), birth_date="").then_refused_by(BirthDateAccepted)
    assert change(accepted(), birth_date="1999-01").refusal is None
    several = BirthDateAccepted(field="birth_date", accepted="1999-05", parts=["year", "month"])
    assert several.sentence.endswith("а год и месяц не совпадают.")


def test_two_parts_of_a_name_are_refused_and_one_is_not() -> None:
    refused = change(accepted(), family_name="Петров", given_name="Иван").then_refused(
        NameAccepted(field="family_name", fields=["family_name", "given_name"], accepted=IVANOV)
    )
    assert "фамилия и имя" in refused.refusal.sentence  # type: ignore[union-attr]  # refused it is
    change(accepted(), given_name="Иван", patronymic="").then_refused_by(NameAccepted)
    change(accepted(), family_name="Петров", given_name="Иван", patronymic="").then_refused_by(NameAccepted)
    assert change(accepted(), patronymic="").refusal is None


def test_one_part_after_another_counts_against_the_accepted_name_not_the_last_saved_one() -> None:
    one = accepted()
    change(one, family_name="Петров")
    change(one, given_name="Иван").then_refused_by(NameAccepted)
    one.refusal = None
    assert change(one, family_name="Иванов", given_name="Иван").refusal is None


def test_a_newly_accepted_name_is_the_measure_from_then_on() -> None:
    petrov = PersonName("Петров", "Пётр", "Сергеевич")
    card = accepted(fact(PatientCard.AcceptedByRegistry, name=petrov, birth_date="1999-01-15"))
    assert change(card, family_name="Петров", given_name="Иван").refusal is None


def test_other_fields_are_free_and_so_is_a_card_that_was_never_sent() -> None:
    assert change(accepted(), phone="89035551133", city="Тверь").refusal is None
    free = scenario.given(PatientCard, WRITTEN)
    assert change(free, family_name="А", given_name="Б", patronymic="В", birth_date="2001").refusal is None


@given(NAME, NAME, PARTIAL, PARTIAL)
def test_the_card_refuses_just_what_the_rules_say(was: PersonName, now: PersonName, born: str, birth_date: str) -> None:
    assume(was.full and now.full)
    taken = fact(PatientCard.AcceptedByRegistry, name=was, birth_date=born)
    written = fact(PatientCard.Created, **{**CREATED.fields, "name": was, "birth_date": born})
    card = change(scenario.given(PatientCard, written, taken), **now.fields(), birth_date=birth_date)
    allowed = len(changed_parts(was, now)) < 2 and lost_parts(born, birth_date) == ()
    assert (card.refusal is None) == allowed
