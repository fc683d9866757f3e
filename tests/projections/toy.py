"""A toy clinic for the framework's tests: boxes that are put on shelves with their read models, and notes of money, from which
balances are derived.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow, class_row
from psycopg.sql import SQL, Identifier

from aggregates.kernel import Aggregate, Decoders, Event, applies
from projections.declaration import Appends, Envelope, Own, Parts, Projection, replaced
from projections.derivation import Derivation, TableNames
from readmodels.table import Table


class Box(Aggregate):
    """A box has a label and a price, and may be thrown away."""

    TOPIC = "box"

    class Made(Event, frozen=True, kw_only=True):
        TOPIC = "box.made.1"
        label: str
        price: Decimal = Decimal("1.50")
        tags: tuple[str, ...] = ()

    class Labelled(Event, frozen=True, kw_only=True):
        TOPIC = "box.labelled.1"
        label: str

    class Thrown(Event, frozen=True, kw_only=True):
        TOPIC = "box.thrown.1"

    class Shelved(Event, frozen=True, kw_only=True):
        TOPIC = "box.shelved.1"
        cells: tuple[tuple[int, str], ...]

    @applies(Made)
    def _made(self, event: Made) -> None:
        self.label = event.label

    @applies(Labelled)
    def _labelled(self, event: Labelled) -> None:
        self.label = event.label

    @applies(Thrown)
    def _thrown(self, event: Thrown) -> None:
        """Nothing is kept of it."""

    @applies(Shelved)
    def _shelved(self, event: Shelved) -> None:
        """Nothing is kept of it."""


class Note(Aggregate):
    """A numbered note says what an account got or gave on a day, and may be changed or torn up."""

    TOPIC = "note"

    class Written(Event, frozen=True, kw_only=True):
        TOPIC = "note.written.1"
        number: int
        account: str
        day: date
        amount: int

    class Changed(Event, frozen=True, kw_only=True):
        TOPIC = "note.changed.1"
        account: str
        day: date
        amount: int

    class Torn(Event, frozen=True, kw_only=True):
        TOPIC = "note.torn.1"

    @applies(Written)
    def _written(self, event: Written) -> None:
        """Nothing is kept of it."""

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        """Nothing is kept of it."""

    @applies(Torn)
    def _torn(self, event: Torn) -> None:
        """Nothing is kept of it."""


DECODERS: Decoders = {
    topic: msgspec.json.Decoder(event_class).decode for topic, event_class in {**Box.EVENTS, **Note.EVENTS}.items()
}


class BoxRow(msgspec.Struct, frozen=True):
    box_id: UUID
    label: str
    price: Decimal
    tags: tuple[str, ...]
    facts: dict[str, int]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    version: int
    shelf: int | None = None


class CellRow(msgspec.Struct, frozen=True):
    shelf: int
    cell: str
    box_id: UUID


class LogRow(msgspec.Struct, frozen=True):
    position: int
    topic: str
    command: str | None
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]


BOXES = Table("boxes", BoxRow, key=("box_id",), indexes=("(label)", "using gin (tags)"))
CELLS = Table("cells", CellRow, key=("shelf", "cell"))
LOG = Table("box_log", LogRow, key=("position",))


def _made(row: BoxRow | None, event: Box.Made) -> BoxRow:
    facts = {"letters": len(event.label)}
    return BoxRow(event.originator_id, event.label, event.price, event.tags, facts, event.timestamp, event.originator_version)


def _labelled(row: BoxRow | None, event: Box.Labelled) -> BoxRow | None:
    return row and replace(row, label=event.label, facts={"letters": len(event.label)}, version=event.originator_version)


def _thrown(row: BoxRow | None, event: Box.Thrown) -> None:
    return None


def boxes(revision: int = 1, labelled: Callable[..., BoxRow | None] = _labelled) -> Projection[BoxRow]:
    handlers = {
        Box.Made: Own(_made),
        Box.Labelled: Own(labelled),
        Box.Thrown: Own(_thrown),
    }
    return Projection("boxes", BOXES, revision, handlers, audience=None, one_stream=True)


def _put(event: Box.Shelved) -> Iterable[tuple[tuple[int, str], CellRow]]:
    return [(cell, CellRow(*cell, event.originator_id)) for cell in event.cells]


def cells(revision: int = 1) -> Projection[CellRow]:
    return Projection("cells", CELLS, revision, {Box.Shelved: Parts(_put, replaced)}, audience=None)


def _logged(event: Event, envelope: Envelope) -> LogRow:
    return LogRow(envelope.position, envelope.topic, envelope.metadata.command, envelope.recorded_at)


def box_log(revision: int = 1) -> Projection[LogRow]:
    handlers = dict.fromkeys(Box.EVENTS.values(), Appends(_logged))
    return Projection("box_log", LOG, revision, handlers, audience=None, one_stream=True, every_kind=True)


ALL = (boxes(), cells(), box_log())


# --- notes and balances --------------------------------------------------------------------------------------------------


class NoteRow(msgspec.Struct, frozen=True):
    note_id: UUID
    number: int
    account: str
    day: date
    amount: int


class BalanceRow(msgspec.Struct, frozen=True):
    """What the account has after a note."""

    note_id: UUID
    number: int
    account: str
    day: date
    balance: int


NOTES = Table("notes", NoteRow, key=("note_id",), indexes=("(account, day, number)",))
BALANCES = Table("balances", BalanceRow, key=("note_id",), indexes=("(account, day, number)",))
Update = Callable[[Connection[TupleRow], TableNames, Sequence[NoteRow], Sequence[UUID]], None]
Fill = Callable[[Connection[TupleRow], Connection[TupleRow], TableNames], None]


def update_balances(
    connection: Connection[TupleRow], tables: TableNames, upserts: Sequence[NoteRow], deletes: Sequence[UUID]
) -> None:
    """All balances of the accounts where a note is or was; a true read model would begin with the first day that changed."""
    statement = SQL(
        "with touched as (select account from {source} where note_id = any(%(ids)s) "
        "union select account from {derived} where note_id = any(%(ids)s)), "
        "gone as (delete from {derived} where note_id = any(%(deletes)s)), "
        "present as (select note_id, number, account, day, "
        "(sum(amount) over (partition by account order by day, number))::bigint as balance "
        "from {source} where account in (select account from touched)) "
        "insert into {derived} as b (note_id, number, account, day, balance) select * from present "
        "on conflict (note_id) do update set account = excluded.account, day = excluded.day, balance = excluded.balance "
        "where (b.account, b.day, b.balance) <> (excluded.account, excluded.day, excluded.balance)"
    ).format(source=Identifier(tables.source), derived=Identifier(tables.derived))
    ids = [*(row.note_id for row in upserts), *deletes]
    connection.execute(statement, {"ids": ids, "deletes": list(deletes)})


def fill_balances(reading: Connection[TupleRow], writing: Connection[TupleRow], tables: TableNames) -> None:
    """By a cursor over the notes in the order of each account's days, into one COPY."""

    def rows() -> Iterator[BalanceRow]:
        with reading.cursor("notes_in_order", row_factory=class_row(NoteRow)) as cursor:
            cursor.execute(SQL("select * from {} order by account, day, number").format(Identifier(tables.source)))
            for _, notes_of_account in groupby(cursor, lambda row: row.account):
                for row, balance in accumulate(
                    ((row, row.amount) for row in notes_of_account), lambda before, now: (now[0], before[1] + now[1])
                ):
                    yield BalanceRow(row.note_id, row.number, row.account, row.day, balance)

    BALANCES.copy(writing, rows(), tables.derived)


def _written(row: NoteRow | None, event: Note.Written) -> NoteRow:
    return NoteRow(event.originator_id, event.number, event.account, event.day, event.amount)


def _changed(row: NoteRow | None, event: Note.Changed) -> NoteRow | None:
    return row and replace(row, account=event.account, day=event.day, amount=event.amount)


def _torn(row: NoteRow | None, event: Note.Torn) -> None:
    return None


def notes(
    revision: int = 1, update: Update = update_balances, fill: Fill = fill_balances, table: Table[Any] = BALANCES
) -> Projection[NoteRow]:
    handlers = {Note.Written: Own(_written), Note.Changed: Own(_changed), Note.Torn: Own(_torn)}
    derivation = Derivation(table, update, fill)
    return Projection("notes", NOTES, revision, handlers, audience=None, one_stream=True, derivation=derivation)
