"""The list of the schedule's versions."""

from uuid import UUID

from aggregates.kernel import Event
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.working_hours import HoursChanges
from projections.audience import Audience
from projections.declaration import Appends, Envelope, Projection
from readmodels.scheduling.schedule_versions import TABLE, ScheduleVersionRow, VersionKind

_NOTHING = HoursChanges()


def _row(
    kind: VersionKind,
    event: Event,
    envelope: Envelope,
    changes: HoursChanges = _NOTHING,
    to_version: int | None = None,
    subject_id: UUID | None = None,
) -> ScheduleVersionRow:
    metadata = envelope.metadata
    return ScheduleVersionRow(
        version=event.originator_version,
        position=envelope.position,
        moment=event.timestamp,
        user_id=metadata.user_id,
        employee_id=metadata.employee_id,
        kind=kind,
        organisation_changed=changes.organisation is not None,
        weeks_changed=len(changes.weeks),
        days_changed=len(changes.days),
        to_version=to_version,
        subject_id=subject_id,
    )


def _opened(event: Schedule.Opened, envelope: Envelope) -> ScheduleVersionRow:
    return _row("opened", event, envelope)


def _added(event: Schedule.EmployeeAdded, envelope: Envelope) -> ScheduleVersionRow:
    return _row("employee_added", event, envelope, subject_id=event.employee_id)


def _removed(event: Schedule.EmployeeRemoved, envelope: Envelope) -> ScheduleVersionRow:
    return _row("employee_removed", event, envelope, subject_id=event.employee_id)


def _returned(event: Schedule.EmployeeReturned, envelope: Envelope) -> ScheduleVersionRow:
    return _row("employee_returned", event, envelope, subject_id=event.employee_id)


def _saved(event: Schedule.HoursSaved, envelope: Envelope) -> ScheduleVersionRow:
    return _row("saved", event, envelope, event.changes)


def _restored(event: Schedule.Restored, envelope: Envelope) -> ScheduleVersionRow:
    return _row("restored", event, envelope, event.changes, event.to_version)


SCHEDULE_VERSIONS = Projection(
    "schedule_versions",
    TABLE,
    revision=3,
    audience=Audience("hours", "journal"),
    handlers={
        Schedule.Opened: Appends(_opened),
        Schedule.EmployeeAdded: Appends(_added),
        Schedule.EmployeeRemoved: Appends(_removed),
        Schedule.EmployeeReturned: Appends(_returned),
        Schedule.HoursSaved: Appends(_saved),
        Schedule.Restored: Appends(_restored),
    },
    one_stream=True,
)
