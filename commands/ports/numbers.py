"""Numbers that people see: of visits, cards and employees."""

from typing import Literal, Protocol

NumberKind = Literal["visit", "patient", "employee"]


class Numbers(Protocol):
    """Each number is used once. Refused commands leave gaps."""

    def next(self, kind: NumberKind) -> int:
        """A new number, greater than all before."""

    def next_many(self, kind: NumberKind, count: int) -> list[int]:
        """Several new numbers at once."""
