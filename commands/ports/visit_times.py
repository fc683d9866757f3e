"""Times of visits and who is whose patient, read from `visit_times.py` and `doctors_patients.py` of `gateways/guards/`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class VisitSlot(msgspec.Struct, frozen=True, gc=False):
    """A visit that takes time. Times are the clinic's wall clock, naive."""

    visit_id: UUID
    number: int
    doctor_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    room: str = ""
    """In the form of `aggregates.catalogue.name_key`."""
    services: tuple[UUID, ...] = ()
    """Ids of its lines' services, in order."""


class VisitTimes(Protocol):
    """Up to date inside `Clinic.write_lock()`."""

    def live(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        """Visits planned, confirmed or arrived that start after a wall-clock moment, in order of time.

        `doctor_ids`: only theirs; None: all, including visits without a doctor. `patient_ids`: only theirs; None: all.
        `service_ids`: only visits with one of these; None: all.
        """

    def taking_place(self, patient_ids: Iterable[UUID]) -> Sequence[VisitSlot]:
        """All visits of these cards, past and to come, that take place, in order of time."""

    def during(
        self,
        starts_at: datetime,
        ends_at: datetime,
        *,
        doctor_id: UUID | None,
        patient_ids: Iterable[UUID],
        room: str,
        other_than: UUID,
    ) -> Sequence[VisitSlot]:
        """Visits that take time between two wall-clock moments, with the doctor, of the patients or in the room ("": none), in
        order of time, without the visit `other_than`.
        """


class DoctorsPatients(Protocol):
    """Who is whose patient."""

    def include(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        """Whether one of these cards has a visit (not deleted) with the doctor, past or future."""
