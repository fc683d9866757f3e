"""One tax certificate in force of a payer for a patient and a year (FIN-6)."""

from collections.abc import Mapping
from typing import Any

from aggregates.kernel import DomainError
from aggregates.money.tax_certificate import TaxCertificate, TaxCertificateTaken
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class CertifiedYear(Claim, frozen=True):
    """Payer, patient and year of a certificate that isn't annulled or deleted."""

    key: str


def claim_of(certificate: TaxCertificate) -> CertifiedYear:
    return CertifiedYear(
        id=certificate.id,
        holds=not certificate.deleted and not certificate.annulled,
        key=f"{certificate.payer_id} {certificate.patient_id} {certificate.year}",
    )


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return TaxCertificateTaken(by=facts["id"])


GUARD = unique("tax_certificate", kinds=(TaxCertificate,), claim=CertifiedYear, claim_of=claim_of, refusal=refusal, by=("key",))
