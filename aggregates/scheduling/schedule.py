"""The clinic's working hours: no version of them ever puts a live visit on non-working time.

One Schedule per clinic. One save or one restore = one event = one version (SCH-5, SCH-10); hiring, deleting and returning
an employee are versions too, because they change who is in the schedule.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

import msgspec

from aggregates.employees_named import NamedEmployee, RefusalOfEmployees
from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.people.employee import EmployeeDeleted
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Hours, Week, checked_day, checked_week, format_hours, hours_pairs
from aggregates.scheduling.schedule_restore import Preview, deleted_since, difference, preview, restoring
from aggregates.scheduling.working_hours import Conflict, DateCell, HoursChanges, LiveVisit, WorkingHours, conflicts
from aggregates.values import NAMESPACE_DENTA, WrongValue

SCHEDULE_ID = uuid5(NAMESPACE_DENTA, "schedule")
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2100, 12, 31)
MOST_CELLS = 20_000
"""Day cells of one save: 50 employees for a year and more."""


class SavedSince(msgspec.Struct, frozen=True):
    """The versions that were saved after `base_version`, in the facts of a refusal."""

    base_version: int


class ScheduleMoved(DomainError):
    """Somebody else has saved. Facts: `version` now, `base_version`, `changes` since then, their `versions`, `added` and
    `removed` employees.
    """

    code: ClassVar[str] = "schedule_moved"
    status: ClassVar[int] = 412

    def __init__(
        self, *, version: int, base_version: int, changes: HoursChanges, added: Iterable[UUID], removed: Iterable[UUID]
    ) -> None:
        super().__init__(
            version=version,
            base_version=base_version,
            changes=changes,
            versions=SavedSince(base_version),
            added=list(map(NamedEmployee, added)),
            removed=list(map(NamedEmployee, removed)),
        )

    @property
    def sentence(self) -> str:
        return "Пока вы работали, график изменил другой сотрудник. Посмотрите его изменения и сохраните свои поверх новой версии."


class ConflictingVisits(DomainError):
    """Live visits would fall on non-working time. Facts: `conflicts`, a list of Conflict."""

    code: ClassVar[str] = "conflicting_visits"

    @property
    def sentence(self) -> str:
        count = sum(len(conflict.visits) for conflict in self.facts["conflicts"])
        return f"На нерабочее время попадают визиты: {count}. Перенесите их на рабочее время и повторите."


class EmployeeHasVisits(ConflictingVisits):
    """An employee with live visits can't be deleted or stop taking visits. Facts: `conflicts`, a list of Conflict."""

    @property
    def sentence(self) -> str:
        count = sum(len(conflict.visits) for conflict in self.facts["conflicts"])
        return f"У сотрудника есть предстоящие визиты: {count}. Перенесите их к другому врачу или отмените и повторите."


class EmployeesDeletedSince(RefusalOfEmployees):
    """The old version has employees who are deleted now. Facts: `employees`, their ids."""

    code: ClassVar[str] = "employees_deleted_since"

    @property
    def sentence(self) -> str:
        return "В этой версии графика есть сотрудники, которые сейчас удалены. Верните их в справочнике сотрудников и повторите."


class UnknownVersion(DomainError):
    """Facts: the requested `version`, the `last` one."""

    code: ClassVar[str] = "unknown_version"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        return f"Версии {self.facts['version']} у графика нет. Последняя версия – {self.facts['last']}."


class OutsideWorkingHours(DomainError):
    """Facts: `doctor_id`, `date`, `hours` on that date as pairs of "HH:MM"."""

    code: ClassVar[str] = "outside_working_hours"

    def __init__(self, doctor_id: UUID, date: date, hours: Hours) -> None:
        super().__init__(doctor_id=doctor_id, doctor=NamedEmployee(doctor_id), date=date, hours=hours_pairs(hours))
        self._hours = hours

    @property
    def sentence(self) -> str:
        day: date = self.facts["date"]
        hours = format_hours(self._hours)
        return f"Врач не принимает в это время: {day:%d.%m.%Y} – {hours}. Выберите рабочее время врача или измените график."


class Schedule(Aggregate):
    TOPIC = "schedule"
    SNAPSHOT_EVERY: ClassVar[int] = 50

    hours: WorkingHours

    class Opened(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.opened.1"
        organisation: Week

    class EmployeeAdded(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.employee-added.1"
        employee_id: UUID

    class EmployeeRemoved(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.employee-removed.1"
        employee_id: UUID

    class EmployeeReturned(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.employee-returned.1"
        employee_id: UUID

    class HoursSaved(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.hours-saved.1"
        changes: HoursChanges

    class Restored(Event, frozen=True):
        TOPIC: ClassVar[str] = "schedule.restored.1"
        to_version: int
        to_moment: datetime
        changes: HoursChanges

    def open(self, *, organisation: Week = DEFAULT_WEEK, at: datetime) -> None:
        self.trigger(self.Opened, organisation=checked_week(organisation), at=at)

    def add_employee(self, employee_id: UUID, *, at: datetime) -> None:
        """A new employee follows the organisation's week (SCH-2)."""
        if employee_id in self.hours.employees:
            raise WrongValue("employee_id", "Этот сотрудник уже есть в графике.")
        self.trigger(self.EmployeeAdded, employee_id=employee_id, at=at)

    def remove_employee(self, employee_id: UUID, visits: Iterable[LiveVisit], *, at: datetime) -> None:
        """Remove a deleted employee; refused while they have live `visits`. The hours stay for a return."""
        self._known(employee_id)
        if not self.hours.present(employee_id):
            raise EmployeeDeleted(employee_id=employee_id)
        self.require_no_visits(employee_id, visits)
        self.trigger(self.EmployeeRemoved, employee_id=employee_id, at=at)

    def require_no_visits(self, employee_id: UUID, visits: Iterable[LiveVisit]) -> None:
        """Refuse if the employee has live `visits`. EmployeeHasVisits."""
        if (refusal := self.conflicting_visits(employee_id, visits)) is not None:
            raise refusal

    def conflicting_visits(self, employee_id: UUID, visits: Iterable[LiveVisit]) -> EmployeeHasVisits | None:
        """The refusal that `require_no_visits` raises."""
        found = conflicts(self.hours, self.hours.with_employee(employee_id, present=False), visits)
        return EmployeeHasVisits(conflicts=list(found)) if found else None

    def return_employee(self, employee_id: UUID, *, at: datetime) -> None:
        self._known(employee_id)
        if not self.hours.present(employee_id):
            self.trigger(self.EmployeeReturned, employee_id=employee_id, at=at)

    def planned_changes(
        self,
        *,
        organisation: Week | None = None,
        weeks: Mapping[UUID, Week | None] | None = None,
        days: Mapping[DateCell, Day | None] | None = None,
    ) -> HoursChanges:
        """The changes that saving these values makes; a week None = follow the organisation, a day None = no own day.
        WrongValue.
        """
        weeks, days = weeks or {}, days or {}
        if len(days) > MOST_CELLS:
            raise WrongValue("days", f"За одно сохранение можно изменить не больше {MOST_CELLS} ячеек графика.")
        for employee_id in {*weeks, *(employee_id for employee_id, _ in days)}:
            self._known(employee_id)
            if not self.hours.present(employee_id):
                raise EmployeeDeleted(employee_id=employee_id)
        if any(not FIRST_DATE <= day <= LAST_DATE for _, day in days):
            raise WrongValue("days", "График составляется на даты с 2000 по 2100 год.")
        return self.hours.changes_to(
            organisation=None if organisation is None else checked_week(organisation, "organisation"),
            weeks={employee_id: None if week is None else checked_week(week, "weeks") for employee_id, week in weeks.items()},
            days={cell: None if day is None else checked_day(day) for cell, day in days.items()},
        )

    def save_hours(self, changes: HoursChanges, visits: Iterable[LiveVisit], *, at: datetime) -> None:
        """Save one version (SCH-5); no event without a difference.

        `visits`: all live visits of the employees concerned. ConflictingVisits (SCH-8).
        """
        if changes:
            self._require_no_conflicts(self.hours.with_changes(changes), visits)
            self.trigger(self.HoursSaved, changes=changes, at=at)

    def restore(self, past: "Schedule", visits: Iterable[LiveVisit], *, at: datetime) -> None:
        """Bring back the hours of `past`, this schedule at an old version (SCH-9…SCH-13).

        No event without a difference. EmployeesDeletedSince, ConflictingVisits.
        """
        missing = deleted_since(past.hours, self.hours)
        if missing:
            raise EmployeesDeletedSince(employees=list(missing))
        changes = restoring(past.hours, self.hours)
        if changes:
            self._require_no_conflicts(self.hours.with_changes(changes), visits)
            self.trigger(self.Restored, to_version=past.version, to_moment=past.modified_on, changes=changes, at=at)

    def preview(self, past: "Schedule", visits: Iterable[LiveVisit], first: date, last: date) -> Preview:
        """Compare an old version with the present one: cells from `first` to `last`, conflicts over all time (SCH-16)."""
        return preview(past.hours, self.hours, visits, first, last)

    def conflicts(self, changes: HoursChanges, visits: Iterable[LiveVisit]) -> tuple[Conflict, ...]:
        """Visits that these changes would put on non-working time."""
        return conflicts(self.hours, self.hours.with_changes(changes), visits)

    def moved_since(self, base: "Schedule") -> ScheduleMoved:
        """The refusal of a save based on the old version `base`, with the difference (SCH-6)."""
        now, then = self.hours.employees, base.hours.employees
        return ScheduleMoved(
            version=self.version,
            base_version=base.version,
            changes=difference(base.hours, self.hours),
            added=[employee_id for employee_id, present in now.items() if present and not then.get(employee_id)],
            removed=[employee_id for employee_id, present in then.items() if present and not now.get(employee_id)],
        )

    def require_working(self, doctor_id: UUID, starts_at: datetime, ends_at: datetime) -> None:
        """Refuse a time outside the doctor's working time (SCH-4, CAL-7). EmployeeDeleted, OutsideWorkingHours."""
        if not self.hours.present(doctor_id):
            raise EmployeeDeleted(employee_id=doctor_id)
        if not self.hours.holds(doctor_id, starts_at, ends_at):
            day = starts_at.date()
            raise OutsideWorkingHours(doctor_id, day, self.hours.hours_reaching(doctor_id, day))

    def _known(self, employee_id: UUID) -> None:
        if employee_id not in self.hours.employees:
            raise WrongValue("employee_id", "Такого сотрудника нет в графике.")

    def _require_no_conflicts(self, after: WorkingHours, visits: Iterable[LiveVisit]) -> None:
        found = conflicts(self.hours, after, visits)
        if found:
            raise ConflictingVisits(conflicts=list(found))

    @applies(Opened)
    def _opened(self, event: Opened) -> None:
        self.hours = WorkingHours(organisation=event.organisation)

    @applies(EmployeeAdded)
    def _employee_added(self, event: EmployeeAdded) -> None:
        self.hours = self.hours.with_employee(event.employee_id, present=True)

    @applies(EmployeeRemoved)
    def _employee_removed(self, event: EmployeeRemoved) -> None:
        self.hours = self.hours.with_employee(event.employee_id, present=False)

    @applies(EmployeeReturned)
    def _employee_returned(self, event: EmployeeReturned) -> None:
        self.hours = self.hours.with_employee(event.employee_id, present=True)

    @applies(HoursSaved)
    def _hours_saved(self, event: HoursSaved) -> None:
        self.hours = self.hours.with_changes(event.changes)

    @applies(Restored)
    def _restored(self, event: Restored) -> None:
        self.hours = self.hours.with_changes(event.changes)
