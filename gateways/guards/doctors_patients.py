"""Who is whose patient: a row for each visit to a doctor that isn't deleted, in any status.

It refuses nothing. Commands query it with `DoctorsPatients.include` when a user may only open cards of their own patients.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from aggregates.scheduling.visit import Visit
from commands.ports.visit_times import DoctorsPatients
from gateways.database import Database
from gateways.guards.declaration import Claim, Guard, Reads

NAME = "doctors_patients"

TABLE = """
CREATE TABLE IF NOT EXISTS guard_doctors_patients (id uuid PRIMARY KEY, doctor_id uuid NOT NULL, patient_id uuid NOT NULL)
"""
INDEXES = ("CREATE INDEX IF NOT EXISTS guard_doctors_patients_whose ON guard_doctors_patients (patient_id, doctor_id)",)


class DoctorsPatient(Claim, frozen=True):
    """The doctor and the patient of a visit."""

    doctor_id: UUID | None
    patient_id: UUID


def claim_of(visit: Visit) -> DoctorsPatient:
    doctor_id = visit.slot.doctor_id
    holds = not visit.deleted and doctor_id is not None
    return DoctorsPatient(id=visit.id, holds=holds, doctor_id=doctor_id, patient_id=visit.patient_id)


class PostgresDoctorsPatients:
    """`commands.ports.visit_times.DoctorsPatients`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def include(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        query = "SELECT FROM guard_doctors_patients WHERE doctor_id = %s AND patient_id = ANY(%s) LIMIT 1"
        with self._database.connection() as connection:
            return connection.execute(query, (doctor_id, list(patient_ids))).fetchone() is not None


class MemoryDoctorsPatients:
    """The same without a database."""

    def __init__(self, rows: Callable[[], Sequence[DoctorsPatient]]) -> None:
        self._rows = rows

    def include(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        patients = set(patient_ids)
        return any(row.doctor_id == doctor_id and row.patient_id in patients for row in self._rows())


GUARD = Guard(
    name=NAME,
    kinds=(Visit,),
    claim=DoctorsPatient,
    claim_of=claim_of,
    table=TABLE,
    indexes=INDEXES,
    reads=Reads[DoctorsPatients]("doctors_patients", PostgresDoctorsPatients, MemoryDoctorsPatients),
)
