"""Whatever is commanded in whatever order: what no command may ever break."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aggregates.kernel import DomainError
from aggregates.people.employee import Employee
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Week
from aggregates.scheduling.visit import Slot, Visit
from aggregates.scheduling.visit_status import STATUSES, Status
from commands.clinic.clinic_settings import change_settings
from commands.people.employee import change_card, delete_employee, return_employee
from commands.scheduling.schedule import restore_schedule
from commands.scheduling.visit import book_visit, change_status, change_visit, delete_visit, return_visit
from gateways.event_store_memory import MemoryClinic
from tests.aggregates.clinic import OFF, hours, week, work
from tests.aggregates.scenario import MON, at
from tests.commands.reception import Reception
from tests.depth import examples

DATES = [MON + timedelta(days=n) for n in range(4)]
WEEKS: list[Week | None] = [None, week(hours("10:00-16:00")), week(hours("20:00-08:00")), week(())]
DAYS: list[Day | None] = [
    *(None, OFF, work("09:00-12:00", "13:00-21:00")),
    *(work("18:00-24:00"), work("00:00-10:00"), work("22:00-06:00")),
]

doctors = st.integers(0, 1)
half_hours = st.integers(0, 47)
starts = st.builds(lambda day, half: at(day, "00:00") + timedelta(minutes=30 * half), st.sampled_from(DATES), half_hours)
lengths = st.sampled_from([30, 60, 240])
visits = st.integers(0, 30)


class AnySequence(RuleBasedStateMachine):
    """Commands of all kinds; those that a rule refuses change nothing."""

    @initialize(one=st.booleans())
    def open(self, one: bool) -> None:
        self.reception = Reception(MemoryClinic())
        self.one = one
        if one:
            self.reception.one_patient_at_once()
        self.visits: list[UUID] = []
        self.refused: list[DomainError] = []
        self.accepted: dict[UUID, Visit] = {}

    def attempt(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.reception.do(command, *args, **kwargs)
        except DomainError as refused:
            self.refused.append(refused)
            return None

    def doctor(self, number: int) -> UUID:
        return (self.reception.anna, self.reception.boris)[number]

    def some_visit(self, number: int) -> UUID:
        return self.visits[number % len(self.visits)]

    def touch(self, visit_id: UUID) -> None:
        """Remember a visit as its own command left it."""
        self.accepted[visit_id] = self.reception.visit(visit_id)

    @rule(doctor=doctors, start=starts, length=lengths)
    def book(self, doctor: int, start: Any, length: int) -> None:
        slot = Slot(self.doctor(doctor), start, start + timedelta(minutes=length))
        if booked := self.attempt(book_visit, self.reception.patient, slot):
            self.visits.append(booked.id)
            self.touch(booked.id)

    @precondition(lambda self: self.visits)
    @rule(visit=visits, doctor=st.one_of(st.none(), doctors), start=st.one_of(st.none(), starts))
    def move(self, visit: int, doctor: int | None, start: Any) -> None:
        visit_id = self.some_visit(visit)
        self.attempt(change_visit, visit_id, starts_at=start, **({} if doctor is None else {"doctor_id": self.doctor(doctor)}))
        self.touch(visit_id)

    @precondition(lambda self: self.visits)
    @rule(visit=visits, status=st.sampled_from(STATUSES))
    def set_status(self, visit: int, status: Status) -> None:
        self.attempt(change_status, self.some_visit(visit), status)
        self.touch(self.some_visit(visit))

    @precondition(lambda self: self.visits)
    @rule(visit=visits, command=st.sampled_from([delete_visit, return_visit]))
    def delete_or_return(self, visit: int, command: Any) -> None:
        self.attempt(command, self.some_visit(visit))
        self.touch(self.some_visit(visit))

    @rule(doctor=doctors, date=st.sampled_from(DATES), day=st.sampled_from(DAYS))
    def set_day(self, doctor: int, date: Any, day: Day | None) -> None:
        self.save(days={(self.doctor(doctor), date): day})

    @rule(doctor=doctors, new=st.sampled_from(WEEKS))
    def set_week(self, doctor: int, new: Week | None) -> None:
        self.save(weeks={self.doctor(doctor): new})

    @rule(new=st.sampled_from([DEFAULT_WEEK, *WEEKS[1:]]))
    def set_organisation(self, new: Week) -> None:
        self.save(organisation=new)

    def save(self, **changes: Any) -> None:
        try:
            self.reception.save(**changes)
        except DomainError as refused:
            self.refused.append(refused)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        now = self.reception.schedule.version
        self.attempt(restore_schedule, data.draw(st.integers(1, now)), now)

    @rule(doctor=doctors, command=st.sampled_from([delete_employee, return_employee]))
    def staff(self, doctor: int, command: Any) -> None:
        self.attempt(command, self.doctor(doctor))

    @rule(doctor=doctors, takes=st.booleans())
    def takes_visits(self, doctor: int, takes: bool) -> None:
        self.attempt(change_card, self.doctor(doctor), {"takes_visits": takes})

    @rule(hours=st.integers(1, 20))
    def pass_time(self, hours: int) -> None:
        self.reception.pass_time(hours=hours)

    @rule(allowed=st.booleans())
    def visit_without_doctor(self, allowed: bool) -> None:
        self.attempt(change_settings, {"visit_without_doctor": allowed})

    @invariant()
    def no_live_visit_stands_on_non_working_time_or_with_who_takes_none(self) -> None:
        schedule = self.reception.schedule
        local_now = (self.reception.now + timedelta(hours=3)).replace(tzinfo=None)
        for visit in map(self.reception.visit, self.visits):
            slot = visit.slot
            if visit.awaited and slot.starts_at > local_now and slot.doctor_id is not None:
                assert schedule.hours.holds(slot.doctor_id, slot.starts_at, slot.ends_at)
                assert self.reception.clinic.load(Employee, slot.doctor_id).takes_visits

    @invariant()
    def every_refusal_is_a_sentence(self) -> None:
        assert all(refused.sentence.endswith(".") for refused in self.refused)

    @invariant()
    def no_visit_was_changed_but_by_its_own_command(self) -> None:
        for visit_id, left in self.accepted.items():
            now = self.reception.visit(visit_id)
            assert (now.version, now.slot, now.status, now.deleted) == (left.version, left.slot, left.status, left.deleted)

    @invariant()
    def no_two_visits_of_one_doctor_overlap_where_only_one_is_allowed(self) -> None:
        if not self.one:
            return
        taken = sorted(
            (v.slot.starts_at, v.slot.ends_at, str(v.slot.doctor_id))
            for v in map(self.reception.visit, self.visits)
            if v.occupying and v.slot.doctor_id is not None
        )
        for place, (start, end, doctor) in enumerate(taken):
            assert start < end
            assert not any(other == doctor and begins < end for begins, _, other in taken[place + 1 :])


AnySequence.TestCase.settings = settings(
    max_examples=examples(40), stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.spec("CAL-5", "CAL-7", "SCH-8", "SCH-13", "SCH-14")
class TestAnySequence(AnySequence.TestCase):  # type: ignore[misc,name-defined]  # made by hypothesis
    pass
