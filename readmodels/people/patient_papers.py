"""Papers that were made for patients, and stored as they were."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.files import StoredFile
from readmodels.people import patients
from readmodels.table import Table


class PatientPaperRow(msgspec.Struct, frozen=True):
    """A paper, by the card for which it was made. `made_on`: the instant."""

    paper_id: UUID
    patient_id: UUID
    visit_id: UUID | None
    template_id: UUID
    title: str
    file: StoredFile
    made_on: Annotated[datetime, msgspec.Meta(tz=True)]
    deleted: bool
    version: int


TABLE = Table("patient_papers", PatientPaperRow, key=("paper_id",), indexes=("(patient_id, made_on)",))


class PatientPaperItem(msgspec.Struct, frozen=True):
    """A paper in a patient's list. `made_on`: the instant in UTC; `visit_number`: of its visit."""

    id: UUID
    title: str
    made_on: datetime
    visit_number: int | None
    deleted: bool
    version: int


class StoredPaper(msgspec.Struct, frozen=True):
    """What opens a paper. `patient_id`: the person's card now; `doctor_id`: of its visit, None where it is about none or the
    visit has no doctor; `about_visit`: whether it is about one.
    """

    id: UUID
    patient_id: UUID
    about_visit: bool
    doctor_id: UUID | None
    title: str
    file: StoredFile


def of_patient(
    conn: Connection[Any], patient_id: UUID, *, only_doctor_id: UUID | None = None, deleted: bool = False
) -> list[PatientPaperItem]:
    """Of all the person's cards, the newest first; deleted ones only on request. `only_doctor_id`: the only doctor whose visits
    the user may see: papers about others' visits are left out.
    """
    query = """SELECT p.paper_id, p.title, p.made_on, c.number, p.deleted, p.version FROM patient_papers p
        LEFT JOIN calendar c ON c.visit_id = p.visit_id
      WHERE p.patient_id = ANY(%(cards)s) AND (%(deleted)s OR NOT p.deleted)
        AND (%(only)s::uuid IS NULL OR p.visit_id IS NULL OR c.doctor_id = %(only)s) ORDER BY p.made_on DESC, p.paper_id"""
    values = {"cards": patients.all_cards(conn, [patient_id]), "deleted": deleted, "only": only_doctor_id}
    rows = conn.execute(query, values).fetchall()
    return [
        PatientPaperItem(id_, title, made_on.astimezone(UTC), number, gone, version)
        for id_, title, made_on, number, gone, version in rows
    ]


def get(conn: Connection[Any], paper_id: UUID) -> StoredPaper | None:
    """One paper, deleted or not."""
    query = """SELECT p.paper_id, coalesce(c.merged_into, p.patient_id), p.visit_id IS NOT NULL, v.doctor_id, p.title, p.file
      FROM patient_papers p LEFT JOIN patients c ON c.patient_id = p.patient_id LEFT JOIN calendar v ON v.visit_id = p.visit_id
      WHERE p.paper_id = %s"""
    row = conn.execute(query, (paper_id,)).fetchone()
    if row is None:
        return None
    id_, patient_id, about_visit, doctor_id, title, file = row
    return StoredPaper(id_, patient_id, about_visit, doctor_id, title, msgspec.convert(file, StoredFile))


def of_doctors(conn: Connection[Any], paper_ids: Collection[UUID], doctor_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(doctor, paper) for each of these papers whose patient is one of these doctors'."""
    query = "SELECT paper_id, patient_id FROM patient_papers WHERE paper_id = ANY(%s)"
    cards: dict[UUID, UUID] = dict(conn.execute(query, (list(paper_ids),)).fetchall())
    theirs = patients.of_doctors(conn, cards.values(), doctor_ids)
    return {(doctor, paper) for paper, card in cards.items() for doctor, patient in theirs if patient == card}
