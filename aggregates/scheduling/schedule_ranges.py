"""Shift cycles, absences and breaks over a range of dates, turned into day cells to be saved (SCH-7)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.people.employee import EmployeeDeleted
from aggregates.scheduling.hours import DAY, Day, Hours, Interval, normalised
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.working_hours import DateCell, WorkingHours
from aggregates.values import WrongValue

Pattern = Literal["2/2", "5/2", "odd", "even"]
LONGEST_RANGE = 366
"""Days."""


class Cycle(msgspec.Struct, frozen=True):
    """Working days alternating with days off.

    2/2 starts with two days of the kind `starts_with`; 5/2 is Monday to Friday; odd and even are days of the month.
    """

    pattern: Pattern
    hours: Hours
    starts_with: Literal["work", "off"] = "work"


class Absence(msgspec.Struct, frozen=True):
    """No work on any date of the range."""

    kind: Literal["off", "vacation", "sick"]


class Break(msgspec.Struct, frozen=True):
    """Time removed from the work of each date, also from the part of a night shift after midnight."""

    interval: Interval


Action = Cycle | Absence | Break


def range_days(schedule: Schedule, employee_ids: Sequence[UUID], first: date, last: date, action: Action) -> dict[DateCell, Day]:
    """The cells that the action changes from `first` to `last`.

    A break in a night shift may change the day after `last` too, because the work after the break starts there.
    WrongValue, EmployeeDeleted.
    """
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise WrongValue("to", f"Диапазон – от одного до {LONGEST_RANGE} дней, и конец не раньше начала.")
    for employee_id in employee_ids:
        if not schedule.hours.present(employee_id):
            raise EmployeeDeleted(employee_id=employee_id)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if isinstance(action, Break):
        return _breaks(schedule.hours, employee_ids, dates, action.interval)
    if isinstance(action, Absence):
        return {(employee_id, day): Day(action.kind) for employee_id in employee_ids for day in dates}
    hours = normalised(action.hours)
    if not hours:
        raise WrongValue("hours", "Укажите часы работы для рабочих дней.")
    works = _TURNS[action.pattern](first, action.starts_with == "work")
    on, off = Day("work", hours), Day("off")
    return {(employee_id, day): on if works(day) else off for employee_id in employee_ids for day in dates}


def _two_by_two(first: date, begins_working: bool) -> Callable[[date], bool]:
    return lambda day: ((day - first).days % 4 < 2) == begins_working


_TURNS: dict[Pattern, Callable[[date, bool], Callable[[date], bool]]] = {
    "2/2": _two_by_two,
    "5/2": lambda _first, _begins: lambda day: day.weekday() < 5,
    "odd": lambda _first, _begins: lambda day: day.day % 2 == 1,
    "even": lambda _first, _begins: lambda day: day.day % 2 == 0,
}


def _breaks(hours: WorkingHours, employee_ids: Sequence[UUID], dates: Sequence[date], pause: Interval) -> dict[DateCell, Day]:
    (checked,) = normalised([pause], "interval")
    if checked.end - checked.start == DAY:
        raise WrongValue("interval", "Начало и конец перерыва совпадают. Укажите, с какого и до какого времени он длится.")
    pauses = [checked, Interval(checked.start + DAY, checked.end + DAY)]
    cells: dict[DateCell, Day] = {}
    for employee_id in employee_ids:
        for day in dates:
            before = _hours_on(hours, cells, employee_id, day)
            after = _without(before, pauses)
            if after == before:
                continue
            # the part after midnight belongs to the next date
            cells[employee_id, day] = _worked(interval for interval in after if interval.start < DAY)
            beyond = [Interval(interval.start - DAY, interval.end - DAY) for interval in after if interval.start >= DAY]
            if beyond:
                tomorrow = day + timedelta(days=1)
                cells[employee_id, tomorrow] = _worked([*beyond, *_hours_on(hours, cells, employee_id, tomorrow)])
    return cells


def _hours_on(hours: WorkingHours, cells: dict[DateCell, Day], employee_id: UUID, day: date) -> Hours:
    cell = cells.get((employee_id, day))
    return cell.intervals if cell is not None else hours.hours_on(employee_id, day)


def _worked(intervals: Iterable[Interval]) -> Day:
    hours = normalised(intervals)
    return Day("work", hours) if hours else Day("off")


def _without(hours: Hours, pauses: Sequence[Interval]) -> Hours:
    left = list(hours)
    for pause in pauses:
        left = [
            part
            for interval in left
            for part in (
                Interval(interval.start, min(interval.end, pause.start)),
                Interval(max(interval.start, pause.end), interval.end),
            )
            if part.start < part.end
        ]
    return tuple(left)
