"""A card number belongs to one patient (PAT-1). A deleted card frees it."""

from collections.abc import Mapping
from typing import Any

from aggregates.kernel import DomainError
from aggregates.people.patient import CardNumberTaken, PatientCard
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique

NAME = "card_number"


class CardNumber(Claim, frozen=True):
    """The number of an active card."""

    number: str


def claim_of(card: PatientCard) -> CardNumber:
    return CardNumber(id=card.id, holds=not card.deleted, number=card.card_number)


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return CardNumberTaken(card_number=facts["number"], by=facts["id"])


GUARD = unique(NAME, kinds=(PatientCard,), claim=CardNumber, claim_of=claim_of, refusal=refusal, by=("number",))
