"""Connections to PostgreSQL that come back by themselves.

A connection is made when it is needed and kept for the next user; there is nothing in the background. Before a kept one
is given out, one look at its socket (no round trip) tells whether the server has closed it. So after an outage the first
request that the server can answer is answered, and while it is away requests fail at once, not after a queue.
"""

import errno
import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from commands.ports import DatabaseBusy, DatabaseFull, DatabaseUnavailable
from readmodels.sqlstate import Verdict, verdict_of

CONNECT_SECONDS = 2
SETTINGS = (
    "SET TimeZone TO 'UTC'; SET lock_timeout TO '5s'; SET idle_in_transaction_session_timeout TO '60s';"
    "SET jit TO off; SET enable_memoize TO off"
)
"""Of every connection: no writer waits for the lock for ever, and none that hangs keeps it for ever.

Memoize caches what hardly comes twice here: each visit has its own patient. It made the calendar's week a third slower.
"""


class Database:
    """One database's connections, for use by several threads. All are in autocommit."""

    def __init__(self, url: str, *, most: int = 20) -> None:
        self.url = url
        self._free: list[Connection[TupleRow]] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(most)
        self._thread = threading.local()
        self._closed = False

    def connect(self) -> Connection[TupleRow]:
        """A connection of one's own, such as for LISTEN; the caller closes it. DatabaseUnavailable."""
        try:
            connection = psycopg.connect(self.url, autocommit=True, connect_timeout=CONNECT_SECONDS)
            connection.execute(SETTINGS)
        except psycopg.Error as error:
            raise unavailable(error) from error
        return connection

    @contextmanager
    def connection(self) -> Iterator[Connection[TupleRow]]:
        """A connection for a moment; in `held()` or `apart()`, that one. DatabaseUnavailable also where it breaks meanwhile."""
        held: Connection[TupleRow] | None = getattr(self._thread, "held", None) or getattr(self._thread, "apart", None)
        if held is not None:
            with _telling():
                yield held
            return
        if not self._places.acquire(timeout=10):
            raise DatabaseUnavailable
        try:
            connection = self._take() or self.connect()
            try:
                with _telling():
                    yield connection
            finally:
                self._give_back(connection)
        finally:
            self._places.release()

    @contextmanager
    def held(self) -> Iterator[Connection[TupleRow]]:
        """Bind one connection to this thread, so that everything inside goes over it."""
        with self.connection() as connection:
            self._thread.held = connection
            try:
                yield connection
            finally:
                self._thread.held = None

    @contextmanager
    def apart(self) -> Iterator[Connection[TupleRow]]:
        """Bind a connection to this thread that isn't one of the shared ones: for what takes long. `cut` ends its work."""
        connection = self.connect()
        self._thread.apart = connection
        try:
            with _telling():
                yield connection
        finally:
            self._thread.apart = None
            connection.close()

    @property
    def is_held(self) -> bool:
        """Whether this thread is inside `held()`."""
        return getattr(self._thread, "held", None) is not None

    def close(self) -> None:
        """Close all that are free now, and the others when they come back."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def _take(self) -> Connection[TupleRow] | None:
        while True:
            with self._lock:
                if not self._free:
                    return None
                connection = self._free.pop()
            if _is_alive(connection):
                return connection
            connection.close()

    def _give_back(self, connection: Connection[TupleRow]) -> None:
        idle = connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            if idle and not self._closed:
                self._free.append(connection)
                return
        connection.close()


def cut(connection: Connection[TupleRow]) -> None:
    """End what a connection of another thread does, and that thread's further use of it."""
    connection.cancel_safe(timeout=CONNECT_SECONDS)
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def _is_alive(connection: Connection[TupleRow]) -> bool:
    """A server that is silent is there; one that closed the connection has left something to read."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    return not poll.poll(0)


@contextmanager
def _telling() -> Iterator[None]:
    """Faults of the server's being, not of the statement, in the domain's words: `readmodels.sqlstate` decides which."""
    try:
        yield
    except psycopg.Error as error:
        if (fault := fault_of(error)) is None:
            raise
        raise fault from error


def fault_of(error: psycopg.Error) -> DatabaseUnavailable | None:
    """What a fault means to whoever asked; None where the database is there and refused what was asked."""
    return None if verdict_of(error) == "fault" else unavailable(error)


def unavailable(error: psycopg.Error) -> DatabaseUnavailable:
    """What the absence of the database means to whoever asked."""
    # A connection that is refused for lack of space comes without SQLSTATE.
    full = error.sqlstate is None and os.strerror(errno.ENOSPC) in str(error)
    return refusal("full" if full else verdict_of(error))


def refusal(verdict: Verdict) -> DatabaseUnavailable:
    """The domain's word for a verdict that isn't a fault of the statement."""
    match verdict:
        case "full":
            return DatabaseFull()
        case "again" | "busy":
            return DatabaseBusy()
        case _:
            return DatabaseUnavailable()
