"""Values of working time: intervals, weeks and single days.

An interval counts minutes from the local midnight of its day; an end after 1440 is on the next day. Spans are absolute: minutes
since midnight of day 0 of `date.toordinal()`, so that shifts join across midnight.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from aggregates.values import WrongValue

DAY = 1440
"""Minutes of a day."""


class Interval(msgspec.Struct, frozen=True, order=True, array_like=True):
    """[start, end) in minutes: 0 ≤ start < 1440, start < end ≤ start + 1440."""

    start: int
    end: int


Hours = tuple[Interval, ...]
"""Hours of one day: sorted, disjoint, adjacent intervals merged; empty = a day off."""
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""Hours per weekday, Monday first."""
DayKind = Literal["work", "off", "vacation", "sick"]
Span = tuple[int, int]
"""[start, end) in absolute minutes."""


class Day(msgspec.Struct, frozen=True):
    """An employee's own day, overriding the week: `work` has intervals, other kinds have none."""

    kind: DayKind
    intervals: Hours = ()


def normalised(intervals: Iterable[Interval], field: str = "hours") -> Hours:
    """The intervals sorted, disjoint and merged. WrongValue if one lasts longer than a day."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if not (0 <= interval.start < DAY and interval.start < interval.end <= interval.start + DAY):
            raise WrongValue(field, "Время начала должно быть в пределах суток, а смена – не длиннее 24 часов.")
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    if any(interval.end - interval.start > DAY for interval in merged):
        raise WrongValue(field, "Интервалы вместе длятся дольше 24 часов. Разделите их по дням.")
    return tuple(merged)


def parse_hours(pairs: Iterable[Sequence[str]], field: str = "hours") -> Hours:
    """Hours from pairs such as ("20:00", "08:00"): an end not after the start is on the next day."""
    return normalised((_interval(pair, field) for pair in pairs), field)


def parse_week(days: Sequence[Iterable[Sequence[str]]], field: str = "week") -> Week:
    """A week from seven lists of pairs, Monday first."""
    if len(days) != 7:
        raise WrongValue(field, "В неделе должно быть семь дней, с понедельника по воскресенье.")
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (parse_hours(pairs, field) for pairs in days)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def hours_pairs(hours: Hours) -> list[list[str]]:
    """The inverse of `parse_hours`: [["20:00", "08:00"]]; midnight as an end is "24:00"."""
    return [[format_minutes(interval.start), format_minutes(interval.end)] for interval in hours]


def format_minutes(minutes: int) -> str:
    """Minutes as "HH:MM"; 1440 is "24:00", later minutes are those of the next day."""
    hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hour:02}:{minute:02}"


def format_hours(hours: Hours) -> str:
    """Hours for a sentence: "09:00–13:00, 14:00–18:00" or "выходной"."""
    return ", ".join(f"{start}–{end}" for start, end in hours_pairs(hours)) or "выходной"


def every_day(hours: Hours) -> Week:
    return hours, hours, hours, hours, hours, hours, hours


DEFAULT_WEEK: Week = every_day((Interval(9 * 60, 21 * 60),))
"""The organisation's default hours (SCH-1)."""


def checked_week(week: Sequence[Iterable[Interval]], field: str = "week") -> Week:
    """The week with each day normalised. WrongValue."""
    if len(week) != 7:
        raise WrongValue(field, "В неделе должно быть семь дней, с понедельника по воскресенье.")
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (normalised(day, field) for day in week)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def checked_day(day: Day, field: str = "days") -> Day:
    """The day, if it is consistent: `work` has hours, other kinds have none. WrongValue."""
    if day.kind not in {"work", "off", "vacation", "sick"}:
        raise WrongValue(field, "День бывает рабочим, выходным, отпуском или больничным.")
    if (day.kind == "work") != bool(day.intervals):
        raise WrongValue(field, "Рабочему дню нужны часы работы, а у нерабочего их не бывает.")
    return Day(day.kind, normalised(day.intervals, field))


def absolute(moment: datetime) -> int:
    """A local moment in absolute minutes."""
    return moment.toordinal() * DAY + moment.hour * 60 + moment.minute


def spans_around(hours_on: Callable[[date], Hours], first: date, last: date) -> tuple[Span, ...]:
    """Working time on the days `first`…`last`, including the night shift from the day before; adjacent spans are joined."""
    joined: list[Span] = []
    day = first - timedelta(days=1)
    while day <= last:
        midnight = day.toordinal() * DAY
        for interval in hours_on(day):
            start, end = midnight + interval.start, midnight + interval.end
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            else:
                joined.append((start, end))
        day += timedelta(days=1)
    return tuple(joined)


def covers(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether one span contains [starts_at, ends_at)."""
    start, end = absolute(starts_at), absolute(ends_at)
    for first, last in spans:  # noqa: SIM110  called for thousands of visits: no generator
        if first <= start and end <= last:
            return True
    return False


def _interval(pair: Sequence[str], field: str) -> Interval:
    if len(pair) != 2:
        raise WrongValue(field, "У интервала есть начало и конец, например 09:00 и 18:00.")
    start, end = _minutes(pair[0], field), _minutes(pair[1], field)
    if start == DAY:
        raise WrongValue(field, "Интервал не может начинаться в 24:00. Укажите 00:00 следующего дня.")
    return Interval(start, end if end > start else end + DAY)


def _minutes(written: str, field: str) -> int:
    hour, _, minute = written.partition(":") if isinstance(written, str) else ("", "", "")
    if len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit():
        minutes = int(hour) * 60 + int(minute)
        if int(minute) < 60 and minutes <= DAY:
            return minutes
    raise WrongValue(field, "Время записывается как ЧЧ:ММ, от 00:00 до 24:00.")
