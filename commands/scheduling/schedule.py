"""Commands of the working hours. Each holds the clinic's write lock, so that no booking comes between check and save (SCH-15)."""

from collections.abc import Mapping
from uuid import UUID

from aggregates.scheduling.hours import Day, Week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule, UnknownVersion
from aggregates.scheduling.working_hours import Conflict, DateCell
from commands.context import Context, Receipt
from commands.live_visits import live_visits
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def save_hours(
    clinic: Clinic,
    ctx: Context,
    base_version: int,
    *,
    organisation: Week | None = None,
    weeks: Mapping[UUID, Week | None] | None = None,
    days: Mapping[DateCell, Day | None] | None = None,
) -> Receipt:
    """Save a version of the schedule, based on the one the person saw (SCH-5). ScheduleMoved, ConflictingVisits, WrongValue."""
    with clinic.write_lock():
        schedule = _unmoved(clinic, base_version)
        changes = schedule.planned_changes(organisation=organisation, weeks=weeks, days=days)
        schedule.save_hours(changes, live_visits(clinic, ctx, schedule.hours.concerned(changes)), at=ctx.now)
        return clinic.save(schedule, ctx=ctx)


def conflicts_of(
    clinic: Clinic,
    ctx: Context,
    *,
    organisation: Week | None = None,
    weeks: Mapping[UUID, Week | None] | None = None,
    days: Mapping[DateCell, Day | None] | None = None,
) -> tuple[Conflict, ...]:
    """Visits that conflict with such changes now. Nothing is saved. WrongValue."""
    schedule = clinic.load(Schedule, SCHEDULE_ID)
    changes = schedule.planned_changes(organisation=organisation, weeks=weeks, days=days)
    return schedule.conflicts(changes, live_visits(clinic, ctx, schedule.hours.concerned(changes)))


@retried
def restore_schedule(clinic: Clinic, ctx: Context, to_version: int, seen_version: int) -> Receipt:
    """Restore an old version; `seen_version` is the present version in the person's preview (SCH-10).

    ScheduleMoved, UnknownVersion, EmployeesDeletedSince, ConflictingVisits.
    """
    with clinic.write_lock():
        schedule = _unmoved(clinic, seen_version)
        schedule.restore(_version(clinic, schedule, to_version), live_visits(clinic, ctx), at=ctx.now)
        return clinic.save(schedule, ctx=ctx, facts={"to_version": to_version})


def _unmoved(clinic: Clinic, seen_version: int) -> Schedule:
    schedule = clinic.load(Schedule, SCHEDULE_ID)
    if schedule.version != seen_version:
        raise schedule.moved_since(_version(clinic, schedule, seen_version))
    return schedule


def _version(clinic: Clinic, schedule: Schedule, version: int) -> Schedule:
    if not 1 <= version <= schedule.version:
        raise UnknownVersion(version=version, last=schedule.version)
    return clinic.load(Schedule, SCHEDULE_ID, version)
