"""Statuses of a visit: what people call them, which may follow which, and which of them take the doctor's time."""

from typing import Literal, get_args

Status = Literal["planned", "confirmed", "arrived", "in_progress", "completed", "no_show", "cancelled"]
STATUSES: tuple[Status, ...] = get_args(Status)
STATUS_LABELS: dict[Status, str] = {
    "planned": "запланирован",
    "confirmed": "подтверждён",
    "arrived": "пришёл",
    "in_progress": "на приёме",
    "completed": "завершён",
    "no_show": "не пришёл",
    "cancelled": "отменён",
}
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    "planned": ("confirmed", "arrived", "in_progress", "no_show", "cancelled"),
    "confirmed": ("planned", "arrived", "in_progress", "no_show", "cancelled"),
    "arrived": ("planned", "in_progress", "no_show", "cancelled"),
    "in_progress": ("arrived", "completed"),
    "completed": ("in_progress",),
    "no_show": ("planned", "arrived"),
    "cancelled": ("planned",),
}
AWAITED: frozenset[Status] = frozenset({"planned", "confirmed", "arrived"})
"""Statuses of a visit that hasn't begun: it can be moved, and while it lies ahead the schedule has to hold it (SCH-13)."""
FREEING: frozenset[Status] = frozenset({"no_show", "cancelled"})
"""Statuses that leave the doctor's time to others (CAL-5)."""
