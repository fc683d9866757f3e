"""The fold of a card's photo, for all who have one."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from aggregates.kernel import Event
from aggregates.people.photo import WithPhoto
from projections.declaration import Own
from projections.existing import existing

_REPLACED: Own[Any, Any] = Own(existing(lambda row, event: replace(row, photo=event.new, version=event.originator_version)))


def with_photo(kind: type[WithPhoto]) -> Mapping[type[Event], Own[Any, Any]]:
    """The handler of its event, for rows with the columns `photo` and `version`."""
    return {kind.PhotoChanged: _REPLACED}
