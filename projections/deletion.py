"""Folds of the events that delete and return an object."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from aggregates.deletion import Deletable
from aggregates.kernel import Event
from projections.declaration import Own
from projections.existing import existing


def _marked(*, deleted: bool) -> Own[Any, Any]:
    return Own(existing(lambda row, event: replace(row, version=event.originator_version, deleted=deleted)))


_DELETED, _RETURNED = _marked(deleted=True), _marked(deleted=False)


def deletable(kind: type[Deletable]) -> Mapping[type[Event], Own[Any, Any]]:
    """Handlers of both events, for rows with the columns `deleted` and `version`."""
    return {kind.Deleted: _DELETED, kind.Returned: _RETURNED}
