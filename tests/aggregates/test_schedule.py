from datetime import date

import pytest

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.kernel import DomainError
from aggregates.people.employee import EmployeeDeleted
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Interval, every_day
from aggregates.scheduling.schedule import (
    SCHEDULE_ID,
    ConflictingVisits,
    EmployeeHasVisits,
    OutsideWorkingHours,
    Schedule,
    ScheduleMoved,
)
from aggregates.scheduling.working_hours import Conflict, EmployeeWeekChange, HoursChanges, LiveVisit, WeekChange
from aggregates.values import WrongValue
from tests.aggregates.clinic import (
    ANNA,
    BORIS,
    OFF,
    OPENED,
    PATIENT,
    VERA,
    added,
    hours,
    live,
    organisation,
    own_day,
    own_week,
    removed,
    returned,
    saved,
    schedule,
    week,
    work,
)
from tests.aggregates.scenario import FRI, MON, SAT, SUN, THU, TUE, WED, Scenario, at, given, named

SHORT_SATURDAYS = week(hours("09:00-21:00"), hours("10:00-15:00"))


def on(*facts: object) -> Scenario[Schedule]:
    return Scenario(schedule(added(ANNA), added(BORIS), *facts))  # type: ignore[arg-type]  # facts of any schedule


def conflicting(visit: LiveVisit) -> ConflictingVisit:
    assert visit.doctor_id is not None
    return ConflictingVisit(visit.visit_id, visit.number, visit.starts_at, visit.ends_at, visit.patient_id, visit.doctor_id)


@pytest.mark.spec("SCH-1")
def test_a_clinic_opens_with_nine_to_nine_every_day() -> None:
    given(Schedule, id=SCHEDULE_ID).when(Schedule.open).then(OPENED)
    assert all(day == hours("09:00-21:00") for day in DEFAULT_WEEK)


@pytest.mark.spec("SCH-1")
def test_weekdays_have_one_or_more_intervals_and_weekends_are_set_apart() -> None:
    with_lunch = week(hours("09:00-13:00", "14:00-20:00"), saturday=hours("10:00-15:00"))
    changes = schedule().planned_changes(organisation=with_lunch)
    on().when(Schedule.save_hours, changes, ()).then(saved(organisation(DEFAULT_WEEK, with_lunch)))
    now = schedule(saved(changes), added(ANNA)).hours
    assert now.hours_on(ANNA, FRI) == hours("09:00-13:00", "14:00-20:00")
    assert now.hours_on(ANNA, SAT) == hours("10:00-15:00")
    assert now.hours_on(ANNA, SUN) == ()


@pytest.mark.spec("SCH-2")
def test_a_new_employee_follows_the_organisation_until_they_have_hours_of_their_own() -> None:
    hired = on(saved(organisation(DEFAULT_WEEK, SHORT_SATURDAYS))).when(Schedule.add_employee, VERA).then(added(VERA))
    assert hired.aggregate.hours.hours_on(VERA, SAT) == hours("10:00-15:00")
    own = schedule(
        added(VERA), saved(own_week(VERA, week(hours("08:00-14:00")))), saved(organisation(DEFAULT_WEEK, SHORT_SATURDAYS))
    )
    assert own.hours.hours_on(VERA, MON) == hours("08:00-14:00")
    assert own.hours.hours_on(VERA, SAT) == ()


@pytest.mark.spec("SCH-2")
def test_an_employee_goes_back_to_the_organisations_hours() -> None:
    mine = week(hours("08:00-14:00"))
    start = on(saved(own_week(ANNA, mine)))
    start.when(Schedule.save_hours, start.aggregate.planned_changes(weeks={ANNA: None}), ()).then(
        saved(own_week(ANNA, None, mine))
    )
    assert start.aggregate.hours.hours_on(ANNA, MON) == hours("09:00-21:00")


@pytest.mark.spec("SCH-3")
def test_days_are_set_one_by_one_and_several_at_once() -> None:
    cells = {(ANNA, MON): OFF, (ANNA, TUE): work("10:00-15:00"), (BORIS, MON): Day("vacation")}
    start = on()
    start.when(Schedule.save_hours, start.aggregate.planned_changes(days=cells), ())
    now = start.aggregate.hours
    assert [now.day_view(e, d).intervals for e, d in cells] == [(), hours("10:00-15:00"), ()]
    assert [now.day_view(e, d).kind for e, d in cells] == ["off", "work", "vacation"]
    assert all(now.day_view(e, d).own for e, d in cells)
    assert not now.day_view(ANNA, WED).own
    assert len(start.aggregate.pending_events) == 1


def test_a_day_of_its_own_is_cleared_again() -> None:
    start = on(saved(own_day(ANNA, MON, OFF)))
    start.when(Schedule.save_hours, start.aggregate.planned_changes(days={(ANNA, MON): None}), ())
    start.then(saved(own_day(ANNA, MON, None, OFF)))
    assert start.aggregate.hours.days == {}


@pytest.mark.spec("SCH-4", "CAL-7")
@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("09:00", "09:30", None),
        ("20:30", "21:00", None),
        ("08:59", "09:30", OutsideWorkingHours),
        ("20:50", "21:10", OutsideWorkingHours),
    ],
)
def test_only_working_time_is_available(start: str, end: str, reason: type[DomainError] | None) -> None:
    asked = on().when(Schedule.require_working, ANNA, at(MON, start), at(MON, end))
    assert type(asked.refusal) is (reason or type(None))


@pytest.mark.spec("SCH-4")
def test_a_day_off_and_time_across_a_break_are_not_available() -> None:
    off = on(saved(own_day(ANNA, MON, OFF))).when(Schedule.require_working, ANNA, at(MON, "10:00"), at(MON, "10:30"))
    off.then_refused(OutsideWorkingHours(ANNA, MON, ()))
    lunch = on(saved(own_day(ANNA, MON, work("09:00-13:00", "14:00-18:00"))))
    lunch.when(Schedule.require_working, ANNA, at(MON, "12:50"), at(MON, "14:10"))
    lunch.then_refused(OutsideWorkingHours(ANNA, MON, hours("09:00-13:00", "14:00-18:00")))
    assert lunch.refusal is not None
    assert "23.11.2026 – 09:00–13:00, 14:00–18:00" in lunch.refusal.sentence


def test_the_end_of_a_night_shift_is_shown_where_a_time_after_it_is_refused() -> None:
    night = on(*(saved(own_day(ANNA, day, work("20:00-08:00"))) for day in (MON, TUE)))
    night.when(Schedule.require_working, ANNA, at(TUE, "07:40"), at(TUE, "08:20"))
    assert night.refusal is not None
    assert "24.11.2026 – 00:00–08:00, 20:00–08:00" in night.refusal.sentence


@pytest.mark.spec("SCH-4")
def test_who_was_deleted_or_never_was_works_at_no_time() -> None:
    for who, facts in ((ANNA, [removed(ANNA)]), (VERA, [])):
        on(*facts).when(Schedule.require_working, who, at(MON, "10:00"), at(MON, "10:30")).then_refused(
            EmployeeDeleted(employee_id=who)
        )


@pytest.mark.spec("SCH-5")
def test_one_save_is_one_version_that_says_what_changed_from_what() -> None:
    start = on(saved(own_day(ANNA, MON, OFF)))
    before = start.aggregate.version
    changes = start.aggregate.planned_changes(
        organisation=SHORT_SATURDAYS,
        weeks={BORIS: week(hours("08:00-14:00"))},
        days={(ANNA, MON): work("09:00-12:00"), (ANNA, TUE): OFF},
    )
    start.when(Schedule.save_hours, changes, ()).then(
        saved(
            HoursChanges(
                organisation=WeekChange(DEFAULT_WEEK, SHORT_SATURDAYS),
                weeks=(EmployeeWeekChange(BORIS, None, week(hours("08:00-14:00"))),),
                days=(own_day(ANNA, MON, work("09:00-12:00"), OFF).days[0], own_day(ANNA, TUE, OFF).days[0]),
            )
        )
    )
    assert start.aggregate.version == before + 1


@pytest.mark.spec("SCH-5")
def test_a_save_without_a_difference_makes_no_version() -> None:
    start = on(saved(own_day(ANNA, MON, OFF)))
    same = start.aggregate.planned_changes(
        organisation=DEFAULT_WEEK, weeks={ANNA: None}, days={(ANNA, MON): OFF, (BORIS, TUE): None}
    )
    start.when(Schedule.save_hours, same, ()).then()


@pytest.mark.spec("SCH-6")
def test_a_save_over_a_newer_version_is_shown_the_difference_since() -> None:
    base = schedule(added(ANNA), added(BORIS), added(VERA))
    now = schedule(added(ANNA), added(BORIS), added(VERA), saved(own_day(ANNA, MON, OFF)), removed(BORIS), added(named("new")))
    expected = ScheduleMoved(version=7, base_version=4, changes=own_day(ANNA, MON, OFF), added=[named("new")], removed=[BORIS])
    assert expected == now.moved_since(base)
    assert expected.status == 412


@pytest.mark.spec("SCH-8")
def test_a_day_with_a_live_visit_is_not_turned_off() -> None:
    visit = live(ANNA, MON, "10:00", "10:30", 12)
    start = on()
    start.when(Schedule.save_hours, start.aggregate.planned_changes(days={(ANNA, MON): OFF}), [visit])
    start.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, MON, (conflicting(visit),))]))
    assert visit.patient_id == PATIENT


@pytest.mark.spec("SCH-8")
def test_a_day_is_not_shortened_under_a_live_visit() -> None:
    early, late = live(ANNA, MON, "10:00", "10:30", 1), live(ANNA, MON, "14:40", "15:20", 2)
    start = on()
    changes = start.aggregate.planned_changes(days={(ANNA, MON): work("09:00-15:00")})
    start.when(Schedule.save_hours, changes, [early, late])
    start.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, MON, (conflicting(late),))]))


@pytest.mark.spec("SCH-8")
@pytest.mark.parametrize("changes", [organisation(DEFAULT_WEEK, SHORT_SATURDAYS), own_week(ANNA, week(hours("09:00-21:00")))])
def test_a_new_week_is_checked_against_live_visits_too(changes: HoursChanges) -> None:
    visit = live(ANNA, SAT, "16:00", "16:30")
    on().when(Schedule.save_hours, changes, [visit]).then_refused(
        ConflictingVisits(conflicts=[Conflict(ANNA, SAT, (conflicting(visit),))])
    )


@pytest.mark.spec("SCH-8")
def test_visits_that_stay_in_working_time_are_no_conflict() -> None:
    visits = [
        live(ANNA, MON, "10:00", "10:30", 1),
        live(BORIS, SAT, "16:00", "16:30", 2),
        live(ANNA, SAT, "10:00", "15:00", 3),
    ]
    changes = HoursChanges(
        organisation=WeekChange(DEFAULT_WEEK, SHORT_SATURDAYS),
        weeks=(EmployeeWeekChange(BORIS, None, every_day(hours("12:00-20:00"))),),
    )
    on().when(Schedule.save_hours, changes, visits).then(saved(changes))


def test_a_night_visit_is_a_conflict_of_the_shift_that_holds_it() -> None:
    night = saved(own_day(ANNA, MON, work("20:00-08:00")))
    visit = live(ANNA, TUE, "01:00", "02:00")
    start = on(night)
    start.when(Schedule.save_hours, own_day(ANNA, MON, OFF, work("20:00-08:00")), [visit])
    start.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, MON, (conflicting(visit),))]))


def test_a_visit_across_midnight_needs_both_shifts() -> None:
    facts = [saved(own_day(ANNA, MON, work("18:00-24:00"))), saved(own_day(ANNA, TUE, work("00:00-06:00")))]
    visit = live(ANNA, MON, "23:30", "00:30", until=TUE)
    start = on(*facts)
    start.when(Schedule.save_hours, own_day(ANNA, TUE, work("09:00-18:00"), work("00:00-06:00")), [visit])
    start.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, MON, (conflicting(visit),))]))


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ({(VERA, MON): OFF}, WrongValue),
        ({(BORIS, MON): OFF}, EmployeeDeleted),
        ({(ANNA, MON): Day("work", (Interval(600, 500),))}, WrongValue),
        ({(ANNA, MON.replace(year=1999)): OFF}, WrongValue),
        ({(ANNA, MON): Day("feast")}, WrongValue),  # type: ignore[arg-type]  # what a client may send
    ],
)
def test_hours_of_nobody_or_of_no_kind_are_refused(days: object, error: type[DomainError]) -> None:
    on(removed(BORIS)).when(Schedule.planned_changes, days=days).then_refused_by(error)


def off_already() -> tuple[Schedule, list[LiveVisit]]:
    """A live visit on Anna's day off: it lay behind when that was set, and ahead again after a change of the time zone."""
    return schedule(added(ANNA), saved(own_day(ANNA, TUE, OFF))), [live(ANNA, TUE, "20:00", "20:30")]


@pytest.mark.spec("SCH-13")
@pytest.mark.parametrize(
    ("day", "to"), [(MON, OFF), (MON, work("10:00-12:00")), (WED, OFF), (TUE, Day("vacation")), (TUE, work("08:00-20:15"))]
)
def test_a_visit_that_is_outside_already_conflicts_with_no_edit_around_it(day: date, to: Day) -> None:
    now, visits = off_already()
    now.save_hours(now.planned_changes(days={(ANNA, day): to}), visits, at=now.modified_on)
    assert now.hours.days[ANNA][day] == to


@pytest.mark.spec("SCH-13")
def test_a_visit_that_stands_outside_in_part_loses_no_more_of_its_working_time() -> None:
    now = schedule(added(ANNA), saved(own_day(ANNA, TUE, work("09:00-20:15"))))
    visits = [live(ANNA, TUE, "20:00", "20:30")]
    shortened = now.planned_changes(days={(ANNA, TUE): work("09:00-20:10")})
    with pytest.raises(ConflictingVisits):
        now.save_hours(shortened, visits, at=now.modified_on)


def test_an_employee_goes_with_no_live_visit_left_not_even_on_a_day_off() -> None:
    facts = [saved(own_day(ANNA, day, OFF)) for day in (MON, TUE, WED)]
    now = schedule(added(ANNA), *facts)
    with pytest.raises(EmployeeHasVisits):
        now.remove_employee(ANNA, [live(ANNA, TUE, "20:00", "20:30")], at=now.modified_on)


def test_an_employee_with_live_visits_stays_on_the_grid() -> None:
    visit = live(ANNA, THU, "10:00", "10:30")
    on().when(Schedule.remove_employee, ANNA, [visit]).then_refused(
        EmployeeHasVisits(conflicts=[Conflict(ANNA, THU, (conflicting(visit),))])
    )
    on().when(Schedule.require_no_visits, ANNA, [visit]).then_refused_by(EmployeeHasVisits)
    on().when(Schedule.remove_employee, ANNA, [live(BORIS, THU, "10:00", "10:30")]).then(removed(ANNA))
    on().when(Schedule.require_no_visits, ANNA, [live(BORIS, THU, "10:00", "10:30")]).then()


@pytest.mark.spec("DEL-2")
def test_a_returned_employee_has_the_hours_of_before() -> None:
    start = on(saved(own_day(ANNA, MON, work("10:00-12:00"))), removed(ANNA))
    start.when(Schedule.return_employee, ANNA).then(returned(ANNA))
    assert start.aggregate.hours.hours_on(ANNA, MON) == hours("10:00-12:00")
    on().when(Schedule.return_employee, ANNA).then()


def test_nobody_is_added_twice_or_removed_twice() -> None:
    on().when(Schedule.add_employee, ANNA).then_refused_by(WrongValue)
    on(removed(ANNA)).when(Schedule.remove_employee, ANNA, ()).then_refused(EmployeeDeleted(employee_id=ANNA))


def test_a_copy_of_a_schedule_is_independent() -> None:
    original = schedule(added(ANNA))
    copy = original.copy()
    copy.save_hours(own_day(ANNA, MON, OFF), (), at=original.created_on)
    assert original.hours.days == {}
    assert original.pending_events == ()
    assert original.version == 2
