"""Sessions, by the database's clock. What lies in the past is made so: its rows are moved back."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from psycopg.errors import DiskFull

from gateways.sessions import IDLE, LONGEST, SKEW, TOUCH
from services.bootstrap import Denta

ANNA, BORIS = uuid4(), uuid4()
MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    """With two users who may sign in."""
    denta = Denta.open(database_url)
    with denta.database.connection() as connection:
        for user in (ANNA, BORIS):
            connection.execute(
                "INSERT INTO guard_email (id, employee_id, address, key, rights_set_id) VALUES (%s, %s, %s, %s, %s)",
                (user, uuid4(), str(user), str(user), uuid4()),
            )
    yield denta
    denta.close()


def sign_in(denta: Denta, access_id: UUID = ANNA) -> str:
    return denta.sessions.open(access_id, address="192.0.2.1")


def stands(denta: Denta, token: str, *, seen: bool = True) -> bool:
    return token in denta.sessions.standing([token], touch=seen)


def passes(denta: Denta, time: timedelta) -> None:
    """So much time goes by; a negative one: the clock was set back."""
    with denta.database.connection() as connection:
        connection.execute(
            "UPDATE sessions SET created_at = created_at - %(t)s, last_seen_at = last_seen_at - %(t)s,"
            " expires_at = expires_at - %(t)s",
            {"t": time},
        )


@pytest.mark.spec("SEC-2")
def test_a_token_finds_its_session_until_it_is_ended(denta: Denta) -> None:
    token, other = sign_in(denta), sign_in(denta, BORIS)
    found = denta.sessions.standing([token, other, "another token"])
    assert {found_token: session.access_id for found_token, session in found.items()} == {token: ANNA, other: BORIS}
    denta.sessions.end(token)
    assert [stands(denta, one) for one in (token, other)] == [False, True]


@pytest.mark.spec("SEC-2")
def test_the_token_itself_is_stored_nowhere(denta: Denta) -> None:
    token = sign_in(denta)
    with denta.database.connection() as connection:
        row = connection.execute("SELECT token_hash, sessions::text FROM sessions").fetchone()
    assert row is not None
    assert token.encode() not in row[0]
    assert token not in row[1]


def test_a_session_ends_when_its_user_is_inactive(denta: Denta) -> None:
    token = sign_in(denta)
    passes(denta, IDLE - MINUTE)
    assert stands(denta, token, seen=False)
    passes(denta, MINUTE)
    assert not stands(denta, token)


def test_being_seen_keeps_a_session_but_not_for_ever(denta: Denta) -> None:
    token, age = sign_in(denta), timedelta()
    while age + IDLE < LONGEST:
        passes(denta, IDLE - MINUTE)
        age += IDLE - MINUTE
        assert stands(denta, token)
    passes(denta, LONGEST - age - MINUTE)
    assert stands(denta, token)
    passes(denta, MINUTE)
    assert not stands(denta, token)


@pytest.mark.spec("SEC-2")
def test_a_session_that_was_opened_under_a_clock_ahead_ends_when_the_clock_is_right(denta: Denta) -> None:
    token = sign_in(denta)
    passes(denta, -YEAR)
    assert not stands(denta, token)
    assert denta.sessions.listing(ANNA, token) == []
    sign_in(denta)
    with denta.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,), "the next sign-in sweeps it"


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("moment", ["created_at", "last_seen_at", "expires_at"])
def test_a_moment_that_cannot_be_ends_the_session(denta: Denta, moment: str) -> None:
    """Such as one that was kept alive while the clock was wrong."""
    token = sign_in(denta)
    with denta.database.connection() as connection:
        connection.execute(f"UPDATE sessions SET {moment} = {moment} + %s".encode(), (SKEW + MINUTE,))
    assert not stands(denta, token)


def test_a_clock_that_is_set_back_a_little_ends_nothing(denta: Denta) -> None:
    token = sign_in(denta)
    passes(denta, MINUTE - SKEW)
    assert stands(denta, token)
    passes(denta, TOUCH)
    assert stands(denta, token)


def test_all_sessions_of_a_user_but_one_are_ended(denta: Denta) -> None:
    current, lost, others = sign_in(denta), sign_in(denta), sign_in(denta, BORIS)
    denta.sessions.end_all(ANNA, but_token=current)
    assert [stands(denta, token) for token in (current, lost, others)] == [True, False, True]


def test_sessions_that_ended_are_swept_by_the_next_sign_in(denta: Denta) -> None:
    sign_in(denta)
    passes(denta, IDLE)
    sign_in(denta)
    with denta.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_on_a_full_disk_a_session_that_would_be_prolonged_still_reads(denta: Denta) -> None:
    """The server's own refusal comes from a trigger: whether a full disk refuses this row depends on where it lies."""
    token = sign_in(denta)
    passes(denta, TOUCH)
    with denta.database.connection() as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
        with pytest.raises(DiskFull):
            connection.execute("UPDATE sessions SET device = ''")
    assert stands(denta, token)
