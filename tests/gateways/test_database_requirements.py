"""A server or a database that lacks something is told in one line, before anything is made in it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from commands.ports.database import DatabaseUnsuitable
from gateways.database_requirements import EXTENSIONS
from gateways.embedded_postgres import EmbeddedPostgres
from gateways.guards.registry import GUARDS
from projections.registry import PROJECTIONS
from services.bootstrap import prepare_schema

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of these tests' own: they make databases in strange alphabets, and roles."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("fitness"), durable=False) as server:
        yield server
    shutil.rmtree(server.home)


def create_database(server: EmbeddedPostgres, name: str, how: str = "") -> str:
    with psycopg.connect(server.database_url("postgres"), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 " + how)  # type: ignore[arg-type]  # literals of this file
        connection.execute(statement.format(sql.Identifier(name)))
    return server.database_url(name)


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def reported(url: str) -> str:
    with pytest.raises(DatabaseUnsuitable) as unfit:
        prepare_schema(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relname = 'events'").fetchone() == (0,)
    return str(unfit.value)


def test_all_extensions_are_looked_for() -> None:
    of_guards = {name for guard in GUARDS for name in re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", guard.table)}
    of_read_models = {name for projection in PROJECTIONS for table in projection.tables for name in table.extensions}
    assert set(EXTENSIONS) == of_guards | of_read_models


def test_a_server_without_the_extensions(server: EmbeddedPostgres) -> None:
    """As where Debian's package with them isn't there: the server finds none of them."""
    url = create_database(server, "bare")
    tell(url, "ALTER DATABASE bare SET extension_control_path TO '/nowhere'")
    assert reported(url) == (
        "На сервере базы данных нет расширений PostgreSQL: btree_gist, pg_trgm; поставьте пакет postgresql-contrib"
    )
    tell(url, "SET extension_control_path TO '$system'; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
    prepare_schema(url)


def test_a_database_in_another_encoding(server: EmbeddedPostgres) -> None:
    url = create_database(server, "ascii", "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    assert reported(url).startswith("База данных не в UTF-8; ")


def test_a_database_that_knows_no_russian_letters(server: EmbeddedPostgres) -> None:
    url = create_database(server, "letters", "LOCALE_PROVIDER libc LOCALE 'C'")
    assert reported(url).startswith("База данных не знает русских букв; ")


def test_a_user_who_may_create_nothing_or_no_extension(server: EmbeddedPostgres) -> None:
    url = create_database(server, "owned")
    tell(url, "CREATE ROLE clerk LOGIN")
    guest = make_conninfo(url, user="clerk")
    assert reported(guest).startswith("Нет права создавать таблицы в базе данных; ")
    tell(url, "GRANT CREATE ON SCHEMA public TO clerk")
    assert reported(guest).startswith("Нет права создать в базе данных расширения btree_gist, pg_trgm; ")
    tell(url, "GRANT CREATE ON DATABASE owned TO clerk")
    prepare_schema(guest)


def test_the_operator_gets_the_line_and_nothing_else(server: EmbeddedPostgres, tmp_path: Path) -> None:
    url = create_database(server, "operated", "LOCALE_PROVIDER libc LOCALE 'C'")
    command = [sys.executable, "-m", "services.cli", "serve", "--port", "0", "--data", str(tmp_path)]
    environment = {"DENTA_DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("База данных не знает русских букв; ")
    assert len(done.stderr.splitlines()) == 1
