"""How a database comes up to date: without a lock where nothing is to be done, beside bookings where something is, never back."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from aggregates.scheduling.visit import Visit
from commands.ports import denta_version
from commands.ports.clinic import Save
from commands.ports.database import DatabaseUnsuitable, ProgramOutdated
from gateways import event_schema, schema
from gateways.event_store import PostgresClinic
from gateways.guards.registry import GUARDS
from gateways.locks import SCHEMA_LOCK, WRITE_LOCK
from projections import positions
from projections.registry import PROJECTIONS
from services.bootstrap import Denta, prepare_schema
from tests.gateways.test_guards import CTX, NOW, allow, at, book, register

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden"

STARTER = """
import sys, psycopg
from services.bootstrap import prepare_schema
url, starts = sys.argv[1], int(sys.argv[2])
with psycopg.connect(url, autocommit=True) as connection:
    for _ in range(starts):
        connection.execute("UPDATE schema_parts SET revision = 0, digest = 'older' WHERE name <> 'migrations'")
        prepare_schema(url)
        prepare_schema(url)
"""
"""A program that starts again and again, each time after an update that changes every derived part of the schema."""


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    made = Denta.open(database_url)
    yield made
    made.close()


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(query.encode())
        return answer.fetchall() if answer.description else []


@pytest.mark.spec("OPS-11")
def test_a_start_with_nothing_to_do_waits_for_no_lock(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        positions.prepare(connection, PROJECTIONS)
    with psycopg.connect(database_url) as holder:
        for lock in (WRITE_LOCK, SCHEMA_LOCK, positions.PREPARE_LOCK):
            holder.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
        tables = holder.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname NOT IN ('schema_version', 'schema_parts', 'projections')"
        ).fetchall()
        holder.execute(f"LOCK TABLE {', '.join(name for (name,) in tables)} IN ACCESS EXCLUSIVE MODE".encode())
        holder.execute("LOCK TABLE schema_version, schema_parts, projections IN SHARE MODE")
        prepare_schema(database_url)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SET lock_timeout TO '1s'")
            positions.prepare(connection, PROJECTIONS)


@pytest.mark.spec("OPS-11", "CAL-5")
def test_starts_after_updates_and_bookings_at_once_refuse_nobody(denta: Denta, database_url: str) -> None:
    """Writers of two kinds, readers and starts of another process. Each start makes every table of the guards again."""
    over = threading.Event()

    def writes(doctor: UUID) -> list[UUID]:
        clinic, booked = PostgresClinic(denta.database, denta.decoders), []
        while not over.is_set():
            booked.append(book(clinic, at(8 + len(booked) * 0.01, 0.01, doctor)).id)
        return booked

    def reads() -> None:
        while not over.is_set():
            for table in ("events", "guard_doctor_time", "guard_email", "sessions", "commands"):
                with denta.database.connection() as connection:
                    connection.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT 1) AS one".encode())

    with ThreadPoolExecutor(4) as pool:
        writers, reader = [pool.submit(writes, uuid4()) for _ in range(3)], pool.submit(reads)
        try:
            command = [sys.executable, "-c", STARTER, database_url, "6"]
            started = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        finally:
            over.set()
        booked = {id_ for writer in writers for id_ in writer.result()}
        reader.result()
    assert (started.returncode, started.stderr) == (0, "")
    assert len(booked) > 20
    assert {id_ for (id_,) in ask(database_url, "SELECT id FROM guard_doctor_time")} == booked
    assert ask(database_url, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]


@pytest.mark.spec("OPS-11")
def test_a_table_that_others_hold_is_waited_for_in_short_turns(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers queue behind a waiting change of a table, bookings behind the write lock: neither is refused for it."""
    monkeypatch.setattr(schema, "PATIENCE_SECONDS", 20.0)
    ask(database_url, "DELETE FROM schema_parts WHERE name = 'guard email'")
    with psycopg.connect(database_url) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("SELECT count(*) FROM guard_email")  # an open transaction, such as a long export's
        preparing = pool.submit(prepare_schema, database_url)
        denta = Denta.open(database_url)
        for hour in range(8, 18):
            book(denta.clinic, at(hour))
            with denta.database.connection() as connection:
                connection.execute("SELECT count(*) FROM guard_email")
        assert not preparing.done()
        holder.rollback()
        preparing.result(timeout=20)
        denta.close()


@pytest.fixture
def old_database_url(empty_database_url: str) -> str:
    """A database as the last program made it that knew no revisions."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute((GOLDEN / "schema_before_revisions.sql").read_bytes())
    return empty_database_url


@pytest.mark.spec("OPS-11")
def test_a_database_from_before_the_revisions_comes_up_to_date_by_itself(old_database_url: str) -> None:
    denta = Denta.open(old_database_url)
    known = {name for (name,) in ask(old_database_url, "SELECT name FROM guard_shapes")}
    then = PostgresClinic(denta.database, denta.decoders, [guard for guard in GUARDS if guard.name in known])
    allow(then, "several")
    before, card = book(then, at(10), number=1), register(then, "100")
    denta.prepare_schema()
    rules = ask(old_database_url, "SELECT one_patient_at_once, forbids_missing_goods FROM guard_clinic_rules")
    assert rules == [(False, False)], "it has a column more by now"
    assert ask(old_database_url, "SELECT id, room FROM guard_doctor_time") == [(before.id, "")], "it has another shape by now"
    after = book(denta.clinic, at(11))
    assert ask(old_database_url, "SELECT id FROM guard_doctors_patients ORDER BY doctor_id, ctid") == [
        (before.id,),
        (after.id,),
    ], "a new guard has what was before it too"
    assert denta.clinic.load(Visit, before.id).slot == at(10)
    numbers = ask(old_database_url, "SELECT number FROM guard_card_number")
    assert (numbers, card.card_number) == ([("100",)], "100")
    prepared = ask(old_database_url, "SELECT name, revision, digest FROM schema_parts")
    expected = {p.name: (p.revision, p.digest) for p in schema.parts(GUARDS)}
    assert {row[0]: row[1:] for row in prepared if row[0] != "migrations"} == expected
    denta.close()


@pytest.mark.spec("OPS-11")
def test_a_program_from_before_the_revisions_goes_no_further_than_its_first_look(old_database_url: str) -> None:
    prepare_schema(old_database_url)
    with pytest.raises(psycopg.errors.RaiseException, match="более новой версией Denta"):
        ask(old_database_url, "SELECT name, digest FROM guard_shapes")


@pytest.mark.spec("OPS-11")
@pytest.mark.parametrize(
    ("newer", "line"),
    [
        (
            "UPDATE schema_parts SET revision = revision + 1 WHERE name = 'append'",
            "«append» в ней редакции 3, а эта программа знает 2",
        ),
        ("INSERT INTO schema_parts VALUES ('guard tide', 1, '')", "«guard tide» в ней редакции 1, а эта программа её не знает"),
        ("UPDATE schema_parts SET digest = '' WHERE name = 'guard email'", "«guard email» в ней той же редакции 2, но иная"),
        (
            "INSERT INTO schema_version VALUES (9999, 'cash', '', now(), '0.9.0')",
            f"миграция 9999 «cash» (Denta 0.9.0), а эта программа знает {len(schema.MIGRATIONS)}",
        ),
        (
            "UPDATE schema_version SET digest = '' WHERE number = 2",
            f"миграция 2 «dental_codes» (Denta {denta_version.version()}) в ней иная",
        ),
    ],
)
def test_older_code_leaves_a_newer_schema_alone(database_url: str, newer: str, line: str) -> None:
    ask(database_url, newer)
    ask(database_url, "DELETE FROM schema_parts WHERE name = 'guard card_number'")
    ask(database_url, "CREATE OR REPLACE FUNCTION denta_append(appends json) RETURNS jsonb RETURN '[]'::jsonb")
    denta = Denta.open(database_url)
    for way in (denta.prepare_schema, denta.require_known_schema):
        with pytest.raises(DatabaseUnsuitable, match=re.escape(line)):
            way()
    denta.close()
    assert ask(database_url, "SELECT denta_append('[]')") == [([],)], "newer code's function stays"


@pytest.mark.spec("OPS-11", "CAL-5")
def test_a_program_that_goes_on_beside_newer_guards_writes_nothing_past_them(denta: Denta) -> None:
    known = book(denta.clinic, at(10))
    newer = (*GUARDS[:-1], replace(GUARDS[-1], revision=GUARDS[-1].revision + 1))
    with denta.database.connection() as connection:
        for function in event_schema.append_functions(newer):
            connection.execute(function.encode())
    with pytest.raises(ProgramOutdated):
        book(denta.clinic, at(11))
    saves = []
    for _ in range(2):
        visit = denta.clinic.load(Visit, known.id)
        visit.trigger(Visit.Deleted, at=NOW)
        saves.append(Save(aggregate=visit, ctx=CTX))
    assert [type(outcome) for outcome in denta.clinic.save_each(saves)] == [ProgramOutdated] * 2
    assert denta.clinic.load(Visit, known.id).version == known.version


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["api", "--port", "0"], ["projections", "status"]])
def test_the_operator_learns_of_a_newer_database_in_one_line(module_database_url: str, tmp_path: Path, words: list[str]) -> None:
    ask(module_database_url, "UPDATE schema_parts SET revision = 99 WHERE name = 'append'")
    command = [sys.executable, "-m", "services.cli", *words, "--data", str(tmp_path)]
    environment = {"DENTA_DATABASE_URL": module_database_url, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("База данных подготовлена более новой версией Denta: «append» в ней редакции 99, ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.spec("OPS-3")
def test_an_event_of_newer_code_is_reported_plainly_by_object_history_and_guards(denta: Denta) -> None:
    visit, other = book(denta.clinic, at(10)), book(denta.clinic, at(11))
    with denta.database.connection() as connection:
        connection.execute(
            "INSERT INTO events (position, originator_id, originator_version, topic, state, metadata)"
            " VALUES ((SELECT max(position) + 1 FROM events), %s, 2, 'visit.teleported.1', '{}', '{}')",
            (visit.id,),
        )
    fresh = PostgresClinic(denta.database, denta.decoders)
    for read in (lambda: fresh.load(Visit, visit.id), denta.rebuild_guards):
        with pytest.raises(ProgramOutdated) as outdated:
            read()
        assert outdated.value.facts == {"topic": "visit.teleported.1"}
    assert fresh.load(Visit, other.id).version == 1
    (left,) = ask(denta.database.url, "SELECT count(*) FROM guard_doctor_time")
    assert left == (2,), "a refused rebuild changes nothing"
