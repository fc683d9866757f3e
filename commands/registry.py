"""Which kinds of aggregates exist: every one that is declared in `aggregates/`."""

from typing import TypeGuard

from aggregates.discovery import declared
from aggregates.kernel import Aggregate


def _is_kind(value: object) -> TypeGuard[type[Aggregate]]:
    return isinstance(value, type) and issubclass(value, Aggregate) and bool(value.TOPIC)


AGGREGATES: tuple[type[Aggregate], ...] = declared("aggregates", _is_kind)
