"""A user's own password, second factor and sessions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from aggregates.access.rights import AUDITOR, RECEPTIONIST
from commands.ports.accounts import AttemptLimit
from services.api.http.authentication import MOST_CODES, MOST_HERE
from services.api.http.live import SESSION_ENDED
from tests.api.test_live import end_of, listening
from tests.api.world import PASSWORD, Browser, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1"
)


@contextmanager
def later(world: World, by: timedelta) -> Iterator[None]:
    """The clinic's clock goes ahead."""
    clock = world.denta.clock
    world.denta.clock = lambda: clock() + by
    try:
        yield
    finally:
        world.denta.clock = clock


def code_now(world: World, secret: str) -> str:
    """What the app shows."""
    return pyotp.TOTP(secret).at(world.denta.clock())


def hired(world: World, administrator: Browser, name: str) -> tuple[str, str]:
    """A user of the test's own: employee id and e-mail."""
    email = f"{name.lower()}@example.org"
    made = administrator.do("POST", "/api/employees", {"family_name": name}, expect=201)
    access = {"email": email, "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{made['id']}/access", access)
    return made["id"], email


def enrolled(world: World, browser: Browser) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a second factor that is on."""
    begun = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD})
    confirmed = browser.do("POST", "/api/profile/second-factor/confirm", {"code": code_now(world, begun["secret"])})
    return begun["secret"], confirmed["recovery_codes"]


def tried(browser: Browser, email: str, code: str | None = None, password: str = PASSWORD) -> str:
    """How signing in ends: a refusal's code, or «in»."""
    body = {"email": email, "password": password} | ({} if code is None else {"code": code})
    answer = browser.post("/api/session", json=body)
    return "in" if answer.status_code == 200 else str(answer.json()["code"])


@pytest.mark.spec("ACL-8")
def test_a_second_factor_is_asked_for_at_sign_in_and_each_code_works_once(
    world: World, administrator: Browser, anonymous: Browser
) -> None:
    employee_id, email = hired(world, administrator, "Codeova")
    with world.browser() as browser:
        browser.sign_in(email)
        secret, recovery = enrolled(world, browser)
        assert browser.get_ok("/api/profile/security")["second_factor"] is True
    assert tried(anonymous, email) == "second_factor_required"
    assert tried(anonymous, email, password="not the password") == "wrong_credentials"
    assert tried(anonymous, email, code_now(world, secret)) == "wrong_code", "the code that confirmed is used"
    with later(world, timedelta(minutes=2)):
        code = code_now(world, secret)
        assert tried(anonymous, email, f"{code[:3]} {code[3:]}") == "in"
        assert tried(anonymous, email, code) == "wrong_code"
    with later(world, timedelta(minutes=4)):
        outdated = pyotp.TOTP(secret).at(world.denta.clock() - timedelta(minutes=1, seconds=30))
        assert tried(anonymous, email, outdated) == "wrong_code"
        assert tried(anonymous, email, recovery[0].upper()) == "in"
        assert tried(anonymous, email, recovery[0]) == "wrong_code"
        assert anonymous.get_ok("/api/profile/security")["recovery_codes_left"] == len(recovery) - 1
    card = administrator.get_ok(f"/api/employees/{employee_id}")
    assert card["access"]["second_factor"] is True


@pytest.mark.spec("ACL-8")
def test_enrolment_asks_for_the_password_and_a_code_that_fits(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Enrolova")
    with world.browser() as browser:
        browser.sign_in(email)
        refused = browser.do("POST", "/api/profile/second-factor", {"password": "not the password"}, expect=409)
        assert refused["facts"]["field"] == "password"
        begun = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD})
        assert re.fullmatch("[A-Z2-7]{32}", begun["secret"])
        assert begun["qr_code"].startswith("data:image/svg+xml")
        wrong = f"{(int(code_now(world, begun['secret'])) + 1) % 1_000_000:06}"
        assert browser.do("POST", "/api/profile/second-factor/confirm", {"code": wrong}, expect=409)["facts"]["field"] == "code"
        assert browser.get_ok("/api/profile/security")["second_factor"] is False
        with world.browser() as other:
            assert tried(other, email) == "in", "nothing is asked for until it is confirmed"
            browser.do("POST", "/api/profile/second-factor/confirm", {"code": code_now(world, begun["secret"])})
            assert other.get("/api/me").status_code == 401, "who came in by the password alone is out"
        again = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD}, expect=409)
        assert again["code"] == "second_factor_on"


@pytest.mark.spec("ACL-8")
def test_a_second_factor_is_removed_by_password_and_code_or_by_who_manages_rights(
    world: World, administrator: Browser, receptionist: Browser
) -> None:
    employee_id, email = hired(world, administrator, "Removova")
    with world.browser() as browser, world.browser() as other:
        browser.sign_in(email)
        secret, recovery = enrolled(world, browser)
        body = {"password": PASSWORD, "code": code_now(world, secret)}
        assert browser.do("POST", "/api/profile/second-factor/remove", body, expect=409)["facts"]["field"] == "code"
        browser.do("POST", "/api/profile/second-factor/remove", {"password": PASSWORD, "code": recovery[3]})
        assert tried(other, email) == "in"

        begun = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD})
        with later(world, timedelta(minutes=2)):
            browser.do("POST", "/api/profile/second-factor/confirm", {"code": code_now(world, begun["secret"])})
        address = f"/api/employees/{employee_id}/access/second-factor"
        assert receptionist.delete(address).json()["code"] == "right_missing"
        administrator.do("DELETE", address)
        assert tried(other, email) == "in"
        assert administrator.do("DELETE", address, expect=409)["code"] == "second_factor_off"


@pytest.mark.spec("SEC-2")
def test_a_sign_in_without_a_code_does_not_outlive_the_second_factor(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No code was needed yet when it was looked, and the second factor is on when the session is opened."""
    _, email = hired(world, administrator, "Опередившая")
    opening = world.denta.sessions.open
    with world.browser() as browser, world.browser() as thief:
        browser.sign_in(email)

        def open_late(*args: Any, **how: Any) -> str:
            monkeypatch.undo()
            enrolled(world, browser)
            return opening(*args, **how)

        monkeypatch.setattr(world.denta.sessions, "open", open_late)
        assert tried(thief, email) == "second_factor_required"
        assert thief.get("/api/me").status_code == 401
        assert browser.get("/api/me").status_code == 200


@pytest.mark.spec("ACL-8", "SEC-2")
def test_codes_can_not_be_guessed(world: World, administrator: Browser, anonymous: Browser) -> None:
    _, email = hired(world, administrator, "Guessova")
    with world.browser() as browser:
        browser.sign_in(email)
        secret, recovery = enrolled(world, browser)
    answers = [
        tried(anonymous, email, written)
        for written in ("aaaa-aaaa-aaaa", "٠١٢٣٤٥", "\uff11\uff12\uff13\uff14\uff15\uff16", "000 000", "-")
    ]
    assert answers == ["wrong_code"] * MOST_HERE
    assert tried(anonymous, email, recovery[0]) == "too_many_attempts"
    with world.denta.database.connection() as connection:
        row = connection.execute("SELECT access_id FROM second_factors WHERE secret = %s", (secret,)).fetchone()
    assert row is not None
    for _ in range(MOST_CODES - MOST_HERE):  # as if from many places
        begun = world.denta.sign_in_attempts.begin({f"code:{row[0]}": AttemptLimit(MOST_CODES)})
        assert isinstance(begun, UUID)
        world.denta.sign_in_attempts.failed(begun)
    world.denta.sign_in_attempts.forget(f"here:{email}:127.0.0.1")
    assert tried(anonymous, email, recovery[0]) == "too_many_attempts"


@pytest.mark.spec("ACL-8", "SEC-5")
def test_no_secret_is_in_events_or_commands(world: World, administrator: Browser, caplog: pytest.LogCaptureFixture) -> None:
    _, email = hired(world, administrator, "Secretova")
    with world.browser() as browser:
        browser.sign_in(email)
        secret, recovery = enrolled(world, browser)
    with world.denta.database.connection() as connection:
        everything = connection.execute(
            "SELECT coalesce(string_agg(t, ''), '') FROM (SELECT state::text || metadata::text AS t FROM events"
            " UNION ALL SELECT fingerprint || answer::text FROM commands"
            " UNION ALL SELECT encode(code_hash, 'escape') FROM recovery_codes) kept"
        ).fetchone()
    assert everything is not None
    assert all(current not in everything[0] and current not in caplog.text for current in (secret, *recovery))


@pytest.mark.spec("ACL-8")
def test_sessions_are_listed_and_ended_one_by_one_or_all_others_at_once(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Sessionova")
    with world.browser() as desk, world.browser() as phone, world.browser() as third:
        desk.headers["User-Agent"], phone.headers["User-Agent"] = FIREFOX, SAFARI
        for browser in (third, phone, desk):
            browser.sign_in(email)

        def listed() -> list[dict[str, Any]]:
            sessions: list[dict[str, Any]] = desk.get_ok("/api/profile/security")["sessions"]
            return sessions

        now, *others = listed()
        assert (now["current"], now["device"], now["address"]) == (True, "Firefox, Linux", "127.0.0.1")
        assert [session["current"] for session in others] == [False, False]
        (of_the_phone,) = [session for session in others if session["device"] == "Safari, iPhone"]
        with listening(world, phone) as socket:
            assert desk.delete(f"/api/profile/sessions/{of_the_phone['id']}").status_code == 204
            assert end_of(socket) == SESSION_ENDED
        assert phone.get("/api/me").status_code == 401
        assert third.get("/api/me").status_code == 200
        assert desk.post("/api/profile/sessions/end-others").status_code == 204
        assert third.get("/api/me").status_code == 401
        assert [session["id"] for session in listed()] == [now["id"]]


@pytest.mark.spec("ACL-8", "SEC-1")
def test_nobody_ends_or_sees_anothers_sessions(world: World, administrator: Browser, receptionist: Browser) -> None:
    (own, *_) = administrator.get_ok("/api/profile/security")["sessions"]
    assert receptionist.delete(f"/api/profile/sessions/{own['id']}").status_code == 404
    assert own["id"] not in {session["id"] for session in receptionist.get_ok("/api/profile/security")["sessions"]}
    assert administrator.get("/api/me").status_code == 200


@pytest.mark.spec("ACL-8", "SEC-2")
def test_the_own_password_is_changed_by_the_old_one_and_has_to_be_strong(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Passwordova")

    def changing(browser: Browser, old: str, new: str) -> Any:
        answer = browser.post("/api/profile/password", json={"password": old, "new_password": new})
        return answer.status_code if answer.status_code == 200 else answer.json()["title"]

    with world.browser() as browser, world.browser() as other:
        browser.sign_in(email)
        other.sign_in(email)
        assert changing(browser, "not the password", "кофе с корицей 7") == "Неверный пароль."
        assert "частых" in changing(browser, PASSWORD, "Password2026")
        assert "имя или адрес" in changing(browser, PASSWORD, "passwordova1")
        assert changing(browser, PASSWORD, "кофе с корицей 7") == 200
        assert browser.get("/api/me").status_code == 200
        assert other.get("/api/me").status_code == 401
        assert tried(other, email) == "wrong_credentials"
        assert tried(other, email, password="кофе с корицей 7") == "in"


@pytest.mark.spec("ACL-8", "SEC-2")
def test_a_stolen_session_can_not_try_out_the_password(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Stolenova")
    with world.browser() as browser:
        browser.sign_in(email)
        for _ in range(MOST_HERE):
            browser.do("POST", "/api/profile/second-factor", {"password": "not the password"}, expect=409)
        refused = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD}, expect=429)
        assert refused["code"] == "too_many_attempts"


@pytest.mark.spec("ACL-8")
def test_a_second_factor_outlives_a_withdrawn_access(world: World, administrator: Browser, anonymous: Browser) -> None:
    employee_id, email = hired(world, administrator, "Backova")
    with world.browser() as browser:
        browser.sign_in(email)
        enrolled(world, browser)
    administrator.do("DELETE", f"/api/employees/{employee_id}/access")
    access = {"email": email, "password": PASSWORD, "rights_set_id": str(AUDITOR.id)}
    administrator.do("PUT", f"/api/employees/{employee_id}/access", access)
    assert tried(anonymous, email) == "second_factor_required"
    assert administrator.get_ok(f"/api/employees/{employee_id}")["access"]["second_factor"] is True


def repeated(browser: Browser, path: str, bodies: list[dict[str, str]]) -> list[Any]:
    """One change, asked for once more after its answer was lost, and then another under its key: the answers."""
    headers = {"Idempotency-Key": str(uuid4())}
    return [browser.post(path, json=body, headers=headers) for body in bodies]


@pytest.mark.spec("ACL-8")
def test_a_change_of_the_own_password_may_be_repeated_and_its_key_sets_no_other(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Repeatova")
    with world.browser() as browser, world.browser() as other:
        browser.sign_in(email)
        body = {"password": PASSWORD, "new_password": "a wholly new one"}
        answers = repeated(browser, "/api/profile/password", [body, body, body | {"new_password": "yet another one"}])
        assert [answer.status_code for answer in answers] == [200, 200, 409]
        assert (answers[0].json(), answers[2].json()["code"]) == (answers[1].json(), "idempotency_key_reused")
        assert tried(other, email, password="a wholly new one") == "in"


@pytest.mark.spec("ACL-8")
def test_the_second_factor_is_turned_on_and_off_once_however_often_it_is_asked(world: World, administrator: Browser) -> None:
    _, email = hired(world, administrator, "Twiceova")
    with world.browser() as browser:
        browser.sign_in(email)
        begun = browser.do("POST", "/api/profile/second-factor", {"password": PASSWORD})
        code = code_now(world, begun["secret"])
        body, other = {"code": code}, {"code": f"{(int(code) + 1) % 1_000_000:06}"}
        answers = repeated(browser, "/api/profile/second-factor/confirm", [body, body, other])
        assert [answer.status_code for answer in answers] == [200, 200, 409]
        assert answers[2].json()["code"] == "idempotency_key_reused"
        recovery = answers[1].json()["recovery_codes"]  # those of the lost answer don't count
        body, other = ({"password": PASSWORD, "code": one} for one in recovery[:2])
        answers = repeated(browser, "/api/profile/second-factor/remove", [body, body, other])
        assert [answer.status_code for answer in answers] == [200, 200, 409]
        assert answers[2].json()["code"] == "idempotency_key_reused"
        assert browser.get_ok("/api/profile/security")["second_factor"] is False


@pytest.mark.spec("ACL-8")
def test_a_code_used_under_a_clock_ahead_locks_the_later_ones_out_only_while_it_can_be_one_of_now(
    world: World, administrator: Browser, anonymous: Browser
) -> None:
    _, email = hired(world, administrator, "Clockova")
    with world.browser() as browser:
        browser.sign_in(email)
        secret, _ = enrolled(world, browser)
    with world.denta.database.connection() as connection:
        connection.execute("UPDATE second_factors SET last_step = last_step + %s WHERE secret = %s", (1_000_000, secret))
    assert tried(anonymous, email, code_now(world, secret)) == "in"
    assert tried(anonymous, email, code_now(world, secret)) == "wrong_code"
