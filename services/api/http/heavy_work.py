"""Heavy work: requests that take much memory or time, such as drawing an uploaded picture.

Of each kind a few run at once in a process, a few more wait for their turn, and the rest are refused at once (503 with
`Retry-After`). Who waits does so on the event loop, with neither a thread nor a connection, and gives the place up when the
client leaves. Who works has a thread and a connection of its own, besides those of all requests, and is cut off when the
client leaves. A route says which kind it is: `heavy=PICTURES`.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect

from services.api.http.problems import Overloaded

T = TypeVar("T")


@dataclass(frozen=True)
class HeavyWork:
    """One kind. `patience`: seconds to wait for a turn at most; `retry_after`: seconds that the refused are asked to wait.

    `of_one`: how many of one user may run and wait, so that nobody takes all turns.
    """

    name: str
    at_once: int
    waiting: int
    patience: float = 20.0
    retry_after: int = 5
    of_one: int | None = None


PICTURES = HeavyWork("pictures", at_once=2, waiting=6)
"""Uploaded pictures, each decoded by a process of its own of at most 1 GB."""
WORKBOOKS = HeavyWork("workbooks", at_once=2, waiting=6, retry_after=10, of_one=3)
"""Workbooks for downloading, each written by a process of its own (`services/excel/workbooks.py`)."""
UPLOADS = HeavyWork("uploads", at_once=12, waiting=0, of_one=8)
"""Uploads on their way into files; as long as the network takes."""
STORING = HeavyWork("storing", at_once=2, waiting=10)
"""Uploaded files on their way into the database."""
SEARCHES = HeavyWork("searches", at_once=3, waiting=40, patience=15, retry_after=3)
"""Questions to much of what there is: long lists, histories, replays, long periods."""
JOURNALS = HeavyWork("journals", at_once=2, waiting=20, patience=15, retry_after=3)
"""Questions to the whole journal. They may take long, and the reception's lists don't stand in their line."""
MOST_SECONDS = 30
"""That a question of heavy work may keep the database at one statement."""


def of_days(most: int) -> Callable[[Mapping[str, str]], bool]:
    """Whether the period of a query (`from`, `to`) has at most so many days."""

    def is_short(query: Mapping[str, str]) -> bool:
        try:
            return (date.fromisoformat(query.get("to", "")) - date.fromisoformat(query.get("from", ""))).days < most
        except ValueError:  # to be refused anyhow
            return True

    return is_short


def of_first(most: int) -> Callable[[Mapping[str, str]], bool]:
    """Whether the page of a list (`page`, `size`) lies within its first rows: all rows before a page are gone through."""

    def is_near(query: Mapping[str, str]) -> bool:
        try:
            return int(query.get("page", "1")) * int(query.get("size", "50")) <= most
        except ValueError:  # to be refused anyhow
            return True

    return is_near


class Work:
    """What one piece of heavy work has begun elsewhere, to be ended when its client leaves."""

    def __init__(self) -> None:
        self.abandoned = self.was_cut_off = False
        self._lock = Lock()
        self._ends: list[Callable[[], object]] = []

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Inside, `end` is called when the client leaves, by another thread."""
        with self._lock:
            if self.abandoned:
                raise ClientDisconnect
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def abandon(self) -> None:
        with self._lock:
            self.abandoned = True
            self.was_cut_off = bool(self._ends)
            for end in reversed(self._ends):
                with suppress(Exception):  # it came to its end just now
                    end()


@dataclass
class _Line:
    threads: CapacityLimiter
    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    users: Counter[str] = field(default_factory=Counter)


class Turns:
    """Who works and who waits in this process; used on the event loop alone."""

    def __init__(self) -> None:
        self._lines: dict[HeavyWork, _Line] = {}

    async def do(self, work: HeavyWork, gone: Callable[[], Awaitable[None]], user: str, act: Callable[[Work], T]) -> T:
        """What `act` gives, in a thread of its own when it is this request's turn. Overloaded, ClientDisconnect."""
        async with self.of(work, gone, user):
            begun = Work()
            watch = asyncio.create_task(_abandon_when(gone, begun))
            try:
                return await to_thread.run_sync(act, begun, limiter=self._lines[work].threads)
            except Exception as error:
                if begun.was_cut_off:  # whatever it stumbled over when it was cut off
                    raise ClientDisconnect from error
                raise
            finally:
                watch.cancel()

    @asynccontextmanager
    async def of(self, work: HeavyWork, gone: Callable[[], Awaitable[None]], user: str = "") -> AsyncIterator[None]:
        """Inside, it is this request's turn. `gone` returns when its client has left. Overloaded, ClientDisconnect."""
        line = self._lines.setdefault(work, _Line(CapacityLimiter(work.at_once)))
        if work.of_one is not None and line.users[user] >= work.of_one:
            raise Overloaded(retry_after=work.retry_after)
        line.users[user] += 1
        try:
            async with _turn(line, work, gone):
                yield
        finally:
            line.users[user] -= 1
            if not line.users[user]:
                del line.users[user]


async def _abandon_when(gone: Callable[[], Awaitable[None]], work: Work) -> None:
    await gone()
    await asyncio.get_running_loop().run_in_executor(None, work.abandon)


@asynccontextmanager
async def _turn(line: _Line, work: HeavyWork, gone: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    if line.running < work.at_once:
        line.running += 1
    elif len(line.waiting) >= work.waiting:
        raise Overloaded(retry_after=work.retry_after)
    else:
        await _wait(line, work, gone)
    try:
        yield
    finally:
        _end(line)


async def _wait(line: _Line, work: HeavyWork, gone: Callable[[], Awaitable[None]]) -> None:
    """Until somebody who ends hands the turn over."""
    turn = asyncio.get_running_loop().create_future()
    left = asyncio.ensure_future(gone())
    line.waiting.append(turn)
    try:
        await asyncio.wait({turn, left}, timeout=work.patience, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        _leave(line, turn)
        raise
    finally:
        left.cancel()
    if not turn.done():
        _leave(line, turn)
        raise ClientDisconnect if left.done() else Overloaded(retry_after=work.retry_after)


def _leave(line: _Line, turn: asyncio.Future[None]) -> None:
    """Stop waiting; a turn that came just now goes to the next."""
    if turn.done():
        _end(line)
    else:
        line.waiting.remove(turn)


def _end(line: _Line) -> None:
    if line.waiting:
        line.waiting.popleft().set_result(None)
    else:
        line.running -= 1
