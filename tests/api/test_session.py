"""Signing in, staying in, and being thrown out."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from aggregates.access.rights import AUDITOR, DOCTOR, RECEPTIONIST
from commands.access import user_access
from commands.ports.database import DatabaseUnavailable
from gateways.sessions import IDLE, token_hash
from services.accounts.passwords import Passwords
from services.api.app import create_app
from services.api.http.authentication import MOST_FOR_EMAIL, MOST_FROM_ADDRESS, MOST_HERE
from tests.api.world import PASSWORD, QUICK, Browser, World, serving

WRONG = "not the password"


def wrong(browser: Browser, email: str, password: str = WRONG) -> tuple[int, str]:
    answer = browser.post("/api/session", json={"email": email, "password": password})
    return answer.status_code, answer.json()["code"]


def passes(world: World, time: timedelta) -> None:
    """So much time goes by for failed attempts."""
    with world.denta.database.connection() as connection:
        connection.execute("UPDATE sign_in_failures SET failed_at = failed_at - %s", (time,))
        connection.execute("UPDATE credentials SET changed_at = changed_at - %s", (time,))


@pytest.mark.spec("SEC-2")
def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(world: World, anonymous: Browser) -> None:
    known = anonymous.post("/api/session", json={"email": world.users["Врач"], "password": "not the password"})
    unknown = anonymous.post("/api/session", json={"email": "nobody@example.org", "password": "not the password"})
    assert known.status_code == unknown.status_code == 401
    assert known.json() == unknown.json()
    assert "set-cookie" not in known.headers


@pytest.mark.spec("SEC-2")
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World, anonymous: Browser) -> None:
    answer = anonymous.sign_in(world.users["Врач"])
    attributes = answer.headers["set-cookie"].split("; ")
    assert attributes[0].startswith("denta_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert "Secure" not in attributes


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize(("trusted", "expected"), [("", False), ("127.0.0.1", True)])
def test_behind_tls_the_cookie_travels_by_tls_alone(world: World, trusted: str, expected: bool) -> None:
    """A proxy says so; it is believed where the operator named it."""
    app = create_app(world.denta, passwords=Passwords(QUICK))
    with serving(app, trusted_proxies=trusted) as origin, Browser(app, origin) as browser:
        answer = browser.post(
            "/api/session",
            json={"email": world.users["Врач"], "password": PASSWORD},
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"},
        )
        assert ("Secure" in answer.headers["set-cookie"].split("; ")) is expected
        assert ("strict-transport-security" in answer.headers) is expected
    with world.denta.database.connection() as connection:
        row = connection.execute("SELECT address FROM sessions ORDER BY created_at DESC LIMIT 1").fetchone()
    assert row == ("198.51.100.7" if expected else "127.0.0.1",)


@pytest.mark.spec("SEC-2")
def test_signing_out_ends_the_session_on_the_server(world: World, anonymous: Browser) -> None:
    anonymous.sign_in(world.users["Врач"])
    cookie = anonymous.cookies["denta_session"]
    assert anonymous.get("/api/me").status_code == 200
    assert anonymous.delete("/api/session").status_code == 204
    assert anonymous.get("/api/me", headers={"Cookie": f"denta_session={cookie}"}).status_code == 401


@pytest.mark.spec("ACL-8", "SEC-2")
def test_too_many_wrong_passwords_from_one_place_are_refused_even_if_right(world: World, anonymous: Browser) -> None:
    email = "locked@example.org"
    with world.browser("Администратор") as administrator:
        hired = administrator.do("POST", "/api/employees", {"family_name": "Запертый"}, expect=201)
        access = {"email": email, "password": PASSWORD, "rights_set_id": str(DOCTOR.id)}
        administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    assert [wrong(anonymous, email) for _ in range(MOST_HERE)] == [(401, "wrong_credentials")] * MOST_HERE
    refused = anonymous.post("/api/session", json={"email": email.upper(), "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 800 < int(refused.headers["retry-after"]) <= 900
    assert refused.json()["facts"]["retry_after"] == int(refused.headers["retry-after"])
    passes(world, timedelta(minutes=12, seconds=30))
    refused = anonymous.post("/api/session", json={"email": email, "password": PASSWORD})
    assert ("через 3 минуты" in refused.json()["title"], 60 < int(refused.headers["retry-after"]) <= 150) == (True, True)
    passes(world, timedelta(minutes=2, seconds=30))
    anonymous.sign_in(email)


@pytest.mark.spec("ACL-8", "SEC-2")
def test_many_wrong_passwords_at_once_are_not_tried_beyond_the_limit(anonymous: Browser) -> None:
    body = {"email": "flood@example.org", "password": "not the password"}
    with ThreadPoolExecutor(8) as pool:
        codes = [answer.json()["code"] for answer in pool.map(lambda _: anonymous.post("/api/session", json=body), range(24))]
    assert codes.count("wrong_credentials") == MOST_HERE
    assert set(codes) <= {"wrong_credentials", "too_many_attempts", "overloaded"}


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_change_from_another_site_is_refused(headers: dict[str, str], receptionist: Browser) -> None:
    answer = receptionist.post("/api/patients", json={"family_name": "Чужая"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin_request")


@pytest.mark.spec("SEC-2")
def test_a_session_ends_after_long_silence(world: World, anonymous: Browser) -> None:
    anonymous.sign_in(world.users["Врач"])
    token = token_hash(anonymous.cookies["denta_session"])
    for passed, expected in ((IDLE - timedelta(minutes=1), 200), (IDLE - timedelta(minutes=1), 200), (IDLE, 401)):
        with world.denta.database.connection() as connection:
            connection.execute(
                "UPDATE sessions SET last_seen_at = last_seen_at - %(t)s, created_at = created_at - %(t)s,"
                " expires_at = expires_at - %(t)s WHERE token_hash = %(hash)s",
                {"t": passed, "hash": token},
            )
        assert anonymous.get("/api/me").status_code == expected, "being seen moves the end"


@pytest.mark.spec("ACL-7")
def test_another_rights_set_works_at_the_next_request(world: World, administrator: Browser) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Меняющийся"}, expect=201)
    access = {"email": "changing@example.org", "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("changing@example.org")
        assert browser.get("/api/patients").status_code == 200
        administrator.do(
            "PUT", f"/api/employees/{hired['id']}/access", {"email": access["email"], "rights_set_id": str(AUDITOR.id)}
        )
        assert browser.get("/api/patients").json()["code"] == "right_missing"
        assert browser.get("/api/journal").status_code == 200
        assert browser.get_ok("/api/me")["rights_set"]["name"] == "Аудитор"


@pytest.mark.spec("ACL-7")
def test_withdrawn_access_ends_open_sessions(world: World, administrator: Browser) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Уходящий"}, expect=201)
    access = {"email": "leaving@example.org", "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("leaving@example.org")
        administrator.do("DELETE", f"/api/employees/{hired['id']}/access")
        assert browser.get("/api/me").json()["code"] == "signed_out"
        assert wrong(browser, "leaving@example.org", PASSWORD) == (401, "wrong_credentials")


@pytest.mark.spec("SEC-2")
def test_a_new_password_ends_the_sessions_of_the_old_one(world: World, administrator: Browser) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Забывший"}, expect=201)
    access = {"email": "forgot@example.org", "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in("forgot@example.org")
        administrator.do("PUT", f"/api/employees/{hired['id']}/access", {**access, "password": "another good one"})
        assert browser.get("/api/me").status_code == 401
        assert wrong(browser, "forgot@example.org", PASSWORD) == (401, "wrong_credentials")
        browser.sign_in("forgot@example.org", "another good one")


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("by", ["manager", "user"])
def test_a_sign_in_by_the_old_password_does_not_outlive_the_new_one(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """The old one was checked already when the new one was set."""
    hired = administrator.do("POST", "/api/employees", {"family_name": "Опередивший"}, expect=201)
    email, access = f"{by}.quick@example.org", {"password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", {**access, "email": email})
    passwords = world.app.state.components.authentication._passwords
    check, newer = passwords.check, "another good one"

    def slow_check(hashed: str | None, password: str) -> str:
        verdict: str = check(hashed, password)
        if password == PASSWORD and meanwhile:
            meanwhile.pop()()
        return verdict

    with world.browser() as browser, world.browser() as thief:
        browser.sign_in(email)
        meanwhile = [
            (lambda: administrator.do("PUT", f"/api/employees/{hired['id']}/access", {"password": newer}))
            if by == "manager"
            else (lambda: browser.do("POST", "/api/profile/password", {"password": PASSWORD, "new_password": newer}))
        ]
        monkeypatch.setattr(passwords, "check", slow_check)
        assert wrong(thief, email, PASSWORD) == (401, "wrong_credentials")
        assert thief.get("/api/me").status_code == 401
        assert browser.get("/api/me").status_code == (401 if by == "manager" else 200)
        thief.sign_in(email, newer)


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("by", ["manager", "user"])
def test_a_new_password_and_the_end_of_the_sessions_are_one(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Where the process or the database ends in between, neither has happened."""
    hired = administrator.do("POST", "/api/employees", {"family_name": "Прерванный"}, expect=201)
    email, path = f"{by}.cut@example.org", f"/api/employees/{hired['id']}/access"
    access = {"email": email, "password": PASSWORD, "rights_set_id": str(RECEPTIONIST.id)}
    administrator.do("PUT", path, access)
    with world.browser() as browser, world.browser() as other:
        browser.sign_in(email)
        other.sign_in(email)

        def dies(*_: object, **__: object) -> None:
            raise DatabaseUnavailable

        with monkeypatch.context() as patch:
            patch.setattr(world.denta.sessions, "end_all", dies)
            if by == "manager":
                cut = administrator.put(path, json={"password": "another good one"})
            else:
                cut = browser.post("/api/profile/password", json={"password": PASSWORD, "new_password": "another good one"})
        assert cut.status_code == 503
        assert wrong(browser, email, "another good one") == (401, "wrong_credentials")
        other.sign_in(email)


@pytest.mark.spec("ACL-5")
def test_the_last_who_manages_rights_keeps_the_access(world: World, administrator: Browser) -> None:
    answer = administrator.delete(f"/api/employees/{world.administrator}/access")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_rights_manager")


@pytest.mark.spec("SEC-2")
def test_a_weak_password_is_refused_with_the_reason(world: World, administrator: Browser) -> None:
    hired = administrator.do("POST", "/api/employees", {"family_name": "Слабый"}, expect=201)
    access = {"email": "weak@example.org", "password": "aaaaaaaa", "rights_set_id": str(DOCTOR.id)}
    refused = administrator.do("PUT", f"/api/employees/{hired['id']}/access", access, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "password")


@pytest.mark.spec("SEC-2")
def test_a_password_set_outside_of_the_api_works_too(world: World) -> None:
    """`denta users reset` sets passwords by the same command."""
    hashed = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$not-a-hash"
    access = world.denta.clinic.accesses.by_email(world.users["Аудитор"])
    assert access is not None
    user_access.set_password(world.denta.clinic, world.context("set_password"), access.employee_id, hashed)
    with world.browser() as browser:
        assert wrong(browser, world.users["Аудитор"], PASSWORD) == (401, "wrong_credentials")


@pytest.mark.spec("SEC-2")
def test_no_trace_of_a_password_is_stored_with_the_command(world: World, administrator: Browser) -> None:
    """Not even a digest as of other bodies, which is quick enough to try many passwords against."""
    hired = administrator.do("POST", "/api/employees", {"family_name": "Скрытный"}, expect=201)
    path, access = f"/api/employees/{hired['id']}/access", {"email": "secret@example.org", "rights_set_id": str(DOCTOR.id)}
    bodies = [json.dumps({**access, "password": password}) for password in ("first password 1", "second password 2")]
    for body, more in zip(bodies, ({}, {"Idempotency-Key": str(uuid4())}), strict=True):
        headers = {"Content-Type": "application/json", **more}
        assert administrator.request("PUT", path, content=body, headers=headers).status_code == 200
    with world.denta.database.connection() as connection:
        fingerprints = connection.execute(
            "SELECT fingerprint FROM commands WHERE fingerprint LIKE '%grant_access%' AND answer->>'id' ="
            " (SELECT id::text FROM guard_email WHERE key = 'secret@example.org') ORDER BY position"
        ).fetchall()
    without_key, with_key = (fingerprint.rpartition(":")[2] for (fingerprint,) in fingerprints)
    assert (without_key, len(with_key)) == ("", 64)
    assert with_key not in {sha256(f"PUT\n{path}\n\n{body}".encode()).hexdigest() for body in bodies}


@pytest.mark.spec("SEC-2")
def test_a_key_that_set_one_password_sets_no_other(world: World, administrator: Browser) -> None:
    """Answered as done, another password would be lost without a word."""
    hired = administrator.do("POST", "/api/employees", {"family_name": "Повторный"}, expect=201)
    path, access = f"/api/employees/{hired['id']}/access", {"email": "again@example.org", "rights_set_id": str(DOCTOR.id)}
    headers = {"Idempotency-Key": str(uuid4())}
    answers = [
        administrator.request("PUT", path, json={**access, "password": password}, headers=headers)
        for password in (PASSWORD, PASSWORD, "another good one")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[0].json() == answers[1].json()
    assert answers[2].json()["code"] == "idempotency_key_reused"
    with world.browser() as browser:
        assert wrong(browser, access["email"], "another good one") == (401, "wrong_credentials")
        browser.sign_in(access["email"])


MAC, WINDOWS = (unicodedata.normalize(form, "йод и мёд 42") for form in ("NFD", "NFC"))


def lettered(world: World, administrator: Browser, name: str, password: str) -> str:
    """A user with this password: the e-mail."""
    email = f"{name}@example.org"
    hired = administrator.do("POST", "/api/employees", {"family_name": "Буквин"}, expect=201)
    access = {"email": email, "password": password, "rights_set_id": str(DOCTOR.id)}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    return email


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize(("given", "typed"), [(MAC, WINDOWS), (WINDOWS, MAC), (WINDOWS, WINDOWS.replace(" ", "\u00a0"))])
def test_a_password_fits_from_another_keyboard(world: World, administrator: Browser, given: str, typed: str) -> None:
    """At sign-in, where it is asked for again, and after the user's own change of it."""
    email = lettered(world, administrator, f"letters{uuid4().hex[:8]}", given)
    with world.browser() as browser:
        browser.sign_in(email, typed)
        browser.do("POST", "/api/profile/second-factor", {"password": typed})
        browser.do("POST", "/api/profile/password", {"password": typed, "new_password": f"{given}!"})
        browser.sign_in(email, f"{typed}!")
        assert wrong(browser, email, f"{typed}?") == (401, "wrong_credentials")


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("typed", [MAC, WINDOWS])
@pytest.mark.parametrize("stored", [MAC, WINDOWS, MAC.replace(" ", "\u00a0")])
def test_a_hash_of_before_goes_on_working_and_is_made_again(
    world: World, administrator: Browser, stored: str, typed: str
) -> None:
    """Passwords used to be hashed as they were typed."""
    if "\u00a0" in stored:
        typed = stored  # such a one is recognised as it was typed alone
    email = lettered(world, administrator, f"before{uuid4().hex[:8]}", "correct horse 1")
    access = world.denta.clinic.accesses.by_email(email)
    assert access is not None
    with world.denta.database.connection() as connection:
        connection.execute(
            "UPDATE credentials SET password_hash = %s WHERE access_id = %s", (QUICK.hash(stored), access.access_id)
        )
    with world.browser() as browser:
        browser.sign_in(email, typed)
        now = world.denta.credentials.password(access.access_id)
        assert now is not None
        assert QUICK.verify(now.hash, WINDOWS)
        browser.sign_in(email, WINDOWS)


class FarBrowser(Browser):
    """At a network address, by TLS to a proxy. It keeps cookies itself, since the client keeps those of TLS from plain HTTP."""

    def __init__(self, app: FastAPI, origin: str, address: str) -> None:
        super().__init__(app, origin)
        self.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": address})
        self.received_cookies: dict[str, str] = {}

    def request(self, method: str, url: Any, **options: Any) -> httpx.Response:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.received_cookies.items())}
        answer = super().request(method, url, **{**options, "headers": {**cookies, **(options.get("headers") or {})}})
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.received_cookies[name] = value
        return answer


@contextmanager
def elsewhere(world: World) -> Iterator[Callable[[str], FarBrowser]]:
    """Browsers behind a proxy: each at the network address that is asked for."""
    app = create_app(world.denta, passwords=Passwords(QUICK))
    with serving(app, trusted_proxies="127.0.0.1") as origin, ExitStack() as browsers:
        yield lambda address: browsers.enter_context(FarBrowser(app, origin, address))


def guessed(at: Callable[[str], Browser], email: str, network: str = "203.0.113") -> None:
    """Wrong passwords from so many addresses that all further ones are refused."""
    answers = [wrong(at(f"{network}.{number}"), email) for number in range(MOST_FOR_EMAIL + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({(401, "wrong_credentials")}, (429, "too_many_attempts"))


@pytest.mark.spec("ACL-8", "SEC-2")
@pytest.mark.thorough
def test_wrong_passwords_from_elsewhere_lock_nobody_out_where_they_sign_in(world: World, administrator: Browser) -> None:
    """By the same browser from anywhere, by another one from the same address; and strangers learn nothing of it."""
    email = lettered(world, administrator, "victim", PASSWORD)
    with elsewhere(world) as at:
        own = at("198.51.100.1")
        own.sign_in(email)
        guessed(at, email)
        assert wrong(at("192.0.2.77"), email, PASSWORD) == (429, "too_many_attempts"), "from a new place even the right one"
        own.headers["X-Forwarded-For"] = "192.0.2.78"  # the telephone's network has changed
        own.sign_in(email)
        at("198.51.100.1").sign_in(email)
        guessed(at, "nobody@example.org")


@pytest.mark.spec("ACL-8", "SEC-2")
def test_a_known_browser_has_its_own_limit_that_no_address_shares(world: World, administrator: Browser) -> None:
    email = lettered(world, administrator, "browsing", PASSWORD)
    with elsewhere(world) as at:
        own, stranger = at("198.51.100.2"), at("198.51.100.2")
        own.sign_in(email)
        for number in range(MOST_FROM_ADDRESS):
            wrong(stranger, f"n{number}@example.org")
        assert wrong(stranger, email, PASSWORD) == (429, "too_many_attempts"), "the address has reached its limit"
        own.sign_in(email)
        assert [wrong(own, email)[0] for _ in range(MOST_HERE + 1)] == [401] * MOST_HERE + [429]
        del own.received_cookies["__Host-denta_browser"]
        other = lettered(world, administrator, "another", PASSWORD)
        assert wrong(own, other, PASSWORD) == (429, "too_many_attempts"), "without its cookie it is one of the address"


@pytest.mark.spec("ACL-8", "SEC-2")
@pytest.mark.parametrize(("by", "network"), [("manager", "198.18.1"), ("terminal", "198.18.2")])
@pytest.mark.thorough
def test_a_new_password_ends_the_lock_at_once(world: World, administrator: Browser, by: str, network: str) -> None:
    email = lettered(world, administrator, f"unlocked-{by}", PASSWORD)
    with elsewhere(world) as at:
        guessed(at, email, network)
        stranger = at(f"{network}.1")
        assert [wrong(stranger, email)[0] for _ in range(MOST_HERE)][-1] == 429
        access = world.denta.clinic.accesses.by_email(email)
        assert access is not None
        if by == "manager":
            administrator.do("PUT", f"/api/employees/{access.employee_id}/access", {"password": "a wholly new one"})
        else:  # as `denta users reset` does
            hashed = Passwords(QUICK).hash("a wholly new one")
            user_access.set_password(world.denta.clinic, world.context("set_password"), access.employee_id, hashed)
        assert wrong(stranger, email) == (401, "wrong_credentials")
        stranger.sign_in(email, "a wholly new one")


@pytest.mark.spec("SEC-2")
def test_behind_tls_the_session_is_taken_from_this_host_alone(world: World) -> None:
    """The prefix is what browsers check; the name of before isn't believed there, and its session ends at the next sign-in."""
    email = world.users["Врач"]
    with elsewhere(world) as at:
        browser = at("198.51.100.3")
        cookies = {cookie.partition("=")[0]: cookie for cookie in browser.sign_in(email).headers.get_list("set-cookie")}
        assert {"__Host-denta_session", "__Host-denta_browser"} <= set(cookies)
        for name, cookie in cookies.items():
            assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), name
            assert "domain" not in cookie.lower()
        assert "Max-Age=0" in cookies["denta_session"]
        token = browser.received_cookies["__Host-denta_session"]
        other = at("198.51.100.4")
        old = {"Cookie": f"denta_session={token}"}
        assert other.get("/api/me", headers={"Cookie": f"__Host-denta_session={token}"}).status_code == 200
        assert other.get("/api/me", headers=old).json()["code"] == "signed_out"
        assert other.post("/api/session", json={"email": email, "password": PASSWORD}, headers=old).status_code == 200
        assert browser.get("/api/me").status_code == 401, "the session of the old name has ended"
        answer = other.delete("/api/session")
        ended = {cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" in cookie}
        assert (answer.status_code, ended) == (204, {"__Host-denta_session", "denta_session"})
