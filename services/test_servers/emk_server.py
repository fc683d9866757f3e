"""The test registry as a web application: SOAP, its pages, and how it is made to misbehave as the real one may.

`POST /behave` takes {"next": [trouble, …]} for the next requests, one each, or {"rates": {trouble: share}, "seed": number} for
any of them, and {"pause": seconds} of what is slow. `GET /taken` lists what was taken, for programs.
"""

import asyncio
import random
import threading
from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.test_servers.emk_faults import WRAPPER, Entry, Reply, detailed, framework_fault, wrong
from services.test_servers.emk_page import page
from services.test_servers.emk_registry import EmkRegistry

Trouble = Literal[
    "slow", "slow_answer", "unavailable", "server_error", "internal_fault", "refusal", "garbage", "warning", "lose_answer", "cut"
]
"""slow            a pause before anything is taken
slow_answer     taken, and a pause before the answer
unavailable     503, nothing is taken
server_error    500 without a fault, nothing is taken
internal_fault  InternalServiceFault, nothing is taken
refusal         nested errors, nothing is taken
garbage         taken, and a page of a proxy as the answer
warning         taken, and answered with a warning
lose_answer     taken, and the connection cut instead of an answer
cut             the connection is cut before anything is taken
"""
MOST_BODY = 64_000_000
REFUSAL = (Entry("MedRecords", "Поле содержит ошибки", WRAPPER, (wrong("MkbCode", "Ошибка по просьбе"),)),)
_GARBAGE = b"<html><body>Bad gateway</body></html>"


class CuttingProtocol(H11Protocol):
    """Lets the application cut its connection: `request.state.cut()`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "cut": transport.abort}


class Behaviour:
    """What goes wrong next. Thread-safe."""

    def __init__(self) -> None:
        self.next: list[Trouble] = []
        self.rates: dict[Trouble, float] = {}
        self.pause = 1.0
        self._random = random.Random(0)
        self._lock = threading.Lock()

    def change(self, asked: Mapping[str, Any]) -> None:
        """ValueError, which says what isn't understood."""
        known: tuple[Trouble, ...] = get_args(Trouble)
        troubles, rates = asked.get("next", self.next), asked.get("rates", self.rates)
        pause, seed = asked.get("pause", self.pause), asked.get("seed")
        if unknown := asked.keys() - {"next", "rates", "pause", "seed"}:
            raise ValueError(f"unknown: {sorted(unknown)}")
        if not isinstance(troubles, list) or not all(one in known for one in troubles):
            raise ValueError(f"next: a list of {known}")
        shares = rates.values() if isinstance(rates, dict) and rates.keys() <= {*known} else [None]
        if not all(isinstance(one, int | float) and 0 <= one <= 1 for one in shares) or sum(shares) > 1:
            raise ValueError(f"rates: shares of {known}, together at most 1")
        if not isinstance(pause, int | float) or not 0 <= pause <= 600:
            raise ValueError("pause: seconds")
        with self._lock:
            self.next, self.rates, self.pause = list(troubles), dict(rates), float(pause)
            if seed is not None:
                self._random.seed(str(seed))

    def draw(self) -> Trouble | None:
        with self._lock:
            if self.next:
                return self.next.pop(0)
            if not self.rates:
                return None
            point = self._random.random()
            for trouble, share in self.rates.items():
                point -= share
                if point < 0:
                    return trouble
            return None


class _Cut(Exception):
    """The connection is to be cut."""


def server(registry: EmkRegistry, behaviour: Behaviour | None = None) -> Starlette:
    """The web application of one registry; only under CuttingProtocol can it cut connections."""
    acting = behaviour or Behaviour()

    async def soap(request: Request) -> Response:
        trouble = acting.draw()
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if trouble == "slow":
            await asyncio.sleep(acting.pause)
        try:
            reply = await _reply(request, body, trouble)
        except _Cut:
            request.state.cut()
            await asyncio.sleep(0)
            return Response(status_code=502)
        if trouble == "slow_answer":
            await asyncio.sleep(acting.pause)
        if trouble == "garbage":
            return HTMLResponse(_GARBAGE)
        return Response(reply.body, reply.status, media_type="text/xml; charset=utf-8")

    async def _reply(request: Request, body: bytes, trouble: Trouble | None) -> Reply:
        match trouble:
            case "cut":
                raise _Cut
            case "unavailable":
                return Reply(503, b"")
            case "server_error":
                return Reply(500, b"")
            case "internal_fault":
                return framework_fault("InternalServiceFault", "The server was unable to process the request")
            case "refusal":
                return detailed("Fault", REFUSAL)
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "text/xml":
            return Reply(415, b"")
        action, service = request.headers.get("soapaction", ""), request.path_params["service"]
        if not (len(action) > 2 and action[0] == action[-1] == '"'):
            return framework_fault("ActionNotSupported", "SOAPAction: in quotes")
        reply = await run_in_threadpool(registry.answer, service, action[1:-1], body, warn=trouble == "warning")
        if trouble == "lose_answer":
            raise _Cut
        return reply

    async def behave(request: Request) -> Response:
        if request.method == "POST":
            try:
                asked = msgspec.json.decode(await _body(request) or b"", type=dict[str, Any])
                acting.change(asked)
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"next": acting.next, "rates": acting.rates, "pause": acting.pause})

    async def taken(_: Request) -> Response:
        content = {"cards": list(registry.taken.cards.values()), "cases": list(registry.taken.cases.values())}
        return Response(msgspec.json.encode(content), media_type="application/json")

    async def file(request: Request) -> Response:
        content = await run_in_threadpool(registry.taken.content, request.path_params["sha256"])
        if content is None:
            return Response(status_code=404)
        media = "application/pdf" if content.startswith(b"%PDF-") else "text/plain; charset=utf-8"
        return Response(content, media_type=media, headers={"X-Content-Type-Options": "nosniff"})

    async def index(_: Request) -> Response:
        return HTMLResponse(page(registry.taken))

    return Starlette(
        routes=[
            Route("/emk/{service:str}", soap, methods=["POST"]),
            Route("/behave", behave, methods=["GET", "POST"]),
            Route("/taken", taken),
            Route("/files/{sha256:str}", file),
            Route("/", index),
        ]
    )


async def _body(request: Request) -> bytes | None:
    """None if it is too long."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
