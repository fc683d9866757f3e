"""The API's description: FastAPI's, with the schemas that all routes share."""

from functools import cache
from typing import Any

from fastapi.openapi.utils import get_openapi

from projections.registry import PROJECTIONS
from readmodels.words.registry import GLOSSARY
from services.api.http.live import ME
from services.api.http.route_handler import RouteHandler
from services.api.refusals import problem
from services.api.registry import declared

ROOT_PATHS = frozenset({"/health", "/ready", "/metrics"})
"""Served outside of `/api`, where monitoring expects them."""
LIVE_CHANGE = {
    "title": "LiveChange",
    "description": "A message of the socket `/api/live`: rows of a read model, or the user's rights (`me`), have changed.",
    "type": "object",
    "required": ["type", "model", "position", "keys"],
    "properties": {
        "type": {"type": "string", "const": "changed"},
        "model": {
            "type": "string",
            "enum": [*(projection.name for projection in PROJECTIONS if projection.audience is not None), ME],
        },
        "position": {"type": "integer"},
        "keys": {"type": ["array", "null"], "items": {}, "description": "Keys of the rows; null if there are too many."},
    },
}
LIVE_GREETING = {
    "title": "LiveGreeting",
    "description": "The first message of `/api/live`: how many seconds ago each read model last changed.",
    "type": "object",
    "required": ["type", "ages"],
    "properties": {
        "type": {"type": "string", "const": "greeting"},
        "ages": {"type": "object", "additionalProperties": {"type": "number"}},
    },
}
OBJECT_TYPE = {
    "title": "ObjectType",
    "description": "Types of objects in journal and history.",
    "type": "string",
    "enum": [*GLOSSARY.labels],
}


@cache
def route_handlers() -> tuple[RouteHandler, ...]:
    """All routes as FastAPI serves them. They know nothing of a clinic, so that all applications of a process share them."""
    return tuple(RouteHandler(tag, route, "" if route.path in ROOT_PATHS else "/api") for tag, route in declared())


@cache
def describe() -> dict[str, Any]:
    """OpenAPI 3.1 of all routes: one object for everybody who asks."""
    described = get_openapi(title="Denta", version="1", routes=route_handlers())
    messages = {"LiveChange": LIVE_CHANGE, "LiveGreeting": LIVE_GREETING}
    described["components"]["schemas"] |= {"Problem": problem(), **messages, "ObjectType": OBJECT_TYPE}
    for unused in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(unused, None)
    session = {"type": "apiKey", "in": "cookie", "name": "denta_session", "description": "Behind TLS `__Host-denta_session`."}
    described["components"]["securitySchemes"] = {"session": session}
    return described
