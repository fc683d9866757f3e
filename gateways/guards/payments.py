"""What is left of each payment, and what visits and sales got of it: no more is allocated and refunded than was paid (FIN-7).

The rule is timeless, so that all entries have one moment. A payment's account holds its sum, less what its visits got and what
was refunded. The accounts of a visit and of a patient's card only add up what a visit got, and what is nobody's yet, for
`commands.ports.payments`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from aggregates.money.payment import Payment, PaymentSpent
from aggregates.money.refund import Refund
from aggregates.values import NAMESPACE_DENTA
from commands.ports.payments import Payments
from gateways.database import Database
from gateways.guards.declaration import Reads
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "payments"
ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  a moment by the clinic's wall clock
UNALLOCATED = uuid5(NAMESPACE_DENTA, "payments:unallocated")
"""The second id of a patient's account, which refuses nothing."""
_PAID, _ALLOCATED, _REFUNDED, _FIRST_VISIT = 0, 1, 2, 3
"""Lines of a claim; the entries of an account come in their order."""


def claim_of(document: Payment | Refund) -> LedgerClaim:
    entries = [] if document.deleted else _entries(document)
    return LedgerClaim(id=document.id, moment=ALWAYS, place=0, entries=entries)


def _entries(document: Payment | Refund) -> list[Entry]:
    if isinstance(document, Refund):
        return [_entry(document.payment_id, _REFUNDED, -document.sum), *_of_patient(document.patient_id, -document.sum)]
    shares = document.allocated
    of_payment = [_entry(document.id, _PAID, document.sum), _entry(document.id, _ALLOCATED, -sum(shares.values(), Decimal(0)))]
    of_visits = [_entry(visit_id, line, amount) for line, (visit_id, amount) in enumerate(shares.items(), _FIRST_VISIT)]
    return [*of_payment, *of_visits, *_of_patient(document.patient_id, document.unallocated)]


def _of_patient(patient_id: UUID | None, amount: Decimal) -> list[Entry]:
    """None of what somebody paid for goods whom nobody named."""
    delta = int(amount * 100)
    return [] if patient_id is None else [Entry(a=patient_id, b=UNALLOCATED, line=_PAID, rank=_PAID, delta=delta)]


def _entry(account: UUID, line: int, amount: Decimal) -> Entry:
    return Entry(a=account, b=account, line=line, rank=min(line, _FIRST_VISIT), delta=int(amount * 100))


def refusal(shortages: Sequence[BelowZero]) -> PaymentSpent:
    return PaymentSpent(shortages[0].a, Decimal(-shortages[0].balance) / 100)


class PostgresPayments:
    """`commands.ports.payments.Payments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_visit(self, visit_id: UUID) -> Mapping[UUID, Decimal]:
        with self._database.connection() as connection:
            found = connection.execute(OF_VISIT, (visit_id, _FIRST_VISIT)).fetchall()
        return {payment_id: Decimal(int(delta)) / 100 for payment_id, delta in found}

    def refunded(self, payment_id: UUID) -> Decimal:
        return -self._sum(payment_id, _REFUNDED)

    def refunds_of(self, payment_id: UUID) -> Sequence[UUID]:
        with self._database.connection() as connection:
            return [id_ for (id_,) in connection.execute(REFUNDS_OF, (payment_id, _REFUNDED)).fetchall()]

    def rest(self, payment_id: UUID) -> Decimal:
        return self._sum(payment_id, _PAID, _ALLOCATED, _REFUNDED)

    def of_visits(self, visit_ids: Iterable[UUID]) -> Mapping[UUID, Decimal]:
        with self._database.connection() as connection:
            found = connection.execute(OF_VISITS, (list(visit_ids), _FIRST_VISIT)).fetchall()
        return {visit_id: Decimal(int(delta)) / 100 for visit_id, delta in found}

    def unallocated(self, patient_ids: Iterable[UUID]) -> Decimal:
        with self._database.connection() as connection:
            found = connection.execute(OF_PATIENTS, (list(patient_ids), UNALLOCATED)).fetchone()
        return Decimal(int(found[0]) if found else 0) / 100

    def _sum(self, payment_id: UUID, *lines: int) -> Decimal:
        with self._database.connection() as connection:
            found = connection.execute(OF_PAYMENT, (payment_id, list(lines))).fetchone()
        return Decimal(int(found[0]) if found else 0) / 100


OF_VISIT = "SELECT id, delta FROM guard_payments_entries WHERE a = %s AND line >= %s ORDER BY id"
REFUNDS_OF = "SELECT id FROM guard_payments_entries WHERE a = %s AND line = %s ORDER BY id"
OF_VISITS = "SELECT a, sum(delta) FROM guard_payments_entries WHERE a = ANY(%s) AND line >= %s GROUP BY a"
OF_PATIENTS = "SELECT coalesce(sum(delta), 0) FROM guard_payments_entries WHERE a = ANY(%s) AND b = %s"
OF_PAYMENT = "SELECT coalesce(sum(delta), 0) FROM guard_payments_entries WHERE a = %s AND line = ANY(%s)"


class MemoryPayments:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[LedgerClaim]]) -> None:
        self._claims = claims

    def of_visit(self, visit_id: UUID) -> Mapping[UUID, Decimal]:
        found = [(claim.id, entry) for claim in self._claims() for entry in claim.entries if entry.a == visit_id]
        return {id_: Decimal(entry.delta) / 100 for id_, entry in sorted(found, key=lambda pair: pair[0].bytes)}

    def refunded(self, payment_id: UUID) -> Decimal:
        return -self._sum(payment_id, _REFUNDED)

    def refunds_of(self, payment_id: UUID) -> Sequence[UUID]:
        found = [claim.id for claim in self._claims() for one in claim.entries if (one.a, one.line) == (payment_id, _REFUNDED)]
        return sorted(found, key=lambda id_: id_.bytes)

    def rest(self, payment_id: UUID) -> Decimal:
        return self._sum(payment_id, _PAID, _ALLOCATED, _REFUNDED)

    def of_visits(self, visit_ids: Iterable[UUID]) -> Mapping[UUID, Decimal]:
        paid = {visit_id: sum(self.of_visit(visit_id).values(), Decimal(0)) for visit_id in visit_ids}
        return {visit_id: amount for visit_id, amount in paid.items() if amount}

    def unallocated(self, patient_ids: Iterable[UUID]) -> Decimal:
        accounts = {(patient_id, UNALLOCATED) for patient_id in patient_ids}
        entries = (entry for claim in self._claims() for entry in claim.entries if (entry.a, entry.b) in accounts)
        return Decimal(sum(entry.delta for entry in entries)) / 100

    def _sum(self, payment_id: UUID, *lines: int) -> Decimal:
        entries = (entry for claim in self._claims() for entry in claim.entries if entry.a == payment_id)
        return Decimal(sum(entry.delta for entry in entries if entry.line in lines)) / 100


GUARD = ledger(
    NAME,
    kinds=(Payment, Refund),
    claim_of=claim_of,
    revision=3,
    forbids=lambda _, account: account[1] != UNALLOCATED,
    sql_forbids=f"account.b <> '{UNALLOCATED}'",
    refusal=refusal,
    reads=Reads[Payments]("payments", PostgresPayments, MemoryPayments),
)
