"""Rows that depend on other rows: further tables of a projection, brought up to date from the first one in the same transaction.

A fold makes a row of its events alone. A running balance depends on the rows before it in the order of days, and an event dated
in the past changes many. Such rows are *derived* from the folded ones, their *source*, by what a `Derivation` declares. Readers
see both tables as they were before a batch of events or as they are after it, never one without the other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from projections.failure import DerivationFailed
from readmodels.table import Key, Table

R = TypeVar("R", bound=msgspec.Struct)
D = TypeVar("D", bound=msgspec.Struct)


class TableNames(NamedTuple):
    """What the tables are called here: the read model's own, those of a rebuild, or of the past. `further`: in their order."""

    source: str
    derived: str
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation(Generic[R, D]):
    """How derived rows follow from the rows of a projection, in two ways that must come to the same (tests compare them).

    Both depend on the source table alone, so that live and rebuilt are equal: no clock, no randomness, no other table. Every name
    of a table in their statements comes from `TableNames`.

    table   of the derived rows.
    update  `(connection, tables, upserts, deletes)`: these rows of the source were written and these keys deleted in the
            connection's transaction; bring the derived rows up to date. A deleted row is gone from the source: where it counted
            is found in the derived rows, which are still as before. It runs for every batch that changes rows: it should look
            rows up by indexes (the worker's connection makes plans for that alone, `SETTINGS` of `projections/live.py`), change
            no more than what differs, and never leave the connection idle for seconds, after which another worker takes the
            lead.
    fill    `(reading, writing, tables)`: write all derived rows of a filled and indexed source into the derived table, which is
            empty and has no key yet. `reading` is in a transaction and may have a server-side cursor, `writing` commits each
            statement. The source may be larger than the memory.

    further  more derived tables, each of which may depend on the source and on the derived ones before it.

    An exception of `update` that isn't a passing one of the database stops the projection at the event, like a fold that raises.
    """

    table: Table[D]
    update: Callable[[Connection[TupleRow], TableNames, Sequence[R], Sequence[Key]], None]
    fill: Callable[[Connection[TupleRow], Connection[TupleRow], TableNames], None]
    further: tuple[Table[Any], ...] = ()

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        """All derived tables."""
        return (self.table, *self.further)

    def bring_up_to_date(
        self, connection: Connection[TupleRow], tables: TableNames, upserts: Sequence[R], deletes: Sequence[Key]
    ) -> None:
        """Run `update`. DerivationFailed; errors of the database as they are."""
        with _failures_of(self.table):
            self.update(connection, tables, upserts, deletes)

    def build(self, reading: Connection[TupleRow], writing: Connection[TupleRow], tables: TableNames) -> None:
        """Run `fill`. DerivationFailed; errors of the database as they are."""
        with _failures_of(self.table):
            self.fill(reading, writing, tables)


@contextmanager
def _failures_of(table: Table[Any]) -> Iterator[None]:
    try:
        yield
    except psycopg.Error:
        raise
    except Exception as error:
        raise DerivationFailed(table.name, error) from error
