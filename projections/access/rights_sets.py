"""Sets of rights."""

from uuid import UUID

from msgspec.structs import replace

from aggregates.access.rights_set import RightsSet
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.access.rights_sets import TABLE, RightsSetRow


def _created(row: RightsSetRow | None, key: UUID, event: RightsSet.Created, envelope: Envelope) -> RightsSetRow:  # noqa: ARG001
    return RightsSetRow(
        key,
        event.name,
        event.start_page,
        event.rights,
        own_schedule_only=False,
        opens_all_patients=False,
        deleted=False,
        version=event.originator_version,
    )


def _changed(row: RightsSetRow, key: UUID, event: RightsSet.Changed, envelope: Envelope) -> RightsSetRow:  # noqa: ARG001
    changes = {name: getattr(event, name) for name in ("name", "start_page", "rights", "own_schedule_only", "opens_all_patients")}
    fields = {name: change.new for name, change in changes.items() if change}
    return replace(row, version=event.originator_version, **fields)


def _deleted(row: RightsSetRow, key: UUID, event: RightsSet.Deleted, envelope: Envelope) -> RightsSetRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=True)


def _returned(row: RightsSetRow, key: UUID, event: RightsSet.Returned, envelope: Envelope) -> RightsSetRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=False)


RIGHTS_SETS = Projection(
    "rights_sets",
    TABLE,
    revision=3,
    audience=Audience("employees", "positions", "rights"),
    handlers={
        RightsSet.Created: Handler(own_key, _created),
        RightsSet.Changed: Handler(own_key, existing(_changed)),
        RightsSet.Deleted: Handler(own_key, existing(_deleted)),
        RightsSet.Returned: Handler(own_key, existing(_returned)),
    },
    one_stream=True,
)
