"""The description that the front end's types are made of."""

import re
from pathlib import Path

import pytest

from services.api.openapi_file import TARGET, text
from tests.api.minimal import DESCRIBED

ROOT = Path(__file__).parent.parent.parent


def test_the_file_that_the_front_end_reads_is_the_present_description() -> None:
    """Write it again by `denta openapi`."""
    assert TARGET.read_text(encoding="utf-8") == text()


@pytest.mark.spec("UI-3")
def test_every_refusal_is_described_by_its_code() -> None:
    """Whichever folder declares it."""
    code = re.compile(r'^    code: ClassVar\[str\] = "(\w+)"', re.MULTILINE)
    folders = ("aggregates", "commands", "gateways", "projections", "readmodels", "services")
    sources = (source.read_text() for folder in folders for source in (ROOT / folder).rglob("*.py"))
    declared = {found for source in sources for found in code.findall(source)} - {"refused"}
    described = DESCRIBED["components"]["schemas"]["Problem"]["properties"]["code"]
    assert (set(described["enum"]), set(described["x-meanings"])) == (declared, declared)


def test_every_operation_declares_its_refusals_as_problems() -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in DESCRIBED["paths"].items():
        for method, operation in operations.items():
            refusals = {status: declared for status, declared in operation["responses"].items() if status >= "400"}
            if path == "/ready":
                refusals.pop("503")
            assert refusals, f"{method} {path}"
            assert all(declared["content"] == {"application/problem+json": {"schema": problem}} for declared in refusals.values())


CHANGING = (
    "/status",
    "/delete",
    "/return",
    "/post",
    "/unpost",
    "/changes",
    "/restore",
    "/merge",
    "/unmerge",
    "/retry",
    "/give-up",
    "/correct",
    "/annul",
)
"""The last words of addresses that change what exists by POST."""


def test_changes_of_what_exists_need_the_version_that_was_seen() -> None:
    for path, operations in DESCRIBED["paths"].items():
        for method, operation in operations.items():
            headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header" and p["required"]}
            changes = method == "patch" or path.endswith(CHANGING) or (path.endswith("/photo") and method != "get")
            assert ("If-Match" in headers) == changes, f"{method} {path}: `versioned=True` and a line of CHANGING go together"
