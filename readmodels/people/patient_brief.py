"""A summary of a patient, shown wherever a visit is booked or shown (CAL-14)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.people_names import FULL_NAME
from readmodels.references import Ref


class BriefVisit(msgspec.Struct, frozen=True):
    """A visit of the patient. `doctor`: None for a visit without one."""

    id: UUID
    starts_at: datetime
    doctor: Ref | None


class PatientBrief(msgspec.Struct, frozen=True):
    """`comments`: the lines of the comments of all the person's cards, without duplicates, so that a merge neither hides an
    allergy nor shows it twice.
    """

    birth_date: str
    comments: list[str]
    last_visit: BriefVisit | None
    next_visit: BriefVisit | None
    attended: int
    cancelled: int
    no_shows: int


NOTHING = PatientBrief("", [], None, None, 0, 0, 0)
"""For users who may not see the summary."""


class PatientNotes(msgspec.Struct, frozen=True):
    """What a list of many patients says of each: see PatientBrief."""

    birth_date: str
    comments: list[str]


_CARDS = """SELECT c.comment, c.birth_date FROM patients p LEFT JOIN patients k ON k.patient_id = p.merged_into
  JOIN patients c ON c.patient_id = ANY(coalesce(k.cards, p.cards)) WHERE p.patient_id = %(patient_id)s
  ORDER BY c.patient_id <> coalesce(k.patient_id, p.patient_id), c.patient_id"""
_THEIRS = """FROM calendar v LEFT JOIN employees e ON e.employee_id = v.doctor_id WHERE NOT v.deleted
  AND v.patient_id = ANY(SELECT unnest(coalesce(k.cards, p.cards)) FROM patients p
    LEFT JOIN patients k ON k.patient_id = p.merged_into WHERE p.patient_id = %(patient_id)s)
  AND (%(only)s::uuid IS NULL OR v.doctor_id = %(only)s)"""
_VISIT = f"""SELECT v.visit_id, v.starts_at, v.doctor_id, {FULL_NAME.format("e")} {_THEIRS}
  AND v.visit_id IS DISTINCT FROM %(except_visit_id)s::uuid"""


def brief(
    conn: Connection[Any],
    patient_id: UUID,
    now: datetime,
    *,
    only_doctor_id: UUID | None = None,
    except_visit_id: UUID | None = None,
) -> PatientBrief:
    """`now`: the clinic's wall clock; `only_doctor_id`: whose visits alone the user may see, so that only those are counted;
    `except_visit_id`: the visit beside which this is shown, which is neither the last nor the next one.
    """
    values = {"patient_id": patient_id, "now": now, "only": only_doctor_id, "except_visit_id": except_visit_id}
    cards = conn.execute(_CARDS, values).fetchall()
    last = conn.execute(
        f"{_VISIT} AND v.status IN ('arrived', 'in_progress', 'completed') AND v.starts_at <= %(now)s"
        " ORDER BY v.starts_at DESC LIMIT 1",
        values,
    ).fetchone()
    following = conn.execute(
        f"{_VISIT} AND v.status IN ('planned', 'confirmed', 'arrived') AND v.starts_at > %(now)s ORDER BY v.starts_at LIMIT 1",
        values,
    ).fetchone()
    counts = conn.execute(
        f"""SELECT count(*) FILTER (WHERE v.status IN ('arrived', 'in_progress', 'completed')),
          count(*) FILTER (WHERE v.status = 'cancelled'), count(*) FILTER (WHERE v.status = 'no_show') {_THEIRS}""",
        values,
    ).fetchone() or (0, 0, 0)
    known = _notes(cards)
    return PatientBrief(known.birth_date, known.comments, _visit(last), _visit(following), *counts)


def notes(conn: Connection[Any], patient_ids: Iterable[UUID]) -> dict[UUID, PatientNotes]:
    """Of many patients, by the cards that lists of visits name."""
    query = """SELECT p.patient_id, c.comment, c.birth_date FROM patients p JOIN patients c ON c.patient_id = ANY(p.cards)
      WHERE p.patient_id = ANY(%s) ORDER BY c.patient_id <> p.patient_id, c.patient_id"""
    found: dict[UUID, list[tuple[str, str]]] = {}
    for patient_id, comment, born in conn.execute(query, (list(patient_ids),)).fetchall():
        found.setdefault(patient_id, []).append((comment, born))
    return {patient_id: _notes(cards) for patient_id, cards in found.items()}


def _notes(cards: Sequence[Sequence[str]]) -> PatientNotes:
    """Of comments and birth dates of all the person's cards, the person's own card first."""
    comments = dict.fromkeys(line for comment, _ in cards for line in comment.splitlines() if line.strip())
    return PatientNotes(next((born for _, born in cards if born), ""), list(comments))


def _visit(row: Any) -> BriefVisit | None:
    if row is None:
        return None
    visit_id, starts_at, doctor_id, doctor = row
    return BriefVisit(visit_id, starts_at, None if doctor_id is None else Ref(doctor_id, doctor))
