"""One search over patients, visits by number, employees and services (UI-4), of the kinds that the asker may see."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.people.registry_acceptance import birthday_said
from aggregates.phones import shown as telephone
from readmodels.clinic import services
from readmodels.people import employees, patients
from readmodels.search_text import Word, matches, normal, readings
from readmodels.words.values import format_moment, format_rubles

FoundKind = Literal["patient", "visit", "employee", "service"]
FOUND_KINDS: tuple[FoundKind, ...] = get_args(FoundKind)
MOST = 6
"""Of each kind: more than that is looked for in its list."""


class Found(msgspec.Struct, frozen=True):
    """Something that can be opened; `detail` tells it from its namesakes."""

    kind: FoundKind
    id: UUID
    title: str
    detail: str


def search(
    conn: Connection[Any],
    query: str,
    kinds: Collection[FoundKind],
    *,
    only_doctor_id: UUID | None = None,
    patients_of: UUID | None = None,
) -> list[Found]:
    """What a query means, kind by kind, the best of each first; nothing for an empty one.

    `only_doctor_id`, `patients_of`: whose visits and whose patients alone the user may see.
    """
    if not normal(query):
        return []
    searches: Mapping[FoundKind, Callable[[], list[Found]]] = {
        "patient": lambda: _patients(conn, query, patients_of),
        "visit": lambda: _visits(conn, query, only_doctor_id),
        "employee": lambda: _employees(conn, query),
        "service": lambda: _services(conn, query),
    }
    return [found for kind in FOUND_KINDS if kind in kinds for found in searches[kind]()]


def _patients(conn: Connection[Any], query: str, patients_of: UUID | None) -> list[Found]:
    def detail(patient: patients.Patient) -> str:
        said = (f"карта № {patient.card_number}", birthday_said(patient.birth_date), telephone(patient.phone))
        return ", ".join(part for part in said if part)

    found = patients.search(conn, query, MOST, patients_of=patients_of)
    return [Found("patient", patient.id, patient.name, detail(patient)) for patient in found]


def _visits(conn: Connection[Any], query: str, only_doctor_id: UUID | None) -> list[Found]:
    """By the number alone, as people write it: «12», «№ 12», «визит 12»."""
    digits = normal(query).removeprefix("визит").strip(" №#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return []
    rows = conn.execute(
        """SELECT c.visit_id, c.number, c.starts_at, p.name FROM calendar c LEFT JOIN patients p USING (patient_id)
          WHERE c.number = %(number)s AND NOT c.deleted AND (%(only)s::uuid IS NULL OR c.doctor_id = %(only)s)""",
        {"number": int(digits), "only": only_doctor_id},
    ).fetchall()
    return [Found("visit", visit_id, f"Визит № {number}", _visit(starts_at, name)) for visit_id, number, starts_at, name in rows]


def _visit(starts_at: datetime, patient: str | None) -> str:
    return f"{format_moment(starts_at)}, {patient}" if patient else format_moment(starts_at)


def _employees(conn: Connection[Any], query: str) -> list[Found]:
    found, _ = employees.listing(conn, query, size=MOST)
    return [Found("employee", person.id, person.name, person.position) for person in found]


def _services(conn: Connection[Any], query: str) -> list[Found]:
    ways = readings(query)
    found = [service for service in services.listing(conn) if _holds(ways, f"{service.name} {service.category}")]
    return [Found("service", service.id, service.name, format_rubles(service.price)) for service in found[:MOST]]


def _holds(ways: tuple[tuple[Word, ...], ...], text: str) -> bool:
    return any(matches(way, normal(text)) for way in ways)
