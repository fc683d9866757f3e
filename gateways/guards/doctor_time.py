"""A doctor's time: with «Только одного пациента» no two visits that take time overlap (CAL-5).

A row stands for a visit that takes time: not deleted, not cancelled, not «не пришёл». A visit that stays within the time
it already holds with its doctor is never asked again, so that visits which overlapped when the rule was switched on can
still be confirmed, shortened and completed. Half-open intervals: visits that touch don't overlap.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from aggregates.catalogue import name_key
from aggregates.kernel import DomainError
from aggregates.scheduling.visit import SlotTaken, Visit
from aggregates.visits_in_the_way import VisitInTheWay
from commands.ports import VisitSlot
from gateways.guards import clinic_rules
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables

NAME = "doctor_time"

TABLE = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE IF NOT EXISTS guard_doctor_time (
  id uuid PRIMARY KEY,
  number bigint NOT NULL,
  doctor_id uuid,
  patient_id uuid NOT NULL,
  starts_at timestamp NOT NULL,
  ends_at timestamp NOT NULL,
  status text NOT NULL,
  room text NOT NULL,
  services uuid[] NOT NULL,
  CHECK (starts_at < ends_at)
);
CREATE INDEX IF NOT EXISTS guard_doctor_time_during ON guard_doctor_time USING gist (doctor_id, tsrange(starts_at, ends_at));
CREATE INDEX IF NOT EXISTS guard_doctor_time_live ON guard_doctor_time (starts_at)
  WHERE status IN ('planned', 'confirmed', 'arrived');
CREATE INDEX IF NOT EXISTS guard_doctor_time_patient ON guard_doctor_time (patient_id, starts_at);
CREATE INDEX IF NOT EXISTS guard_doctor_time_room ON guard_doctor_time (room, starts_at) WHERE room <> ''
"""

SQL_CHECK = """
  IF wanted.doctor_id IS NOT NULL AND EXISTS (SELECT FROM guard_clinic_rules WHERE one_patient_at_once) THEN
    SELECT t.* INTO other FROM guard_doctor_time t
    WHERE t.doctor_id = wanted.doctor_id AND t.id <> wanted.id
      AND tsrange(t.starts_at, t.ends_at) && tsrange(wanted.starts_at, wanted.ends_at)
      AND NOT EXISTS (SELECT FROM guard_doctor_time own WHERE own.id = wanted.id AND own.doctor_id = wanted.doctor_id
                      AND own.starts_at <= wanted.starts_at AND own.ends_at >= wanted.ends_at)
    ORDER BY t.starts_at, t.number LIMIT 1;
    IF FOUND THEN
      PERFORM denta_refuse('doctor_time', to_jsonb(other));
    END IF;
  END IF;
"""


class DoctorTime(Claim, frozen=True):
    """The time that a visit takes."""

    number: int
    doctor_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    room: str
    services: list[UUID]
    """Of its lines. A list, as the database gives it."""

    def slot(self) -> VisitSlot:
        return VisitSlot(
            visit_id=self.id,
            number=self.number,
            doctor_id=self.doctor_id,
            patient_id=self.patient_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            status=self.status,
            room=self.room,
            services=tuple(self.services),
        )

    def covers(self, other: "DoctorTime") -> bool:
        """The other one lies within this one's time with the same doctor."""
        return self.doctor_id == other.doctor_id and self.starts_at <= other.starts_at and self.ends_at >= other.ends_at

    def overlaps(self, other: "DoctorTime") -> bool:
        return self.doctor_id == other.doctor_id and self.starts_at < other.ends_at and self.ends_at > other.starts_at


def held(visit: Visit) -> DoctorTime:
    return DoctorTime(
        id=visit.id,
        holds=visit.occupying,
        number=visit.number,
        doctor_id=visit.slot.doctor_id,
        patient_id=visit.patient_id,
        starts_at=visit.slot.starts_at,
        ends_at=visit.slot.ends_at,
        status=visit.status,
        room=name_key(visit.room),
        services=[line.service_id for line in visit.lines],
    )


def check(tables: GuardTables, wanted: DoctorTime) -> None:
    rows: dict[UUID, DoctorTime] = tables[NAME]
    own = rows.get(wanted.id)
    if wanted.doctor_id is None or not clinic_rules.one_patient_at_once(tables) or (own is not None and own.covers(wanted)):
        return
    others = [row for row in rows.values() if row.id != wanted.id and row.overlaps(wanted)]
    if others:
        raise GuardRefused(NAME, msgspec.structs.asdict(min(others, key=lambda row: (row.starts_at, row.number))))


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return SlotTaken(by=msgspec.structs.asdict(msgspec.convert(facts, VisitInTheWay)))


GUARD = Guard(
    name=NAME,
    kinds=(Visit,),
    claim=DoctorTime,
    held=held,
    table=TABLE,
    sql_check=SQL_CHECK,
    check=check,
    refusal=refusal,
    revision=3,
)
