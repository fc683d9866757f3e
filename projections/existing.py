"""Folds and handlers of events after a row's first one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from aggregates.kernel import Event
from aggregates.values import FieldChange
from projections.declaration import Own

E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=msgspec.Struct)


def existing(fold: Callable[[R, Any], R | None]) -> Callable[[R | None, Any], R | None]:
    """A fold that needs an existing row. Without one the log is broken, and the projection stops."""

    def on_existing(row: R | None, event: Any) -> R | None:
        if row is None:
            raise LookupError(f"{event.TOPIC} of a row that isn't there")
        return fold(row, event)

    return on_existing


def sets(kind: type[E], columns: Callable[[E], Mapping[str, Any]]) -> Mapping[type[Event], Own[Any, Any]]:
    """The handler of an event that sets these columns of an existing row, and its `version`."""
    return {kind: Own(existing(lambda row, event: replace(row, version=event.originator_version, **columns(event))))}


def changed(changes: Iterable[FieldChange], **readers: Callable[[Any], Any]) -> dict[str, Any]:
    """Field → its new value. `readers`: how a value in an event becomes the column's, for fields of another type."""
    return {change.field: readers.get(change.field, _as_it_is)(change.new) for change in changes}


def reference(value: str | None) -> UUID | None:
    """The id that a reference's value in an event is."""
    return UUID(value) if value else None


def _as_it_is(value: Any) -> Any:
    return value
