"""Changes of working hours as the journal tells them."""

from uuid import UUID

from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.working_hours import HoursChanges
from readmodels.journal_values import Change, Instant, days, employee, week


def hours(changes: HoursChanges) -> list[Change]:
    told = (
        [Change("Часы организации", week(changes.organisation.old), week(changes.organisation.new))]
        if changes.organisation
        else []
    )
    told += [Change("неделя", week(c.old), week(c.new), of=employee(c.employee_id)) for c in changes.weeks]
    return told + days(changes.days)


def people(changes: HoursChanges) -> list[UUID]:
    people = dict.fromkeys(change.employee_id for change in changes.weeks)
    return list(people | dict.fromkeys(change.employee_id for change in changes.days))


def summary(event: Schedule.HoursSaved) -> str:
    changes = event.changes
    parts = ["часы организации"] if changes.organisation else []
    parts += [f"недель сотрудников – {len(changes.weeks)}"] if changes.weeks else []
    parts += [f"дней – {len(changes.days)}"] if changes.days else []
    return f"изменён: {', '.join(parts)}"


def restored(event: Schedule.Restored) -> list[Change]:
    return [Change("Возврат к состоянию на", None, Instant(event.to_moment)), *hours(event.changes)]
