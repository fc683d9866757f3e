"""A pool of connections to PostgreSQL that recovers by itself.

A connection is made when it is needed and reused; there is no background thread. Before reuse, a poll of its socket (no round
trip) shows whether the server has closed it. So after an outage the first request succeeds, and during one requests fail at
once instead of queueing.

A connection that dies silently is noticed too: both kernels give up on data that isn't acknowledged within seconds, and a caller
that has waited for some seconds asks over another connection whether the server still works on its statement.
"""

import errno
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

import psycopg
from psycopg import Connection, OperationalError
from psycopg.abc import RV, PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import _WaitTimeout
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.waiting import Ready

from commands.ports.database import DatabaseBusy, DatabaseFull, DatabaseUnavailable
from readmodels.sqlstate import Verdict, verdict_of

CONNECT_SECONDS = 2
SILENT_SECONDS = 3.0
"""After so long without an answer, ask whether the server works on the statement."""
AGAIN_SECONDS = 1.0
"""If it was idle, ask again after so long: its answer may have been on the way."""
LIVELINESS: Mapping[str, int] = {
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}
"""How our kernel notices a dead server; parameters in the database URL take precedence."""
SETTINGS = (
    "SET TimeZone TO 'UTC'; SET lock_timeout TO '5s'; SET idle_in_transaction_session_timeout TO '60s';"
    "SET tcp_keepalives_idle TO 2; SET tcp_keepalives_interval TO 1; SET tcp_keepalives_count TO 3;"
    "SET tcp_user_timeout TO '5s'; SET client_connection_check_interval TO '2s';"
    "SET jit TO off; SET enable_memoize TO off"
)
"""For every connection: no writer waits for a lock for ever or holds it for ever while idle; the server notices a dead client
within seconds, also while a statement runs.

Memoize caches values that hardly repeat here, since each visit has its own patient. It made the calendar's week a third slower.
"""


class WatchedConnection(Connection[TupleRow]):
    """A connection that stops waiting for an answer when the server isn't working on it."""

    silent_seconds: float
    activity_of: "Callable[[int], Activity] | None" = None
    """Backend process id → what it does; OperationalError if the server can't be reached."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None or self.activity_of is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silent_seconds)
        except _WaitTimeout:
            return self._wait_on(_resumed(gen), interval, self.activity_of)

    def _wait_on(self, gen: PQGen[RV], interval: float, activity_of: "Callable[[int], Activity]") -> RV:
        idle_since: datetime | None = None
        while True:
            seconds = self.silent_seconds
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                try:
                    activity = activity_of(self.pgconn.backend_pid)
                    dead = not activity.works and (activity.since is None or activity.since == idle_since)
                except OperationalError:
                    self.pgconn.finish()
                    raise
                if dead:
                    self.pgconn.finish()
                    raise OperationalError("the server has answered, or was never asked: the line is dead")
                if not activity.works:
                    idle_since, seconds = activity.since, min(AGAIN_SECONDS, seconds)
            with suppress(_WaitTimeout):
                return super().wait(gen, interval, seconds)


class Activity(NamedTuple):
    """What a backend process does: whether it works, and since when; `since` is None if there is no such backend."""

    works: bool
    since: datetime | None


class Probe(Connection[TupleRow]):
    """A connection for one quick query."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, CONNECT_SECONDS if timeout is None else timeout)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError("no answer") from error


def _resumed(gen: PQGen[RV]) -> PQGen[RV]:
    """Continue a generator that a timed-out wait has left."""
    ready: int = Ready.NONE
    try:
        while True:
            ready = (yield gen.send(Ready(ready))) or Ready.NONE
    except StopIteration as end:
        result: RV = end.value
        return result


class Database:
    """One database's connections, for use by several threads. All are in autocommit."""

    def __init__(self, url: str, *, most: int = 20, silent_seconds: float = SILENT_SECONDS) -> None:
        self.url = url
        self.conninfo = make_conninfo(
            url, **{name: value for name, value in LIVELINESS.items() if name not in conninfo_to_dict(url)}
        )
        """The URL with LIVELINESS, for connections made elsewhere."""
        self._silent_seconds = silent_seconds
        self._free: list[Connection[TupleRow]] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(most)
        self._thread = threading.local()
        self._closed = False

    def connect(self) -> Connection[TupleRow]:
        """A connection outside the pool, such as for LISTEN; the caller closes it. DatabaseUnavailable."""
        try:
            connection = WatchedConnection.connect(self.conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS)
            connection.silent_seconds, connection.activity_of = self._silent_seconds, self._activity
            connection.execute(SETTINGS)
        except psycopg.Error as error:
            raise unavailable(error) from error
        return connection

    @contextmanager
    def connection(self) -> Iterator[Connection[TupleRow]]:
        """Borrow a connection; inside `pinned()` or `dedicated()`, that one. DatabaseUnavailable, also if it breaks inside."""
        pinned: Connection[TupleRow] | None = getattr(self._thread, "pinned", None) or getattr(self._thread, "dedicated", None)
        if pinned is not None:
            with _domain_faults():
                yield pinned
            return
        if not self._places.acquire(timeout=10):
            raise DatabaseUnavailable
        try:
            connection = self._take() or self.connect()
            try:
                with _domain_faults():
                    yield connection
            finally:
                self._give_back(connection)
        finally:
            self._places.release()

    @contextmanager
    def pinned(self) -> Iterator[Connection[TupleRow]]:
        """Bind one connection to this thread: everything inside uses it."""
        with self.connection() as connection:
            self._thread.pinned = connection
            try:
                yield connection
            finally:
                self._thread.pinned = None

    @contextmanager
    def dedicated(self) -> Iterator[Connection[TupleRow]]:
        """Bind a connection outside the pool to this thread, for long work. `cut_off` ends it."""
        connection = self.connect()
        self._thread.dedicated = connection
        try:
            with _domain_faults():
                yield connection
        finally:
            self._thread.dedicated = None
            connection.close()

    @staticmethod
    def cut_off(connection: Connection[TupleRow]) -> None:
        """Cancel what another thread does over this connection, and shut it down."""
        connection.cancel_safe(timeout=CONNECT_SECONDS)
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    @property
    def is_pinned(self) -> bool:
        """Whether this thread is inside `pinned()`."""
        return getattr(self._thread, "pinned", None) is not None

    def close(self) -> None:
        """Close all free connections now, and the others when they are given back."""
        with self._lock:
            self._closed = True
        self._forget_free()

    def _activity(self, process: int) -> Activity:
        query = (
            "SELECT state = 'active' AND wait_event IS DISTINCT FROM 'ClientWrite', state_change"
            " FROM pg_stat_activity WHERE pid = %s AND datname = current_database()"
        )
        try:
            with Probe.connect(self.conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS) as probe:
                row = probe.execute(query, (process,)).fetchone()
        except OperationalError as error:
            if verdict_of(error) == "busy":  # such as too many connections: the server is there and may well be working
                return Activity(works=True, since=None)
            self._forget_free()  # the other connections lead to the same dead server
            raise
        return Activity(*row) if row else Activity(works=False, since=None)

    def _forget_free(self) -> None:
        with self._lock:
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


def _is_alive(connection: Connection[TupleRow]) -> bool:
    """An open connection has nothing to read; a closed one has end-of-file or an error."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    return not poll.poll(0)


@contextmanager
def _domain_faults() -> Iterator[None]:
    """Turn errors of the server (not of the statement) into domain errors; `readmodels.sqlstate` tells them apart."""
    try:
        yield
    except psycopg.Error as error:
        if (fault := fault_of(error)) is None:
            raise
        raise fault from error


def fault_of(error: psycopg.Error) -> DatabaseUnavailable | None:
    """The domain error for a database error; None if the database works and refused the statement."""
    return None if verdict_of(error) == "fault" else unavailable(error)


def unavailable(error: psycopg.Error) -> DatabaseUnavailable:
    """The domain error for a database that can't be used."""
    # A connection refused for lack of disk space has no SQLSTATE.
    full = error.sqlstate is None and os.strerror(errno.ENOSPC) in str(error)
    return refusal("full" if full else verdict_of(error))


def refusal(verdict: Verdict) -> DatabaseUnavailable:
    """The domain error for a verdict other than `fault`."""
    match verdict:
        case "full":
            return DatabaseFull()
        case "again" | "busy":
            return DatabaseBusy()
        case _:
            return DatabaseUnavailable()
