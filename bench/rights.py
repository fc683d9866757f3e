"""What a request's rights cost: the check of a route's right by itself, and with looking up whose session it is.

`run(database_url)` wants a database of its own and opens a clinic in it. The user has the set «Администратор», the largest.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from statistics import quantiles
from time import perf_counter
from uuid import UUID

from aggregates.access.rights import RIGHTS
from bench.sizes import size
from commands.clinic import opening as first_set_up
from commands.context import Context
from services.accounts.passwords import Passwords
from services.api.http.principal import Principals
from services.api.http.routes import NeedsRight
from services.api.registry import declared
from services.bootstrap import Denta, prepare_schema

Row = tuple[str, float, str]
TIMES, CHECKS = size(2_000, 20), size(10_000, 2_000)
EMAIL, PASSWORD = "bench@example.org", "bench of the clinic"


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    asked = [route.allowed for _, route in declared() if isinstance(route.allowed, NeedsRight)]
    with closing(Denta.open(database_url)) as denta:
        principals, token = Principals(denta), denta.sessions.open(_furnish(denta), address="127.0.0.1")
        rights = principals.of(token).rights
        assert rights == set(RIGHTS)

        def check_each() -> None:
            for right in asked:
                assert right.is_granted_by(rights)

        def admit() -> None:
            assert asked[0].is_granted_by(principals.of(token).rights)

        per_route = [seconds / len(asked) for seconds in _timed(check_each, CHECKS // len(asked))]
        admitted = _timed(admit, TIMES)
    return [
        ("a route's right checked, p95", _p95(per_route), "µs"),
        ("session looked up and right checked, p95", _p95(admitted) / 1000, "ms"),
    ]


def _timed(work: Callable[[], None], times: int) -> list[float]:
    work()
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return taken


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] * 1e6


def _furnish(denta: Denta) -> UUID:
    """A clinic with its administrator; the administrator's access."""
    first_set_up.open_clinic(
        denta.clinic,
        Context(now=datetime.now(UTC), command="bench"),
        name="Измерение",
        region="77",
        administrator={"family_name": "Орлова", "given_name": "Анна"},
        email=EMAIL,
        password_hash=Passwords().hash(PASSWORD),
    )
    (access,) = denta.clinic.accesses.all()
    return access.access_id
