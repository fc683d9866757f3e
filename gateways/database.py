"""Connections to PostgreSQL that come back by themselves.

A connection is made when it is needed and kept for the next user; there is nothing in the background. Before a kept one
is given out, one look at its socket (no round trip) tells whether the server has closed it. So after an outage the first
request that the server can answer is answered, and while it is away requests fail at once, not after a queue.

A line that died without a word is noticed too. The kernels of both sides give up what isn't acknowledged within seconds; and
whoever has waited for an answer for some seconds asks over another connection whether the server works on it at all.
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
"""After so long without an answer it is asked whether the server works on it."""
AGAIN_SECONDS = 1.0
"""After so long it is asked once more, where it was idle: what it answered may just have been on its way."""
LIVELINESS: Mapping[str, int] = {
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}
"""What our kernel does about a dead server; an address that says otherwise goes first."""
SETTINGS = (
    "SET TimeZone TO 'UTC'; SET lock_timeout TO '5s'; SET idle_in_transaction_session_timeout TO '60s';"
    "SET tcp_keepalives_idle TO 2; SET tcp_keepalives_interval TO 1; SET tcp_keepalives_count TO 3;"
    "SET tcp_user_timeout TO '5s'; SET client_connection_check_interval TO '2s';"
    "SET jit TO off; SET enable_memoize TO off"
)
"""Of every connection: no writer waits for the lock for ever, and none that hangs keeps it for ever; the server's kernel notices
a dead client within seconds, and so does a statement that runs.

Memoize caches what hardly comes twice here: each visit has its own patient. It made the calendar's week a third slower.
"""


class Line(Connection[TupleRow]):
    """A connection that doesn't wait for an answer which nobody works on."""

    silent_seconds: float
    doing: "Callable[[int], Doing] | None" = None
    """What the server does for a connection, by its process; OperationalError where it can't be reached."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None or self.doing is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silent_seconds)
        except _WaitTimeout:
            return self._wait_on(_resumed(gen), interval, self.doing)

    def _wait_on(self, gen: PQGen[RV], interval: float, doing: "Callable[[int], Doing]") -> RV:
        idle_since: datetime | None = None
        while True:
            seconds = self.silent_seconds
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                try:
                    found = doing(self.pgconn.backend_pid)
                    dead = not found.works and (found.since is None or found.since == idle_since)
                except OperationalError:
                    self.pgconn.finish()
                    raise
                if dead:
                    self.pgconn.finish()
                    raise OperationalError("the server has answered, or was never asked: the line is dead")
                if not found.works:
                    idle_since, seconds = found.since, min(AGAIN_SECONDS, seconds)
            with suppress(_WaitTimeout):
                return super().wait(gen, interval, seconds)


class Doing(NamedTuple):
    """What the server does for a connection: whether it works, and since when that is so; None: it knows no such connection."""

    works: bool
    since: datetime | None


class Probe(Connection[TupleRow]):
    """A connection for one question, which is answered quickly or not at all."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, CONNECT_SECONDS if timeout is None else timeout)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError("no answer") from error


def _resumed(gen: PQGen[RV]) -> PQGen[RV]:
    """What a wait has left off, for further waits."""
    ready: int = Ready.NONE
    try:
        while True:
            ready = (yield gen.send(Ready(ready))) or Ready.NONE
    except StopIteration as end:
        found: RV = end.value
        return found


class Database:
    """One database's connections, for use by several threads. All are in autocommit."""

    def __init__(self, url: str, *, most: int = 20, silent_seconds: float = SILENT_SECONDS) -> None:
        self.url = url
        self.conninfo = make_conninfo(
            url, **{name: value for name, value in LIVELINESS.items() if name not in conninfo_to_dict(url)}
        )
        """The address with what makes a dead line be noticed, for connections of another kind."""
        self._silent_seconds = silent_seconds
        self._free: list[Connection[TupleRow]] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(most)
        self._thread = threading.local()
        self._closed = False

    def connect(self) -> Connection[TupleRow]:
        """A connection of one's own, such as for LISTEN; the caller closes it. DatabaseUnavailable."""
        try:
            connection = Line.connect(self.conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS)
            connection.silent_seconds, connection.doing = self._silent_seconds, self._doing
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
        """Bind a connection to this thread that isn't one of the shared ones: for what takes long. `cut_off` ends its work."""
        connection = self.connect()
        self._thread.apart = connection
        try:
            with _telling():
                yield connection
        finally:
            self._thread.apart = None
            connection.close()

    @staticmethod
    def cut_off(connection: Connection[TupleRow]) -> None:
        """End what a connection of another thread does, and that thread's further use of it."""
        connection.cancel_safe(timeout=CONNECT_SECONDS)
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    @property
    def is_held(self) -> bool:
        """Whether this thread is inside `held()`."""
        return getattr(self._thread, "held", None) is not None

    def close(self) -> None:
        """Close all that are free now, and the others when they come back."""
        with self._lock:
            self._closed = True
        self._forget_free()

    def _doing(self, process: int) -> Doing:
        query = (
            "SELECT state = 'active' AND wait_event IS DISTINCT FROM 'ClientWrite', state_change"
            " FROM pg_stat_activity WHERE pid = %s AND datname = current_database()"
        )
        try:
            with Probe.connect(self.conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS) as probe:
                row = probe.execute(query, (process,)).fetchone()
        except OperationalError as error:
            if verdict_of(error) == "busy":  # such as without a free connection: it is there, and may well be working
                return Doing(works=True, since=None)
            self._forget_free()  # the others lead to where nobody answers
            raise
        return Doing(*row) if row else Doing(works=False, since=None)

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
