"""Which services a doctor gives, from the doctor's side."""

from tests.api.world import Browser


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
    administrator.do("POST", address, {"give": [*some, everyones]})
    assert [givers(one) for one in some] == [{first, new}] * 3
    assert givers(everyones) == set()  # everybody gave it already
    administrator.do("POST", address, {"stop": [some[0], everyones]})
    assert givers(some[0]) == {first}
    assert first in givers(everyones)
    assert new not in givers(everyones)
    refused = administrator.do("POST", f"/api/employees/{first}/services", {"stop": [some[1], some[0]]}, expect=409)
    assert (refused["code"], refused["facts"]["name"]) == ("nobody_gives_service", "Особая 0")
    assert givers(some[1]) == {first, new}  # nothing of it was changed
    history = administrator.get_ok(f"/api/history/service/{some[0]}")["items"]
    assert len(history) == 3
