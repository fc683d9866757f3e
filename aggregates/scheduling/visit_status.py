"""Statuses of a visit: labels, transitions, and which of them take the doctor's time."""

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
"""Statuses of a visit that hasn't begun: it can be moved, and in the future it has to stay in working time (SCH-13)."""
FREEING: frozenset[Status] = frozenset({"no_show", "cancelled"})
"""Statuses that free the doctor's time (CAL-5)."""
