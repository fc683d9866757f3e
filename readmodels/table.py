"""A read model's table, declared once from the struct of its rows.

The struct defines columns and types, the declaration adds key and indexes. DDL, loading, upserting and bulk copying follow from
it. Rows travel as JSON in both directions (`json_agg`, `json_populate_recordset`): one parameter and one fast encoding for any
number of rows and any column type, including arrays and `jsonb`.
"""

import struct
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec.structs import astuple
from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

Key = Any
"""The value of a single key column, or a tuple of values in the order of `Table.key`."""

R = TypeVar("R", bound=msgspec.Struct)

SCALARS: Mapping[Any, str] = {
    UUID: "uuid",
    bool: "boolean",
    int: "bigint",
    str: "text",
    float: "double precision",
    Decimal: "numeric",
    date: "date",
    time: "time",
    datetime: "timestamp",
}
FULL = 100
"""Percent of a page."""
ARRAYS: Mapping[Any, str] = {UUID: "uuid[]", str: "text[]"}


@dataclass(frozen=True)
class Column:
    """One column: `pg_type` as PostgreSQL's `format_type` spells it where possible."""

    name: str
    pg_type: str
    nullable: bool


@dataclass(frozen=True)
class Table(Generic[R]):
    """The table of a read model.

    `row` is a frozen msgspec Struct with one field per column. Types follow the annotations: UUID, bool, int (`bigint`),
    str, float, Decimal (`numeric`), date, time, datetime (`timestamp`, the clinic's wall clock; an instant is annotated
    `Annotated[datetime, msgspec.Meta(tz=True)]` and becomes `timestamptz`), `tuple[str, …]` and `tuple[UUID, …]` (arrays),
    `X | None` (nullable), all else `jsonb`. `types` overrides by column name.

    `indexes` are what follows `create [unique] index on <table>`: `"(doctor_id, starts_at)"`,
    `"using gin (search gin_trgm_ops)"`, `"unique (number)"`.
    """

    name: str
    row: type[R]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    fillfactor: int = FULL
    """Percent of each page that new rows fill; the rest is for changed ones, which then need no new entries in indexes that they
    don't change.
    """

    def __post_init__(self) -> None:
        unknown = {*self.key, *self.types} - set(self.row.__struct_fields__)
        if not self.key or unknown:
            raise TypeError(f"table {self.name}: key {self.key}, no such columns: {sorted(unknown)}")

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        hints = get_type_hints(self.row, include_extras=True)
        return tuple(_column(name, hints[name], self.types.get(name)) for name in self.row.__struct_fields__)

    @cached_property
    def shape(self) -> str:
        """Columns, types and key in one line: tables of equal shape can be written by the same code."""
        columns = ", ".join(f"{c.name} {c.pg_type}{'' if c.nullable else ' not null'}" for c in self.columns)
        return f"{columns}, primary key ({', '.join(self.key)})"

    @cached_property
    def key_of(self) -> Callable[[R], Key]:
        names = self.key
        if len(names) == 1:
            (name,) = names
            return lambda row: getattr(row, name)
        return lambda row: tuple(getattr(row, name) for name in names)

    # --- DDL -------------------------------------------------------------------------------------------------------

    def create_sql(self, name: str | None = None, *, if_not_exists: bool = False) -> Composed:
        """The bare table, without key and indexes (they are built faster after a bulk copy)."""
        lines = [
            SQL("{} {}{}").format(Identifier(c.name), SQL(c.pg_type), SQL("" if c.nullable else " not null"))
            for c in self.columns
        ]
        storage = "" if self.fillfactor == FULL else f" with (fillfactor = {self.fillfactor})"
        return SQL("create table {}{} ({}){}").format(
            SQL("if not exists " if if_not_exists else ""), Identifier(name or self.name), SQL(", ").join(lines), SQL(storage)
        )

    def index_sql(self, name: str | None = None) -> list[Composed]:
        """The primary key, then every index, one statement each."""
        table = Identifier(name or self.name)
        statements = [SQL("alter table {} add primary key ({})").format(table, self._names(self.key))]
        for index in self.indexes:
            unique, body = ("unique ", index[len("unique ") :]) if index.startswith("unique ") else ("", index)
            statements.append(SQL("create {}index on {} {}").format(SQL(unique), table, SQL(body)))
        return statements

    # --- rows ------------------------------------------------------------------------------------------------------

    def load(self, connection: Connection[TupleRow], keys: Sequence[Key], name: str | None = None) -> dict[Key, R]:
        """The rows that exist under these keys, by one SELECT."""
        if not keys:
            return {}
        query = self._statement("load", name)
        answer = connection.execute(query, (self._key_records(keys),), prepare=True).fetchone()
        rows = self.decode(answer[0]) if answer else []
        key_of = self.key_of
        return {key_of(row): row for row in rows}

    def all_rows(self, connection: Connection[TupleRow], name: str | None = None) -> list[R]:
        """All rows in the order of the key, in memory. For tests and small tables."""
        query = SQL("select json_agg(t order by {})::text from {} t").format(self._names(self.key), Identifier(name or self.name))
        answer = connection.execute(query).fetchone()
        return self.decode(answer[0] if answer else None)

    def decode(self, text: str | None) -> list[R]:
        """Rows from the text of a `json_agg` over this table (or a query with the same columns)."""
        return self._decoder.decode(text) if text else []

    def write_ctes(self, name: str | None, *, guard: str) -> Composed:
        """CTEs that upsert (%(upserts)s) and delete (%(deletes)s), each only where the CTE `guard` has a row."""
        return self._write(name or self.name, guard)

    def write(
        self, connection: Connection[TupleRow], upserts: Iterable[R], deletes: Iterable[Key], name: str | None = None
    ) -> None:
        """Upsert and delete by one statement, without a guard."""
        connection.execute(self._statement("write", name), self.parameters(upserts, deletes), prepare=True)

    def parameters(self, upserts: Iterable[R], deletes: Iterable[Key]) -> dict[str, str]:
        """Parameters of a write: both as JSON text."""
        return {
            "upserts": msgspec.json.encode(list(upserts)).decode(),
            "deletes": self._key_records(list(deletes)),
        }

    def copy(self, connection: Connection[TupleRow], rows: Iterable[R], name: str | None = None) -> None:
        """Insert new rows by binary COPY, some hundred thousand a second. Their keys must not exist."""
        statement = SQL("copy {} ({}) from stdin (format binary)").format(
            Identifier(name or self.name), self._names(c.name for c in self.columns)
        )
        with connection.cursor() as cursor:
            for dumper in (_JsonbDumper, _TextArrayDumper, _UuidArrayDumper):
                cursor.adapters.register_dumper(None, dumper)
            with cursor.copy(statement) as copying:
                copying.set_types([c.pg_type for c in self.columns])
                for row in rows:
                    copying.write_row(astuple(row))

    # --- inside ----------------------------------------------------------------------------------------------------

    @cached_property
    def _decoder(self) -> "msgspec.json.Decoder[list[R]]":
        return msgspec.json.Decoder(list[self.row])  # type: ignore[name-defined]  # the row's class is known at run time

    @cached_property
    def _statements(self) -> dict[tuple[str, str], Composed]:
        return {}

    def _statement(self, kind: str, name: str | None) -> Composed:
        table = name or self.name
        if (kind, table) not in self._statements:
            made = self._load(table) if kind == "load" else SQL("with {} select").format(self._write(table, None))
            self._statements[kind, table] = made
        return self._statements[kind, table]

    def _names(self, names: Iterable[str]) -> Composed:
        return SQL(", ").join(Identifier(n) for n in names)

    def _key_columns(self) -> Composed:
        types = {c.name: c.pg_type for c in self.columns}
        return SQL(", ").join(SQL("{} {}").format(Identifier(n), SQL(types[n])) for n in self.key)

    def _key_records(self, keys: Sequence[Key]) -> str:
        if len(self.key) == 1:
            (name,) = self.key
            return msgspec.json.encode([{name: key} for key in keys]).decode()
        return msgspec.json.encode([dict(zip(self.key, key, strict=True)) for key in keys]).decode()

    def _load(self, table: str) -> Composed:
        return SQL("select json_agg(t)::text from {} t join json_to_recordset(%s::json) as k({}) using ({})").format(
            Identifier(table), self._key_columns(), self._names(self.key)
        )

    def _write(self, table: str, guard: str | None) -> Composed:
        columns = self._names(c.name for c in self.columns)
        rest = [c.name for c in self.columns if c.name not in self.key]
        assignments = SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(n)) for n in rest)
        guarded = SQL("exists (select from {})").format(Identifier(guard)) if guard else SQL("true")
        return SQL(
            "upserted as (insert into {table} ({columns}) "
            "select {columns} from json_populate_recordset(null::{table}, %(upserts)s::json) where {guarded} "
            "on conflict ({key}) {change}), "
            "deleted as (delete from {table} t using json_to_recordset(%(deletes)s::json) as k({key_columns}) "
            "where {same_key} and {guarded})"
        ).format(
            table=Identifier(table),
            columns=columns,
            guarded=guarded,
            key=self._names(self.key),
            change=SQL("do update set {}").format(assignments) if rest else SQL("do nothing"),
            key_columns=self._key_columns(),
            same_key=SQL(" and ").join(SQL("t.{0} = k.{0}").format(Identifier(n)) for n in self.key),
        )


class _JsonbDumper(Dumper):
    """Any value as msgspec encodes it."""

    format = Format.BINARY
    oid = 3802

    def dump(self, obj: Any) -> bytes:
        return b"\1" + msgspec.json.encode(obj)


class _TextArrayDumper(Dumper):
    """A tuple of texts, quicker than the driver's dumper of nested lists."""

    format = Format.BINARY
    oid = 1009

    def dump(self, obj: Sequence[str]) -> bytes:
        return _array(25, [text.encode() for text in obj])


class _UuidArrayDumper(Dumper):
    """A tuple of UUIDs."""

    format = Format.BINARY
    oid = 2951

    def dump(self, obj: Sequence[UUID]) -> bytes:
        return _array(2950, [value.bytes for value in obj])


_LENGTH = struct.Struct("!i").pack
_ARRAY = struct.Struct("!iiiii").pack
_EMPTY_ARRAY = struct.Struct("!iii").pack


def _array(element_oid: int, elements: Sequence[bytes]) -> bytes:
    """PostgreSQL's binary form of an array of one dimension without nulls."""
    if not elements:
        return _EMPTY_ARRAY(0, 0, element_oid)
    return _ARRAY(1, 0, element_oid, len(elements), 1) + b"".join([_LENGTH(len(e)) + e for e in elements])


def _column(name: str, annotation: Any, overruled: str | None) -> Column:
    nullable = False
    if get_origin(annotation) is Annotated and get_origin(get_args(annotation)[0]) in (Union, types.UnionType):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [a for a in get_args(annotation) if a is not type(None)]
        nullable = len(parts) < len(get_args(annotation))
        annotation = parts[0] if len(parts) == 1 else Any
    return Column(name, overruled or _pg_type(annotation), nullable)


def _pg_type(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        aware = any(isinstance(e, msgspec.Meta) and e.tz for e in extras)
        return "timestamptz" if inner is datetime and aware else _pg_type(inner)
    if get_origin(annotation) is Literal:
        return _pg_type(type(get_args(annotation)[0]))
    if get_origin(annotation) is tuple and get_args(annotation)[1:] == (...,) and get_args(annotation)[0] in ARRAYS:
        return ARRAYS[get_args(annotation)[0]]
    if isinstance(annotation, type):
        for scalar in (annotation, *annotation.__mro__):
            if scalar in SCALARS:
                return SCALARS[scalar]
    return "jsonb"
