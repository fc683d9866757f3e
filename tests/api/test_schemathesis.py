"""Requests made from the API's own description, sensible and not: never an error of ours, never an undeclared answer."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from aggregates.catalogues import CATALOGUES, Goods
from commands.ports.photographs import Ending
from services.api.openapi import describe, route_handlers
from services.bootstrap import Denta
from services.excel import workbooks
from tests.api.minimal import Existing
from tests.api.world import World
from tests.depth import examples

pytestmark = pytest.mark.thorough

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ALIKE = [kind.TOPIC for kind in CATALOGUES if kind is not Goods]
"""Catalogues whose routes are the same functions as those of goods, which have fields of most types."""
FILES = ("application/vnd", "application/zip")
TURN_SECONDS = 90
"""Heavy work may have waited for its turn: beside other tests that takes its time."""
WORKBOOKS = [route.operation_id for route in route_handlers() if route.declared.heavy and route.declared.media.startswith(FILES)]
"""Routes that a process of its own answers, which takes a second each time."""
schema = schemathesis.openapi.from_dict(describe()).exclude(operation_id="session_sign_out").exclude(tag=ALIKE)
tried = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def cookie(world: World) -> Iterator[str]:
    with world.browser("Администратор") as browser:
        yield browser.cookies["denta_session"]


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are written by the same code without the process around it, which `test_excel_export.py` and others show."""

    def make(job: workbooks.Job, denta: Denta, target: BinaryIO, _: Ending) -> None:
        with denta.database.dedicated() as connection:
            workbooks.write(job, denta, connection, target)

    monkeypatch.setattr(workbooks, "make", make)


@pytest.fixture(scope="module")
def known(world: World, existing: Existing) -> dict[str, str]:
    """What exists, by the names that bodies and paths have for it."""
    return {**existing.known(), "entry_id": existing.of("/goods"), "doctor_id": str(world.doctor)}


def real(known: dict[str, str], made: Any) -> Any:
    """In half of the cases ids of what exists in place of made-up ones, so that more than «not found» is tried."""
    if isinstance(made, dict):
        return {
            key: known[key] if key in known and isinstance(value, str) and sum(value.encode()) % 2 else real(known, value)
            for key, value in made.items()
        }
    if isinstance(made, list):
        return [real(known, value) for value in made]
    return made


@schema.exclude(operation_id=WORKBOOKS).parametrize()
@settings(tried, max_examples=examples(8))
def test_requests_made_from_the_description_give_no_error_of_ours(
    case: Any, world: World, known: dict[str, str], cookie: str
) -> None:
    check(case, world, known, cookie)


@schema.include(operation_id=WORKBOOKS).parametrize()
@settings(tried, max_examples=examples(2))
def test_requests_for_workbooks_give_no_error_of_ours(
    case: Any, world: World, known: dict[str, str], cookie: str, made_here: None
) -> None:
    check(case, world, known, cookie)


def check(case: Any, world: World, known: dict[str, str], cookie: str) -> None:
    case.path_parameters = real(known, case.path_parameters)
    case.body = real(known, case.body)
    answer = case.call(
        base_url=world.origin, headers={"Origin": world.origin}, cookies={"denta_session": cookie}, timeout=TURN_SECONDS
    )
    case.validate_response(answer, checks=CHECKS)
