from typing import Any
from uuid import uuid4

import pytest

from aggregates.catalogue import EntryDeleted, catalogue, name_key
from aggregates.catalogues import CATALOGUES, CashDesk, Counterparty, Goods, PatientCategory, Unit
from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.fields import CHOICE, Field
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import fact, given, named

GAUZE = {**Goods.empty(), "name": "Бинт", "category": str(named("category")), "price": "120.00", "sale_unit": str(named("unit"))}
CREATED = fact(Goods.Created, card=GAUZE)


@pytest.mark.spec("STK-1")
def test_an_entry_holds_every_field_in_its_stored_form() -> None:
    card = {"name": "  Бинт ", "category": named("category"), "price": "120", "sale_unit": str(named("unit")).upper()}
    given(Goods).when(Goods.create, card).then(CREATED)


def test_a_change_says_what_differs_and_nothing_else() -> None:
    changed = given(Goods, CREATED).when(Goods.change, {"price": "1\u00a0099,5", "name": "Бинт", "factor": "10.0"})
    changed.then(fact(Goods.Changed, changes=(FieldChange("price", "120.00", "1099.50"), FieldChange("factor", "1", "10"))))
    assert changed.aggregate.card == {**GAUZE, "price": "1099.50", "factor": "10"}
    given(Goods, CREATED).when(Goods.change, {"price": "120.00"}).then()


@pytest.mark.spec("DEL-1")
@pytest.mark.parametrize("kind", CATALOGUES, ids=lambda kind: kind.TOPIC)
def test_an_entry_of_any_catalogue_is_deleted_and_returned_never_removed(kind: Any) -> None:
    created, deleted = fact(kind.Created, card={**kind.empty(), "name": "Запись"}), fact(kind.Deleted)
    given(kind, created).when(kind.delete).then(deleted)
    given(kind, created, deleted).when(kind.delete).then_refused_by(AlreadyDeleted)
    given(kind, created, deleted).when(kind.change, {"name": "Иначе"}).then_refused_by(EntryDeleted)
    given(kind, created, deleted).when(kind.return_).then(fact(kind.Returned))
    given(kind, created).when(kind.return_).then_refused_by(NotDeleted)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Unit, {"name": " "}),
        (Unit, {"name": "ж" * 201}),
        (Unit, {"colour": "#ffffff"}),
        (Goods, {"price": 99.5}),
        (Goods, {"price": "-1"}),
        (Goods, {"category": None}),
        (Goods, {"sale_unit": "штука"}),
        (Goods, {"factor": "0"}),
        (Goods, {"factor": "NaN"}),
        (Goods, {"factor": "0.0000001"}),
        (Goods, {"factor": True}),
        (PatientCategory, {"color": "red"}),
        (PatientCategory, {"color": ""}),
        (Counterparty, {"inn": "7707083894"}),
        (Counterparty, {"kpp": "1"}),
        (Counterparty, {"email": "not an address"}),
        (CashDesk, {"comment": 5}),
    ],
)
def test_wrong_values_are_refused(kind: Any, wrong: dict[str, Any]) -> None:
    given(kind, fact(kind.Created, card={**kind.empty(), **_right(kind)})).when(kind.change, wrong).then_refused_by(WrongValue)


def _right(kind: Any) -> dict[str, Any]:
    values = {"reference": str(uuid4()), "color": "#2f6fdd"}
    return {"name": "Запись"} | {name: values[field.type] for name, field in kind.FIELDS.items() if field.type in values}


def test_an_entry_from_before_a_field_was_declared_holds_its_empty_value() -> None:
    old = given(Counterparty, fact(Counterparty.Created, card={"name": "Ромашка"})).aggregate
    assert (old.card["inn"], old.card["name"]) == ("", "Ромашка")


def test_names_are_the_same_however_they_are_written() -> None:
    assert name_key("  Ёлочная   ИГРУШКА ") == name_key("елочная игрушка")
    assert name_key("Ёлоч\u00adная игруш\u200bка\ufeff") == name_key("елочная игрушка")


def test_catalogues_refer_to_catalogues_that_there_are() -> None:
    topics = {kind.TOPIC for kind in CATALOGUES} | {"rights_set"}
    assert {field.refers for kind in CATALOGUES for field in kind.FIELDS.values() if field.type == "reference"} <= topics
    assert len({kind.PATH for kind in CATALOGUES}) == len(CATALOGUES)


def test_a_catalogue_is_declared_by_its_fields_alone() -> None:
    shade = catalogue(
        "shade", Field(name="code", label="Код", kind=CHOICE, choices={"A1": "A1"}),
        title="Цвета", one="Цвет", new="Новый цвет", path="shades", right="goods", published=True,
    )  # fmt: skip
    assert sorted(shade.EVENTS) == ["shade.changed.1", "shade.created.1", "shade.deleted.1", "shade.returned.1"]
    given(shade).when(shade.create, {"name": "Светлый", "code": "B9"}).then_refused_by(WrongValue)
    given(shade).when(shade.create, {"name": "Светлый"}).then(fact(shade.Created, card={"name": "Светлый", "code": ""}))
