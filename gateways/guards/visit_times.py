"""Visits that take time, also those without a doctor: not deleted, not cancelled, not «не пришёл».

With «Только одного пациента» no two of them overlap with one doctor (CAL-5). A visit that stays within the time it already has
with its doctor isn't checked again, so that visits that overlapped when the rule was switched on can still be confirmed,
shortened and completed. Intervals are half-open: adjacent visits don't overlap. Commands warn by patient, room and services.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec

from aggregates.catalogue import name_key
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.kernel import DomainError
from aggregates.scheduling.visit import LONGEST, Slot, SlotTaken, Visit
from aggregates.scheduling.visit_status import AWAITED
from commands.ports.visit_times import VisitSlot, VisitTimes
from gateways.database import Database
from gateways.guards import clinic_rules
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables, Reads

NAME = "doctor_time"
"""Older than what it holds now; databases have it."""
_VISIT: LiteralString = "id, number, doctor_id, patient_id, starts_at, ends_at, status, room, services"

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
)
"""
INDEXES = (
    (
        "CREATE INDEX IF NOT EXISTS guard_doctor_time_during ON guard_doctor_time"
        " USING gist (doctor_id, tsrange(starts_at, ends_at))"
    ),
    (
        "CREATE INDEX IF NOT EXISTS guard_doctor_time_live ON guard_doctor_time (starts_at)"
        " WHERE status IN ('planned', 'confirmed', 'arrived')"
    ),
    "CREATE INDEX IF NOT EXISTS guard_doctor_time_patient ON guard_doctor_time (patient_id, starts_at)",
    "CREATE INDEX IF NOT EXISTS guard_doctor_time_room ON guard_doctor_time (room, starts_at) WHERE room <> ''",
)

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


class VisitTime(Claim, frozen=True):
    """The time of a visit."""

    number: int
    doctor_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    room: str
    services: list[UUID]
    """Ids of its services. A list, as the database returns it."""

    def visit(self) -> VisitSlot:
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

    @property
    def slot(self) -> Slot:
        return Slot(self.doctor_id, self.starts_at, self.ends_at)


def claim_of(visit: Visit) -> VisitTime:
    return VisitTime(
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


def check(tables: GuardTables, claim: VisitTime) -> None:
    rows: dict[UUID, VisitTime] = tables[NAME]
    own = rows.get(claim.id)
    if not clinic_rules.one_patient_at_once(tables) or (own is not None and own.slot.covers(claim.slot)):
        return
    slot = claim.slot
    others = [row for row in rows.values() if row.slot.overlaps(slot) and row.id != claim.id]
    if others:
        raise GuardRefused(NAME, msgspec.structs.asdict(min(others, key=lambda row: (row.starts_at, row.number))))


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return SlotTaken(by=msgspec.convert(facts, ConflictingVisit))


class PostgresVisitTimes:
    """`commands.ports.visit_times.VisitTimes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        doctors, patients, services = (None if ids is None else list(ids) for ids in (doctor_ids, patient_ids, service_ids))
        query = (
            f"SELECT {_VISIT} FROM guard_doctor_time"  # noqa: S608  columns of this code
            " WHERE status IN ('planned', 'confirmed', 'arrived') AND starts_at > %s"
            " AND (%s::uuid[] IS NULL OR doctor_id = ANY(%s))"
            " AND (%s::uuid[] IS NULL OR patient_id = ANY(%s))"
            " AND (%s::uuid[] IS NULL OR services && %s::uuid[]) ORDER BY starts_at, number"
        )
        values = (after, doctors, doctors, patients, patients, services, services)
        with self._database.connection() as connection, connection.cursor(binary=True) as cursor:
            return [_visit(row) for row in cursor.execute(query, values).fetchall()]

    def taking_place(self, patient_ids: Iterable[UUID]) -> Sequence[VisitSlot]:
        query = f"SELECT {_VISIT} FROM guard_doctor_time WHERE patient_id = ANY(%s) ORDER BY starts_at, number"  # noqa: S608  columns
        with self._database.connection() as connection, connection.cursor(binary=True) as cursor:
            return [_visit(row) for row in cursor.execute(query, (list(patient_ids),)).fetchall()]

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
        # indexes are by start, and no visit is longer than LONGEST: earlier starts need no look
        during = "starts_at > %(earliest)s AND starts_at < %(end)s AND ends_at > %(start)s AND id <> %(other_than)s"
        query = f"""SELECT {_VISIT} FROM guard_doctor_time WHERE patient_id = ANY(%(patients)s) AND {during}
          UNION SELECT {_VISIT} FROM guard_doctor_time WHERE room = %(room)s AND room <> '' AND {during}
          UNION SELECT {_VISIT} FROM guard_doctor_time WHERE doctor_id = %(doctor)s
            AND tsrange(starts_at, ends_at) && tsrange(%(start)s, %(end)s) AND id <> %(other_than)s
          ORDER BY starts_at, number"""  # noqa: S608  columns of this code
        values = {"start": starts_at, "end": ends_at, "earliest": starts_at - LONGEST, "other_than": other_than,
                  "patients": list(patient_ids), "room": room, "doctor": doctor_id}  # fmt: skip
        with self._database.connection() as connection, connection.cursor(binary=True) as cursor:
            return [_visit(row) for row in cursor.execute(query, values).fetchall()]


def _visit(row: Sequence[Any]) -> VisitSlot:
    """A row of `_VISIT`."""
    return VisitSlot(*(*row[:-1], tuple(row[-1])))


class MemoryVisitTimes:
    """The same without a database."""

    def __init__(self, rows: Callable[[], Sequence[VisitTime]]) -> None:
        self._rows = rows

    def live(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        doctors, patients, services = (None if ids is None else set(ids) for ids in (doctor_ids, patient_ids, service_ids))
        return sorted(
            (
                row.visit()
                for row in self._rows()
                if row.status in AWAITED
                and row.starts_at > after
                and (doctors is None or row.doctor_id in doctors)
                and (patients is None or row.patient_id in patients)
                and (services is None or not services.isdisjoint(row.services))
            ),
            key=lambda slot: (slot.starts_at, slot.number),
        )

    def taking_place(self, patient_ids: Iterable[UUID]) -> Sequence[VisitSlot]:
        patients = set(patient_ids)
        found = [row.visit() for row in self._rows() if row.patient_id in patients]
        return sorted(found, key=lambda slot: (slot.starts_at, slot.number))

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
        patients = set(patient_ids)
        found = [
            row.visit()
            for row in self._rows()
            if row.id != other_than
            and row.starts_at < ends_at
            and row.ends_at > starts_at
            and (row.patient_id in patients or (room and row.room == room) or (doctor_id and row.doctor_id == doctor_id))
        ]
        return sorted(found, key=lambda slot: (slot.starts_at, slot.number))


GUARD = Guard(
    name=NAME,
    kinds=(Visit,),
    claim=VisitTime,
    claim_of=claim_of,
    table=TABLE,
    indexes=INDEXES,
    sql_check=SQL_CHECK,
    check=check,
    refusal=refusal,
    revision=3,
    reads=Reads[VisitTimes]("visit_times", PostgresVisitTimes, MemoryVisitTimes),
)
