"""`denta serve` on a disk without space: one line at start; under way changes are refused, reading and all else go on."""

import shutil
import socket
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from gateways.embedded_postgres import EmbeddedPostgres
from tests.services.serving import Serving, until
from tests.small_disk import SmallDisk, small_disk, user_of

OPEN = ["clinic", "open", "Жемчужина", "--email", "anna@clinic.test", "--family-name", "Иванова"]
FULL = "На сервере закончилось место на диске, изменение не сохранено. Сообщите администратору."


def denta(disk: SmallDisk, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = disk.command(sys.executable, "-m", "services.cli", *arguments, "--data", str(disk.server.data))
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def serving(disk: SmallDisk, logs: Path) -> Iterator[Serving]:
    with logs.open("wb") as file:
        one = Serving(disk.server.data, on=disk, logs=file).up()
    try:
        yield one
    finally:
        one.process.terminate()
        assert one.ended()[0] == 0


@contextmanager
def desk(one: Serving, password: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=one.address + "/api", headers={"Origin": one.address}, timeout=20, trust_env=False) as client:
        client.post("/session", json={"email": "anna@clinic.test", "password": password}).raise_for_status()
        yield client


def test_a_full_data_folder_is_reported_in_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 1, folder=tmp_path / "var") as disk:
        disk.fill()
        status, _, err = Serving(tmp_path / "var", on=disk).ended()
    assert status == 1
    assert "ет места на диске" in err
    assert len(err.splitlines()) == 1


def test_a_full_disk_of_the_database_is_reported_in_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 20) as disk:
        status, out, err = Serving(tmp_path / "var", on=disk).ended()
    assert status == 1
    assert err.startswith(f"PostgreSQL не запускается: нет места на диске: в {disk.server.home} свободно 19 МБ, нужно ")
    assert (len(err.splitlines()), out) == (1, "Создаётся база данных…\n")


def test_a_disk_that_fills_up_in_a_command_is_reported_in_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 150) as disk, user_of(disk) as outcome:
        assert outcome == "ready"
        disk.fill()
        opened = denta(disk, *OPEN)
        served = Serving(tmp_path / "var", demo=True, on=disk).ended()
    assert (opened.returncode, opened.stderr) == (1, FULL + "\n")
    assert (served[0], served[2]) == (1, FULL + "\n")


def test_a_full_disk_under_its_output_is_no_obstacle(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Path("/dev/full").open("wb") as full:  # the kernel's own: every write fails as on a full disk
        one = Serving(tmp_path / "var", "--port", str(port), out=full, logs=full)
    one.address = f"http://127.0.0.1:{port}"

    def is_ready() -> bool:
        try:
            return one.is_ready
        except urllib.error.URLError:
            return False

    until(is_ready, "it serves")
    one.process.terminate()
    one.ended()
    shutil.rmtree(EmbeddedPostgres(one.data).home)


@pytest.mark.spec("OPS-4")
def test_changes_are_refused_and_reading_goes_on_until_there_is_space_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 150) as disk:
        opened = denta(disk, *OPEN)
        password = opened.stdout.rpartition(" ")[2].strip()
        # The log lines of the program lie on the same disk, as an operator may well have it.
        with serving(disk, disk.seen(disk.server.home) / "denta.log") as one, desk(one, password) as client:
            until(lambda: one.is_ready, "read models are followed")

            def create(name: str) -> httpx.Response:
                return client.post("/patients", json={"family_name": name, "comment": "x" * 2000})

            assert create("Первый").status_code == 201
            disk.fill()
            accepted = 1
            while (answer := create("Второй")).status_code == 201:  # what still fits into pages that are there
                accepted += 1
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert answer.json()["title"] == FULL
            assert client.get("/me").status_code == 200
            assert client.get("/patients").status_code == 200
            with psycopg.connect(disk.url, autocommit=True) as connection, pytest.raises(psycopg.OperationalError):
                connection.execute("CHECKPOINT")  # a checkpoint without space ends the server
            assert create("Третий").status_code == 503
            disk.give_space()
            until(lambda: one.is_ready, "all is followed again by itself")
            done = create("Четвёртый")
            assert done.status_code == 201
            shown = client.get("/patients", headers={"X-Position": done.headers["X-Position"]}).json()
            assert shown["total"] == accepted + 1
