from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.kernel import DomainError
from aggregates.people.employee import Employee, EmployeeDeleted, NotADoctor
from aggregates.scheduling.schedule import OutsideWorkingHours
from aggregates.scheduling.visit import BookingRules, DescriptionChanges, SlotTaken, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_refusals import DoctorRequired, IllegalTransition, VisitDeleted, VisitOver
from aggregates.scheduling.visit_status import FREEING, STATUS_LABELS, STATUSES, TRANSITIONS, Status
from aggregates.values import Change, WrongValue
from tests.aggregates.clinic import (
    ANNA,
    BORIS,
    OFF,
    PATIENT,
    became,
    booked,
    employee,
    hours,
    live,
    own_day,
    removed,
    rules,
    saved,
    slot,
    work,
)
from tests.aggregates.scenario import LOCAL_NOW, MON, NOW, TUE, WED, Scenario, at, fact, given, named, replayed

TEN = slot(TUE, "10:00", "10:30")
FILLING = Line(named("filling"), "Пломба", Decimal("4500.00"), 1)
PATHS: dict[Status, tuple[Status, ...]] = {
    "planned": (),
    "confirmed": ("confirmed",),
    "arrived": ("arrived",),
    "in_progress": ("in_progress",),
    "completed": ("in_progress", "completed"),
    "no_show": ("no_show",),
    "cancelled": ("cancelled",),
}
"""How a visit gets into each status."""


def in_status(status: Status, where: Any = TEN) -> Scenario[Visit]:
    steps: tuple[Status, ...] = ("planned", *PATHS[status])
    return given(Visit, booked(where), *(became(old, new) for old, new in pairwise(steps)))


def by(doctor: Employee | None = None, **values: Any) -> BookingRules:
    return rules(doctor or employee(), **values)


@pytest.mark.spec("VIS-1", "CAL-2")
def test_a_visit_is_booked_with_patient_time_services_room_and_comment() -> None:
    start = given(Visit).when(
        Visit.book, 7, PATIENT, TEN, lines=[FILLING], room=" 2 ", comment="Острая боль\r\nсправа ", rules=by()
    )
    start.then(
        fact(
            Visit.Booked,
            number=7,
            patient_id=PATIENT,
            doctor_id=ANNA,
            starts_at=TEN.starts_at,
            ends_at=TEN.ends_at,
            lines=(FILLING,),
            room="2",
            comment="Острая боль\nсправа",
        )
    )
    assert (start.aggregate.status, start.aggregate.occupying, start.aggregate.total) == ("planned", True, Decimal("4500.00"))


@pytest.mark.spec("CAL-7")
@pytest.mark.parametrize(
    "where", [slot(TUE, "08:00", "08:30"), slot(TUE, "20:50", "21:10"), slot(TUE, "22:00", "06:00", until=WED)]
)
def test_booking_outside_the_doctors_hours_is_refused(where: Any) -> None:
    given(Visit).when(Visit.book, 7, PATIENT, where, rules=by()).then_refused(
        OutsideWorkingHours(ANNA, TUE, hours("09:00-21:00"))
    )


@pytest.mark.spec("SCH-4")
def test_who_has_no_hours_that_day_or_is_deleted_or_takes_no_visits_is_not_booked() -> None:
    day_off = rules(employee(), saved(own_day(ANNA, TUE, OFF)))
    given(Visit).when(Visit.book, 7, PATIENT, TEN, rules=day_off).then_refused(OutsideWorkingHours(ANNA, TUE, ()))
    gone = rules(employee(), removed(ANNA))
    given(Visit).when(Visit.book, 7, PATIENT, TEN, rules=gone).then_refused(EmployeeDeleted(employee_id=ANNA))
    assistant = by(employee(takes_visits=False))
    given(Visit).when(Visit.book, 7, PATIENT, TEN, rules=assistant).then_refused(NotADoctor(employee_id=ANNA))


@pytest.mark.spec("CAL-6")
def test_without_a_doctor_only_where_the_clinic_allows_it() -> None:
    nobody = slot(TUE, "03:00", "03:30", None)
    given(Visit).when(Visit.book, 7, PATIENT, nobody, rules=rules()).then(booked(nobody))
    forbidden = rules(visit_without_doctor=False)
    given(Visit).when(Visit.book, 7, PATIENT, nobody, rules=forbidden).then_refused(DoctorRequired())


@pytest.mark.spec("CAL-6")
def test_a_visit_is_not_completed_without_a_doctor_who_can_be_named_while_it_lasts() -> None:
    nobody = slot(TUE, "10:00", "10:30", None)
    in_status("in_progress", nobody).when(Visit.change_status, "completed", rules=rules(), local_now=LOCAL_NOW).then_refused(
        DoctorRequired()
    )
    in_status("in_progress", nobody).when(Visit.move, TEN, rules=by()).then(fact(Visit.Moved, old=nobody, new=TEN))
    in_status("in_progress").when(Visit.move, slot(TUE, "10:00", "10:30", BORIS), rules=by(employee(BORIS))).then_refused(
        VisitOver(status="in_progress")
    )


def test_a_visit_across_midnight_is_booked_into_a_night_shift() -> None:
    night = rules(employee(), saved(own_day(ANNA, TUE, work("20:00-08:00"))))
    where = slot(TUE, "23:30", "00:30", until=WED)
    given(Visit).when(Visit.book, 7, PATIENT, where, rules=night).then(booked(where))


def test_visits_of_the_past_are_entered_later() -> None:
    long_ago = slot(MON - timedelta(days=400), "10:00", "10:30")
    given(Visit).when(Visit.book, 7, PATIENT, long_ago, rules=by()).then(booked(long_ago))


@pytest.mark.parametrize(
    ("where", "field"),
    [
        (slot(TUE, "10:00", "10:04"), "ends_at"),
        (slot(TUE, "10:30", "10:00"), "ends_at"),
        (slot(TUE, "10:00", "10:01", until=WED), "ends_at"),
        (slot(TUE.replace(year=1999), "10:00", "10:30"), "starts_at"),
        (slot(TUE.replace(year=2101), "10:00", "10:30"), "starts_at"),
    ],
)
def test_times_that_no_visit_has_are_refused(where: Any, field: str) -> None:
    refused = given(Visit).when(Visit.book, 7, PATIENT, where, rules=by()).then_refused_by(WrongValue)
    assert refused.refusal is not None
    assert refused.refusal.facts["field"] == field


@pytest.mark.parametrize("change", [{"second": 1}, {"microsecond": 1}, {"tzinfo": NOW.tzinfo}])
def test_a_visit_begins_on_a_minute_of_the_clinics_clock(change: dict[str, Any]) -> None:
    where = slot(TUE, "10:00", "10:30").__class__(ANNA, TEN.starts_at.replace(**change), TEN.ends_at.replace(**change))
    given(Visit).when(Visit.book, 7, PATIENT, where, rules=by()).then_refused_by(WrongValue)


@pytest.mark.spec("CAL-3")
def test_a_move_changes_time_doctor_or_duration() -> None:
    for where in (slot(WED, "12:00", "12:30"), slot(TUE, "10:00", "10:30", BORIS), slot(TUE, "10:00", "11:30")):
        in_status("confirmed").when(Visit.move, where, rules=by(employee(where.doctor_id))).then(
            fact(Visit.Moved, old=TEN, new=where)
        )
    in_status("planned").when(Visit.move, TEN, rules=by()).then()


def test_a_start_at_the_end_of_time_is_refused_not_stumbled_over() -> None:
    where = TEN.changed(ANNA, datetime(9999, 12, 31, 23, 59), None)  # noqa: DTZ001  the wall clock
    in_status("planned").when(Visit.move, where, rules=by()).then_refused_by(WrongValue)


@pytest.mark.spec("CAL-3", "CAL-7")
def test_a_move_out_of_working_time_is_refused_with_the_reason() -> None:
    early = slot(TUE, "07:00", "07:30")
    in_status("planned").when(Visit.move, early, rules=by()).then_refused(OutsideWorkingHours(ANNA, TUE, hours("09:00-21:00")))


@pytest.mark.parametrize("status", ["in_progress", "completed", "no_show", "cancelled"])
def test_a_visit_that_has_begun_or_is_over_is_not_moved(status: Status) -> None:
    in_status(status).when(Visit.move, slot(WED, "10:00", "10:30"), rules=by()).then_refused(VisitOver(status=status))


@pytest.mark.spec("CAL-4")
@pytest.mark.parametrize(("old", "new"), list(product(STATUSES, STATUSES)))
def test_statuses_follow_the_allowed_transitions_and_no_others(old: Status, new: Status) -> None:
    asked = in_status(old).when(Visit.change_status, new, rules=by(), local_now=LOCAL_NOW)
    if new == old:
        asked.then()
    elif new in TRANSITIONS[old]:
        asked.then(became(old, new))
    else:
        asked.then_refused(IllegalTransition(old, new))


@pytest.mark.spec("CAL-4")
def test_there_are_seven_statuses_each_with_its_name() -> None:
    assert list(STATUS_LABELS.values()) == [
        "запланирован",
        "подтверждён",
        "пришёл",
        "на приёме",
        "завершён",
        "не пришёл",
        "отменён",
    ]


@pytest.mark.spec("CAL-7")
@pytest.mark.parametrize(("old", "new"), [("cancelled", "planned"), ("no_show", "planned"), ("no_show", "arrived")])
def test_who_comes_back_into_the_calendar_needs_working_time_again(old: Status, new: Status) -> None:
    day_off = rules(employee(), saved(own_day(ANNA, TUE, OFF)))
    later = at(WED, "12:00")
    for now in (LOCAL_NOW, later):
        refused = in_status(old).when(Visit.change_status, new, rules=day_off, local_now=now)
        refused.then_refused(OutsideWorkingHours(ANNA, TUE, ()))


@pytest.mark.spec("SCH-15")
def test_a_visit_begun_too_early_goes_back_only_into_working_time() -> None:
    """While on its way it wasn't live for the schedule, which may have taken its hours."""
    day_off = rules(employee(), saved(own_day(ANNA, TUE, OFF)))
    in_status("in_progress").when(Visit.change_status, "arrived", rules=day_off, local_now=LOCAL_NOW).then_refused(
        OutsideWorkingHours(ANNA, TUE, ())
    )
    in_status("in_progress").when(Visit.change_status, "arrived", rules=day_off, local_now=at(TUE, "10:05")).then(
        became("in_progress", "arrived")
    )


@pytest.mark.spec("DEL-1")
def test_a_deleted_visit_stays_and_takes_no_changes() -> None:
    gone = [booked(TEN), fact(Visit.Deleted)]
    given(Visit, booked(TEN)).when(Visit.delete).then(fact(Visit.Deleted))
    given(Visit, *gone).when(Visit.delete).then_refused_by(AlreadyDeleted)
    given(Visit, *gone).when(Visit.move, slot(WED, "10:00", "10:30"), rules=by()).then_refused_by(VisitDeleted)
    given(Visit, *gone).when(Visit.describe, comment="!").then_refused_by(VisitDeleted)
    given(Visit, *gone).when(Visit.change_status, "arrived", rules=by(), local_now=LOCAL_NOW).then_refused_by(VisitDeleted)
    deleted = replayed(Visit, *gone)
    assert (deleted.occupying, deleted.awaited) == (False, False)


@pytest.mark.spec("DEL-2")
def test_a_deleted_visit_is_returned_into_working_time_only() -> None:
    gone = [booked(TEN), fact(Visit.Deleted)]
    given(Visit, *gone).when(Visit.return_, rules=by()).then(fact(Visit.Returned))
    given(Visit, booked(TEN)).when(Visit.return_, rules=by()).then_refused_by(NotDeleted)
    day_off = rules(employee(), saved(own_day(ANNA, TUE, OFF)))
    given(Visit, *gone).when(Visit.return_, rules=day_off).then_refused(OutsideWorkingHours(ANNA, TUE, ()))
    cancelled = [booked(TEN), became("planned", "cancelled"), fact(Visit.Deleted)]
    given(Visit, *cancelled).when(Visit.return_, rules=day_off).then(fact(Visit.Returned))


@pytest.mark.spec("VIS-1")
def test_a_description_changes_only_what_is_given() -> None:
    other = named("other patient")
    in_status("arrived").when(Visit.describe, patient_id=other, lines=[FILLING], room="3", comment="Перезвонить").then(
        fact(
            Visit.Described,
            changes=DescriptionChanges(
                patient=Change(PATIENT, other),
                lines=Change((), (FILLING,)),
                room=Change("", "3"),
                comment=Change("", "Перезвонить"),
            ),
        )
    )
    in_status("arrived").when(Visit.describe, comment="Ждёт").then(
        fact(Visit.Described, changes=DescriptionChanges(comment=Change("", "Ждёт")))
    )
    in_status("arrived").when(Visit.describe, patient_id=PATIENT, room="", comment=" ").then()


def test_a_completed_visit_takes_comments_only() -> None:
    in_status("completed").when(Visit.describe, comment="Позвонить через месяц").then(
        fact(Visit.Described, changes=DescriptionChanges(comment=Change("", "Позвонить через месяц")))
    )
    in_status("completed").when(Visit.describe, lines=[FILLING]).then_refused(VisitOver(status="completed"))


@pytest.mark.parametrize(
    "wrong",
    [{"room": "\u2800"}, {"comment": "\ud800"}, {"comment": "о" * 4001}, {"lines": [FILLING] * 201}],
)
def test_texts_and_lines_that_cannot_be_stored_are_refused(wrong: dict[str, Any]) -> None:
    in_status("planned").when(Visit.describe, **wrong).then_refused_by(WrongValue)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_a_service_is_given_once_or_more(quantity: int) -> None:
    line = Line(FILLING.service_id, "Пломба", Decimal("4500.00"), quantity)
    in_status("planned").when(Visit.describe, lines=[line]).then_refused_by(WrongValue)


def test_a_taken_slot_names_the_conflicting_visit() -> None:
    by_other = live(ANNA, TUE, "10:00", "10:30", 12)
    taken = SlotTaken(by=ConflictingVisit(by_other.visit_id, 12, by_other.starts_at, by_other.ends_at, PATIENT, ANNA))
    assert taken.sentence == "Это время врача уже занято визитом № 12. Выберите другое время или другого врача."


@pytest.mark.spec("SCH-15")
@holds_for(st.lists(st.tuples(st.sampled_from(STATUSES), st.booleans(), st.booleans()), max_size=12))
def test_no_way_of_statuses_makes_a_coming_visit_live_on_a_day_off(steps: list[tuple[Status, bool, bool]]) -> None:
    """The day is on or off at each step; it turns off only while the visit isn't live for the schedule."""
    visit, working = replayed(Visit, booked(TEN)), True
    for status, works, deletes in steps:
        working = works or (visit.awaited and visit.slot.starts_at > LOCAL_NOW)
        day = rules(employee(), *([] if working else [saved(own_day(ANNA, TUE, OFF))]))
        try:
            if deletes and visit.deleted:
                visit.return_(rules=day, at=NOW)
            elif deletes:
                visit.delete(at=NOW)
            else:
                visit.change_status(status, rules=day, local_now=LOCAL_NOW, at=NOW)
        except DomainError:
            continue
        assert working or not visit.awaited
        assert visit.occupying == (not visit.deleted and visit.status not in FREEING)
