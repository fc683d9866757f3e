"""The application: routes, one handler of refusals, the website, the sockets.

`create_app(denta)` serves one clinic; there is no module state, so a process or a test may contain several.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from psycopg.errors import UndefinedColumn, UndefinedTable
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregates.kernel import DomainError
from readmodels.sqlstate import sqlstate_of
from services.accounts.passwords import Passwords
from services.api.audiences import audiences
from services.api.http import problems
from services.api.http.authentication import Authentication
from services.api.http.call import Call
from services.api.http.components import Components
from services.api.http.heavy_work import WorkQueues
from services.api.http.live import LiveChanges
from services.api.http.principal import Principals
from services.api.http.read_your_writes import ReadYourWrites
from services.api.http.request_middleware import SQLSTATE, RequestMiddleware
from services.api.http.route_handler import RouteHandler
from services.api.http.website import Website
from services.api.openapi import describe, route_handlers
from services.api.refusal_names import NAMED_BY, needs_names, with_names
from services.bootstrap import Denta
from services.process.metrics import Metrics

DIST = Path(__file__).resolve().parent.parent.parent / "web" / "dist"
THREADS, COMMAND_THREADS = 16, 12
"""Threads for queries and for commands; further requests wait. They are few, because they share one interpreter and a connection
pool, and separate, so that queries go on while all commands wait for the write lock.
"""


def create_app(
    denta: Denta, *, website: Path = DIST, metrics_token: str | None = None, passwords: Passwords | None = None
) -> FastAPI:
    """The API and website of one clinic."""
    metrics, principals, read_your_writes = Metrics(), Principals(denta), ReadYourWrites(denta)
    live = LiveChanges(denta, principals, metrics, audiences())
    denta.clinic.on_append = metrics.append

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        read_your_writes.start()
        async with live.running():
            yield
        await run_in_threadpool(read_your_writes.close)

    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.components = Components(
        denta=denta,
        principals=principals,
        authentication=Authentication(denta, passwords),
        read_your_writes=read_your_writes,
        live=live,
        work_queues=WorkQueues(),
        command_threads=CapacityLimiter(COMMAND_THREADS),
        metrics=metrics,
        metrics_token=metrics_token,
    )
    app.router.routes.extend(route_handlers())
    app.router.add_websocket_route("/api/live", live.serve)
    app.router.default = Website(website)
    app.openapi = describe  # type: ignore[method-assign]  # the framework's way to replace the description
    app.add_middleware(RequestMiddleware, metrics=metrics, clock=denta.clock)
    handlers = (
        (DomainError, _refuse),
        (HTTPException, _refuse_http),
        (UndefinedColumn, _refuse_outdated),
        (UndefinedTable, _refuse_outdated),
    )
    for error, handler in handlers:
        app.add_exception_handler(error, handler)  # type: ignore[arg-type]  # each is called only with its own kind of error
    return app


async def _refuse(request: Request, refusal: DomainError) -> Response:
    retry_after = refusal.facts.get("retry_after", 1 if refusal.status == 503 else None)
    headers = None if retry_after is None else {"Retry-After": str(retry_after)}
    if refusal.status == 503:
        request.scope[SQLSTATE] = sqlstate_of(refusal)
    if request.method == "GET" and request.headers.get("sec-fetch-dest") == "document":
        return problems.page(refusal, headers)
    if refusal.status not in {409, 412}:
        return problems.answer(refusal, headers=headers)
    try:
        if needs_names(refusal.facts):
            await request.app.state.components.read_your_writes.catch_up(NAMED_BY, 1.0)
        facts = await run_in_threadpool(with_names, Call(request.scope, request.receive), refusal.facts)
    except DomainError as further:
        return problems.answer(further)
    return problems.answer(refusal, facts, headers)


async def _refuse_outdated(request: Request, error: Exception) -> Response:
    """A missing table or column is expected while a read model is rebuilt; otherwise it is our fault."""
    read_your_writes: ReadYourWrites = request.app.state.components.read_your_writes
    if await run_in_threadpool(read_your_writes.is_outdated):
        return problems.answer(problems.ReadModelOutdated(), headers={"Retry-After": "1"})
    raise error


async def _refuse_http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        allowed = _allowed(request)
        return problems.answer(problems.MethodNotAllowed(allowed=allowed), headers={"Allow": ", ".join(allowed)})
    return problems.answer(problems.from_http(error))


def _allowed(request: Request) -> list[str]:
    """The methods of all routes with this path."""
    routes = [route for route in request.app.routes if isinstance(route, RouteHandler)]
    path = request.url.path
    return sorted(route.declared.method for route in routes if route.path_regex.match(path)) or ["GET", "HEAD"]
