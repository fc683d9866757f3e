"""The fold of a card's photo, for all who have one."""

from collections.abc import Mapping
from typing import Any

from aggregates.kernel import Event
from aggregates.people.photo import WithPhoto
from projections.declaration import Own
from projections.existing import sets


def with_photo(kind: type[WithPhoto]) -> Mapping[type[Event], Own[Any, Any]]:
    """The handler of its event, for rows with the columns `photo` and `version`."""
    return sets(kind.PhotoChanged, lambda event: {"photo": event.new})
