"""Who is whose patient: a row for each visit with a doctor that isn't deleted, whatever became of it.

It refuses nothing: commands ask it by `Clinic.is_patient_of`, where a user may open the cards of their own patients alone.
"""

from uuid import UUID

from aggregates.scheduling.visit import Visit
from gateways.guards.declaration import Claim, Guard

NAME = "doctors_patients"

TABLE = """
CREATE TABLE IF NOT EXISTS guard_doctors_patients (id uuid PRIMARY KEY, doctor_id uuid NOT NULL, patient_id uuid NOT NULL);
CREATE INDEX IF NOT EXISTS guard_doctors_patients_whose ON guard_doctors_patients (patient_id, doctor_id)
"""


class DoctorsPatient(Claim, frozen=True):
    """The doctor and the patient of a visit."""

    doctor_id: UUID | None
    patient_id: UUID


def held(visit: Visit) -> DoctorsPatient:
    doctor_id = visit.slot.doctor_id
    holds = not visit.deleted and doctor_id is not None
    return DoctorsPatient(id=visit.id, holds=holds, doctor_id=doctor_id, patient_id=visit.patient_id)


GUARD = Guard(name=NAME, kinds=(Visit,), claim=DoctorsPatient, held=held, table=TABLE)
