"""One search over everything, showing each user what their rights show."""

from itertools import groupby

import pytest

from tests.api.world import Browser, World, new_visit, rows


def found(browser: Browser, query: str) -> dict[str, list[str]]:
    items = rows(browser.get_ok("/api/search", q=query))
    return {kind: [item["title"] for item in same] for kind, same in groupby(items, lambda item: item["kind"])}


@pytest.fixture(scope="module")
def visit(world: World) -> int:
    with world.browser("Администратор") as administrator:
        administrator.do("POST", "/api/employees", {"family_name": "Осмотрова"}, expect=201)
        administrator.do("POST", "/api/patients", {"family_name": "Осмотров", "phone": "9161234567"}, expect=201)
        administrator.do("POST", "/api/services", {"name": "Осмотр полости рта", "price": "1.00", "duration": 30}, expect=201)
        return int(administrator.do("POST", "/api/visits", new_visit(world, doctor_id=None), expect=201)["number"])


@pytest.mark.spec("UI-4")
def test_everything_is_found_by_one_query_each_with_what_distinguishes_it(administrator: Browser, visit: int) -> None:
    assert found(administrator, "осмотр") == {
        "patient": ["Осмотров"],
        "employee": ["Осмотрова"],
        "service": ["Осмотр", "Осмотр полости рта"],
    }
    (patient, *_) = rows(administrator.get_ok("/api/search", q="осмотр"))
    assert patient["detail"].endswith("+7 916 123-45-67")
    for written in (f"{visit}", f"№ {visit}", f"визит {visit}"):
        assert found(administrator, written)["visit"] == [f"Визит № {visit}"]
    assert found(administrator, " ") == {}


@pytest.mark.spec("UI-4", "ACL-6")
@pytest.mark.parametrize(
    ("rights_set", "kinds"),
    [
        ("Администратор", {"patient", "employee", "service"}),
        ("Регистратор", {"patient"}),
        ("Врач", {"patient"}),
        ("Аудитор", set()),
    ],
)
def test_what_the_rights_do_not_show_is_not_found(world: World, visit: int, rights_set: str, kinds: set[str]) -> None:
    with world.browser(rights_set) as browser:
        assert set(found(browser, "осмотр")) == kinds
        assert ("visit" in found(browser, str(visit))) == (rights_set != "Аудитор")


@pytest.mark.spec("UI-4")
def test_what_is_deleted_is_not_offered(administrator: Browser) -> None:
    made = administrator.do("POST", "/api/services", {"name": "Забытая", "price": "1.00", "duration": 30}, expect=201)
    assert found(administrator, "забытая") == {"service": ["Забытая"]}
    administrator.do("POST", f"/api/services/{made['id']}/delete", version=1)
    assert found(administrator, "забытая") == {}
