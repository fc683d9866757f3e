"""Folds of the events that delete and return an object."""

from collections.abc import Mapping
from typing import Any

from aggregates.deletion import Deletable
from aggregates.kernel import Event
from projections.declaration import Own
from projections.existing import sets


def deletable(kind: type[Deletable]) -> Mapping[type[Event], Own[Any, Any]]:
    """Handlers of both events, for rows with the columns `deleted` and `version`."""
    return {**sets(kind.Deleted, lambda _: {"deleted": True}), **sets(kind.Returned, lambda _: {"deleted": False})}
