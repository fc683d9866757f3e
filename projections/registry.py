"""All projections of Denta: every one that is declared in `projections/`."""

from typing import Any, TypeGuard

from aggregates.discovery import declared
from projections.declaration import Projection


def _is_projection(value: object) -> TypeGuard[Projection[Any]]:
    return isinstance(value, Projection)


PROJECTIONS: tuple[Projection[Any], ...] = declared("projections", _is_projection)
