"""Numbers that people see: of visits, cards and employees (`aggregates/numbering.py`)."""

from typing import Protocol

from aggregates.numbering import Numbered


class Numbers(Protocol):
    """A number that an event carries is never given again. Refused commands leave gaps."""

    def next(self, numbered: Numbered) -> int:
        """A new number (`aggregates/numbering.py` says which)."""

    def next_many(self, numbered: Numbered, count: int) -> list[int]:
        """Several new numbers at once."""
