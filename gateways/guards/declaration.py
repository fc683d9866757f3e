"""A guard: a small table, written in the transaction of the events, that enforces a rule across aggregates.

Each guard is a file with what an aggregate claims (`claim_of`), the table of claims, and the check that refuses conflicting
claims: in PL/pgSQL under the write lock, and in Python for the in-memory fake. A claim is the aggregate's whole row, so that
the table can be rebuilt from the log at any time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from aggregates.kernel import Aggregate, DomainError
from gateways.database import Database

GuardTables = dict[str, dict[UUID, Any]]
"""The fake's guard tables: guard name → aggregate id → claim."""


class GuardRefused(Exception):
    """A claim that a guard refuses. The store turns it into the guard's domain error."""

    def __init__(self, guard: str, facts: Mapping[str, Any]) -> None:
        super().__init__(guard)
        self.guard = guard
        self.facts = facts


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An aggregate's row in the guard's table; no row if `holds` is false."""

    id: UUID
    """The aggregate's."""
    holds: bool = True


def _takes_every_claim(tables: GuardTables, claim: Any) -> None:
    """The check of a guard that refuses nothing and is only read."""


def _never(facts: Mapping[str, Any]) -> DomainError:
    raise AssertionError(facts)  # such a guard doesn't refuse


P = TypeVar("P")


@dataclass(frozen=True, kw_only=True)
class DerivedTable:
    """A further table `guard_<name>` of a guard, made of its claims: the guard's check keeps it up to date."""

    name: str
    table: str
    """Repeatable DDL."""
    fill: str
    """SQL that fills the empty table from the guard's filled one."""
    indexes: tuple[str, ...] = ()
    """Repeatable DDL of its indexes, which are made when the table is filled."""


@dataclass(frozen=True)
class Reads(Generic[P]):
    """What commands read of a guard: `clinic.<name>`, an attribute of `commands.ports.clinic.Clinic` of the port's type P."""

    name: str
    postgres: Callable[[Database], P]
    memory: Callable[[Callable[[], Sequence[Any]]], P]
    """The same over the fake's claims of this guard."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """One rule across aggregates."""

    name: str
    kinds: tuple[type[Aggregate], ...]
    """Kinds of aggregates that make claims."""
    claim: type[Claim]
    claim_of: Callable[[Any], Claim]
    """Aggregate → its claim."""
    revision: int = 1
    """Raised with every change of `table`, of the check, or of what `claim_of` returns: it is then refilled from the log."""
    table: str
    """Repeatable DDL of the table `guard_<name>`: key `id`, and the claim's other fields but `holds` as columns."""
    indexes: tuple[str, ...] = ()
    """Repeatable DDL of its indexes, which are made when the table is filled."""
    sql_check: str = ""
    """PL/pgSQL statements over `wanted` (the row to be); `other` (a row) is free for use. Refuses by `denta_refuse`."""
    check: Callable[[GuardTables, Any], None] = _takes_every_claim
    """The same in Python, refusing by GuardRefused."""
    refusal: Callable[[Mapping[str, Any]], DomainError] = _never
    """Facts of a refusal → the domain's error."""
    reads: Reads[Any] | None = None

    unique_by: tuple[str, ...] = ()
    """Columns that no two claims may have alike; two in the log that do are reported (`conflicts.py`)."""
    derived: tuple[DerivedTable, ...] = ()
    """In the order in which they are filled."""
    sql_helpers: tuple[str, ...] = ()
    """DDL of functions that the check calls."""

    @property
    def ddl(self) -> str:
        """Of its tables and their indexes."""
        derived = (part for one in self.derived for part in (one.table, *one.indexes))
        return ";\n".join(part.strip() for part in (self.table, *self.indexes, *derived))

    @property
    def tables(self) -> tuple[str, ...]:
        return (f"guard_{self.name}", *(f"guard_{one.name}" for one in self.derived))

    @property
    def functions(self) -> tuple[str, ...]:
        """DDL of its functions, in order."""
        return (*self.sql_helpers, self.sql_function)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table, without the key."""
        return tuple(field for field in self.claim.__struct_fields__ if field not in {"id", "holds"})

    @property
    def sql_function(self) -> str:
        """DDL of `denta_guard_<name>(claim jsonb)`: take the claim under the write lock, or refuse it."""
        table, names = f"guard_{self.name}", ", ".join(self.columns)
        values = ", ".join(f"wanted.{column}" for column in self.columns)
        updates = ", ".join(f"{column} = excluded.{column}" for column in self.columns)
        same = " AND ".join(f"held.{column} IS NOT DISTINCT FROM wanted.{column}" for column in self.columns)
        return f"""
CREATE OR REPLACE FUNCTION denta_guard_{self.name}(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted {table} := jsonb_populate_record(NULL::{table}, claim);
  other {table};
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM {table} WHERE id = wanted.id;
    RETURN;
  END IF;
  {self.sql_check}
  IF NOT EXISTS (SELECT FROM {table} AS held WHERE held.id = wanted.id AND {same}) THEN
    INSERT INTO {table} (id, {names}) VALUES (wanted.id, {values}) ON CONFLICT (id) DO UPDATE SET {updates};
  END IF;
END
$guard$"""  # noqa: S608  names come from this code

    def take(self, tables: GuardTables, claim: Claim) -> None:
        """What the SQL function does, in memory. GuardRefused."""
        if not claim.holds:
            tables[self.name].pop(claim.id, None)
            return
        self.check(tables, claim)
        tables[self.name][claim.id] = claim
