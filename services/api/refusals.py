"""All refusals of the API, for its description: code, status, meaning and facts, from their classes."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from aggregates.kernel import DomainError
from services.api.http.problems import SCHEMA

FOLDERS = ("aggregates", "commands", "services.api", "services.excel")
"""Where refusals are declared."""


def _classes(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for found in kind.__subclasses__():
        yield found
        yield from _classes(found)


def refusals() -> dict[str, list[type[DomainError]]]:
    """The classes of each code. Imports all modules of the folders, so it isn't used while serving."""
    for folder in FOLDERS:
        for module in walk_packages(import_module(folder).__path__, f"{folder}."):
            import_module(module.name)
    found: dict[str, list[type[DomainError]]] = {}
    for kind in _classes(DomainError):
        if "code" in vars(kind) and kind.__module__.startswith(FOLDERS):
            found.setdefault(kind.code, []).append(kind)
    return dict(sorted(found.items()))


def _meaning(kind: type[DomainError]) -> str:
    return " ".join((f"{kind.status}:" if kind.__doc__ else f"{kind.status}", *(kind.__doc__ or "").split()))


def problem() -> dict[str, Any]:
    """The schema of a refusal, with all codes and what they mean."""
    found = refusals()
    meanings = {code: " / ".join(sorted({_meaning(kind) for kind in kinds})) for code, kinds in found.items()}
    code = {"type": "string", "enum": [*found], "x-meanings": meanings}
    return {**SCHEMA, "properties": {**SCHEMA["properties"], "code": code}}
