"""Files of visits, by visit and by patient."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.files import StoredFile
from readmodels.people import patients
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.scheduling.visit_doctors import ever_theirs
from readmodels.table import Table


class VisitFileRow(msgspec.Struct, frozen=True):
    """A file. `attached_on`: the instant; `attached_by`: the employee, None for the system itself."""

    file_id: UUID
    visit_id: UUID
    name: str
    caption: str
    file: StoredFile
    preview: StoredFile | None
    attached_on: Annotated[datetime, msgspec.Meta(tz=True)]
    attached_by: UUID | None
    deleted: bool
    version: int


TABLE = Table("visit_files", VisitFileRow, key=("file_id",), indexes=("(visit_id, attached_on)",))


class VisitFileItem(msgspec.Struct, frozen=True):
    """A file in a list. `media`, `size` (bytes): of its content; `has_preview`: whether there is a small picture of it;
    `attached_on`: the instant in UTC.
    """

    id: UUID
    name: str
    caption: str
    media: str
    size: int
    has_preview: bool
    attached_on: datetime
    attached_by: Ref | None
    deleted: bool
    version: int


class PatientFileItem(VisitFileItem, frozen=True):
    """A file in a patient's list, with its visit. `visit_starts_at`: the wall clock."""

    visit_id: UUID
    visit_number: int
    visit_starts_at: datetime
    visit_deleted: bool


class StoredVisitFile(msgspec.Struct, frozen=True):
    """What opens a file. `patient_id`: the person's card now; `doctor_id`: of its visit."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    doctor_id: UUID | None
    name: str
    file: StoredFile
    preview: StoredFile | None


_ITEM = f"""f.file_id, f.name, f.caption, f.file->>'media', (f.file->>'size')::bigint, f.preview IS NOT NULL, f.attached_on,
  e.employee_id, {FULL_NAME.format("e")}, f.deleted, f.version"""


def of_visit(conn: Connection[Any], visit_id: UUID, *, deleted: bool = False) -> list[VisitFileItem]:
    """As they were attached; deleted ones only on request."""
    query = f"""SELECT {_ITEM} FROM visit_files f LEFT JOIN employees e ON e.employee_id = f.attached_by
      WHERE f.visit_id = %s AND (%s OR NOT f.deleted) ORDER BY f.attached_on, f.file_id"""
    return [VisitFileItem(*_item(row)) for row in conn.execute(query, (visit_id, deleted)).fetchall()]


def of_patient(
    conn: Connection[Any],
    patient_id: UUID,
    *,
    only_doctor_id: UUID | None = None,
    deleted: bool = False,
    page: int = 1,
    size: int = 100,
) -> tuple[list[PatientFileItem], int]:
    """One page of the files of all visits of all the person's cards, those of the latest visit first, and how many there are.
    Deleted ones, and those of deleted visits, only on request. `only_doctor_id`: the only doctor whose visits the user may see.
    """
    condition = """FROM visit_files f JOIN calendar v ON v.visit_id = f.visit_id
      WHERE v.patient_id = ANY(%(cards)s) AND (%(deleted)s OR NOT (f.deleted OR v.deleted))
        AND (%(only)s::uuid IS NULL OR v.doctor_id = %(only)s)"""
    query = f"""SELECT {_ITEM}, v.visit_id, v.number, v.starts_at, v.deleted
      {condition.replace("WHERE", "LEFT JOIN employees e ON e.employee_id = f.attached_by WHERE", 1)}
      ORDER BY v.starts_at DESC, v.visit_id, f.attached_on, f.file_id LIMIT %(size)s OFFSET %(skip)s"""
    values = {
        "cards": patients.all_cards(conn, [patient_id]), "deleted": deleted, "only": only_doctor_id,
        "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    counted = conn.execute(f"SELECT count(*) {condition}", values).fetchone()
    items = [PatientFileItem(*_item(row[:-4]), *row[-4:]) for row in conn.execute(query, values).fetchall()]
    return items, int(counted[0]) if counted else 0


def _item(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *first, attached_on, employee_id, employee, deleted, version = row
    return (*first, attached_on.astimezone(UTC), employee_id and Ref(employee_id, employee), deleted, version)


def get(conn: Connection[Any], file_id: UUID) -> StoredVisitFile | None:
    """One file, deleted or not."""
    query = """SELECT f.file_id, f.visit_id, coalesce(c.merged_into, v.patient_id), v.doctor_id, f.name, f.file, f.preview
      FROM visit_files f JOIN calendar v ON v.visit_id = f.visit_id LEFT JOIN patients c ON c.patient_id = v.patient_id
      WHERE f.file_id = %s"""
    row = conn.execute(query, (file_id,)).fetchone()
    if row is None:
        return None
    id_, visit_id, patient_id, doctor_id, name, file, preview = row
    stored, small = msgspec.convert(file, StoredFile), msgspec.convert(preview, StoredFile | None)
    return StoredVisitFile(id_, visit_id, patient_id, doctor_id, name, stored, small)


def of_doctors(conn: Connection[Any], file_ids: Collection[UUID], doctor_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(doctor, file) for each of these files whose visit is or once was one of these doctors'."""
    query = "SELECT file_id, visit_id FROM visit_files WHERE file_id = ANY(%s)"
    visits: dict[UUID, UUID] = dict(conn.execute(query, (list(file_ids),)).fetchall())
    theirs = ever_theirs(conn, set(visits.values()), doctor_ids)
    return {(doctor, file) for file, of in visits.items() for doctor, visit in theirs if visit == of}
