"""Old events read by new code: a stored topic that no class bears any more, and how its state becomes the next one's.

An entry is `old topic: Upcast(next topic, change)`; `change` takes the old state as JSON values and gives the new one.
Entries chain, so each is written once and never touched again. The log itself is never rewritten.
Example: a visit's room, once a number, became a text:

    "visit.booked.1": Upcast("visit.booked.2", lambda state: {**state, "room": str(state["room"])})
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

State = dict[str, Any]


class Upcast(NamedTuple):
    """One step towards the present."""

    topic: str
    change: Callable[[State], State]


UPCASTS: Mapping[str, Upcast] = {}


def to_present(topic: str, state: State, upcasts: Mapping[str, Upcast]) -> tuple[str, State]:
    """Follow the chain to the topic that a class bears today."""
    while (step := upcasts.get(topic)) is not None:
        topic, state = step.topic, step.change(state)
    return topic, state
