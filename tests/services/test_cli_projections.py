"""`denta projections` as an operator types it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections import positions
from projections.derivation import Derivation, TableNames
from projections.people.patients import PATIENTS
from projections.registry import PROJECTIONS
from readmodels.table import Table
from services.bootstrap import Denta
from services.cli import __main__ as cli
from tests.projections.folding import fold_all
from tests.projections.histories import History

Type = Callable[..., "Typed"]


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    """A clinic with some history; its read models have caught up."""
    denta = Denta.open(database_url)
    History(denta.clinic).run([("hire", 1), ("create_patient", 2), ("create_patient", 3)])
    with psycopg.connect(database_url, autocommit=True) as connection:
        positions.prepare(connection, PROJECTIONS)
        connection.execute("update projections set position = %s", (fold_all(connection, denta.decoders),))
        yield connection
    denta.close()


class Typed(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def denta(
    connection: psycopg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Type:
    """The command line in this process, as its entry point runs it."""
    monkeypatch.setenv("DENTA_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Typed:
        monkeypatch.setattr(sys, "argv", ["denta", "projections", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Typed(int(ended.value.code or 0), out, err)

    return run


@pytest.mark.spec("OPS-1")
def test_rebuild_says_what_it_changed_and_diff_what_it_would(denta: Type, connection: psycopg.Connection) -> None:
    connection.execute(
        "update patients set family_name = 'Чужая' where patient_id = (select min(patient_id::text)::uuid from patients)"
    )
    seen = denta("diff", "patients")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert "добавлено 0, убрано 0, изменено 1" in seen.stdout
    assert "изменены столбцы: family_name (1)" in seen.stdout
    assert "Чужая" not in seen.stdout
    assert "Чужая" in denta("diff", "patients", "--values").stdout
    done = denta("rebuild", "--all")
    assert done.returncode == 0
    assert "family_name (1)" in done.stdout
    assert "journal: перестроена" in done.stdout
    assert connection.execute("select count(*) from patients where family_name = 'Чужая'").fetchone() == (0,)
    again = denta("rebuild", "patients")
    assert "различий нет" in again.stdout


def test_the_past_is_built_beside_listed_and_dropped(denta: Type, connection: psycopg.Connection) -> None:
    built = denta("rebuild", "patients", "--until", "3")
    assert "Состояние на событие 3: patients__until_3" in built.stdout
    assert connection.execute("select count(*) from patients__until_3").fetchone() == (0,)
    by_time = denta("rebuild", "patients", "--until", "2000-01-01T00:00")
    assert "patients__until_0" in by_time.stdout
    assert "patients__until_3" in denta("list").stdout
    assert denta("drop", "patients__until_3").returncode == 0
    refused = denta("drop", "patients")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Таблицы прошлого состояния «patients» нет" in refused.stderr


@pytest.mark.spec("OPS-3")
def test_status_names_what_stopped_and_resume_lets_it_go_on(denta: Type, connection: psycopg.Connection) -> None:
    quiet = denta("status")
    assert quiet.returncode == 0
    assert "никто не ведёт" in quiet.stdout
    connection.execute(
        "update projections set status = 'failed', failed_position = 7, failed_topic = 'visit.moved.1', error = 'LookupError' "
        "where name = 'calendar'"
    )
    stopped = denta("status")
    assert stopped.returncode == 1
    assert "calendar: остановилась перед событием 7 (visit.moved.1)" in stopped.stdout
    assert "denta projections resume calendar" in stopped.stdout
    assert "Идут дальше: calendar" in denta("resume", "--all").stdout
    assert denta("status").returncode == 0


class PlaceRow(msgspec.Struct, frozen=True):
    """Which one a patient is by name."""

    patient_id: UUID
    place: int


def fill_places(_: Any, writing: psycopg.Connection, tables: TableNames) -> None:
    query = "insert into {} select patient_id, row_number() over (order by family_name, patient_id) from {}"
    writing.execute(SQL(query).format(Identifier(tables.derived), Identifier(tables.source)))


def fill_nothing(*_: Any) -> None:
    raise LookupError("Чужая")


@pytest.mark.spec("OPS-1")
def test_derived_rows_are_listed_compared_and_rebuilt_with_their_source(
    denta: Type, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Derivation(Table("patient_places", PlaceRow, key=("patient_id",)), fill_nothing, fill_places)
    placed = replace(PATIENTS, derivation=places)
    monkeypatch.setattr("projections.registry.PROJECTIONS", [placed if p is PATIENTS else p for p in PROJECTIONS])
    assert "patient_id; patient_places: patient_id" in denta("list").stdout
    assert "patient_places (производная): строк 2: добавлено 2, убрано 0, изменено 0" in denta("rebuild", "patients").stdout
    connection.execute("update patient_places set place = 7 where place = 1")
    seen = denta("diff", "patients").stdout
    assert "  строк 2, различий нет\n  patient_places (производная): строк 2: добавлено 0, убрано 0, изменено 1\n" in seen
    assert "изменены столбцы: place (1)" in seen
    assert (
        "Состояние на событие 3: patients__until_3, patient_places__until_3"
        in denta("rebuild", "patients", "--until", "3").stdout
    )
    broken = replace(placed, derivation=replace(places, fill=fill_nothing))
    monkeypatch.setattr("projections.registry.PROJECTIONS", [broken])
    refused = denta("rebuild", "patients")
    assert refused.returncode == 1
    assert refused.stderr.startswith("patient_places: производные строки не строятся: LookupError: …")
    assert len(refused.stderr.splitlines()) == 1


def test_what_cant_be_done_is_one_line(denta: Type) -> None:
    for words, line in (
        (("rebuild", "nonsense"), "Проекции «nonsense» нет."),
        (("rebuild",), "Назовите проекции или добавьте --all."),
        (("rebuild", "patients", "--until", "вчера"), "«вчера» – не номер события и не момент."),
    ):
        refused = denta(*words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith(line)
        assert refused.stderr.count("\n") == 1


def test_what_a_killed_rebuild_left_is_seen_and_tidied_up(denta: Type, connection: psycopg.Connection) -> None:
    assert "Осталось" not in denta("status").stdout
    connection.execute("create table calendar__next ()")
    shown = denta("status")
    assert "Осталось от прерванных перестроений: calendar__next (0.0 МБ)." in shown.stdout
    assert "projections tidy" in shown.stdout
    assert denta("tidy").stdout == "Удалено: calendar__next\n"
    assert denta("tidy").stdout == "Убирать нечего.\n"
    assert connection.execute("select to_regclass('calendar__next')").fetchone() == (None,)


@pytest.mark.spec("OPS-11")
def test_what_only_shows_prepares_nothing(denta: Type, connection: psycopg.Connection) -> None:
    connection.execute("drop table calendar")
    connection.execute("delete from schema_parts where name = 'guard email'")
    for words in (("status",), ("list",), ("diff", "patients")):
        assert denta(*words).returncode == 0
    refused = denta("diff", "calendar")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert connection.execute("select to_regclass('calendar')").fetchone() == (None,)
    assert connection.execute("select from schema_parts where name = 'guard email'").fetchone() is None
