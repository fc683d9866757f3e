"""The first start leaves the whole demonstration or nothing of it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from commands.clinic.opening import is_open, open_clinic
from commands.context import Context
from commands.ports.database import DatabaseUnsuitable
from gateways.embedded_postgres import EmbeddedPostgres
from services.bootstrap import Denta
from services.running.first_start import holds_demonstration, load_into_new

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("first") / "var", durable=False) as server:
        yield server
    shutil.rmtree(server.home)


@pytest.fixture
def server(running: EmbeddedPostgres) -> EmbeddedPostgres:
    """As after its creation: one empty database."""
    with psycopg.connect(running.database_url("postgres"), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS denta WITH (FORCE)")
        admin.execute("CREATE DATABASE denta")
    return running


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The installation's folder."""
    return tmp_path / "files"


def open_one(denta: Denta) -> None:
    administrator = {"family_name": "Иванова", "given_name": "Анна"}
    ctx = Context(now=NOW, command="open_clinic")
    open_clinic(
        denta.clinic, ctx, name="Жемчужина", region="77", administrator=administrator, email="a@denta.demo", password_hash="x"
    )


def holds_clinic(server: EmbeddedPostgres) -> bool:
    denta = Denta.open(server.database_url())
    try:
        denta.prepare_schema()
        return is_open(denta.clinic)
    finally:
        denta.close()


def databases(server: EmbeddedPostgres) -> set[str]:
    with psycopg.connect(server.database_url("postgres")) as admin:
        return {name for (name,) in admin.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")}


def test_an_empty_database_gets_the_demonstration_once(server: EmbeddedPostgres, files: Path) -> None:
    def open_with_a_file(denta: Denta) -> None:
        open_one(denta)
        denta.files.keep(b"picture", "image/jpeg")

    assert load_into_new(server, files, open_with_a_file)
    assert [one.read_bytes() for one in files.rglob("*") if one.is_file()] == [b"picture"]
    assert holds_clinic(server)
    assert holds_demonstration(server.database_url())
    assert not load_into_new(server, files, lambda _: pytest.fail("loaded again"))


def test_an_interrupted_load_leaves_the_database_empty_and_the_next_start_loads_again(
    server: EmbeddedPostgres, files: Path
) -> None:
    def interrupted(denta: Denta) -> None:
        open_one(denta)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_into_new(server, files, interrupted)
    assert not holds_clinic(server)
    assert load_into_new(server, files, open_one)
    assert databases(server) == {"postgres", "denta"}


def test_a_database_with_a_clinic_of_its_own_is_left_alone(server: EmbeddedPostgres, files: Path) -> None:
    denta = Denta.open(server.database_url())
    denta.prepare_schema()
    open_one(denta)
    denta.close()
    assert not load_into_new(server, files, lambda _: pytest.fail("loaded over it"))
    assert not holds_demonstration(server.database_url())


@pytest.mark.spec("OPS-11")
def test_an_empty_database_that_newer_code_has_prepared_is_left_alone(server: EmbeddedPostgres, files: Path) -> None:
    denta = Denta.open(server.database_url())
    denta.prepare_schema()
    with denta.database.connection() as connection:
        connection.execute("INSERT INTO schema_version VALUES (9999, 'cash', '', now(), '9.0.0')")
    with pytest.raises(DatabaseUnsuitable):
        load_into_new(server, files, lambda _: pytest.fail("loaded over it"))
    with denta.database.connection() as connection:
        assert connection.execute("SELECT max(number) FROM schema_version").fetchone() == (9999,)
    denta.close()
