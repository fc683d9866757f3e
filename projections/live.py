"""Following the log: one worker per process keeps up to date all the read models that it leads.

Any number of workers may run. Each read model is led by the one that holds its advisory lock, which goes with the connection
that also writes: a worker that lost its connection can neither lead nor write, and another takes over at its next look
(`LOOK_SECONDS`). One that is silent without having lost it, such as with its machine, is deposed by the others. Rows, position
and the notice of both are one statement, thus one transaction.

A projection that raises stops alone, before the event that it can't fold; the others go on.
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
from projections.failure import FoldFailed, UnknownTopicError
from projections.positions import LEADER_LOCK, Position
from projections.reader import NOTHING, Batch, read_batch, wanted_by
from readmodels.sqlstate import verdict_of
from readmodels.table import Key

Connect = Callable[[], Connection[TupleRow]]
"""Opens a connection of one's own, not one out of a pool."""

LOOK_SECONDS = 1.0
"""How often a worker looks for read models without a leader, and at the log even if no notice came."""
TIDY_SECONDS = 60.0
"""How often it drops what rebuilds that died have left."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds before the next attempt at a database that is away: the first, and as it goes on failing."""
STEADY_SECONDS = 5.0
"""Following that lasted for so long was no failed attempt."""
BREATH_SECONDS = 0.005
"""Between batches under load: events gather, and other work gets its turn. The first after a pause waits for nothing."""
MOST_KEYS_TOLD = 50
LONGEST_NOTE = 7_000
"""Bytes; PostgreSQL refuses notices of 8 000."""
SETTINGS: tuple[LiteralString, ...] = (
    "synchronous_commit = off",  # what is lost in a crash of the server is folded again
    "lock_timeout = 0",
    # Rows are looked up by keys. A plan is kept for as long as the connection; one that was made while a table was small would
    # go through all of it at each batch once it is large.
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "tcp_keepalives_idle = 2",  # a worker whose machine died loses its lead within seconds
    "tcp_keepalives_interval = 1",
    "tcp_keepalives_count = 2",
    "tcp_user_timeout = '5s'",  # also while notices are on their way to it, when nothing is sent to keep it alive
)


@dataclass
class Led:
    """A read model that this worker leads."""

    projection: Projection[Any]
    now: Position
    write: Composed = field(init=False)

    def __post_init__(self) -> None:
        self.write = _write_statement(self.projection)

    @property
    def able(self) -> bool:
        """It may be folded into now: not failed, not of newer code, and its table has the shape that this code writes."""
        now = self.now
        return now.status == "running" and now.revision <= self.projection.revision and now.shape == self.projection.table.shape

    @property
    def outdated(self) -> bool:
        return self.now.revision < self.projection.revision or self.now.shape != self.projection.table.shape


class Told:
    """What the worker reports to whoever runs it; a subclass writes log lines."""

    def leads(self, names: Sequence[str]) -> None:
        """It leads these from now on."""

    def failed(self, failure: FoldFailed) -> None:
        """One stopped."""

    def outdated(self, names: Sequence[str]) -> None:
        """These were built by an older revision than the code's and are to be rebuilt. Told once for each."""

    def lost(self, error: BaseException) -> None:
        """The database went away; it is tried again."""


class LiveWorker:
    """Run in a thread or a process of its own; `run` returns when `stop` is set."""

    def __init__(
        self, connect: Connect, projections: Sequence[Projection[Any]], decoders: Decoders, *, told: Told | None = None
    ) -> None:
        self._connect = connect
        self._all = tuple(projections)
        self._by_name = {p.name: p for p in projections}
        self._decoders = decoders
        self._wanted = {p.name: wanted_by([p], projections, decoders) for p in projections}
        self._told = told or Told()
        self._led: dict[str, Led] = {}
        self._outdated: set[str] = set()
        self._tried: set[str] = set()
        self._not_ours: set[str] = set()

    def run(self, stop: Flag) -> None:
        """Follow the log until told to stop; reconnect for as long as that takes."""
        pause = SHORTEST_PAUSE
        while not stop.is_set():
            began = time.monotonic()
            lost = self._follow_until_lost(stop)
            if lost is not None:
                # A database that takes connections and refuses all else, as on a full disk, isn't hammered either.
                pause = SHORTEST_PAUSE if time.monotonic() - began >= STEADY_SECONDS else pause
                self._told.lost(lost)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _follow_until_lost(self, stop: Flag) -> Exception | None:
        """Over one connection, until told to stop or the database is away; then the error that told so."""
        try:
            connection = self._connect()
        except Exception as error:  # whatever the given way of connecting raises means that there is no database now
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
        """Take the lead where nobody has it, and see what others did to our positions (resumed, rebuilt)."""
        known = positions.read(connection)
        free = [
            p.name
            for p in self._all
            if not {p.name} & (self._led.keys() | self._not_ours) and p.name in known and known[p.name].revision <= p.revision
        ]
        got = positions.try_lock(connection, LEADER_LOCK, free)
        if others := [name for name in free if name not in got]:
            positions.depose(connection, positions.silent(connection, others).values())
            got += positions.try_lock(connection, LEADER_LOCK, others)
        # A projection that failed is tried once more by each worker that begins to lead it.
        positions.resume(connection, [name for name in got if name not in self._tried])
        self._tried.update(got)
        known = positions.read(connection)
        for name in (*self._led, *got):
            projection = self._by_name[name]
            now = known.get(name)
            if now is None or now.revision > projection.revision:
                # Newer code runs elsewhere, or the row was taken away: not ours to write.
                self._led.pop(name, None)
                positions.unlock(connection, LEADER_LOCK, [name])
            else:
                self._led[name] = Led(projection, now)
        if leads := [name for name in got if name in self._led]:
            self._told.leads(leads)
        old = [name for name, led in self._led.items() if led.outdated]
        if new := [name for name in old if name not in self._outdated]:
            self._outdated.update(new)
            self._told.outdated(new)
        self._outdated.intersection_update(old)

    # --- following -----------------------------------------------------------------------------------------------------

    def _advance(self, connection: Connection[TupleRow]) -> bool:
        """One batch for each group of read models that stand at the same position; whether there was anything."""
        groups: dict[int, list[Led]] = {}
        for led in self._led.values():
            if led.able:
                groups.setdefault(led.now.position, []).append(led)
        moved = False
        for position in sorted(groups, reverse=True):
            group = groups[position]
            wanted = reduce(or_, (self._wanted[led.projection.name] for led in group), NOTHING)
            batch = read_batch(connection, self._decoders, position, wanted)
            if batch.last > position:
                self._apply(connection, group, batch)
                moved = True
        return moved

    def _apply(self, connection: Connection[TupleRow], group: Sequence[Led], batch: Batch) -> None:
        idle = []
        for led in group:
            entries = [e for e in batch.entries if self._concerns(led.projection, e)]
            if entries:
                self._fold(connection, led, entries, batch.last)
            else:
                idle.append(led)
        if idle:
            self._pass_over(connection, idle, batch.last)

    def _concerns(self, projection: Projection[Any], entry: Entry) -> bool:
        event, envelope = entry
        if isinstance(event, UnknownTopicError):
            return self._wanted[projection.name].may_mean(envelope.topic)
        return type(event) in projection.handlers or (
            isinstance(event, Exception) and envelope.topic in self._wanted[projection.name].topics
        )

    def _fold(self, connection: Connection[TupleRow], led: Led, entries: Sequence[Entry], last: int) -> bool:
        """Fold the batch, or what comes before the event that fails; False when there is no going on after it."""
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
            except psycopg.Error as error:
                # The database refuses some row: find the event by going one by one.
                if _transient(error):
                    raise
                if len(entries) > 1:
                    there = self._fold_singly(connection, led, entries, last)
                    break
                envelope = entries[0][1]
                failure = FoldFailed.by(error, led.projection.name, 0, envelope.position, envelope.topic)
                there = self._pass_over(connection, [led], envelope.position - 1)
                break
        if failure is not None and there:
            positions.fail(connection, led.now, failure.position, failure.topic, failure.reason)
            led.now = msgspec.structs.replace(led.now, status="failed", generation=led.now.generation + 1)
            self._told.failed(failure)
            if failure.topic not in self._decoders:
                self._leave_to_newer(connection, led.now.name)
        return there and failure is None

    def _leave_to_newer(self, connection: Connection[TupleRow], name: str) -> None:
        """Give up the lead for as long as this program runs: a worker of newer code goes on from here."""
        self._not_ours.add(name)
        self._led.pop(name, None)
        positions.unlock(connection, LEADER_LOCK, [name])

    def _fold_singly(self, connection: Connection[TupleRow], led: Led, entries: Sequence[Entry], last: int) -> bool:
        ends = [*(envelope.position - 1 for _, envelope in entries[1:]), last]
        return all(self._fold(connection, led, [entry], end) for entry, end in zip(entries, ends, strict=True))

    def _write(self, connection: Connection[TupleRow], led: Led, changes: Changes, last: int) -> bool:
        """Rows, position and notice in one statement; False where somebody else has moved the read model meanwhile."""
        now = led.now
        keys = [*map(led.projection.table.key_of, changes.upserts), *changes.deletes]
        parameters = {
            **led.projection.table.parameters(changes.upserts, changes.deletes),
            "name": now.name,
            "from": now.position,
            "to": last,
            "generation": now.generation,
            "note": note(now.name, last, keys),
        }
        if connection.execute(led.write, parameters, prepare=True).fetchone() is None:
            self._refresh(connection, led)
            return False
        led.now = msgspec.structs.replace(now, position=last)
        return True

    def _pass_over(self, connection: Connection[TupleRow], idle: Sequence[Led], last: int) -> bool:
        """Nothing in the batch concerned these: only their positions move, all by one statement; whether all did."""
        rows = connection.execute(
            PASS_OVER,
            {
                "to": last,
                "names": [led.now.name for led in idle],
                "from": idle[0].now.position,
                "generations": [led.now.generation for led in idle],
            },
            prepare=True,
        ).fetchall()
        moved = {row[0] for row in rows}
        for led in idle:
            if led.now.name in moved:
                led.now = msgspec.structs.replace(led.now, position=last)
            else:
                self._refresh(connection, led)
        return len(moved) == len(idle)

    def _refresh(self, connection: Connection[TupleRow], led: Led) -> None:
        found = positions.read(connection).get(led.now.name)
        if found is not None:
            led.now = found


PASS_OVER = SQL(
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
    """The notice that a read model's rows are there up to a position: which rows changed, or null where they are many."""
    few = keys if keys is not None and len(keys) <= MOST_KEYS_TOLD else None
    told = msgspec.json.encode({"projection": projection, "position": position, "keys": few}).decode()
    return told if len(told.encode()) <= LONGEST_NOTE else note(projection, position, None)


def _transient(error: psycopg.Error) -> bool:
    """Whether it is no projection's fault."""
    return verdict_of(error) != "fault"
