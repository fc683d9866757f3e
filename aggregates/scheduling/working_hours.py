"""The clinic's working time as one value: the organisation's week, employees' own weeks and days, and changes of these.

An employee's hours on a date come from their own day, else their own week, else the organisation's week.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Protocol
from uuid import UUID

import msgspec

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.scheduling.hours import DAY, DEFAULT_WEEK, Day, Hours, Interval, Span, Week, absolute, covers, spans_around

DateCell = tuple[UUID, date]
"""One cell of the grid: employee and date."""


class WeekChange(msgspec.Struct, frozen=True):
    old: Week
    new: Week


class EmployeeWeekChange(msgspec.Struct, frozen=True):
    """None = follows the organisation."""

    employee_id: UUID
    old: Week | None
    new: Week | None


class DayChange(msgspec.Struct, frozen=True):
    """None = no own day."""

    employee_id: UUID
    date: date
    old: Day | None
    new: Day | None


class HoursChanges(msgspec.Struct, frozen=True):
    """The changes of one save or restore, with old and new values."""

    organisation: WeekChange | None = None
    weeks: tuple[EmployeeWeekChange, ...] = ()
    days: tuple[DayChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.organisation or self.weeks or self.days)


class DayView(msgspec.Struct, frozen=True):
    """One cell of the grid: effective hours, their kind, and whether it is an own day of the employee."""

    date: date
    kind: str
    intervals: Hours
    own: bool


class LiveVisit(Protocol):
    """A live visit, as `gateways/guards/visit_times.py` returns it."""

    @property
    def visit_id(self) -> UUID: ...
    @property
    def number(self) -> int: ...
    @property
    def doctor_id(self) -> UUID | None: ...
    @property
    def patient_id(self) -> UUID: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Conflict(msgspec.Struct, frozen=True):
    """A cell with a red frame: visits that would fall on non-working time there."""

    employee_id: UUID
    date: date
    visits: tuple[ConflictingVisit, ...]


class WorkingHours(msgspec.Struct, frozen=True):
    """Who works when. Immutable by convention: `with_…` returns a new value that shares unchanged parts."""

    organisation: Week = DEFAULT_WEEK
    employees: dict[UUID, bool] = {}
    """Everybody who was ever added → whether they are present (not deleted)."""
    weeks: dict[UUID, Week] = {}
    days: dict[UUID, dict[date, Day]] = {}

    def present(self, employee_id: UUID) -> bool:
        return self.employees.get(employee_id, False)

    def week_of(self, employee_id: UUID) -> Week:
        """The employee's week: their own, or the organisation's."""
        return self.weeks.get(employee_id, self.organisation)

    def hours_on(self, employee_id: UUID, day: date) -> Hours:
        """Effective hours of a date, also of deleted employees."""
        own = self.days.get(employee_id)
        if own is not None and (override := own.get(day)) is not None:
            return override.intervals
        return self.week_of(employee_id)[day.weekday()]

    def hours_reaching(self, employee_id: UUID, day: date) -> Hours:
        """Hours on a date, including the rest of a night shift from the day before."""
        night = (Interval(0, hours.end - DAY) for hours in self.hours_on(employee_id, day - timedelta(days=1)) if hours.end > DAY)
        return (*night, *self.hours_on(employee_id, day))

    def day_view(self, employee_id: UUID, day: date) -> DayView:
        override = self.days.get(employee_id, {}).get(day)
        if override is not None:
            return DayView(day, override.kind, override.intervals, own=True)
        hours = self.week_of(employee_id)[day.weekday()]
        return DayView(day, "work" if hours else "off", hours, own=False)

    def spans(self, employee_id: UUID, first: date, last: date) -> tuple[Span, ...]:
        """Working time on the dates `first`…`last`, joined across midnight; none for deleted employees."""
        if not self.present(employee_id):
            return ()
        return spans_around(lambda day: self.hours_on(employee_id, day), first, last)

    def holds(self, employee_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether [starts_at, ends_at) is within the employee's working time."""
        return covers(self.spans(employee_id, starts_at.date(), ends_at.date()), starts_at, ends_at)

    def with_employee(self, employee_id: UUID, *, present: bool) -> "WorkingHours":
        return msgspec.structs.replace(self, employees={**self.employees, employee_id: present})

    def with_changes(self, changes: HoursChanges) -> "WorkingHours":
        """The working time after the changes."""
        weeks = dict(self.weeks)
        for change in changes.weeks:
            if change.new is None:
                weeks.pop(change.employee_id, None)
            else:
                weeks[change.employee_id] = change.new
        days = dict(self.days)
        for employee_id in {change.employee_id for change in changes.days}:
            days[employee_id] = dict(days.get(employee_id, {}))
        for cell in changes.days:
            if cell.new is None:
                days[cell.employee_id].pop(cell.date, None)
            else:
                days[cell.employee_id][cell.date] = cell.new
        return WorkingHours(
            organisation=changes.organisation.new if changes.organisation else self.organisation,
            employees=self.employees,
            weeks=weeks,
            days={employee_id: own for employee_id, own in days.items() if own},
        )

    def changes_to(
        self,
        *,
        organisation: Week | None = None,
        weeks: Mapping[UUID, Week | None] | None = None,
        days: Mapping[DateCell, Day | None] | None = None,
    ) -> HoursChanges:
        """The changes that lead to these values; unchanged ones are left out."""
        return HoursChanges(
            organisation=WeekChange(self.organisation, organisation)
            if organisation is not None and organisation != self.organisation
            else None,
            weeks=tuple(
                EmployeeWeekChange(employee_id, self.weeks.get(employee_id), week)
                for employee_id, week in (weeks or {}).items()
                if week != self.weeks.get(employee_id)
            ),
            days=tuple(
                DayChange(employee_id, day, old, new)
                for (employee_id, day), new in (days or {}).items()
                if new != (old := self.days.get(employee_id, {}).get(day))
            ),
        )

    def concerned(self, changes: HoursChanges) -> frozenset[UUID]:
        """Present employees whose effective hours may change."""
        employees = {change.employee_id for change in changes.weeks} | {change.employee_id for change in changes.days}
        if changes.organisation is not None:
            employees |= {employee_id for employee_id in self.employees if employee_id not in self.weeks}
        return frozenset(employee_id for employee_id in employees if self.present(employee_id))


def conflicts(before: WorkingHours, after: WorkingHours, visits: Iterable[LiveVisit]) -> tuple[Conflict, ...]:
    """Visits that lose working time between `before` and `after`, by cell, in order of time; all visits of removed employees.

    A visit may be on non-working time already, for example after a change of the clinic's time zone. It only conflicts if it
    loses more time, not with every edit of the days around it. The cell is the day whose shift has the visit now: a visit at one
    o'clock at night belongs to the night shift of the day before.
    """
    by_doctor: dict[UUID, list[LiveVisit]] = {}
    for visit in visits:
        if visit.doctor_id is not None:
            by_doctor.setdefault(visit.doctor_id, []).append(visit)
    found = [conflict for employee_id, live in by_doctor.items() for conflict in _conflicts_of(employee_id, before, after, live)]
    return tuple(sorted(found, key=lambda conflict: (conflict.visits[0].starts_at, conflict.visits[0].number)))


def _conflicts_of(
    employee_id: UUID, before: WorkingHours, after: WorkingHours, visits: Iterable[LiveVisit]
) -> Iterable[Conflict]:
    """The conflicts of one doctor. Each day is computed once, however many visits it has."""
    spans_before, spans_after = cache(partial(before.spans, employee_id)), cache(partial(after.spans, employee_id))
    hours_before = cache(partial(before.hours_on, employee_id))
    removed = before.present(employee_id) and not after.present(employee_id)
    cells: dict[date, list[ConflictingVisit]] = {}
    for visit in sorted(visits, key=lambda visit: (visit.starts_at, visit.number)):
        starts_at, ends_at = visit.starts_at, visit.ends_at
        first, last = starts_at.date(), ends_at.date()
        then = spans_after(first, last)
        if covers(then, starts_at, ends_at):
            continue
        if not removed and not _takes(spans_before(first, last), then, starts_at, ends_at):
            continue
        conflicting = ConflictingVisit(visit.visit_id, visit.number, starts_at, ends_at, visit.patient_id, employee_id)
        cells.setdefault(_shift_date(hours_before, starts_at), []).append(conflicting)
    return (Conflict(employee_id, day, tuple(conflicting_visits)) for day, conflicting_visits in cells.items())


def _takes(before: Iterable[Span], after: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether working time within [starts_at, ends_at) is lost."""
    start, end = absolute(starts_at), absolute(ends_at)
    worked = [(max(start, first), min(end, last)) for first, last in before if first < end and start < last]
    return any(not any(first <= begin and stop <= last for first, last in after) for begin, stop in worked)


def _shift_date(hours_on: Callable[[date], Hours], starts_at: datetime) -> date:
    """The date whose interval contains the moment: its own, or the day before with a night shift."""
    today = starts_at.date()
    minute = starts_at.hour * 60 + starts_at.minute
    if any(interval.start <= minute < interval.end for interval in hours_on(today)):
        return today
    yesterday = today - timedelta(days=1)
    if any(interval.start <= minute + DAY < interval.end for interval in hours_on(yesterday)):
        return yesterday
    return today
