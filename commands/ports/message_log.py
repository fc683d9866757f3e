"""An ordered log outside of Denta for messages to other programs, such as Kafka."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """One message. Messages with the same key are read in the order of delivery."""

    position: int
    """Position of its event."""
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    moment: int
    """Milliseconds since 1970."""


class MessageLog(Protocol):
    """A log of messages outside."""

    def deliver(self, messages: Sequence[Message]) -> None:
        """Returns when all are stored. If it raises, some may be stored: of each key the first ones. OutsideAway,
        EventRefused.
        """

    def close(self) -> None:
        """Close the connections; they are reopened when needed."""
