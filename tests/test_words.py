"""The code uses words of the field, in plain present-day English.

A word of these lists once had several private meanings here, or is archaic. A failure names the place and a better word.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("aggregates", "commands", "gateways", "projections", "readmodels", "services", "scripts", "bench", "tests")

NAMES = {
    "told": "format_…, report_…, or what it holds",
    "tells": "format_…, report_…",
    "said": "format_…, or what it holds",
    "held": "effective_…, pinned, claim_…",
    "kept": "active, survivor, cached, stored",
    "wanted": "requested_…, required_…, or what it holds",
    "heard": "received, listener",
    "parted": "split_…",
    "wish": "item, request",
    "whoever": "caller, user",
    "anew": "again, reset",
    "besides": "other_than, also",
    "freshen": "refresh_…",
    "foresee": "dry_run",
    "reckon": "compute_…",
}
"""Part of a name → better. Fields of events are stored names, so they aren't checked."""

PROSE = {
    r"anew": "again",
    r"besides": "also, except",
    r"who(m|so)?ever": "any user, the caller",
    r"reckon(s|ed|ing)?": "compute, calculate",
    r"of old(?! and)": "former, legacy",
    r"(come|comes|came|coming|brings?|brought) about": "happen, cause",
    r"told so": "reported",
    r"is had|can be had|to be had": "is available",
    r"by and by": "gradually",
    r"standing visits?|visits? in the way$": "conflicting visit; live visit",
    r"lest|whilst|hence|thereby|wherein|therein|thereof|naught|aught|nought|ere|yonder|oft|betwixt|amongst": "a present-day word",
    r"hearken|beholds?|begets?|bespeaks?|befalls?|partakes?": "a present-day word",
    r"parted|parting": "split, separated",
}
"""In comments, docstrings and names (whose parts are words of a sentence): pattern → better."""


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of all that the module defines or binds, without fields of events."""
    stored = {
        id(field.target)
        for event in ast.walk(tree)
        if is_event(event)
        for field in event.body
        if isinstance(field, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if id(node) in stored:
            continue
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def is_event(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(line, ast.Assign | ast.AnnAssign) and "TOPIC" in ast.unparse(line) for line in node.body
    )


def prose(source: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of comments and docstrings, without what is quoted as code."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, re.sub(r"`[^`]*`", "", text)


def bad_names(source: str) -> list[str]:
    found = []
    for line, name in names(ast.parse(source)):
        parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
        private = [NAMES[part] for part in parts if part in NAMES]
        archaic = [] if private else [better for better, _ in archaisms(" ".join(parts))]
        found += [f"{line}: {name}, better: {better}" for better in private + archaic]
    return found


def archaisms(text: str) -> Iterator[tuple[str, str]]:
    """What is better, and the words that are found."""
    for pattern, better in PROSE.items():
        if match := re.search(rf"\b({pattern})\b", text, re.IGNORECASE):
            yield better, match[0]


def bad_prose(source: str) -> list[str]:
    return [
        f"{line}: «{words}», better: {better}"
        for line, text in prose(source, ast.parse(source))
        for better, words in archaisms(text)
    ]


@pytest.mark.parametrize("check", [bad_names, bad_prose])
def test_words_are_those_of_the_field(check: object) -> None:
    assert callable(check)
    found = {str(path.relative_to(ROOT)): wrong for path in sources() if (wrong := check(path.read_text(encoding="utf-8")))}
    assert found == {}


def bad_markdown(text: str) -> list[str]:
    """Without blocks and words that are quoted as code."""
    written = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    return [f"«{words}», better: {better}" for better, words in archaisms(written)]


def test_documents_are_in_present_day_english() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "web" / "README.md"]
    checked = [path for path in documents if path.name not in {"CHANGELOG.md", "plan.md"}]  # these two tell of the past
    assert {path.name: wrong for path in checked if (wrong := bad_markdown(path.read_text(encoding="utf-8")))} == {}
    assert len(bad_markdown("Whoever reads `whoever` starts anew.\n```\nbesides\n```\n")) == 2


@pytest.mark.parametrize(
    ("source", "names_wrong", "prose_wrong"),
    [
        ("told = 1\n", 1, 0),
        ("def wanted_by(kept_id): pass\n", 2, 0),
        ("def test_whoever_comes_is_told_at_once(): pass\n", 2, 0),
        ("def test_a_right_of_old_is_shown(): pass\n", 1, 0),
        ("class Separated:\n    TOPIC = ''\n    kept: int\n", 0, 0),
        ("class Card:\n    kept: int\n", 1, 0),
        ('"""Whoever reads this starts anew."""\n', 0, 2),
        ("x = 1  # reckoned by hand\n", 0, 1),
        ("shelter = ancestor = 1  # here, where others rest\n", 0, 0),
        ('"""`told` was a name."""\n', 0, 0),
    ],
)
def test_private_words_are_found(source: str, names_wrong: int, prose_wrong: int) -> None:
    assert (len(bad_names(source)), len(bad_prose(source))) == (names_wrong, prose_wrong)
