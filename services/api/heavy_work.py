"""Heavy work: requests that take much memory or time, such as drawing an uploaded picture.

Of each kind a few run at once in a process, a few more wait for their turn, and the rest are refused at once (503 with
`Retry-After`). Who waits does so on the event loop, with neither a thread nor a connection, and gives the place up when the
client leaves. A route says which kind it is: `heavy=PICTURES`.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect

from services.api.problems import Overloaded


@dataclass(frozen=True)
class HeavyWork:
    """One kind. `patience`: seconds to wait for a turn at most; `retry_after`: seconds that the refused are asked to wait."""

    name: str
    at_once: int
    waiting: int
    patience: float = 20.0
    retry_after: int = 5


PICTURES = HeavyWork("pictures", at_once=2, waiting=6)
"""Uploaded pictures, each decoded by a process of its own of at most 1 GB."""


@dataclass
class _Line:
    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class Turns:
    """Who works and who waits in this process; used on the event loop alone."""

    def __init__(self) -> None:
        self._lines: defaultdict[HeavyWork, _Line] = defaultdict(_Line)

    @asynccontextmanager
    async def of(self, work: HeavyWork, gone: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Inside, it is this request's turn. `gone` returns when its client has left. Overloaded, ClientDisconnect."""
        line = self._lines[work]
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
