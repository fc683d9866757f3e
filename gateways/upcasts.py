"""Upcasts: how new code reads old events, whose topics no class has any more.

An entry is `old topic: Upcast(next topic, change)`; `change` turns the old state (JSON values) into the next one. Entries chain,
so each is written once and never changed. The log itself is never rewritten. Example: a visit's room was a number and became a
text:

    "visit.booked.1": Upcast("visit.booked.2", lambda state: {**state, "room": str(state["room"])})
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

State = dict[str, Any]


class Upcast(NamedTuple):
    """One step towards the present topic."""

    topic: str
    change: Callable[[State], State]


UPCASTS: Mapping[str, Upcast] = {
    # somebody may pay for goods, and get money back, whom no card names
    "payment.taken.1": Upcast("payment.taken.2", lambda state: state),
    "refund.made.1": Upcast("refund.made.2", lambda state: state),
}


def to_present(topic: str, state: State, upcasts: Mapping[str, Upcast]) -> tuple[str, State]:
    """Follow the chain to a present topic."""
    while (step := upcasts.get(topic)) is not None:
        topic, state = step.topic, step.change(state)
    return topic, state
