"""Words of the schedule: hours, weeks and days of employees."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from aggregates.scheduling.hours import Day, Week, format_hours
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.working_hours import DayChange, HoursChanges
from readmodels.words.declaration import Sentence, Text, Words
from readmodels.words.employee import employee
from readmodels.words.values import Change, Described, Instant, format_day

_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_AWAY = {"off": "выходной", "vacation": "отпуск", "sick": "больничный"}


def _week(hours: Week | None) -> str:
    """«пн–пт 09:00–21:00; сб–вс выходной»; «как у организации» for None."""
    if hours is None:
        return "как у организации"
    runs = []
    for _, run in groupby(range(7), key=lambda weekday: hours[weekday]):
        days = list(run)
        name = _WEEKDAYS[days[0]] if len(days) == 1 else f"{_WEEKDAYS[days[0]]}–{_WEEKDAYS[days[-1]]}"
        runs.append(f"{name} {format_hours(hours[days[0]])}")
    return "; ".join(runs)


def _day(own: Day | None) -> str:
    """Hours of a day, or why there are none; «по неделе» for None."""
    if own is None:
        return "по неделе"
    return format_hours(own.intervals) if own.kind == "work" else _AWAY[own.kind]


def _days(changes: Iterable[DayChange]) -> list[Change]:
    """Changed days by employee; consecutive days with the same change are one."""
    runs: list[list[DayChange]] = []
    for change in sorted(changes, key=lambda change: (change.employee_id.int, change.date)):
        if runs and _continues(runs[-1][-1], change):
            runs[-1].append(change)
        else:
            runs.append([change])
    return [_run(run) for run in runs]


def _continues(last: DayChange, change: DayChange) -> bool:
    alike = (change.employee_id, change.old, change.new) == (last.employee_id, last.old, last.new)
    return alike and change.date - last.date <= timedelta(days=1)


def _run(run: list[DayChange]) -> Change:
    first, last = run[0], run[-1]
    label = format_day(first.date) if first.date == last.date else f"{format_day(first.date)}–{format_day(last.date)}"
    return Change(label, _day(first.old), _day(first.new), of=employee(first.employee_id))


def _hours(changes: HoursChanges) -> list[Change]:
    organisation = changes.organisation
    found = [Change("Часы организации", _week(organisation.old), _week(organisation.new))] if organisation else []
    found += [Change("неделя", _week(c.old), _week(c.new), of=employee(c.employee_id)) for c in changes.weeks]
    return found + _days(changes.days)


def _people(changes: HoursChanges) -> Iterable[UUID]:
    return dict.fromkeys(change.employee_id for part in (changes.weeks, changes.days) for change in part)


def _saved_sentence(event: Schedule.HoursSaved, changed: str, organisation: str, weeks: str, days: str) -> str:
    changes = event.changes
    parts = [organisation] if changes.organisation else []
    parts += [weeks.format(len(changes.weeks))] if changes.weeks else []
    parts += [days.format(len(changes.days))] if changes.days else []
    return changed.format(", ".join(parts))


def _restored(event: Schedule.Restored) -> list[Change]:
    return [Change("Возврат к состоянию на", None, Instant(event.to_moment)), *_hours(event.changes)]


def _state(schedule: Schedule) -> Described:
    hours = schedule.hours
    yield "Часы организации", _week(hours.organisation)
    for employee_id, present in hours.employees.items():
        week = _week(hours.weeks.get(employee_id))
        yield "", Change("неделя", None, week if present else f"{week} (удалён)", of=employee(employee_id))
    own = [DayChange(employee_id, day, None, value) for employee_id, cells in hours.days.items() for day, value in cells.items()]
    for change in _days(own):
        yield "", change


SCHEDULE = Words(
    kind=Schedule,
    label="График работы",
    only_id=SCHEDULE_ID,
    page="/settings/hours/versions/{version}",
    has_versions=True,
    further="смотрите версию графика",
    actions={
        "hours": "Изменение графика",
        "restored": "Восстановление графика",
        "staff": "Состав графика",
        "opened": "Начало работы",
    },
    events={
        Schedule.Opened: Text("opened", "создан", lambda e: [Change("Часы организации", None, _week(e.organisation))]),
        Schedule.EmployeeAdded: Text(
            "staff",
            ": добавлен новый сотрудник",
            lambda e: [Change("Сотрудник", None, employee(e.employee_id))],
            lambda e: [e.employee_id],
        ),
        Schedule.EmployeeRemoved: Text(
            "staff",
            ": убран удалённый сотрудник",
            lambda e: [Change("Сотрудник", employee(e.employee_id), None)],
            lambda e: [e.employee_id],
        ),
        Schedule.EmployeeReturned: Text(
            "staff",
            ": возвращён удалённый сотрудник",
            lambda e: [Change("Сотрудник", None, employee(e.employee_id))],
            lambda e: [e.employee_id],
        ),
        Schedule.HoursSaved: Text(
            "hours",
            Sentence(("изменён: {}", "часы организации", "недель сотрудников – {}", "дней – {}"), _saved_sentence),
            lambda e: _hours(e.changes),
            lambda e: _people(e.changes),
        ),
        Schedule.Restored: Text(
            "restored",
            Sentence(("восстановлен по версии {}",), lambda e, by: by.format(e.to_version)),
            _restored,
            lambda e: _people(e.changes),
        ),
    },
    state=_state,
)
