"""Following the log: one worker per process keeps up to date all the read models that it leads.

Any number of workers may run. A read model is led by the worker that holds its advisory lock. The lock belongs to the connection
that also writes: a worker that loses its connection can neither lead nor write, and another takes over within `LOOK_SECONDS`. The
session of a leader that has gone silent, perhaps with its machine, is ended by the others. Rows, position and notice are written
by one statement, so in one transaction; derived rows follow in the same one.

A projection that raises stops before the event that it can't fold; the others go on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from threading import Event as Flag
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed

from aggregates.kernel import Decoders
from projections import positions
from projections.batch import Changes, Entry, fold_batch
from projections.declaration import Projection
from projections.failure import DerivationFailed, FoldFailed, UnknownTopicError
from projections.positions import LEADER_LOCK, Position
from projections.reader import NO_EVENTS, Batch, read_batch, selection_of
from readmodels.sqlstate import verdict_of
from readmodels.table import Key

Connect = Callable[[], Connection[TupleRow]]
"""Opens a new connection outside any pool."""

LOOK_SECONDS = 1.0
"""How often a worker looks for read models without a leader, and polls the log in case a notice was lost."""
TIDY_SECONDS = 60.0
"""How often it drops leftover tables of rebuilds that died."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds before reconnecting to an unavailable database: the first pause, and the longest."""
STEADY_SECONDS = 5.0
"""After following for so long, the next pause is the shortest again."""
BREATH_SECONDS = 0.005
"""Pause between batches under load, so that events gather and other work runs. A batch after idle time starts at once."""
MOST_KEYS_NOTED = 50
LONGEST_NOTE = 7_000
"""Bytes; PostgreSQL's limit is 8 000."""
SETTINGS: tuple[LiteralString, ...] = (
    "synchronous_commit = off",  # rows lost in a crash of the server are folded again
    "lock_timeout = 0",
    # Rows are looked up by keys. Plans are cached per connection; one made while a table was small would scan all of it for each
    # batch once it is large.
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "tcp_keepalives_idle = 2",  # a worker whose machine died loses the lead within seconds
    "tcp_keepalives_interval = 1",
    "tcp_keepalives_count = 2",
    "tcp_user_timeout = '5s'",  # also while notices are in flight, when no keep-alives are sent
)


@dataclass
class LedModel:
    """A read model that this worker leads."""

    projection: Projection[Any]
    state: Position
    write: Composed = field(init=False)

    def __post_init__(self) -> None:
        self.write = _write_statement(self.projection)

    @property
    def foldable(self) -> bool:
        """Whether it may be folded into: it hasn't failed, isn't newer, and its tables have the shape that this code writes."""
        state = self.state
        return state.status == "running" and state.revision <= self.projection.revision and state.shape == self.projection.shape

    @property
    def outdated(self) -> bool:
        return self.state.revision < self.projection.revision or self.state.shape != self.projection.shape


class WorkerListener:
    """What the worker reports; subclasses override it, for example to write log lines."""

    def leads(self, names: Sequence[str]) -> None:
        """The worker leads these from now on."""

    def failed(self, failure: FoldFailed) -> None:
        """A projection stopped."""

    def outdated(self, names: Sequence[str]) -> None:
        """These were built by an older revision than the code's and need a rebuild. Reported once for each."""

    def lost(self, error: BaseException) -> None:
        """The connection was lost; the worker reconnects."""


class LiveWorker:
    """Runs in its own thread or process; `run` returns when `stop` is set."""

    def __init__(
        self,
        connect: Connect,
        projections: Sequence[Projection[Any]],
        decoders: Decoders,
        *,
        known: Sequence[Projection[Any]] | None = None,
        listener: WorkerListener | None = None,
    ) -> None:
        """`projections`: those that it may lead; `known`: all of the program's, where that is only a part of them."""
        self._connect = connect
        self._all = tuple(projections)
        self._by_name = {p.name: p for p in projections}
        self._decoders = decoders
        self._selection = {p.name: selection_of([p], known or projections, decoders) for p in projections}
        self._listener = listener or WorkerListener()
        self._led: dict[str, LedModel] = {}
        self._outdated: set[str] = set()
        self._tried: set[str] = set()
        self._not_ours: set[str] = set()

    def run(self, stop: Flag) -> None:
        """Follow the log until `stop` is set; reconnect as often as needed."""
        pause = SHORTEST_PAUSE
        while not stop.is_set():
            began = time.monotonic()
            lost = self._follow_until_lost(stop)
            if lost is not None:
                # Back off also from a database that accepts connections but refuses everything else, as on a full disk.
                pause = SHORTEST_PAUSE if time.monotonic() - began >= STEADY_SECONDS else pause
                self._listener.lost(lost)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _follow_until_lost(self, stop: Flag) -> Exception | None:
        """Follow over one connection until `stop` is set (None) or the database is unavailable (the error that ended it)."""
        try:
            connection = self._connect()
        except Exception as error:  # any error of the given `connect` means that the database is unavailable
            return error
        try:
            with connection:
                self._follow(connection, stop)
        except psycopg.Error as error:
            if not _transient(error):
                raise
            return error
        finally:
            self._led.clear()
        return None

    def _follow(self, connection: Connection[TupleRow], stop: Flag) -> None:
        connection.autocommit = True
        for setting in SETTINGS:
            connection.execute(f"set {setting}")
        positions.prepare(connection, self._all)
        connection.execute("listen denta_events")
        look = tidy = 0.0
        while not stop.is_set():
            if time.monotonic() >= look:
                self._look(connection)
                look = time.monotonic() + LOOK_SECONDS
            if time.monotonic() >= tidy:
                positions.drop_leftovers(connection)
                tidy = time.monotonic() + TIDY_SECONDS
            began = time.monotonic()
            if self._advance(connection):
                stop.wait(max(0.0, BREATH_SECONDS - (time.monotonic() - began)))
            else:
                for _ in connection.notifies(timeout=max(0.01, look - time.monotonic()), stop_after=1):
                    look = min(look, time.monotonic() + LOOK_SECONDS)

    # --- leading -------------------------------------------------------------------------------------------------------

    def _look(self, connection: Connection[TupleRow]) -> None:
        """Take the lead of read models without a leader, and reload positions that others have moved (resumed, rebuilt)."""
        known = positions.read(connection)
        free = [
            p.name
            for p in self._all
            if not {p.name} & (self._led.keys() | self._not_ours) and p.name in known and known[p.name].revision <= p.revision
        ]
        got = positions.try_lock(connection, LEADER_LOCK, free)
        if others := [name for name in free if name not in got]:
            positions.end_sessions(connection, positions.silent_leaders(connection, others).values())
            got += positions.try_lock(connection, LEADER_LOCK, others)
        # A failed projection is tried once more by each worker that starts to lead it.
        positions.resume(connection, [name for name in got if name not in self._tried])
        self._tried.update(got)
        known = positions.read(connection)
        for name in (*self._led, *got):
            projection = self._by_name[name]
            now = known.get(name)
            if now is None or now.revision > projection.revision:
                # Newer code runs elsewhere, or the row is gone: we must not write.
                self._led.pop(name, None)
                positions.unlock(connection, LEADER_LOCK, [name])
            else:
                self._led[name] = LedModel(projection, now)
        if leads := [name for name in got if name in self._led]:
            self._listener.leads(leads)
        old = [name for name, led in self._led.items() if led.outdated]
        if new := [name for name in old if name not in self._outdated]:
            self._outdated.update(new)
            self._listener.outdated(new)
        self._outdated.intersection_update(old)

    # --- following -----------------------------------------------------------------------------------------------------

    def _advance(self, connection: Connection[TupleRow]) -> bool:
        """Read one batch for each group of read models at the same position; whether any moved."""
        groups: dict[int, list[LedModel]] = {}
        for led in self._led.values():
            if led.foldable:
                groups.setdefault(led.state.position, []).append(led)
        moved = False
        for position in sorted(groups, reverse=True):
            group = groups[position]
            selection = reduce(or_, (self._selection[led.projection.name] for led in group), NO_EVENTS)
            batch = read_batch(connection, self._decoders, position, selection)
            if batch.last > position:
                self._apply(connection, group, batch)
                moved = True
        return moved

    def _apply(self, connection: Connection[TupleRow], group: Sequence[LedModel], batch: Batch) -> None:
        idle = []
        for led in group:
            entries = [e for e in batch.entries if self._concerns(led.projection, e)]
            if entries:
                self._fold(connection, led, entries, batch.last)
            else:
                idle.append(led)
        if idle:
            self._advance_idle(connection, idle, batch.last)

    def _concerns(self, projection: Projection[Any], entry: Entry) -> bool:
        event, envelope = entry
        if isinstance(event, UnknownTopicError):
            return self._selection[projection.name].may_include(envelope.topic)
        return type(event) in projection.handlers or (
            isinstance(event, Exception) and envelope.topic in self._selection[projection.name].topics
        )

    def _fold(self, connection: Connection[TupleRow], led: LedModel, entries: Sequence[Entry], last: int) -> bool:
        """Fold the batch, or its events before one that fails; False if the read model can't go on."""
        table, append_only = led.projection.table, led.projection.append_only
        failure: FoldFailed | None = None
        there = False
        while True:
            try:
                changes = fold_batch(led.projection, entries, lambda keys: {} if append_only else table.load(connection, keys))
                there = self._write(connection, led, changes, last)
                break
            except FoldFailed as failed:
                failure, entries, last = failed, entries[: failed.index], failed.position - 1
            except (psycopg.Error, DerivationFailed) as error:
                # The database refuses some row, or nothing can be derived from it: find its event by folding one by one.
                if isinstance(error, psycopg.Error) and _transient(error):
                    raise
                if len(entries) > 1:
                    there = self._fold_singly(connection, led, entries, last)
                    break
                envelope = entries[0][1]
                cause = error.cause if isinstance(error, DerivationFailed) else error
                failure = FoldFailed.by(cause, led.projection.name, 0, envelope.position, envelope.topic)
                there = self._advance_idle(connection, [led], envelope.position - 1)
                break
        if failure is not None and there:
            positions.fail(connection, led.state, failure.position, failure.topic, failure.reason)
            led.state = msgspec.structs.replace(led.state, status="failed", generation=led.state.generation + 1)
            self._listener.failed(failure)
            if failure.topic not in self._decoders:
                self._leave_to_newer(connection, led.state.name)
        return there and failure is None

    def _leave_to_newer(self, connection: Connection[TupleRow], name: str) -> None:
        """Give up the lead for the rest of this run: a worker of newer code continues."""
        self._not_ours.add(name)
        self._led.pop(name, None)
        positions.unlock(connection, LEADER_LOCK, [name])

    def _fold_singly(self, connection: Connection[TupleRow], led: LedModel, entries: Sequence[Entry], last: int) -> bool:
        ends = [*(envelope.position - 1 for _, envelope in entries[1:]), last]
        return all(self._fold(connection, led, [entry], end) for entry, end in zip(entries, ends, strict=True))

    def _write(self, connection: Connection[TupleRow], led: LedModel, changes: Changes, last: int) -> bool:
        """Write rows, position and notice in one statement, and what is derived from the rows in the same transaction.

        False if another process has moved the read model: then nothing is written. DerivationFailed.
        """
        state, derivation = led.state, led.projection.derivation
        keys = [*map(led.projection.table.key_of, changes.upserts), *changes.deletes]
        parameters = {
            **led.projection.table.parameters(changes.upserts, changes.deletes),
            "name": state.name,
            "from": state.position,
            "to": last,
            "generation": state.generation,
            "note": note(state.name, last, keys),
        }
        if derivation is None or not keys:
            moved = connection.execute(led.write, parameters, prepare=True).fetchone() is not None
        else:
            with connection.transaction():
                moved = connection.execute(led.write, parameters, prepare=True).fetchone() is not None
                if moved:
                    derivation.bring_up_to_date(connection, led.projection.table_names({}), changes.upserts, changes.deletes)
        if not moved:
            self._refresh(connection, led)
            return False
        led.state = msgspec.structs.replace(state, position=last)
        return True

    def _advance_idle(self, connection: Connection[TupleRow], idle: Sequence[LedModel], last: int) -> bool:
        """Move the positions of read models that no event in the batch concerns, by one statement; whether all moved."""
        rows = connection.execute(
            ADVANCE_IDLE,
            {
                "to": last,
                "names": [led.state.name for led in idle],
                "from": idle[0].state.position,
                "generations": [led.state.generation for led in idle],
            },
            prepare=True,
        ).fetchall()
        moved = {row[0] for row in rows}
        for led in idle:
            if led.state.name in moved:
                led.state = msgspec.structs.replace(led.state, position=last)
            else:
                self._refresh(connection, led)
        return len(moved) == len(idle)

    def _refresh(self, connection: Connection[TupleRow], led: LedModel) -> None:
        found = positions.read(connection).get(led.state.name)
        if found is not None:
            led.state = found


ADVANCE_IDLE = SQL(
    "with moved as (update projections p set position = %(to)s, updated_at = clock_timestamp() "
    "from unnest(%(names)s::text[], %(generations)s::bigint[]) as led(name, generation) "
    "where p.name = led.name and p.generation = led.generation and p.position = %(from)s and p.status = 'running' "
    "returning p.name), told as (select pg_notify('denta_positions', "
    "json_build_object('position', %(to)s::bigint, 'projections', json_agg(name))::text) from moved having count(*) > 0) "
    "select moved.name from moved left join told on true"
)


def _write_statement(projection: Projection[Any]) -> Composed:
    return SQL(
        "with moved as (update projections set position = %(to)s, updated_at = clock_timestamp() where name = %(name)s "
        "and position = %(from)s and generation = %(generation)s and status = 'running' returning name), "
        "{rows} select pg_notify('denta_rows', %(note)s) from moved"
    ).format(rows=projection.table.write_ctes(None, guard="moved"))


def note(projection: str, position: int, keys: Sequence[Key] | None) -> str:
    """The notice that a read model has reached a position: keys of the rows that changed, or null if there are many."""
    few = keys if keys is not None and len(keys) <= MOST_KEYS_NOTED else None
    text = msgspec.json.encode({"projection": projection, "position": position, "keys": few}).decode()
    return text if len(text.encode()) <= LONGEST_NOTE else note(projection, position, None)


def _transient(error: psycopg.Error) -> bool:
    """Whether the cause is the database, not a projection."""
    return verdict_of(error) != "fault"
