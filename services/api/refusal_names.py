"""Adds names to the ids in refusals: aggregates know ids, people know names (UI-3)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from psycopg import Connection

from aggregates.scheduling.hours import Day, Hours, Week, hours_pairs
from aggregates.scheduling.visit_warnings import ShownWarning
from aggregates.scheduling.working_hours import Conflict, DayView, HoursChanges
from aggregates.visits_in_the_way import VisitInTheWay
from readmodels.people import employees, patients
from readmodels.scheduling import schedule_versions

if TYPE_CHECKING:
    from services.api.http.call import Call
    from services.api.http.principal import Principal

_SHOW_PHONES = frozenset({"calendar", "visits", "patients"})
"""Rights that show visits and patients with phones on other pages too."""


@lru_cache(4096)
def pairs(hours: Hours) -> list[list[str]]:
    """Hours in the API's form. Cached, because thousands of cells show few different values; don't change the result."""
    return hours_pairs(hours)


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
        self.staff = employees.names(conn, staff)
        self._shown: dict[UUID, dict[str, Any]] = {}
        self.patients = patients.names(conn, ids) if ids else {}
        self._reader = reader if reader is not None and _SHOW_PHONES & reader.rights else None
        self._phones = patients.phones(conn, ids) if ids and self._reader else {}

    def employee(self, employee_id: UUID) -> dict[str, Any]:
        known = self.staff.get(employee_id)
        return {"id": employee_id, "name": known.name if known else ""}

    def patient(self, patient_id: UUID) -> dict[str, Any]:
        return {"id": patient_id, "name": self.patients.get(patient_id, "")}

    def conflict(self, conflict: Conflict) -> dict[str, Any]:
        """A red frame (conflict) with names."""
        return {
            "employee": self.employee(conflict.employee_id),
            "date": conflict.date,
            "visits": [self.visit(visit) for visit in conflict.visits],
        }

    def visit(self, visit: VisitInTheWay) -> dict[str, Any]:
        """A visit in the way; cached, because it is shown in its cell and in the list of blockers."""
        if (shown := self._shown.get(visit.id)) is None:
            shown = self._shown[visit.id] = self._visit(visit)
        return shown

    def _visit(self, visit: VisitInTheWay) -> dict[str, Any]:
        return {
            "id": visit.id,
            "number": visit.number,
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
            "patient": self.patient(visit.patient_id),
            "phone": self._phones.get(visit.patient_id, "") if self.shows_phone(visit) else "",
            "doctor": None if visit.doctor_id is None else self.employee(visit.doctor_id),
        }

    def shows_phone(self, visit: VisitInTheWay) -> bool:
        """Whether the reader may see the phone: a doctor with their own schedule or patients only, at visits to them."""
        reader = self._reader
        return reader is not None and {reader.only_doctor_id, reader.patients_of} <= {None, visit.doctor_id}

    def note_phones(self, call: "Call", visits: Sequence[VisitInTheWay]) -> None:
        """Record in the access log that these phones were shown (SEC-6)."""
        shown = [visit for visit in visits if self.shows_phone(visit)]
        if shown:
            doctors = {visit.doctor_id for visit in shown}
            whose = {"doctor_id": str(doctors.pop())} if len(doctors) == 1 and None not in doctors else {}
            call.record_access("listed", "visit", filter={"in_the_way": True, **whose}, count=len(shown))

    def warning(self, warning: ShownWarning) -> dict[str, Any]:
        """A warning with names."""
        return {
            **asdict(warning),
            "visit": warning.visit and self.visit(warning.visit),
            "doctor": warning.doctor_id and self.employee(warning.doctor_id),
            "visits": [{**self.visit(visit), "services": visit.services} for visit in warning.visits],
        }

    def changes(self, changes: HoursChanges) -> dict[str, Any]:
        """The differences between two versions of the hours, with names."""
        organisation = changes.organisation
        return {
            "organisation": organisation and {"old": week_pairs(organisation.old), "new": week_pairs(organisation.new)},
            "weeks": [
                {"employee": self.employee(week.employee_id), "old": week_pairs(week.old), "new": week_pairs(week.new)}
                for week in changes.weeks
            ],
            "days": [
                {
                    "employee": self.employee(day.employee_id),
                    "date": day.date,
                    "old": day_pairs(day.old),
                    "new": day_pairs(day.new),
                }
                for day in changes.days
            ],
        }


def week_pairs(week: Week | None) -> list[list[list[str]]] | None:
    """A week in the API's form."""
    return None if week is None else [pairs(hours) for hours in week]


def cell(view: DayView) -> dict[str, Any]:
    """A cell of the grid in the API's form."""
    return {"kind": view.kind, "intervals": pairs(view.intervals), "own": view.own}


def day_pairs(day: Day | None) -> dict[str, Any] | None:
    """An employee's own day in the API's form."""
    return None if day is None else {"kind": day.kind, "intervals": pairs(day.intervals)}


NAMED_BY = ("employees", "patients", "schedule_versions")
"""Read models with the names for refusals."""


def mentions_recent_changes(facts: Mapping[str, Any]) -> bool:
    """Whether a refusal may mention what others have just done, so that the names must be up to date."""
    return bool({"conflicts", "changes", "employees", "visits", "by", "warnings"} & facts.keys())


def with_names(call: "Call", facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal with names beside ids, and hours in the API's form."""
    conflicts: list[Conflict] = facts.get("conflicts", [])
    visits: list[VisitInTheWay] = facts.get("visits", [])
    warnings: list[ShownWarning] = facts.get("warnings", [])
    taken_by = msgspec.convert(by, VisitInTheWay) if isinstance(by := facts.get("by"), Mapping) else None
    warned = [visit for warning in warnings for visit in (warning.visit, *warning.visits) if visit]
    others = [*visits, *warned, *([taken_by] if taken_by else [])]
    in_the_way = [*others, *(visit for conflict in conflicts for visit in conflict.visits)]
    patient_ids = {visit.patient_id for visit in in_the_way}
    one = [facts[key] for key in ("employee_id", "doctor_id") if isinstance(facts.get(key), UUID)]
    if not (conflicts or others or warnings or one or {"employees", "changes", "added", "removed"} & facts.keys()):
        return dict(facts)
    named = dict(facts)
    with call.denta.database.connection() as conn:
        names = Names(conn, staff=one or None, patient_ids=patient_ids, reader=call.scope.get("denta.principal"))
        if conflicts:
            named["conflicts"] = [names.conflict(conflict) for conflict in conflicts]
        if taken_by:
            named["by"] = names.visit(taken_by)
        if warnings:
            named["warnings"] = [names.warning(warning) for warning in warnings]
        if visits:
            named["visits"] = [names.visit(visit) for visit in visits]
        for key in {"employees", "added", "removed"} & facts.keys():
            named[key] = [names.employee(employee_id) for employee_id in facts[key]]
        for key, shown in (("employee_id", "employee"), ("doctor_id", "doctor")):
            if key in facts and isinstance(facts[key], UUID):
                named[shown] = names.employee(facts[key])
        if isinstance(facts.get("changes"), HoursChanges):
            named["changes"] = names.changes(facts["changes"])
            latest, _ = schedule_versions.listing(conn, page=1, size=20)
            named["versions"] = [version for version in latest if version.version > facts["base_version"]]
    names.note_phones(call, in_the_way)
    return named
