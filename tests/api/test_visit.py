"""Visits through the API: booking, moving, statuses, deletion and return, the calendar and the lists."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.api.world import MONDAY, Browser, World, at, new_visit, rows

TUESDAY = MONDAY + timedelta(days=1)


def book(browser: Browser, world: World, *, expect: int = 201, **more: Any) -> dict[str, Any]:
    booked: dict[str, Any] = browser.do("POST", "/api/visits", new_visit(world, **more), expect=expect)
    return booked


@pytest.mark.spec("VIS-1", "OPS-4")
def test_a_booked_visit_is_seen_by_the_next_query(world: World, receptionist: Browser) -> None:
    booked = book(receptionist, world, start="10:00", end="10:30")
    shown = receptionist.get_ok(f"/api/visits/{booked['id']}")
    assert (shown["number"], shown["version"], shown["status"]) == (booked["number"], 1, "planned")
    assert shown["patient"]["name"] == "Иванова"
    assert shown["total"] == "1500.00"
    listed = rows(receptionist.get_ok("/api/visits", q=str(booked["number"])))
    assert [visit["id"] for visit in listed] == [booked["id"]]


@pytest.mark.spec("VIS-1")
def test_numbers_of_visits_increase(world: World, receptionist: Browser) -> None:
    first = book(receptionist, world, start="10:30", end="11:00")
    assert book(receptionist, world, start="11:00", end="11:30")["number"] > first["number"]


@pytest.mark.spec("CAL-1")
def test_the_calendar_shows_doctors_their_hours_and_every_visit_of_the_range(world: World, receptionist: Browser) -> None:
    booked = book(receptionist, world, day=TUESDAY, start="10:00", end="10:30")
    shown = receptionist.get_ok("/api/calendar", **{"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()})
    assert shown["days"] == [TUESDAY.isoformat()]
    (doctor,) = shown["doctors"]
    assert (doctor["id"], doctor["name"]) == (str(world.doctor), "Соколов Пётр")
    assert doctor["days"] == [{"date": TUESDAY.isoformat(), "intervals": [["09:00", "21:00"]]}]
    assert booked["id"] in [visit["id"] for visit in shown["visits"]]
    assert shown["settings"] == {"step": 20, "patients_at_once": "several", "visit_without_doctor": True}
    nobody = receptionist.get_ok(
        "/api/calendar", **{"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat(), "doctor_ids": str(world.administrator)}
    )
    assert (nobody["doctors"], nobody["visits"]) == ([], [])


@pytest.mark.spec("CAL-3")
def test_a_visit_is_moved_and_described_as_one_change(world: World, receptionist: Browser) -> None:
    booked = book(receptionist, world, start="12:00", end="12:30")
    changed = {"starts_at": at(MONDAY, "12:30"), "ends_at": at(MONDAY, "13:30"), "comment": "Попросила позже", "doctor_id": None}
    receptionist.do("PATCH", f"/api/visits/{booked['id']}", changed, version=1)
    shown = receptionist.get_ok(f"/api/visits/{booked['id']}")
    assert (shown["starts_at"], shown["ends_at"]) == (at(MONDAY, "12:30"), at(MONDAY, "13:30"))
    assert (shown["comment"], shown["doctor"], shown["lines"][0]["quantity"]) == ("Попросила позже", None, 1)
    refused = {"starts_at": at(MONDAY, "07:00"), "doctor_id": str(world.doctor), "comment": "Не должно сохраниться"}
    receptionist.do("PATCH", f"/api/visits/{booked['id']}", refused, version=shown["version"], expect=409)
    assert receptionist.get_ok(f"/api/visits/{booked['id']}") == shown


@pytest.mark.spec("CAL-4")
def test_statuses_follow_their_transitions(world: World, receptionist: Browser) -> None:
    path = f"/api/visits/{book(receptionist, world, start='14:00', end='14:30')['id']}"
    receptionist.do("POST", f"{path}/status", {"status": "arrived"}, version=1)
    shown = receptionist.get_ok(path)
    assert shown["status"] == "arrived"
    refused = receptionist.do("POST", f"{path}/status", {"status": "completed"}, version=shown["version"], expect=409)
    assert refused["code"] == "illegal_transition"
    assert refused["facts"]["allowed"] == shown["allowed_statuses"]


@pytest.mark.spec("CAL-6")
def test_a_visit_without_doctor_needs_one_to_be_completed(world: World, receptionist: Browser) -> None:
    path = f"/api/visits/{book(receptionist, world, start='14:30', end='15:00', doctor_id=None)['id']}"
    receptionist.do("POST", f"{path}/status", {"status": "in_progress"}, version=1)
    assert receptionist.do("POST", f"{path}/status", {"status": "completed"}, version=2, expect=409)["code"] == "doctor_required"
    receptionist.do("PATCH", path, {"doctor_id": str(world.doctor)}, version=2)
    receptionist.do("POST", f"{path}/status", {"status": "completed"}, version=3)


@pytest.mark.spec("DEL-1")
def test_a_deleted_visit_stays_and_comes_back(world: World, receptionist: Browser) -> None:
    booked = book(receptionist, world, start="15:00", end="15:30")
    path = f"/api/visits/{booked['id']}"
    receptionist.do("POST", f"{path}/delete", version=1)
    assert receptionist.get_ok(path)["deleted"] is True
    listed = receptionist.get_ok("/api/visits", q=str(booked["number"]))
    assert (listed["items"], listed["total"]) == ([], 0)
    assert receptionist.get_ok("/api/visits", q=str(booked["number"]), deleted=True)["total"] == 1
    assert receptionist.do("POST", f"{path}/delete", version=2, expect=409)["code"] == "already_deleted"
    receptionist.do("POST", f"{path}/return", version=2)
    assert receptionist.get_ok(path)["deleted"] is False


@pytest.mark.spec("CAL-5")
def test_of_fifty_bookings_of_one_time_one_is_accepted_and_the_others_name_it(world: World, administrator: Browser) -> None:
    settings = administrator.get_ok("/api/settings")
    administrator.do("PATCH", "/api/settings", {"values": {"patients_at_once": "one"}}, version=settings["version"])
    try:
        with ThreadPoolExecutor(25) as pool, world.browser("Регистратор") as browser:
            body = new_visit(world, day=TUESDAY, start="18:00", end="18:30")
            answers = list(pool.map(lambda _: browser.post("/api/visits", json=body), range(50)))
        accepted = [answer.json() for answer in answers if answer.status_code == 201]
        refused = [answer.json() for answer in answers if answer.status_code == 409]
        assert (len(accepted), len(refused)) == (1, 49)
        assert {problem["code"] for problem in refused} == {"slot_taken"}
        assert {problem["facts"]["by"]["number"] for problem in refused} == {accepted[0]["number"]}
        book(administrator, world, day=TUESDAY, start="18:30", end="19:00")
    finally:
        settings = administrator.get_ok("/api/settings")
        administrator.do("PATCH", "/api/settings", {"values": {"patients_at_once": "several"}}, version=settings["version"])


@pytest.mark.spec("CAL-8")
def test_the_first_visit_is_marked(world: World, receptionist: Browser) -> None:
    patient = receptionist.do("POST", "/api/patients", {"family_name": "Первичная"}, expect=201)["id"]
    earlier = book(receptionist, world, patient_id=patient, start="16:00", end="16:20")
    later = book(receptionist, world, patient_id=patient, start="17:00", end="17:20")
    assert receptionist.get_ok(f"/api/visits/{later['id']}")["first_visit"] is True
    receptionist.do("POST", f"/api/visits/{earlier['id']}/status", {"status": "arrived"}, version=1)
    assert receptionist.get_ok(f"/api/visits/{later['id']}")["first_visit"] is False
    own = receptionist.get_ok(f"/api/patients/{patient}/visits")
    assert [visit["id"] for visit in own["items"]] == [later["id"], earlier["id"]]


def test_visits_are_filtered_and_paged(world: World, receptionist: Browser) -> None:
    patient = receptionist.do("POST", "/api/patients", {"family_name": "Постоянная"}, expect=201)["id"]
    for hour in range(9, 14):
        book(receptionist, world, day=TUESDAY, patient_id=patient, start=f"{hour:02}:00", end=f"{hour:02}:20")
    found = receptionist.get_ok("/api/visits", patient_id=patient, sort="starts_at", size=2, page=2)
    assert found["total"] == 5
    assert [visit["starts_at"] for visit in found["items"]] == [at(TUESDAY, "11:00"), at(TUESDAY, "12:00")]
    day = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}
    assert receptionist.get_ok("/api/visits", patient_id=patient, status="planned", **day)["total"] == 5
    assert receptionist.get_ok("/api/visits", patient_id=patient, status="cancelled")["total"] == 0
    assert receptionist.get_ok("/api/visits", q="Постоянная", doctor_id=str(world.doctor))["total"] == 5


def test_what_does_not_exist_is_not_found(world: World, receptionist: Browser) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    assert receptionist.get(f"/api/visits/{nobody}").json()["code"] == "not_found"
    assert receptionist.get(f"/api/patients/{nobody}").json()["code"] == "not_found"
    assert receptionist.get(f"/api/patients/{nobody}/visits").json()["code"] == "not_found"
    assert book(receptionist, world, patient_id=nobody, expect=404)["code"] == "not_found"
    assert book(receptionist, world, doctor_id=nobody, expect=404)["code"] == "not_found"
    assert book(receptionist, world, lines=[{"service_id": nobody}], expect=404)["code"] == "not_found"
    assert receptionist.do("PATCH", f"/api/visits/{nobody}", {}, version=1, expect=404)["code"] == "not_found"
