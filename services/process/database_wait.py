"""Waiting for the database: parts that run for years, and are started in any order, don't end because it isn't there yet."""

import time
from collections.abc import Callable
from typing import TypeVar

from commands.ports.database import DatabaseUnavailable

T = TypeVar("T")
PAUSES = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts; the last one repeats."""
TELL_EVERY = 60.0


def wait_for_database(act: Callable[[], T], tell: Callable[[str], None], pauses: tuple[float, ...] = PAUSES) -> T:
    """What `act` gives when the database is there and takes us in. What it says meanwhile is told now and then."""
    attempts, told_at = 0, 0.0
    while True:
        try:
            result = act()
        except DatabaseUnavailable as error:
            if not attempts or time.monotonic() - told_at >= TELL_EVERY:
                tell(f"База данных пока недоступна, жду её{_reason(error)}")
                told_at = time.monotonic()
            time.sleep(pauses[min(attempts, len(pauses) - 1)])
            attempts += 1
        else:
            if attempts:
                tell("База данных доступна")
            return result


def _reason(error: DatabaseUnavailable) -> str:
    """In the database's own words, of which the last line says why."""
    words = str(error.__cause__ or "").strip().splitlines()
    return f": {words[-1].strip()}" if words else ""
