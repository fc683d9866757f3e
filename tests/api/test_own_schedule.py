"""«Видит только своё расписание»: a doctor sees and changes their own visits alone, by whatever way a visit is reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from aggregates.access.rights import BEYOND_OWN_SCHEDULE, RIGHTS
from services.api.http.routes import NeedsRight
from services.api.openapi import ROOT_PATHS
from services.api.registry import declared
from tests.api.strangers import attached_file, complete, pay_for, rows_of_strangers, stored_paper
from tests.api.test_live import listening, next_change_of
from tests.api.world import MONDAY, PASSWORD, Browser, World, at, new_visit

WEEK = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=6)).isoformat()}
GETS = [route for _, route in declared() if route.method == "GET" and isinstance(route.allowed, NeedsRight)]
EVERYTHING_THAT_GOES = [right for right in RIGHTS if right not in BEYOND_OWN_SCHEDULE]


@dataclass
class Doctor:
    """A doctor who sees only their own schedule, with every right that goes with that."""

    id: str
    browser: Browser
    own: dict[str, Any]
    others: dict[str, Any]
    """Visits of theirs and of a colleague, both of one patient."""


@pytest.fixture(scope="module")
def doctor(world: World) -> Iterator[Doctor]:
    with world.browser("Администратор") as manager, world.browser() as browser:
        rights_set = {"name": "Приём", "start_page": "calendar", "rights": EVERYTHING_THAT_GOES, "own_schedule_only": True}
        made = manager.do("POST", "/api/rights-sets", rights_set, expect=201)
        hired = manager.do("POST", "/api/employees", {"family_name": "Приёмная", "takes_visits": True}, expect=201)
        access = {"email": "own@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
        manager.do("PUT", f"/api/employees/{hired['id']}/access", access)
        others = manager.do("POST", "/api/visits", new_visit(world, start="09:00", end="09:30"), expect=201)
        stored_paper(manager, str(world.patient), others["id"])
        attached_file(manager, others["id"])
        pay_for(manager, str(world.patient), others["id"])
        complete(manager, others["id"])
        browser.sign_in(access["email"])
        own = browser.do(
            "POST", "/api/visits", {**new_visit(world, start="09:00", end="09:30"), "doctor_id": hired["id"]}, expect=201
        )
        yield Doctor(hired["id"], browser, own, others)


def shown(browser: Browser, **query: Any) -> tuple[set[str], set[str]]:
    """Columns and visits of the week's calendar."""
    answer = browser.get_ok("/api/calendar", **WEEK, **query)
    return {doctor["id"] for doctor in answer["doctors"]}, {visit["id"] for visit in answer["visits"]}


@pytest.mark.spec("ACL-6")
def test_the_calendar_has_the_own_column_and_visits_alone(world: World, doctor: Doctor, receptionist: Browser) -> None:
    nobodys = receptionist.do(
        "POST", "/api/visits", {**new_visit(world, start="11:00", end="11:30"), "doctor_id": None}, expect=201
    )
    columns, visits = shown(receptionist)
    assert {doctor.id, str(world.doctor)} <= columns
    assert {doctor.own["id"], doctor.others["id"], nobodys["id"]} <= visits
    assert shown(doctor.browser) == ({doctor.id}, {doctor.own["id"]})
    assert shown(doctor.browser, doctor_ids=str(world.doctor)) == (set(), set())
    for path in ("/api/calendar", "/api/calendar/doctors"):
        assert doctor.browser.get_ok(path, **WEEK)["settings"]["visit_without_doctor"] is False


@pytest.mark.spec("CAL-1")
def test_the_calendar_shows_the_clinics_own_hours_of_each_day(doctor: Doctor, administrator: Browser) -> None:
    before = administrator.get_ok("/api/schedule", **WEEK)
    closed_on_sunday = [*before["organisation"][:6], []]
    changed = administrator.do("POST", "/api/schedule/changes", {"organisation": closed_on_sunday}, version=before["version"])
    hours = doctor.browser.get("/api/calendar", params=WEEK, headers={"X-Position": str(changed["position"])}).json()[
        "clinic_hours"
    ]
    assert [day["intervals"] for day in hours] == closed_on_sunday != before["organisation"]
    assert hours[0]["date"] == MONDAY.isoformat()
    back = {"organisation": before["organisation"]}
    administrator.do("POST", "/api/schedule/changes", back, version=changed["version"])


@pytest.mark.spec("ACL-6")
def test_the_calendars_columns_are_available_without_its_visits(doctor: Doctor, receptionist: Browser) -> None:
    for browser in (receptionist, doctor.browser):
        whole = browser.get_ok("/api/calendar", **WEEK)
        whole.pop("visits")
        assert browser.get_ok("/api/calendar/doctors", **WEEK) == whole


@pytest.mark.spec("ACL-6")
def test_lists_hold_the_own_visits_alone(world: World, doctor: Doctor) -> None:
    def listed(address: str, **query: Any) -> set[str]:
        return {visit["id"] for visit in doctor.browser.get_ok(address, **query)["items"]}

    assert listed("/api/visits") == {doctor.own["id"]}
    assert listed("/api/visits", doctor_id=str(world.doctor)) == set()
    assert listed(f"/api/patients/{world.patient}/visits") == {doctor.own["id"]}


@pytest.mark.spec("ACL-6", "SEC-1")
@pytest.mark.parametrize("version", [1, 7])
def test_a_colleagues_visit_is_neither_shown_nor_changed_by_its_id(world: World, doctor: Doctor, version: int) -> None:
    """Not even its version is shown."""
    address = f"/api/visits/{doctor.others['id']}"
    answers = [
        doctor.browser.get(address),
        *(
            doctor.browser.request(method, f"{address}{rest}", json=body, headers={"If-Match": f'"{version}"'})
            for method, rest, body in (
                ("PATCH", "", {"comment": "чужой"}),
                ("PATCH", "", {"doctor_id": doctor.id}),
                ("POST", "/status", {"status": "confirmed"}),
                ("POST", "/delete", None),
                ("POST", "/return", None),
            )
        ),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "another_doctors_visit")}
    assert all(answer.json()["facts"] == {} for answer in answers)


@pytest.mark.spec("ACL-6")
def test_the_own_visit_is_changed_but_never_given_to_a_colleague(world: World, doctor: Doctor) -> None:
    user, address = doctor.browser, f"/api/visits/{doctor.own['id']}"
    version = user.get_ok(address)["version"]
    moved = user.do("PATCH", address, {"starts_at": at(MONDAY, "09:30"), "comment": "позже"}, version=version)
    for elsewhere in (str(world.doctor), None):
        refused = user.do("PATCH", address, {"doctor_id": elsewhere}, version=moved["version"], expect=403)
        assert refused["code"] == "another_doctors_visit"
        body = {**new_visit(world, start="14:00", end="14:30"), "doctor_id": elsewhere}
        assert user.do("POST", "/api/visits", body, expect=403)["code"] == "another_doctors_visit"


@pytest.mark.spec("ACL-6")
@pytest.mark.thorough
def test_no_route_that_such_a_doctor_may_call_reveals_a_colleagues_visit(world: World, doctor: Doctor) -> None:
    """Generated: a route that comes to show visits, or rows about them, and forgets whose, fails here."""
    rows = rows_of_strangers(world, {"doctor": str(world.doctor), "visit": doctor.others["id"]})
    known = {"{patient_id}": str(world.patient), "{object_type}": "visit", "{version}": "1"}
    known |= {f"{{{column}}}": min(ids) for column, ids in rows.items() if column != "patient_id"}
    secret = set().union(*rows.values())
    assert doctor.others["id"] in secret
    revealed: dict[str, set[str]] = {}
    for route in GETS:
        path = route.path if route.path in ROOT_PATHS else f"/api{route.path}"
        address = "/".join(known.get(part, doctor.others["id"]) if part.startswith("{") else part for part in path.split("/"))
        for query in ({}, WEEK, {"q": "Иванова"}, {"doctor_id": str(world.doctor)}):
            answer = doctor.browser.get(address, params=query)
            if answer.status_code == 200 and (shown_ids := {id_ for id_ in secret if id_ in answer.text}):
                revealed[route.path] = shown_ids
    assert revealed == {}


@pytest.mark.spec("ACL-6", "SEC-1")
def test_a_refused_deletion_of_a_patient_shows_the_own_visits_and_only_counts_colleagues(world: World, doctor: Doctor) -> None:
    refused = doctor.browser.do("POST", f"/api/patients/{world.patient}/delete", version=1, expect=409)
    assert refused["code"] == "patient_has_visits"
    assert {visit["doctor"]["id"] for visit in refused["facts"]["visits"]} == {doctor.id}
    assert refused["facts"]["others"] >= 1
    assert f"из них к другим врачам: {refused['facts']['others']}" in refused["title"]
    asked = doctor.browser.get_ok(f"/api/patients/{world.patient}/conflicts")
    assert asked == {"sentence": refused["title"], **refused["facts"]}


@pytest.mark.spec("ACL-6", "CAL-10")
def test_the_socket_notifies_such_a_doctor_of_their_own_visits_only(world: World, doctor: Doctor, receptionist: Browser) -> None:
    with listening(world, doctor.browser) as socket:
        others = receptionist.do("POST", "/api/visits", new_visit(world, start="15:00", end="15:30"), expect=201)
        own = receptionist.do(
            "POST", "/api/visits", {**new_visit(world, start="15:00", end="15:30"), "doctor_id": doctor.id}, expect=201
        )
        keys: list[Any] = []
        while own["id"] not in keys:
            keys += next_change_of(socket, "calendar")["keys"]
        assert others["id"] not in keys
        own = receptionist.do("POST", f"/api/visits/{own['id']}/status", {"status": "confirmed"}, version=own["version"])
        given_away = receptionist.do(
            "PATCH", f"/api/visits/{own['id']}", {"doctor_id": str(world.doctor)}, version=own["version"]
        )
        while (message := next_change_of(socket, "calendar"))["position"] < given_away["position"]:
            pass
        assert message["keys"] == [own["id"]]  # it has to vanish from the own column


@pytest.mark.spec("ACL-6", "ACL-7")
def test_the_option_works_at_once(world: World, administrator: Browser) -> None:
    rights_set = {"name": "Смотрит", "start_page": "calendar", "rights": ["calendar"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Смотрящий", "takes_visits": True}, expect=201)
    access = {"email": "looks@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        assert len(shown(browser)[0]) > 1
        with listening(world, browser) as socket:
            administrator.do("PATCH", f"/api/rights-sets/{made['id']}", {"own_schedule_only": True}, version=made["version"])
            next_change_of(socket, "me")
        assert shown(browser)[0] == {hired["id"]}
        assert browser.get_ok("/api/me")["own_schedule_only"] is True
