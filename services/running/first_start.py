"""The first start of a private server: the demonstration is loaded into another database, which then takes the empty one's name.

Both renames are one transaction, so an interrupted start, even by kill -9, leaves either the empty database or the whole
demonstration; the next start repeats the loading or has nothing to do.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from commands.ports.private_server import PrivateServer
from services.bootstrap import Denta

LOADING = "denta_loading"
EMPTY = "denta_empty"
MARK = "demonstration"
"""The comment of a database with the demonstration: its logins may be printed."""

Load = Callable[[Denta], None]


def load_into_new(server: PrivateServer, files: Path, load: Load) -> bool:
    """Fill the server's database if it has no events; whether it was. `files`: the folder of the installation's files.
    DatabaseUnsuitable if newer code has prepared it.
    """
    url = server.database_url()
    if _holds_events(url):
        return False
    with closing(Denta.open(url)) as denta:
        denta.require_known_schema()
    ours = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(server.database_url("postgres"), autocommit=True) as admin:
        for leftover in (LOADING, EMPTY):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(leftover)))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(LOADING)))
        admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(sql.Identifier(LOADING)))
        with closing(Denta.open(server.database_url(LOADING), files=files)) as denta:
            denta.prepare_schema()
            load(denta)
        with admin.transaction():
            admin.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(sql.Identifier(LOADING)))
            admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(LOADING), sql.Literal(MARK)))
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(ours), sql.Identifier(EMPTY)))
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(LOADING), sql.Identifier(ours)))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(EMPTY)))
    return True


def holds_demonstration(url: str) -> bool:
    with psycopg.connect(url) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = current_database()"
        return connection.execute(query, (MARK,)).fetchone() == (True,)


def _holds_events(url: str) -> bool:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('events')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM events)").fetchone() == (True,)
