"""Without «Показывать информацию о пациенте в визите» a visit shows only its patient's name, whatever the way to it (VIS-6)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from aggregates.access.rights import RIGHTS, Right
from services.api.http.routes import Public, RouteDeclaration
from services.api.openapi import ROOT_PATHS
from services.api.registry import declared
from tests.api.minimal import DESCRIBED, SCHEMAS
from tests.api.test_live import listening, next_change_of
from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit

pytestmark = pytest.mark.spec("VIS-6", "ACL-6")
ROUTES = [route for _, route in declared() if route.allowed is not Public and route.path != "/session"]
ASKING = [route for route in ROUTES if route.method == "GET" and not route.path.startswith("/patient-categories")]
"""A category's name alone says nothing of whose it is."""
SECRET = {
    "phone": "+79165550777",
    "card_number": "К-75319",
    "birth_date": "1971-03-04",
    "comment": "Аллергия на лидокаин",
    "email": "secret@example.net",
    "snils": "11223344595",
    "passport_number": "718293",
}
"""Of the patient: what a visit may not show."""
NAME = "Тайнова"
ELSEWHERE: frozenset[Right] = frozenset({"patients", "journal", "excel_import", "tax_certificates"})
"""Rights to other pages, which show what is written about patients."""


@dataclass
class Visited:
    """A patient with a visit that conflicts with a day off."""

    patient: str
    visit: str
    doctor: str
    category: str


@pytest.fixture(scope="module")
def visited(world: World) -> Iterator[Visited]:
    with world.browser("Администратор") as manager:
        category = {"fields": {"name": "Скандалит", "color": "#7a5b00"}}
        category_id = manager.do("POST", "/api/patient-categories", category, expect=201)["id"]
        card = {"family_name": NAME, **SECRET, "categories": [category_id]}
        patient = manager.do("POST", "/api/patients", card, expect=201)["id"]
        doctor = manager.do("POST", "/api/employees", {"family_name": "Молчанов", "takes_visits": True}, expect=201)["id"]
        booked = manager.do("POST", "/api/visits", new_visit(world, patient_id=patient, doctor_id=doctor), expect=201)
        yield Visited(patient, booked["id"], doctor, category["fields"]["name"])


@contextmanager
def with_rights(world: World, rights: list[Right]) -> Iterator[Browser]:
    """A user with these rights alone."""
    with world.browser("Администратор") as manager, world.browser() as browser:
        rights_set = {"name": f"Набор {uuid4().hex[:8]}", "rights": rights, "start_page": rights[0]}
        made = manager.do("POST", "/api/rights-sets", rights_set, expect=201)["id"]
        hired = manager.do("POST", "/api/employees", {"family_name": "Пользователь"}, expect=201)["id"]
        access = {"email": f"{uuid4().hex[:8]}@example.org", "password": PASSWORD, "rights_set_id": made}
        manager.do("PUT", f"/api/employees/{hired}/access", access)
        browser.sign_in(access["email"])
        yield browser


@pytest.fixture(scope="module")
def nosy(world: World, visited: Visited) -> Iterator[Browser]:
    """A user with every right that shows visits, and none that shows what is written about patients."""
    with with_rights(world, [one for one in RIGHTS if one not in {"patient_info", *ELSEWHERE}]) as browser:
        yield browser


def revealed_in(text: str, visited: Visited) -> set[str]:
    """What the text says of the patient, by field."""
    secrets = {**SECRET, "phone": SECRET["phone"][2:], "categories": visited.category}
    return {field for field, secret in secrets.items() if secret in text}


def answers(browser: Browser, route: RouteDeclaration, visited: Visited) -> Iterator[Any]:
    """What the route answers, asked about the patient, the visit and the doctor by whatever it takes."""
    known = {"{patient_id}": visited.patient, "{employee_id}": visited.doctor, "{version}": "1", "{object_type}": "visit"}
    path = route.path if route.path in ROOT_PATHS else f"/api{route.path}"
    address = "/".join(known.get(part, visited.visit) if part.startswith("{") else part for part in path.split("/"))
    week = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    for query in ({}, week, {"q": NAME}, {"q": "916555"}, {"patient_id": visited.patient}, {"doctor_id": visited.doctor}):
        yield browser.get(address, params=query)


def revealing(browser: Browser, routes: list[RouteDeclaration], visited: Visited) -> dict[str, set[str]]:
    """Path → what the route says of the patient."""
    found = {route.path: set[str]() for route in routes}
    for route in routes:
        for answer in answers(browser, route, visited):
            found[route.path] |= revealed_in(answer.text, visited)
    return {path: fields for path, fields in found.items() if fields}


@pytest.mark.thorough
def test_no_route_shows_it_to_those_without_the_right(nosy: Browser, visited: Visited) -> None:
    """Generated: a route that comes to show visits and forgets the right fails here."""
    assert revealing(nosy, ASKING, visited) == {}


VISITS_IN = ("VisitPatient", "ConflictingVisit", "PatientBrief")
"""Schemas with something about the patient of a visit."""


def schemas_of(route: RouteDeclaration) -> set[str]:
    """Names of all schemas that the description of the route's answers leads to."""
    path = route.path if route.path in ROOT_PATHS else f"/api{route.path}"
    found: set[str] = set()
    open_ = [json.dumps(DESCRIBED["paths"][path][route.method.lower()]["responses"])]
    while open_:
        text = open_.pop()
        for name in [part.split('"')[0] for part in text.split("#/components/schemas/")[1:]]:
            if name not in found:
                found.add(name)
                open_.append(json.dumps(SCHEMAS[name]))
    return found


OF_VISITS = [route for route in ASKING if not schemas_of(route).isdisjoint(VISITS_IN)]


def test_who_may_open_cards_still_sees_the_name_alone_in_visits(world: World, visited: Visited) -> None:
    with with_rights(world, [one for one in RIGHTS if one != "patient_info"]) as browser:
        assert revealing(browser, OF_VISITS, visited) == {}
        assert browser.get_ok(f"/api/patients/{visited.patient}")["phone"] == SECRET["phone"]
        (found,) = browser.get_ok("/api/patients/search", q="5550777")["items"]
        assert (found["id"], found["phone"]) == (visited.patient, SECRET["phone"])


def test_with_the_right_visits_show_it(world: World, visited: Visited) -> None:
    """What the tests above look for is there."""
    with with_rights(world, ["calendar", "visits", "patient_info"]) as browser:
        shown = revealing(browser, OF_VISITS, visited)
    assert shown["/calendar"] == shown["/visits"] == shown["/patients/{patient_id}/visits"] == {"phone", "card_number"}
    assert shown["/visits/{visit_id}"] == {"phone", "card_number", "categories"}
    assert shown["/patients/{patient_id}/brief"] == {"birth_date", "comment"}


def refusals(world: World, visited: Visited) -> dict[str, Callable[[Browser], Any]]:
    """Commands that are refused with visits, or warn of them."""
    again = new_visit(world, patient_id=visited.patient)
    off = {"days": [{"employee_id": visited.doctor, "date": MONDAY.isoformat(), "kind": "off", "intervals": []}]}
    return {
        "elsewhere": lambda browser: browser.post("/api/visits", json=again),
        "taken": lambda browser: browser.post("/api/visits", json={**again, "doctor_id": visited.doctor}),
        "day off": lambda browser: browser.post("/api/schedule/conflicts", json=off),
        "duplicates": lambda browser: browser.post(
            "/api/patients/duplicates", json={"family_name": NAME, "birth_date": SECRET["birth_date"]}
        ),
    }


@pytest.mark.parametrize("refused", ["elsewhere", "taken", "day off", "duplicates"])
def test_neither_do_refusals_and_warnings(world: World, nosy: Browser, visited: Visited, refused: str) -> None:
    answer = refusals(world, visited)[refused](nosy)
    assert visited.visit in answer.text or visited.patient in answer.text
    assert revealed_in(answer.text, visited) == set()


def test_letters_of_a_card_number_find_no_visit(nosy: Browser, visited: Visited) -> None:
    """They would be guessed one by one."""
    for query, found in {NAME: 1, "№к": 0, f"{NAME} к": 0}.items():
        assert nosy.get_ok("/api/visits", q=query, patient_id=visited.patient)["total"] == found


def test_nor_does_the_socket(world: World, nosy: Browser, visited: Visited, administrator: Browser) -> None:
    with listening(world, nosy) as socket:
        visit = administrator.get_ok(f"/api/visits/{visited.visit}")
        administrator.do("PATCH", f"/api/visits/{visited.visit}", {"comment": "Позвонить"}, version=visit["version"])
        message = next_change_of(socket, "calendar")
    assert visited.visit in json.dumps(message)
    assert revealed_in(json.dumps(message), visited) == set()


@pytest.mark.thorough
def test_nor_does_a_workbook_of_visits(world: World, nosy: Browser, visited: Visited) -> None:
    def cells(browser: Browser) -> str:
        answer = browser.get("/api/excel/export.zip", params={"catalogues": "visits"})
        assert answer.status_code == 200, answer.text
        with ZipFile(BytesIO(answer.content)) as packed:
            book = load_workbook(BytesIO(packed.read("Визиты.xlsx")))
        return str([row for row in book.active.values if NAME in row])

    assert revealed_in(cells(nosy), visited) == set()
    with with_rights(world, ["visits", "excel_export", "patient_info"]) as browser:
        assert revealed_in(cells(browser), visited) == {"card_number"}


def test_the_calendar_alone_books_by_name_or_by_the_whole_phone_and_opens_no_card(world: World, visited: Visited) -> None:
    """ACL-4 stays whole: patients are found, booked and created; what the visit doesn't show, the card doesn't show either."""
    with with_rights(world, ["calendar"]) as browser:

        def found(query: str) -> list[dict[str, Any]]:
            items = browser.get_ok("/api/patients/search", q=query)["items"]
            return [{key: value for key, value in item.items() if value} for item in items if item["id"] == visited.patient]

        named = {"id": visited.patient, "name": NAME}
        assert found(NAME) == found("тайн") == [named]
        assert found("8 916 555-07-77") == [{**named, "phone": SECRET["phone"]}]
        assert found(SECRET["card_number"]) == [{**named, "card_number": SECRET["card_number"]}]
        assert found("5550777") == found("916555") == found("75319") == found(f"{NAME} 916") == []
        assert found("№к") == found(f"{NAME} к") == []
        for rest in ("", "/visits", "/history", "/history/at"):
            answer = browser.get(f"/api/patients/{visited.patient}{rest}")
            assert (answer.status_code, answer.json()["code"]) == (403, "cards_not_open")
        assert browser.get_ok("/api/search", q=NAME)["items"] == []
        body = new_visit(world, day=MONDAY + timedelta(days=1), patient_id=visited.patient)
        browser.do("POST", "/api/visits", body, expect=201)


def test_a_guessed_birth_date_is_not_confirmed_by_who_may_be_the_same_person(world: World, visited: Visited) -> None:
    with with_rights(world, ["calendar"]) as browser:
        asked = [{"family_name": NAME, "birth_date": born} for born in ("", SECRET["birth_date"], "1950-01-01")]
        answers = [browser.do("POST", "/api/patients/duplicates", one)["items"] for one in asked]
    assert answers[0] == answers[1] == answers[2]
    assert [{key: value for key, value in one.items() if value} for one in answers[0]] == [{"id": visited.patient, "name": NAME}]


def test_a_card_that_is_not_open_can_neither_be_changed_nor_asked_by_changing_it(
    world: World, visited: Visited, administrator: Browser
) -> None:
    """A change that changes nothing keeps the version: it would tell whether a value was guessed."""
    card = f"/api/patients/{visited.patient}"
    before = administrator.get_ok(card)
    seen = {"If-Match": f'"{before["version"]}"'}
    with with_rights(world, ["calendar"]) as browser:
        for answer in (
            browser.patch(card, json={"comment": SECRET["comment"]}, headers=seen),
            browser.patch(card, json={"comment": ""}, headers=seen),
            browser.delete(f"{card}/photo", headers=seen),
            browser.put(f"{card}/photo", content=b"", headers=seen),
        ):
            assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (403, "cards_not_open", {})
    assert administrator.get_ok(card) == before
