"""Numbers that people see: of visits, cards, employees. A number that an event carries is never given again.

A sequence is declared beside the aggregate whose event carries its numbers, and found there (`aggregates/discovery.py`); commands
draw from it by `clinic.numbers.next(VISIT_NUMBERS)`. The rest follows: the database's sequence, and skipping what the log has
where that was lost or is behind (`gateways/guards/numbers.py`).
"""

import re
from dataclasses import dataclass

from aggregates.kernel import Event

CANONICAL = "^[1-9][0-9]{0,14}$"
"""Texts that are a number as a sequence would give it; «0007» is none. A regular expression of Python and PostgreSQL."""


@dataclass(frozen=True)
class Numbered:
    """One sequence of numbers. Refused commands leave gaps.

    name   of the database's sequence; it never changes.
    field  where its events carry a number: a field of theirs, or one among their `changes`.
    events  those that carry one.
    typed  whether people may also type a number. The next one is then the first that no event has carried; else it is greater
           than all that events carry.
    """

    name: str
    field: str
    events: tuple[type[Event], ...]
    typed: bool = False

    def __post_init__(self) -> None:
        strangers = [event.TOPIC for event in self.events if not {self.field, "changes"} & {*event.__struct_fields__}]
        if strangers or not self.events:
            raise TypeError(f"numbers of {self.name}: {strangers} carry no {self.field}")

    def carried_by(self, event: Event) -> int | None:
        """The number that an event carries."""
        if not isinstance(event, self.events):
            return None
        changed = (change.new for change in getattr(event, "changes", ()) if change.field == self.field)
        text = str(getattr(event, self.field, None) or next(changed, ""))
        return int(text) if re.fullmatch(CANONICAL, text) else None
