"""Federal identifiers of an employee: from the loaded dictionaries, or digits where there are none (EGZ-1)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregates.federal_dictionaries import POSITIONS
from services.cli.dictionary_files import official
from tests.api.world import Browser, World, rows

pytestmark = pytest.mark.spec("EGZ-1")
ROWS = "ID;NAME;ACTUAL\n{0};Врач-стоматолог-терапевт;1\n{1};Зубной врач прежний;0\n"


def load(world: World, folder: Path, version: str, *codes: str) -> None:
    file = folder / f"{POSITIONS}_{version}.csv"
    file.write_text(ROWS.format(*codes), encoding="utf-8")
    world.denta.dictionaries.load(*official(file, POSITIONS, version, "Должности", datetime.now(UTC)))


def hired(administrator: Browser, *, expect: int = 201, **card: Any) -> Any:
    return administrator.do("POST", "/api/employees", {"family_name": "Кодов", **card}, expect=expect)


def test_codes_are_digits_until_a_dictionary_is_loaded_and_then_have_to_be_in_it(
    world: World, administrator: Browser, tmp_path: Path
) -> None:
    early = f"/api/employees/{hired(administrator, position_code='999')['id']}"
    refused = hired(administrator, position_code="12а", expect=422)
    assert refused["code"] == "body_malformed"
    assert refused["facts"]["fields"] == [{"field": "position_code", "reason": "Здесь только цифры"}]
    shown = administrator.get_ok(early)
    assert (shown["position_code"], shown["position_code_name"]) == ("999", "")

    load(world, tmp_path, "1.1", "122", "123")
    for code, word in (("999", "нет в справочнике"), ("123", "больше не действует")):
        refused = hired(administrator, position_code=code, expect=409)
        assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "position_code")
        assert word in refused["title"]
    other = f"/api/employees/{hired(administrator, position_code='122', speciality_code='7')['id']}"
    shown = administrator.get_ok(other)
    assert (shown["position_code_name"], shown["speciality_code_name"]) == ("Врач-стоматолог-терапевт", "")

    administrator.do("PATCH", early, {"comment": "код был до справочника", "position_code": "999"}, version=1)
    refused = administrator.do("PATCH", early, {"position_code": "998"}, version=2, expect=409)
    assert refused["facts"]["field"] == "position_code"
    administrator.do("PATCH", early, {"position_code": "122"}, version=2)
    of_it = early.rpartition("/")[2]
    (change, *_) = rows(administrator.get_ok("/api/journal", object_type="employee", object_id=of_it))
    expected = {"label": "Идентификатор должности", "old": "999", "new": "122 – Врач-стоматолог-терапевт"}
    assert change["changes"] == [expected]
    then = administrator.get_ok(f"/api/history/employee/{of_it}/at", version=3)["fields"]
    assert {"label": expected["label"], "value": expected["new"]} in then

    load(world, tmp_path, "2.0", "124", "125")
    assert administrator.get_ok(early)["position_code_name"] == "Врач-стоматолог-терапевт"
    administrator.do("PATCH", early, {"comment": "", "position_code": "122"}, version=3)
    assert hired(administrator, position_code="122", expect=409)["facts"]["field"] == "position_code"


@pytest.mark.spec("SEC-1")
def test_who_keeps_employees_may_search_the_dictionaries(world: World, administrator: Browser) -> None:
    made = administrator.do(
        "POST", "/api/rights-sets", {"name": "Кадры", "rights": ["employees"], "start_page": "employees"}, expect=201
    )["id"]
    access = {"email": "staff@example.org", "password": "correct horse", "rights_set_id": made}
    administrator.do("PUT", f"/api/employees/{hired(administrator)['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        assert browser.get_ok("/api/dictionaries")["items"]
        assert browser.get(f"/api/dictionaries/{POSITIONS}/search").status_code in {200, 404}
