"""The times that visits take, as the guard `gateways/guards/doctor_time.py` knows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class VisitSlot(msgspec.Struct, frozen=True, gc=False):
    """A visit that takes a doctor's time. Times are the clinic's wall clock, naive."""

    visit_id: UUID
    number: int
    doctor_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    room: str = ""
    """As rooms are compared (`aggregates.catalogue.name_key`)."""
    services: tuple[UUID, ...] = ()
    """Of its lines, in their order."""


class VisitTimes(Protocol):
    """Authoritative inside `Clinic.write_lock()`."""

    def live(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        """Visits planned, confirmed or arrived that start after a wall-clock moment, in order of time.

        `doctor_ids`: only theirs; None: of everybody, also visits without a doctor. `patient_ids`: only theirs; None: of
        everybody. `service_ids`: only those with one of these; None: all.
        """

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
        """Visits that take time between the two wall-clock moments, with the doctor, of the patients or in the room ("": in
        none), in order of time; without the visit `other_than`.
        """


class DoctorsPatients(Protocol):
    """Who is whose patient."""

    def include(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        """Whether a visit of one of these cards, not a deleted one, is or was with the doctor."""
