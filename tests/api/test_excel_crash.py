"""Loading goes on where a killed process left off, nothing is doubled, and others are let through meanwhile."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from commands import catalogue
from commands.context import Receipt
from services.excel import watch
from services.excel.loading import work
from services.registry import WORK
from tests.api.excel_loading import Loading, events, sheet
from tests.api.world import Browser, World, eventually
from tests.services.following import working

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parent.parent.parent


def patients(count: int, name: str) -> bytes:
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Пациенты")
    sheet.write_row(0, 0, ["Фамилия", "Имя", "Телефон"])
    for number in range(1, count + 1):
        sheet.write_row(number, 0, [f"{name}{number}", "Иван", f"+7916{number:07}"])
    book.close()
    return target.getvalue()


def begin(browser: Browser, content: bytes) -> str:
    answer = browser.post("/api/excel/imports/patients", content=content)
    assert answer.status_code == 201, answer.text
    return f"/api/excel/imports/{answer.json()['id']}"


def is_in_state(browser: Browser, path: str, state: str) -> bool:
    return bool(browser.get_ok(path)["state"] == state)


def loading_process(world: World) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DENTA_DATABASE_URL": world.denta.database.url, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "services.cli", "excel", "load"], cwd=ROOT, env=environment)


@pytest.mark.spec("UI-2", "OPS-6")
def test_a_killed_loading_is_gone_on_with_and_nothing_is_doubled(world: World, administrator: Browser) -> None:
    path = begin(administrator, patients(3000, "Крахов"))
    assert work(world.denta)
    administrator.do("POST", f"{path}/start")
    process = loading_process(world)
    eventually(lambda: administrator.get_ok(path)["rows_done"] >= 200, 60)
    with world.denta.import_jobs.working() as mine:
        assert not mine
    assert not work(world.denta)
    process.send_signal(signal.SIGKILL)
    process.wait()
    job = administrator.get_ok(path)
    assert job["state"] == "importing"
    assert 0 < job["rows_done"] < job["rows_total"] == 3000
    assert eventually(lambda: work(world.denta), 20)
    done = administrator.get_ok(path)
    assert (done["state"], done["counts"]["created"]) == ("imported", 3000)
    with world.denta.database.connection() as connection:
        query = """SELECT count(*), count(DISTINCT originator_id), count(DISTINCT metadata->>'command_id') FROM events
          WHERE topic = 'patient.created.1' AND state->'name'->>'family_name' LIKE 'Крахов%'"""
        assert connection.execute(query).fetchone() == (3000, 3000, 3000)


@pytest.mark.spec("XLS-11")
def test_what_a_failed_loading_has_done_is_taken_back(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of the batch in which it failed."""
    create, asked = catalogue.create_entry, []

    def create_two(*args: Any, **rest: Any) -> Receipt:
        asked.append(1)
        if len(asked) > 2:
            raise RuntimeError("out of order")
        return create(*args, **rest)

    rows = [(f"Сбойный {number}",) for number in range(5)]
    loading = Loading(world, administrator, "counterparties", sheet(("Наименование",), *rows))
    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "create_entry", create_two)
        loading.then("start")
    assert (loading.now["state"], loading.counts) == ("failed", {"create": 5, "created": 2})
    loading.then("undo")
    assert (loading.now["state"], loading.counts) == ("undone", {"create": 5, "created": 2, "undone": 2})
    administrator.position = events(world)
    assert administrator.get_ok("/api/counterparties", q="Сбойный")["total"] == 0


@pytest.fixture
def within(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """The work of the job is done within this process, or breaks off."""

    def set_up(works: bool) -> None:
        def run(*_: object) -> int:
            return int(work(world.denta)) if works else 1

        monkeypatch.setattr(watch, "run_child", run)

    return set_up


@pytest.mark.spec("XLS-11")
def test_many_small_files_wait_no_longer_than_the_first(
    world: World, administrator: Browser, within: Callable[[bool], None]
) -> None:
    """Someone who mends a file and loads it again is not held up as a process that breaks off time and again is."""
    within(True)
    for number in range(6):
        path = begin(administrator, patients(1, f"Терпеливов{number}-"))
        assert watch.load_uploaded(world.denta, threading.Event()) == 1
        assert is_in_state(administrator, path, "checked")
    assert watch.load_uploaded(world.denta, threading.Event()) == 0


def test_work_that_breaks_off_is_a_failure_of_the_job(
    world: World, administrator: Browser, within: Callable[[bool], None]
) -> None:
    """Thus begun again after growing pauses, as every job that fails."""
    begin(administrator, patients(1, "Обрывов"))
    within(False)
    with pytest.raises(watch.LoadingBrokeOffError):
        watch.load_uploaded(world.denta, threading.Event())
    assert work(world.denta)


@pytest.mark.spec("UI-2")
def test_the_process_that_follows_the_log_works_on_files_too(world: World, administrator: Browser) -> None:
    with working(world.denta, *(one for one in WORK if one.name == "excel")):
        path = begin(administrator, patients(3, "Сторожев"))
        eventually(lambda: administrator.get_ok(path)["state"] == "checked", 60)
        administrator.do("POST", f"{path}/start")
        eventually(lambda: administrator.get_ok(path)["state"] == "imported", 60)
    assert administrator.get_ok(path)["counts"]["created"] == 3
    assert administrator.get_ok("/api/excel/imports")["items"][0]["id"] == path.rpartition("/")[2]


def test_a_loading_that_only_breaks_off_is_given_up(world: World, administrator: Browser) -> None:
    path = begin(administrator, patients(3, "Отказов"))
    with world.denta.database.connection() as connection:
        connection.execute("UPDATE excel_imports SET attempts = 5 WHERE state = 'checking'")
    assert work(world.denta)
    job = administrator.get_ok(path)
    assert job["state"] == "failed"
    assert "остановлена" in job["problem"]
