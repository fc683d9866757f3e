"""Which routes the API has: every one that is declared in `services/api/`."""

from functools import cache
from typing import TypeGuard

from aggregates import discovery
from services.api.http.routes import RouteDeclaration, Routes


def _is_routes(value: object) -> TypeGuard[Routes]:
    return isinstance(value, Routes)


@cache
def declared() -> list[tuple[str, RouteDeclaration]]:
    """Every route with its concept's tag, in the order in which paths are tried: a fixed part before a parameter at its place."""
    routes = [(concept.tag, route) for concept in discovery.declared("services.api", _is_routes) for route in concept.declared]
    return sorted(routes, key=lambda each: each[1].path)
