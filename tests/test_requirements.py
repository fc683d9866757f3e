"""`docs/requirements.md` holds a sentence for each id that is cited anywhere, and each of its ids is shown by a test."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "requirements.md"
NOT_OURS = {"var", "node_modules", "dist", "__pycache__"}
WRITTEN = {".py", ".ts", ".tsx", ".css", ".md", ".toml", ".sql", ".yml", ".yaml", ".json", ".service", ""}

PREFIX = re.compile(r"\| ([A-Z]{2,3}) (?=\|)")
STATEMENT = re.compile(r"^- \*\*(\w+-\d+)\*\* (.+)$", re.MULTILINE)


@cache
def statements() -> dict[str, str]:
    found = STATEMENT.findall(PAGE.read_text())
    assert len(found) == len(dict(found)), "an id stands twice"
    return dict(found)


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        yield from (Path(folder) / name for name in names if Path(name).suffix in WRITTEN and name != "package-lock.json")


def cited() -> dict[str, set[str]]:
    """Each id that stands somewhere in code, tests or documents, with the files."""
    prefixes = set(PREFIX.findall(PAGE.read_text()))
    assert {name.split("-")[0] for name in statements()} <= prefixes
    written = re.compile(rf"\b(?:{'|'.join(sorted(prefixes))})-\d+\b")
    found: dict[str, set[str]] = {}
    for file in files():
        for name in written.findall(file.read_text()) if file != PAGE else ():
            found.setdefault(name, set()).add(str(file.relative_to(ROOT)))
    return found


def shown() -> set[str]:
    """The ids in the marks of tests, of whatever prefix."""
    calls = (node for file in (ROOT / "tests").rglob("*.py") for node in ast.walk(ast.parse(file.read_text())))
    marks = (node for node in calls if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.spec")
    return {ast.literal_eval(argument) for mark in marks for argument in mark.args}


def test_every_cited_id_has_a_sentence() -> None:
    missing = {name: sorted(places)[:3] for name, places in cited().items() if name not in statements()}
    assert missing == {}, "write each as a sentence into docs/requirements.md"


def test_every_sentence_is_shown_by_a_test_and_every_mark_has_one() -> None:
    assert shown() == set(statements())


def test_a_sentence_says_what_it_means() -> None:
    assert [name for name, sentence in statements().items() if len(sentence) < 40 or "." not in sentence] == []
