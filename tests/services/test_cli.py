"""The command line: every topic is entered, what can't be done is one line, the first password is nobody's favourite."""

import ast
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from services.accounts.passwords import Passwords
from services.bootstrap import Denta
from services.cli.__main__ import TOPICS, build
from services.cli.usage_error import explain

ROOT = Path(__file__).parent.parent.parent
OPEN = ["clinic", "open", "Жемчужина", "--email", "anna@clinic.test", "--family-name", "Иванова"]


def test_every_topic_is_entered() -> None:
    files = {path.stem for path in (ROOT / "services" / "cli").glob("*.py") if "\ndef register(" in path.read_text()}
    assert sorted(TOPICS) == sorted(files)


def test_help_comes_quickly_because_nothing_heavy_is_imported() -> None:
    program = "import sys; from services.cli.__main__ import build; build(); "
    program += "print(sorted({'fastapi', 'psycopg', 'uvicorn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_version_is_that_of_the_newest_release_in_the_changelog() -> None:
    released = re.compile(r"^## (\d+\.\d+\.\d+) – \d{4}-\d\d-\d\d$", re.MULTILINE)
    newest = released.findall((ROOT / "CHANGELOG.md").read_text())[0]
    assert CliRunner().invoke(build(), ["--version"], catch_exceptions=False).output == f"Denta {newest}\n"


def test_help_names_the_command_as_it_is_typed() -> None:
    command = [sys.executable, "-m", "services.cli", "projections", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[:3] == ["Usage:", "denta", "projections"]


def test_advice_names_the_program_as_it_was_started() -> None:
    command = [sys.executable, "-m", "services.cli", "users", "--help"]
    environment = {**os.environ, "DENTA_PROGRAM": ".venv/bin/denta"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split()[:3] == ["Usage:", ".venv/bin/denta", "users"]


def test_no_advice_names_the_program_by_a_name_of_its_own() -> None:
    """A command that stands in a text is typed as the program was started."""
    command = re.compile(rf"\bdenta (?:project|{'|'.join(TOPICS)})\b")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for folder in ("aggregates", "commands", "gateways", "projections", "services")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and command.search(re.sub("`.*?`", "", node.value))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("serve --bogus", "Параметра --bogus у этой команды нет. Есть похожие: --host. Справка: denta serve --help"),
        ("serve --port 99999", "Значение --port не подходит: не больше 65535. Справка: denta serve --help"),
        ("serve --port x", "Значение --port не подходит: нужно число. Справка: denta serve --help"),
        ("nsi load /no/such.csv", "Значение file не подходит: такого файла или папки нет. Справка: denta nsi load --help"),
        ("clinic open", "Не указано name (Название клиники). Справка: denta clinic open --help"),
        ("history visit/1 b c", "Лишнее в команде: b c. Справка: denta history --help"),
        ("history visit/1 --at", "После параметра --at нужно значение. Справка: denta --help"),
        ("serve --no-demo=1", "Параметр --no-demo пишется без значения. Справка: denta --help"),
        ("nope", "Команды nope нет. Справка: denta --help"),
    ],
)
def test_a_mistyped_command_is_reported_in_one_russian_line(words: str, sentence: str) -> None:
    with pytest.raises(typer.TyperException) as raised:
        get_command(build()).main(words.split(), prog_name="denta", standalone_mode=False)
    assert explain(raised.value) == sentence


def test_what_is_not_understood_is_one_line_on_stderr_and_status_two() -> None:
    done = subprocess.run([sys.executable, "-m", "services.cli", "nope"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "Команды nope нет. Справка: denta --help\n")


def test_a_federal_dictionary_is_loaded_by_its_official_file(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DENTA_DATABASE_URL", empty_database_url)
    file = tmp_path / "1.2.643.5.1.13.13.11.1005_2.27.csv"
    file.write_text('ID;MKB_CODE;MKB_NAME;ACTUAL\n1;"K04.0";"Пульпит";1\n', encoding="utf-8")
    outputs = [CliRunner().invoke(build(), ["nsi", "load", str(file)], catch_exceptions=False).output for _ in range(2)]
    assert outputs == ["МКБ-10, версия 2.27: загружено записей – 1.\n", "МКБ-10, версия 2.27: уже загружена.\n"]
    listed = CliRunner().invoke(build(), ["nsi", "list"], catch_exceptions=False).output
    assert "1.2.643.5.1.13.13.11.1005\t2.27\t1\tМКБ-10\n" in listed


@pytest.mark.spec("SEC-2")
def test_the_first_administrators_password_is_generated_and_shown_once(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DENTA_DATABASE_URL", empty_database_url)
    result = CliRunner().invoke(build(), OPEN, catch_exceptions=False)
    shown = re.fullmatch(r"Готово: anna@clinic\.test, пароль (([2-9a-z]{4}-){3}[2-9a-z]{4})\n", result.output)
    assert shown, result.output
    with closing(Denta.open(empty_database_url)) as denta:
        access = denta.clinic.accesses.by_email("anna@clinic.test")
        assert access is not None
        stored = denta.credentials.password(access.access_id)
    assert stored is not None
    assert Passwords().check(stored.hash, shown[1]) == "fits"


def test_a_refused_command_is_one_line_and_exit_status_1(empty_database_url: str) -> None:
    command = [sys.executable, "-m", "services.cli", *OPEN]
    environment = {"DENTA_DATABASE_URL": empty_database_url, "PATH": "/usr/bin:/bin"}
    first = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (first.returncode, second.returncode) == (0, 1)
    assert second.stderr == "Клиника уже заведена. Войдите в неё или выберите пустую базу данных.\n"


@pytest.mark.parametrize(
    "words",
    [["projections", "status"], ["projections", "rebuild", "--all"], ["history", "visit/1"], ["users", "list"], ["nsi", "list"]],
)
def test_a_folder_without_a_database_is_refused_and_nothing_is_made_in_it(words: list[str], tmp_path: Path) -> None:
    """A mistyped folder would otherwise look like a clinic that lost everything."""
    folder = tmp_path / "mistyped"
    command = [sys.executable, "-m", "services.cli", *words, "--data", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"В папке {folder} нет базы данных Denta. Проверьте --data или запустите denta serve.\n"
    assert not folder.exists()


def test_a_period_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    words = ["journal", "export", str(tmp_path / "journal.xlsx"), "--from", "24.11.2026", "--to", "2026-11-23"]
    command = [sys.executable, "-m", "services.cli", *words]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Конец периода раньше его начала: поменяйте --from и --to местами.\n"
    assert not list(tmp_path.iterdir())


def test_an_unreachable_database_is_reported_in_one_line() -> None:
    environment = {"DENTA_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "services.cli", "users", "list"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
