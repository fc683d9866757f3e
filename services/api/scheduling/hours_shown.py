"""Working hours and what conflicts with them in the API's form, with names; in refusals too."""

from functools import lru_cache
from typing import Any

from aggregates.scheduling.hours import Day, Hours, Week, hours_pairs
from aggregates.scheduling.schedule import SavedSince
from aggregates.scheduling.working_hours import Conflict, DayView, HoursChanges
from readmodels.scheduling import schedule_versions
from services.api.names import Names
from services.api.refusal_names import NamedFact


@lru_cache(4096)
def pairs(hours: Hours) -> list[list[str]]:
    """Hours in the API's form. Cached, because thousands of cells show few different values; don't change the result."""
    return hours_pairs(hours)


def week_pairs(week: Week | None) -> list[list[list[str]]] | None:
    """A week in the API's form."""
    return None if week is None else [pairs(hours) for hours in week]


def cell(view: DayView) -> dict[str, Any]:
    """A cell of the grid in the API's form."""
    return {"kind": view.kind, "intervals": pairs(view.intervals), "own": view.own}


def day_pairs(day: Day | None) -> dict[str, Any] | None:
    """An employee's own day in the API's form."""
    return None if day is None else {"kind": day.kind, "intervals": pairs(day.intervals)}


def shown_conflict(names: Names, conflict: Conflict) -> dict[str, Any]:
    """A red frame (conflict) with names."""
    return {
        "employee": names.employee(conflict.employee_id),
        "date": conflict.date,
        "visits": [names.visit(visit) for visit in conflict.visits],
    }


def shown_changes(names: Names, changes: HoursChanges) -> dict[str, Any]:
    """The differences between two versions of the hours, with names."""
    organisation = changes.organisation
    return {
        "organisation": organisation and {"old": week_pairs(organisation.old), "new": week_pairs(organisation.new)},
        "weeks": [
            {"employee": names.employee(week.employee_id), "old": week_pairs(week.old), "new": week_pairs(week.new)}
            for week in changes.weeks
        ],
        "days": [
            {
                "employee": names.employee(day.employee_id),
                "date": day.date,
                "old": day_pairs(day.old),
                "new": day_pairs(day.new),
            }
            for day in changes.days
        ],
    }


def _saved_since(names: Names, saved: SavedSince) -> list[schedule_versions.ScheduleVersion]:
    latest, _ = schedule_versions.listing(names.connection, page=1, size=20)
    return [version for version in latest if version.version > saved.base_version]


IN_REFUSALS = (
    NamedFact(Conflict, shown_conflict, patients=lambda conflict: [visit.patient_id for visit in conflict.visits]),
    NamedFact(HoursChanges, shown_changes),
    NamedFact(SavedSince, _saved_since),
)
