"""The list of the schedule's versions."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.kernel import Event
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.working_hours import HoursChanges
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection
from readmodels.scheduling.schedule_versions import TABLE, ScheduleVersionRow, VersionKind

_NOTHING = HoursChanges()


def _version(event: Event, envelope: Envelope) -> Iterable[int]:  # noqa: ARG001
    return (event.originator_version,)


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


def _opened(row: ScheduleVersionRow | None, key: int, event: Event, envelope: Envelope) -> ScheduleVersionRow:  # noqa: ARG001
    return _row("opened", event, envelope)


def _added(row: ScheduleVersionRow | None, key: int, event: Schedule.EmployeeAdded, envelope: Envelope) -> ScheduleVersionRow:  # noqa: ARG001
    return _row("employee_added", event, envelope, subject_id=event.employee_id)


def _removed(
    row: ScheduleVersionRow | None,  # noqa: ARG001
    key: int,  # noqa: ARG001
    event: Schedule.EmployeeRemoved,
    envelope: Envelope,
) -> ScheduleVersionRow:
    return _row("employee_removed", event, envelope, subject_id=event.employee_id)


def _returned(
    row: ScheduleVersionRow | None,  # noqa: ARG001
    key: int,  # noqa: ARG001
    event: Schedule.EmployeeReturned,
    envelope: Envelope,
) -> ScheduleVersionRow:
    return _row("employee_returned", event, envelope, subject_id=event.employee_id)


def _saved(row: ScheduleVersionRow | None, key: int, event: Schedule.HoursSaved, envelope: Envelope) -> ScheduleVersionRow:  # noqa: ARG001
    return _row("saved", event, envelope, event.changes)


def _restored(row: ScheduleVersionRow | None, key: int, event: Schedule.Restored, envelope: Envelope) -> ScheduleVersionRow:  # noqa: ARG001
    return _row("restored", event, envelope, event.changes, event.to_version)


SCHEDULE_VERSIONS = Projection(
    "schedule_versions",
    TABLE,
    revision=3,
    audience=Audience("hours", "journal"),
    handlers={
        Schedule.Opened: Handler(_version, _opened),
        Schedule.EmployeeAdded: Handler(_version, _added),
        Schedule.EmployeeRemoved: Handler(_version, _removed),
        Schedule.EmployeeReturned: Handler(_version, _returned),
        Schedule.HoursSaved: Handler(_version, _saved),
        Schedule.Restored: Handler(_version, _restored),
    },
    one_stream=True,
    append_only=True,
)
