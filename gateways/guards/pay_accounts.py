"""What employees are owed: posted accruals of pay, less what outgoes paid by them (FIN-2).

Nothing is refused: who pays more than is owed is asked first (`commands/payroll/excess.py`). The guard tells what is in effect,
under the write lock, so that two who post accruals of one employee at once know of each other. All is of one moment.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from aggregates.kernel import Aggregate, DomainError
from aggregates.money.kopecks import rubles
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyOutgo
from aggregates.money.pay_warnings import PaidAboveOwed
from aggregates.payroll.pay_accrual import PayAccrual, posting_id
from aggregates.warnings import NeedsConfirmation
from commands.ports.pay_accounts import PayAccounts
from gateways.database import Database
from gateways.guards.declaration import Reads
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, MemoryLedger, PostgresLedger, ledger

NAME = "pay_accounts"
ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  one moment for all
_ACCRUED, _PAID = 0, 1


def claim_of(document: Aggregate) -> LedgerClaim:
    if isinstance(document, MoneyDocument):
        return LedgerClaim(id=document.id, moment=ALWAYS, place=document.place, entries=_paid(document))
    assert isinstance(document, PayAccrual)  # noqa: S101  the kinds below
    return LedgerClaim(id=document.id, moment=ALWAYS, place=0, entries=_accrued(document))


def _accrued(accrual: PayAccrual) -> list[Entry]:
    """`line`: which of its postings that is."""
    if not accrual.effective:
        return []
    employee = accrual.employee_id
    return [Entry(a=employee, b=employee, line=accrual.postings, rank=_ACCRUED, delta=int(accrual.total * 100))]


def _paid(outgo: MoneyDocument) -> list[Entry]:
    if outgo.deleted or outgo.accrual_id is None:
        return []
    employee = UUID(str(outgo.card["employee_id"]))
    return [Entry(a=employee, b=employee, line=0, rank=_PAID, delta=-int(outgo.total * 100))]


def refusal(shortages: Sequence[BelowZero]) -> DomainError:
    """Never raised: the guard forbids nothing."""
    return NeedsConfirmation([PaidAboveOwed(employee_id=one.a, excess=rubles(-one.balance)) for one in shortages])


def _excess(shortages: Sequence[BelowZero]) -> Decimal:
    return max((rubles(-one.balance) for one in shortages), default=rubles(0))


class PostgresPayAccounts:
    """`commands.ports.pay_accounts.PayAccounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ledger = PostgresLedger(NAME, database)

    def in_effect(self, employee_id: UUID) -> frozenset[UUID]:
        with self._database.connection() as connection:
            found = connection.execute(IN_EFFECT, (employee_id, employee_id, _ACCRUED)).fetchall()
        return frozenset(posting_id(id_, postings) for id_, postings in found)

    def excess(self, document: PayAccrual | MoneyDocument) -> Decimal:
        return _excess(self._ledger.shortages(claim_of(document)))


IN_EFFECT = "SELECT id, line FROM guard_pay_accounts_entries WHERE a = %s AND b = %s AND rank = %s"


class MemoryPayAccounts:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[LedgerClaim]]) -> None:
        self._claims = claims
        self._ledger = MemoryLedger(claims)

    def in_effect(self, employee_id: UUID) -> frozenset[UUID]:
        return frozenset(
            posting_id(claim.id, entry.line)
            for claim in self._claims()
            for entry in claim.entries
            if (entry.a, entry.rank) == (employee_id, _ACCRUED)
        )

    def excess(self, document: PayAccrual | MoneyDocument) -> Decimal:
        return _excess(self._ledger.shortages(claim_of(document)))


GUARD = ledger(
    NAME,
    kinds=(PayAccrual, MoneyOutgo),
    claim_of=claim_of,
    forbids=lambda _tables, _account: False,
    sql_forbids="false",
    refusal=refusal,
    revision=2,
    reads=Reads[PayAccounts]("pay_accounts", PostgresPayAccounts, MemoryPayAccounts),
)
