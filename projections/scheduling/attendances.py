"""Who came, and when before: a visit that changes may change what is before the patient's next one."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composable, Identifier

from readmodels.scheduling.attendances import CAME

Connected = Connection[TupleRow]

THEIRS = SQL(
    "insert into {derived} as d (visit_id, patient_id, starts_at, previous_at, counted, earlier_at) "
    "select visit_id, patient_id, starts_at, max(starts_at) over (partition by patient_id order by starts_at "
    "range between unbounded preceding and interval '1 minute' preceding), counted, "
    "case when counted then lag(starts_at) over (partition by patient_id, counted order by starts_at, visit_id) end "
    "from {source} cross join lateral (select status = 'completed' "
    "and jsonb_array_length(lines) + jsonb_array_length(goods) > 0) as what(counted) where {came}"
)
PATIENTS = SQL(
    "select patient_id from {derived} where visit_id = any(%(visits)s) "
    "union select patient_id from {source} where visit_id = any(%(visits)s)"
)
GONE = SQL(
    "delete from {derived} d where visit_id = any(%(visits)s) "
    "and not exists (select from {source} s where s.visit_id = d.visit_id and {came})"
)
WHERE_DIFFERENT = SQL(
    " and patient_id = any(%(patients)s) "
    "on conflict (visit_id) do update set patient_id = excluded.patient_id, starts_at = excluded.starts_at, "
    "previous_at = excluded.previous_at, counted = excluded.counted, earlier_at = excluded.earlier_at "
    "where (d.patient_id, d.starts_at, d.previous_at, d.counted, d.earlier_at) is distinct from "
    "(excluded.patient_id, excluded.starts_at, excluded.previous_at, excluded.counted, excluded.earlier_at)"
)


def update(connection: Connected, table: str, source: str, visit_ids: Sequence[UUID]) -> None:
    """These visits were written into the source."""
    named = _named(table, source)
    values: dict[str, list[UUID]] = {"visits": list(visit_ids)}
    values["patients"] = [row[0] for row in connection.execute(PATIENTS.format(**named), values).fetchall()]
    connection.execute(GONE.format(**named), values)
    connection.execute(THEIRS.format(**named) + WHERE_DIFFERENT, values)


def fill(writing: Connected, table: str, source: str) -> None:
    """All visits of a filled source."""
    writing.execute(THEIRS.format(**_named(table, source)))


def _named(table: str, source: str) -> dict[str, Composable]:
    return {"derived": Identifier(table), "source": Identifier(source), "came": SQL(CAME)}
