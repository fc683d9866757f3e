from datetime import date, timedelta

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from aggregates.kernel import DomainError
from aggregates.people.employee import EmployeeDeleted
from aggregates.scheduling.hours import DAY, Day, Interval, normalised
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.schedule_ranges import Absence, Action, Break, Cycle, range_days
from aggregates.scheduling.working_hours import WorkingHours
from aggregates.values import WrongValue
from tests.aggregates.clinic import ANNA, BORIS, OFF, VERA, added, hours, own_day, own_week, removed, saved, schedule, week, work
from tests.aggregates.scenario import FRI, MON, SAT, SUN, THU, TUE, WED, Fact

WORK = work("09:00-15:00")
pytestmark = pytest.mark.spec("SCH-7")


def of_anna(action: Action, first: date, last: date, *facts: Fact) -> list[Day | None]:
    cells = range_days(schedule(added(ANNA), *facts), [ANNA], first, last, action)
    return [cells.get((ANNA, first + timedelta(days=n))) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("starts_with", "expected"),
    [("work", [WORK, WORK, OFF, OFF, WORK, WORK, OFF]), ("off", [OFF, OFF, WORK, WORK, OFF, OFF, WORK])],
)
def test_two_days_on_two_days_off(starts_with: str, expected: list[Day]) -> None:
    cycle = Cycle("2/2", hours("09:00-15:00"), starts_with)  # type: ignore[arg-type]  # the two of its two
    assert expected == of_anna(cycle, MON, SUN)


def test_five_days_from_monday_then_the_weekend() -> None:
    assert of_anna(Cycle("5/2", hours("09:00-15:00")), WED, SUN + timedelta(days=1)) == [WORK, WORK, WORK, OFF, OFF, WORK]


def test_odd_and_even_days_of_the_month() -> None:
    end = date(2026, 11, 30)
    assert of_anna(Cycle("odd", hours("09:00-15:00")), end, end + timedelta(days=2)) == [OFF, WORK, OFF]
    assert of_anna(Cycle("even", hours("09:00-15:00")), end, end + timedelta(days=2)) == [WORK, OFF, WORK]


def test_a_vacation_of_several_employees_is_one_action() -> None:
    cells = range_days(schedule(added(ANNA), added(BORIS)), [ANNA, BORIS], MON, WED, Absence("vacation"))
    assert len(cells) == 6
    assert set(cells.values()) == {Day("vacation")}


def test_a_break_is_taken_out_of_each_days_own_hours() -> None:
    facts = [saved(own_week(ANNA, week(hours("09:00-18:00"), hours("10:00-13:00")))), saved(own_day(ANNA, TUE, OFF))]
    given_days = of_anna(Break(Interval(13 * 60, 14 * 60)), MON, SUN, *facts)
    lunch = work("09:00-13:00", "14:00-18:00")
    assert given_days == [lunch, None, lunch, lunch, lunch, None, None]


def test_a_break_at_night_cuts_the_shift_that_began_the_evening_before() -> None:
    start = schedule(added(ANNA), saved(own_week(ANNA, week(()))), saved(own_day(ANNA, MON, work("20:00-08:00"))))
    cells = range_days(start, [ANNA], MON, MON, Break(Interval(2 * 60, 2 * 60 + 30)))
    assert cells == {(ANNA, MON): work("20:00-02:00"), (ANNA, TUE): work("02:30-08:00")}


def test_a_break_of_the_whole_day_leaves_a_day_off() -> None:
    assert of_anna(Break(Interval(8 * 60, 22 * 60)), MON, MON) == [OFF]


@pytest.mark.parametrize(
    ("who", "first", "last", "action", "error"),
    [
        (ANNA, TUE, MON, Absence("vacation"), WrongValue),
        (ANNA, MON, MON + timedelta(days=366), Absence("vacation"), WrongValue),
        (ANNA, MON, FRI, Cycle("2/2", ()), WrongValue),
        # 13:00–13:00 is no break, and surely not one until the next day's 13:00
        (ANNA, MON, FRI, Break(Interval(13 * 60, 13 * 60 + DAY)), WrongValue),
        (BORIS, MON, FRI, Absence("sick"), EmployeeDeleted),
        (VERA, MON, FRI, Absence("sick"), EmployeeDeleted),
    ],
)
def test_ranges_that_make_no_sense_are_refused(
    who: object, first: date, last: date, action: Action, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        range_days(schedule(added(ANNA), added(BORIS), removed(BORIS)), [who], first, last, action)  # type: ignore[list-item]


def test_a_whole_year_is_allowed() -> None:
    assert len(of_anna(Cycle("2/2", hours("20:00-08:00")), MON, MON + timedelta(days=365))) == 366


def test_the_cells_are_saved_like_any_other() -> None:
    start = schedule(added(ANNA))
    start.save_hours(
        start.planned_changes(days=range_days(start, [ANNA], MON, SUN, Cycle("5/2", hours("09:00-15:00")))),
        (),
        at=start.created_on,
    )
    assert [start.hours.hours_on(ANNA, day) for day in (THU, SAT)] == [hours("09:00-15:00"), ()]
    assert isinstance(start.pending_events[-1], Schedule.HoursSaved)


shift = st.builds(lambda start, length: Interval(start, start + length), st.integers(0, DAY - 1), st.integers(30, 12 * 60))
DATES = [MON + timedelta(days=n) for n in range(5)]


@holds_for(st.lists(st.one_of(st.none(), shift), min_size=5, max_size=5), st.integers(0, DAY - 1), st.integers(15, 120))
def test_a_break_takes_out_its_minutes_and_nothing_else(shifts: list[Interval | None], start: int, length: int) -> None:
    days = {day: Day("work", normalised([each])) if each else OFF for day, each in zip(DATES, shifts, strict=True)}
    now = schedule(added(ANNA), *(saved(own_day(ANNA, day, each)) for day, each in days.items()))
    pause = Interval(start, start + length)
    first, last = DATES[1], DATES[3]
    after = now.hours.with_changes(now.hours.changes_to(days=dict(range_days(now, [ANNA], first, last, Break(pause)))))
    shifts_before, shifts_after = set[int](), set[int]()
    for day, each in days.items():
        own = {day.toordinal() * DAY + minute for interval in each.intervals for minute in range(interval.start, interval.end)}
        taken = {day.toordinal() * DAY + at + minute for at in (0, DAY) for minute in range(pause.start, pause.end)}
        shifts_before |= own
        shifts_after |= own - taken if first <= day <= last else own
    assert (worked(now.hours) - shifts_before) | shifts_after == worked(after)


def worked(now: WorkingHours) -> set[int]:
    return {minute for start, end in now.spans(ANNA, DATES[0], DATES[-1]) for minute in range(start, end)}
