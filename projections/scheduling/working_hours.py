"""Weeks and days of working hours, folded from the Schedule's versions."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from aggregates.scheduling.hours import Week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.working_hours import DayChange
from projections.audience import Audience, OwnRows
from projections.declaration import Parts, Projection, replaced
from readmodels.scheduling.working_hours import DAYS, WEEKS, DayRow, WeekRow

Versions = Schedule.HoursSaved | Schedule.Restored


def _opened(event: Schedule.Opened) -> Iterable[tuple[UUID, WeekRow]]:
    return [(SCHEDULE_ID, WeekRow(SCHEDULE_ID, event.organisation))]


def _added(event: Schedule.EmployeeAdded) -> Iterable[tuple[UUID, WeekRow]]:
    return [(event.employee_id, WeekRow(event.employee_id, None))]


def _weeks(event: Versions) -> Iterable[tuple[UUID, WeekRow]]:
    weeks: dict[UUID, Week | None] = {change.employee_id: change.new for change in event.changes.weeks}
    if event.changes.organisation is not None:
        weeks[SCHEDULE_ID] = event.changes.organisation.new
    return [(owner_id, WeekRow(owner_id, week)) for owner_id, week in weeks.items()]


def _days(event: Versions) -> Iterable[tuple[tuple[UUID, date], DayChange]]:
    return [((change.employee_id, change.date), change) for change in event.changes.days]


def _day(_: DayRow | None, change: DayChange) -> DayRow | None:
    if change.new is None:
        return None
    return DayRow(change.employee_id, change.date, change.new.kind, change.new.intervals)


def _own_weeks(conn: object, owners: Collection[UUID], employees: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """An employee's own week, and the organisation's."""
    del conn
    return {(employee, owner) for employee in employees for owner in (employee, SCHEDULE_ID) if owner in owners}


def _own_days(conn: object, owners: Collection[UUID], employees: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    del conn
    return {(employee, employee) for employee in employees if employee in owners}


WORKING_WEEKS = Projection(
    "working_weeks",
    WEEKS,
    revision=1,
    audience=Audience("calendar", "hours", own=OwnRows("own_schedule_only", _own_weeks)),
    handlers={
        Schedule.Opened: Parts(_opened, replaced),
        Schedule.EmployeeAdded: Parts(_added, replaced),
        Schedule.HoursSaved: Parts(_weeks, replaced),
        Schedule.Restored: Parts(_weeks, replaced),
    },
    one_stream=True,
)
WORKING_DAYS = Projection(
    "working_days",
    DAYS,
    revision=1,
    audience=Audience("calendar", "hours", own=OwnRows("own_schedule_only", _own_days)),
    handlers={Schedule.HoursSaved: Parts(_days, _day), Schedule.Restored: Parts(_days, _day)},
    one_stream=True,
)
