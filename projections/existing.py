"""Folds of events that come after a row's first one."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from projections.declaration import Envelope

R = TypeVar("R", bound=msgspec.Struct)


def existing(fold: Callable[[R, Any, Any, Envelope], R | None]) -> Callable[[R | None, Any, Any, Envelope], R | None]:
    """A fold that needs its row: a log whose stream doesn't begin with its first event is broken, and the projection stops."""

    def on_existing(row: R | None, key: Any, event: Any, envelope: Envelope) -> R | None:
        if row is None:
            raise LookupError(f"position {envelope.position}: {envelope.topic} of a row that isn't there")
        return fold(row, key, event, envelope)

    return on_existing
