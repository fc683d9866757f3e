"""What all commands have in common: versions seen, repeated requests, reading one's own writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest

from tests.api.world import MONDAY, Browser, World, command_id, new_visit


@pytest.mark.spec("OPS-4")
def test_a_change_to_another_version_than_the_seen_one_is_refused(world: World, receptionist: Browser) -> None:
    created = receptionist.do("POST", "/api/patients", {"family_name": "Старая"}, expect=201)
    path = f"/api/patients/{created['id']}"
    shown = receptionist.get(path)
    assert shown.headers["etag"] == '"1"'
    changed = receptionist.request("PATCH", path, json={"family_name": "Новая"}, headers={"If-Match": shown.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    refused = receptionist.do("PATCH", path, {"family_name": "Другая"}, version=1, expect=412)
    assert refused["code"] == "version_moved"
    assert receptionist.get_ok(path)["family_name"] == "Новая"


@pytest.mark.parametrize("given", [None, "", "x", '"x"', '"-1"', '"99999999999"', "*"])
def test_a_change_without_a_seen_version_is_refused(world: World, receptionist: Browser, given: str | None) -> None:
    created = receptionist.do("POST", "/api/patients", {"family_name": "Без версии"}, expect=201)
    headers = {} if given is None else {"If-Match": given}
    answer = receptionist.request("PATCH", f"/api/patients/{created['id']}", json={"comment": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["facts"]["fields"][0]["field"]) == (422, "If-Match")


def test_a_repeated_request_gets_its_first_answer(world: World, receptionist: Browser) -> None:
    headers = {"Idempotency-Key": command_id()}
    body = new_visit(world, MONDAY + timedelta(days=1))
    first = receptionist.post("/api/visits", json=body, headers=headers)
    again = receptionist.post("/api/visits", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = receptionist.post("/api/visits", json=body | {"comment": "иначе"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_a_key_of_a_save_that_changed_nothing_is_used_too(receptionist: Browser) -> None:
    created = receptionist.do("POST", "/api/patients", {"family_name": "Прежняя"}, expect=201)
    path, headers = f"/api/patients/{created['id']}", {"Idempotency-Key": command_id(), "If-Match": '"1"'}
    nothing = receptionist.request("PATCH", path, json={"family_name": "Прежняя"}, headers=headers)
    assert (nothing.status_code, nothing.json()["version"], nothing.json()["position"]) == (200, 1, 0)
    other = receptionist.request("PATCH", path, json={"family_name": "Другая"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    again = receptionist.request("PATCH", path, json={"family_name": "Прежняя"}, headers=headers)
    assert (again.status_code, again.json()) == (200, nothing.json())


def test_a_key_that_is_no_uuid_is_refused(world: World, receptionist: Browser) -> None:
    answer = receptionist.post("/api/visits", json=new_visit(world), headers={"Idempotency-Key": "again"})
    assert (answer.status_code, answer.json()["facts"]["fields"][0]["field"]) == (422, "Idempotency-Key")


def test_the_same_key_by_two_requests_at_once_books_once(world: World) -> None:
    headers, body = {"Idempotency-Key": command_id()}, new_visit(world, MONDAY + timedelta(days=2))
    with world.browser("Регистратор") as browser, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: browser.post("/api/visits", json=body, headers=headers), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.spec("OPS-4")
def test_every_own_write_is_in_the_next_read(world: World, receptionist: Browser) -> None:
    for number in range(30):
        created = receptionist.do("POST", "/api/patients", {"family_name": f"Сразу{number}"}, expect=201)
        found = receptionist.get_ok("/api/patients/search", q=f"Сразу{number}")
        assert created["id"] in [patient["id"] for patient in found["items"]]


@pytest.mark.spec("OPS-4")
def test_a_position_that_never_was_is_refused_at_once(world: World, receptionist: Browser) -> None:
    """A browser may remember the position of a database that was set back since, even under a process that remembers it too."""
    for known in (0, 10**12):
        world.app.state.components.read_your_writes.note_position(known)
        began = monotonic()
        refused = receptionist.get("/api/patients", headers={"X-Position": "999999999999"})
        assert (refused.status_code, refused.json()["code"]) == (409, "position_unknown")
        assert receptionist.position <= refused.json()["facts"]["last"] < 10**12
        assert monotonic() - began < 2
    assert receptionist.get("/api/patients").status_code == 200


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 30])
def test_a_position_that_is_none_is_refused(receptionist: Browser, given: str) -> None:
    answer = receptionist.get("/api/patients", headers={"X-Position": given})
    assert (answer.status_code, answer.json()["facts"]["fields"][0]["field"]) == (422, "X-Position")
