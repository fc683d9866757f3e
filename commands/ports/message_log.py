"""Where messages for other programs go: an ordered log outside, such as Kafka's."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """One message. Those of one key are read in the order in which they are delivered."""

    position: int
    """Of the event that it tells of."""
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    moment: int
    """Milliseconds since 1970."""


class MessageLog(Protocol):
    """A log of messages outside."""

    def deliver(self, messages: Sequence[Message]) -> None:
        """Returns when all are stored. Where it raises, some may be, of each key the first ones. OutsideAway, EventRefused."""

    def close(self) -> None:
        """Let the connections go; they come back when needed."""
