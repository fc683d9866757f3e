"""Names of active rights sets are unique, whatever their case, so that people can tell them apart."""

from collections.abc import Mapping
from typing import Any

from aggregates.access.rights_set import RightsSet, RightsSetNameTaken
from aggregates.catalogue import name_key
from aggregates.kernel import DomainError
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class SetName(Claim, frozen=True):
    """The name of an active set."""

    name: str
    key: str


def claim_of(rights_set: RightsSet) -> SetName:
    return SetName(id=rights_set.id, holds=not rights_set.deleted, name=rights_set.name, key=name_key(rights_set.name))


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return RightsSetNameTaken(name=facts["name"], by=facts["id"])


GUARD = unique("rights_set_name", kinds=(RightsSet,), claim=SetName, claim_of=claim_of, refusal=refusal, by=("key",))
