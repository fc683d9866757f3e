"""Middleware around every request: correlation id, size limit, security headers, the time, metrics, one log line.

Plain ASGI, for speed. The log line and the metrics contain the route's template, never the path or the query, which may hold
names of patients.
"""

import re
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.http.problems import InternalError, answer
from services.process.metrics import Metrics

MAX_BODY = 2_000_000
"""Bytes. The largest legitimate request, a month's hours of a large staff, has some hundred kilobytes."""
BODY_LIMIT = "denta.most_body"
"""Key in the scope: the limit of a route with uploads, instead of MAX_BODY."""
CLIENT_CLOSED_REQUEST = 499
"""Status, in log and metrics only, of a request whose client disconnected before the answer."""

SQLSTATE = "denta.sqlstate"
"""Key in the scope: the database's error code, if the request was refused because of it."""

_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE = (b"cache-control", b"no-store")
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")

log = structlog.get_logger("denta.api")


def header(scope: Scope, name: bytes) -> str | None:
    """One request header, the first of its name."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None


class RequestMiddleware:
    """Middleware around the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-correlation-id")
        correlation_id = given if given is not None and _CORRELATION.fullmatch(given) else uuid4().hex
        scope["denta.correlation_id"] = correlation_id
        if scope["type"] == "http":
            await self._http(scope, receive, send, correlation_id)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            log.exception("socket", correlation_id=correlation_id, exc_info=error)

    async def _http(self, scope: Scope, receive: Receive, send: Send, correlation_id: str) -> None:
        started = perf_counter()
        status = 0
        added = [*_SAFE, (b"x-correlation-id", correlation_id.encode())]
        if scope.get("scheme") == "https":
            added.append(_TRANSPORT)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers: list[tuple[bytes, bytes]] = message.setdefault("headers", [])
                present = {name for name, _ in headers}
                headers.extend(pair for pair in (_API_POLICY, _NO_STORE) if pair[0] not in present)
                headers.extend(added)
                headers.append((b"x-time", self._clock().isoformat(timespec="milliseconds").encode()))
            await send(message)

        failure: dict[str, Any] = {}
        try:
            await self._app(scope, _limited(scope, receive), send_with_headers)
        except ClientDisconnect:
            status = status or CLIENT_CLOSED_REQUEST
        except Exception as error:
            failure = {"exc_info": error}
            if not status:
                await answer(InternalError(correlation_id=correlation_id))(scope, receive, send_with_headers)
        seconds = perf_counter() - started
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.request(scope["method"], route, status, seconds)
        if (sqlstate := scope.get(SQLSTATE)) is not None:
            failure = {"sqlstate": sqlstate, **failure}
        write = log.error if "exc_info" in failure else log.warning if status >= 500 else log.info
        write(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            correlation_id=correlation_id,
            **failure,
        )


def _limited(scope: Scope, receive: Receive) -> Receive:
    """`receive` that refuses a body over the limit, announced or not, without reading further."""
    announced = header(scope, b"content-length")
    announced_size = int(announced[:20]) if announced is not None and announced.isdigit() else 0
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        most = scope.get(BODY_LIMIT, MAX_BODY)
        if announced_size > most:
            raise HTTPException(413, str(most))
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > most:
                raise HTTPException(413, str(most))
        return message

    return receive_limited
