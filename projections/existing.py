"""Folds of events after a row's first one."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)


def existing(fold: Callable[[R, Any], R | None]) -> Callable[[R | None, Any], R | None]:
    """A fold that needs an existing row. Without one the log is broken, and the projection stops."""

    def on_existing(row: R | None, event: Any) -> R | None:
        if row is None:
            raise LookupError(f"{event.TOPIC} of a row that isn't there")
        return fold(row, event)

    return on_existing
