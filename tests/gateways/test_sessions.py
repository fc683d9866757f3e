"""Sessions and the counting of failed attempts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateways.sessions import IDLE, LONGEST
from services.bootstrap import Denta

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ANNA, BORIS = uuid4(), uuid4()


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    denta = Denta.open(database_url)
    yield denta
    denta.close()


def sign_in(denta: Denta, access_id: UUID = ANNA, now: datetime = NOW) -> str:
    return denta.sessions.open(access_id, address="192.0.2.1", now=now)


@pytest.mark.spec("SEC-2")
def test_a_token_finds_its_session_until_it_is_ended(denta: Denta) -> None:
    token, other = sign_in(denta), sign_in(denta, BORIS)
    session = denta.sessions.find(token, now=NOW)
    assert session is not None
    assert (session.access_id, session.address, session.expires_at) == (ANNA, "192.0.2.1", NOW + IDLE)
    denta.sessions.end(token)
    assert denta.sessions.find(token, now=NOW) is None
    assert denta.sessions.find(other, now=NOW) is not None
    assert denta.sessions.find("another token", now=NOW) is None


@pytest.mark.spec("SEC-2")
def test_the_token_itself_is_stored_nowhere(denta: Denta) -> None:
    token = sign_in(denta)
    with denta.database.connection() as connection:
        row = connection.execute("SELECT token_hash, sessions::text FROM sessions").fetchone()
    assert row is not None
    assert token.encode() not in row[0]
    assert token not in row[1]


def test_a_session_ends_when_nothing_is_heard_of_it(denta: Denta) -> None:
    token = sign_in(denta)
    assert denta.sessions.find(token, now=NOW + IDLE) is None


def test_being_seen_keeps_a_session_but_not_for_ever(denta: Denta) -> None:
    token, now = sign_in(denta), NOW
    while now + IDLE < NOW + LONGEST:
        now += IDLE - timedelta(minutes=1)
        assert denta.sessions.find(token, now=now) is not None
    assert denta.sessions.find(token, now=NOW + LONGEST - timedelta(seconds=1)) is not None
    assert denta.sessions.find(token, now=NOW + LONGEST) is None


def test_all_sessions_of_a_user_but_one_are_ended(denta: Denta) -> None:
    kept, lost, others = sign_in(denta), sign_in(denta), sign_in(denta, BORIS)
    denta.sessions.end_all(ANNA, but_token=kept)
    assert [denta.sessions.find(token, now=NOW) is not None for token in (kept, lost, others)] == [True, False, True]


def test_sessions_that_ended_are_swept_by_the_next_sign_in(denta: Denta) -> None:
    sign_in(denta)
    sign_in(denta, now=NOW + IDLE)
    with denta.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


@pytest.mark.spec("SEC-2")
def test_failures_are_counted_per_key_and_within_the_window(denta: Denta) -> None:
    attempts, minute = denta.sign_in_attempts, timedelta(minutes=1)

    def begun(at: int, **limits: int) -> Any:
        """After so many minutes; failures of a quarter of an hour count."""
        return attempts.begin(limits, now=NOW + at * minute, since=NOW + (at - 15) * minute)

    for at in range(3):
        attempts.failed(begun(at, anna=3, address=4))
    assert begun(3, anna=3) == "limited"
    attempts.failed(begun(3, address=4))
    assert begun(4, boris=3, address=4) == "limited"
    attempts.forget("anna")
    attempts.drop(begun(4, anna=1))
    assert begun(15, anna=3, address=4) != "limited"  # the first of the four is too old


@pytest.mark.spec("ACL-8", "SEC-2")
def test_attempts_under_way_count_until_they_end_or_are_lost(denta: Denta) -> None:
    attempts = denta.sign_in_attempts

    def begun(seconds: int = 0) -> Any:
        now = NOW + timedelta(seconds=seconds)
        return attempts.begin({"anna": 2}, now=now, since=now - timedelta(minutes=15))

    first, second = begun(), begun()
    assert begun() == "busy"
    attempts.drop(first)
    attempts.failed(second)
    third = begun()
    assert begun() == "busy"
    assert begun(60) not in {"busy", "limited"}  # the third was lost with its process
    attempts.failed(third)
    assert begun() == "limited"


@pytest.mark.spec("ACL-8", "SEC-2")
def test_many_attempts_at_once_do_not_outrun_the_limit(denta: Denta) -> None:
    def begin(_: int) -> Any:
        return denta.sign_in_attempts.begin({"anna": 5}, now=NOW, since=NOW - timedelta(minutes=15))

    with ThreadPoolExecutor(8) as pool:
        assert sum(isinstance(begun, UUID) for begun in pool.map(begin, range(40))) == 5


def test_on_a_full_disk_a_session_that_would_be_kept_alive_still_reads(denta: Denta) -> None:
    """The server's own refusal comes from a trigger: whether a full disk refuses this row depends on where it lies."""
    token, later = sign_in(denta), NOW + timedelta(hours=1)
    with denta.database.connection() as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    assert denta.sessions.find(token, now=later) is not None
    with denta.database.connection() as connection:
        connection.execute("DROP TRIGGER full_disk ON sessions")
    session = denta.sessions.find(token, now=later)
    assert session is not None
    assert session.last_seen_at == later
