"""Guards of values that must be unique: a number, a name, an address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from aggregates.kernel import Aggregate, DomainError
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables, Reads

_TYPES = {str: "text", UUID: "uuid"}


def unique(
    name: str,
    *,
    kinds: tuple[type[Aggregate], ...],
    claim: type[Claim],
    claim_of: Callable[[Any], Claim],
    refusal: Callable[[Mapping[str, Any]], DomainError],
    by: Sequence[str],
    revision: int = 2,
    reads: Reads[Any] | None = None,
) -> Guard:
    """No two aggregates may have claims with the same fields `by`. Facts of a refusal: the existing claim, its `id` a UUID.

    Duplicates in the log, from before the rule or by damage, stay until one of them changes: the table has no constraint of its
    own, since it couldn't be filled then, and every writer takes the check under the write lock.
    """
    columns = "".join(
        f", {field.name} {_TYPES[field.type]} NOT NULL"
        for field in msgspec.structs.fields(claim)
        if field.name not in {"id", "holds"}
    )
    same = " AND ".join(f"{field} = wanted.{field}" for field in by)

    def check(tables: GuardTables, new: Claim) -> None:
        for row in tables[name].values():
            if row.id != new.id and all(getattr(row, field) == getattr(new, field) for field in by):
                raise GuardRefused(name, msgspec.to_builtins(row))

    def refused(facts: Mapping[str, Any]) -> DomainError:
        return refusal({**facts, "id": UUID(facts["id"])})

    return Guard(
        name=name,
        kinds=kinds,
        claim=claim,
        claim_of=claim_of,
        revision=revision,
        table=f"CREATE TABLE IF NOT EXISTS guard_{name} (id uuid PRIMARY KEY{columns})",
        indexes=(f"CREATE INDEX IF NOT EXISTS guard_{name}_by ON guard_{name} ({', '.join(by)})",),
        unique_by=tuple(by),
        sql_check=f"""
  SELECT * INTO other FROM guard_{name} WHERE {same} AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('{name}', to_jsonb(other));
  END IF;
""",  # noqa: S608  names come from this code
        check=check,
        refusal=refused,
        reads=reads,
    )
