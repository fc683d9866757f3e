"""Whose browsers hear of a read model's changes: those who may read it, by the routes that say that they read it."""

from functools import cache

from projections.registry import PROJECTIONS
from services.api.http.live import Audiences
from services.api.http.routes import NeedsRight, RouteDeclaration
from services.api.registry import declared

JSON = "application/json"


def refreshes(route: RouteDeclaration) -> bool:
    """Whether a page that shows the route's answer is fetched again when what it reads changes. A file is not."""
    return route.method == "GET" and route.media == JSON and route.live and isinstance(route.allowed, NeedsRight)


@cache
def audiences() -> Audiences:
    """Read model → rights of which one is enough to hear of its changes: those of its projection's declaration, and those of each
    page that reads it. A projection without an audience isn't here: nobody hears of it.
    """
    listeners: dict[str, set[str]] = {p.name: set(p.audience.any_of) for p in PROJECTIONS if p.audience is not None}
    for _, route in declared():
        if refreshes(route) and isinstance(route.allowed, NeedsRight):
            for model in listeners.keys() & set(route.reads):
                listeners[model] |= route.allowed.any_of
    return {model: frozenset(rights) for model, rights in listeners.items()}
