"""Rules over all of the code: every package is under those of imports, and each is broken by an import that it forbids; a change
of the schema raises a revision.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gateways import schema
from gateways.guards.registry import GUARDS

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())
PARTS = ROOT / "tests/gateways/golden/schema_parts.json"
LINTER = CONFIG["tool"]["importlinter"]
CONTRACTS = [contract["id"] for contract in LINTER["contracts"]]

FORBIDDEN = {
    "inwards": ("aggregates/planted.py", "import commands.context"),
    "commands-write": ("commands/planted.py", "import readmodels.table"),
    "gateways-implement-ports": ("gateways/planted.py", "import commands.scheduling.visit"),
    "one-composition-root": ("services/planted.py", "import gateways.database"),
    "pure-inside": ("aggregates/planted.py", "import psycopg"),
    "no-circles": ("aggregates/people/planted.py", "import aggregates.scheduling.visit"),
}


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; from importlinter.cli import lint_imports_command; sys.argv[0] = 'lint-imports'; lint_imports_command()"
    )
    command = [sys.executable, "-c", program, "--contract", contract, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code linked file by file, so that a file can be planted."""
    for package in LINTER["root_packages"]:
        for source in (ROOT / package).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)
    (tmp_path / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    return tmp_path


def test_every_contract_has_an_import_that_breaks_it() -> None:
    assert sorted(FORBIDDEN) == sorted(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_forbidden_import_breaks_the_contract(copy: Path, contract: str) -> None:
    remaining = lint(copy, contract)
    assert "Contracts: 1 kept, 0 broken." in remaining.stdout, remaining.stdout + remaining.stderr
    file, line = FORBIDDEN[contract]
    (copy / file).write_text(line + "\n")
    broken = lint(copy, contract)
    assert broken.returncode == 1
    assert "Contracts: 0 kept, 1 broken." in broken.stdout


def test_every_package_is_under_the_contracts_and_under_mypy() -> None:
    packages = sorted(p.parent.name for p in ROOT.glob("*/__init__.py"))
    assert sorted(LINTER["root_packages"]) == packages
    programs = {p.parent.name for p in ROOT.glob("*/*.py")} - {"tests"}
    assert set(CONFIG["tool"]["mypy"]["packages"]) == {*packages, *programs}


def test_packages_are_explained_elsewhere_than_in_init_files() -> None:
    """An `__init__.py` with code would run on every import of its package."""
    packages = [ROOT / package for package in LINTER["root_packages"]]
    assert [str(p) for package in packages for p in package.rglob("__init__.py") if p.read_text().strip()] == []


def test_a_changed_part_has_a_revision_of_its_own() -> None:
    """What was installed under a revision never changes: where this fails, raise the part's revision (a guard's in its file, else
    `gateways/schema.py`). The digest of a new part or revision is added to the golden file by this test."""
    golden = json.loads(PARTS.read_text())
    parts = schema.parts(GUARDS)
    now = {part.name: part.digest for part in parts}
    assert now == {part.name: golden.get(part.name, {}).get(str(part.revision), part.digest) for part in parts}
    assert [part.name for part in parts if part.revision < max(map(int, golden.get(part.name, "0")))] == [], "revisions only rise"
    grown = {part.name: {**golden.get(part.name, {}), str(part.revision): part.digest} for part in parts}
    new = [name for name, revisions in grown.items() if golden.get(name) != revisions]
    if new:
        PARTS.write_text(json.dumps({**golden, **grown}, indent=2, sort_keys=True) + "\n")
        pytest.fail(f"{PARTS.name} has a new revision of {new} now: read it, and run again")


def test_threads_of_services_have_one_life_cycle() -> None:
    """What works in the background is a `BackgroundThread`, a follower or a job, which start, stop and fail alike."""
    makers = {
        str(file.relative_to(ROOT)) for file in (ROOT / "services").rglob("*.py") if "threading.Thread(" in file.read_text()
    }
    assert makers == {"services/process/background_thread.py"}
