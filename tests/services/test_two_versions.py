"""Programs of two versions and one database: the older one refuses what the newer one has prepared, whatever it is asked."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import typer
from typer.core import TyperGroup

from gateways import schema
from services.cli.__main__ import build, main
from services.process import logs
from services.registry import WORK

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("aggregates", "commands", "gateways", "projections", "readmodels", "services")
ARGUMENTS = {
    "serve": ["--port", "0", "--no-demo"],
    "api": ["--port", "0"],
    "project": [],
    "publish": [],
    "status": [],
    "followers retry": ["WORK"],
    "followers skip": ["WORK"],
    "followers skipped": [],
    "followers rewind": ["WORK", "--yes"],
    "history": ["visit"],
    "demo": [],
    "clinic open": ["Жемчужина", "--email", "anna@clinic.test", "--family-name", "Иванова"],
    "users list": [],
    "users add": ["boris@clinic.test"],
    "users reset": ["anna@clinic.test"],
    "users remove-second-factor": ["anna@clinic.test"],
    "journal export": ["FOLDER/journal.xlsx"],
    "excel load": [],
    "projections list": [],
    "projections status": [],
    "projections rebuild": ["--all"],
    "projections diff": ["--all"],
    "projections resume": ["--all"],
    "projections drop": ["calendar__until_1"],
    "projections tidy": [],
    "nsi load": ["FOLDER/codes.csv", "--oid", "1.2.3", "--version", "1"],
    "nsi list": [],
}
"""How each command is typed; one that is new gets its line here."""
WITHOUT_DATABASE = {"openapi", "registry-stand"}
LINE = re.compile(r"База данных подготовлена более новой версией Denta: .*\. ?Обновите программу; в базе ничего не изменено\n")


class Program:
    """A program in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def copied(cls, folder: Path) -> "Program":
        """A copy of this one, to be changed into another version."""
        for package in PACKAGES:
            shutil.copytree(ROOT / package, folder / package)  # with what is compiled, which makes it quick
        shutil.copy(ROOT / "pyproject.toml", folder)
        return cls(folder)

    @property
    def migrations(self) -> Path:
        return self.folder / "gateways" / "migrations"

    def python(self, *words: str, url: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DENTA_DATABASE_URL": url, "DENTA_DATA": "data"}
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def denta(self, *words: str, url: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "services.cli", *words, url=url)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """This program without its newest migration."""
    program = Program.copied(tmp_path_factory.mktemp("older"))
    for file in program.migrations.glob(f"{len(schema.MIGRATIONS):04}_*"):
        file.unlink()
    return program


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """This program with a migration more."""
    program = Program.copied(tmp_path_factory.mktemp("newer"))
    (program.migrations / f"{len(schema.MIGRATIONS) + 1:04}_cash.sql").write_text("CREATE TABLE cash (sum numeric NOT NULL);\n")
    return program


@pytest.fixture(scope="module")
def newer_guard(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """This program with a guard that has changed."""
    program = Program.copied(tmp_path_factory.mktemp("newer-guard"))
    guard = program.folder / "gateways" / "guards" / "visit_times.py"
    changed, count = re.subn(r"revision=(\d+)", lambda found: f"revision={int(found[1]) + 1}", guard.read_text())
    assert count == 1
    guard.write_text(changed)
    return program


def state(url: str) -> str:
    """All that a program could undo: the functions, the tables, and what the database says of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT (SELECT json_agg(p.prosrc ORDER BY p.oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace),"
            " (SELECT json_agg((oid, relname) ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),"
            " (SELECT json_agg(v ORDER BY number) FROM schema_version v), (SELECT json_agg(p ORDER BY name) FROM schema_parts p)"
        ).fetchone()
    return json.dumps(row)


def commands(group: TyperGroup, *before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, *before, name)
        else:
            yield " ".join((*before, name))


def test_every_command_is_asked() -> None:
    group = typer.main.get_command(build())
    assert isinstance(group, TyperGroup)
    assert set(commands(group)) == ARGUMENTS.keys() | WITHOUT_DATABASE


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """This process as that of a command: its signals come back afterwards, its logs stay as they are."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    yield monkeypatch
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.spec("OPS-11")
@pytest.mark.parametrize("kind", ["newer", "newer_guard"])
def test_no_command_touches_what_a_newer_program_has_prepared(
    database_url: str,
    tmp_path: Path,
    process: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    kind: str,
) -> None:
    program: Program = request.getfixturevalue(kind)
    update = f"from services.bootstrap import prepare_schema; prepare_schema({database_url!r})"
    assert program.python("-c", update, url=database_url).stderr == ""
    before = state(database_url)
    process.setenv("DENTA_DATABASE_URL", database_url)
    process.setenv("DENTA_DATA", str(tmp_path))
    (tmp_path / "codes.csv").write_text("ID;NAME\n1;Один\n")
    for command, arguments in ARGUMENTS.items():
        typed = [word.replace("FOLDER", str(tmp_path)).replace("WORK", WORK[0].name) for word in arguments]
        process.setattr(sys, "argv", ["denta", *command.split(), *typed])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert (ended.value.code, printed.out) == (1, ""), command
        assert LINE.fullmatch(printed.err), (command, printed.err)
    assert state(database_url) == before


@pytest.mark.spec("OPS-11")
def test_a_program_takes_over_the_database_of_the_one_before_and_lets_it_in_no_more(
    older: Program, empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = older.denta("clinic", "open", *ARGUMENTS["clinic open"], url=empty_database_url)
    assert opened.returncode == 0
    monkeypatch.setenv("DENTA_DATABASE_URL", empty_database_url)
    for command in ("users add", "users list"):
        monkeypatch.setattr(sys, "argv", ["denta", *command.split(), *ARGUMENTS[command]])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
    assert sorted(re.findall(r"(\w+@clinic.test)\t", capsys.readouterr().out)) == ["anna@clinic.test", "boris@clinic.test"]
    before = state(empty_database_url)
    refused = older.denta("project", url=empty_database_url)
    assert refused.returncode == 1
    assert LINE.fullmatch(refused.stderr), refused.stderr
    assert state(empty_database_url) == before
