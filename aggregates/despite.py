"""Accepted warnings of visits and services, as their events store them (CAL-19).

Both subjects have written this one shape, so it stays as it is. Another subject declares the shape of its own events.
"""

from typing import Literal

import msgspec


class Despite(msgspec.Struct, frozen=True, omit_defaults=True):
    """`number`: of the other visit; `services`: their names; `visits`: numbers of the coming visits that still have the
    service.
    """

    kind: Literal["in_the_past", "patient_busy", "room_taken", "service_not_given", "not_yet", "service_taken", "service_deleted"]
    number: int | None = None
    room: str = ""
    services: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()
