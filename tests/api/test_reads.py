"""A query waits for every read model that it asks: what a user has just saved is in each of its answers."""

import re
from typing import Any

import psycopg
import pytest

from projections.registry import PROJECTIONS
from services.api.http.routes import Public, RouteDeclaration
from services.api.registry import declared
from tests.api.minimal import DESCRIBED, Existing, least, named
from tests.api.world import Browser

QUERIES = [
    route
    for _, route in declared()
    if route.method == "GET" and route.media == "application/json" and route.allowed is not Public
]
MODELS = {table.name: projection.name for projection in PROJECTIONS for table in projection.tables}


class Asked:
    """The read models that statements name, as they are executed in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._statements: list[str] = []
        execute = psycopg.Cursor.execute

        def noted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            self._statements.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        monkeypatch.setattr(psycopg.Cursor, "execute", noted)

    def by(self, browser: Browser, path: str, **params: Any) -> set[str]:
        self._statements.clear()
        answer = browser.get(path, params=params)
        assert answer.status_code in {200, 404}, answer.text
        tables = re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", " ".join(self._statements))
        return {MODELS[table] for table in tables if table in MODELS}


def required(route: RouteDeclaration) -> dict[str, Any]:
    """The parameters without which the route answers nothing."""
    parameters = DESCRIBED["paths"][f"/api{route.path}"]["get"].get("parameters", ())
    return {one["name"]: least(one["schema"], one["name"]) for one in parameters if one["in"] == "query" and one.get("required")}


@pytest.mark.spec("OPS-4")
def test_a_query_waits_for_every_read_model_that_it_asks(existing: Existing, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {named(route): existing.address(route) for route in QUERIES}
    parameters = {named(route): existing.with_ids(required(route)) for route in QUERIES}
    existing.browser.catch_up()
    asked = Asked(monkeypatch)
    unwaited = {
        named(route): models
        for route in QUERIES
        if (models := asked.by(existing.browser, addresses[named(route)], **parameters[named(route)]) - set(route.reads))
    }
    assert unwaited == {}
