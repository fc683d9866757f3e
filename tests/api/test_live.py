"""The socket notifies of changes by others."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from aggregates.access.rights import AUDITOR, RECEPTIONIST
from services.api.audiences import audiences
from services.api.http.live import DATABASE_LOST, HEARTBEAT_SECONDS, QUEUE, SESSION_ENDED, TOO_SLOW, _Rows, message_for
from services.api.http.principal import Principal
from tests.api.world import MONDAY, PASSWORD, Browser, World, eventually, new_visit


@contextmanager
def listening(world: World, browser: Browser, **headers: str) -> Iterator[ClientConnection]:
    """A socket with the browser's cookies."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    sent = {"Origin": world.origin, "Cookie": cookies} | headers
    origin = sent.pop("Origin")
    with connect(
        world.origin.replace("http", "ws") + "/api/live",
        origin=origin or None,  # type: ignore[arg-type]  # websockets has a type of its own for a string
        additional_headers=sent,
        proxy=None,
    ) as socket:
        yield socket


def next_change(socket: ClientConnection) -> dict[str, Any]:
    """The next change that the socket notifies of."""
    while (message := received(socket))["type"] != "changed":
        pass
    return message


def received(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=10))
    return message


def next_change_of(socket: ClientConnection, model: str) -> dict[str, Any]:
    """The next message about a read model."""
    while (message := next_change(socket))["model"] != model:
        pass
    return message


def end_of(socket: ClientConnection) -> int | None:
    """The code by which the server closes the socket."""
    try:
        while True:
            socket.recv(timeout=10)
    except ConnectionClosed as closed:
        return int(closed.rcvd.code) if closed.rcvd else None


@pytest.mark.spec("CAL-10")
def test_another_receptionist_is_notified_of_a_booking(world: World, receptionist: Browser) -> None:
    with world.browser("Регистратор") as colleague, listening(world, colleague) as socket:
        booked = receptionist.do("POST", "/api/visits", new_visit(world, start="12:00", end="12:20"), expect=201)
        message = next_change_of(socket, "calendar")
        assert message["type"] == "changed"
        assert message["position"] >= booked["position"]
        assert message["keys"] is None or booked["id"] in message["keys"]
        assert set(message) == {"type", "model", "position", "keys"}


@pytest.mark.spec("CAL-10", "ACL-6")
def test_a_socket_is_greeted_with_what_changed_while_its_page_was_loaded(world: World, receptionist: Browser) -> None:
    """The page may have fetched just before the change; no later message would say it."""
    with world.browser("Регистратор") as colleague, listening(world, colleague) as other:
        fetched = monotonic()
        receptionist.do("POST", "/api/patients", {"family_name": "Мелькнувшая"}, expect=201)
        next_change_of(other, "patients")
        with listening(world, colleague) as socket:
            greeting = received(socket)
            since = monotonic() - fetched
        assert greeting["type"] == "greeting"
        assert 0 <= greeting["ages"]["patients"] < since
        assert "pay_schemes" not in greeting["ages"], "a receptionist hears nothing of pay"
        assert greeting["ages"]["me"] > 0
        with listening(world, colleague) as later:
            assert received(later)["ages"]["patients"] > greeting["ages"]["patients"]


@pytest.mark.spec("SEC-1", "SEC-2", "ACL-6")
@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_a_socket_from_another_site_is_not_opened(world: World, receptionist: Browser, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(world, receptionist, Origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.spec("SEC-1", "SEC-2")
def test_a_socket_without_a_session_is_not_opened(world: World, anonymous: Browser) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(world, anonymous):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.spec("ACL-6")
def test_nobody_hears_of_what_their_rights_do_not_show(world: World, receptionist: Browser, administrator: Browser) -> None:
    with world.browser() as auditor:
        hired = administrator.do("POST", "/api/employees", {"family_name": "Слушатель"}, expect=201)
        access = {"email": "listener@example.org", "password": PASSWORD, "rights_set_id": str(AUDITOR.id)}
        administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
        auditor.sign_in("listener@example.org")
        with listening(world, auditor) as socket:
            receptionist.do("POST", "/api/patients", {"family_name": "Тайная"}, expect=201)
            receptionist.do("POST", "/api/visits", new_visit(world, start="13:00", end="13:20"), expect=201)
            messages: list[dict[str, Any]] = []
            # What follows the first change is folded later than all before it, whichever read model is notified of first.
            for version, position in enumerate(("Слушает", "Ещё слушает"), 1):
                changed = administrator.do("PATCH", f"/api/employees/{hired['id']}", {"position": position}, version=version)
                awaited = {"journal", "employees"}
                while awaited:
                    messages.append(next_change(socket))
                    if messages[-1]["position"] >= changed["position"]:
                        awaited.discard(messages[-1]["model"])
        assert {message["model"] for message in messages} <= {"journal", "employees", "schedule_versions"}


@pytest.mark.spec("ACL-7")
def test_other_rights_work_in_an_open_socket_at_once(world: World, administrator: Browser, receptionist: Browser) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Переведённый"}, expect=201)
    access = {"email": "moved@example.org", "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("moved@example.org")
        with listening(world, browser) as socket:
            administrator.do(
                "PUT", f"/api/employees/{hired['id']}/access", {"email": access["email"], "rights_set_id": str(AUDITOR.id)}
            )
            next_change_of(socket, "me")
            created = receptionist.do("POST", "/api/patients", {"family_name": "Невидимая"}, expect=201)
            while (message := next_change(socket))["position"] < created["position"]:
                pass  # of what was done before
            assert message["model"] == "journal"


@pytest.mark.spec("ACL-7")
def test_a_changed_set_works_in_an_open_socket_at_once(world: World, administrator: Browser, receptionist: Browser) -> None:
    rights_set = {"name": "Слухи", "start_page": "patients", "rights": ["patients", "calendar"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Слышащий"}, expect=201)
    access = {"email": "hearing@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("hearing@example.org")
        with listening(world, browser) as socket:
            changed = {"start_page": "journal", "rights": ["journal"]}
            administrator.do("PATCH", f"/api/rights-sets/{made['id']}", changed, version=made["version"])
            next_change_of(socket, "me")
            created = receptionist.do("POST", "/api/patients", {"family_name": "Неслышная"}, expect=201)
            while (message := next_change(socket))["position"] < created["position"]:
                pass  # of what was done before
            assert message["model"] == "journal"


@pytest.mark.spec("ACL-7", "SEC-2")
@pytest.mark.parametrize("how", ["sign out", "withdraw"])
def test_the_socket_closes_with_its_session(world: World, administrator: Browser, how: str) -> None:
    email = f"{how.replace(' ', '-')}@example.org"
    hired = administrator.do("POST", "/api/employees", {"family_name": "Уходящий"}, expect=201)
    access = {"email": email, "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(email)
        with listening(world, browser) as socket:
            if how == "sign out":
                browser.delete("/api/session")
            else:
                administrator.do("DELETE", f"/api/employees/{hired['id']}/access")
            code = end_of(socket)
    assert code == SESSION_ENDED


@pytest.mark.spec("ACL-8", "SEC-2")
@pytest.mark.parametrize("how", ["one", "others"])
def test_sockets_are_looked_at_when_the_session_has_ended_and_not_before(
    world: World, receptionist: Browser, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """An uncommitted change is invisible to other processes: their pages would go on until the next heartbeat."""
    look, stood = world.app.state.components.live.recheck_sessions, []

    def stands(token: str) -> bool:
        return bool(world.denta.sessions.standing([token]))

    def recheck_sessions() -> None:
        with ThreadPoolExecutor(1) as elsewhere:  # not within the transaction of the request
            stood.append(elsewhere.submit(stands, token).result())
        look()

    with world.browser("Регистратор") as browser, listening(world, browser) as socket:
        token = browser.cookies["denta_session"]
        listed = browser.get_ok("/api/profile/security")["sessions"]
        (own,) = [session["id"] for session in listed if session["current"]]
        monkeypatch.setattr(world.app.state.components.live, "recheck_sessions", recheck_sessions)
        method, path = ("DELETE", f"sessions/{own}") if how == "one" else ("POST", "sessions/end-others")
        answer = receptionist.request(method, f"/api/profile/{path}", headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 204
        assert end_of(socket) == SESSION_ENDED
    assert stood == [False]


@pytest.mark.spec("ACL-7", "SEC-2")
def test_a_session_that_ends_while_its_socket_is_opened_closes_it_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    live = world.app.state.components.live
    monkeypatch.setattr(live, "heartbeat", 600.0)
    monkeypatch.setattr(live, "_next_heartbeat", monotonic() + 600)
    looked = live._principals.of

    def of(token: str) -> Principal:
        found: Principal = looked(token)
        world.denta.sessions.end(token)
        return found

    with world.browser("Регистратор") as browser, monkeypatch.context() as meanwhile:
        meanwhile.setattr(live._principals, "of", of)
        with listening(world, browser) as socket:
            assert end_of(socket) == SESSION_ENDED


@pytest.mark.spec("CAL-10")
def test_a_socket_gets_beats_whether_anything_changes_for_its_user_or_not(world: World, receptionist: Browser) -> None:
    live = world.app.state.components.live
    with world.browser("Аудитор") as auditor, listening(world, auditor) as socket:
        live.heartbeat = 0.05
        try:
            live.recheck_sessions()
            live._next_heartbeat = 0.0
            for number in range(3):
                receptionist.do("POST", "/api/patients", {"family_name": f"Неслышная{number}"}, expect=201)
                while json.loads(socket.recv(timeout=5)) != {"type": "alive"}:
                    pass
        finally:
            live.heartbeat = HEARTBEAT_SECONDS


@pytest.mark.spec("ACL-7")
def test_an_open_socket_is_notified_at_once_of_an_option_of_the_set(world: World, administrator: Browser) -> None:
    rights_set = {"name": "Врачи", "start_page": "calendar", "rights": ["calendar", "visits"]}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Видящий", "takes_visits": True}, expect=201)
    access = {"email": "seeing@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("seeing@example.org")
        with listening(world, browser) as socket:
            administrator.do("PATCH", f"/api/rights-sets/{made['id']}", {"own_schedule_only": True}, version=made["version"])
            next_change_of(socket, "me")
            assert browser.get_ok("/api/me")["own_schedule_only"]


@pytest.mark.spec("CAL-10")
def test_after_the_database_was_lost_sockets_reconnect_and_hear_again(world: World, receptionist: Browser) -> None:
    with listening(world, receptionist) as socket:
        with world.denta.database.connection() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND query ILIKE 'listen denta_rows%%' AND pid <> %s",
                (connection.info.backend_pid,),
            )
        code = end_of(socket)
        assert code == DATABASE_LOST

    def again() -> bool | None:
        try:
            with listening(world, receptionist) as socket:
                receptionist.do("POST", "/api/patients", {"family_name": "После"}, expect=201)
                return bool(next_change_of(socket, "patients")["type"] == "changed")
        except InvalidStatus:
            return None

    assert eventually(again)


def test_a_client_that_stops_reading_is_dropped_and_the_others_go_on(world: World, receptionist: Browser) -> None:
    """Its queue is filled as a flood of changes would."""
    live = world.app.state.components.live
    with listening(world, receptionist) as slow:
        (socket,) = eventually(lambda: list(live._sockets) or None)
        rows = [_Rows("calendar", number, None) for number in range(QUEUE + 1)]
        live._loop.call_soon_threadsafe(live._send_changes, socket, socket.principal, rows)
        code = end_of(slow)
    assert code == TOO_SLOW
    receptionist.do("POST", "/api/visits", new_visit(world, MONDAY + timedelta(days=3)), expect=201)


@pytest.mark.spec("ACL-6")
def test_nobody_is_notified_of_a_read_model_without_a_declared_audience() -> None:
    assert message_for(audiences(), _Rows("secrets", 1, ["x"]), {"calendar", "journal", "rights"}) is None


@pytest.mark.spec("SEC-5")
def test_a_client_that_vanishes_or_talks_leaves_no_error_behind(
    world: World, receptionist: Browser, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    live = world.app.state.components.live
    with listening(world, receptionist) as socket:
        eventually(lambda: live._sockets or None)
        socket.socket.close()
    with listening(world, receptionist) as socket:
        socket.send("anything")
        assert end_of(socket) == 1000
    eventually(lambda: not live._sockets)
    receptionist.do("POST", "/api/patients", {"family_name": "Спокойная"}, expect=201)
    assert "Traceback" not in caplog.text
    assert "Traceback" not in "".join(capsys.readouterr())


def test_a_user_has_so_many_sockets_and_no_more_in_however_many_sessions(
    world: World, receptionist: Browser, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.http.live.SOCKETS_PER_USER", 2)
    with world.browser("Регистратор") as elsewhere, listening(world, receptionist), listening(world, elsewhere):
        for browser in (receptionist, elsewhere):
            with pytest.raises(InvalidStatus), listening(world, browser):
                pass
        with listening(world, administrator):
            pass
