"""Waits for the database: long-running programs, started in any order, don't fail because it isn't available yet."""

import time
from collections.abc import Callable
from typing import TypeVar

from commands.ports.database import DatabaseUnavailable

T = TypeVar("T")
PAUSES = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts; the last one repeats."""
REPORT_INTERVAL = 60.0


def wait_for_database(act: Callable[[], T], tell: Callable[[str], None], pauses: tuple[float, ...] = PAUSES) -> T:
    """The result of `act` as soon as the database is available. Reports the reason of waiting from time to time."""
    attempts, reported_at = 0, 0.0
    while True:
        try:
            result = act()
        except DatabaseUnavailable as error:
            if not attempts or time.monotonic() - reported_at >= REPORT_INTERVAL:
                tell(f"База данных пока недоступна, жду её{_reason(error)}")
                reported_at = time.monotonic()
            time.sleep(pauses[min(attempts, len(pauses) - 1)])
            attempts += 1
        else:
            if attempts:
                tell("База данных доступна")
            return result


def _reason(error: DatabaseUnavailable) -> str:
    """The last line of the database's own message."""
    words = str(error.__cause__ or "").strip().splitlines()
    return f": {words[-1].strip()}" if words else ""
