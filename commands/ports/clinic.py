"""The clinic's event log as commands use it.

`load` returns an aggregate in its present state, with a query; `cached` returns it at once, perhaps a little outdated. A command
that decides by a cached aggregate names it in `save(if_unchanged=…)`: if the aggregate has moved, the save is refused with
`ClaimMoved`, and `commands.retry` decides again by the newer state.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import msgspec

from aggregates.kernel import Aggregate, DomainError
from commands.context import Context, Receipt
from commands.ports.cash import CashLedger
from commands.ports.dictionaries import Dictionaries
from commands.ports.numbers import Numbers
from commands.ports.pay_accounts import PayAccounts
from commands.ports.payments import Payments
from commands.ports.returned_goods import ReturnedGoods
from commands.ports.stated_receipts import StatedReceipts
from commands.ports.stock import StockLedger
from commands.ports.user_accesses import Accesses
from commands.ports.visit_times import DoctorsPatients, VisitTimes

A = TypeVar("A", bound=Aggregate)


class AggregateNotFound(DomainError):
    """No such stream, or none yet at the requested version or moment. Facts: kind, id; requested `version`, 0 = before the
    first.
    """

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        version = self.facts.get("version")
        if version is None:
            return "Такого объекта нет. Возможно, ссылка устарела."
        if version < 1:
            return "Тогда этого объекта ещё не было. Выберите более поздний момент или версию от 1."
        return f"Версии {version} у этого объекта нет. Посмотрите его историю: в ней все версии."


class VersionMoved(DomainError):
    """The aggregate has moved past the version that the person saw. Facts: kind, id, expected, version (if known)."""

    code: ClassVar[str] = "version_moved"
    status: ClassVar[int] = 412

    @property
    def sentence(self) -> str:
        return "Пока вы работали, эти данные изменил кто-то другой. Обновите их и повторите изменение."


class SaveConflict(VersionMoved):
    """A saved stream has moved between load and save: decide again. Facts: kind, id."""


class ClaimMoved(DomainError):
    """An aggregate that the decision relied on has moved: decide again. Facts: id."""

    code: ClassVar[str] = "claim_moved"

    @property
    def sentence(self) -> str:
        return "Данные только что изменились. Повторите действие."


class IdempotencyKeyReused(DomainError):
    """One command id came with two different requests."""

    code: ClassVar[str] = "idempotency_key_reused"

    @property
    def sentence(self) -> str:
        return "Этот ключ повтора уже использован для другого запроса. Отправьте запрос с новым ключом."


class Save(msgspec.Struct, frozen=True, kw_only=True):
    """One of many saves: an aggregate's new events, by its own command. `if_unchanged`: what its decision relied on."""

    aggregate: Aggregate
    ctx: Context
    facts: Mapping[str, Any] = {}
    if_unchanged: Sequence[Aggregate] = ()


class Clinic(ABC):
    """One clinic's aggregates, and queries of its guards (`Reads` of `gateways/guards/declaration.py`). Thread-safe.

    No Protocol, so that an implementation needs no list of the guards' queries of its own.
    """

    visit_times: VisitTimes
    doctors_patients: DoctorsPatients
    accesses: Accesses
    stock_ledger: StockLedger
    cash_ledger: CashLedger
    payments: Payments
    pay_accounts: PayAccounts
    stated_receipts: StatedReceipts
    returned_goods: ReturnedGoods
    numbers: Numbers
    dictionaries: Dictionaries

    @abstractmethod
    def load(self, kind: type[A], id: UUID, version: int | None = None, *, expected: int | None = None) -> A:  # noqa: A002
        """The aggregate as it is now, or as it was at `version`.

        `expected`: the version that the person saw (`If-Match`); VersionMoved if it has moved.
        AggregateNotFound if there is no such stream or version.
        """

    @abstractmethod
    def load_each(self, kind: type[A], ids: Iterable[UUID]) -> dict[UUID, A]:
        """Many aggregates as they are now, with one query; those that don't exist are left out."""

    @abstractmethod
    def load_at(self, kind: type[A], id: UUID, moment: datetime) -> A:  # noqa: A002
        """The aggregate as it was at an instant (aware). AggregateNotFound before its first event."""

    @abstractmethod
    def cached(self, kind: type[A], id: UUID) -> A:  # noqa: A002
        """The aggregate from the cache if possible, perhaps a little outdated."""

    @abstractmethod
    def refresh_cached(self) -> bool:
        """Reload what this thread took by `cached` since its last save; True if any of it has moved."""

    @abstractmethod
    def save(
        self,
        *aggregates: Aggregate,
        ctx: Context,
        if_unchanged: Iterable[Aggregate] = (),
        facts: Mapping[str, Any] | None = None,
        passwords: Mapping[UUID, str] | None = None,
    ) -> Receipt:
        """Append the new events of all aggregates, or none; the receipt is for the first aggregate.

        `if_unchanged`: aggregates that the decision relied on. `facts`: what else the answer says. `passwords`: access id →
        hash, stored outside the log in the same transaction.
        Guards check rules across aggregates in the same transaction; each refuses with its own domain error.
        A command id that was seen before appends nothing and returns the stored receipt.
        Without new events nothing is written, and the position is 0.

        SaveConflict, ClaimMoved, IdempotencyKeyReused, DatabaseUnavailable.
        """

    @abstractmethod
    def save_each(self, saves: Sequence[Save]) -> list[Receipt | DomainError]:
        """Append or refuse each save independently, all in one transaction.

        The outcomes in order: what `save` would have returned or raised. DatabaseUnavailable is raised for all.
        """

    @abstractmethod
    def stored_receipt(self, ctx: Context) -> Receipt | None:
        """The receipt of a command that was executed before. IdempotencyKeyReused."""

    @abstractmethod
    def note_command(self, ctx: Context) -> None:
        """Store a receipt for a command that triggers no event, for `stored_receipt`. Without a command id this does nothing."""

    @abstractmethod
    def write_lock(self) -> AbstractContextManager[None]:
        """Hold the clinic's write lock: nobody else writes inside. Committed at the exit, rolled back by an exception.

        Inside, `cached` reads the present state too. A nested one joins the outer one.
        """
