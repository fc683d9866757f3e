from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Week
from aggregates.scheduling.schedule import ConflictingVisits, EmployeesDeletedSince, Schedule
from aggregates.scheduling.schedule_restore import deleted_since, difference, restoring
from aggregates.scheduling.working_hours import (
    Conflict,
    EmployeeWeekChange,
    HoursChanges,
    LiveVisit,
    WeekChange,
    WorkingHours,
)
from tests.aggregates.clinic import (
    ANNA,
    BORIS,
    OFF,
    VERA,
    added,
    hours,
    live,
    organisation,
    own_day,
    own_week,
    removed,
    restored,
    returned,
    saved,
    schedule,
    week,
    work,
)
from tests.aggregates.scenario import MON, NOW, SAT, SUN, THU, TUE, WED, Fact, Scenario, named

SHORT = week(hours("10:00-16:00"))


def going_back(to_version: int, *facts: Fact, visits: tuple[LiveVisit, ...] = ()) -> Scenario[Schedule]:
    """The schedule of all facts, asked to return to the version after the first ones (opening is version 1)."""
    return Scenario(schedule(*facts)).when(Schedule.restore, schedule(*facts[: to_version - 1]), visits)


def conflicting(visit: LiveVisit) -> ConflictingVisit:
    assert visit.doctor_id is not None
    return ConflictingVisit(visit.visit_id, visit.number, visit.starts_at, visit.ends_at, visit.patient_id, visit.doctor_id)


@pytest.mark.spec("SCH-10")
def test_a_restore_brings_back_weeks_and_days_by_one_new_event() -> None:
    facts = [
        added(ANNA),
        added(BORIS),
        saved(own_day(ANNA, MON, work("10:00-12:00"))),
        saved(organisation(DEFAULT_WEEK, SHORT)),
        saved(own_week(BORIS, week(hours("08:00-14:00")))),
        saved(HoursChanges(days=(own_day(ANNA, MON, OFF, work("10:00-12:00")).days[0], own_day(ANNA, TUE, OFF).days[0]))),
    ]
    expected = HoursChanges(
        organisation=WeekChange(SHORT, DEFAULT_WEEK),
        weeks=(EmployeeWeekChange(BORIS, week(hours("08:00-14:00")), None),),
        days=(own_day(ANNA, MON, work("10:00-12:00"), OFF).days[0], own_day(ANNA, TUE, None, OFF).days[0]),
    )
    done = going_back(4, *facts).then(restored(4, expected, NOW))
    assert done.aggregate.hours == schedule(*facts[:3]).hours
    assert done.aggregate.version == 8


@pytest.mark.spec("SCH-10")
def test_a_restore_is_undone_by_a_restore() -> None:
    facts = [added(ANNA), saved(own_day(ANNA, MON, OFF)), saved(organisation(DEFAULT_WEEK, SHORT))]
    there = schedule(*facts)
    before = there.hours
    there.restore(schedule(*facts[:1]), (), at=NOW)
    assert there.hours == schedule(*facts[:1]).hours
    there.restore(schedule(*facts), (), at=NOW)
    assert there.hours == before
    assert [type(event) for event in there.pending_events] == [Schedule.Restored, Schedule.Restored]


@pytest.mark.spec("SCH-10")
def test_returning_to_what_already_is_makes_no_version() -> None:
    facts = [added(ANNA), saved(own_day(ANNA, MON, OFF)), saved(own_day(ANNA, MON, None, OFF))]
    going_back(2, *facts).then()


@pytest.mark.spec("SCH-11")
def test_an_employee_deleted_since_blocks_the_restore_and_is_named() -> None:
    facts = [added(ANNA), added(BORIS), saved(own_day(ANNA, MON, OFF)), removed(BORIS)]
    going_back(3, *facts).then_refused(EmployeesDeletedSince(employees=[BORIS]))


@pytest.mark.spec("SCH-11")
def test_once_the_employee_is_back_the_restore_goes_through() -> None:
    facts = [added(ANNA), added(BORIS), saved(own_day(BORIS, MON, OFF)), removed(BORIS), returned(BORIS)]
    going_back(3, *facts).then(restored(3, own_day(BORIS, MON, None, OFF), NOW))


@pytest.mark.spec("SCH-12")
def test_an_employee_the_version_does_not_have_keeps_own_hours() -> None:
    mine = own_week(VERA, week(hours("07:00-11:00")))
    facts = [added(ANNA), saved(own_day(ANNA, MON, OFF)), added(VERA), saved(mine), saved(own_day(VERA, TUE, OFF))]
    done = going_back(2, *facts).then(restored(2, own_day(ANNA, MON, None, OFF), NOW))
    assert done.aggregate.hours.hours_on(VERA, MON) == hours("07:00-11:00")
    assert done.aggregate.hours.hours_on(VERA, TUE) == ()


@pytest.mark.spec("SCH-12")
def test_an_employee_the_version_does_not_have_keeps_hours_even_where_the_organisations_week_changes_under_them() -> None:
    facts = [added(ANNA), saved(organisation(DEFAULT_WEEK, SHORT)), added(VERA)]
    changes = HoursChanges(organisation=WeekChange(SHORT, DEFAULT_WEEK), weeks=(EmployeeWeekChange(VERA, None, SHORT),))
    done = going_back(2, *facts).then(restored(2, changes, NOW))
    assert done.aggregate.hours.hours_on(VERA, MON) == hours("10:00-16:00")
    assert done.aggregate.hours.hours_on(ANNA, MON) == hours("09:00-21:00")


@pytest.mark.spec("SCH-12")
def test_who_was_deleted_then_and_is_back_now_keeps_hours() -> None:
    facts = [
        added(ANNA),
        added(BORIS),
        removed(BORIS),
        saved(own_day(ANNA, MON, OFF)),
        returned(BORIS),
        saved(own_day(BORIS, MON, OFF)),
    ]
    going_back(4, *facts).then(restored(4, own_day(ANNA, MON, None, OFF), NOW))


@pytest.mark.spec("SCH-13")
def test_a_live_visit_on_a_day_that_was_off_then_blocks_the_restore() -> None:
    facts = [added(ANNA), saved(own_day(ANNA, WED, OFF)), saved(own_day(ANNA, WED, None, OFF))]
    visit = live(ANNA, WED, "10:00", "10:30", 12)
    blocked = going_back(3, *facts, visits=(visit,))
    blocked.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, WED, (conflicting(visit),))]))


@pytest.mark.spec("SCH-13")
def test_a_live_visit_outside_the_intervals_of_then_blocks_the_restore() -> None:
    facts = [added(ANNA), saved(own_week(ANNA, SHORT)), saved(own_week(ANNA, None, SHORT))]
    inside, astride, outside = (
        live(ANNA, THU, "10:00", "10:30", 1),
        live(ANNA, THU, "15:50", "16:10", 2),
        live(ANNA, THU, "20:00", "20:30", 3),
    )
    blocked = going_back(3, *facts, visits=(outside, inside, astride))
    blocked.then_refused(ConflictingVisits(conflicts=[Conflict(ANNA, THU, (conflicting(astride), conflicting(outside)))]))


@pytest.mark.spec("SCH-13")
def test_after_the_visit_was_moved_the_restore_goes_through() -> None:
    facts = [added(ANNA), saved(own_day(ANNA, WED, OFF)), saved(own_day(ANNA, WED, None, OFF))]
    moved = live(ANNA, THU, "10:00", "10:30", 12)
    going_back(3, *facts, visits=(moved,)).then(restored(3, own_day(ANNA, WED, OFF), NOW))


@pytest.mark.spec("SCH-13", "SCH-16")
def test_the_preview_shows_then_and_now_with_red_frames() -> None:
    facts = [
        added(ANNA),
        added(BORIS),
        saved(own_day(ANNA, TUE, OFF)),
        saved(own_day(ANNA, TUE, None, OFF)),
        removed(BORIS),
        added(VERA),
    ]
    visit, later = live(ANNA, TUE, "10:00", "10:30", 5), live(VERA, TUE, "10:00", "10:30", 6)
    shown = schedule(*facts).preview(schedule(*facts[:3]), [visit, later], MON, WED)
    assert not shown.restorable
    assert shown.deleted == (BORIS,)
    assert shown.conflicts == (Conflict(ANNA, TUE, (conflicting(visit),)),)
    anna, boris, vera = shown.employees
    assert [(day.date, day.changed, day.conflict, day.visits) for day in anna.days] == [
        (MON, False, False, ()),
        (TUE, True, True, (conflicting(visit),)),
        (WED, False, False, ()),
    ]
    assert (anna.days[1].then.kind, anna.days[1].now.kind) == ("off", "work")
    assert (boris.employee_id, boris.deleted_now, boris.not_in_version) == (BORIS, True, False)
    assert (vera.employee_id, vera.deleted_now, vera.not_in_version) == (VERA, False, True)
    assert not any(day.changed for day in vera.days)


@pytest.mark.spec("SCH-13")
def test_the_preview_shows_conflicts_beyond_the_shown_dates() -> None:
    facts = [added(ANNA), saved(own_week(ANNA, SHORT)), saved(own_week(ANNA, None, SHORT))]
    visit = live(ANNA, SAT + timedelta(days=70), "10:00", "10:30")
    shown = schedule(*facts).preview(schedule(*facts[:2]), [visit], MON, SUN)
    assert [conflict.date for conflict in shown.conflicts] == [SAT + timedelta(days=70)]
    assert not shown.restorable


def test_the_present_version_beside_itself_differs_nowhere() -> None:
    now = schedule(added(ANNA), saved(own_day(ANNA, MON, OFF)))
    shown = now.preview(now, [], MON, SUN)
    assert not shown.changes
    assert not shown.restorable
    assert not any(day.changed for employee in shown.employees for day in employee.days)


# Whatever happened before: properties over random histories.

STAFF = [named(f"employee {n}") for n in range(4)]
DATES = [MON + timedelta(days=n) for n in range(9)]
WEEKS: list[Week | None] = [
    None,
    SHORT,
    week(hours("09:00-13:00", "14:00-18:00"), hours("10:00-12:00")),
    week(hours("20:00-08:00")),
]
DAYS: list[Day | None] = [None, OFF, Day("vacation"), work("10:00-15:00"), work("22:00-06:00")]

steps = st.one_of(
    st.tuples(st.sampled_from(["add", "remove", "return"]), st.sampled_from(STAFF)),
    st.tuples(st.just("organisation"), st.sampled_from([DEFAULT_WEEK, *WEEKS[1:]])),
    st.tuples(st.just("week"), st.sampled_from(STAFF), st.sampled_from(WEEKS)),
    st.tuples(st.just("day"), st.sampled_from(STAFF), st.sampled_from(DATES), st.sampled_from(DAYS)),
)


def history(done: list[tuple[Any, ...]]) -> list[Schedule]:
    """The schedule at each of its versions."""
    now = schedule()
    versions = [now]
    for step in done:
        now = now.copy()
        known, present = step[1] in now.hours.employees, isinstance(step[1], UUID) and now.hours.present(step[1])
        match step:
            case "add", who if not known:
                now.add_employee(who, at=NOW)
            case "remove", who if present:
                now.remove_employee(who, (), at=NOW)
            case "return", who if known:
                now.return_employee(who, at=NOW)
            case "organisation", new:
                now.save_hours(now.planned_changes(organisation=new), (), at=NOW)
            case "week", who, new if present:
                now.save_hours(now.planned_changes(weeks={who: new}), (), at=NOW)
            case "day", who, day, new if present:
                now.save_hours(now.planned_changes(days={(who, day): new}), (), at=NOW)
        if now.version > versions[-1].version:
            versions.append(now)
    return versions


def effective(now: WorkingHours) -> dict[tuple[UUID, object], object]:
    return {(who, day): now.hours_on(who, day) for who in now.employees for day in DATES}


@pytest.mark.spec("SCH-10", "SCH-12")
@holds_for(st.lists(steps, max_size=14), st.data())
def test_a_restore_sets_whom_the_version_has_and_leaves_the_others(done: list[tuple[Any, ...]], data: st.DataObject) -> None:
    versions = history(done)
    now, past = versions[-1], data.draw(st.sampled_from(versions))
    if deleted_since(past.hours, now.hours):
        return
    after = now.hours.with_changes(restoring(past.hours, now.hours))
    for who in now.hours.employees:
        source = past.hours if past.hours.present(who) and now.hours.present(who) else now.hours
        assert [after.hours_on(who, day) for day in DATES] == [source.hours_on(who, day) for day in DATES]
    assert after.organisation == past.hours.organisation
    assert after.employees == now.hours.employees


@pytest.mark.spec("SCH-10")
@holds_for(st.lists(steps, max_size=14), st.data())
def test_any_restore_can_be_undone(done: list[tuple[Any, ...]], data: st.DataObject) -> None:
    versions = history(done)
    now, past = versions[-1], data.draw(st.sampled_from(versions))
    if deleted_since(past.hours, now.hours):
        return
    after = now.hours.with_changes(restoring(past.hours, now.hours))
    undone = after.with_changes(restoring(now.hours, after))
    assert effective(undone) == effective(now.hours)
    assert undone.organisation == now.hours.organisation


@holds_for(st.lists(steps, max_size=14), st.data())
def test_the_difference_leads_from_one_version_to_the_other(done: list[tuple[Any, ...]], data: st.DataObject) -> None:
    versions = history(done)
    old, new = data.draw(st.sampled_from(versions)).hours, data.draw(st.sampled_from(versions)).hours
    after = old.with_changes(difference(old, new))
    assert (after.organisation, after.weeks, after.days) == (new.organisation, new.weeks, new.days)


@holds_for(st.lists(steps, max_size=14))
def test_replay_gives_what_deciding_gave(done: list[tuple[Any, ...]]) -> None:
    last = history(done)[-1]
    again = Schedule.replay(last.id, [*schedule_events(), *last.pending_events])
    assert again.hours == last.hours
    assert again.version == last.version


def schedule_events() -> list[Schedule.Opened]:
    return [Schedule.Opened(originator_id=schedule().id, originator_version=1, timestamp=NOW, organisation=DEFAULT_WEEK)]
