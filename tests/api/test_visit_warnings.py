"""Warnings at booking through the API: the warning, the keys that accept it, and bookings of new patients (CAL-19)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.world import MONDAY, Browser, World, new_visit, rows

FRIDAY = MONDAY + timedelta(days=11)


def ask(browser: Browser, body: dict[str, Any], *keys: str, command_id: str | None = None) -> Any:
    headers = {"Accepted-Warnings": ", ".join(keys)} | ({"Idempotency-Key": command_id} if command_id else {})
    return browser.request("POST", "/api/visits", json=body, headers=headers)


@pytest.mark.spec("CAL-19", "UI-3")
def test_a_booking_asks_by_names_and_goes_through_with_the_keys_of_what_it_asked(
    world: World, receptionist: Browser, administrator: Browser
) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Второй", "takes_visits": True}, expect=201)
    first = receptionist.do("POST", "/api/visits", new_visit(world, FRIDAY, room="7"), expect=201)
    body = {**new_visit(world, FRIDAY, room="7"), "doctor_id": hired["id"]}
    asked = ask(receptionist, body)
    assert (asked.status_code, asked.json()["code"]) == (409, "needs_confirmation")
    busy, room = asked.json()["facts"]["warnings"]
    assert (busy["kind"], room["kind"], room["room"]) == ("patient_busy", "room_taken", "7")
    for warning in (busy, room):
        assert (warning["visit"]["id"], warning["visit"]["number"]) == (first["id"], first["number"])
        assert (warning["visit"]["doctor"]["name"], warning["visit"]["patient"]["name"]) == ("Соколов Пётр", "Иванова")
    assert ask(receptionist, body, busy["key"]).status_code == 409  # one of two
    assert ask(receptionist, body, busy["key"], "room_taken:0").status_code == 409  # of something else
    booked = ask(receptionist, body, busy["key"], room["key"])
    assert booked.status_code == 201
    journal = administrator
    journal.position = receptionist.position
    (entry,) = rows(journal.get_ok(f"/api/history/visit/{booked.json()['id']}"))
    despite = [change["new"] for change in entry["changes"] if change["label"] == "Несмотря на предупреждение"]
    assert despite == [f"у пациента в это время визит № {first['number']}", f"кабинет «7» занят визитом № {first['number']}"]


@pytest.mark.spec("CAL-5", "UI-3")
def test_a_taken_time_names_the_patient_who_has_it(world: World, receptionist: Browser, administrator: Browser) -> None:
    administrator.do("PATCH", "/api/settings", {"values": {"patients_at_once": "one"}}, version=settings_version(administrator))
    try:
        first = receptionist.do("POST", "/api/visits", new_visit(world, FRIDAY, "15:00", "15:30"), expect=201)
        refused = ask(receptionist, new_visit(world, FRIDAY, "15:10", "15:40")).json()
        assert refused["code"] == "slot_taken"
        by = refused["facts"]["by"]
        assert (by["id"], by["patient"]["name"], by["doctor"]["name"]) == (first["id"], "Иванова", "Соколов Пётр")
    finally:
        administrator.do(
            "PATCH", "/api/settings", {"values": {"patients_at_once": "several"}}, version=settings_version(administrator)
        )


def settings_version(browser: Browser) -> int:
    version: int = browser.get_ok("/api/settings")["version"]
    return version


@pytest.mark.spec("CAL-2", "CAL-19", "OPS-4")
def test_a_new_patient_is_created_with_the_visit_once_the_warning_was_accepted(world: World, receptionist: Browser) -> None:
    receptionist.do("POST", "/api/visits", new_visit(world, FRIDAY, "16:00", "16:30", room="9"), expect=201)
    body = new_visit(world, FRIDAY, "16:00", "16:30", room="9", new_patient={"family_name": "Неждан", "phone": "9167778899"})
    del body["patient_id"]
    key = str(uuid4())
    asked = ask(receptionist, body, command_id=key).json()
    assert receptionist.get_ok("/api/patients/search", q="Неждан")["items"] == []
    accepted = [warning["key"] for warning in asked["facts"]["warnings"]]
    booked, again = (ask(receptionist, body, *accepted, command_id=key) for _ in range(2))
    assert booked.status_code == again.status_code == 201
    assert booked.json() == again.json()
    (found,) = receptionist.get_ok("/api/patients/search", q="Неждан")["items"]
    assert (found["id"], found["card_number"]) == (booked.json()["patient_id"], booked.json()["card_number"])
    assert receptionist.get_ok(f"/api/visits/{booked.json()['id']}")["patient"]["id"] == found["id"]


@pytest.mark.spec("CAL-2", "PAT-1")
def test_an_error_of_the_new_patient_names_its_field(world: World, receptionist: Browser) -> None:
    body = new_visit(world, FRIDAY, "17:00", "17:30", new_patient={"family_name": "Краткий", "phone": "916"})
    del body["patient_id"]
    refused = ask(receptionist, body).json()
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "phone")
    both = {**body, "patient_id": str(world.patient)}
    assert ask(receptionist, both).status_code == ask(receptionist, new_visit(world, patient_id=None)).status_code == 422


@pytest.mark.spec("CAL-5", "PAT-1")
def test_of_many_bookings_of_one_time_with_new_patients_at_once_one_card_is_created(
    world: World, receptionist: Browser, administrator: Browser
) -> None:
    administrator.do("PATCH", "/api/settings", {"values": {"patients_at_once": "one"}}, version=settings_version(administrator))

    def book(number: int) -> int:
        body = new_visit(world, FRIDAY, "18:00", "18:30", new_patient={"family_name": f"Скорый{number}"})
        del body["patient_id"]
        with world.browser("Регистратор") as browser:
            return ask(browser, body).status_code

    try:
        with ThreadPoolExecutor(6) as pool:
            answers = sorted(pool.map(book, range(6)))
        assert answers == [201, 409, 409, 409, 409, 409]
        receptionist.sign_in(world.users["Регистратор"])
        assert receptionist.get_ok("/api/patients/search", q="Скорый")["total"] == 1
    finally:
        administrator.do(
            "PATCH", "/api/settings", {"values": {"patients_at_once": "several"}}, version=settings_version(administrator)
        )
