"""Sets of rights as the API shows and changes them."""

import pytest

from tests.api.world import PASSWORD, Browser, World


@pytest.mark.spec("ACL-1", "ACL-2", "UI-3")
def test_a_set_that_somebody_has_is_not_deleted_and_says_whose_it_is(world: World, administrator: Browser) -> None:
    rights_set = {"name": "Ночная смена", "start_page": "calendar", "rights": ["calendar"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Ночная", "given_name": "Ида"}, expect=201)
    access = {"email": "night@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    shown = administrator.get_ok(f"/api/rights-sets/{made['id']}")
    assert shown["employees"] == [{"id": hired["id"], "name": "Ночная Ида"}]
    refused = administrator.do("POST", f"/api/rights-sets/{made['id']}/delete", version=shown["version"], expect=409)
    assert (refused["code"], refused["facts"]) == ("rights_set_in_use", {"employees": shown["employees"]})

    administrator.do("DELETE", f"/api/employees/{hired['id']}/access")
    deleted = administrator.do("POST", f"/api/rights-sets/{made['id']}/delete", version=shown["version"])
    names = {item["name"] for item in administrator.get_ok("/api/rights-sets")["items"]}
    assert "Ночная смена" not in names
    assert made["id"] in {item["id"] for item in administrator.get_ok("/api/rights-sets", deleted="true")["items"]}
    administrator.do("POST", f"/api/rights-sets/{made['id']}/return", version=deleted["version"])
    assert administrator.get_ok(f"/api/rights-sets/{made['id']}")["deleted"] is False


@pytest.mark.spec("ACL-1", "DEL-2", "UI-3")
def test_a_name_is_taken_once_and_a_deleted_set_does_not_return_over_it(administrator: Browser) -> None:
    rights_set = {"name": "Дневная смена", "start_page": "calendar", "rights": ["calendar"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    refused = administrator.do("POST", "/api/rights-sets", {**rights_set, "name": "дневная Смена"}, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("rights_set_name_taken", "name")
    assert "«Дневная смена» уже есть" in refused["title"]
    deleted = administrator.do("POST", f"/api/rights-sets/{made['id']}/delete", version=1)
    administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    refused = administrator.do("POST", f"/api/rights-sets/{made['id']}/return", version=deleted["version"], expect=409)
    assert refused["code"] == "rights_set_name_taken"
    assert administrator.get_ok(f"/api/rights-sets/{made['id']}")["deleted"] is True


@pytest.mark.spec("ACL-3", "ACL-6")
def test_who_keeps_positions_alone_chooses_the_set_that_a_position_proposes(world: World, administrator: Browser) -> None:
    rights_set = {"name": "Кадровик", "start_page": "positions", "rights": ["positions"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Кадровикова"}, expect=201)
    access = {"email": "positions@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        sets = {choice["name"]: choice for choice in browser.get_ok("/api/rights-sets/choices")["items"]}
        assert set(sets["Врач"]) == {"id", "name"}
        fields = {"name": "Врач-гигиенист", "rights_set": sets["Врач"]["id"]}
        entry = browser.do("POST", "/api/positions", {"fields": fields}, expect=201)
        assert browser.get_ok(f"/api/positions/{entry['id']}")["names"] == {"rights_set": "Врач"}
        assert browser.get("/api/rights-sets").json()["code"] == "right_missing"


@pytest.mark.spec("ACL-1")
def test_the_tree_says_what_each_right_is_like(administrator: Browser) -> None:
    nodes = administrator.get_ok("/api/rights-tree")["items"]
    by_right = {node["right"]: node for top in nodes for node in (top, *top["children"]) if node["right"]}
    assert [node["label"] for node in nodes if node["children"]] == [
        "Маркетинг",
        "Продажи",
        "Склад",
        "Сотрудники",
        "Финансы",
        "Отчёты",
        "Настройки",
    ]
    assert {right for right, node in by_right.items() if node["escalates"]} == {"employees", "rights"}
    assert not by_right["patient_info"]["has_page"]
