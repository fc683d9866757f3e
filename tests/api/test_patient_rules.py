"""The same rules of a patient's card at the API and in a file, in the same words, each at its field (PAT-5)."""

from typing import Any

import pytest

from services.excel.catalogues import PATIENTS
from tests.api.excel_loading import Loading, sheet
from tests.api.test_patient import accept, new_patient
from tests.api.world import Browser, World

pytestmark = pytest.mark.spec("PAT-5")

WRONG = [
    ("phone", "12345", "12345"),
    ("phone", "+7 916 123-45-678", "+7 916 123-45-678"),
    ("phone", "916 123-45-67 доб. 5", "916 123-45-67 доб. 5"),
    ("email", "anna@", "anna@"),
    ("birth_date", "1990-02-30", "30.02.1990"),
    ("birth_date", "2990-01-01", "01.01.2990"),
    ("birth_date", "1800-01-01", "01.01.1800"),
]


def refused_by_file(world: World, browser: Browser, **cells: str) -> tuple[str, str]:
    """(column, reason) of the only row, which is refused."""
    headings = {"id": "ID", **{field: column.heading for field, column in PATIENTS.fields.items()}}
    content = sheet(tuple(headings[field] for field in cells), tuple(cells.values()))
    loading = Loading(world, browser, "patients", content)
    assert loading.counts == {"refused": 1}
    ((error,),) = (row["errors"] for row in loading.rows("refused"))
    return error["column"], error["reason"]


@pytest.mark.parametrize(("field", "written", "cell"), WRONG)
def test_a_wrong_value_is_refused_by_the_same_words_at_its_field(
    world: World, administrator: Browser, field: str, written: str, cell: str
) -> None:
    card: dict[str, Any] = {"family_name": "Правилов", field: written}
    refused_there = administrator.do("POST", "/api/patients", card, expect=409)
    assert refused_there["facts"]["field"] == field
    column, reason = refused_by_file(world, administrator, family_name="Правилов", **{field: cell})
    assert (column, reason) == (PATIENTS.fields[field].heading, refused_there["title"])


def test_all_errors_of_a_row_are_listed_at_once(world: World, administrator: Browser) -> None:
    content = sheet(
        ("Фамилия", "Телефон", "E-mail", "Пол", "День рождения"), ("Многократнов", "12", "anna@", "неведомый", "30.02.1990")
    )
    (row,) = Loading(world, administrator, "patients", content).rows("refused")
    assert {error["column"] for error in row["errors"]} == {"Телефон", "E-mail", "Пол", "День рождения"}
    reasons = [error["reason"] for error in row["errors"]]
    assert not [one for one in reasons for another in reasons if one != another and one in another]  # each cell its own


def test_a_card_without_any_name_is_refused_by_the_same_words(world: World, administrator: Browser) -> None:
    refused_there = administrator.do("POST", "/api/patients", {"phone": "9161234567"}, expect=409)
    column, reason = refused_by_file(world, administrator, phone="9161234567")
    assert (column, reason) == ("Фамилия", refused_there["title"])
    assert refused_there["facts"]["field"] == "family_name"


@pytest.mark.spec("PAT-4")
@pytest.mark.parametrize(
    ("change", "cells", "column"),
    [
        ({"birth_date": "1998"}, {"birth_date": "1998"}, "День рождения"),
        (
            {"family_name": "Летова", "given_name": "Инна"},
            {"family_name": "Летова", "given_name": "Инна"},
            "Фамилия",
        ),
    ],
)
def test_the_dry_run_lists_what_the_registry_forbids(
    world: World, administrator: Browser, change: dict[str, str], cells: dict[str, str], column: str
) -> None:
    names = {"family_name": "Зимина", "given_name": "Анна", "patronymic": "Львовна"}
    patient = new_patient(administrator, **names, birth_date="1999")
    administrator.position = accept(world, patient)
    refused_there = administrator.do("PATCH", f"/api/patients/{patient}", change, version=2, expect=409)
    given = {"id": patient, **names, "birth_date": "1999", **cells}
    assert refused_by_file(world, administrator, **given) == (column, refused_there["title"])
    allowed = Loading(
        world, administrator, "patients", sheet(("ID", "Фамилия", "День рождения"), (patient, "Летова", "02.05.1999"))
    )
    allowed.then("start")
    assert allowed.counts["edited"] == 1
