"""Every route by every set of rights, generated from the application's own routes: nothing is open by forgetting."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import pytest

from aggregates.access.rights import PREDEFINED_SETS, RIGHTS, WITHOUT_PAGE, PredefinedSet, Right
from projections.audience import Audience
from projections.declaration import Projection
from projections.registry import PROJECTIONS
from readmodels.clinic.services import TABLE
from services.api.audiences import audiences
from services.api.http.live import _Rows, message_for
from services.api.http.routes import NeedsRight, Public, RouteDeclaration, Routes, SignedIn
from services.api.openapi import ROOT_PATHS, route_handlers
from services.api.registry import declared
from tests.api.minimal import NOBODY, named
from tests.api.world import MONDAY, PASSWORD, Browser, World, at, new_visit, rows
from tests.projections.histories import all_commands

ROUTES = [route for _, route in declared()]


@dataclass
class Trial:
    """A user, and the set of rights that they have."""

    manager: Browser
    browser: Browser
    rights_set_id: str

    def gives(self, right: Right, *others: Right) -> None:
        """From now on the set gives this right and these others alone."""
        version = self.manager.get_ok(f"/api/rights-sets/{self.rights_set_id}")["version"]
        changes = {"rights": [right, *others], "start_page": "" if right in WITHOUT_PAGE else right}
        self.manager.do("PATCH", f"/api/rights-sets/{self.rights_set_id}", changes, version=version)


def address(route: RouteDeclaration) -> str:
    path = route.path if route.path in ROOT_PATHS else f"/api{route.path}"
    known = {"{oid}": "1.2", "{version}": "1", "{object_type}": "visit"}
    return "/".join(known.get(part, NOBODY) if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.spec("SEC-1", "ACL-6")
@pytest.mark.parametrize("route", [r for r in ROUTES if r.allowed is not Public], ids=named)
def test_nobody_gets_in_without_a_session(route: RouteDeclaration, anonymous: Browser) -> None:
    answer = anonymous.request(route.method, address(route))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def opened(browser: Browser) -> set[str]:
    """Routes that let the user in: an open one refuses the empty request for another reason, or answers it."""
    found = set()
    for route in ROUTES:
        if route.path == "/session":  # signing in and out would end the session that asks
            continue
        answer = browser.request(route.method, address(route))
        assert answer.status_code < 500 or route.path == "/ready", answer.text
        if answer.status_code != 403 or answer.json()["code"] != "right_missing":
            found.add(named(route))
    return found


def declared_for(rights: Collection[str]) -> set[str]:
    return {
        named(route)
        for route in ROUTES
        if route.path != "/session" and (not isinstance(route.allowed, NeedsRight) or not route.allowed.any_of.isdisjoint(rights))
    }


@pytest.mark.spec("SEC-1", "ACL-6")
@pytest.mark.parametrize("predefined", PREDEFINED_SETS, ids=lambda predefined: predefined.name)
def test_each_set_of_rights_opens_its_routes_and_no_other(predefined: PredefinedSet, world: World) -> None:
    with world.browser(predefined.name) as browser:
        assert opened(browser) == declared_for(predefined.rights)


@pytest.fixture(scope="module")
def trial(world: World) -> Iterator[Trial]:
    """A user whose set of rights is changed from test to test while the session stays open."""
    with world.browser("Администратор") as manager, world.browser() as browser:
        made = Trial(
            manager,
            browser,
            manager.do("POST", "/api/rights-sets", {"name": "Проба", "rights": ["mobile_app"]}, expect=201)["id"],
        )
        hired = manager.do("POST", "/api/employees", {"family_name": "Пробный"}, expect=201)
        access = {"email": "trial@example.org", "password": PASSWORD, "rights_set_id": made.rights_set_id}
        manager.do("PUT", f"/api/employees/{hired['id']}/access", access)
        browser.sign_in(access["email"])
        yield made


@pytest.mark.spec("SEC-1", "ACL-6", "ACL-7")
@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.thorough
def test_each_right_opens_its_routes_and_no_other_at_once(right: Right, trial: Trial) -> None:
    """One session all the way: what the set gives holds from the next request on."""
    trial.gives(right)
    assert opened(trial.browser) == declared_for({right})
    assert trial.browser.get_ok("/api/me")["rights"] == [right]


@pytest.mark.spec("ACL-4")
def test_the_schedule_alone_is_enough_to_work_with_the_calendar_but_opens_no_list(world: World, trial: Trial) -> None:
    trial.gives("calendar")
    user = trial.browser
    created = user.do("POST", "/api/patients", {"family_name": "Новосёлова", "phone": "9161112233"}, expect=201)
    assert user.get_ok("/api/patients/search", q="Новосёлова")["total"] == 1
    booked = user.do(
        "POST", "/api/visits", {**new_visit(world, start="18:00", end="18:30"), "patient_id": created["id"]}, expect=201
    )
    shown = user.get_ok("/api/calendar", **{"from": MONDAY.isoformat(), "to": MONDAY.isoformat()})["visits"]
    assert booked["id"] in {visit["id"] for visit in shown}
    moved = user.do("PATCH", f"/api/visits/{booked['id']}", {"starts_at": at(MONDAY, "18:30")}, version=booked["version"])
    user.do("POST", f"/api/visits/{booked['id']}/status", {"status": "arrived"}, version=moved["version"])
    assert user.get_ok(f"/api/visits/{booked['id']}")["status"] == "arrived"
    for listing in ("/api/patients", "/api/visits"):
        assert user.get(listing).json()["code"] == "right_missing"

    card = f"/api/patients/{created['id']}"
    assert user.get(card).json()["code"] == "cards_not_open"
    trial.gives("calendar", "patient_info")
    user.do("PATCH", card, {"comment": "по записи"}, version=user.get_ok(card)["version"])


@pytest.mark.spec("ACL-1")
def test_who_has_the_list_of_patients_opens_and_keeps_their_cards_without_the_schedule(world: World, trial: Trial) -> None:
    trial.gives("patients")
    user = trial.browser
    found = rows(user.get_ok("/api/patients"))[0]
    card = user.get_ok(f"/api/patients/{found['id']}")
    user.do("PATCH", f"/api/patients/{found['id']}", {"comment": "по списку"}, version=card["version"])
    user.get_ok(f"/api/patients/{found['id']}/visits")
    assert user.get("/api/calendar", params={"from": "2026-01-01", "to": "2026-01-01"}).json()["code"] == "right_missing"


def named_in(function: Callable[..., Any]) -> set[str]:
    """What a function may call: names in its code, and the functions that it was made with, with theirs."""
    bound = [cell.cell_contents for cell in function.__closure__ or ()]
    others = [one for one in bound if isinstance(one, FunctionType)]
    return {*function.__code__.co_names}.union(*({one.__name__, *named_in(one)} for one in others))


OWN_ACCOUNT = {"set_password", "enable_second_factor", "remove_second_factor"}
"""Commands that users carry out on themselves, whatever their rights: each of these routes asks for password or code."""


@pytest.mark.spec("ACL-6")
def test_every_command_is_reached_by_routes_with_a_right_alone() -> None:
    """Commands are what the write side can do; `open_clinic` is the terminal's, before there is a user; what becomes of receipts
    is noted by background work.
    """
    names = {command.rsplit(".", 1)[1] for command in all_commands()}
    reached = [(name, route) for route in ROUTES for name in names.intersection(named_in(route.endpoint))]
    without_a_right = {(name, route.path) for name, route in reached if not isinstance(route.allowed, NeedsRight)}
    assert {name for name, _ in without_a_right} == OWN_ACCOUNT
    assert all(path.startswith("/profile/") for _, path in without_a_right)
    assert names - {name for name, _ in reached} == {
        "open_clinic",
        "assign_rights_set",  # a part of `grant_access`
        *("note_handed_over", "note_printed", "note_failed"),
    }


@pytest.mark.spec("SEC-1", "ACL-6")
def test_a_route_without_a_right_can_not_be_declared() -> None:
    routes = Routes("test")
    with pytest.raises(TypeError):
        routes.get("/forgotten", None, answer=None)  # type: ignore[arg-type]  # what this is about
    with pytest.raises(TypeError):
        routes.get("/forgotten", answer=None)  # type: ignore[call-arg]  # what this is about
    with pytest.raises(TypeError):
        NeedsRight()
    assert routes.declared == []


@pytest.mark.spec("SEC-1", "ACL-6")
def test_the_application_serves_declared_routes_alone(world: World) -> None:
    served = {
        (getattr(route, "path", ""), method)
        for route in world.app.routes
        for method in getattr(route, "methods", None) or {"SOCKET"}
    }
    assert served == {(route.path, route.declared.method) for route in route_handlers()} | {("/api/live", "SOCKET")}


@pytest.mark.spec("ACL-6")
def test_rights_of_routes_exist() -> None:
    named_rights = {key for route in ROUTES if isinstance(route.allowed, NeedsRight) for key in route.allowed.any_of}
    assert named_rights <= set(RIGHTS)


@pytest.mark.spec("SEC-1")
def test_only_signing_in_and_the_operators_pages_are_public() -> None:
    assert {named(route) for route in ROUTES if route.allowed is Public} == {
        "POST /session",
        "GET /sign-in-page",
        "GET /health",
        "GET /ready",
        "GET /metrics",
    }
    assert {named(route) for route in ROUTES if route.allowed is SignedIn and not route.path.startswith("/profile/")} == {
        "DELETE /session",
        "GET /me",
        "GET /catalogues",
        "GET /search",
        "GET /stock-documents/kinds",
        "GET /money-documents/kinds",
    }


@pytest.mark.spec("ACL-6")
def test_a_read_model_that_does_not_declare_who_hears_of_its_changes_is_not_made() -> None:
    assert set(audiences()) == {projection.name for projection in PROJECTIONS}
    with pytest.raises(TypeError, match="audience"):
        Projection(TABLE.name, TABLE, 1, {})  # type: ignore[call-arg]  # what is missing is the point
    for rights in ((), ("secrets",)):
        with pytest.raises(TypeError, match="audience"):
            Audience(*rights)


@pytest.mark.spec("ACL-6")
@pytest.mark.parametrize("model", sorted(audiences()))
def test_each_right_hears_the_socket_tell_of_its_models_and_no_other(model: str) -> None:
    assert {right for right in RIGHTS if message_for(audiences(), _Rows(model, 1, ["x"]), {right}) is not None} == audiences()[
        model
    ]


@pytest.mark.spec("CAL-10", "ACL-6")
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.method == "GET" and r.media == "application/json" and r.reads], ids=named
)
def test_who_may_read_a_page_hears_of_all_that_is_shown_on_it(route: RouteDeclaration) -> None:
    """Names that a past state or a sentence of the journal may mention are no reason to hear of anything."""
    if isinstance(route.allowed, NeedsRight) and route.live:
        deaf = [
            m
            for m in route.reads
            for right in route.allowed.any_of
            if message_for(audiences(), _Rows(m, 1, ["x"]), {right}) is None
        ]
        assert deaf == []
    else:
        assert route.allowed is not Public
        assert route.allowed is SignedIn or not route.live


def test_nobody_is_notified_of_what_only_a_past_state_or_the_journal_may_mention() -> None:
    mentioned = {r.path for r in ROUTES if r.reads and not r.live}
    assert {path.split("/")[1] for path in mentioned} == {"access-log", "history", "journal", "patients", "schedule"}
    assert {path for path in mentioned if path.startswith("/patients")} <= {
        f"/patients/{{patient_id}}/history{at}" for at in ("", "/at")
    }
    assert not any("journal" in audiences()[model] for model in ("patients", "calendar", "payments"))
