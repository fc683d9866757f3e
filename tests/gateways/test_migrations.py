"""Numbered migrations: each once, whole or not at all, and a database of any earlier program becomes what a new one is."""

import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aggregates.scheduling.visit import Visit
from gateways import schema
from gateways.database import Database
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic
from gateways.guards.registry import GUARDS
from gateways.schema_version import FOLDER, Migration, migrations
from services.bootstrap import Denta, prepare_schema
from tests.gateways.test_guards import at, book, register

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
NEXT = len(schema.MIGRATIONS) + 1

CATALOG = """
SELECT 'column ' || c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
  pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
UNION ALL SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) FROM pg_proc p
WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'sequence ' || sequencename, concat_ws(' ', data_type, start_value, increment_by, cycle) FROM pg_sequences
UNION ALL SELECT 'extension ' || extname, extversion FROM pg_extension
UNION ALL SELECT 'part ' || name, revision || ' ' || digest FROM schema_parts
UNION ALL SELECT 'migration ' || number, name || ' ' || digest FROM schema_version
"""
"""Everything that a database's schema is made of, whatever order its columns came in."""


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(query.encode())
        return answer.fetchall() if answer.description else []


def prepare(url: str, known: tuple[Migration, ...]) -> bool:
    """As a program that knows these migrations."""
    database = Database(url)
    try:
        with database.pinned() as connection:
            return schema.prepare(connection, GUARDS, decoders(()), NOW, known)
    finally:
        database.close()


def with_next(folder: Path, *scripts: str, suffix: str = ".sql") -> tuple[Migration, ...]:
    """The landed migrations and some more."""
    folder.mkdir(exist_ok=True)
    for file in FOLDER.glob("0*"):
        (folder / file.name).write_bytes(file.read_bytes())
    for number, script in enumerate(scripts, start=NEXT):
        (folder / f"{number:04}_more{suffix}").write_text(script)
    return migrations(folder)


def test_a_landed_migration_never_changes() -> None:
    """A new migration gets its line in the golden file. Where another line differs: undo the change, write a new migration."""
    golden = json.loads((GOLDEN / "migrations.json").read_text())
    assert golden == {f"{migration.number:04}_{migration.name}": migration.digest for migration in schema.MIGRATIONS}


@pytest.mark.parametrize(
    ("names", "wrong"),
    [(["0001_a.sql", "0003_b.sql"], "0003_b.sql"), (["0001_a.sql", "0001_b.py"], "0001_b.py"), (["1_a.sql"], "1_a.sql")],
)
def test_numbers_leave_no_gap_and_never_meet(tmp_path: Path, names: list[str], wrong: str) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ValueError, match=re.escape(wrong)):
        migrations(tmp_path)


def test_every_migration_stays_within_its_transaction(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        own = connection.execute("SELECT pg_current_xact_id()").fetchone()
        for migration in schema.MIGRATIONS:
            migration.run(connection, NOW)
            assert connection.execute("SELECT pg_current_xact_id()").fetchone() == own, migration.name


@pytest.mark.spec("OPS-11")
@pytest.mark.parametrize("before", ["schema_before_revisions.sql", "schema_before_migrations.sql"])
def test_a_database_of_an_earlier_program_becomes_what_a_new_one_is(
    empty_database_url: str, prepared_catalog: dict[str, str], before: str
) -> None:
    ask(empty_database_url, (GOLDEN / before).read_text())
    denta = Denta.open(empty_database_url)
    then = PostgresClinic(denta.database, denta.decoders, known_guards(empty_database_url))
    visit, card = book(then, at(10), number=1), register(then, "100")
    denta.prepare_schema()
    assert dict(ask(empty_database_url, CATALOG)) == prepared_catalog
    assert denta.clinic.load(Visit, visit.id).slot == at(10)
    assert ask(empty_database_url, "SELECT number FROM guard_card_number") == [("100",)]
    assert (card.card_number, book(denta.clinic, at(11)).number) == ("100", visit.number + 1)
    denta.close()


def known_guards(url: str) -> list[Any]:
    """The guards that an earlier program had."""
    (parts,) = ask(url, "SELECT to_regclass('schema_parts') IS NOT NULL")
    known = "SELECT name FROM schema_parts" if parts == (True,) else "SELECT 'guard ' || name FROM guard_shapes"
    names = {name for (name,) in ask(url, known)}
    return [guard for guard in GUARDS if f"guard {guard.name}" in names]


@pytest.fixture
def prepared_catalog(database_url: str) -> dict[str, str]:
    """Of a new database."""
    return dict(ask(database_url, CATALOG))


@pytest.mark.spec("OPS-11")
def test_the_last_program_that_knew_parts_alone_ends_at_one_that_it_doesnt_know(empty_database_url: str) -> None:
    """It refuses a database in which a part is unknown to it, with a line of its own, before it locks or changes anything."""
    ask(empty_database_url, (GOLDEN / "schema_before_migrations.sql").read_text())
    known = {name for (name,) in ask(empty_database_url, "SELECT name FROM schema_parts")}
    prepare_schema(empty_database_url)
    now = {name for (name,) in ask(empty_database_url, "SELECT name FROM schema_parts")}
    assert ("migrations" in now - known, len(known)) == (True, 18)


@pytest.mark.spec("OPS-11")
def test_processes_that_start_at_once_apply_each_migration_once(empty_database_url: str, tmp_path: Path) -> None:
    known = with_next(tmp_path, "CREATE TABLE ran (n integer); SELECT pg_sleep(0.2)", "INSERT INTO ran VALUES (1)")
    together = threading.Barrier(3)

    def start() -> bool:
        together.wait()
        return prepare(empty_database_url, known)

    with ThreadPoolExecutor(3) as pool:
        assert any(done.result() for done in [pool.submit(start) for _ in range(3)])
    assert ask(empty_database_url, "SELECT n FROM ran") == [(1,)]
    assert ask(empty_database_url, "SELECT number FROM schema_version ORDER BY 1") == [(m.number,) for m in known]
    assert not prepare(empty_database_url, known)


PYTHON = """
def migrate(connection, now):
    connection.execute("CREATE TABLE {} (n integer)")
    {}
"""


@pytest.mark.spec("OPS-11")
@pytest.mark.parametrize(
    ("suffix", "good", "bad"),
    [
        (".sql", "CREATE TABLE whole (n integer)", "CREATE TABLE half (n integer); SELECT 1 / 0"),
        (".py", PYTHON.format("whole", "pass"), PYTHON.format("half", "raise ZeroDivisionError")),
    ],
)
def test_a_migration_that_fails_leaves_nothing_half(database_url: str, tmp_path: Path, suffix: str, good: str, bad: str) -> None:
    with pytest.raises((psycopg.errors.DivisionByZero, ZeroDivisionError)):
        prepare(database_url, with_next(tmp_path, good, bad, suffix=suffix))
    tables = "SELECT to_regclass('whole')::text, to_regclass('half')::text, (SELECT max(number) FROM schema_version)"
    assert ask(database_url, tables) == [("whole", None, NEXT)], "the one before it stays"
    mended = with_next(tmp_path, good, bad.replace("SELECT 1 / 0", "").replace("raise ZeroDivisionError", "pass"), suffix=suffix)
    prepare(database_url, mended)
    assert ask(database_url, tables) == [("whole", "half", NEXT + 1)]


KILLED = """
import sys
from pathlib import Path
from gateways.schema_version import migrations
from tests.gateways.test_migrations import prepare
prepare(sys.argv[1], migrations(Path(sys.argv[2])))
"""


@pytest.mark.spec("OPS-11")
def test_a_program_killed_in_the_middle_of_a_migration_leaves_nothing_half(database_url: str, tmp_path: Path) -> None:
    with_next(tmp_path, "CREATE TABLE half (n integer); SELECT pg_sleep(600)")
    program = subprocess.Popen([sys.executable, "-c", KILLED, database_url, str(tmp_path)], cwd=ROOT)
    try:
        sleeping = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        deadline = time.monotonic() + 20
        while not ask(database_url, sleeping):
            assert program.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        program.kill()
        program.wait()
    prepare(database_url, with_next(tmp_path, "CREATE TABLE whole (n integer)"))
    assert ask(database_url, "SELECT to_regclass('whole')::text, to_regclass('half')::text") == [("whole", None)]


@pytest.mark.spec("OPS-11", "CAL-5")
def test_bookings_go_on_while_a_migration_waits_for_a_table(database_url: str, tmp_path: Path) -> None:
    known = with_next(tmp_path, "ALTER TABLE viewings ADD COLUMN place text")
    denta = Denta.open(database_url)
    with psycopg.connect(database_url) as reader, ThreadPoolExecutor(1) as pool:
        reader.execute("SELECT count(*) FROM viewings")  # an open transaction, such as a long export's
        preparing = pool.submit(prepare, database_url, known)
        for hour in range(8, 18):
            book(denta.clinic, at(hour))
        assert not preparing.done()
        reader.rollback()
        assert preparing.result(timeout=20)
    book(denta.clinic, at(18))  # by the program of before, which goes on
    denta.close()


@pytest.mark.spec("OPS-11")
def test_a_migration_lets_the_program_before_it_go_on() -> None:
    scripts = [migration.script for migration in schema.MIGRATIONS[1:] if migration.script.suffix == ".sql"]
    assert {script.name: judged(script) for script in scripts} == {script.name: "" for script in scripts}


@pytest.mark.parametrize(
    ("harm", "rule"),
    [
        ("ALTER TABLE sessions DROP COLUMN device", "ban-drop-column"),
        ("ALTER TABLE sessions RENAME COLUMN device TO browser", "renaming-column"),
        ("ALTER TABLE sessions ADD COLUMN place text NOT NULL", "adding-required-field"),
        ("DROP TABLE sessions", "ban-drop-table"),
        ("COMMIT", "transaction-nesting"),
        ("ALTER TABLE sessions ALTER address SET NOT NULL", "adding-not-nullable-field"),
    ],
)
def test_a_migration_that_would_stop_a_running_program_is_found(tmp_path: Path, harm: str, rule: str) -> None:
    script = tmp_path / "0003_harm.sql"
    script.write_text(harm + ";\n")
    assert rule in judged(script)


def judged(script: Path) -> str:
    """What speaks against a migration; nothing where nothing does. `.squawk.toml` has the rules."""
    command = [Path(sys.executable).with_name("squawk"), "--config", ROOT / ".squawk.toml", "--reporter", "gcc", script]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
