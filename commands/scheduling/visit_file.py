"""Commands of a visit's files. A user who sees only their own schedule, or only their own patients, has those of these alone.

Who may see patients' information in visits at all (VIS-6) is checked by the routes, before an upload is looked at.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from aggregates.files import StoredFile
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_file import VisitFile
from commands.context import Context, Receipt
from commands.people.patient import require_own_patient
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def attach_file(
    clinic: Clinic,
    ctx: Context,
    visit_id: UUID,
    name: str,
    file: StoredFile,
    preview: StoredFile | None = None,
    *,
    file_id: UUID | None = None,
) -> Receipt:
    """Both files are in the store already. AnotherDoctorsVisit, AnotherDoctorsPatient, AggregateNotFound, VisitDeleted,
    TooManyFiles.
    """
    visit = own_visit(clinic, ctx.only_doctor_id, ctx.patients_of, visit_id)
    new = VisitFile(file_id or uuid4())
    new.attach(visit, name, file, preview, ctx.employee_id, at=ctx.now)
    return clinic.save(new, ctx=ctx, if_unchanged=[visit])


@retried
def change_file(
    clinic: Clinic, ctx: Context, file_id: UUID, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """Rename or caption it. Refusals as of `delete_file`, VisitFileDeleted, WrongValue."""
    file, visit = _theirs(clinic, ctx, file_id, expected)
    file.change(fields, at=ctx.now)
    return clinic.save(file, ctx=ctx, if_unchanged=[visit])


@retried
def delete_file(clinic: Clinic, ctx: Context, file_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, VisitDeleted, AnotherDoctorsVisit, AnotherDoctorsPatient, AggregateNotFound."""
    file, visit = _theirs(clinic, ctx, file_id, expected)
    file.delete(at=ctx.now)
    return clinic.save(file, ctx=ctx, if_unchanged=[visit])


@retried
def return_file(clinic: Clinic, ctx: Context, file_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, TooManyFiles (DEL-2), VisitDeleted, AnotherDoctorsVisit, AnotherDoctorsPatient, AggregateNotFound."""
    file, visit = _theirs(clinic, ctx, file_id, expected)
    file.return_(at=ctx.now)
    return clinic.save(file, ctx=ctx, if_unchanged=[visit])


def own_visit(clinic: Clinic, only_doctor_id: UUID | None, patients_of: UUID | None, visit_id: UUID) -> Visit:
    """A visit whose files such a user may see. AnotherDoctorsVisit, AnotherDoctorsPatient, AggregateNotFound."""
    visit = clinic.load(Visit, visit_id)
    visit.slot.require_within(only_doctor_id)
    require_own_patient(clinic, patients_of, visit.patient_id)
    return visit


def _theirs(clinic: Clinic, ctx: Context, file_id: UUID, expected: int | None) -> tuple[VisitFile, Visit]:
    """The visit is checked first, so that files of others' visits don't reveal even a version."""
    known = clinic.load(VisitFile, file_id)
    visit = own_visit(clinic, ctx.only_doctor_id, ctx.patients_of, known.visit_id)
    file = clinic.load(VisitFile, file_id, expected=expected)
    visit.require_active()
    return file, visit
