"""The action journal, its export, and the history of objects through the API."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from projections.registry import PROJECTIONS
from services.api.registry import declared
from tests.api.world import MONDAY, Browser, World, at, new_visit, rows


@pytest.mark.spec("AUD-1")
def test_every_action_is_in_the_journal_with_who_where_and_what(world: World, administrator: Browser) -> None:
    with world.browser("Регистратор") as receptionist:
        booked = receptionist.do("POST", "/api/visits", new_visit(world), expect=201)
        moved = {"starts_at": at(MONDAY, "11:00"), "ends_at": at(MONDAY, "11:30")}
        position = receptionist.do("PATCH", f"/api/visits/{booked['id']}", moved, version=1)["position"]
    administrator.position = position
    entry, booking = rows(administrator.get_ok("/api/journal", object_type="visit", object_id=booked["id"]))
    assert (entry["author"]["name"], entry["address"]) == ("Регистратор Сотрудник", "127.0.0.1")
    assert entry["object"] == {"type": "visit", "id": booked["id"], "title": entry["object"]["title"], "version": 2}
    assert str(booked["number"]) in entry["object"]["title"]
    assert "10:00" in entry["changes"][0]["old"]
    assert "11:00" in entry["changes"][0]["new"]
    assert entry["link"] == f"/history/visit/{booked['id']}?version=2"
    assert booking["object"]["version"] == 1


@pytest.mark.spec("AUD-1")
def test_the_journal_is_filtered_by_user_kind_period_and_text(world: World, administrator: Browser) -> None:
    administrator.do("POST", "/api/patients", {"family_name": "Журнальная"}, expect=201)
    filters = administrator.get_ok("/api/journal/filters")
    me = administrator.get_ok("/api/me")
    assert {"id": me["user_id"], "name": me["name"]} in filters["users"]
    kinds = {choice["key"] for choice in filters["kinds"]}
    found = administrator.get_ok("/api/journal", user_id=me["user_id"], object_type="patient")
    assert found["items"][0]["kind"] in kinds
    assert {entry["author"]["id"] for entry in found["items"]} == {me["employee_id"]}
    kind = found["items"][0]["kind"]
    assert {entry["kind"] for entry in rows(administrator.get_ok("/api/journal", kind=kind))} == {kind}
    assert administrator.get_ok("/api/journal", q="Журнальная")["total"] >= 1
    assert administrator.get_ok("/api/journal", **{"from": "2001-01-01", "to": "2001-12-31"})["total"] == 0


@pytest.mark.spec("AUD-1")
@pytest.mark.thorough
def test_the_journal_is_exported_as_a_workbook(world: World, administrator: Browser) -> None:
    administrator.do("POST", "/api/patients", {"family_name": "=1+1"}, expect=201)
    answer = administrator.get("/api/journal/export.xlsx", params={"object_type": "patient"})
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["content-disposition"] == 'attachment; filename="journal.xlsx"'
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 8
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.thorough
def test_the_journal_is_listed_and_exported_in_the_order_and_with_the_columns_asked_for(
    world: World, administrator: Browser
) -> None:
    card = administrator.do("POST", "/api/patients", {"family_name": "Порядкова"}, expect=201)
    administrator.do("PATCH", f"/api/patients/{card['id']}", {"comment": "позже"}, version=1)
    filters = {"object_type": "patient", "object_id": card["id"]}

    def versions(**asked: str) -> list[int]:
        return [entry["object"]["version"] for entry in rows(administrator.get_ok("/api/journal", **filters, **asked))]

    assert (versions(), versions(sort="-moment"), versions(sort="moment")) == ([2, 1], [2, 1], [1, 2])
    asked = {**filters, "sort": "moment", "columns": ["kind", "object"]}
    sheet = load_workbook(BytesIO(administrator.get("/api/journal/export.xlsx", params=asked).content)).active
    assert sheet is not None
    heading, *exported = sheet.iter_rows(values_only=True)
    assert heading == ("Вид действия", "Объект")
    assert [row[0] for row in exported] == ["Новый пациент", "Изменение карты пациента"]
    assert administrator.get("/api/journal/export.xlsx", params={"columns": "secrets"}).status_code == 422
    assert administrator.get("/api/journal", params={"sort": "address"}).status_code == 422


@pytest.mark.spec("SCH-9")
def test_a_schedule_change_links_to_its_version(world: World, administrator: Browser) -> None:
    doctor = administrator.do("POST", "/api/employees", {"family_name": "Графиков"}, expect=201)["id"]
    version = administrator.get_ok("/api/schedule", **{"from": MONDAY.isoformat(), "to": MONDAY.isoformat()})["version"]
    day = {"employee_id": doctor, "date": MONDAY.isoformat(), "kind": "off", "intervals": []}
    administrator.do("POST", "/api/schedule/changes", {"days": [day]}, version=version)
    (entry, *_) = rows(administrator.get_ok("/api/journal", object_type="schedule"))
    assert entry["link"] == f"/settings/hours/versions/{version + 1}"
    assert entry["changes"]


@pytest.mark.spec("AUD-3")
def test_an_objects_history_and_its_state_at_any_version(world: World, administrator: Browser) -> None:
    created = administrator.do("POST", "/api/patients", {"family_name": "Девичья"}, expect=201)
    administrator.do("PATCH", f"/api/patients/{created['id']}", {"family_name": "Замужняя"}, version=1)
    history = administrator.get_ok(f"/api/history/patient/{created['id']}")
    assert [entry["object"]["version"] for entry in history["items"]] == [2, 1]
    assert ("Девичья", "Замужняя") in [(change["old"], change["new"]) for change in history["items"][0]["changes"]]
    then = administrator.get_ok(f"/api/history/patient/{created['id']}/at", version=1)
    assert (then["object"]["version"], then["current_version"], then["author"]["name"]) == (1, 2, "Орлова Анна")
    assert "Девичья" in {field["value"] for field in then["fields"]}
    now = administrator.get_ok(f"/api/history/patient/{created['id']}/at")
    assert "Замужняя" in {field["value"] for field in now["fields"]}
    tomorrow = administrator.get_ok(f"/api/history/patient/{created['id']}/at", moment="2100-01-01T00:00")
    assert tomorrow["object"]["version"] == 2


@pytest.mark.spec("PAT-7", "SEC-1")
def test_who_may_open_a_patients_card_may_see_it_as_it_was_but_not_from_where_it_was_changed(
    world: World, administrator: Browser, receptionist: Browser
) -> None:
    created = administrator.do("POST", "/api/patients", {"family_name": "Девичья"}, expect=201)
    administrator.do("PATCH", f"/api/patients/{created['id']}", {"family_name": "Замужняя"}, version=1)
    receptionist.position = administrator.position
    path = f"/api/patients/{created['id']}/history"
    changed, _ = rows(receptionist.get_ok(path))
    assert (changed["author"]["name"], changed["address"]) == ("Орлова Анна", "")
    assert ("Девичья", "Замужняя") in [(change["old"], change["new"]) for change in changed["changes"]]
    assert "Девичья" in {field["value"] for field in receptionist.get_ok(f"{path}/at", version=1)["fields"]}
    assert rows(administrator.get_ok(path))[0]["address"] != ""
    assert receptionist.get(f"/api/history/patient/{created['id']}").json()["code"] == "right_missing"
    assert receptionist.get(f"/api/patients/{world.doctor}/history").json()["code"] == "not_found"
    with world.browser("Аудитор") as auditor:
        for address in (path, f"{path}/at"):
            assert auditor.get(address).json()["code"] == "right_missing"
        noted = rows(auditor.get_ok("/api/access-log", patient_id=created["id"]))
        assert "Просмотр истории" in {viewing["action"] for viewing in noted}


@pytest.mark.spec("AUD-3", "SEC-1")
def test_a_history_is_found_under_its_own_kind_alone(world: World, administrator: Browser) -> None:
    assert administrator.get(f"/api/history/visit/{world.patient}").json()["code"] == "not_found"
    assert administrator.get(f"/api/history/visit/{world.patient}/at").json()["code"] == "not_found"
    assert administrator.get(f"/api/history/patient/{world.patient}/at?version=99").json()["code"] == "not_found"
    assert administrator.get(f"/api/history/patient/{world.patient}/at?moment=2001-01-01T00:00").json()["code"] == "not_found"
    assert administrator.get(f"/api/history/nonsense/{world.patient}").status_code == 422


def test_journal_and_history_wait_for_the_names_of_all_objects() -> None:
    """A renamed service, room or set of rights is shown by its new name in the same moment: read-your-writes of every title."""
    reads = {route.path: set(route.reads) for _, route in declared()}
    titles = [path for path in reads if path.startswith(("/journal", "/history")) or ("/history" in path and "patients" in path)]
    assert len(titles) == 7
    named = {"accesses", "calendar", "catalogue", "employees", "journal", "patients", "rights_sets", "services"}
    assert {path for path in titles if not named <= reads[path]} == {"/journal/filters"}
    assert set().union(*reads.values()) <= {projection.name for projection in PROJECTIONS}
