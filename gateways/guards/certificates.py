"""What is left on each certificate: what it is worth, less what was paid by it; never below zero (FIN-3).

The rule is timeless, so that all entries have one moment; the days of a certificate are checked by the commands.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from aggregates.money.certificate import Certificate, CertificateSpent
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "certificates"
ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  a moment by the clinic's wall clock


def claim_of(document: Certificate | Payment | Refund) -> LedgerClaim:
    entries = [] if document.deleted else _entries(document)
    return LedgerClaim(id=document.id, moment=ALWAYS, place=0, entries=entries)


def _entries(document: Certificate | Payment | Refund) -> list[Entry]:
    if isinstance(document, Certificate):
        return [Entry(a=document.id, b=document.id, line=0, rank=0, delta=int(document.nominal * 100))]
    if (account := document.till.certificate_id) is None:
        return []
    amount = document.sum if isinstance(document, Refund) else -document.sum
    return [Entry(a=account, b=account, line=0, rank=1, delta=int(amount * 100))]


def refusal(shortages: Sequence[BelowZero]) -> CertificateSpent:
    return CertificateSpent(shortages[0].a, Decimal(-shortages[0].balance) / 100)


GUARD = ledger(
    NAME,
    kinds=(Certificate, Payment, Refund),
    claim_of=claim_of,
    forbids=lambda *_: True,
    sql_forbids="true",
    refusal=refusal,
)
