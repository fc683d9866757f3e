"""Heavy work: requests that take much memory or time, such as decoding an uploaded picture.

Of each kind a few run in a process at the same time, a few more wait in a queue, and the rest are refused immediately (503 with
`Retry-After`). A waiting request uses neither a thread nor a connection, and leaves the queue when its client disconnects.
A running one has a thread and a connection of its own, separate from those of ordinary requests, and is cut off when its client
disconnects. A route declares its kind: `heavy=PICTURES`.
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
    """One kind of heavy work: how many run at the same time and how many wait in the queue.

    max_wait: seconds in the queue at most. retry_after: seconds for `Retry-After` of a refusal. per_user: how many requests of
    one user may run and wait.
    """

    name: str
    at_once: int
    waiting: int
    max_wait: float = 20.0
    retry_after: int = 5
    per_user: int | None = None


PICTURES = HeavyWork("pictures", at_once=2, waiting=6)
"""Uploaded pictures, each decoded by a process of its own of at most 1 GB."""
WORKBOOKS = HeavyWork("workbooks", at_once=2, waiting=6, retry_after=10, per_user=3)
"""Workbooks for downloading, each written by a process of its own (`services/excel/workbooks.py`)."""
FILES = HeavyWork("files", at_once=4, waiting=24, per_user=12)
"""Files of visits being checked against their hash, before they are sent."""
PAPERS = HeavyWork("papers", at_once=2, waiting=12, per_user=4)
"""PDF files, made by processes that stay ready (`gateways/paper_press.py`)."""
UPLOADS = HeavyWork("uploads", at_once=12, waiting=0, per_user=8)
"""Uploads being received into files, at the network's speed."""
STORING = HeavyWork("storing", at_once=2, waiting=10)
"""Uploaded files being stored in the database, or read into the lines of a form."""
SEARCHES = HeavyWork("searches", at_once=3, waiting=40, max_wait=15, retry_after=3)
"""Queries over many rows: long lists, histories, replays, long periods."""
JOURNALS = HeavyWork("journals", at_once=2, waiting=20, max_wait=15, retry_after=3)
"""Queries over the whole journal. They may take long, so the reception's lists have a queue of their own."""
REPORTS = HeavyWork("reports", at_once=2, waiting=20, max_wait=15, retry_after=3, per_user=6)
"""Figures over long periods."""
STATEMENT_SECONDS = 30
"""Statement timeout of heavy queries."""


def of_days(most: int) -> Callable[[Mapping[str, str]], bool]:
    """A test whether a query's period (`from`, `to`) has at most so many days."""

    def is_short(query: Mapping[str, str]) -> bool:
        try:
            return (date.fromisoformat(query.get("to", "")) - date.fromisoformat(query.get("from", ""))).days < most
        except ValueError:  # the query is refused anyway
            return True

    return is_short


def of_first(most: int) -> Callable[[Mapping[str, str]], bool]:
    """A test whether a list's page (`page`, `size`) lies within its first rows: the database reads all rows before a page."""

    def is_near(query: Mapping[str, str]) -> bool:
        try:
            return int(query.get("page", "1")) * int(query.get("size", "50")) <= most
        except ValueError:  # the query is refused anyway
            return True

    return is_near


class RunningWork:
    """One running request of heavy work: what to stop when its client disconnects."""

    def __init__(self) -> None:
        self.is_cancelled = self.was_cut_off = False
        self._lock = Lock()
        self._ends: list[Callable[[], object]] = []

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Inside, `end` is called if the client disconnects, by another thread."""
        with self._lock:
            if self.is_cancelled:
                raise ClientDisconnect
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def cancel(self) -> None:
        with self._lock:
            self.is_cancelled = True
            self.was_cut_off = bool(self._ends)
            for end in reversed(self._ends):
                with suppress(Exception):  # it has just ended by itself
                    end()


@dataclass
class _Queue:
    threads: CapacityLimiter
    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    users: Counter[str] = field(default_factory=Counter)


class WorkQueues:
    """The queues of heavy work in this process; used on the event loop only."""

    def __init__(self) -> None:
        self._queues: dict[HeavyWork, _Queue] = {}

    async def run(self, work: HeavyWork, gone: Callable[[], Awaitable[None]], user: str, act: Callable[[RunningWork], T]) -> T:
        """Run `act` in a thread of its own as soon as a slot is free; its result. Raises Overloaded, ClientDisconnect."""
        async with self.slot(work, gone, user):
            running = RunningWork()
            watch = asyncio.create_task(_cancel_when(gone, running))
            try:
                return await to_thread.run_sync(act, running, limiter=self._queues[work].threads)
            except Exception as error:
                if running.was_cut_off:  # the error is a result of being cut off
                    raise ClientDisconnect from error
                raise
            finally:
                watch.cancel()

    @asynccontextmanager
    async def slot(self, work: HeavyWork, gone: Callable[[], Awaitable[None]], user: str = "") -> AsyncIterator[None]:
        """Wraps the use of a slot. `gone` returns when the client has disconnected. Raises Overloaded, ClientDisconnect."""
        queue = self._queues.setdefault(work, _Queue(CapacityLimiter(work.at_once)))
        if work.per_user is not None and queue.users[user] >= work.per_user:
            raise Overloaded(retry_after=work.retry_after)
        queue.users[user] += 1
        try:
            async with _slot(queue, work, gone):
                yield
        finally:
            queue.users[user] -= 1
            if not queue.users[user]:
                del queue.users[user]


async def _cancel_when(gone: Callable[[], Awaitable[None]], work: RunningWork) -> None:
    await gone()
    await asyncio.get_running_loop().run_in_executor(None, work.cancel)


@asynccontextmanager
async def _slot(queue: _Queue, work: HeavyWork, gone: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    if queue.running < work.at_once:
        queue.running += 1
    elif len(queue.waiting) >= work.waiting:
        raise Overloaded(retry_after=work.retry_after)
    else:
        await _wait(queue, work, gone)
    try:
        yield
    finally:
        _end(queue)


async def _wait(queue: _Queue, work: HeavyWork, gone: Callable[[], Awaitable[None]]) -> None:
    """Wait until a request that ends hands its slot over."""
    slot = asyncio.get_running_loop().create_future()
    left = asyncio.ensure_future(gone())
    queue.waiting.append(slot)
    try:
        await asyncio.wait({slot, left}, timeout=work.max_wait, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        _leave(queue, slot)
        raise
    finally:
        left.cancel()
    if not slot.done():
        _leave(queue, slot)
        raise ClientDisconnect if left.done() else Overloaded(retry_after=work.retry_after)


def _leave(queue: _Queue, slot: asyncio.Future[None]) -> None:
    """Leave the queue; a slot that was just handed over goes to the next one."""
    if slot.done():
        _end(queue)
    else:
        queue.waiting.remove(slot)


def _end(queue: _Queue) -> None:
    if queue.waiting:
        queue.waiting.popleft().set_result(None)
    else:
        queue.running -= 1
