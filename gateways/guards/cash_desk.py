"""The kinds of cash desks, which the guard of cash reads; a desk that has documents keeps its kind (FIN-1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CashDesk
from aggregates.kernel import DomainError
from aggregates.money.desk_kind import DeskHasDocuments
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables

NAME = "cash_desk"
DOCUMENTS = "cash"
"""The guard that holds the documents of desks."""

TABLE = """
CREATE TABLE IF NOT EXISTS guard_cash_desk (
  id uuid PRIMARY KEY,
  kind text NOT NULL
)
"""
SQL_CHECK = """
  IF EXISTS (SELECT FROM guard_cash_desk d WHERE d.id = wanted.id AND d.kind <> wanted.kind)
      AND EXISTS (SELECT FROM guard_cash_entries e WHERE e.a = wanted.id AND e.b = wanted.id) THEN
    PERFORM denta_refuse('cash_desk', jsonb_build_object('desk_id', wanted.id));
  END IF;
"""
HOLDS_CASH = "EXISTS (SELECT FROM guard_cash_desk d WHERE d.id = account.a AND d.kind = 'cash')"
"""SQL: whether the account of a ledger is of a desk of cash."""


class DeskOfKind(Claim, frozen=True):
    """A desk."""

    kind: str


def claim_of(desk: CatalogueEntry) -> DeskOfKind:
    return DeskOfKind(id=desk.id, kind=str(desk.card["kind"]))


def holds_cash(tables: GuardTables, desk_id: UUID) -> bool:
    """Whether this is a desk of cash."""
    desk: DeskOfKind | None = tables[NAME].get(desk_id)
    return desk is not None and desk.kind == "cash"


def check(tables: GuardTables, claim: DeskOfKind) -> None:
    before: DeskOfKind | None = tables[NAME].get(claim.id)
    if before is not None and before.kind != claim.kind:
        documents = tables.get(DOCUMENTS, {}).values()
        if any(entry.a == claim.id for document in documents for entry in document.entries):
            raise GuardRefused(NAME, {"desk_id": str(claim.id)})


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return DeskHasDocuments(field="kind", desk_id=UUID(facts["desk_id"]))


GUARD = Guard(
    name=NAME,
    kinds=(CashDesk,),
    claim=DeskOfKind,
    claim_of=claim_of,
    table=TABLE,
    sql_check=SQL_CHECK,
    check=check,
    refusal=refusal,
)
