"""The code uses words of the field, in plain present-day English.

A word of these lists once had several private meanings here, or is archaic. A failure names the place and a better word.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("aggregates", "commands", "gateways", "projections", "readmodels", "services", "scripts", "bench")
"""Folders whose words are checked: add one when it is clean."""

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
"""Part of a name → better. Stored names (columns, fields of events) are strings or listed in STORED."""
STORED = {"kept": "attribute of `patient.separated.1`"}

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
    r"lest|whilst|hence|thereby|wherein|therein|thereof|naught|aught|nought|ere|yonder|oft|betwixt|amongst": "a present-day word",
    r"hearken|beholds?|begets?|bespeaks?|befalls?|partakes?": "a present-day word",
    r"parted|parting": "split, separated",
}
"""In comments and docstrings: pattern → better."""


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of all that the module defines or binds."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


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
        if name in STORED:
            continue
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        found += [f"{line}: {name}, better: {NAMES[part.lower()]}" for part in parts if part.lower() in NAMES]
    return found


def bad_prose(source: str) -> list[str]:
    return [
        f"{line}: «{match[0]}», better: {better}"
        for line, text in prose(source, ast.parse(source))
        for pattern, better in PROSE.items()
        if (match := re.search(rf"\b({pattern})\b", text, re.IGNORECASE))
    ]


@pytest.mark.parametrize("check", [bad_names, bad_prose])
def test_words_are_those_of_the_field(check: object) -> None:
    assert callable(check)
    found = {str(path.relative_to(ROOT)): wrong for path in sources() if (wrong := check(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "names_wrong", "prose_wrong"),
    [
        ("told = 1\n", 1, 0),
        ("def wanted_by(kept_id): pass\n", 2, 0),
        ('"""Whoever reads this starts anew."""\n', 0, 2),
        ("x = 1  # reckoned by hand\n", 0, 1),
        ("shelter = ancestor = 1  # here, where others rest\n", 0, 0),
        ('"""`told` was a name."""\n', 0, 0),
    ],
)
def test_private_words_are_found(source: str, names_wrong: int, prose_wrong: int) -> None:
    assert (len(bad_names(source)), len(bad_prose(source))) == (names_wrong, prose_wrong)
