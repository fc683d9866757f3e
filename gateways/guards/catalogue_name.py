"""Names of active entries are unique in a catalogue with `UNIQUE`, whatever their case."""

from collections.abc import Mapping
from typing import Any

from aggregates.catalogue import CatalogueEntry, NameTaken, name_key
from aggregates.catalogues import CATALOGUES
from aggregates.kernel import DomainError
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class EntryName(Claim, frozen=True):
    """The name of an active entry."""

    catalogue: str
    name: str
    key: str


def claim_of(entry: CatalogueEntry) -> EntryName:
    return EntryName(id=entry.id, holds=not entry.deleted, catalogue=entry.TOPIC, name=entry.name, key=name_key(entry.name))


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return NameTaken(catalogue=facts["catalogue"], name=facts["name"], by=facts["id"])


GUARD = unique(
    "catalogue_name",
    kinds=tuple(kind for kind in CATALOGUES if kind.UNIQUE),
    claim=EntryName,
    claim_of=claim_of,
    refusal=refusal,
    by=("catalogue", "key"),
)
