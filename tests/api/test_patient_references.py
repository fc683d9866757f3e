"""Where a patient came from and which categories they belong to: chosen from catalogues (PAT-1)."""

from typing import Any

import pytest

from tests.api.world import Browser, World, new_visit, rows

pytestmark = pytest.mark.spec("PAT-1")


def new_entry(administrator: Browser, path: str, **fields: Any) -> str:
    created: str = administrator.do("POST", f"/api/{path}", {"fields": fields}, expect=201)["id"]
    return created


def test_categories_are_shown_with_their_colours_wherever_the_patient_is(
    world: World, administrator: Browser, receptionist: Browser
) -> None:
    source = new_entry(administrator, "sources", name="Вывеска")
    vip = new_entry(administrator, "patient-categories", name="VIP", color="#7a5b00")
    close = new_entry(administrator, "patient-categories", name="Близкие", color="#1f7a4d")
    receptionist.position = administrator.position
    card = {"family_name": "Категорова", "phone": "9160001122", "source_id": source, "categories": [close, vip]}
    patient = receptionist.do("POST", "/api/patients", card, expect=201)["id"]
    shown = [{"id": vip, "name": "VIP", "color": "#7a5b00"}, {"id": close, "name": "Близкие", "color": "#1f7a4d"}]
    card = receptionist.get_ok(f"/api/patients/{patient}")
    assert (card["source"], card["categories"]) == ({"id": source, "name": "Вывеска"}, shown)
    assert [one["categories"] for one in rows(receptionist.get_ok("/api/patients/search", q="Категорова"))] == [shown]
    assert [one["categories"] for one in rows(receptionist.get_ok("/api/patients", q="Категорова"))] == [shown]
    alike = receptionist.do("POST", "/api/patients/duplicates", {"phone": "9160001122"})
    assert [one["categories"] for one in rows(alike)] == [shown]
    choices = rows(receptionist.get_ok("/api/patient-categories/choices"))
    assert {one["id"]: one["color"] for one in choices}.items() >= {vip: "#7a5b00", close: "#1f7a4d"}.items()

    booked = receptionist.do("POST", "/api/visits", new_visit(world, patient_id=patient), expect=201)
    assert receptionist.get_ok(f"/api/visits/{booked['id']}")["patient_categories"] == shown

    receptionist.do("PATCH", f"/api/patients/{patient}", {"source_id": None, "categories": []}, version=1)
    card = receptionist.get_ok(f"/api/patients/{patient}")
    assert (card["source"], card["categories"], card["version"]) == (None, [], 3)


@pytest.mark.parametrize("field", ["source_id", "categories"])
def test_what_is_deleted_or_unknown_or_of_another_catalogue_is_not_chosen(administrator: Browser, field: str) -> None:
    own, foreign = ("sources", "rooms") if field == "source_id" else ("patient-categories", "sources")
    color = {} if field == "source_id" else {"color": "#7a5b00"}
    gone = new_entry(administrator, own, name=f"Удаляемое {field}", **color)
    administrator.do("POST", f"/api/{own}/{gone}/delete", version=1)
    other = new_entry(administrator, foreign, name=f"Чужое {field}")
    unknown = "00000000-0000-4000-8000-000000000000"
    for entry, status, code in ((gone, 409, "entry_deleted"), (other, 404, "not_found"), (unknown, 404, "not_found")):
        card = {"family_name": "Отказова", field: entry if field == "source_id" else [entry]}
        refused = administrator.do("POST", "/api/patients", card, expect=status)
        assert refused["code"] == code
    assert administrator.get_ok("/api/patients/search", q="Отказова")["total"] == 0


@pytest.mark.spec("UI-6")
def test_the_list_is_filtered_by_category_and_by_source(administrator: Browser) -> None:
    tidy = new_entry(administrator, "patient-categories", name="Аккуратные", color="#7a5b00")
    loud = new_entry(administrator, "patient-categories", name="Громкие", color="#1f7a4d")
    radio = new_entry(administrator, "sources", name="Радио")
    for family, categories, source in (
        ("Фильтрова В", [tidy, loud], radio),
        ("Фильтрова А", [tidy], None),
        ("Фильтрова Б", [tidy], radio),
        ("Фильтрова Г", [loud], radio),
    ):
        card = {"family_name": family, "categories": categories, "source_id": source}
        administrator.do("POST", "/api/patients", card, expect=201)

    def found(**query: Any) -> tuple[list[str], int]:
        answer = administrator.get_ok("/api/patients", **query)
        return [patient["name"].split()[1] for patient in rows(answer)], answer["total"]

    assert found(category_id=tidy) == (["А", "Б", "В"], 3)
    assert found(category_id=tidy, sort="-name", size=2, page=2) == (["А"], 3)
    assert found(source_id=radio) == (["Б", "В", "Г"], 3)
    assert found(category_id=tidy, source_id=radio) == (["Б", "В"], 2)
    assert found(category_id=loud, q="фильтрова г") == (["Г"], 1)
    assert found(category_id=radio) == found(source_id=tidy) == ([], 0), "each by its own catalogue"
    assert administrator.get("/api/patients", params={"colour": tidy}).status_code == 422


@pytest.mark.spec("UI-6", "SEC-6")
def test_looking_at_a_filtered_list_is_noted_with_the_names_of_what_it_was_filtered_by(administrator: Browser) -> None:
    rare = new_entry(administrator, "patient-categories", name="Редкие", color="#7a5b00")
    poster = new_entry(administrator, "sources", name="Афиша")
    asked = {"category_id": rare, "source_id": poster}
    administrator.get_ok("/api/patients", **asked, q="никто", size=5)
    taken = {"action": "exported", "object_type": "patient", "filter": asked, "count": 0}
    assert administrator.post("/api/access-log", json=taken).status_code == 204
    exported, listed = rows(administrator.get_ok("/api/access-log", user_id=administrator.get_ok("/api/me")["user_id"]))[:2]
    assert (listed["action"], listed["filter"]) == ("Просмотр списка", ["поиск: никто", "категория: Редкие", "источник: Афиша"])
    assert (exported["action"], exported["filter"]) == ("Выгрузка", ["категория: Редкие", "источник: Афиша"])


@pytest.mark.spec("DEL-1")
def test_a_category_in_use_may_be_deleted_and_stays_with_those_who_have_it(administrator: Browser) -> None:
    vip = new_entry(administrator, "patient-categories", name="Уходящая", color="#7a5b00")
    source = new_entry(administrator, "sources", name="Уходящий")
    card = {"family_name": "Хранимова", "categories": [vip], "source_id": source}
    path = f"/api/patients/{administrator.do('POST', '/api/patients', card, expect=201)['id']}"
    administrator.do("POST", f"/api/patient-categories/{vip}/delete", version=1)
    administrator.do("POST", f"/api/sources/{source}/delete", version=1)
    administrator.do("PATCH", path, {"comment": "звонить", "categories": [vip], "source_id": source}, version=1)
    card = administrator.get_ok(path)
    assert (card["source"]["name"], [one["name"] for one in card["categories"]]) == ("Уходящий", ["Уходящая"])


@pytest.mark.spec("AUD-1", "PAT-7")
def test_journal_and_history_tell_names(administrator: Browser) -> None:
    vip = new_entry(administrator, "patient-categories", name="Названная", color="#7a5b00")
    source = new_entry(administrator, "sources", name="Названный")
    patient = administrator.do("POST", "/api/patients", {"family_name": "Журналова", "source_id": source}, expect=201)["id"]
    administrator.do("PATCH", f"/api/patients/{patient}", {"categories": [vip], "source_id": None}, version=1)
    categories, changed, created = rows(administrator.get_ok(f"/api/history/patient/{patient}"))
    assert categories["changes"] == [{"label": "Категория", "old": None, "new": "Названная"}]
    assert changed["changes"] == [{"label": "Источник", "old": "Названный", "new": None}]
    assert {"label": "Источник", "old": None, "new": "Названный"} in created["changes"]
    fields = administrator.get_ok(f"/api/history/patient/{patient}/at", version=3)["fields"]
    assert {"label": "Категория", "value": "Названная"} in fields
    concerned = rows(administrator.get_ok("/api/journal", object_type="patient_category", object_id=vip))
    assert [row["object"]["id"] for row in concerned] == [patient, vip]
