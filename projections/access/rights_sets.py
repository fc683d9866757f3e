"""Sets of rights."""

from typing import Any

from aggregates.access.rights_set import RightsSet
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import sets
from readmodels.access.rights_sets import TABLE, RightsSetRow


def _created(_: RightsSetRow | None, event: RightsSet.Created) -> RightsSetRow:
    return RightsSetRow(
        event.originator_id,
        event.name,
        event.start_page,
        event.rights,
        own_schedule_only=False,
        opens_all_patients=False,
        deleted=False,
        version=event.originator_version,
    )


def _changed(event: RightsSet.Changed) -> dict[str, Any]:
    changes = {name: getattr(event, name) for name in ("name", "start_page", "rights", "own_schedule_only", "opens_all_patients")}
    return {name: change.new for name, change in changes.items() if change}


RIGHTS_SETS = Projection(
    "rights_sets",
    TABLE,
    revision=3,
    audience=Audience("employees", "positions", "rights"),
    handlers={
        RightsSet.Created: Own(_created),
        **sets(RightsSet.Changed, _changed),
        **deletable(RightsSet),
    },
    one_stream=True,
)
