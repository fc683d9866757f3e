"""What asks for a change may be sent twice under one `Idempotency-Key`: each changing route takes the key or refuses it."""

from typing import Any

import pytest

from aggregates.stock.stock_documents import STOCK_DOCUMENTS, CustomerReturn
from services.api.http.route_handler import COMMANDS
from services.api.http.routes import RouteDeclaration
from services.api.registry import declared
from tests.api.excel_loading import Loading, sheet
from tests.api.minimal import DESCRIBED, Existing, named
from tests.api.world import PASSWORD, Browser, World, command_id, rows
from tests.gateways.test_photographs import picture

pytestmark = pytest.mark.thorough

CHANGING = [route for _, route in declared() if route.method in COMMANDS]
PATIENTS = ("Фамилия", "Имя")


def asked(existing: Existing, browser: Browser, route: RouteDeclaration, key: str) -> Any:
    headers, path = {"Idempotency-Key": key, "If-Match": '"1"'}, existing.address(route)
    if route.upload is None:
        answer = browser.request(route.method, path, json=existing.body(route), headers=headers)
    else:
        content = sheet(PATIENTS, ("Ключева", "Анна")) if "excel" in route.path else picture("PNG")
        path += "?name=Снимок.png" if route.path.endswith("/files") else ""
        headers["Content-Type"] = "application/octet-stream"
        answer = browser.request(route.method, path, content=content, headers=headers)
    return answer


@pytest.fixture(scope="module")
def used_key(world: World) -> str:
    """A key of a command that was carried out."""
    key = command_id()
    with world.browser("Администратор") as browser:
        made = browser.post("/api/patients", json={"family_name": "Ключевая"}, headers={"Idempotency-Key": key})
        assert made.status_code == 201
    return key


def test_the_description_says_that_a_key_may_have_been_used() -> None:
    paths = DESCRIBED["paths"]
    silent = [
        named(route)
        for route in CHANGING
        if route.repeating == "by_key" and "409" not in paths[f"/api{route.path}"][route.method.lower()]["responses"]
    ]
    assert silent == []


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize("route", [route for route in CHANGING if route.repeating == "by_key"], ids=named)
def test_a_used_key_executes_no_other_command(
    route: RouteDeclaration, used_key: str, existing: Existing, administrator: Browser
) -> None:
    """Whatever a route changes, it looks at the key first: so a repeated request can be distinguished from another one."""
    answer = asked(existing, administrator, route, used_key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused"), answer.text


def test_questions_in_the_form_of_a_command_and_what_can_not_be_repeated_are_few() -> None:
    assert {named(route) for route in CHANGING if route.repeating == "question"} == {
        "POST /patients/duplicates",
        "POST /schedule/conflicts",
        "POST /schedule/ranges",
        "POST /tax-certificates/electronic-form",
        *(f"POST /{kind.PATH}/lines/read" for kind in STOCK_DOCUMENTS if kind is not CustomerReturn),
    }
    assert {named(route) for route in CHANGING if route.repeating == "refused"} == {"POST /session", "DELETE /session"}


@pytest.mark.parametrize("route", [route for route in CHANGING if route.repeating == "refused"], ids=named)
def test_signing_in_and_out_refuse_a_key_instead_of_ignoring_it(
    route: RouteDeclaration, existing: Existing, administrator: Browser
) -> None:
    answer = asked(existing, administrator, route, command_id())
    assert (answer.status_code, answer.json()["facts"]["fields"][0]["field"]) == (422, "Idempotency-Key")
    assert administrator.get("/api/me").status_code == 200


def twice(browser: Browser, method: str, path: str, body: Any = None) -> list[Any]:
    """The same request under one key, as a browser sends it again whose answer was lost."""
    headers = {"Idempotency-Key": command_id()}
    return [browser.request(method, path, json=body, headers=headers) for _ in range(2)]


@pytest.mark.spec("OPS-4")
def test_steps_of_a_loading_are_made_once_under_one_key(world: World, administrator: Browser) -> None:
    loading = Loading(world, administrator, "patients", sheet(PATIENTS, ("Дваждин", "Анна")))
    path = f"/api/excel/imports/{loading.id}"
    assert [answer.status_code for answer in twice(administrator, "POST", f"{path}/start")] == [200, 200]
    loading.work()
    assert [answer.json()["state"] for answer in twice(administrator, "POST", f"{path}/undo")] == ["undoing"] * 2
    other = administrator.post(f"{path}/undo", headers={"Idempotency-Key": command_id()})
    assert (other.status_code, other.json()["code"]) == (409, "import_moved")
    loading.work()


@pytest.mark.spec("OPS-4", "ACL-8")
def test_sessions_are_ended_once_under_one_key(world: World, administrator: Browser) -> None:
    with world.browser("Администратор"):
        others = [one for one in administrator.get_ok("/api/profile/security")["sessions"] if not one["current"]]
        answers = twice(administrator, "DELETE", f"/api/profile/sessions/{others[0]['id']}")
        assert [answer.status_code for answer in answers] == [204, 204]
    headers = {"Idempotency-Key": command_id()}
    assert administrator.post("/api/profile/sessions/end-others", headers=headers).status_code == 204
    with world.browser("Администратор") as late:  # signed in after the first answer: the repeated request doesn't end it
        assert administrator.post("/api/profile/sessions/end-others", headers=headers).status_code == 204
        assert late.get("/api/me").status_code == 200


@pytest.mark.spec("OPS-4", "ACL-8")
def test_a_second_factor_begun_twice_under_one_key_has_one_secret(administrator: Browser) -> None:
    first, again = twice(administrator, "POST", "/api/profile/second-factor", {"password": PASSWORD})
    assert first.json() == again.json()


@pytest.mark.spec("OPS-4", "SEC-6")
def test_a_print_is_noted_once_under_one_key(administrator: Browser) -> None:
    body: dict[str, Any] = {"action": "printed", "object_type": "visit", "filter": {"q": command_id()}, "count": 3}
    assert [answer.status_code for answer in twice(administrator, "POST", "/api/access-log", body)] == [204, 204]
    noted = rows(administrator.get_ok("/api/access-log", size=50))
    assert len([one for one in noted if any(body["filter"]["q"] in line for line in one["filter"])]) == 1
