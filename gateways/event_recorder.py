"""The library's recorder on PostgreSQL: one call per append, gapless positions, group commit.

The write lock lets only one transaction append at a time. So callers waiting in one process share a transaction: the next one
sends the appends of all that wait. Each append has its own outcome, returned after the commit.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import AggregateRecorder, IntegrityError, PersistenceError, StoredEvent
from psycopg import sql

from commands.ports.database import DatabaseBusy, DatabaseFull, DatabaseUnavailable
from gateways.database import Database, refusal
from gateways.repository import IdempotencyRecord
from readmodels.sqlstate import sqlstate_of, verdict

MOST_AT_ONCE = 64

APPEND = sql.SQL("SELECT denta_append(%t::json)::text")
APPEND_EACH = sql.SQL("SELECT denta_append_each(%t::json)::text")


class RefusedError(PersistenceError):
    """A refused append: the name of the refusal (`unchanged`, `guards` or a guard's name) and its facts."""

    def __init__(self, name: str, facts: dict[str, Any]) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts


class CommandRepeatedError(PersistenceError):
    """The command id was seen before: nothing was appended; this is its record."""

    def __init__(self, record: IdempotencyRecord) -> None:
        super().__init__(str(record.position))
        self.record = record


class AppendFailedError(PersistenceError):
    """The database failed on an append; its message may contain values, so it must not be logged."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(f"{sqlstate} {message}")
        self.sqlstate = sqlstate


class Outcome(msgspec.Struct, frozen=True):
    """The result of `denta_append` for one append."""

    position: int = 0
    fingerprint: str | None = None
    answer: dict[str, Any] = {}
    refused: str | None = None
    facts: dict[str, Any] = {}
    sqlstate: str = ""
    message: str = ""


class _Ticket:
    """One caller's append, waiting for its outcome."""

    def __init__(self, item: bytes) -> None:
        self.item = item
        self.woken = threading.Lock()
        """Released when there is an outcome, or when this caller has to send."""
        self.woken.acquire()
        self.outcome: Outcome | None = None
        self.fault: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.outcome is not None or self.fault is not None


_outcomes = msgspec.json.Decoder(list[Outcome]).decode


class PostgresRecorder(AggregateRecorder):
    """The event log of one clinic. Projections read it by position, see `projections/reader.py`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Ticket] = []
        self._sending = False
        self._lock = threading.Lock()

    # Writing.

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append all events or none; the consecutive positions.

        `kwargs`: further arguments of `denta_append` (`command_id`, `fingerprint`, `answer`, `metadata`, `claims`, …).
        IntegrityError if a stream has moved, RefusedError, CommandRepeatedError, DatabaseUnavailable.
        """
        item = _item(stored_events, kwargs)
        outcome = self._send([item])[0] if self._database.is_pinned else self._share(item)
        if (fault := _fault(outcome, stored_events)) is not None:
            raise fault
        return range(outcome.position - len(stored_events) + 1, outcome.position + 1)

    def insert_each(self, appends: Sequence[tuple[Sequence[StoredEvent], dict[str, Any]]]) -> list[int | PersistenceError]:
        """Several appends in one call, each with its own outcome: its last position, or what `insert_events` would raise.

        Database errors are raised for all.
        """
        outcomes = self._send_surely([_item(events, kwargs) for events, kwargs in appends])
        found: list[int | PersistenceError] = []
        for outcome, (events, _) in zip(outcomes, appends, strict=True):
            fault = _fault(outcome, events)
            if fault is not None and not isinstance(fault, PersistenceError):
                raise fault
            found.append(outcome.position if fault is None else fault)
        return found

    def _share(self, item: bytes) -> Outcome:
        """Wait for an outcome, or for the turn to send all waiting appends."""
        ticket = _Ticket(item)
        with self._lock:
            self._waiting.append(ticket)
            has_turn, self._sending = not self._sending, True
        if not has_turn:
            ticket.woken.acquire()
        if not ticket.done:
            self._send_waiting(ticket)
        if isinstance(ticket.fault, DatabaseUnavailable):
            raise type(ticket.fault) from ticket.fault
        if ticket.fault is not None:
            raise ticket.fault
        assert ticket.outcome is not None  # noqa: S101  set by the caller that had the turn
        return ticket.outcome

    def _send_waiting(self, own: _Ticket) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            for ticket, outcome in zip(group, self._send_surely([ticket.item for ticket in group]), strict=True):
                ticket.outcome = outcome
        except BaseException as fault:
            for ticket in group:
                ticket.fault = fault if ticket is own or isinstance(fault, Exception) else DatabaseUnavailable()
        with self._lock:
            self._sending = bool(self._waiting)
            successor = self._waiting[:1]
        for ticket in (*group, *successor):
            if ticket is not own:
                ticket.woken.release()

    def _send_surely(self, items: Sequence[bytes]) -> list[Outcome]:
        """Send, and retry once after a lost connection (perhaps after the commit) or a serialization failure: what was recorded
        returns its record. No retry if the server is full or busy, since the caller has waited already.
        """
        try:
            return self._send(items)
        except (DatabaseBusy, DatabaseFull) as fault:
            if verdict(sqlstate_of(fault) or "") != "again":
                raise
        except DatabaseUnavailable:
            pass
        outcomes = self._send(items)
        return [Outcome(position=o.position) if o.fingerprint is not None else o for o in outcomes]

    def _send(self, items: Sequence[bytes]) -> list[Outcome]:
        statement = APPEND if len(items) == 1 else APPEND_EACH
        with self._database.connection() as connection:
            row = connection.execute(statement, ((b"[" + b",".join(items) + b"]").decode(),)).fetchone()
        assert row is not None  # noqa: S101  a function call returns one row
        return _outcomes(row[0])

    # Reading.

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = sql.SQL(
            "SELECT originator_version, topic, state::text FROM events"
            " WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s"
            " ORDER BY originator_version {} LIMIT %s"
        ).format(sql.SQL("DESC" if desc else "ASC"))
        stream = originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
        with self._database.connection() as connection:
            rows = connection.execute(query, (stream, gt or 0, _LAST_VERSION if lte is None else lte, limit)).fetchall()
        return [StoredEvent(stream, version, topic, state.encode()) for version, topic, state in rows]

    def select_streams(self, ids: Collection[UUID]) -> Sequence[StoredEvent]:
        """Whole streams, each in order."""
        query = (
            "SELECT originator_id, originator_version, topic, state::text FROM events WHERE originator_id = ANY(%s)"
            " ORDER BY originator_id, originator_version"
        )
        with self._database.connection() as connection:
            rows = connection.execute(query, (list(ids),)).fetchall()
        return [StoredEvent(id_, version, topic, state.encode()) for id_, version, topic, state in rows]


def _item(stored_events: Sequence[StoredEvent], kwargs: Mapping[str, Any]) -> bytes:
    """One append as `denta_append` takes it."""
    events = [
        {"id": e.originator_id, "version": e.originator_version, "topic": e.topic, "state": msgspec.Raw(e.state)}
        for e in stored_events
    ]
    return msgspec.json.encode({**_ALWAYS, **{name: value for name, value in kwargs.items() if value}, "events": events})


def _fault(outcome: Outcome, stored_events: Sequence[StoredEvent]) -> PersistenceError | DatabaseUnavailable | None:
    """The error of an append that failed, or None."""
    if outcome.fingerprint is not None:
        return CommandRepeatedError(IdempotencyRecord(outcome.fingerprint, outcome.position, outcome.answer))
    if outcome.refused == "version":
        return IntegrityError(f"{stored_events[0].topic} of {stored_events[0].originator_id} comes too late")
    if outcome.refused is not None:
        return RefusedError(outcome.refused, outcome.facts)
    if not outcome.sqlstate:
        return None
    failed, meaning = AppendFailedError(outcome.sqlstate, outcome.message), verdict(outcome.sqlstate)
    if meaning == "fault":
        return failed
    unavailable = refusal(meaning)
    unavailable.__cause__ = failed
    return unavailable


_LAST_VERSION = 2**31 - 1
_ALWAYS: dict[str, Any] = {"fingerprint": "", "answer": {}, "metadata": {}}
