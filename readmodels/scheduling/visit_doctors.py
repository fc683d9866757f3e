"""All doctors that a visit has ever been with, read from the log: they are notified of its changes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.scheduling.visit import Visit


def ever_theirs(conn: Connection[Any], visit_ids: Collection[UUID], doctor_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(doctor, visit) for each of these visits that is or once was one of these doctors'."""
    query = f"""SELECT DISTINCT doctor_id, visit_id FROM (
        SELECT originator_id AS visit_id, CASE topic
          WHEN '{Visit.Booked.TOPIC}' THEN (state->>'doctor_id')::uuid
          WHEN '{Visit.Moved.TOPIC}' THEN (state->'new'->>'doctor_id')::uuid END AS doctor_id
        FROM events WHERE originator_id = ANY(%s)) visits
      WHERE doctor_id = ANY(%s)"""
    return set(conn.execute(query, (list(visit_ids), list(doctor_ids))).fetchall())
