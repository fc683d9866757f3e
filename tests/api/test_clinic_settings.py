"""The clinic's settings and information through the API: declared, changed with their rights, obeyed, looked up as of a date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.api.world import Browser, World, new_visit, rows

PAGES = ("/api/settings", "/api/clinic-information")


def settings(browser: Browser, page: str = "/api/settings") -> dict[str, Any]:
    return {setting["name"]: setting for setting in browser.get_ok(page)["settings"]}


def change(browser: Browser, values: dict[str, Any], page: str = "/api/settings", *, expect: int = 200) -> Any:
    return browser.do("PATCH", page, {"values": values}, version=browser.get_ok(page)["version"], expect=expect)


@contextmanager
def with_settings(browser: Browser, **values: Any) -> Iterator[None]:
    before = settings(browser)
    change(browser, values)
    try:
        yield
    finally:
        change(browser, {name: before[name]["value"] for name in values})


@pytest.mark.spec("CLN-2")
def test_settings_are_declared_with_groups_labels_defaults_and_choices(administrator: Browser) -> None:
    page, by_name = administrator.get_ok("/api/settings"), settings(administrator)
    assert [group["title"] for group in page["groups"]] == [
        "Предварительная запись", "Визит", "Документы и справочники", "Склад", "Деньги", "Онлайн-запись и приложение",
        "Клиника",
    ]  # fmt: skip
    assert by_name["calendar_step"]["label"] == "Масштаб календаря по умолчанию"
    assert (by_name["calendar_step"]["default"], by_name["calendar_step"]["waits_for"]) == (20, "")
    assert by_name["closed_before"]["only_with"] == {"name": "past_documents", "value": False}
    assert [choice["label"] for choice in by_name["default_warehouse"]["choices"]] == ["Не выбрано", "Основной склад"]
    assert by_name["write_off_warehouse"]["waits_for"] == ""
    assert by_name["certificates"]["waits_for"] == ""


@pytest.mark.spec("CLN-2")
def test_a_deleted_warehouse_is_refused_and_one_chosen_before_stays_shown(administrator: Browser) -> None:
    cellar = administrator.do("POST", "/api/warehouses", {"fields": {"name": "Подвал"}}, expect=201)
    with with_settings(administrator, write_off_warehouse=cellar["id"]):
        administrator.do("POST", f"/api/warehouses/{cellar['id']}/delete", version=1)
        labels = [choice["label"] for choice in settings(administrator)["write_off_warehouse"]["choices"]]
        assert labels == ["Не выбрано", "Основной склад", "Подвал (удалено)"]
        assert change(administrator, {"default_warehouse": cellar["id"]}, expect=409)["code"] == "entry_deleted"


@pytest.mark.spec("CLN-2", "CAL-6")
def test_a_visit_without_a_doctor_is_refused_where_the_settings_forbid_it(world: World, administrator: Browser) -> None:
    with with_settings(administrator, visit_without_doctor=False):
        refused = administrator.do("POST", "/api/visits", new_visit(world, doctor_id=None), expect=409)
        assert refused["code"] == "doctor_required"


@pytest.mark.spec("CLN-2")
def test_step_and_region_are_what_every_screen_works_by(administrator: Browser) -> None:
    with with_settings(administrator, calendar_step=30, region="54"):
        clinic = administrator.get_ok("/api/me")["clinic"]
        assert (clinic["calendar_step"], clinic["zone"]) == (30, "Asia/Krasnoyarsk")


@pytest.mark.spec("CLN-2", "DEL-2")
@pytest.mark.parametrize("path", ["services", "employees", "visits", "units", "patients", "rights-sets"])
def test_deleted_objects_are_listed_only_where_the_settings_show_them(world: World, administrator: Browser, path: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "services": {"name": "Удалённая", "price": "1.00", "duration": 30},
        "employees": {"family_name": "Удалённая"},
        "visits": new_visit(world, doctor_id=None),
        "units": {"fields": {"name": "удалённая"}},
        "patients": {"family_name": "Удалённая"},
        "rights-sets": {"name": "Удалённый", "rights": ["calendar"], "start_page": "calendar"},
    }
    made = administrator.do("POST", f"/api/{path}", bodies[path], expect=201)
    administrator.do("POST", f"/api/{path}/{made['id']}/delete", version=made["version"])

    def listed() -> bool:
        return made["id"] in [one["id"] for one in rows(administrator.get_ok(f"/api/{path}", deleted=True))]

    with with_settings(administrator, show_deleted=True):
        assert listed()
    with with_settings(administrator, show_deleted=False):
        assert not listed()


@pytest.mark.spec("VIS-2", "CLN-2")
def test_typing_an_unknown_service_creates_it_or_is_refused(world: World, administrator: Browser, receptionist: Browser) -> None:
    typed = new_visit(world, doctor_id=None, lines=[{"name": "Снятие швов", "price": "700.00"}])
    refused = receptionist.do("POST", "/api/visits", typed, expect=409)
    assert (refused["code"], refused["facts"]["name"]) == ("service_unknown", "Снятие швов")
    with with_settings(administrator, create_services=True):
        receptionist.do("POST", "/api/visits", typed, expect=201)
    made = [service for service in rows(receptionist.get_ok("/api/services")) if service["name"] == "Снятие швов"]
    assert [service["price"] for service in made] == ["700.00"]
    known = receptionist.do("POST", "/api/visits", new_visit(world, doctor_id=None, lines=[{"name": "снятие  ШВОВ"}]), expect=201)
    (line,) = receptionist.get_ok(f"/api/visits/{known['id']}")["lines"]
    assert (line["service_id"], line["price"]) == (made[0]["id"], "700.00")
    both = new_visit(world, doctor_id=None, lines=[{"name": "Снятие швов", "service_id": made[0]["id"]}])
    assert receptionist.do("POST", "/api/visits", both, expect=422)["code"] == "body_malformed"


@pytest.mark.parametrize("values", [{"calendar_step": 7}, {"calendar_step": "20"}, {"unknown": 1}, {"inn": ""}], ids=str)
def test_a_setting_takes_only_what_it_allows_and_only_on_its_page(administrator: Browser, values: dict[str, object]) -> None:
    refused = change(administrator, values, expect=422)
    assert [fault["field"] for fault in refused["facts"]["fields"]] == [f"values.{name}" for name in values]


def test_a_change_of_an_old_version_is_refused(administrator: Browser) -> None:
    version = administrator.get_ok("/api/settings")["version"]
    with with_settings(administrator, calendar_step=15):
        stale = administrator.do("PATCH", "/api/settings", {"values": {"calendar_step": 10}}, version=version, expect=412)
        assert stale["code"] == "version_moved"


@pytest.mark.spec("CLN-1")
def test_information_about_the_clinic_is_saved_and_its_name_changes_everywhere_at_once(
    administrator: Browser, world: World
) -> None:
    page = "/api/clinic-information"
    requisites = {
        "legal_name": "ООО «Улыбка»",
        "legal_address": "Москва, ул. Мира, 1",
        "phone": "+7 495 123-45-67",
        "inn": "7707083893",
    }
    change(administrator, {"clinic_name": "Улыбка на Мира", **requisites}, page)
    now = settings(administrator, page)
    assert {name: now[name]["value"] for name in requisites} == requisites
    with world.browser("Врач") as doctor:
        assert doctor.get_ok("/api/me")["clinic"]["name"] == "Улыбка на Мира"
    refused = change(administrator, {"inn": "7707083894"}, page, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "inn")


@pytest.mark.spec("CLN-3")
def test_each_settings_changes_are_listed_on_its_page(administrator: Browser) -> None:
    change(administrator, {"first_visit_months": 7})
    change(administrator, {"first_visit_months": 9})
    items = {item["name"]: item for item in rows(administrator.get_ok("/api/settings/history"))}
    last, before = items["first_visit_months"]["changes"][:2]
    assert (last["old"], last["new"], last["author"]["name"]) == ("7", "9", "Орлова Анна")
    assert before["new"] == "7"
    long_ago = rows(administrator.get_ok("/api/settings/history", moment="2020-01-01T00:00"))
    assert {item["then"] for item in long_ago} == {None}
    assert "clinic_name" not in items
    assert "clinic_name" in {item["name"] for item in rows(administrator.get_ok("/api/clinic-information/history"))}


@pytest.mark.spec("CLN-3", "AUD-1")
def test_the_journal_names_the_old_and_new_entry_of_a_reference(administrator: Browser) -> None:
    barn = administrator.do("POST", "/api/warehouses", {"fields": {"name": "Амбар"}}, expect=201)
    with with_settings(administrator, write_off_warehouse=barn["id"]):
        entry = rows(administrator.get_ok("/api/journal", object_type="settings"))[0]
        assert entry["changes"] == [{"label": "Склад для списания", "old": "Основной склад", "new": "Амбар"}]


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_for_those_with_the_right(receptionist: Browser, page: str) -> None:
    assert receptionist.get(page).status_code == 403
