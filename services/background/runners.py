"""Runs background work: a process leads some of it, each work in a thread of its own.

Any number of processes may run. A work's leader is the process that holds its advisory lock, over one connection that also
listens for new events and checks for free work every second. When the process dies, its lock is free at once; a leader that is
silent for seconds, for instance with its whole machine, loses the lock to another process. It can't record its progress any more
(`gateways/background_work.py`, `epoch`), so the next leader repeats its last work.
"""

import threading
import time
from collections.abc import Sequence
from itertools import pairwise

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.kernel import Event
from commands.ports.background_work import Failure, WorkStatus
from commands.ports.database import DatabaseUnavailable
from commands.ports.outside import EventRefused, OutsideAway
from commands.registry import AGGREGATES
from projections import positions
from projections.batch import Entry
from projections.declaration import Envelope
from projections.failure import UnknownTopicError, reason
from projections.reader import EventSelection, read_batch
from readmodels.sqlstate import sqlstate_of, verdict_of
from services.background.declaration import Delivery, FollowedEvent, Follower, Job, Work
from services.bootstrap import Denta
from services.process.background_thread import BackgroundThread, pause_before

LOG = structlog.get_logger("denta.work")
WORK_LOCK = 1_684_372_068
"""Class of the advisory locks, beside those of `projections/positions.py`; the second half is the hash of the work's name."""
LOOK_SECONDS = 1.0
"""How often a process looks for work without a leader, and a follower for events even without a notification."""
GATHER_SECONDS = 0.01
"""Pause after a notification, so that many notifications don't wake the threads thousands of times a second."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the next attempt: initially, and at most after repeated failures."""
DATABASE_PAUSE = 2.0
"""The longest pause while the database is unavailable."""
BREATH_SECONDS = 0.1
"""Between two runs of a job that has more to do, so that other work gets through."""
ATTEMPTS = 5
"""Attempts at an event before its follower stops."""
AWAY = (OutsideAway, ConnectionError, TimeoutError)


class LeadLostError(Exception):
    """Another process leads the work now."""


class WorkRunners(BackgroundThread):
    """All background work of one process: leads what is free, until it stops."""

    def __init__(self, denta: Denta, works: Sequence[Work]) -> None:
        super().__init__("work")
        self._denta = denta
        self._runners = {
            work.name: FollowerRunner(denta, work) if isinstance(work, Follower) else JobRunner(denta, work)
            for work in works
            if isinstance(work, Job) or work.enabled(denta)
        }
        self._not_ours: set[str] = set()

    def start(self) -> None:
        super().start()
        for runner in self._runners.values():
            runner.start()

    def stop(self) -> None:
        for runner in self._runners.values():
            runner.stopping.set()
        for runner in self._runners.values():
            runner.stop()
        super().stop()

    def run(self) -> None:
        """Lead over one connection until stopped, or until the database is unavailable."""
        try:
            with self._denta.database.connect() as connection:
                connection.execute("LISTEN denta_events")
                self._declare()
                while not self.stopping.is_set():
                    self._look(connection)
                    self._hear(connection)
        except (DatabaseUnavailable, psycopg.Error) as error:
            if isinstance(error, psycopg.Error) and verdict_of(error) == "fault":
                raise
            if not self.stopping.is_set():
                LOG.warning("database is away", error=type(error).__name__, sqlstate=sqlstate_of(error))
        finally:
            for runner in self._runners.values():
                runner.lead(None)

    def _declare(self) -> None:
        states = self._denta.background_work.states()
        for runner in self._runners.values():
            if runner.name not in states:
                runner.declare()

    def _look(self, connection: Connection[TupleRow]) -> None:
        """Take the lead of work without a leader; this also shows the other processes that we are alive."""
        free = [name for name, runner in self._runners.items() if not runner.leads and name not in self._not_ours]
        got = positions.try_lock(connection, WORK_LOCK, free)
        if others := [name for name in free if name not in got]:
            positions.end_sessions(connection, positions.silent_leaders(connection, others, WORK_LOCK).values())
            got += positions.try_lock(connection, WORK_LOCK, others)
        for name in got:
            state = self._denta.background_work.take_lead(name)
            LOG.info("leads", work=name)
            self._runners[name].lead(state.epoch)
        for name, runner in self._runners.items():
            if runner.outdated:
                self._not_ours.add(name)
                runner.lead(None)
                positions.unlock(connection, WORK_LOCK, [name])
        connection.execute("SELECT")

    def _hear(self, connection: Connection[TupleRow]) -> None:
        """Wake the runners at notifications until the next check."""
        look = time.monotonic() + LOOK_SECONDS
        while not self.stopping.is_set() and (left := look - time.monotonic()) > 0:
            for _ in connection.notifies(timeout=left, stop_after=1):
                self._wake()
                self.stopping.wait(GATHER_SECONDS)
        self._wake()

    def _wake(self) -> None:
        for runner in self._runners.values():
            runner.wake.set()


class Runner(BackgroundThread):
    """Does one work while its process leads it."""

    def __init__(self, denta: Denta, work: Work) -> None:
        super().__init__(work.name)
        self._denta = denta
        self._rows = denta.background_work
        self._epoch: int | None = None
        self.wake = threading.Event()
        self.outdated = False
        """It met an event of newer code, and leaves the work to a newer program until this one ends."""

    @property
    def leads(self) -> bool:
        return self._epoch is not None

    def lead(self, epoch: int | None) -> None:
        """Lead from now on, in this epoch; None: stop leading."""
        self._epoch = epoch
        self.wake.set()

    def declare(self) -> None:
        """Create the work's row."""
        raise NotImplementedError

    def step(self, epoch: int) -> float:
        """Do some work; seconds to wait for a wake-up afterwards. Raises LeadLostError."""
        raise NotImplementedError

    def interrupt(self) -> None:
        self.wake.set()

    def run(self) -> None:
        failed = 0
        while not self.stopping.is_set():
            self.wake.clear()
            epoch, wait = self._epoch, LOOK_SECONDS
            if epoch is not None:
                try:
                    wait = self.step(epoch)
                    failed = 0
                except LeadLostError:
                    self._epoch = None if self._epoch == epoch else self._epoch
                except (DatabaseUnavailable, psycopg.Error) as error:
                    if isinstance(error, psycopg.Error) and verdict_of(error) == "fault":
                        raise
                    failed += 1
                    self.stopping.wait(pause_before(failed, 0.1, DATABASE_PAUSE))
                    continue
            if wait:
                self.wake.wait(wait)

    def _goes_on(self, epoch: int) -> bool:
        return self._epoch == epoch and not self.stopping.is_set()

    def _note_failure(self, epoch: int, status: WorkStatus, failure: Failure, next_in: float | None) -> None:
        write = LOG.error if status in {"stopped", "outdated"} else LOG.warning
        facts = {"position": failure.position, "topic": failure.topic} if failure.position else {}
        write(status, work=self.name, **facts, reason=failure.error, again_in_seconds=next_in and round(next_in, 1))
        if not self._rows.note_failure(self.name, epoch, status, failure, next_in=next_in):
            raise LeadLostError


class JobRunner(Runner):
    """Runs a job at its intervals."""

    def __init__(self, denta: Denta, job: Job) -> None:
        super().__init__(denta, job)
        self._job = job
        self._due = 0.0
        self._failed = 0
        self._well = False
        """Its row's status is `running`."""

    def declare(self) -> None:
        self._rows.declare_job(self.name)

    def step(self, epoch: int) -> float:
        left = self._due - time.monotonic()
        if left > 0 and not self._is_to_try_again():
            return min(left, LOOK_SECONDS)
        try:
            done = self._job.run(self._denta, self.stopping)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            self._failed, self._well = self._failed + 1, False
            pause = pause_before(self._failed, self._job.every, max(self._job.every, LONGEST_PAUSE))
            self._due = time.monotonic() + pause
            status: WorkStatus = "waiting" if isinstance(error, AWAY) else "retrying"
            self._note_failure(epoch, status, Failure(error=reason(error)), pause)
        else:
            self._failed, self._due = 0, time.monotonic() + (min(BREATH_SECONDS, self._job.every) if done else self._job.every)
            if done or not self._well:
                if not self._rows.note_run(self.name, epoch, done=done):
                    raise LeadLostError
                self._well = True
        return min(max(0.001, self._due - time.monotonic()), LOOK_SECONDS)

    def _is_to_try_again(self) -> bool:
        """Whether the job has failed and an operator has asked for a retry."""
        state = self._rows.state(self.name) if self._failed else None
        return state is not None and state.status == "running"


class FollowerRunner(Runner):
    """Reads the log and delivers events to a follower."""

    def __init__(self, denta: Denta, follower: Follower) -> None:
        super().__init__(denta, follower)
        self._follower = follower
        self._selection = selection_of(follower, denta)

    def declare(self) -> None:
        self._rows.declare_follower(self.name, from_first=self._follower.begins == "first")

    def step(self, epoch: int) -> float:
        state = self._rows.state(self.name)
        if state is None or state.epoch != epoch or state.position is None:
            raise LeadLostError
        if state.status == "stopped":
            return LOOK_SECONDS
        if state.status == "outdated" and state.failed_topic not in self._denta.decoders:
            self.outdated = True
            return LOOK_SECONDS
        with self._denta.database.connection() as connection:
            batch = read_batch(connection, self._denta.decoders, state.position, self._selection)
        if batch.last == state.position:
            return LOOK_SECONDS
        entries = [entry for entry in batch.entries if self._concerns(*entry)]
        size = self._follower.batch
        portions = [entries[start : start + size] for start in range(0, len(entries), size)]
        for number, events in enumerate(portions):
            last = batch.last if number == len(portions) - 1 else events[-1][1].position
            if not self._deliver(epoch, events, last):
                return 0.0
        if not entries:
            self._advance(epoch, batch.last, 0)
        return 0.0

    def _concerns(self, event: Event | Exception, envelope: Envelope) -> bool:
        events = self._follower.events
        if isinstance(event, Exception):
            return self._selection.may_include(envelope.topic)
        return events == "all" or isinstance(event, tuple(events))

    # --- a delivery ----------------------------------------------------------------------------------------------------

    def _deliver(self, epoch: int, events: Sequence[Entry], last: int) -> bool:
        """Hand the same events over until they are handled; False if the follower can't continue after them now."""
        attempt = failing = 0
        while self._goes_on(epoch):
            attempt += 1
            pause = pause_before(attempt, SHORTEST_PAUSE, LONGEST_PAUSE)
            try:
                self._hand_over(epoch, events, last)
            except AWAY as error:
                self._note_failure(epoch, "waiting", _failure(error, events[0][1]), pause)
            except (LeadLostError, DatabaseUnavailable):
                raise
            except Exception as error:
                if isinstance(error, psycopg.Error) and verdict_of(error) != "fault":
                    raise
                if len(events) > 1:
                    return self._deliver_apart(epoch, events, last, error)
                failing += 1
                if self._gives_up(epoch, events[0][1], error, failing, pause):
                    return False
            else:
                return True
            self._rest(epoch, pause)
        return False

    def _deliver_apart(self, epoch: int, events: Sequence[Entry], last: int, error: Exception) -> bool:
        """Deliver the events before the refused one, then that one, then the others; one by one if the bad one is unknown."""
        refused = error.position if isinstance(error, EventRefused) else None
        at = next((number for number, (_, envelope) in enumerate(events) if envelope.position == refused), None)
        cuts = [0, *(range(1, len(events)) if at is None else (at, at + 1)), len(events)]
        for start, end in pairwise(cuts):
            part = events[start:end]
            reached = last if end == len(events) else events[end][1].position - 1
            if part and not self._deliver(epoch, part, reached):
                return False
        return True

    def _hand_over(self, epoch: int, events: Sequence[Entry], last: int) -> None:
        followed = self._followed(events)
        if self._follower.acts == "inside":
            with self._denta.database.pinned() as connection, connection.transaction():
                self._advance(epoch, last, len(events))
                self._follower.handle(Delivery(self._denta, followed, connection))
            return
        self._follower.handle(Delivery(self._denta, followed))
        failed = 0
        while True:  # handled events must not be repeated because the database is unavailable
            try:
                self._advance(epoch, last, len(events))
            except DatabaseUnavailable:
                if not self._goes_on(epoch):
                    raise
                failed += 1
                self.stopping.wait(pause_before(failed, 0.1, DATABASE_PAUSE))
            else:
                return

    def _followed(self, events: Sequence[Entry]) -> list[FollowedEvent]:
        """The events for the handler. Raises EventRefused for an unreadable one, or the original error if it is the only one."""
        followed = []
        for event, envelope in events:
            if isinstance(event, Exception):
                raise event if len(events) == 1 else EventRefused(envelope.position, "can't be read")
            followed.append(FollowedEvent(event, envelope, self.name))
        return followed

    def _advance(self, epoch: int, last: int, count: int) -> None:
        if not self._rows.advance(self.name, epoch, last, events=count):
            raise LeadLostError

    def _gives_up(self, epoch: int, at: Envelope, error: Exception, failing: int, pause: float) -> bool:
        """Record that an event can't be handled; whether to give up."""
        failure = _failure(error, at)
        if isinstance(error, UnknownTopicError):
            self._note_failure(epoch, "outdated", failure, None)
            self.outdated = True
        elif failing >= ATTEMPTS:
            self._note_failure(epoch, "stopped", failure, None)
        else:
            self._note_failure(epoch, "retrying", failure, pause)
            return False
        return True

    def _rest(self, epoch: int, seconds: float) -> None:
        """Wait for the next attempt, or until an operator asks for it."""
        end = time.monotonic() + seconds
        while self._goes_on(epoch) and (left := end - time.monotonic()) > 0:
            self.stopping.wait(min(left, LOOK_SECONDS))
            state = self._rows.state(self.name)
            if state is not None and state.status == "running":
                return


def selection_of(follower: Follower, denta: Denta) -> EventSelection:
    """The events to read for a follower. An old topic's class is known only after decoding, so all old topics are included."""
    if follower.events == "all":
        return EventSelection(frozenset(denta.decoders), frozenset(), every_kind=True)
    topics = {event_class.TOPIC for event_class in follower.events}
    kinds = frozenset(topic.partition(".")[0] for topic in topics)
    old = denta.decoders.keys() - {topic for kind in AGGREGATES for topic in kind.EVENTS}
    return EventSelection(frozenset(topics | old), kinds, every_kind=False)


def _failure(error: Exception, at: Envelope) -> Failure:
    text = error.reason if isinstance(error, EventRefused) else reason(error)
    return Failure(error=text, position=at.position, event=f"{at.originator_id}/{at.version}", topic=at.topic)
