"""Versions of the working hours: the list, a version beside today, and the return to it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field, StrictInt

from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule, UnknownVersion
from aggregates.scheduling.schedule_restore import PreviewEmployee
from commands.scheduling import schedule as commands
from readmodels.scheduling import schedule_versions as versions_read
from services.api.conflicts import ConflictingVisit
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.names import Names
from services.api.scheduling.hours_shown import cell, shown_conflict, week_pairs
from services.api.scheduling.schedule import HOURS, Conflict, Kind
from services.api.schemas import OF_REQUEST, Day, Done, Intervals, Moment, Page, Period, Ref, Schema, Version, Week

routes = Routes("schedule")
READ = NeedsRight("hours", "journal")
NAME_MODELS = ("schedule_versions", "employees", "catalogue", "calendar", "patients")
"""Read models with the names for the schedule's ids."""


@mirrors(versions_read.ScheduleVersion)
class ScheduleVersion(Schema):
    """One version. `to_version`: which a restore returned to; `subject`: the employee who was added, removed or returned."""


class ScheduleVersions(Schema):
    items: list[ScheduleVersion]
    total: int


class ComparedCell(Schema):
    kind: Kind
    intervals: Intervals
    own: bool


class ComparedDay(Schema):
    date: Day
    then: ComparedCell
    now: ComparedCell
    changed: bool
    conflict: bool
    visits: list[ConflictingVisit]


class ComparedEmployee(Schema):
    id: UUID
    name: str
    position: str
    deleted_now: bool
    not_in_version: bool
    days: list[ComparedDay]


class ComparedOrganisation(Schema):
    then: Week
    now: Week


class Blockers(Schema):
    """What prevents a return to the version, over the whole future."""

    employees: list[Ref]
    conflicts: list[Conflict]


class RestoreChanges(Schema):
    """How much a return changes, counted like the changes of a version."""

    organisation_changed: bool
    weeks_changed: int
    days_changed: int


class PastSchedule(Schema):
    """The schedule at a version, compared with the present one."""

    version: int
    moment: datetime
    author: Ref | None
    current_version: int
    organisation: ComparedOrganisation
    employees: list[ComparedEmployee]
    restorable: bool
    changes: RestoreChanges
    blockers: Blockers


class AtQuery(Period):
    moment: Moment


class Restore(Schema):
    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000), OF_REQUEST]


@routes.get("/schedule/versions", READ, answer=ScheduleVersions, reads=("schedule_versions", "employees"))
def versions(call: Call, query: Annotated[Page, Query()]) -> Any:
    """All versions, newest first."""
    with call.reading() as conn:
        items, total = versions_read.listing(conn, query.page, query.size)
    return call.answer({"items": items, "total": total})


@routes.get("/schedule/versions/{version}", READ, answer=PastSchedule, reads=NAME_MODELS, live=False, heavy=SEARCHES)
def version(call: Call, version: Annotated[Version, Path()], query: Annotated[Period, Query()]) -> Any:
    """A version compared with the present schedule, and what prevents a return to it."""
    now = call.clinic.load(Schedule, SCHEDULE_ID)
    if not 1 <= version <= now.version:
        raise UnknownVersion(version=version, last=now.version)
    return _compared(call, call.clinic.load(Schedule, SCHEDULE_ID, version), now, query)


@routes.get("/schedule/at", READ, answer=PastSchedule, refusals=(404,), reads=NAME_MODELS, live=False, heavy=SEARCHES)
def at(call: Call, query: Annotated[AtQuery, Query()]) -> Any:
    """The schedule at a moment of the clinic's wall clock («состояние на дату»)."""
    clinic = call.clinic
    instant = query.moment.replace(tzinfo=call.zone)
    return _compared(call, clinic.load_at(Schedule, SCHEDULE_ID, instant), clinic.load(Schedule, SCHEDULE_ID), query)


@routes.post("/schedule/restore", HOURS, answer=Done, refusals=(404, 409), versioned=True, heavy=SEARCHES)
def restore(call: Call, body: Restore) -> Any:
    """Return to a version by adding a new one. `If-Match`: the current version, as shown by the preview."""
    receipt = commands.restore_schedule(
        call.clinic, call.context("restore_schedule"), to_version=body.version, seen_version=call.expected
    )
    return call.done(receipt)


def _compared(call: Call, past: Schedule, now: Schedule, period: Period) -> Any:
    """`past` compared with `now`, with names."""
    clinic = call.clinic
    preview = now.preview(past, clinic.visit_times.live(call.local_now), period.first, period.last)
    conflicting = [visit for conflict in preview.conflicts for visit in conflict.visits]
    with call.reading() as conn:
        names = Names(conn, patient_ids={visit.patient_id for visit in conflicting}, reader=call.principal)
        row = versions_read.get(conn, past.version)
    names.note_phones(call, conflicting)
    order = {employee_id: place for place, employee_id in enumerate(names.staff)}
    shown = sorted(preview.employees, key=lambda employee: order.get(employee.employee_id, len(order)))
    return call.versioned(
        {
            "version": past.version,
            "moment": row.moment if row else past.modified_on,
            "author": row.author if row else None,
            "current_version": now.version,
            "organisation": {"then": week_pairs(preview.organisation_then), "now": week_pairs(preview.organisation_now)},
            "employees": [_employee(employee, names) for employee in shown],
            "restorable": preview.restorable,
            "changes": {
                "organisation_changed": preview.changes.organisation is not None,
                "weeks_changed": len(preview.changes.weeks),
                "days_changed": len(preview.changes.days),
            },
            "blockers": {
                "employees": [names.employee(employee_id) for employee_id in preview.deleted],
                "conflicts": [shown_conflict(names, conflict) for conflict in preview.conflicts],
            },
        },
        now.version,
    )


def _employee(employee: PreviewEmployee, names: Names) -> dict[str, Any]:
    known = names.staff.get(employee.employee_id)
    return {
        "id": employee.employee_id,
        "name": known.name if known else "",
        "position": known.position if known else "",
        "deleted_now": employee.deleted_now,
        "not_in_version": employee.not_in_version,
        "days": [
            {
                "date": day.date,
                "then": cell(day.then),
                "now": cell(day.now),
                "changed": day.changed,
                "conflict": day.conflict,
                "visits": [names.visit(visit) for visit in day.visits],
            }
            for day in employee.days
        ],
    }
