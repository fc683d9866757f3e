"""Databases for tests: fresh ones, quickly made, on the embedded server and, where DENTA_TEST_DATABASE_URL is given, there too.

The embedded server of the tests keeps its cluster in `var/test` between runs, so that a run starts in a blink; runs at the
same time share it, each with databases named after its process.
"""

import gc
import itertools
import os
from collections.abc import Callable, Generator, Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateways.embedded_postgres import EmbeddedPostgres
from services.bootstrap import prepare_schema

ROOT = Path(__file__).parent.parent
SERVER_URL = os.environ.get("DENTA_TEST_DATABASE_URL", "")
PREFIX = "denta_test_"
RUN = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
"""The process that all workers of this run come from."""


LONGEST = (
    "browser/test_screens_of_people.py",
    "browser/test_lists.py",
    "browser/test_screens.py",
    "browser/test_screens_of_visits.py",
    "browser/test_calendar.py",
    "browser/test_excel.py",
    "api/test_schemathesis.py",
    "services/test_demo.py",
    "services/test_serve.py",
    "gateways/test_embedded_postgres.py",
    "api/test_rights.py",
    "api/test_excel_columns.py",
    "projections/test_rebuilt_equals_live.py",
    "gateways/test_photographs.py",
    "api/test_excel_memory.py",
    "projections/test_takeover.py",
    "api/test_excel_import.py",
    "api/test_excel_export.py",
    "services/test_publish.py",
    "excel/test_columns.py",
    "services/test_full_disk.py",
    "api/test_excel_crash.py",
)
"""Files that take longest, in the order in which workers get them. The second file of a worker may need what the first of another
makes for both.
"""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: searching it for garbage would take two fifths of collecting."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(f"{item.path.parent.name}/{item.path.name}", len(LONGEST)))


class Databases:
    """Makes and drops databases on one server."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self._numbers = itertools.count(1)
        self._made: list[str] = []
        self._drop_those_of_the_dead()

    def url(self, name: str) -> str:
        return make_conninfo(self.admin_url, dbname=name)

    def make(self, template: str = "template0") -> str:
        """The address of a new database, a copy of the template's (a name or an address)."""
        name = f"{PREFIX}{os.getpid()}_{next(self._numbers)}"
        source = str(conninfo_to_dict(template)["dbname"]) if "=" in template or "://" in template else template
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")  # ten times quicker than by the log
        self._run(statement.format(sql.Identifier(name), sql.Identifier(source)))
        self._made.append(name)
        return self.url(name)

    def shared(self, name: str, make: Callable[[str], None], template: str) -> str:
        """The address of a database that all workers of this run share, made by the first: to be copied, not to be changed.

        It goes with those that killed runs leave.
        """
        database = f"{PREFIX}{RUN}_{name}"
        with (ROOT / "var" / "test" / f"{name}.lock").open("w") as lock:
            flock(lock, LOCK_EX)
            with psycopg.connect(self.admin_url, autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
            if known is None:
                made = self.make(template)
                make(made)
                old = str(conninfo_to_dict(made)["dbname"])
                self._run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(database)))
                self._made.remove(old)
        return self.url(database)

    def drop(self, url: str) -> None:
        name = str(conninfo_to_dict(url)["dbname"])
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in tuple(self._made):
            self.drop(self.url(name))

    def _drop_those_of_the_dead(self) -> None:
        """Runs that were killed leave databases; their names tell whose they were."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (PREFIX,)).fetchall()
        for (name,) in found:
            if not Path(f"/proc/{name.removeprefix(PREFIX).split('_')[0]}").exists():
                self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session", params=["embedded", *(["server"] if SERVER_URL else [])])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Databases on the embedded server, and on the given server in a second round."""
    if request.param == "server":
        made = Databases(SERVER_URL)
        yield made
        made.drop_all()
        return
    with EmbeddedPostgres(
        ROOT / "var" / "test", durable=False, settings={"max_connections": "300", "shared_buffers": "128MB"}
    ) as server:
        made = Databases(server.database_url("postgres"))
        yield made
        made.drop_all()


@pytest.fixture(scope="session")
def prepared_database(databases: Databases) -> str:
    """A database with the schema and nothing else: what the others are copied from. Nobody may connect to it."""
    url = databases.make()
    prepare_schema(url)
    return url


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database of this test's own without any table."""
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases, prepared_database: str) -> Iterator[str]:
    """A database of this test's own with the schema."""
    url = databases.make(prepared_database)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_database_url(databases: Databases, prepared_database: str) -> Iterator[str]:
    """A database with the schema, shared by the tests of one file."""
    url = databases.make(prepared_database)
    yield url
    databases.drop(url)
