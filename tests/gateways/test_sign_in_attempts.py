"""The counting of failed attempts, by the database's clock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from commands.ports.accounts import AttemptLimit, AttemptLimited
from gateways.sign_in_attempts import UNDER_WAY, WINDOW
from services.bootstrap import Denta

pytestmark = pytest.mark.spec("SEC-2", "ACL-8")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    denta = Denta.open(database_url)
    yield denta
    denta.close()


def begun(denta: Denta, access_id: UUID | None = None, **limits: int) -> UUID | AttemptLimited:
    return denta.sign_in_attempts.begin({key: AttemptLimit(most, access_id) for key, most in limits.items()})


def fail(denta: Denta, access_id: UUID | None = None, **limits: int) -> None:
    attempt = begun(denta, access_id, **limits)
    assert isinstance(attempt, UUID)
    denta.sign_in_attempts.failed(attempt)


def passes(denta: Denta, time: timedelta) -> None:
    with denta.database.connection() as connection:
        connection.execute("UPDATE sign_in_failures SET failed_at = failed_at - %s", (time,))


def test_failures_are_counted_by_key_and_within_the_window(denta: Denta) -> None:
    for _ in range(3):
        fail(denta, anna=3, address=4)
        passes(denta, MINUTE)
    assert isinstance(begun(denta, anna=3), AttemptLimited)
    fail(denta, address=4)
    assert isinstance(begun(denta, boris=3, address=4), AttemptLimited)
    denta.sign_in_attempts.forget("anna")
    attempt = begun(denta, anna=1)
    assert isinstance(attempt, UUID)
    denta.sign_in_attempts.drop(attempt)
    passes(denta, WINDOW - 3 * MINUTE)
    assert isinstance(begun(denta, anna=3, address=4), UUID), "the first of the four is too old"


def test_the_wait_is_until_enough_failures_are_too_old(denta: Denta) -> None:
    """Of four, three are allowed: when the first two have gone. Of several limits, the longest wait counts."""
    for minutes in (5, 1, 2, 0):
        fail(denta, anna=9)
        passes(denta, minutes * MINUTE)
    limited = begun(denta, anna=3, other=1)
    assert isinstance(limited, AttemptLimited)
    assert limited.seconds == pytest.approx(((15 - 3) * MINUTE).total_seconds(), abs=20)
    fail(denta, other=1)
    limited = begun(denta, anna=3, other=1)
    assert isinstance(limited, AttemptLimited)
    assert limited.seconds == pytest.approx((15 * MINUTE).total_seconds(), abs=20)
    passes(denta, 12 * MINUTE)
    assert isinstance(begun(denta, anna=3), UUID)


def test_failures_from_before_the_password_was_set_do_not_count_for_its_user_alone(denta: Denta) -> None:
    anna, boris = uuid4(), uuid4()
    for user in (anna, boris):
        for _ in range(2):
            fail(denta, user, **{str(user): 2, "address": 9})
    with denta.database.connection() as connection:
        connection.execute("INSERT INTO credentials (access_id, password_hash) VALUES (%s, '')", (anna,))
    assert isinstance(begun(denta, anna, **{str(anna): 2}), UUID)
    assert isinstance(begun(denta, boris, **{str(boris): 2}), AttemptLimited)
    assert isinstance(begun(denta, address=4), AttemptLimited), "an address is nobody's account"
    with denta.database.connection() as connection:
        connection.execute("UPDATE credentials SET changed_at = changed_at + interval '1 year'")
    assert isinstance(begun(denta, anna, **{str(anna): 2}), AttemptLimited), "a moment of a wrong clock counts for nothing"


def test_failures_of_a_clock_that_was_ahead_lock_nobody(denta: Denta) -> None:
    for _ in range(3):
        fail(denta, anna=3)
    passes(denta, timedelta(days=-365))
    assert isinstance(begun(denta, anna=3), UUID)
    with denta.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM sign_in_failures").fetchone() == (1,)


def test_attempts_under_way_count_until_they_end_or_are_lost(denta: Denta) -> None:
    first, second = begun(denta, anna=2), begun(denta, anna=2)
    assert begun(denta, anna=2) == AttemptLimited(None)
    assert isinstance(first, UUID)
    assert isinstance(second, UUID)
    denta.sign_in_attempts.drop(first)
    denta.sign_in_attempts.failed(second)
    third = begun(denta, anna=2)
    assert begun(denta, anna=2) == AttemptLimited(None)
    passes(denta, UNDER_WAY)
    assert isinstance(begun(denta, anna=2), UUID), "the third was lost with its process"
    assert isinstance(third, UUID)
    denta.sign_in_attempts.failed(third)
    assert isinstance(begun(denta, anna=2), AttemptLimited)


def test_many_attempts_at_once_do_not_outrun_the_limit(denta: Denta) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(isinstance(one, UUID) for one in pool.map(lambda _: begun(denta, anna=5), range(40))) == 5
