from decimal import Decimal
from typing import Any

import pytest

from aggregates.clinic.service import Norm, Service, ServiceDeleted
from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import fact, given, named

CREATED = fact(Service.Created, name="Пломба", category="Терапия", price=Decimal("4500.00"), duration=60)
"""As it was written when a category was a text, and nothing else was known of a service."""
THERAPY, GEL, ANNA, BORIS = (named(name) for name in ("терапия", "гель", "анна", "борис"))
BOTH = tuple(sorted((ANNA, BORIS)))
CARD = {"name": "Пломба", "price": "4 500", "duration": 60}


def test_a_service_has_a_price_in_rubles_and_kopecks_and_a_duration() -> None:
    new = {"category": "", "category_id": None, "unit_id": None, "online": False, "doctors": (), "norms": ()}
    given(Service).when(Service.create, CARD).then(fact(Service.Created, **{**CREATED.fields, **new}))
    changed = given(Service, CREATED).when(Service.change, {"price": Decimal("4750.50"), "duration": 45})
    changed.then(fact(Service.Changed, changes=(FieldChange("price", "4500.00", "4750.50"), FieldChange("duration", 60, 45))))
    assert (changed.aggregate.price, changed.aggregate.duration) == (Decimal("4750.50"), 45)
    given(Service, CREATED).when(Service.change, {"price": Decimal(4500)}).then()


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 45.5},
        {"price": "-1"},
        {"price": "1.005"},
        {"price": "NaN"},
        {"price": "1e30"},
        {"price": True},
        {"duration": 4},
        {"duration": 1441},
        {"duration": "60"},
        {"name": " "},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, Any]) -> None:
    given(Service, CREATED).when(Service.change, wrong).then_refused_by(WrongValue)
    given(Service).when(Service.create, {**CARD, **wrong}).then_refused_by(WrongValue)


def test_a_deleted_service_stays_and_can_be_returned() -> None:
    gone = [CREATED, fact(Service.Deleted)]
    given(Service, CREATED).when(Service.delete).then(fact(Service.Deleted))
    given(Service, *gone).when(Service.delete).then_refused_by(AlreadyDeleted)
    given(Service, *gone).when(Service.change, {"name": "Коронка"}).then_refused_by(ServiceDeleted)
    given(Service, *gone).when(Service.return_).then(fact(Service.Returned))
    given(Service, CREATED).when(Service.return_).then_refused_by(NotDeleted)


def test_old_events_are_read_and_their_category_is_shown_until_one_is_chosen() -> None:
    old = given(Service, CREATED).when(Service.change, {"name": "Пломба"})
    old.then()
    written = old.aggregate
    assert (written.category, written.category_id, written.doctors, written.norms) == ("Терапия", None, (), ())
    chosen = given(Service, CREATED).when(Service.change, {"category_id": THERAPY})
    cleared = FieldChange("category", "Терапия", "")
    chosen.then(fact(Service.Changed, changes=(cleared, FieldChange("category_id", None, str(THERAPY)))))
    assert (chosen.aggregate.category, chosen.aggregate.category_id) == ("", THERAPY)


def test_a_service_is_given_by_the_doctors_that_it_names() -> None:
    chosen = given(Service, CREATED).when(Service.change, {"doctors": [BORIS, ANNA, BORIS]})
    chosen.then(fact(Service.DoctorsChanged, old=(), new=BOTH))
    given(Service, CREATED, fact(Service.DoctorsChanged, old=(), new=BOTH)).when(
        Service.change, {"doctors": [BORIS, ANNA]}
    ).then()


@pytest.mark.spec("CAL-19")
def test_a_service_is_taken_from_visits_whose_doctor_does_not_give_it_any_more_and_deleted_from_all() -> None:
    everybodys = given(Service, CREATED).aggregate
    annas = given(Service, CREATED, fact(Service.DoctorsChanged, old=(), new=(ANNA,))).aggregate
    gone = given(Service, CREATED, fact(Service.Deleted)).aggregate
    for before, after, lost in (
        (everybodys, annas, {BORIS}),
        (annas, everybodys, set()),
        (everybodys, gone, {ANNA, BORIS, None}),
        (annas, gone, {ANNA, BORIS, None}),
        (gone, annas, set()),
        (annas, annas, set()),
    ):
        assert {doctor for doctor in (ANNA, BORIS, None) if after.takes_from(before, doctor)} == lost


def test_a_service_uses_up_materials_in_units_of_their_write_off() -> None:
    used = given(Service, CREATED).when(Service.change, {"norms": {GEL: "2,50"}})
    used.then(fact(Service.NormsChanged, old=(), new=(Norm(GEL, "2.5"),)))
    again = given(Service, CREATED, fact(Service.NormsChanged, old=(), new=(Norm(GEL, "2.5"),)))
    again.when(Service.change, {"norms": {GEL: "2.5"}}).then()
    for wrong in ("0", "-1", "много", ""):
        given(Service, CREATED).when(Service.change, {"norms": {GEL: wrong}}).then_refused_by(WrongValue)
