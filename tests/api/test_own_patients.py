"""«Видит только своё расписание» without «Пациенты»: of all cards those of the own patients alone, whatever the way to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from aggregates.access.rights import BEYOND_OWN_SCHEDULE, RIGHTS
from services.api.http.routes import Public, RouteDeclaration
from services.api.openapi import ROOT_PATHS
from services.api.registry import declared
from tests.api.strangers import attached_file, certify, complete, pay_for, rows_of_strangers, sell_to, stored_paper
from tests.api.test_live import listening, next_change_of
from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit

ROUTES = [route for _, route in declared() if route.allowed is not Public and route.path != "/session"]
OF_A_PATIENT = [route for route in ROUTES if "{patient_id}" in route.path]
SECRET = {"snils": "11223344595", "passport_number": "718293", "comment": "Аллергия на лидокаин", "birth_date": "1971-03-04"}
"""Of others' patients: none of it may reach the doctor."""


@dataclass
class Doctor:
    """A doctor who sees only their own schedule, with every right but «Пациенты» that goes with that."""

    id: str
    browser: Browser
    rights_set: str
    own: dict[str, Any]
    stranger: dict[str, Any]
    """Patients: one with a visit to this doctor, one with a visit to a colleague."""


@pytest.fixture(scope="module")
def doctor(world: World) -> Iterator[Doctor]:
    with world.browser("Администратор") as manager, world.browser() as browser:
        rights = [right for right in RIGHTS if right not in {*BEYOND_OWN_SCHEDULE, "patients"}]
        rights_set = {"name": "Свои пациенты", "start_page": "calendar", "rights": rights, "own_schedule_only": True}
        made = manager.do("POST", "/api/rights-sets", rights_set, expect=201)
        hired = manager.do("POST", "/api/employees", {"family_name": "Доктор", "takes_visits": True}, expect=201)
        access = {"email": "patients@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
        manager.do("PUT", f"/api/employees/{hired['id']}/access", access)
        own = a_patient(manager, "Своя", phone="9162223344")
        stranger = a_patient(manager, "Чужакова", phone="9163334455", **SECRET)
        book(manager, world, own, hired["id"], "09:00")
        stranger["visit"] = book(manager, world, stranger, str(world.doctor), "09:00")["id"]
        browser.sign_in(access["email"])
        stored_paper(manager, stranger["id"], stranger["visit"])
        attached_file(manager, stranger["visit"])
        pay_for(manager, stranger["id"], stranger["visit"])
        stranger["bought"] = sell_to(manager, stranger["id"])
        complete(manager, stranger["visit"])
        certify(manager, stranger["id"], MONDAY.year)
        yield Doctor(hired["id"], browser, made["id"], own, stranger)


def a_patient(browser: Browser, family_name: str, **card: Any) -> dict[str, Any]:
    made = browser.do("POST", "/api/patients", {"family_name": family_name, **card}, expect=201)
    return {"id": made["id"], "version": made["version"], "card_number": made["card_number"], "family_name": family_name}


def book(
    browser: Browser, world: World, patient: dict[str, Any], doctor_id: str, start: str, *, expect: int = 201, **more: Any
) -> Any:
    visit = new_visit(world, start=start, end=f"{start[:2]}:30", patient_id=patient["id"], doctor_id=doctor_id, **more)
    return browser.do("POST", "/api/visits", visit, expect=expect)


def seen(browser: Browser, query: str) -> set[str]:
    """Ids of patients that the search from anywhere finds."""
    anywhere = browser.get_ok("/api/search", q=query)["items"]
    return {found["id"] for found in anywhere if found["kind"] == "patient"}


@pytest.mark.spec("ACL-6", "ACL-9", "SEC-1")
@pytest.mark.parametrize("route", OF_A_PATIENT, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("version", [1, 7])
def test_no_route_of_a_patient_is_open_for_anothers(route: RouteDeclaration, version: int, doctor: Doctor) -> None:
    """Generated: a route that comes to be a patient's, and forgets whose, fails here. Not even the version is shown."""
    answer = asked(doctor.browser, route, doctor.stranger["id"], version)
    assert (answer.status_code, answer.json()["code"]) in {(403, "another_doctors_patient"), (403, "right_missing")}
    assert set(answer.json()["facts"]) <= {"any_of"}


@pytest.mark.spec("ACL-6", "ACL-9")
@pytest.mark.parametrize("route", OF_A_PATIENT, ids=lambda route: f"{route.method} {route.path}")
def test_the_same_routes_are_open_for_the_own(route: RouteDeclaration, doctor: Doctor) -> None:
    answer = asked(doctor.browser, route, doctor.own["id"], 99)
    assert answer.status_code != 403 or answer.json()["code"] == "right_missing"


def asked(browser: Browser, route: RouteDeclaration, patient_id: str, version: int) -> Any:
    path = route.path.replace("{patient_id}", patient_id)
    body = {"family_name": "Взломов", "patient_id": patient_id} if route.method in {"POST", "PATCH"} else None
    body = {"family_name": "Взломов"} if route.method == "PATCH" else body
    if route.path.endswith("/papers"):
        body = {"template_id": patient_id}
    content = {"content": b"\x89PNG"} if route.upload else {"json": body}
    params = {"sha256": "0" * 64} if route.path.endswith("/photo") and route.method == "GET" else {}
    return browser.request(route.method, f"/api{path}", params=params, headers={"If-Match": f'"{version}"'}, **content)


@pytest.mark.spec("ACL-6", "ACL-9", "SEC-1")
@pytest.mark.thorough
def test_no_route_that_such_a_doctor_may_call_reveals_anothers_patient(world: World, doctor: Doctor) -> None:
    """Generated: every route that only asks, with the person's name, number and ids put wherever they fit."""
    stranger, revealed_by = doctor.stranger, []
    rows = rows_of_strangers(world, {"patient": stranger["id"], "visit": stranger["visit"]})
    known = {"{object_type}": "patient", "{object_id}": stranger["id"], "{version}": "1"}
    known |= {f"{{{column}}}": min(ids) for column, ids in rows.items()}
    secret = set().union(*rows.values()) - {stranger["bought"]}  # a document of the warehouse, which doesn't say to them for whom
    assert {stranger["id"], stranger["visit"]} <= secret
    for route in [route for route in ROUTES if route.method == "GET"]:
        path = route.path if route.path in ROOT_PATHS else f"/api{route.path}"
        address = "/".join(known.get(part, stranger["id"]) if part.startswith("{") else part for part in path.split("/"))
        week = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
        queries: tuple[dict[str, str], ...] = ({}, week, {"q": "Чужакова"}, {"q": "9163334455"}, {"patient_id": stranger["id"]})
        for query in queries:
            answer = doctor.browser.get(address, params=query)
            text, by_phone = answer.text, route.path == "/patients/search" and query == {"q": "9163334455"}
            words = {"Чужакова", *(secret if answer.status_code == 200 else ())}  # a refusal repeats the id that was asked for
            named = not by_phone and any(word in text for word in words)
            if named or any(private in text for private in SECRET.values()):
                revealed_by.append((route.path, query))
    assert revealed_by == []


@pytest.mark.spec("ACL-9", "PAT-8")
def test_the_search_to_book_finds_anothers_patient_by_the_whole_phone_or_the_card_number_alone(doctor: Doctor) -> None:
    def found(query: str) -> list[Any]:
        items = doctor.browser.get_ok("/api/patients/search", q=query)["items"]
        return [item for item in items if item["id"] == doctor.stranger["id"]]

    assert [found(query) for query in ("Чужакова", "916333", "3334455", "чуж 9163334455")] == [[], [], [], []]
    (by_phone,), (by_number,) = found("8 (916) 333-44-55"), found(doctor.stranger["card_number"])
    assert {field: value for field, value in by_phone.items() if value} == {
        "id": doctor.stranger["id"],
        "name": "Чужакова",
        "phone": "+79163334455",
    }
    assert (by_number["name"], by_number["card_number"]) == ("Чужакова", doctor.stranger["card_number"])
    assert by_number["phone"] == ""  # numbers can be counted through, so that a number gives no phone away
    assert seen(doctor.browser, "9163334455") == set()
    assert seen(doctor.browser, "Своя") == {doctor.own["id"]}


@pytest.mark.spec("ACL-9", "PAT-6")
def test_duplicates_tell_of_anothers_patient_only_what_was_typed(doctor: Doctor) -> None:
    def found(**typed: str) -> list[Any]:
        answer = doctor.browser.do("POST", "/api/patients/duplicates", typed)
        return [{field: value for field, value in item.items() if value} for item in answer["items"]]

    assert found(family_name="Чужакова", birth_date="1971-03-04") == []
    assert found(phone="9163334455") == [{"id": doctor.stranger["id"], "name": "Чужакова", "phone": "+79163334455"}]
    assert [item["id"] for item in found(phone="9162223344")] == [doctor.own["id"]]


@pytest.mark.spec("ACL-9", "SEC-1")
def test_an_id_alone_does_not_make_somebody_the_doctors_patient(world: World, doctor: Doctor) -> None:
    for phone_or_card_number in ("", "Чужакова", "9163334456", "0"):
        refused = book(
            doctor.browser, world, doctor.stranger, doctor.id, "12:00", expect=403, phone_or_card_number=phone_or_card_number
        )
        assert refused["code"] == "another_doctors_patient"
    own = book(doctor.browser, world, doctor.own, doctor.id, "13:00")
    address, change = f"/api/visits/{own['id']}", {"patient_id": doctor.stranger["id"]}
    refused = doctor.browser.do("PATCH", address, change, version=own["version"], expect=403)
    assert refused["code"] == "another_doctors_patient"


@pytest.mark.spec("ACL-9")
def test_who_is_booked_by_phone_becomes_the_doctors_patient_and_stays_it_until_the_visit_is_deleted(
    world: World, doctor: Doctor, administrator: Browser
) -> None:
    patient = a_patient(administrator, "Новенькая", phone="9164445566")
    card = f"/api/patients/{patient['id']}"
    doctor.browser.position = administrator.position
    assert doctor.browser.get(card).status_code == 403
    booked = book(doctor.browser, world, patient, doctor.id, "14:00", phone_or_card_number="8 916 444-55-66")
    assert doctor.browser.get_ok(card)["family_name"] == "Новенькая"
    assert seen(doctor.browser, "Новенькая") == {patient["id"]}
    visit = f"/api/visits/{booked['id']}"
    booked = doctor.browser.do("POST", f"{visit}/status", {"status": "cancelled"}, version=booked["version"])
    doctor.browser.do("PATCH", card, {"comment": "перезвонить"}, version=patient["version"])
    doctor.browser.do("POST", f"{visit}/delete", version=booked["version"])
    assert doctor.browser.get(card).status_code == 403
    assert seen(doctor.browser, "Новенькая") == set()


@pytest.mark.spec("ACL-9", "PAT-6")
def test_all_cards_of_a_person_are_the_doctors_whichever_of_them_was_booked(
    world: World, doctor: Doctor, administrator: Browser
) -> None:
    survivor, part = a_patient(administrator, "Двойная"), a_patient(administrator, "Двойнова")
    book(administrator, world, part, doctor.id, "15:00")
    merged = administrator.do(
        "POST", f"/api/patients/{survivor['id']}/merge", {"patient_id": part["id"]}, version=survivor["version"]
    )
    doctor.browser.position = merged["position"]
    for card in (survivor, part):
        assert doctor.browser.get(f"/api/patients/{card['id']}").status_code == 200
    assert seen(doctor.browser, "Двойная") == {survivor["id"]}
    administrator.do("POST", f"/api/patients/{survivor['id']}/unmerge", {"patient_id": part["id"]}, version=merged["version"])
    doctor.browser.position = administrator.position
    assert doctor.browser.get(f"/api/patients/{survivor['id']}").status_code == 403
    assert doctor.browser.get(f"/api/patients/{part['id']}").status_code == 200


@pytest.mark.spec("ACL-9", "CAL-10")
def test_the_socket_notifies_of_the_doctors_own_patients_only(world: World, doctor: Doctor, administrator: Browser) -> None:
    def renamed(patient: dict[str, Any]) -> None:
        version = administrator.get_ok(f"/api/patients/{patient['id']}")["version"]
        administrator.do("PATCH", f"/api/patients/{patient['id']}", {"given_name": "Анна"}, version=version)

    with listening(world, doctor.browser) as socket:
        renamed(doctor.stranger)
        renamed(doctor.own)
        assert next_change_of(socket, "patients")["keys"] == [doctor.own["id"]]


@pytest.mark.spec("ACL-7", "ACL-9")
def test_the_option_opens_all_cards_at_once(world: World, doctor: Doctor, administrator: Browser) -> None:
    address, card = f"/api/rights-sets/{doctor.rights_set}", f"/api/patients/{doctor.stranger['id']}"
    assert administrator.get_ok(address)["opens_all_patients"] is False
    assert doctor.browser.get_ok("/api/me")["own_patients_only"] is True
    for opened in (True, False):
        with listening(world, doctor.browser) as socket:
            version = administrator.get_ok(address)["version"]
            administrator.do("PATCH", address, {"opens_all_patients": opened}, version=version)
            next_change_of(socket, "me")
        assert doctor.browser.get(card).status_code == (200 if opened else 403)
        assert doctor.browser.get_ok("/api/me")["own_patients_only"] is not opened


@pytest.mark.spec("ACL-9")
def test_the_right_to_the_list_of_patients_opens_all_cards(world: World, administrator: Browser) -> None:
    """As before: who holds it sees everybody in the list."""
    rights_set = {"name": "Со списком", "rights": ["calendar", "patients"], "start_page": "patients", "own_schedule_only": True}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Списков", "takes_visits": True}, expect=201)
    access = {"email": "list@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        assert browser.get(f"/api/patients/{world.patient}").status_code == 200


@pytest.mark.spec("ACL-9")
def test_visits_given_to_a_colleague_take_the_patient_along(world: World, doctor: Doctor, administrator: Browser) -> None:
    patient = a_patient(administrator, "Переходящая")
    booked = book(administrator, world, patient, doctor.id, "16:00")
    doctor.browser.position = administrator.position
    assert doctor.browser.get(f"/api/patients/{patient['id']}").status_code == 200
    given = {"doctor_id": str(world.doctor)}
    administrator.do("PATCH", f"/api/visits/{booked['id']}", given, version=booked["version"])
    assert doctor.browser.get(f"/api/patients/{patient['id']}").status_code == 403


@pytest.mark.spec("ACL-6", "ACL-9", "UI-3")
def test_a_refusal_names_another_card_only_where_it_is_open(administrator: Browser, doctor: Doctor, world: World) -> None:
    own, stranger = a_patient(administrator, "Ещёсвоя"), a_patient(administrator, "Посторонняя")
    book(administrator, world, own, doctor.id, "17:00")
    path, taken = f"/api/patients/{own['id']}", {"card_number": stranger["card_number"]}
    named = {"id": stranger["id"], "name": "Посторонняя", **taken}
    for browser, by in ((administrator, named), (doctor.browser, None)):
        refused = browser.do("PATCH", path, taken, version=1, expect=409)
        assert (refused["code"], refused["facts"]["by"]) == ("card_number_taken", by)
    administrator.do("POST", f"{path}/merge", {"patient_id": stranger["id"]}, version=1)
    refused = doctor.browser.do("PATCH", f"/api/patients/{stranger['id']}", {"comment": "?"}, version=2, expect=409)
    survivor = {"id": own["id"], "name": "Ещёсвоя", "card_number": own["card_number"]}
    assert (refused["code"], refused["facts"]["into"]) == ("card_merged", survivor)
