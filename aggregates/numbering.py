"""Numbers that people see: of visits, cards, employees. Each is given once and is greater than those given before.

A sequence is declared beside the aggregate whose event carries its numbers, and found there (`aggregates/discovery.py`); commands
draw from it by `clinic.numbers.next(VISIT_NUMBERS)`. The rest follows: the database's sequence, and going on from the log where
that was lost (`gateways/guards/numbers.py`).
"""

from dataclasses import dataclass

from aggregates.kernel import Event


@dataclass(frozen=True)
class Numbered:
    """One sequence of numbers. Refused commands leave gaps.

    name   of the database's sequence; it never changes.
    field  where its events carry a number: a field of theirs, or one among their `changes`.
    events  those that carry one.
    guard  for numbers that people may also type: the guard that holds those in use in its field `number`. The next number skips
           them. Empty: numbers are only given.
    """

    name: str
    field: str
    events: tuple[type[Event], ...]
    guard: str = ""

    def __post_init__(self) -> None:
        strangers = [event.TOPIC for event in self.events if not {self.field, "changes"} & {*event.__struct_fields__}]
        if strangers or not self.events:
            raise TypeError(f"numbers of {self.name}: {strangers} carry no {self.field}")
