"""The numbers that people see: of visits, cards and employees."""

from typing import Literal, Protocol

NumberKind = Literal["visit", "patient", "employee"]


class Numbers(Protocol):
    """Each is given once. Refused commands leave gaps."""

    def next(self, kind: NumberKind) -> int:
        """A number never given before, greater than those given."""

    def next_many(self, kind: NumberKind, count: int) -> list[int]:
        """So many at once."""
