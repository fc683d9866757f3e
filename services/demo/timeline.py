"""The demonstration's timeline: steps at moments of the past, carried out by commands in chronological order.

All random choices are seeded by the day, so one moment always gives the same clinic. Each command runs with its own moment as
the present; what is planned for later than now doesn't happen.
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
CLOCK = REGIONS[REGION].zone.tzinfo
OPENED_DAYS_AGO = 70

Progress = Callable[[float], None]
"""Receives the part of the timeline that is done: 0 … 1."""
Step = Callable[[datetime], None]
"""Something that happens at a moment (aware, UTC)."""


class Timeline:
    """Steps in chronological order; a step may add further ones."""

    def __init__(self, clinic: Clinic, now: datetime, scale: int) -> None:
        self.clinic = clinic
        self.today = now.astimezone(CLOCK).date()
        self.scale = scale
        """The factor by which doctors, patients and visits are multiplied."""
        self.rng = Random(self.today.toordinal())
        self.manager: UUID | None = None
        self.receptionists: list[UUID] = []
        self.doctors: dict[str, list[UUID]] = {}
        """Key of a staff member → their id, and those of the additional doctors that `scale` asks for."""
        self.services: list[tuple[UUID, int, tuple[str, ...]]] = []
        """Id, minutes, keys of the doctors who give it."""
        self.patients: list[UUID] = []
        self.visits: list[UUID] = []
        self._now = now
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = itertools.count()

    def id(self, *names: object) -> UUID:
        """The id of something in this timeline, the same in every run."""
        return uuid5(NAMESPACE_URL, f"urn:denta:demonstration:{':'.join(map(str, names))}")

    def wall_clock(self, days: int, clock: str) -> datetime:
        """`days` from today at a time of the clinic's wall clock; naive."""
        return datetime.combine(self.today + timedelta(days=days), time.fromisoformat(clock))

    def at(self, local: datetime, step: Step) -> None:
        """Plan a step for a naive moment of the clinic's wall clock."""
        moment = local.replace(tzinfo=CLOCK).astimezone(UTC)
        heapq.heappush(self._steps, (moment, next(self._order), step))

    def by_manager(self, moment: datetime, command: str) -> Context:
        return self.by(self.manager, moment, command)

    def by_receptionist(self, moment: datetime, command: str) -> Context:
        return self.by(self.rng.choice(self.receptionists), moment, command)

    def by(self, employee_id: UUID | None, moment: datetime, command: str) -> Context:
        return Context(
            now=moment,
            command=command,
            user_id=access_id_of(employee_id) if employee_id else None,
            employee_id=employee_id,
            address="127.0.0.1",
            correlation_id="demonstration",
        )

    def run(self, progress: Progress) -> None:
        """Run every step whose moment has come."""
        start = self.wall_clock(-OPENED_DAYS_AGO, "00:00").replace(tzinfo=CLOCK)
        span = timedelta(days=OPENED_DAYS_AGO)
        last = start
        while self._steps and self._steps[0][0] <= self._now:
            moment, _, step = heapq.heappop(self._steps)
            last = max(last, moment)
            step(last)
            progress(min(1.0, (moment - start) / span))
        progress(1.0)
