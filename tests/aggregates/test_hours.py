import itertools
import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.scheduling.hours import (
    DAY,
    DEFAULT_WEEK,
    Day,
    Hours,
    Interval,
    absolute,
    checked_day,
    covers,
    every_day,
    format_hours,
    hours_pairs,
    normalised,
    parse_hours,
    parse_week,
    spans_around,
)
from aggregates.scheduling.working_hours import WorkingHours
from aggregates.values import WrongValue
from tests.aggregates.clinic import OFF, hours, work
from tests.aggregates.scenario import MON, TUE, at, named

intervals = st.builds(
    lambda start, length: Interval(start, start + length),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
)


def minutes(day_hours: Hours) -> set[int]:
    return {minute for interval in day_hours for minute in range(interval.start, interval.end)}


def test_the_default_is_nine_to_nine_every_day() -> None:
    assert parse_week([[["09:00", "21:00"]]] * 7) == DEFAULT_WEEK


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("09:00", "18:00")], [(540, 1080)]),
        ([("20:00", "08:00")], [(1200, 1920)]),
        ([("00:00", "24:00")], [(0, 1440)]),
        ([("09:00", "09:00")], [(540, 1980)]),
        ([("14:00", "18:00"), ("09:00", "13:00")], [(540, 780), (840, 1080)]),
        ([("09:00", "13:00"), ("13:00", "18:00")], [(540, 1080)]),
        ([("09:00", "14:00"), ("13:00", "18:00")], [(540, 1080)]),
        ([], []),
    ],
)
def test_pairs_are_read_as_sorted_merged_intervals(pairs: list[tuple[str, str]], expected: list[tuple[int, int]]) -> None:
    assert tuple(Interval(*each) for each in expected) == parse_hours(pairs)


@pytest.mark.parametrize(
    "pair",
    [("9:00", "18:00"), ("09:60", "18:00"), ("24:01", "25:00"), ("24:00", "08:00"), ("", ""), ("09:00",), ("٠٩:00", "18:00")],
)
def test_what_is_no_time_is_refused(pair: tuple[str, ...]) -> None:
    with pytest.raises(WrongValue) as refused:
        parse_hours([pair])
    assert refused.value.facts["field"] == "hours"


def test_intervals_that_together_last_longer_than_a_day_are_refused() -> None:
    with pytest.raises(WrongValue):
        parse_hours([("08:00", "20:00"), ("19:00", "10:00")])


@given(st.lists(intervals, max_size=4))
def test_normalising_keeps_every_minute_and_no_overlap(some: list[Interval]) -> None:
    try:
        result = normalised(some)
    except WrongValue:
        return
    assert minutes(tuple(some)) == minutes(result)
    assert all(a.end < b.start for a, b in itertools.pairwise(result))
    assert normalised(result) == result


@given(st.lists(intervals, max_size=3))
def test_hours_written_and_read_again_are_the_same(some: list[Interval]) -> None:
    try:
        result = normalised(some)
    except WrongValue:
        return
    assert parse_hours(hours_pairs(result)) == result


def test_hours_for_people() -> None:
    assert format_hours(hours("09:00-13:00", "14:00-18:00")) == "09:00–13:00, 14:00–18:00"
    assert format_hours(()) == "выходной"
    assert format_hours(hours("20:00-24:00")) == "20:00–24:00"


def test_a_working_day_needs_hours_and_a_day_off_has_none() -> None:
    assert checked_day(work("09:00-18:00")) == work("09:00-18:00")
    assert checked_day(OFF) == OFF
    for wrong in (Day("work"), Day("vacation", hours("09:00-18:00"))):
        with pytest.raises(WrongValue):
            checked_day(wrong)


def test_shifts_that_touch_at_midnight_are_one_working_time() -> None:
    spans = spans_around(lambda day: hours("20:00-24:00") if day == MON else hours("00:00-08:00"), MON, TUE)
    assert covers(spans, at(MON, "23:00"), at(TUE, "01:00"))
    assert not covers(spans, at(MON, "19:59"), at(MON, "20:30"))
    assert not covers(spans, at(TUE, "07:30"), at(TUE, "08:01"))


def test_the_night_shift_of_the_day_before_holds_an_early_visit() -> None:
    spans = spans_around(lambda day: hours("20:00-08:00") if day == MON else (), TUE, TUE)
    assert covers(spans, at(TUE, "01:00"), at(TUE, "02:00"))
    assert not covers(spans, at(TUE, "07:50"), at(TUE, "08:10"))


day_hours = st.lists(intervals, max_size=2).map(lambda some: tuple(normalised(some[:1])))


@given(st.lists(day_hours, min_size=5, max_size=5), st.integers(0, 2 * DAY), st.integers(5, DAY))
def test_a_time_is_covered_when_every_minute_of_it_is_worked(days: list[Hours], start: int, length: int) -> None:
    """Against the plain definition: minute by minute over all days."""
    first = MON - timedelta(days=1)
    by_date = {first + timedelta(days=n): each for n, each in enumerate(days)}
    worked = {day.toordinal() * DAY + minute for day, each in by_date.items() for minute in minutes(each)}
    starts_at = datetime.combine(MON, datetime.min.time()) + timedelta(minutes=start)
    ends_at = starts_at + timedelta(minutes=length)
    spans = spans_around(lambda day: by_date.get(day, ()), starts_at.date(), ends_at.date())
    whole = all(minute in worked for minute in range(absolute(starts_at), absolute(ends_at)))
    assert whole == covers(spans, starts_at, ends_at)


def test_a_month_of_thirty_employees_is_computed_in_an_instant() -> None:
    staff = [named(str(n)) for n in range(30)]
    dates = [date(2026, 12, 1) + timedelta(days=n) for n in range(31)]
    clinic = WorkingHours(
        employees=dict.fromkeys(staff, True),
        weeks={employee_id: every_day(hours("08:00-14:00")) for employee_id in staff[::2]},
        days={employee_id: dict.fromkeys(dates[::3], OFF) for employee_id in staff[::3]},
    )
    took = []
    for _ in range(5):
        begun = time.process_time()
        cells = [clinic.day_view(employee_id, day) for employee_id in staff for day in dates]
        took.append(time.process_time() - begun)
    assert len(cells) == 930
    assert min(took) < 0.010
