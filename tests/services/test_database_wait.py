"""Parts that are started before the database, or while none of its connections is free, wait for it and say so."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commands.ports.database import DatabaseUnavailable
from services.bootstrap import Denta, prepare_schema
from services.process.database_wait import wait_for_database
from tests.services.serving import ROOT, until


def test_startup_retries_until_the_database_answers_and_reports_start_and_end_of_the_wait() -> None:
    reported: list[str] = []
    left = [DatabaseUnavailable(), DatabaseUnavailable(), DatabaseUnavailable()]

    def act() -> str:
        if left:
            raise left.pop() from OSError("connection refused\n\tno connection is free")
        return "there"

    assert wait_for_database(act, reported.append, pauses=(0.0,)) == "there"
    assert reported == ["База данных пока недоступна, жду её: no connection is free", "База данных доступна"]


def test_a_database_that_answers_at_once_is_not_reported() -> None:
    reported: list[str] = []
    assert wait_for_database(lambda: 1, reported.append) == 1
    assert reported == []


@contextmanager
def closed(url: str) -> Iterator[psycopg.Connection]:
    """A database that takes nobody; the connection can open it."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield admin
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def part(url: str, errors: Path, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "DENTA_DATABASE_URL": url}
    with errors.open("wb") as stderr:
        process = subprocess.Popen([sys.executable, "-m", "services.cli", *command], cwd=ROOT, env=environment, stderr=stderr)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.spec("OPS-6")
def test_api_and_projections_wait_for_the_database_and_then_work(empty_database_url: str, tmp_path: Path) -> None:
    api, project = tmp_path / "api", tmp_path / "project"
    with ExitStack() as parts:
        with closed(empty_database_url):
            processes = [
                parts.enter_context(part(empty_database_url, api, "api", "--port", "0", "--data", str(tmp_path))),
                parts.enter_context(part(empty_database_url, project, "project", "--data", str(tmp_path))),
            ]
            for errors in (api, project):
                until(lambda errors=errors: "жду её" in errors.read_text(), f"the {errors.name} says that it waits")
            assert [process.poll() for process in processes] == [None, None]
        until(lambda: re.search(r"API: http://127\.0\.0\.1:\d+", api.read_text()) is not None, "the API serves")
        until(lambda: _is_followed(empty_database_url), "the projections are led")
    assert "Traceback" not in api.read_text() + project.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_who_waits_can_be_stopped(empty_database_url: str, tmp_path: Path, number: signal.Signals) -> None:
    errors = tmp_path / "errors"
    with closed(empty_database_url), part(empty_database_url, errors, "api", "--port", "0", "--data", str(tmp_path)) as process:
        until(lambda: "жду её" in errors.read_text(), "it says that it waits")
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
    assert "Traceback" not in errors.read_text()


def _is_followed(url: str) -> bool:
    from projections import status

    prepare_schema(url)
    denta = Denta.open(url)
    try:
        with denta.database.connection() as connection:
            found = status.read(connection)
        return bool(found) and all(one.led for one in found)
    except psycopg.Error:
        return False
    finally:
        denta.close()
