"""Warnings that a person accepted (CAL-19)."""

from typing import Literal

import msgspec

WarningKind = Literal[
    "in_the_past", "patient_busy", "room_taken", "service_not_given", "not_yet", "service_taken", "service_deleted"
]


class Despite(msgspec.Struct, frozen=True, omit_defaults=True):
    """An accepted warning, as the event stores it. `number`: of the other visit; `services`: their names; `visits`: numbers of
    the coming visits that still have the service.
    """

    kind: WarningKind
    number: int | None = None
    room: str = ""
    services: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()
