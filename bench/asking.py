"""How long answers take, one asked after another."""

import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from psycopg import Connection

from bench.sizes import size

Row = tuple[str, float, str]
TIMES = size(40, 2)


def answered(name: str, ask: Callable[[], object], times: int = TIMES) -> Row:
    """Milliseconds within which 95 of 100 answers came."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return name, round(quantiles(taken, n=20)[-1] * 1000, 1), "ms"


def counted(connection: Connection[Any], query: str, *values: object) -> int:
    """The number that a query answers."""
    found = connection.execute(query.encode(), values).fetchone()
    return int(found[0]) if found else 0
