"""Which services a doctor gives, from the doctor's side."""

from typing import Any

import pytest

from tests.api.world import Browser, World, new_visit, rows


def test_a_doctors_services_are_changed_many_at_once_or_not_at_all(administrator: Browser) -> None:
    def hire(name: str) -> str:
        hired: str = administrator.do("POST", "/api/employees", {"family_name": name, "takes_visits": True}, expect=201)["id"]
        return hired

    def service(name: str, *doctors: str) -> str:
        card = {"name": name, "price": "100", "duration": 30, "doctors": list(doctors)}
        made: str = administrator.do("POST", "/api/services", card, expect=201)["id"]
        return made

    def givers(service_id: str) -> set[str]:
        return {doctor["id"] for doctor in administrator.get_ok(f"/api/services/{service_id}")["doctors"]}

    first, new = hire("Давний"), hire("Новый")
    some = [service(f"Особая {number}", first) for number in range(3)]
    everyones = service("Общая")
    address = f"/api/employees/{new}/services"
    administrator.do("POST", address, {"add": [*some, everyones]})
    assert [givers(one) for one in some] == [{first, new}] * 3
    assert givers(everyones) == set()  # everybody gave it already
    administrator.do("POST", address, {"remove": [some[0], everyones]})
    assert givers(some[0]) == {first}
    assert first in givers(everyones)
    assert new not in givers(everyones)
    refused = administrator.do("POST", f"/api/employees/{first}/services", {"remove": [some[1], some[0]]}, expect=409)
    assert (refused["code"], refused["facts"]["name"]) == ("nobody_gives_service", "Особая 0")
    assert givers(some[1]) == {first, new}  # nothing of it was changed
    history = administrator.get_ok(f"/api/history/service/{some[0]}")["items"]
    assert len(history) == 3


@pytest.mark.spec("CAL-19", "UI-3", "ACL-6")
def test_a_service_is_not_taken_from_a_doctor_with_coming_visits_for_it_without_a_word(
    world: World, administrator: Browser, receptionist: Browser
) -> None:
    hired = [
        administrator.do("POST", "/api/employees", {"family_name": name, "takes_visits": True}, expect=201)["id"]
        for name in ("Берущий", "Отдающий")
    ]
    card = {"name": "Отбеливание", "price": "100", "duration": 30, "doctors": hired}
    made = administrator.do("POST", "/api/services", card, expect=201)
    body = {**new_visit(world, start="12:00", end="12:30"), "doctor_id": hired[1], "lines": [{"service_id": made["id"]}]}
    number = receptionist.do("POST", "/api/visits", body, expect=201)["number"]
    address = f"/api/services/{made['id']}"
    ways: list[tuple[str, str, Any, int | None]] = [
        ("PATCH", address, {"doctors": hired[:1]}, made["version"]),
        ("POST", f"{address}/delete", None, made["version"]),
        ("POST", f"/api/employees/{hired[1]}/services", {"remove": [made["id"]]}, None),
    ]
    for method, path, change, version in ways:
        refused = administrator.do(method, path, change, expect=409, version=version)
        assert refused["code"] == "needs_confirmation"
        (warning,) = refused["facts"]["warnings"]
        (visit,) = warning["visits"]
        assert (visit["number"], visit["doctor"]["name"], visit["services"]) == (number, "Отдающий", ["Отбеливание"])
        assert visit["patient"]["name"] == "Иванова"
    accepted = {"Accepted-Warnings": warning["key"]}
    answer = administrator.request(method, path, json=change, headers=accepted)
    assert answer.status_code == 200, answer.text
    administrator.catch_up()
    newest = rows(administrator.get_ok(f"/api/history/service/{made['id']}"))[0]
    news = {row["label"]: row["new"] for row in newest["changes"]}
    assert news["Несмотря на предупреждение"] == f"с этой услугой остались предстоящие визиты: № {number}"
