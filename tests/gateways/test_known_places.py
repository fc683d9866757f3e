"""Places that users signed in from before."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from gateways import known_places
from gateways.known_places import MOST_BROWSERS, REMEMBERED
from services.bootstrap import Denta

pytestmark = pytest.mark.spec("SEC-2", "ACL-8")
ANNA, BORIS = uuid4(), uuid4()


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    denta = Denta.open(database_url)
    yield denta
    denta.close()


def test_a_browser_is_known_of_all_who_signed_in_by_it_and_keeps_its_token(denta: Denta) -> None:
    """Several receptionists sign in by one browser."""
    places = denta.known_places
    token = places.note(ANNA, "192.0.2.1", "")
    assert (places.is_browser(token, ANNA), places.is_browser(token, BORIS), places.is_browser("", ANNA)) == (True, False, False)
    assert places.note(BORIS, "192.0.2.1", token) == places.note(ANNA, "192.0.2.1", token) == token
    assert places.is_browser(token, BORIS)
    foreign = "a-token-that-we-never-gave-to-anybody"
    assert places.note(ANNA, "192.0.2.1", foreign) not in {foreign, token}
    assert not places.is_browser(foreign, ANNA)


def test_an_address_is_known_of_all_and_forgotten_when_it_rests_for_long(denta: Denta) -> None:
    places = denta.known_places
    token = places.note(ANNA, "192.0.2.1", "")
    assert (places.is_address("192.0.2.1"), places.is_address("192.0.2.2")) == (True, False)
    with denta.database.connection() as connection:
        for table in ("known_browsers", "known_addresses"):
            connection.execute(f"UPDATE {table} SET seen_at = seen_at - %s".encode(), (REMEMBERED + timedelta(minutes=1),))
    assert (places.is_address("192.0.2.1"), places.is_browser(token, ANNA)) == (False, False)
    places.note(BORIS, "192.0.2.2", "")
    assert counts(denta) == (1, 1)


def test_the_tables_grow_to_a_limit_and_the_newest_stay(denta: Denta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_places, "MOST_ADDRESSES", 5)
    boris = denta.known_places.note(BORIS, "192.0.2.0", "")
    tokens = [denta.known_places.note(ANNA, f"192.0.2.{n}", "") for n in range(1, MOST_BROWSERS + 4)]
    assert counts(denta) == (MOST_BROWSERS + 1, 5)
    assert [denta.known_places.is_browser(token, ANNA) for token in tokens] == [False] * 3 + [True] * MOST_BROWSERS
    assert denta.known_places.is_browser(boris, BORIS)
    assert denta.known_places.is_address(f"192.0.2.{MOST_BROWSERS + 3}")


def counts(denta: Denta) -> tuple[int, int]:
    with denta.database.connection() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM known_browsers), (SELECT count(*) FROM known_addresses)"
        ).fetchone()
    assert row is not None
    return row[0], row[1]
