"""Periods of reports."""

from typing import ClassVar

from readmodels.reports.periods import Days
from services.api.schemas import Period


class ReportPeriod(Period):
    """At most ten years."""

    LONGEST: ClassVar[int] = 3660

    @property
    def both(self) -> Days:
        return Days(self.first, self.last)
