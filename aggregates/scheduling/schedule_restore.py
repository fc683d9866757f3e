"""Restoring an old version of the schedule: what would change, who is missing, which visits conflict.

Employees who are in the old version and present now get the old week and days. Employees who aren't in the old version keep their
present hours; if the organisation's week changes, their present week becomes their own (SCH-12).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import msgspec

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.scheduling.hours import Day, Week
from aggregates.scheduling.working_hours import Conflict, DateCell, DayView, HoursChanges, LiveVisit, WorkingHours, conflicts


class PreviewDay(msgspec.Struct, frozen=True):
    """One cell of the version window. `conflict`: it gets a red frame, because of `visits`."""

    date: date
    then: DayView
    now: DayView
    changed: bool
    conflict: bool
    visits: tuple[ConflictingVisit, ...]


class PreviewEmployee(msgspec.Struct, frozen=True):
    """`deleted_now`: shown struck through. `not_in_version`: the restore doesn't change their hours."""

    employee_id: UUID
    deleted_now: bool
    not_in_version: bool
    days: tuple[PreviewDay, ...]


class Preview(msgspec.Struct, frozen=True):
    """The old version compared with the present one. `conflicts` and `changes` cover all time, cells the requested range."""

    organisation_then: Week
    organisation_now: Week
    employees: tuple[PreviewEmployee, ...]
    deleted: tuple[UUID, ...]
    conflicts: tuple[Conflict, ...]
    changes: HoursChanges

    @property
    def restorable(self) -> bool:
        return bool(self.changes) and not self.deleted and not self.conflicts


def deleted_since(past: WorkingHours, now: WorkingHours) -> tuple[UUID, ...]:
    """Employees of the old version who are deleted now (SCH-11)."""
    return tuple(employee_id for employee_id, present in past.employees.items() if present and not now.present(employee_id))


def restoring(past: WorkingHours, now: WorkingHours) -> HoursChanges:
    """The changes that a restore of `past` makes to `now`."""
    weeks: dict[UUID, Week | None] = {}
    days: dict[DateCell, Day | None] = {}
    for employee_id in now.employees:
        if past.present(employee_id) and now.present(employee_id):
            weeks[employee_id] = past.weeks.get(employee_id)
            then, today = past.days.get(employee_id, {}), now.days.get(employee_id, {})
            days.update({(employee_id, day): then.get(day) for day in sorted({*then, *today})})
        elif past.organisation != now.organisation:
            weeks[employee_id] = now.week_of(employee_id)
    return now.changes_to(organisation=past.organisation, weeks=weeks, days=days)


def difference(old: WorkingHours, new: WorkingHours) -> HoursChanges:
    """The difference of two versions, for all employees of either."""
    everybody = {**old.employees, **new.employees}
    return old.changes_to(
        organisation=new.organisation,
        weeks={employee_id: new.weeks.get(employee_id) for employee_id in everybody},
        days={
            (employee_id, day): new.days.get(employee_id, {}).get(day)
            for employee_id in everybody
            for day in sorted({*old.days.get(employee_id, {}), *new.days.get(employee_id, {})})
        },
    )


def preview(past: WorkingHours, now: WorkingHours, visits: Iterable[LiveVisit], first: date, last: date) -> Preview:
    """The version window for the dates `first`…`last`; `visits`: all live visits."""
    changes = restoring(past, now)
    after = now.with_changes(changes)
    all_conflicts = conflicts(now, after, visits)
    framed = {(conflict.employee_id, conflict.date): conflict.visits for conflict in all_conflicts}
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    listed = [employee_id for employee_id in now.employees if past.present(employee_id) or now.present(employee_id)]
    return Preview(
        organisation_then=past.organisation,
        organisation_now=now.organisation,
        employees=tuple(_employee(employee_id, past, now, after, framed, dates) for employee_id in listed),
        deleted=deleted_since(past, now),
        conflicts=all_conflicts,
        changes=changes,
    )


def _employee(
    employee_id: UUID,
    past: WorkingHours,
    now: WorkingHours,
    after: WorkingHours,
    framed: dict[DateCell, tuple[ConflictingVisit, ...]],
    dates: list[date],
) -> PreviewEmployee:
    deleted_now = not now.present(employee_id)
    not_in_version = not past.present(employee_id)
    days: list[PreviewDay] = []
    for day in dates:
        # deleted employees are shown with the version's hours, new ones with the hours after the restore
        then = (past if deleted_now else after).day_view(employee_id, day)
        today = now.day_view(employee_id, day)
        visits = framed.get((employee_id, day), ())
        changed = (then.kind, then.intervals) != (today.kind, today.intervals)
        days.append(PreviewDay(day, then, today, changed, bool(visits), visits))
    return PreviewEmployee(employee_id, deleted_now, not_in_version, tuple(days))
