"""Sessions and the counting of failed attempts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
    for number in range(3):
        attempts.record_failure(["anna@clinic.ru", "192.0.2.1"], now=NOW + number * minute, forget_before=NOW - minute)
    attempts.record_failure(["192.0.2.1"], now=NOW + 3 * minute, forget_before=NOW - minute)
    assert attempts.failures("anna@clinic.ru", since=NOW - minute) == 3
    assert attempts.failures("192.0.2.1", since=NOW) == 3
    attempts.forget("anna@clinic.ru")
    assert attempts.failures("anna@clinic.ru", since=NOW - minute) == 0
    assert attempts.failures("192.0.2.1", since=NOW - minute) == 4


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
