"""Periods of reports: whole days, both ends included, and the period that one is compared with."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

Step = Literal["day", "week", "month"]
"""What a bar of a chart stands for."""
MOST_DAYS, MOST_WEEKS = 45, 200
"""Longest periods whose chart has a bar for each day, and for each week."""
WEEK = timedelta(days=7)


class Days(NamedTuple):
    """`first` and `last` both count."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min)

    @property
    def end(self) -> datetime:
        """The moment after."""
        return datetime.combine(self.last + timedelta(days=1), time.min)

    @property
    def values(self) -> dict[str, date | datetime]:
        """Parameters of a query."""
        return {"first": self.first, "last": self.last, "start": self.start, "end": self.end}

    @property
    def step(self) -> Step:
        """Of a chart of these days."""
        length = (self.last - self.first).days
        return "day" if length <= MOST_DAYS else "week" if length <= MOST_WEEKS else "month"

    def before(self) -> "Days":
        """The same period before: of one day the same weekday a week earlier, since weekdays differ more than days of the month;
        as many months earlier if it begins with a month, else as many days.
        """
        if self.first == self.last:
            return Days(self.first - WEEK, self.last - WEEK)
        if self.first.day != 1:
            days = self.last - self.first + timedelta(days=1)
            return Days(self.first - days, self.last - days)
        months = _months(self.last) - _months(self.first) + 1
        whole = self.last.day == monthrange(self.last.year, self.last.month)[1]
        return Days(_earlier(self.first, months, whole=False), _earlier(self.last, months, whole=whole))


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _earlier(day: date, months: int, *, whole: bool) -> date:
    year, month = divmod(_months(day) - months, 12)
    longest = monthrange(year, month + 1)[1]
    return date(year, month + 1, longest if whole else min(day.day, longest))
