"""The people, hours and visits that specs speak of, and facts about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.people.employee import Employee
from aggregates.people.person import PersonName
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Hours, Week, parse_hours
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import BookingRules, Slot, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import Status
from aggregates.scheduling.working_hours import DayChange, EmployeeWeekChange, HoursChanges, WeekChange
from commands.ports.visit_times import VisitSlot
from tests.aggregates.scenario import Fact, at, fact, named, replayed

ANNA, BORIS, VERA = named("Anna"), named("Boris"), named("Vera")
PATIENT = named("patient")
OPENED = fact(Schedule.Opened, organisation=DEFAULT_WEEK)


def hours(*intervals: str) -> Hours:
    """hours("09:00-15:00", "16:00-18:00")"""
    return parse_hours(interval.split("-") for interval in intervals)


def week(weekdays: Hours, saturday: Hours = (), sunday: Hours = ()) -> Week:
    return weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday


def work(*intervals: str) -> Day:
    return Day("work", hours(*intervals))


OFF = Day("off")


def added(employee_id: UUID) -> Fact:
    return fact(Schedule.EmployeeAdded, employee_id=employee_id)


def removed(employee_id: UUID) -> Fact:
    return fact(Schedule.EmployeeRemoved, employee_id=employee_id)


def returned(employee_id: UUID) -> Fact:
    return fact(Schedule.EmployeeReturned, employee_id=employee_id)


def saved(changes: HoursChanges) -> Fact:
    return fact(Schedule.HoursSaved, changes=changes)


def restored(to_version: int, changes: HoursChanges, to_moment: datetime) -> Fact:
    return fact(Schedule.Restored, to_version=to_version, to_moment=to_moment, changes=changes)


def organisation(old: Week, new: Week) -> HoursChanges:
    return HoursChanges(organisation=WeekChange(old, new))


def own_week(employee_id: UUID, new: Week | None, old: Week | None = None) -> HoursChanges:
    return HoursChanges(weeks=(EmployeeWeekChange(employee_id, old, new),))


def own_day(employee_id: UUID, day: date, new: Day | None, old: Day | None = None) -> HoursChanges:
    return HoursChanges(days=(DayChange(employee_id, day, old, new),))


def live(doctor_id: UUID, day: date, start: str, end: str, number: int = 1, *, until: date | None = None) -> VisitSlot:
    """A live visit as the guard of doctors' time tells it."""
    return VisitSlot(
        visit_id=named(f"visit {number}"),
        number=number,
        doctor_id=doctor_id,
        patient_id=PATIENT,
        starts_at=at(day, start),
        ends_at=at(until or day, end),
        status="planned",
    )


def schedule(*facts: Fact) -> Schedule:
    return replayed(Schedule, OPENED, *facts, id=SCHEDULE_ID)


def employee(employee_id: UUID = ANNA, *, takes_visits: bool = True) -> Employee:
    hired = fact(
        Employee.Hired,
        number=1,
        name=PersonName("Аннина", "Анна"),
        position="Терапевт",
        phone="",
        email="",
        takes_visits=takes_visits,
        color="",
    )
    return replayed(Employee, hired, id=employee_id)


def settings(**values: Any) -> ClinicSettings:
    return replayed(ClinicSettings, fact(ClinicSettings.Opened, values=values))


def rules(doctor: Employee | None = None, *facts: Fact, **values: Any) -> BookingRules:
    """Anna works by the organisation's hours unless facts say otherwise."""
    return BookingRules(schedule(added(ANNA), added(BORIS), *facts), settings(**values), doctor)


def slot(day: date, start: str, end: str, doctor_id: UUID | None = ANNA, *, until: date | None = None) -> Slot:
    return Slot(doctor_id, at(day, start), at(until or day, end))


def booked(where: Slot, *, number: int = 7, lines: tuple[Line, ...] = ()) -> Fact:
    return fact(
        Visit.Booked,
        number=number,
        patient_id=PATIENT,
        doctor_id=where.doctor_id,
        starts_at=where.starts_at,
        ends_at=where.ends_at,
        lines=lines,
        room="",
        comment="",
    )


def became(old: Status, new: Status) -> Fact:
    return fact(Visit.StatusChanged, old=old, new=new)
