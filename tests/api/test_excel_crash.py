"""Loading goes on where a killed process left off, nothing is doubled, and others are let through meanwhile."""

import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from services.excel.loading import work
from services.excel.watch import ImportWatch
from tests.api.world import Browser, World, eventually

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
    told = administrator.get_ok(path)
    assert told["state"] == "importing"
    assert 0 < told["rows_done"] < told["rows_total"] == 3000
    assert eventually(lambda: work(world.denta), 20)
    done = administrator.get_ok(path)
    assert (done["state"], done["counts"]["created"]) == ("imported", 3000)
    with world.denta.database.connection() as connection:
        query = """SELECT count(*), count(DISTINCT originator_id), count(DISTINCT metadata->>'command_id') FROM events
          WHERE topic = 'patient.created.1' AND state->'name'->>'family_name' LIKE 'Крахов%'"""
        assert connection.execute(query).fetchone() == (3000, 3000, 3000)


@pytest.mark.spec("UI-2")
def test_whoever_follows_the_log_works_on_files_too(world: World, administrator: Browser) -> None:
    watch = ImportWatch(world.denta)
    watch.start()
    try:
        path = begin(administrator, patients(3, "Сторожев"))
        eventually(lambda: administrator.get_ok(path)["state"] == "checked", 60)
        administrator.do("POST", f"{path}/start")
        eventually(lambda: administrator.get_ok(path)["state"] == "imported", 60)
    finally:
        watch.stop()
    assert administrator.get_ok(path)["counts"]["created"] == 3
    assert administrator.get_ok("/api/excel/imports")["items"][0]["id"] == path.rpartition("/")[2]


def test_a_loading_that_only_breaks_off_is_given_up(world: World, administrator: Browser) -> None:
    path = begin(administrator, patients(3, "Отказов"))
    with world.denta.database.connection() as connection:
        connection.execute("UPDATE excel_imports SET attempts = 5 WHERE state = 'checking'")
    assert work(world.denta)
    told = administrator.get_ok(path)
    assert told["state"] == "failed"
    assert "остановлена" in told["problem"]
