"""Excel imports: the file, what its check found in each row, and the progress. Not events: changes of the clinic's objects are
their own events, and an import is deleted after a month.

The file is stored in the database, because work after a crash may continue on another machine. One process at a time works on
imports; its session holds an advisory lock, which a crash releases.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from commands.ports.clinic import IdempotencyKeyReused
from commands.ports.imports import ImportDecision, ImportJob, ImportRow, ImportRowDone, ImportState
from gateways.database import Database
from gateways.locks import IMPORTS_LOCK

RETENTION = timedelta(days=30)
"""As long as idempotency records: a loading could not resume safely after that."""
_PIECE = 1_000_000

WORKING: tuple[ImportState, ...] = ("checking", "importing", "undoing")
_EFFECTIVE_KIND = "coalesce(decision, kind)"
_TO_LOAD = f"{_EFFECTIVE_KIND} IN ('create', 'edit') AND done IS NULL"
_TO_UNDO = "done IN ('created', 'edited') AND undone IS NULL"


_COLUMNS = ", ".join(ImportJob.__struct_fields__)
_ROW_COLUMNS = tuple(ImportRow.__struct_fields__)
_decode = msgspec.json.Decoder(list[ImportRow]).decode


class ImportJobs:
    """All imports of one clinic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: ImportJob, file: BinaryIO) -> None:
        """Store a file to be checked; repeating the same job is harmless. Deletes old imports.

        IdempotencyKeyReused if the job's id was used by another user, or for another catalogue or file.
        """
        with self._database.connection() as connection, connection.transaction():
            connection.execute("DELETE FROM excel_imports WHERE created_at < statement_timestamp() - %s", (RETENTION,))
            made = connection.execute(
                """INSERT INTO excel_imports (id, catalogue, state, created_at, user_id, employee_id, address, file_digest)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING""",
                (job.id, job.catalogue, job.state, job.created_at, job.user_id, job.employee_id, job.address, job.file_digest),
            ).rowcount
            if not made:
                known = connection.execute(
                    "SELECT user_id, catalogue, file_digest FROM excel_imports WHERE id = %s", (job.id,)
                ).fetchone()
                if known != (job.user_id, job.catalogue, job.file_digest):
                    raise IdempotencyKeyReused
            part = 0
            while made and (piece := file.read(_PIECE)):
                connection.execute("INSERT INTO excel_import_files VALUES (%s, %s, %s)", (job.id, part, piece))
                part += 1

    @contextmanager
    def file(self, import_id: UUID) -> Iterator[BinaryIO]:
        """The file, as an unnamed temporary file."""
        with TemporaryFile() as file:
            with self._database.connection() as connection:
                count = connection.execute(
                    "SELECT count(*) FROM excel_import_files WHERE import_id = %s", (import_id,)
                ).fetchone()
                for part in range(count[0] if count else 0):
                    query = "SELECT content FROM excel_import_files WHERE import_id = %s AND part = %s"
                    row = connection.execute(query, (import_id, part), binary=True).fetchone()
                    file.write(row[0] if row else b"")
            file.seek(0)
            yield file

    def get(self, import_id: UUID) -> ImportJob | None:
        return next(iter(self._jobs("WHERE id = %s", (import_id,))), None)

    def newest(self, catalogues: Sequence[str], count: int = 50) -> list[ImportJob]:
        return self._jobs("WHERE catalogue = ANY(%s) ORDER BY created_at DESC, id LIMIT %s", (list(catalogues), count))

    def waiting(self) -> ImportJob | None:
        """The oldest import with work to do."""
        return next(iter(self._jobs("WHERE state = ANY(%s) ORDER BY created_at, id LIMIT 1", (list(WORKING),))), None)

    @contextmanager
    def working(self) -> Iterator[bool]:
        """Yield whether this process may work on imports; if True, no other process does inside."""
        connection = self._database.connect()
        with connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (IMPORTS_LOCK,)).fetchone()
            yield bool(row and row[0])
            # the server ends a closed session with a delay: release the lock now
            connection.execute("SELECT pg_advisory_unlock_all()")

    def move(self, import_id: UUID, before: Sequence[ImportState], after: ImportState, *, problem: str = "") -> bool:
        """Move to the next state, if it is in one of `before`; progress starts at 0."""
        query = """UPDATE excel_imports SET state = %s, problem = %s, attempts = 0, rows_done = 0, rows_total = 0
          WHERE id = %s AND state = ANY(%s)"""
        with self._database.connection() as connection:
            return connection.execute(query, (after, problem, import_id, list(before))).rowcount > 0

    def attempt(self, import_id: UUID) -> int:
        """Record that work starts; the number of starts without progress."""
        query = "UPDATE excel_imports SET attempts = attempts + 1 WHERE id = %s RETURNING attempts"
        with self._database.connection() as connection:
            row = connection.execute(query, (import_id,)).fetchone()
        return int(row[0]) if row else 0

    # The check.

    def forget_rows(self, import_id: UUID) -> None:
        """Delete the rows of an interrupted check."""
        with self._database.connection() as connection, connection.transaction():
            connection.execute("DELETE FROM excel_import_rows WHERE import_id = %s", (import_id,))
            connection.execute("UPDATE excel_imports SET rows_done = 0, unchanged = 0 WHERE id = %s", (import_id,))

    def add_rows(self, import_id: UUID, rows: Sequence[ImportRow], *, checked: int, unchanged: int) -> None:
        """Store what the check found in the next `checked` rows of the file."""
        statement = f"COPY excel_import_rows (import_id, {', '.join(_ROW_COLUMNS)}) FROM STDIN"
        with self._database.connection() as connection, connection.transaction():
            with connection.cursor() as cursor, cursor.copy(statement) as copying:
                for row in rows:
                    copying.write_row([import_id, *(_column(getattr(row, name)) for name in _ROW_COLUMNS)])
            connection.execute(
                "UPDATE excel_imports SET rows_done = rows_done + %s, unchanged = unchanged + %s, attempts = 0 WHERE id = %s",
                (checked, unchanged, import_id),
            )

    def finish_check(
        self,
        import_id: UUID,
        state: ImportState,
        problem: str = "",
        *,
        ignored: Sequence[str] = (),
        notes: Sequence[str] = (),
        headings: Sequence[str] = (),
    ) -> None:
        """End the check and delete the file."""
        with self._database.connection() as connection, connection.transaction():
            query = "UPDATE excel_imports SET state = %s, problem = %s, ignored = %s, notes = %s, headings = %s WHERE id = %s"
            connection.execute(query, (state, problem, list(ignored), list(notes), list(headings), import_id))
            connection.execute("DELETE FROM excel_import_files WHERE import_id = %s", (import_id,))

    def decide(self, import_id: UUID, decision: ImportDecision, rows: Sequence[int] | None) -> int:
        """Decide about rows of the kind `held` (without `rows`: all); the number of rows decided. `edit` needs a known object;
        `create` isn't allowed for a row that names its object by id.
        """
        query = """UPDATE excel_import_rows SET decision = %(decision)s WHERE import_id = %(id)s AND kind = 'held'
            AND (%(rows)s::int[] IS NULL OR row = ANY(%(rows)s)) AND (%(decision)s <> 'edit' OR object_id IS NOT NULL)
            AND (%(decision)s <> 'create' OR NOT by_id)
            AND EXISTS (SELECT FROM excel_imports WHERE id = %(id)s AND state = 'checked')"""
        values = {"decision": decision, "id": import_id, "rows": None if rows is None else list(rows)}
        with self._database.connection() as connection:
            return connection.execute(query, values).rowcount

    # Loading and undoing.

    def count_work(self, import_id: UUID, *, undo: bool) -> None:
        """Record the total number of rows, including those done before a crash."""
        left, made = (_TO_UNDO, "undone IS NOT NULL") if undo else (_TO_LOAD, "done IS NOT NULL")
        query = f"""UPDATE excel_imports SET (rows_done, rows_total) = (
            SELECT count(*) FILTER (WHERE {made}), count(*) FILTER (WHERE {made} OR ({left})) FROM excel_import_rows
            WHERE import_id = %(id)s) WHERE id = %(id)s"""
        with self._database.connection() as connection:
            connection.execute(query, {"id": import_id})

    def next_rows(
        self, import_id: UUID, count: int, *, undo: bool, naming: str = "", beyond: int | None = None
    ) -> list[ImportRow]:
        """The next rows to load or undo, in the order of the file (in reverse for undo).

        `naming`: a field; only the rows that have something in it. `beyond`: the last row so far; without it the query has to
        skip all rows that are done.
        """
        where, order, further = (_TO_UNDO, "row DESC", "<") if undo else (_TO_LOAD, "row", ">")
        # a separate condition instead of an "or", so that the index scan starts there
        left = "" if beyond is None else f"AND row {further} %(beyond)s"
        named = "AND coalesce(fields->>%(naming)s, '') <> ''" if naming else ""
        return self._rows(
            f"import_id = %(id)s {left} {named} AND {where} ORDER BY {order} LIMIT %(count)s",
            {"id": import_id, "count": count, "beyond": beyond, "naming": naming},
        )

    def created(self, import_id: UUID) -> list[int]:
        """The rows whose objects were created so far."""
        query = "SELECT row FROM excel_import_rows WHERE import_id = %s AND done = 'created'"
        with self._database.connection() as connection:
            return [row for (row,) in connection.execute(query, (import_id,)).fetchall()]

    def note_done(self, import_id: UUID, done: Sequence[ImportRowDone], *, undo: bool) -> None:
        """Record the outcomes of some rows."""
        change = "undone = d.outcome" if undo else "done = d.outcome, done_version = d.version"
        query = f"""UPDATE excel_import_rows r SET {change}, reason = d.reason
          FROM json_to_recordset(%s::json) AS d(row int, outcome text, version int, reason text)
          WHERE r.import_id = %s AND r.row = d.row AND r.row BETWEEN %s AND %s"""
        numbers = [one.row for one in done]
        with self._database.connection() as connection, connection.transaction():
            # outcomes lost in a crash are executed again, and return their stored receipts
            connection.execute("SET LOCAL synchronous_commit = off")
            # the bounds make the planner use the index even without statistics of a new table
            connection.execute(query, (msgspec.json.encode(done).decode(), import_id, min(numbers), max(numbers)))
            connection.execute(
                "UPDATE excel_imports SET rows_done = rows_done + %s, attempts = 0 WHERE id = %s", (len(done), import_id)
            )

    # Queries.

    def counts(self, import_id: UUID) -> Mapping[str, int]:
        """Numbers of rows: by kind (create, edit, held, refused), possible duplicates (again), by decision (decided:…) and by
        outcome (done:…, undone:…).
        """
        query = """SELECT coalesce(k, ''), count(*) FROM excel_import_rows,
            unnest(ARRAY[kind, CASE WHEN kind = 'create' AND errors <> '[]' THEN 'again' END,
              'decided:' || decision, 'done:' || done, 'undone:' || undone]) AS k
          WHERE import_id = %s AND k IS NOT NULL GROUP BY 1"""
        with self._database.connection() as connection:
            return dict(connection.execute(query, (import_id,)).fetchall())

    def rows(self, import_id: UUID, shown: str, first: int, count: int) -> list[ImportRow]:
        """Rows of a kind, in order; `errors`: rows that were refused or couldn't be undone."""
        where = {
            "errors": "(kind = 'refused' OR done = 'refused' OR undone = 'kept' OR (kind = 'held' AND decision IS NULL))",
        }.get(shown, "kind = %(shown)s")
        values = {"id": import_id, "shown": shown, "first": first, "count": count}
        return self._rows(f"import_id = %(id)s AND {where} ORDER BY row LIMIT %(count)s OFFSET %(first)s", values)

    def _rows(self, where: str, values: Mapping[str, Any]) -> list[ImportRow]:
        query = f"SELECT json_agg(r)::text FROM (SELECT {', '.join(_ROW_COLUMNS)} FROM excel_import_rows WHERE {where}) r"
        with self._database.connection() as connection:
            row = connection.execute(query, values).fetchone()
        return _decode(row[0]) if row and row[0] else []

    def _jobs(self, clauses: str, values: Sequence[Any]) -> list[ImportJob]:
        query = f"SELECT {_COLUMNS} FROM excel_imports {clauses}"
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(ImportJob)) as cursor:
            return cursor.execute(query, values).fetchall()


def _column(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
