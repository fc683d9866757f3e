"""A card of declared fields: brought into its stored form, with all that is wrong refused at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeGuard

import pytest

from aggregates.catalogues import CATALOGUES
from aggregates.clinic.service import Service
from aggregates.discovery import declared
from aggregates.fields import CHOICE, LINES, NUMBER, Fields
from aggregates.fields import Field as DeclaredField
from aggregates.kernel import DomainError
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.people.person import BIRTH_DATE
from aggregates.scheduling.visit import VISIT_FIELDS
from aggregates.values import WrongValue, WrongValues
from tests.aggregates.scenario import given, named


def _require_reason(card: Mapping[str, Any]) -> None:
    if card["kind"] == "other" and not card["reason"]:
        raise WrongValue("reason", "Укажите причину.")


FIELDS = Fields(
    DeclaredField(name="name", label="Имя", required=True, limit=5),
    DeclaredField(name="kind", label="Вид", kind=CHOICE, choices={"same": "такой же", "other": "другой"}),
    DeclaredField(name="reason", label="Причина", kind=LINES),
    DeclaredField(name="many", label="Сколько", kind=NUMBER, least=1, most=9, initial=1),
    DeclaredField(name="born", label="Родился", kind=BIRTH_DATE),
    together=_require_reason,
)
TODAY = date(2026, 11, 23)


def _is_fields(value: object) -> TypeGuard[Fields]:
    return isinstance(value, Fields)


ALL = [*declared("aggregates", _is_fields), *(kind.FIELDS for kind in CATALOGUES)]
"""Of every card."""


def faults(error: DomainError | None) -> list[str]:
    assert isinstance(error, WrongValue)
    return [str(one.facts["field"]) for one in error.each]


def test_what_a_card_does_not_name_is_empty() -> None:
    assert FIELDS.checked({"name": " Анна "}, TODAY) == {"name": "Анна", "kind": "", "reason": "", "many": 1, "born": ""}


@pytest.mark.parametrize("fields", ALL, ids=lambda fields: next(iter(fields)))
def test_the_empty_value_of_a_field_that_may_be_empty_is_in_stored_form(fields: Fields) -> None:
    """Fields that a card doesn't name aren't checked, so that a workbook of a hundred thousand cards is."""
    optional = {field.name: field.empty for field in fields.values() if not field.required}
    stored = {name: fields[name].checked(empty) for name, empty in optional.items()}
    assert {name: (type(value), value) for name, value in stored.items()} == {
        name: (type(value), value) for name, value in optional.items()
    }


def test_every_wrong_field_is_refused_at_once() -> None:
    with pytest.raises(WrongValues) as refused:
        FIELDS.checked({"name": "", "kind": "other", "many": 10, "born": "2027"}, TODAY)
    assert faults(refused.value) == ["name", "many", "born", "reason"]
    assert refused.value.facts["field"] == "name"
    assert refused.value.sentence.startswith("Это поле нужно заполнить. Укажите целое число от 1 до 9.")


def test_one_wrong_field_is_refused_as_itself() -> None:
    with pytest.raises(WrongValue) as refused:
        FIELDS.checked({"name": "Анна", "kind": "third"}, TODAY)
    assert refused.value == WrongValue("kind", "Такого значения нет в списке. Выберите одно из предложенных.")


def test_what_stays_is_not_judged_by_rules_that_came_later() -> None:
    before = {**FIELDS.empty, "name": "Александра", "many": 12}
    assert FIELDS.changed(before, {"reason": "так"}, TODAY) == {**before, "reason": "так"}
    with pytest.raises(WrongValue) as refused:
        FIELDS.changed(before, {"many": 13}, TODAY)
    assert faults(refused.value) == ["many"]


def test_a_field_that_the_card_does_not_have_is_refused() -> None:
    with pytest.raises(WrongValue) as refused:
        FIELDS.checked({"name": "Анна", "colour": "red"}, TODAY)
    assert faults(refused.value) == ["colour"]


def test_two_fields_have_two_names() -> None:
    with pytest.raises(TypeError):
        Fields(FIELDS["name"], FIELDS["name"])


@pytest.mark.spec("UI-3")
def test_cards_name_every_wrong_field_beside_their_lists() -> None:
    hired = given(Employee).when(Employee.hire, 1, {"snils": "112-233-445 96", "inn": "1", "email": "anna"})
    assert faults(hired.then_refused_by(WrongValues).refusal) == ["email", "snils", "inn", "family_name"]
    many = [named(str(number)) for number in range(21)]
    card = {"card_number": "1", "family_name": "Ким", "phone": "12", "sex": "robot", "categories": many}
    created = given(PatientCard).when(PatientCard.create, card, today=TODAY)
    assert faults(created.then_refused_by(WrongValues).refusal) == ["phone", "sex", "categories"]
    wrong = {"name": "", "price": "много", "duration": 1, "norms": {named("гель"): "0"}}
    service = given(Service).when(Service.create, wrong).then_refused_by(WrongValues)
    assert faults(service.refusal) == ["name", "price", "duration", "norms"]
    with pytest.raises(WrongValues) as refused:
        VISIT_FIELDS.checked({"room": "1" * 101, "comment": 5})
    assert faults(refused.value) == ["room", "comment"]
