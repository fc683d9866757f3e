"""Names beside ids: aggregates know ids, people know names (UI-3)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import Connection

from aggregates.conflicting_visit import ConflictingVisit
from readmodels.people import employees, patients

if TYPE_CHECKING:
    from services.api.http.call import Call
    from services.api.http.principal import Principal

_SHOW_VISITS = frozenset({"calendar", "visits", "patients"})
"""Rights that show visits on other pages too."""


class Names:
    """Names of the people in an answer, fetched by one query per kind."""

    def __init__(
        self,
        conn: Connection[Any],
        *,
        staff: Iterable[UUID] | None = None,
        patient_ids: Iterable[UUID] = (),
        reader: "Principal | None" = None,
    ) -> None:
        """`reader`: the user whose rights decide whether patients' phones are included; None: they aren't."""
        ids = list(patient_ids)
        self.connection = conn
        self.staff = employees.names(conn, staff)
        self._shown: dict[UUID, dict[str, Any]] = {}
        self.visits: list[ConflictingVisit] = []
        """Those that were shown."""
        self.patients = patients.names(conn, ids) if ids else {}
        self._reader = reader if reader is not None and reader.shows_patient_info and _SHOW_VISITS & reader.rights else None
        self._phones = patients.phones(conn, ids) if ids and self._reader else {}

    def employee(self, employee_id: UUID) -> dict[str, Any]:
        known = self.staff.get(employee_id)
        return {"id": employee_id, "name": known.name if known else ""}

    def patient(self, patient_id: UUID) -> dict[str, Any]:
        return {"id": patient_id, "name": self.patients.get(patient_id, "")}

    def card(self, patient_id: UUID) -> dict[str, Any]:
        """A patient with the card's number, for users who may open the card."""
        numbers = patients.card_numbers(self.connection, [patient_id])
        return {**self.patient(patient_id), "card_number": numbers.get(patient_id, "")}

    def visit(self, visit: ConflictingVisit) -> dict[str, Any]:
        """A conflicting visit; cached, because it is shown in its cell and in the list of all conflicts."""
        if (shown := self._shown.get(visit.id)) is None:
            shown = self._shown[visit.id] = self._visit(visit)
            self.visits.append(visit)
        return shown

    def _visit(self, visit: ConflictingVisit) -> dict[str, Any]:
        return {
            "id": visit.id,
            "number": visit.number,
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
            "patient": self.patient(visit.patient_id),
            "phone": self._phones.get(visit.patient_id, "") if self.shows_phone(visit) else "",
            "doctor": None if visit.doctor_id is None else self.employee(visit.doctor_id),
        }

    def shows_phone(self, visit: ConflictingVisit) -> bool:
        """Whether the reader may see the phone: a doctor with their own schedule or patients only, at visits to them."""
        reader = self._reader
        return reader is not None and {reader.only_doctor_id, reader.patients_of} <= {None, visit.doctor_id}

    def note_phones(self, call: "Call", visits: Sequence[ConflictingVisit]) -> None:
        """Record in the access log that these phones were shown (SEC-6)."""
        shown = [visit for visit in visits if self.shows_phone(visit)]
        if shown:
            doctors = {visit.doctor_id for visit in shown}
            whose = {"doctor_id": str(doctors.pop())} if len(doctors) == 1 and None not in doctors else {}
            call.record_access("listed", "visit", filter={"in_the_way": True, **whose}, count=len(shown))
