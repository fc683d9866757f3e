"""Weeks and days of working hours, folded from the Schedule's versions."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from aggregates.scheduling.hours import Week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.working_hours import DayChange
from projections.audience import Audience, OwnRows
from projections.declaration import Envelope, PartsHandler, Projection
from readmodels.scheduling.working_hours import DAYS, WEEKS, DayRow, WeekRow

Versions = Schedule.HoursSaved | Schedule.Restored


def _opened(event: Schedule.Opened, envelope: Envelope) -> Iterable[tuple[UUID, WeekRow]]:  # noqa: ARG001
    return [(SCHEDULE_ID, WeekRow(SCHEDULE_ID, event.organisation))]


def _added(event: Schedule.EmployeeAdded, envelope: Envelope) -> Iterable[tuple[UUID, WeekRow]]:  # noqa: ARG001
    return [(event.employee_id, WeekRow(event.employee_id, None))]


def _weeks(event: Versions, envelope: Envelope) -> Iterable[tuple[UUID, WeekRow]]:  # noqa: ARG001
    weeks: dict[UUID, Week | None] = {change.employee_id: change.new for change in event.changes.weeks}
    if event.changes.organisation is not None:
        weeks[SCHEDULE_ID] = event.changes.organisation.new
    return [(owner_id, WeekRow(owner_id, week)) for owner_id, week in weeks.items()]


def _week(row: WeekRow | None, part: WeekRow, event: object, envelope: Envelope) -> WeekRow:  # noqa: ARG001
    return part


def _days(event: Versions, envelope: Envelope) -> Iterable[tuple[tuple[UUID, date], DayChange]]:  # noqa: ARG001
    return [((change.employee_id, change.date), change) for change in event.changes.days]


def _day(row: DayRow | None, change: DayChange, event: object, envelope: Envelope) -> DayRow | None:  # noqa: ARG001
    if change.new is None:
        return None
    return DayRow(change.employee_id, change.date, change.new.kind, change.new.intervals)


def _own_weeks(conn: object, owners: Collection[UUID], employees: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Their own, and the organisation's."""
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
        Schedule.Opened: PartsHandler(_opened, _week),
        Schedule.EmployeeAdded: PartsHandler(_added, _week),
        Schedule.HoursSaved: PartsHandler(_weeks, _week),
        Schedule.Restored: PartsHandler(_weeks, _week),
    },
    one_stream=True,
)
WORKING_DAYS = Projection(
    "working_days",
    DAYS,
    revision=1,
    audience=Audience("calendar", "hours", own=OwnRows("own_schedule_only", _own_days)),
    handlers={Schedule.HoursSaved: PartsHandler(_days, _day), Schedule.Restored: PartsHandler(_days, _day)},
    one_stream=True,
)
