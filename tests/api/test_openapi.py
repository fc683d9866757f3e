"""The description that the front end's types are made of."""

from services.api.openapi import describe
from services.api.openapi_file import TARGET, text


def test_the_file_that_the_front_end_reads_is_the_present_description() -> None:
    """Write it again by `denta openapi`."""
    assert TARGET.read_text(encoding="utf-8") == text()


def test_every_operation_declares_its_refusals_as_problems() -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in describe()["paths"].items():
        for method, operation in operations.items():
            refusals = {status: told for status, told in operation["responses"].items() if status >= "400"}
            if path == "/ready":
                refusals.pop("503")
            assert refusals, f"{method} {path}"
            assert all(told["content"] == {"application/problem+json": {"schema": problem}} for told in refusals.values())


def test_changes_of_what_exists_need_the_version_that_was_seen() -> None:
    for path, operations in describe()["paths"].items():
        for method, operation in operations.items():
            headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header" and p["required"]}
            assert ("If-Match" in headers) == (
                method == "patch"
                or path.endswith(("/status", "/delete", "/return", "/changes", "/restore", "/merge", "/unmerge"))
                or (path.endswith("/photo") and method != "get")
            )
