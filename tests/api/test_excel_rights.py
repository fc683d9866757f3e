"""Who may bring what in and out by Excel, and what is noted of it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.api.excel_loading import Loading, sheet
from tests.api.test_excel_export import exported
from tests.api.world import PASSWORD, Browser, World

pytestmark = pytest.mark.thorough


@pytest.fixture
def clerk(world: World, administrator: Browser) -> Iterator[Browser]:
    """Somebody who may load and export, and sees goods and services alone."""
    rights = ["goods", "services", "excel_import", "excel_export"]
    rights_set = administrator.do(
        "POST", "/api/rights-sets", {"name": f"Кладовщик {uuid4().hex[:6]}", "rights": rights, "start_page": "goods"}, expect=201
    )
    hired = administrator.do("POST", "/api/employees", {"family_name": "Складов"}, expect=201)["id"]
    access = {"email": f"{uuid4().hex[:8]}@example.org", "password": PASSWORD, "rights_set_id": rights_set["id"]}
    administrator.do("PUT", f"/api/employees/{hired}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        yield browser


@pytest.mark.spec("SEC-1", "ACL-6")
def test_excel_opens_no_catalogue_that_is_closed_elsewhere(world: World, administrator: Browser, clerk: Browser) -> None:
    """Else passports of employees would leave, and cards of patients be changed, by who may see neither."""
    seen = clerk.get_ok("/api/excel")
    assert [catalogue["key"] for catalogue in seen["catalogues"]] == ["goods", "services"]
    assert seen["documents"] == []
    assert set(exported(clerk, "goods", "services")) == {"Товары.xlsx", "Услуги.xlsx"}
    theirs = sheet(("Фамилия", "Телефон"), ("Чужова", "9161234567"))
    path = Loading(world, administrator, "patients", theirs).path
    for closed in ("patients", "employees", "counterparties", "visits"):
        answer = clerk.get("/api/excel/export.zip", params={"catalogues": ["goods", closed]})
        assert (answer.status_code, answer.json()["facts"]) == (403, {"any_of": [closed]})
    answers = [
        clerk.get("/api/excel/templates/patients"),
        clerk.post("/api/excel/imports/patients", content=theirs),
        *(clerk.get(f"{path}{rest}") for rest in ("", "/rows", "/errors.xlsx")),
        *(
            clerk.post(f"{path}/{step}", json=body)
            for step, body in (("decisions", {"decision": "skip"}), ("start", None), ("undo", None))
        ),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "right_missing")] * len(answers)
    assert administrator.get_ok(path)["state"] == "checked"
    assert clerk.get_ok("/api/excel/imports")["items"] == []
    own = Loading(world, clerk, "goods", sheet(("Наименование",), ("Бор",)))
    assert [item["id"] for item in clerk.get_ok("/api/excel/imports")["items"]] == [str(own.id)]


@pytest.mark.spec("SEC-6")
def test_personal_data_that_excel_shows_or_takes_away_is_noted(world: World, administrator: Browser) -> None:
    administrator.do("POST", "/api/patients", {"family_name": "Замечалов", "phone": "9161112233"}, expect=201)
    exported(administrator, "patients", "employees", "visits", "goods")
    loading = Loading(world, administrator, "patients", sheet(("Фамилия", "Телефон"), ("Замечалов", "9164445566")))
    loading.rows("create")
    (undecided,) = loading.rows("needs_decision")
    assert undecided["errors"][0]["reason"] == "У человека с таким именем сейчас +79161112233."
    administrator.get(f"{loading.path}/errors.xlsx")
    noted = administrator.get_ok("/api/access-log")["items"][:5]
    assert [(item["action"], item["object"], item["filter"], item["count"]) for item in noted] == [
        ("Выгрузка", "Пациенты", ["загрузка из Excel: да"], None),
        ("Просмотр списка", "Пациенты", ["загрузка из Excel: да"], 1),
        ("Выгрузка", "Визиты", [], None),
        ("Выгрузка", "Сотрудники", [], None),
        ("Выгрузка", "Пациенты", [], None),
    ]
