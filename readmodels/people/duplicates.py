"""Patients who may be the same person: by phone, or by name and birth date (PAT-6)."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from aggregates.normalization import person_name_key
from aggregates.people.person import PersonName
from aggregates.people.registry_acceptance import lost_parts
from readmodels.people.patients import BY_NAME, PATIENT_COLUMNS, WHOLE, Patient

_MOST = 10


def duplicates(
    conn: Connection[Any], name: PersonName, phone: str, birth_date: str | None, other_than: UUID | None = None
) -> list[Patient]:
    """Cards with this phone (stored form), or with this name and a compatible birth date (one may be less complete; None: any).

    Includes deleted cards; for a merged card, its survivor. Names are compared in the form of `person_name_key`.
    """
    ids = _alike(conn, name, phone, birth_date)
    query = f"""SELECT {PATIENT_COLUMNS} FROM patients p WHERE p.patient_id = ANY(%(ids)s) AND {WHOLE}
      AND p.patient_id IS DISTINCT FROM %(other_than)s ORDER BY p.deleted, {BY_NAME} LIMIT {_MOST}"""
    cursor = conn.cursor(row_factory=class_row(Patient))
    return cursor.execute(query, {"ids": ids, "other_than": other_than}, prepare=False).fetchall() if ids else []


def _alike(conn: Connection[Any], name: PersonName, phone: str, birth_date: str | None) -> list[UUID]:
    """The survivors of cards that look alike."""
    values: dict[str, Any] = {"phone": phone}
    arms = []
    if phone:
        arms.append("SELECT patient_id FROM patients WHERE phone = %(phone)s AND phone <> ''")
    if birth_date != "" and name.full:
        values["name"] = person_name_key(name.full)
        born = "" if birth_date is None else "AND birth_date <> ''"
        arms.append(f"SELECT patient_id FROM patients WHERE name_key = %(name)s {born}")
    if not arms:
        return []
    query = f"""SELECT coalesce(p.merged_into, p.patient_id), p.phone, p.birth_date FROM patients p
      WHERE p.patient_id IN ({" UNION ".join(arms)}) LIMIT 100"""
    found = conn.execute(query, values, prepare=False).fetchall()
    return [card_id for card_id, theirs, born in found if (phone and theirs == phone) or _compatible(born, birth_date)]


def _compatible(one: str, other: str | None) -> bool:
    if other is None:
        return True
    return bool(one and other) and (lost_parts(one, other) == () or lost_parts(other, one) == ())
