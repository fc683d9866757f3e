"""Bookings, moves, leaves and restores at one moment on several nodes."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aggregates.kernel import DomainError
from aggregates.people.employee import Employee, EmployeeDeleted, NotADoctor
from aggregates.scheduling.schedule import (
    SCHEDULE_ID,
    ConflictingVisits,
    EmployeeHasVisits,
    OutsideWorkingHours,
    Schedule,
    ScheduleMoved,
)
from aggregates.scheduling.visit import Slot, SlotTaken, Visit
from commands.people.employee import change_card, delete_employee, hire
from commands.ports.clinic import ClaimMoved, Clinic
from commands.ports.visit_times import VisitSlot
from commands.scheduling.schedule import restore_schedule, save_hours
from commands.scheduling.visit import change_status, change_visit
from tests.aggregates.clinic import OFF, slot, work
from tests.aggregates.scenario import MON, TUE, at
from tests.commands.racing import book, parallel
from tests.commands.reception import NOW, Reception, context

pytestmark = pytest.mark.thorough

DATES = [MON + timedelta(days=n) for n in range(1, 6)]


@pytest.mark.spec("CAL-5")
def test_of_fifty_overlapping_bookings_exactly_one_is_accepted(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    reception.one_patient_at_once()
    start = at(TUE, "10:00")

    def overlapping(number: int) -> UUID:
        begin = start + timedelta(minutes=number % 25)
        return book(nodes[number % 2], reception, Slot(reception.anna, begin, begin + timedelta(minutes=30)))

    answers = parallel(50, overlapping)
    refused = [answer for answer in answers if not isinstance(answer, UUID)]
    assert len(answers) - len(refused) == 1
    assert {type(answer) for answer in refused} == {SlotTaken}
    assert len({answer.facts["by"].id for answer in refused}) == 1


@pytest.mark.spec("CAL-5")
def test_of_fifty_overlapping_bookings_all_are_accepted_where_several_may(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    answers = parallel(50, lambda number: book(nodes[number % 2], reception, slot(TUE, "10:00", "10:30", reception.anna)))
    assert all(isinstance(answer, UUID) for answer in answers), answers
    numbers = {nodes[0].load(Visit, answer).number for answer in answers}
    assert len(numbers) == 50


@pytest.mark.spec("CAL-5")
def test_touching_bookings_are_all_accepted_at_once(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    reception.one_patient_at_once()

    def touching(number: int) -> UUID:
        begin = at(TUE, "09:00") + timedelta(minutes=30 * number)
        return book(nodes[number % 2], reception, Slot(reception.anna, begin, begin + timedelta(minutes=30)))

    answers = parallel(24, touching)
    assert all(isinstance(answer, UUID) for answer in answers), answers


@pytest.mark.spec("CAL-5")
def test_two_visits_moved_onto_one_time_do_not_both_get_it(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    reception.one_patient_at_once()
    moving = [reception.book(DATES[2], f"{9 + number}:00".zfill(5), f"{9 + number}:30".zfill(5)) for number in range(10)]
    answers = parallel(10, lambda n: change_visit(nodes[n % 2], context("change_visit"), moving[n], starts_at=at(TUE, "12:00")))
    assert sum(not isinstance(answer, SlotTaken) for answer in answers) == 1
    assert sum(reception.visit(visit).slot.starts_at == at(TUE, "12:00") for visit in moving) == 1


@pytest.mark.spec("SCH-6")
def test_of_saves_on_one_version_only_the_first_is_taken(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    seen = reception.schedule.version

    def save(number: int) -> int:
        cells = {(reception.boris, DATES[number % 5]): work(f"09:{number:02}-18:00")}
        return save_hours(nodes[number % 2], context("save_hours"), seen, days=cells).version

    answers = parallel(8, save)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, ScheduleMoved) for answer in answers) == 7
    assert reception.schedule.version == seen + 1


@pytest.mark.spec("SCH-15", "SCH-14")
def test_bookings_and_restores_at_random_leave_no_live_visit_on_non_working_time(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    doctors = [reception.anna, reception.boris]
    short = {(doctor, day): work("09:00-12:00") for doctor in doctors for day in DATES[::2]}
    off = {(doctor, day): OFF for doctor in doctors for day in DATES[1::2]}
    versions = [reception.schedule.version, reception.save(days=dict(short)).version, reception.save(days=dict(off)).version]
    versions.append(reception.save(days=dict.fromkeys({**short, **off})).version)
    booked: list[UUID] = []
    restored: list[int] = []
    outside: list[VisitSlot] = []
    refusals: list[DomainError] = []
    closed: list[int] = []

    def desk(number: int) -> None:
        """Books by the cache of its node, which hears of a restore only by being refused."""
        chance, clinic = random.Random(number), nodes[number % 2]
        for tried in range(1000):
            last = tried >= 25 and len(restored) >= 5
            begin = at(chance.choice(DATES), "09:00") + timedelta(minutes=30 * chance.randrange(24))
            where = Slot(chance.choice(doctors), begin, begin + timedelta(minutes=30))
            try:
                visit = book(clinic, reception, where)
                booked.append(visit)
                if not last:  # a visit that stays would stop most restores
                    change_status(clinic, context("change_status"), visit, "cancelled")
            except DomainError as refused:
                refusals.append(refused)
            if last:
                break
        closed.append(number)

    def head(number: int) -> None:
        """Restores at its own node, and looks at what stands where each time."""
        chance, clinic = random.Random(number), nodes[2]
        while len(closed) < 5:
            try:
                seen = clinic.load(Schedule, SCHEDULE_ID).version
                receipt = restore_schedule(clinic, context("restore_schedule"), chance.choice(versions), seen)
                restored.extend([receipt.version] if receipt.position else [])
            except DomainError as refused:
                refusals.append(refused)
            outside.extend(on_non_working_time(clinic))

    parallel(6, lambda number: (head if number == 5 else desk)(number))
    assert {type(refused) for refused in refusals} <= {OutsideWorkingHours, ConflictingVisits, ScheduleMoved, ClaimMoved}
    assert booked
    assert len(restored) >= 5, "hardly a restore went through: the race shows nothing"
    assert [*outside, *on_non_working_time(nodes[0])] == []
    for visit in (nodes[1].load(Visit, visit_id) for visit_id in booked):
        assert visit.version == (1 if visit.status == "planned" else 2), "nobody moved it"


def on_non_working_time(clinic: Clinic) -> list[VisitSlot]:
    """Live visits outside the hours of their doctors, looked for while nobody writes."""
    with clinic.write_lock():
        hours = clinic.load(Schedule, SCHEDULE_ID).hours
        live = clinic.visit_times.live((NOW + timedelta(hours=3)).replace(tzinfo=None))
        return [visit for visit in live if visit.doctor_id and not hours.holds(visit.doctor_id, visit.starts_at, visit.ends_at)]


def delete(clinic: Clinic, doctor: UUID) -> Any:
    return delete_employee(clinic, context("delete_employee"), doctor)


def take_no_visits(clinic: Clinic, doctor: UUID) -> Any:
    return change_card(clinic, context("change_card"), doctor, {"takes_visits": False})


@pytest.mark.spec("SCH-4", "SCH-15")
@pytest.mark.parametrize("leave", [delete, take_no_visits])
def test_either_a_booking_or_the_doctors_leave_is_refused(nodes: list[Clinic], leave: Callable[[Clinic, UUID], Any]) -> None:
    reception = Reception(nodes[0])
    for _ in range(25):
        doctor = reception.do(hire, {"family_name": "Новый", "takes_visits": True}).id
        where = slot(TUE, "10:00", "10:30", doctor)
        for clinic in nodes:
            clinic.cached(Employee, doctor)  # as at a busy desk, which decides by what it knows already
        booked, left = parallel(2, lambda n: leave(nodes[1], doctor) if n else book(nodes[0], reception, where))  # noqa: B023
        live = nodes[2].visit_times.live((NOW + timedelta(hours=3)).replace(tzinfo=None), [doctor])
        if isinstance(left, EmployeeHasVisits):
            assert [visit.visit_id for visit in live] == [booked]
        else:
            assert isinstance(booked, EmployeeDeleted | NotADoctor)
            assert list(live) == []
