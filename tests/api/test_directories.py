"""Patients, services, employees, settings and sets of rights through the API."""

from typing import Any
from uuid import uuid4

import pytest

from aggregates.catalogues import Unit, first_entry_id
from tests.api.world import Browser, World, new_visit, rows


@pytest.mark.spec("PAT-1")
def test_a_card_number_is_given_editable_and_unique(receptionist: Browser) -> None:
    first = receptionist.do("POST", "/api/patients", {"family_name": "Первая"}, expect=201)
    second = receptionist.do("POST", "/api/patients", {"family_name": "Вторая"}, expect=201)
    assert first["card_number"] != second["card_number"]
    taken = {"card_number": first["card_number"]}
    refused = receptionist.do("PATCH", f"/api/patients/{second['id']}", taken, version=1, expect=409)
    assert refused["code"] == "card_number_taken"
    assert first["card_number"] in refused["title"]
    receptionist.do("PATCH", f"/api/patients/{second['id']}", {"card_number": "A-17/2"}, version=1)
    assert receptionist.get_ok(f"/api/patients/{second['id']}")["card_number"] == "A-17/2"


@pytest.mark.spec("PAT-1")
@pytest.mark.parametrize("phone", ["+7 916 123-45-67", "8 (916) 123 45 67", "9161234567"])
def test_a_phone_is_stored_in_one_form(receptionist: Browser, phone: str) -> None:
    created = receptionist.do("POST", "/api/patients", {"family_name": "Звонкая", "phone": phone}, expect=201)
    assert receptionist.get_ok(f"/api/patients/{created['id']}")["phone"] == "+79161234567"


@pytest.mark.spec("PAT-1")
def test_a_card_without_a_name_is_refused_by_field(receptionist: Browser) -> None:
    refused = receptionist.do("POST", "/api/patients", {"phone": "9161234567"}, expect=409)
    assert refused["code"] == "wrong_value"
    assert refused["facts"]["field"]


@pytest.mark.spec("PAT-1", "PAT-2")
def test_a_whole_card_is_created_changed_and_shown_in_stored_forms(receptionist: Browser) -> None:
    typed = {
        "family_name": "Полная", "email": "Polnaya@Mail.ru", "other_phones": "рабочий 8 (495) 1", "city": "Тверь",
        "street": "Новая", "house": "5", "flat": "17",
        "snils": "112-233-445 95", "passport_series": "45 12", "passport_number": "123456",
        "passport_issued_on": "2019-03-01", "passport_issued_by": "ГУ МВД", "policy_kind": "oms", "policy_number": "1234 5678",
        "policy_insurer": "СОГАЗ", "representative_family_name": "Полный", "representative_relation": "отец",
        "representative_birth_date": "1970-02", "representative_phone": "89035551133", "representative_snils": "08765430300",
    }  # fmt: skip
    created = receptionist.do("POST", "/api/patients", typed, expect=201)
    path = f"/api/patients/{created['id']}"
    shown = receptionist.get_ok(path)
    stored = {
        "email": "polnaya@mail.ru", "snils": "11223344595", "passport_series": "4512", "policy_number": "12345678",
        "representative_phone": "+79035551133",
    }  # fmt: skip
    assert {field: shown[field] for field in typed} == typed | stored
    assert shown["representative_address"] == ""
    receptionist.do("PATCH", path, {"flat": "", "representative_relation": "опекун", "phone": "9031112277"}, version=1)
    changed = receptionist.get_ok(path)
    assert (changed["flat"], changed["representative_relation"], changed["street"]) == ("", "опекун", "Новая")
    (found,) = rows(receptionist.get_ok("/api/patients/search", q="9031112277"))
    assert found["id"] == created["id"]


@pytest.mark.spec("PAT-1", "PAT-2")
@pytest.mark.parametrize("field", ["snils", "representative_snils"])
def test_a_wrong_check_number_is_refused_at_its_field(receptionist: Browser, field: str) -> None:
    refused = receptionist.do("POST", "/api/patients", {"family_name": "Ошибкина", field: "112-233-445 96"}, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", field)
    assert "контрольное число" in refused["title"]


@pytest.mark.spec("PAT-8")
def test_patients_are_found_by_name_phone_and_card(world: World, receptionist: Browser) -> None:
    card = {"family_name": "Королёва", "given_name": "Мария", "phone": "9031112233", "card_number": "К-900"}
    created = receptionist.do("POST", "/api/patients", card, expect=201)
    for query in ("королева мар", "2233", "К-900", "rjhjk`df"):
        found = receptionist.get_ok("/api/patients/search", q=query)
        assert created["id"] in [patient["id"] for patient in rows(found)], query
    assert receptionist.get_ok("/api/patients", q="Королёва", size=1)["total"] == 1


@pytest.mark.spec("VIS-1")
def test_a_service_changes_and_visits_keep_the_price_of_their_day(world: World, administrator: Browser) -> None:
    priced = {"name": "Чистка", "price": "2500.50", "duration": 40}
    created = administrator.do("POST", "/api/services", priced, expect=201)
    booked = administrator.do(
        "POST", "/api/visits", new_visit(world, lines=[{"service_id": created["id"], "quantity": 2}]), expect=201
    )
    administrator.do("PATCH", f"/api/services/{created['id']}", {"price": "3000"}, version=1)
    (listed,) = [service for service in rows(administrator.get_ok("/api/services")) if service["id"] == created["id"]]
    assert administrator.get_ok(f"/api/services/{created['id']}") == listed
    assert administrator.get(f"/api/services/{uuid4()}").json()["code"] == "not_found"
    assert (listed["price"], listed["duration"], listed["version"]) == ("3000.00", 40, 2)
    assert administrator.get_ok(f"/api/visits/{booked['id']}")["total"] == "5001.00"
    administrator.do("POST", f"/api/services/{created['id']}/delete", version=2)
    assert created["id"] not in [service["id"] for service in rows(administrator.get_ok("/api/services"))]
    assert created["id"] in [service["id"] for service in rows(administrator.get_ok("/api/services", deleted=True))]
    refused = administrator.do("POST", "/api/visits", new_visit(world, lines=[{"service_id": created["id"]}]), expect=409)
    assert refused["code"] == "service_deleted"
    administrator.do("POST", f"/api/services/{created['id']}/return", version=3)


def test_a_service_refers_to_entries_that_are_not_deleted_and_to_doctors(world: World, administrator: Browser) -> None:
    unit = str(first_entry_id(Unit, "штука"))
    category = administrator.do("POST", "/api/service-categories", {"fields": {"name": "Имплантация"}}, expect=201)["id"]
    group = administrator.do("POST", "/api/goods-categories", {"fields": {"name": "Для имплантации"}}, expect=201)["id"]
    membrane = {"name": "Мембрана", "category": group, "price": "5", "sale_unit": unit}
    goods = administrator.do("POST", "/api/goods", {"fields": membrane}, expect=201)["id"]
    doctor = rows(administrator.get_ok("/api/services/doctors"))[0]
    assert {"id": goods, "name": "Мембрана", "unit": "штука"} in rows(administrator.get_ok("/api/services/materials"))
    card = {
        "name": "Имплантат", "category_id": category, "unit_id": unit, "price": "42000", "duration": 120, "online": True,
        "doctors": [doctor["id"]], "norms": [{"goods_id": goods, "quantity": "1,5"}],
    }  # fmt: skip
    created = administrator.do("POST", "/api/services", card, expect=201)["id"]
    (shown,) = [service for service in rows(administrator.get_ok("/api/services")) if service["id"] == created]
    assert (shown["category"], shown["unit"], shown["online"], shown["doctors"]) == ("Имплантация", "штука", True, [doctor])
    assert shown["norms"] == [{"goods": {"id": goods, "name": "Мембрана"}, "unit": "штука", "quantity": "1.5"}]

    administrator.do("POST", f"/api/service-categories/{category}/delete", version=1)
    administrator.do("PATCH", f"/api/services/{created}", {"price": "43000"}, version=1)
    assert administrator.do("POST", "/api/services", card, expect=409)["code"] == "entry_deleted"
    twice = {**card, "category_id": None, "norms": card["norms"] * 2}
    assert administrator.do("POST", "/api/services", twice, expect=409)["facts"]["field"] == "norms"
    for refused, code in (({"unit_id": str(uuid4())}, "not_found"), ({"doctors": [str(uuid4())]}, "not_found")):
        problem = administrator.do("POST", "/api/services", {**card, "category_id": None, **refused}, expect=404)
        assert problem["code"] == code


@pytest.mark.spec("ACL-3")
def test_a_position_proposes_the_set_of_rights_of_those_who_hold_it(administrator: Browser) -> None:
    sets = {one["name"]: one["id"] for one in rows(administrator.get_ok("/api/rights-sets"))}
    fields = {"name": "Хирург смены", "rights_set": sets["Врач"]}
    position = administrator.do("POST", "/api/positions", {"fields": fields}, expect=201)["id"]
    card = {"family_name": "Сменный", "position_id": position, "internal_number": "707", "snils": "112-233-445 95"}
    hired = administrator.do("POST", "/api/employees", card, expect=201)["id"]
    shown = administrator.get_ok(f"/api/employees/{hired}")
    assert (shown["position"], shown["proposed_rights_set"], shown["snils"]) == ("Хирург смены", sets["Врач"], "11223344595")
    (listed,) = rows(administrator.get_ok("/api/employees", q="707"))
    assert (listed["id"], listed["position"]) == (hired, "Хирург смены")
    assert "snils" not in listed
    taken = administrator.do("POST", "/api/employees", {"family_name": "Второй", "internal_number": "707"}, expect=409)
    assert (taken["code"], taken["facts"]["employee"]["name"]) == ("internal_number_taken", "Сменный")
    own = {"name": "Смена", "start_page": "calendar", "rights": ["calendar"]}
    made = administrator.do("POST", "/api/rights-sets", own, expect=201)["id"]
    administrator.do("PATCH", f"/api/positions/{position}", {"fields": {"rights_set": made}}, version=1)
    assert administrator.get_ok(f"/api/employees/{hired}")["proposed_rights_set"] == made
    administrator.do("POST", f"/api/rights-sets/{made}/delete", version=1)
    assert administrator.get_ok(f"/api/employees/{hired}")["proposed_rights_set"] is None  # it can't be given to anybody
    administrator.do("POST", f"/api/positions/{position}/delete", version=2)
    refused = administrator.do("POST", "/api/employees", {"family_name": "Второй", "position_id": position}, expect=409)
    assert refused["code"] == "entry_deleted"


@pytest.mark.spec("UI-6")
def test_employees_are_filtered_by_position_and_by_whether_they_take_visits(administrator: Browser) -> None:
    position = administrator.do("POST", "/api/positions", {"fields": {"name": "Гигиенист"}}, expect=201)["id"]
    for name, card in (
        ("В", {"position_id": position, "takes_visits": True}),
        ("А", {"position_id": position}),
        ("Б", {"position_id": position, "takes_visits": True}),
        ("Г", {"position": "Гигиенист", "takes_visits": True}),
    ):
        administrator.do("POST", "/api/employees", {"family_name": f"Отборный {name}", **card}, expect=201)

    def found(**query: Any) -> tuple[list[str], int]:
        answer = administrator.get_ok("/api/employees", **query)
        return [employee["name"].split()[1] for employee in rows(answer)], answer["total"]

    assert found(position_id=position) == (["А", "Б", "В"], 3)
    assert found(position_id=position, sort="-name", size=2, page=2) == (["А"], 3)
    assert found(position_id=position, takes_visits=True) == (["Б", "В"], 2)
    assert found(q="отборный", takes_visits=False) == (["А"], 1)
    assert found(q="отборный гигиенист") == (["А", "Б", "В", "Г"], 4), "a written position is found by its words"
    assert found(position_id=str(first_entry_id(Unit, "штука"))) == ([], 0)
    assert administrator.get("/api/employees", params={"rights_set": position}).status_code == 422


@pytest.mark.spec("DEL-1")
def test_an_employee_is_hired_changed_deleted_and_returned(administrator: Browser) -> None:
    card = {"family_name": "Ассистентова", "given_name": "Ольга", "position": "Ассистент", "color": "#AABBCC"}
    hired = administrator.do("POST", "/api/employees", card, expect=201)
    path = f"/api/employees/{hired['id']}"
    administrator.do("PATCH", path, {"position": "Старший ассистент"}, version=1)
    shown = administrator.get_ok(path)
    assert (shown["number"], shown["position"], shown["access"]) == (hired["number"], "Старший ассистент", None)
    administrator.do("POST", f"{path}/delete", version=2)
    assert hired["id"] not in [employee["id"] for employee in rows(administrator.get_ok("/api/employees", size=500))]
    (deleted,) = [e for e in rows(administrator.get_ok("/api/employees", size=500, deleted=True)) if e["id"] == hired["id"]]
    assert deleted["deleted"] is True
    assert administrator.do("PATCH", path, {"position": "x"}, version=3, expect=409)["code"] == "employee_deleted"
    administrator.do("POST", f"{path}/return", version=3)
    assert administrator.get_ok(path)["deleted"] is False


@pytest.mark.spec("UI-3")
def test_an_employee_with_coming_visits_stays_and_the_visits_are_named(world: World, administrator: Browser) -> None:
    doctor = administrator.do("POST", "/api/employees", {"family_name": "Нужный", "takes_visits": True}, expect=201)["id"]
    booked = administrator.do("POST", "/api/visits", new_visit(world, doctor_id=doctor), expect=201)
    refused = administrator.do("POST", f"/api/employees/{doctor}/delete", version=1, expect=409)
    (conflict,) = refused["facts"]["conflicts"]
    assert (conflict["employee"]["name"], conflict["visits"][0]["number"]) == ("Нужный", booked["number"])
    again = administrator.do("PATCH", f"/api/employees/{doctor}", {"takes_visits": False}, version=1, expect=409)
    assert (again["code"], again["title"], again["facts"]) == ("conflicting_visits", refused["title"], refused["facts"])
    path = f"/api/employees/{doctor}/conflicts"
    assert administrator.get_ok(path) == {"sentence": refused["title"], "visits": conflict["visits"], "others": 0}
    administrator.do("POST", f"/api/visits/{booked['id']}/status", {"status": "cancelled"}, version=1)
    assert administrator.get_ok(path) == {"sentence": "", "visits": [], "others": 0}


@pytest.mark.spec("ACL-2")
def test_sets_of_rights_are_listed_with_those_who_have_them(administrator: Browser) -> None:
    sets = {listed["name"]: listed for listed in rows(administrator.get_ok("/api/rights-sets"))}
    assert set(sets) == {"Администратор", "Регистратор", "Врач", "Аудитор"}
    assert [holder["name"] for holder in sets["Администратор"]["employees"]] == ["Орлова Анна"]
    assert sets["Аудитор"]["rights"] == ["journal"]
