"""Requests made from the API's own description, sensible and not: never an error of ours, never an undeclared answer."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from aggregates.catalogues import CATALOGUES, Goods
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyOutgo, MoneyTransfer
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, StockReceipt
from commands.ports.photographs import Ending
from services.api.registry import declared
from services.bootstrap import Denta
from services.excel import workbooks
from tests.api.minimal import DESCRIBED, Existing
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
ALIKE = [
    kind.TOPIC
    for kind in (*CATALOGUES, *STOCK_DOCUMENTS, *MONEY_DOCUMENTS)
    if kind not in {Goods, StockReceipt, MoneyOutgo, MoneyTransfer}
]
"""Kinds whose routes are the same functions as those of goods, which have fields of most types, of receipts, whose lines have
every field, or of outgoes and transfers, which together have all that money documents have.
"""
FILES = ("application/vnd", "application/zip")
SIGN_IN = "session_sign_in"
"""The one operation that may call a signed-in person unknown, by what the body says."""
TURN_SECONDS = 90
"""Heavy work may have waited for its turn: beside other tests that takes its time."""
OPERATIONS = {
    f"{tag}_{route.endpoint.__name__}": route
    for tag, route in declared()
    if tag not in ALIKE and (tag, route.endpoint.__name__) != ("session", "sign_out")
}
WORKBOOKS = [name for name, route in OPERATIONS.items() if route.heavy and route.media.startswith(FILES)]
"""Routes that a process of its own answers, which takes a second each time."""
tried = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described() -> Any:
    load_all_checks()
    return schemathesis.openapi.from_dict(DESCRIBED)


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
    return {
        **existing.known(),
        "entry_id": existing.of("/goods"),
        "document_id": existing.of("/stock-receipts"),
        "doctor_id": str(world.doctor),
    }


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


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name not in WORKBOOKS])
def test_requests_made_from_the_description_give_no_error_of_ours(
    operation: str, described: Any, world: World, known: dict[str, str], cookie: str
) -> None:
    examine(operation, described, world, known, cookie, cases=examples(8))


@pytest.mark.parametrize("operation", WORKBOOKS)
def test_requests_for_workbooks_give_no_error_of_ours(
    operation: str, described: Any, world: World, known: dict[str, str], cookie: str, made_here: None
) -> None:
    examine(operation, described, world, known, cookie, cases=examples(2))


def examine(operation: str, described: Any, world: World, known: dict[str, str], cookie: str, cases: int) -> None:
    """Try one operation: every border that its description names, and so many made-up requests.

    The requests are thought out here: schemathesis's own decorator does it while tests are collected, in each worker, for ten
    seconds.
    """

    def check(case: Any) -> None:
        case.path_parameters = real(known, case.path_parameters)
        case.body = real(known, case.body)
        answer = case.call(
            base_url=world.origin, headers={"Origin": world.origin}, cookies={"denta_session": cookie}, timeout=TURN_SECONDS
        )
        assert answer.status_code != 401 or operation == SIGN_IN, "who asks must be signed in: otherwise nothing is tried"
        case.validate_response(answer, checks=CHECKS)

    chosen = described.include(operation_id=operation)
    (made,) = get_all_tests(schema=chosen, test_func=check, settings=settings(tried, max_examples=cases), given_kwargs=None)
    assert isinstance(made, Ok), made
    _, run = made.ok()
    run()
