"""A clinic whose commands return once every read model shows what they did.

What others do in a test comes beside the browser, whose pages know nothing of it: a page that is opened next races with the
projections, and finds no visit where one was booked just before. Waiting for its own commands is for a page, and tested there.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from aggregates.kernel import DomainError
from gateways.event_store import PostgresClinic
from gateways.repository import Append, IdempotencyRecord
from services.bootstrap import Denta

PATIENCE = 30.0
"""Seconds; it takes hundredths of one beside an idle processor."""
BEHIND = "SELECT 1 FROM projections WHERE status = 'running' AND position < (SELECT max(position) FROM events) LIMIT 1"


class FollowedClinic(PostgresClinic):
    """`running` has to be over its database."""

    @classmethod
    def of(cls, denta: Denta) -> Denta:
        """This Denta with a followed clinic."""
        denta.clinic = cls(denta.database, denta.decoders)
        return denta

    def append(self, append: Append) -> int | IdempotencyRecord:
        done = super().append(append)
        self._wait()
        return done

    def append_each(self, appends: Sequence[Append]) -> list[int | IdempotencyRecord | DomainError]:
        done = super().append_each(appends)
        self._wait()
        return done

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        with super().write_lock():
            yield
        self._wait()

    def _wait(self) -> None:
        if self._database.is_pinned:
            return  # it isn't committed, and others wait for the lock
        end = time.monotonic() + PATIENCE
        while self._behind():
            assert time.monotonic() < end, f"read models were behind for {PATIENCE} s"
            time.sleep(0.005)

    def _behind(self) -> Any:
        with self._database.connection() as connection:
            return connection.execute(BEHIND).fetchone()
