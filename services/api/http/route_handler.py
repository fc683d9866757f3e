"""Runs a declared route: checks origin, session and right before anything else of the request, then calls the endpoint."""

from functools import partial
from inspect import iscoroutinefunction
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from anyio import to_thread
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from services.api.http.arguments import Arguments
from services.api.http.call import Call
from services.api.http.heavy_work import STATEMENT_SECONDS, UPLOADS, HeavyWork, RunningWork
from services.api.http.origin import check_origin
from services.api.http.principal import token_of
from services.api.http.problems import MEDIA, STATUS_DESCRIPTIONS, BodyMalformed, RightMissing
from services.api.http.request_middleware import BODY_LIMIT
from services.api.http.routes import NeedsRight, Public, RouteDeclaration

COMMANDS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_NO_KEY = "Этот запрос по ключу не повторяют. Отправьте его без ключа."
ANONYMOUS_BODY = 16_384
"""Bytes that a body may have before the session is checked."""


class RouteHandler(APIRoute):
    """One declared route, registered in FastAPI."""

    declared: RouteDeclaration

    def __init__(self, tag: str, declared: RouteDeclaration, prefix: str) -> None:
        self.declared = declared
        super().__init__(
            prefix + declared.path,
            declared.endpoint,
            methods=[declared.method],
            response_model=None if declared.media != "application/json" else declared.answer,
            status_code=declared.status,
            tags=[tag],
            name=f"{tag}.{declared.endpoint.__name__}",
            summary=(declared.endpoint.__doc__ or "").split("\n")[0],
            description="\n".join((declared.endpoint.__doc__ or "").split("\n")[1:]).strip() or None,
            operation_id=f"{tag}_{declared.endpoint.__name__}",
            responses=_responses(declared),
            openapi_extra=_extra(declared),
        )

        self._arguments = Arguments(declared.endpoint, declared.path)
        self.app = request_response(self._serve)

    async def _serve(self, request: Request) -> Response:
        """Check origin, session, right, `X-Position`, path, query and body in this order, then answer; all on one thread."""
        call, declared = Call(request.scope, request.receive), self.declared
        if declared.method in COMMANDS:
            check_origin(call.scope)
        if iscoroutinefunction(declared.endpoint):
            response: Response = await declared.endpoint(call)
            return response
        if declared.upload is not None:
            await run_in_threadpool(self._admit, call)
            call.scope[BODY_LIMIT] = declared.upload
            with TemporaryFile() as file:
                async with call.components.work_queues.slot(UPLOADS, call.gone, call.user):
                    await receive(call, file)
                return await self._in_turn(call, b"")
        body = await self._body(call) if self._arguments.has_body else b""
        if (
            declared.reads
            and call.has_position
            and not call.components.read_your_writes.is_reached(call.position, declared.reads)
        ):
            await run_in_threadpool(self._admit, call)
            await call.components.read_your_writes.until(call.position, declared.reads)
        if self._heavy(call) is not None:
            await run_in_threadpool(self._admit, call)
        return await self._in_turn(call, body)

    async def _body(self, call: Call) -> bytes:
        """The body. A large one is read only after the right is checked: anybody could fill the memory otherwise."""
        if self.declared.allowed is Public:
            call.scope[BODY_LIMIT] = ANONYMOUS_BODY
        elif not call.headers.get("content-length", "").isdigit() or int(call.headers["content-length"][:10]) > ANONYMOUS_BODY:
            await run_in_threadpool(self._admit, call)
        return await call.body()

    async def _in_turn(self, call: Call, body: bytes) -> Response:
        """The answer; heavy work waits for a free slot first."""
        heavy = self._heavy(call)
        if heavy is None:
            commands = self.declared.method in COMMANDS and self.declared.allowed is not Public
            return await to_thread.run_sync(
                self._answer, call, body, limiter=call.components.command_threads if commands else None
            )
        return await call.components.work_queues.run(heavy, call.gone, call.user, partial(self._answer_apart, call, body))

    def _heavy(self, call: Call) -> HeavyWork | None:
        light = self.declared.light
        return None if light is not None and light(call.query_params) else self.declared.heavy

    def _answer_apart(self, call: Call, body: bytes, work: RunningWork) -> Response:
        """The answer of heavy work. A query uses a connection of its own, which is cut off when the client disconnects.

        A command that has started runs to its end: its append may be shared with the commands of others.
        """
        call.scope["denta.work"] = work
        if self.declared.method in COMMANDS:
            return self._answer(call, body)
        with call.denta.database.dedicated() as connection, work.ending(partial(call.denta.database.cut_off, connection)):
            connection.execute(f"SET statement_timeout TO '{STATEMENT_SECONDS}s'")
            return self._answer(call, body)

    def _answer(self, call: Call, body: bytes) -> Response:
        self._admit(call)
        if self.declared.repeating == "refused" and "idempotency-key" in call.headers:
            raise BodyMalformed(fields=[{"field": "Idempotency-Key", "reason": _NO_KEY}])
        response: Response = self.declared.endpoint(call, **self._arguments.read(call, body))
        return response

    def _admit(self, call: Call) -> None:
        """Put the principal into the scope. Raises SignedOut, RightMissing."""
        allowed = self.declared.allowed
        if allowed is Public:
            return
        principal = call.components.principals.of(token_of(call.scope))
        if isinstance(allowed, NeedsRight) and not allowed.is_granted_by(principal.rights):
            raise RightMissing(any_of=sorted(allowed.any_of))
        call.scope["denta.principal"] = principal


async def receive(call: Call, file: BinaryIO) -> None:
    """Take the body as a file without a name; `RequestMiddleware` limits its size."""
    async for piece in call.stream():
        await run_in_threadpool(file.write, piece)
    file.seek(0)
    call.scope["denta.upload"] = file


def _responses(declared: RouteDeclaration) -> dict[int | str, dict[str, Any]]:
    refusals = {*declared.refusals, 422, 503}
    if declared.allowed is not Public:
        refusals |= {401}
    if isinstance(declared.allowed, NeedsRight) or declared.method in COMMANDS:
        refusals |= {403}
    if declared.method in COMMANDS:
        refusals |= {413}
    if declared.versioned:
        refusals |= {412}
    if declared.reads or (declared.method in COMMANDS and declared.repeating == "by_key"):
        refusals |= {409}  # X-Position beyond the log's end; a rule, or a key that another request has used
    found: dict[int | str, dict[str, Any]] = {
        status: {
            "description": STATUS_DESCRIPTIONS[status],
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(refusals)
    }
    for status, model in declared.also.items():
        found[status] = {"model": model, "description": "The same body with another status."}
    if declared.media != "application/json":
        kind = {"type": "string"} if declared.media.startswith("text/") else {"type": "string", "format": "binary"}
        found[200] = {"description": "OK", "content": {declared.media: {"schema": kind}}}
    return found


def _header(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _extra(declared: RouteDeclaration) -> dict[str, Any]:
    extra: dict[str, Any] = {"parameters": []}
    if declared.allowed is not Public:
        extra["security"] = [{"session": []}]
    extra["x-right"] = sorted(declared.allowed.any_of) if isinstance(declared.allowed, NeedsRight) else declared.allowed.__name__
    if declared.versioned:
        extra["parameters"].append(
            _header("If-Match", 'The version that the user saw: "3".', required=True, pattern='^"[0-9]{1,9}"$')
        )
    if declared.method in COMMANDS and declared.repeating == "by_key":
        extra["parameters"].append(_header("Idempotency-Key", "A repeated key returns the first answer again.", format="uuid"))
    if declared.warns:
        described = "Keys of the warnings of needs_confirmation that the user accepts, separated by commas."
        extra["parameters"].append(_header("Accepted-Warnings", described, maxLength=4000))
    if declared.upload is not None:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        extra["requestBody"] = {"required": True, "content": content}
    if declared.reads:
        extra["x-reads"] = sorted(declared.reads)
        extra["parameters"].append(
            _header("X-Position", "The answer includes all changes up to this position of the log.", pattern="^[0-9]{1,18}$")
        )
    return extra
