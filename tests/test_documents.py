"""Signposts lead somewhere: files and links that documents name exist, and decisions have a number each."""

import os
import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from aggregates.scheduling.visit_status import TRANSITIONS
from commands.ports.imports import ImportState
from gateways.guards.declaration import Guard
from gateways.guards.registry import GUARDS

ROOT = Path(__file__).parent.parent
NOT_OURS = {"var", "node_modules", "dist", "__pycache__"}
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("[!.]*/*.md"), *(ROOT / "docs").rglob("*.md")} - {ROOT / "docs" / "plan.md"})
NAMED = re.compile(r"`([\w./-]+\.(?:py|tsx?|sql|json|md|toml|lock|yml|service|css)|[\w.-]+(?:/[\w.-]+)*/)`")
PLACED = re.compile(r"`([A-Za-z_][\w.]*)(?:\(\))?` (?:of|in) `?([\w/.-]+\.(?:py|tsx?|sql))\b")
"""A name in backticks, «of» or «in», and a file."""
CONTINUED = re.compile(r"\n\s*(?:#|//|\*)?\s*")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
MADE = {"schema.ts", ".venv/", "var/", "node_modules/", "files/", "dist/", "journal.xlsx"}
"""What a run makes."""


def made(name: str) -> bool:
    return any(f"/{name}".endswith(f"/{one}") for one in MADE)


@cache
def files() -> set[str]:
    """Every file and folder of ours, folders with a stroke behind them, relative to the root with a stroke before them."""
    found = set()
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".git")]
        here = f"/{Path(folder).relative_to(ROOT)}/".replace("/./", "/")
        found |= {here + name for name in names} | {f"{here}{name}/" for name in folders}
        if folder == str(ROOT):
            folders[:] = [name for name in folders if not name.startswith(".")]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text()
    names = {name.removeprefix("./") for name in NAMED.findall(text) if "NNNN" not in name}
    lost = {name for name in names if not made(name) and not any(file.endswith(f"/{name}") for file in files())}
    broken = {link for link in LINK.findall(text) if "://" not in link and not (document.parent / link).exists()}
    assert (lost, broken) == (set(), set())


def test_what_a_comment_or_document_names_in_a_file_is_there() -> None:
    lost = []
    for name in sorted(name for name in files() if name.endswith((".py", ".md", ".ts", ".tsx", ".sql"))):
        text = CONTINUED.sub(" ", (ROOT / name.lstrip("/")).read_text())
        for called, place in PLACED.findall(text):
            holders = [ROOT / file.lstrip("/") for file in files() if file.endswith(f"/{place}")]
            if not any(re.search(rf"\b{called.split('.')[-1]}\b", holder.read_text()) for holder in holders):
                lost.append((name, called, place))
    assert lost == []


def test_each_decision_has_a_number_of_its_own_which_its_title_bears() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    assert [file.name for file in decisions if not file.read_text().startswith(f"# {int(file.name[:4])}. ")] == []


def test_a_decision_that_is_referred_to_exists() -> None:
    known = {int(file.name[:4]) for file in (ROOT / "docs" / "adr").glob("*.md")}
    sources = [ROOT / name.lstrip("/") for name in files() if name.endswith((".py", ".md", ".ts", ".tsx", ".sql"))]
    cited = {int(number) for source in sources for number in re.findall(r"\bADR (\d+)\b", source.read_text())}
    assert cited <= known


def drawn(document: str, first: str) -> set[tuple[str, str]]:
    """The arrows of the diagram of states that begins with a state."""
    diagrams = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", (ROOT / "docs" / document).read_text(), re.DOTALL)
    (found,) = (diagram for diagram in diagrams if f"[*] --> {first}\n" in diagram)
    return {(old, new) for old, new in re.findall(r"(\w+) --> (\w+)", found)}


@pytest.mark.spec("CAL-4")
def test_the_drawn_states_of_a_visit_are_those_of_the_code() -> None:
    assert drawn("design.md", "planned") == {(old, new) for old, allowed in TRANSITIONS.items() for new in allowed}


def test_the_drawn_states_of_a_loading_are_those_of_the_code() -> None:
    assert {state for arrow in drawn("design.md", "checking") for state in arrow} == set(get_args(ImportState))


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_rule_of_a_guard_points_to_it_from_where_one_looks_for_it(guard: Guard) -> None:
    file = f"{guard.claim_of.__module__.replace('.', '/')}.py"
    rules = [source.read_text() for source in (ROOT / "aggregates").rglob("*.py")]
    assert any(f"`{file}`" in text for text in rules), f"let the refusal's docstring name {file}"
