"""Numbered migrations, which create and change everything that isn't rebuilt from the log (ADR 17).

A migration is `gateways/migrations/NNNN_name.sql`, or `NNNN_name.py` with `migrate(connection, now)`; its data may be in a `.csv`
file beside it. Once released it never changes. The table `schema_version` lists those that a database has.
"""

import hashlib
import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import Connection
from psycopg.errors import UndefinedTable
from psycopg.rows import TupleRow

from commands.ports import denta_version
from commands.ports.database import DatabaseUnsuitable

FOLDER = Path(__file__).parent / "migrations"

TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
  number integer PRIMARY KEY,
  name text NOT NULL,
  digest text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  program text NOT NULL
)
"""


@dataclass(frozen=True)
class Migration:
    """One migration. It runs in its own transaction, under the write lock."""

    number: int
    name: str
    script: Path
    digest: str
    """Digest of its script and data."""

    def run(self, connection: Connection[TupleRow], now: datetime) -> None:
        if self.script.suffix == ".sql":
            connection.execute(self.script.read_bytes())
        else:
            runpy.run_path(str(self.script))["migrate"](connection, now)


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The migrations of this program, in order. ValueError if numbers are missing or duplicate."""
    scripts = sorted(path for path in folder.glob("[0-9]*") if path.suffix in {".sql", ".py"})
    found = []
    for number, script in enumerate(scripts, start=1):
        if not script.name.startswith(f"{number:04}_"):
            raise ValueError(f"{script.name}: its number should be {number:04}")
        files = sorted(path for path in folder.glob(f"{number:04}_*") if path.suffix in {".sql", ".py", ".csv"})
        digest = hashlib.sha256(b"\0".join(part for file in files for part in (file.name.encode(), file.read_bytes())))
        found.append(Migration(number, script.stem[5:], script, digest.hexdigest()))
    return tuple(found)


def pending(connection: Connection[TupleRow], known: Sequence[Migration]) -> Sequence[Migration]:
    """The known migrations that a database lacks. DatabaseUnsuitable if it has newer ones or those of another build."""
    try:
        applied = connection.execute("SELECT number, name, digest, program FROM schema_version ORDER BY number").fetchall()
    except UndefinedTable:  # a new database, or one from before the numbers
        return known
    if len(applied) > len(known):
        number, name, _, program = applied[-1]
        raise DatabaseUnsuitable(
            f"База данных подготовлена более новой версией Denta: в ней миграция {number} «{name}» (Denta {program}), "
            f"а эта программа знает {len(known)}. Обновите программу; в базе ничего не изменено"
        )
    for (number, name, digest, program), migration in zip(applied, known, strict=False):
        if (number, digest) != (migration.number, migration.digest):
            raise DatabaseUnsuitable(
                f"База данных подготовлена другой сборкой Denta: миграция {number} «{name}» (Denta {program}) в ней иная. "
                "Запустите ту сборку или более новую; в базе ничего не изменено"
            )
    return known[len(applied) :]


def apply_next(connection: Connection[TupleRow], known: Sequence[Migration], now: datetime) -> bool:
    """Apply the first pending migration, in a transaction that holds the locks; whether more are pending."""
    connection.execute(TABLE)
    missing = pending(connection, known)
    if missing:
        migration = missing[0]
        migration.run(connection, now)
        connection.execute(
            "INSERT INTO schema_version (number, name, digest, program) VALUES (%s, %s, %s, %s)",
            (migration.number, migration.name, migration.digest, denta_version.version()),
        )
    return len(missing) > 1
