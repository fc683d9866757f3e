"""Live changes: every browser receives the names of changed rows of read models, as far as its user's rights go (CAL-10).

One connection per process listens to `denta_rows` and sends each notification to all sockets. Before each round one query checks
the sessions of all sockets, so that a withdrawn right or an ended session takes effect at once (ACL-7). Messages contain ids and
positions, never personal data. A client that reads too slowly is dropped; it reconnects and fetches its data again.

A new socket first receives how long ago each read model last changed: its page fetched its data before the socket was open, so it
may have missed changes in between. Ages rather than positions, because read models are folded at different speeds, and a later
position may have been committed earlier.

Each round also sends a heartbeat if the last one is HEARTBEAT_SECONDS ago. A page that receives nothing for longer knows that its
connection is dead, or that the server has stopped sending changes, even if nothing was closed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from aggregates.kernel import DomainError
from projections.audience import OwnRows
from projections.registry import PROJECTIONS
from services.api.http.origin import check_origin
from services.api.http.principal import RIGHTS_CHANGE_WITH, Principal, Principals, token_of
from services.process.metrics import Metrics

if TYPE_CHECKING:
    from services.bootstrap import Denta

CHANNEL = "denta_rows"
ME = "me"
"""Instead of a read model's name: the user's rights or options changed."""
_OWN: Mapping[str, OwnRows] = {
    p.name: p.audience.own for p in PROJECTIONS if p.audience is not None and p.audience.own is not None
}

QUEUE = 256
"""Messages that may wait for a slow client."""
SOCKETS_PER_USER = 80
"""Sockets of one user: their browsers' tabs. They hold connection slots of the whole office (`connections.py`).
Counting per session would be no limit, because a user may open any number of sessions.
"""
SEND_SECONDS = 5.0
"""A client that takes longer for one message is dropped."""
HEARTBEAT_SECONDS = 15.0
"""Seconds between heartbeats, and between checks of the sessions while nothing changes. The page (`web/src/lib/api/live.ts`)
considers a connection dead that is silent for more than twice as long.
"""
_ALIVE = '{"type":"alive"}'
RETRY = (0.2, 0.5, 1.0, 2.0)
"""Pauses before listening again after the database was lost; the last one repeats."""
SESSION_ENDED, DATABASE_LOST, TOO_SLOW, NOT_ALLOWED, TOO_MANY = 4401, 1012, 1013, 1008, 1013

log = structlog.get_logger("denta.live")


@dataclass(eq=False)
class _Socket:
    """One browser. `queue` holds encoded messages; None asks the sender to close with `code`."""

    token: str
    principal: Principal
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(QUEUE + 1))
    code: int = 1000

    def close(self, code: int) -> None:
        self.code = code
        while self.queue.qsize() >= QUEUE:
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class _Rows(msgspec.Struct):
    """A notification of the projections: rows of a read model are committed."""

    projection: str
    position: int
    keys: list[Any] | None = None


_DECODE = msgspec.json.Decoder(_Rows)


Audiences = Mapping[str, frozenset[str]]
"""Read model → rights of which one is enough to hear of its changes; of a model that isn't here nobody hears."""
OwnKeys = Mapping[str, frozenset[str]]
"""Read model → keys of the changed rows that belong to a user who sees only their own."""


def message_for(audiences: Audiences, rows: _Rows, rights: Iterable[str], own: OwnKeys | None = None) -> str | None:
    """The message about a change for a user with these rights; None: no message. `own`: restricted to these keys."""
    if audiences.get(rows.projection, frozenset()).isdisjoint(rights):
        return None
    if own is not None and rows.projection in own and rows.keys is not None:
        rows = _Rows(rows.projection, rows.position, [key for key in rows.keys if _first(key) in own[rows.projection]])
        if not rows.keys:
            return None
    message = {"type": "changed", "model": rows.projection, "position": rows.position, "keys": rows.keys}
    return msgspec.json.encode(message).decode()


def _first(key: Any) -> str:
    """The first part of a row's key: a visit's id, or the employee's id of a day or week."""
    return str(key[0] if isinstance(key, list) else key)


class LiveChanges:
    """All sockets of this process."""

    def __init__(self, denta: "Denta", principals: Principals, metrics: Metrics, audiences: Audiences) -> None:
        self._denta = denta
        self._audiences = audiences
        self._principals = principals
        self._metrics = metrics
        self._sockets: set[_Socket] = set()
        self._listening = False
        self._waiting: asyncio.Queue[_Rows | None] = asyncio.Queue()
        self._listening_since = 0.0
        self._changed_at: dict[str, float] = {}
        """Read model → when it was last heard to change; of one that isn't here nothing was heard since `_listening_since`."""
        self._next_heartbeat = 0.0
        self.heartbeat = HEARTBEAT_SECONDS
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen and fan out until the end; then every socket is closed."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._fan_out())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._loop = None
            self._close_all(DATABASE_LOST)

    async def serve(self, websocket: WebSocket) -> None:
        """One browser's socket: origin and session are checked before it is accepted."""
        try:
            check_origin(websocket.scope)
            token = token_of(websocket.scope)
            principal = await run_in_threadpool(self._principals.of, token)
        except DomainError:
            await websocket.close(NOT_ALLOWED)
            return
        if not self._listening:
            await websocket.close(DATABASE_LOST)
            return
        if sum(socket.principal.user_id == principal.user_id for socket in self._sockets) >= SOCKETS_PER_USER:
            await websocket.close(TOO_MANY)
            return
        await websocket.accept()
        socket = _Socket(token, principal)
        self._sockets.add(socket)
        self._metrics.sockets(len(self._sockets))
        self._waiting.put_nowait(None)  # its session may have ended since it was checked
        socket.queue.put_nowait(self._greeting(principal))
        tasks = {asyncio.create_task(_send(websocket, socket)), asyncio.create_task(_until_gone(websocket))}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._sockets.discard(socket)
            self._metrics.sockets(len(self._sockets))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        # the client may have disconnected already, or may not read the close message
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            await asyncio.wait_for(websocket.close(socket.code), 1)

    def _greeting(self, principal: Principal) -> str:
        """How long ago, in seconds, the read models changed that the user hears of, and what the user may."""
        now = monotonic()
        visible = {model for model, rights in self._audiences.items() if not rights.isdisjoint(principal.rights)}
        ages = {model: now - self._changed_at.get(model, self._listening_since) for model in sorted(visible)}
        ages[ME] = min(now - self._changed_at.get(model, self._listening_since) for model in RIGHTS_CHANGE_WITH)
        return msgspec.json.encode({"type": "greeting", "ages": ages}).decode()

    def close_sockets_of(self, *tokens: str) -> None:
        """Close the sockets of sessions that this process has ended; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end, tokens)

    def recheck_sessions(self) -> None:
        """Check all sessions now, because access has changed in this process; from any thread. To be called after the commit."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._waiting.put_nowait, None)

    def _end(self, tokens: tuple[str, ...]) -> None:
        for socket in [socket for socket in self._sockets if socket.token in tokens]:
            self._drop(socket, SESSION_ENDED)

    async def _listen(self) -> None:
        failures, url = 0, self._denta.database.conninfo
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=2)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listening, self._listening_since, failures = True, monotonic(), 0
                    self._changed_at.clear()
                    async for notification in connection.notifies():
                        with suppress(msgspec.DecodeError):
                            rows = _DECODE.decode(notification.payload)
                            self._changed_at[rows.projection] = monotonic()
                            self._waiting.put_nowait(rows)
            except Exception as error:
                log.warning("live changes lost the database", error=type(error).__name__)
            # changes in between were missed: clients reconnect and fetch again
            self._listening = False
            self._close_all(DATABASE_LOST)
            await asyncio.sleep(RETRY[min(failures, len(RETRY) - 1)])
            failures += 1

    async def _fan_out(self) -> None:
        while True:
            batch, heartbeat = await self._next_batch()
            if not self._sockets:
                continue
            sockets = list(self._sockets)
            try:
                known = await run_in_threadpool(self._principals.of_all, {socket.token for socket in sockets})
                own = await run_in_threadpool(self._own_keys, batch, known.values())
            except Exception as error:
                if not isinstance(error, DomainError):
                    log.exception("live changes can't look at sessions", exc_info=error)
                self._close_all(DATABASE_LOST)
                continue
            for socket in sockets:
                principal = known.get(socket.token)
                if principal is None:
                    self._drop(socket, SESSION_ENDED)
                else:
                    self._send_changes(socket, principal, batch, own.get(principal.employee_id), heartbeat=heartbeat)

    async def _next_batch(self) -> tuple[list[_Rows], bool]:
        """All waiting notifications, and whether a heartbeat is due; returns without any when the sessions have to be checked."""
        batch: list[_Rows | None] = []
        with suppress(TimeoutError):
            batch.append(await asyncio.wait_for(self._waiting.get(), max(0.0, self._next_heartbeat - monotonic())))
        while not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        heartbeat = monotonic() >= self._next_heartbeat
        if heartbeat:
            self._next_heartbeat = monotonic() + self.heartbeat
        return [rows for rows in batch if rows is not None], heartbeat

    def _own_keys(self, batch: list[_Rows], principals: Iterable[Principal]) -> dict[UUID, OwnKeys]:
        """For each user who sees only their own rows: which of the changed rows these are. A visit that moved to another doctor
        is included, because it has to disappear from the old one's calendar.
        """
        principals, own = list(principals), dict[UUID, dict[str, frozenset[str]]]()
        for model, rule in _OWN.items():
            whose = {principal.employee_id for principal in principals if getattr(principal, rule.option)}
            changed = {UUID(_first(key)) for rows in batch if rows.projection == model for key in rows.keys or ()}
            theirs: set[tuple[UUID, UUID]] = set()
            if whose and changed:
                with self._denta.database.connection() as conn:
                    theirs = rule.of(conn, changed, whose)
            for employee in whose:
                own.setdefault(employee, {})[model] = frozenset(str(id_) for owner, id_ in theirs if owner == employee)
        return {**own}

    def _send_changes(
        self, socket: _Socket, principal: Principal, batch: list[_Rows], own: OwnKeys | None = None, *, heartbeat: bool = False
    ) -> None:
        messages = [
            message for rows in batch if (message := message_for(self._audiences, rows, principal.rights, own)) is not None
        ]
        if heartbeat:
            messages.append(_ALIVE)
        if principal != socket.principal:  # rights, options or employee changed: the page decides what that means
            change = {"type": "changed", "model": ME, "position": batch[-1].position if batch else 0, "keys": None}
            messages.append(msgspec.json.encode(change).decode())
        socket.principal = principal
        if socket.queue.qsize() + len(messages) > QUEUE:
            self._metrics.dropped()
            self._drop(socket, TOO_SLOW)
            return
        for message in messages:
            socket.queue.put_nowait(message)

    def _drop(self, socket: _Socket, code: int) -> None:
        self._sockets.discard(socket)
        socket.close(code)

    def _close_all(self, code: int) -> None:
        for socket in list(self._sockets):
            self._drop(socket, code)


async def _send(websocket: WebSocket, socket: _Socket) -> None:
    """Send queued messages in order until asked to stop, or until the client stops reading."""
    with suppress(WebSocketDisconnect):
        try:
            while (message := await socket.queue.get()) is not None:
                await asyncio.wait_for(websocket.send_text(message), SEND_SECONDS)
        except TimeoutError:
            socket.code = TOO_SLOW


async def _until_gone(websocket: WebSocket) -> None:
    """Wait until the client disconnects or sends anything, which no client of ours does."""
    with suppress(WebSocketDisconnect, KeyError):
        await websocket.receive_bytes()
