"""Working hours («График»): the grid, saving it as one version, and ranges of shifts, vacations and breaks."""

from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field, model_validator

from aggregates.scheduling import schedule_ranges
from aggregates.scheduling.hours import Day as OwnDay
from aggregates.scheduling.hours import hours_pairs, parse_hours, parse_week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.schedule_ranges import Action, range_days
from commands.scheduling import schedule as commands
from services.api.conflicts import ConflictingVisit
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES, of_days
from services.api.http.routes import NeedsRight, Routes
from services.api.names import Names
from services.api.scheduling.hours_shown import cell, shown_conflict, week_pairs
from services.api.schemas import OF_REQUEST, Day, Done, Interval, Intervals, Period, Ref, Schema, Week, refused

routes = Routes("schedule")
HOURS = NeedsRight("hours")

Kind = Literal["work", "off", "vacation", "sick"]


class Cell(Schema):
    """An employee's day. `own`: set for this date; otherwise it comes from the week."""

    date: Day
    kind: Kind
    intervals: Intervals
    own: bool


class ScheduleEmployee(Schema):
    """`week` null: the organisation's hours."""

    id: UUID
    name: str
    position: str
    deleted: bool
    takes_visits: bool
    week: Week | None
    days: list[Cell]


class ScheduleGrid(Schema):
    version: int
    organisation: Week
    employees: list[ScheduleEmployee]


class WeekChange(Schema):
    """`week` null: back to the organisation's hours."""

    employee_id: UUID
    week: Week | None


class DaySet(Schema):
    employee_id: UUID
    date: Day
    kind: Kind
    intervals: Annotated[Intervals, Field(default_factory=list)]


class DayCleared(Schema):
    """The day goes back to the weekly hours."""

    employee_id: UUID
    date: Day
    clear: Literal[True]


class ScheduleChanges(Schema):
    """Everything that one «Сохранить» changes."""

    organisation: Week | None = None
    weeks: Annotated[list[WeekChange], Field(max_length=500, default_factory=list), OF_REQUEST]
    days: Annotated[list[DaySet | DayCleared], Field(max_length=20_000, default_factory=list), OF_REQUEST]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        """Of two values for one cell, one would be lost silently."""
        if len({week.employee_id for week in self.weeks}) < len(self.weeks):
            raise refused("weeks", "Неделя сотрудника указана дважды. Оставьте одну")
        if len({(day.employee_id, day.date) for day in self.days}) < len(self.days):
            raise refused("days", "День сотрудника указан дважды. Оставьте один")
        return self


class Conflict(Schema):
    """A red frame: the cell and the visits behind it."""

    employee: Ref
    date: Day
    visits: list[ConflictingVisit]


class ScheduleConflicts(Schema):
    conflicts: list[Conflict]


class Cycle(Schema):
    """Shifts by a pattern. `starts_with`: the first day of the range, for 2/2; the other patterns follow the calendar."""

    type: Literal["cycle"]
    pattern: Literal["2/2", "5/2", "odd", "even"]
    hours: Intervals
    starts_with: Literal["work", "off"] = "work"


class Absence(Schema):
    type: Literal["absence"]
    kind: Literal["off", "vacation", "sick"]


class Break(Schema):
    """Removed from the working time of each day."""

    type: Literal["break"]
    interval: Interval


class RangeQuery(Period):
    """A change of a range of days."""

    LONGEST: ClassVar[int] = 366

    employee_ids: Annotated[list[UUID], Field(min_length=1, max_length=200), OF_REQUEST]
    action: Annotated[Cycle | Absence | Break, Field(discriminator="type")]


class RangeDays(Schema):
    days: list[DaySet]


MOST_LIGHT_DAYS = 45


@routes.get(
    "/schedule", HOURS, answer=ScheduleGrid, reads=("employees", "catalogue"), heavy=SEARCHES, light=of_days(MOST_LIGHT_DAYS)
)
def schedule(call: Call, query: Annotated[Period, Query()]) -> Any:
    """The grid employee × date, with the version that changes must be based on."""
    now = call.clinic.load(Schedule, SCHEDULE_ID)
    with call.reading() as conn:
        staff = Names(conn).staff
    order = {employee_id: place for place, employee_id in enumerate(staff)}
    shown = sorted((e for e in now.hours.employees if now.hours.present(e)), key=lambda e: order.get(e, len(order)))
    days = query.days
    employees = [
        {
            "id": employee_id,
            "name": staff[employee_id].name if employee_id in staff else "",
            "position": staff[employee_id].position if employee_id in staff else "",
            "deleted": False,
            "takes_visits": employee_id in staff and staff[employee_id].takes_visits,
            "week": week_pairs(now.hours.weeks.get(employee_id)),
            "days": [{"date": day, **cell(now.hours.day_view(employee_id, day))} for day in days],
        }
        for employee_id in shown
    ]
    grid = {"version": now.version, "organisation": week_pairs(now.hours.organisation), "employees": employees}
    return call.versioned(grid, now.version)


@routes.post("/schedule/changes", HOURS, answer=Done, refusals=(404, 409), versioned=True)
def save(call: Call, body: ScheduleChanges) -> Any:
    """Save the grid's changes as one version."""
    receipt = commands.save_hours(call.clinic, call.context("save_hours"), call.expected, **_changes(body))
    return call.done(receipt)


@routes.post("/schedule/conflicts", HOURS, answer=ScheduleConflicts, refusals=(404, 409), heavy=SEARCHES, repeating="question")
def conflicts(call: Call, body: ScheduleChanges) -> Any:
    """The conflicts of these changes now; nothing is saved."""
    found = commands.conflicts_of(call.clinic, call.context("save_hours"), **_changes(body))
    conflicting = [visit for conflict in found for visit in conflict.visits]
    with call.reading() as conn:
        names = Names(conn, patient_ids={visit.patient_id for visit in conflicting}, reader=call.principal)
    names.note_phones(call, conflicting)
    return call.answer({"conflicts": [shown_conflict(names, conflict) for conflict in found]})


def _changes(body: ScheduleChanges) -> dict[str, Any]:
    """The changes in the commands' form."""
    return {
        "organisation": None if body.organisation is None else parse_week(body.organisation, "organisation"),
        "weeks": {change.employee_id: None if change.week is None else parse_week(change.week) for change in body.weeks},
        "days": {
            (day.employee_id, day.date): None if isinstance(day, DayCleared) else OwnDay(day.kind, parse_hours(day.intervals))
            for day in body.days
        },
    }


@routes.post("/schedule/ranges", HOURS, answer=RangeDays, refusals=(409,), repeating="question")
def ranges(call: Call, body: RangeQuery) -> Any:
    """Preview of the cells after a cycle, an absence or a break; nothing is saved."""
    now = call.clinic.load(Schedule, SCHEDULE_ID)
    cells = range_days(now, list(dict.fromkeys(body.employee_ids)), body.first, body.last, _action(body.action))
    days = [
        {"employee_id": employee_id, "date": day, "kind": cell.kind, "intervals": hours_pairs(cell.intervals)}
        for (employee_id, day), cell in cells.items()
    ]
    return call.answer({"days": days})


def _action(action: Cycle | Absence | Break) -> Action:
    if isinstance(action, Cycle):
        return schedule_ranges.Cycle(action.pattern, parse_hours(action.hours), action.starts_with)
    if isinstance(action, Absence):
        return schedule_ranges.Absence(action.kind)
    (interval,) = parse_hours([action.interval], "interval")
    return schedule_ranges.Break(interval)
