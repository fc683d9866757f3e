"""How the demonstration is told: deeds at moments of the past, done in the order of their time by commands.

Everything is drawn from dice that the day seeds, so one moment always gives the same clinic. Each command is decided at its
own moment; what is planned for later than now doesn't happen.
"""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from aggregates.access.user_access import access_id_of
from aggregates.regions import REGIONS
from commands.context import Context
from commands.ports.clinic import Clinic

REGION = "77"
CLOCK = REGIONS[REGION].zone.clock
OPENED_DAYS_AGO = 70

Progress = Callable[[float], None]
"""Told how much of the story is told: 0 … 1."""
Deed = Callable[[datetime], None]
"""Something that happens at a moment (aware, UTC)."""


class Story:
    """Deeds in the order of their moments; a deed may bring further ones."""

    def __init__(self, clinic: Clinic, now: datetime, scale: int) -> None:
        self.clinic = clinic
        self.today = now.astimezone(CLOCK).date()
        self.scale = scale
        """How many times the doctors, patients and visits of the plain demonstration."""
        self.dice = Random(self.today.toordinal())
        self.manager: UUID | None = None
        self.receptionists: list[UUID] = []
        self.doctors: dict[str, list[UUID]] = {}
        """Key of a staff member → their id, and those of their doubles where `scale` asks for them."""
        self.services: list[tuple[UUID, int, tuple[str, ...]]] = []
        """Id, minutes, keys of the doctors who give it."""
        self.patients: list[UUID] = []
        self._now = now
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()

    def id(self, *names: object) -> UUID:
        """The id of something in this story, the same whenever it is told."""
        return uuid5(NAMESPACE_URL, f"urn:denta:demonstration:{':'.join(map(str, names))}")

    def wall_clock(self, days: int, clock: str) -> datetime:
        """So many days from today, at the clinic's clock; naive."""
        return datetime.combine(self.today + timedelta(days=days), time.fromisoformat(clock))

    def at(self, local: datetime, deed: Deed) -> None:
        """Let a deed happen at a naive moment of the clinic's wall clock."""
        moment = local.replace(tzinfo=CLOCK).astimezone(UTC)
        heapq.heappush(self._deeds, (moment, next(self._order), deed))

    def by_manager(self, moment: datetime, command: str) -> Context:
        return self.by(self.manager, moment, command)

    def by_receptionist(self, moment: datetime, command: str) -> Context:
        return self.by(self.dice.choice(self.receptionists), moment, command)

    def by(self, employee_id: UUID | None, moment: datetime, command: str) -> Context:
        return Context(
            now=moment,
            command=command,
            user_id=access_id_of(employee_id) if employee_id else None,
            employee_id=employee_id,
            address="127.0.0.1",
            correlation_id="demonstration",
        )

    def tell(self, progress: Progress) -> None:
        """Do every deed whose moment has come."""
        start = self.wall_clock(-OPENED_DAYS_AGO, "00:00").replace(tzinfo=CLOCK)
        span = timedelta(days=OPENED_DAYS_AGO)
        last = start
        while self._deeds and self._deeds[0][0] <= self._now:
            moment, _, deed = heapq.heappop(self._deeds)
            last = max(last, moment)
            deed(last)
            progress(min(1.0, (moment - start) / span))
        progress(1.0)
