"""The code of an active certificate is its own, whatever its case (FIN-3)."""

from collections.abc import Mapping
from typing import Any

from aggregates.catalogue import name_key
from aggregates.kernel import DomainError
from aggregates.money.certificate import Certificate, CertificateCodeTaken
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class CertificateCode(Claim, frozen=True):
    """The code of an active certificate."""

    key: str


def claim_of(certificate: Certificate) -> CertificateCode:
    return CertificateCode(id=certificate.id, holds=not certificate.deleted, key=name_key(certificate.code))


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return CertificateCodeTaken(by=facts["id"])


GUARD = unique("certificate_code", kinds=(Certificate,), claim=CertificateCode, claim_of=claim_of, refusal=refusal, by=("key",))
