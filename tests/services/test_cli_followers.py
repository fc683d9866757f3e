"""`denta status` and `denta followers` as an operator types them."""

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psycopg
import pytest

from projections import positions
from projections.registry import PROJECTIONS
from services import registry
from services.background.declaration import Follower
from services.cli import __main__ as cli
from services.process import logs

Type = Callable[..., "Typed"]
STOPPED = (
    "insert into background_work (name, kind, position, status, error, failed_position, failed_event, failed_topic, attempts)"
    " values ('sms', 'follower', 6, 'stopped', 'ValueError', 7, 'x/1', 'visit.moved.1', 5)"
)


class Typed(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def connection(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    monkeypatch.setattr(registry, "WORK", (*registry.WORK, Follower("sms", (), lambda _: None)))
    with psycopg.connect(database_url, autocommit=True) as connection:
        positions.prepare(connection, PROJECTIONS)
        yield connection


@pytest.fixture
def denta(
    connection: psycopg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Type:
    """The command line in this process, as its entry point runs it."""
    monkeypatch.setenv("DENTA_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(logs, "configure", lambda *_: None)

    def run(*words: str) -> Typed:
        monkeypatch.setattr(sys, "argv", ["denta", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Typed(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.mark.spec("OPS-3")
def test_status_names_the_one_that_stopped_and_at_which_event(denta: Type, connection: psycopg.Connection) -> None:
    quiet = denta("status")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert "Одно и то же" not in quiet.stdout
    for name in ("calendar", "pruning", "sms"):
        assert name in quiet.stdout
    assert "ещё не начинал" in quiet.stdout
    connection.execute(STOPPED)
    stopped = denta("status")
    assert stopped.returncode == 1
    assert "sms: остановился перед событием 7 (visit.moved.1)\n  ValueError" in stopped.stdout
    assert "denta followers retry sms" in stopped.stdout
    assert "denta followers skip sms" in stopped.stdout


def test_retry_lets_it_try_again(denta: Type, connection: psycopg.Connection) -> None:
    connection.execute(STOPPED)
    assert denta("followers", "retry", "sms").stdout == "Пробует снова: sms\n"
    assert denta("status").returncode == 0
    again = denta("followers", "retry", "sms")
    assert (again.returncode, again.stderr) == (1, "«sms» не стоит: повторять нечего.\n")


def test_skip_leaves_one_event_out_and_says_who_did_so(denta: Type, connection: psycopg.Connection) -> None:
    assert denta("followers", "skipped").stdout == "Ничего не пропущено.\n"
    connection.execute(STOPPED)
    done = denta("followers", "skip", "sms")
    assert "sms: событие 7 (visit.moved.1) пропущено" in done.stdout
    assert connection.execute("select position, status from background_work").fetchone() == (7, "running")
    shown = denta("followers", "skipped").stdout
    assert "visit.moved.1" in shown
    assert "@" in shown
    again = denta("followers", "skip", "sms")
    assert (again.returncode, again.stderr) == (1, "«sms» не остановился на событии: пропускать нечего.\n")


def test_rewind_begins_again_after_a_position(denta: Type, connection: psycopg.Connection) -> None:
    connection.execute(STOPPED)
    assert denta("followers", "rewind", "sms", "--to", "2", "--yes").stdout == "sms: начинает после события 2\n"
    assert connection.execute("select position, status from background_work").fetchone() == (2, "running")
    refused = denta("followers", "rewind", "sms", "--to", "2", "--yes")
    assert (refused.returncode, refused.stderr) == (1, "«sms» ещё не дошёл до события 3 или не следит за журналом.\n")


def test_an_unknown_name_is_one_line(denta: Type) -> None:
    for command in ("retry", "skip"):
        refused = denta("followers", command, "nonsense")
        assert (refused.returncode, refused.stderr) == (
            1,
            "Фоновой работы «nonsense» нет. Есть: publish, excel, fiscal_receipts, pruning, sms.\n",
        )


def test_publishing_without_brokers_is_refused_by_one_line(denta: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = denta("publish")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "задайте DENTA_KAFKA" in refused.stderr
    monkeypatch.setenv("DENTA_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("DENTA_KAFKA_PARTITIONS", "many")
    refused = denta("publish")
    assert (refused.returncode, refused.stderr) == (1, "DENTA_KAFKA_PARTITIONS: нужно число больше нуля, а не «many».\n")


@pytest.mark.spec("OPS-3", "PAT-1")
def test_status_names_objects_of_a_damaged_log_that_share_what_should_be_unique(
    denta: Type, connection: psycopg.Connection
) -> None:
    cards = "insert into guard_card_number (id, number) select gen_random_uuid(), unnest(array['7', '7', '8']) returning id"
    ids = [id_ for (id_,) in connection.execute(cards).fetchall()]
    answer = denta("status")
    assert answer.returncode == 0
    assert "Одно и то же у нескольких объектов (card_number: 7):" in answer.stdout
    assert [f"denta history {id_}" in answer.stdout for id_ in ids] == [True, True, False]
