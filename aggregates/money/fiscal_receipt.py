"""A fiscal receipt on its way: requested together with what it is for, handed over to the register, printed once (FIN-5).

Money stands by itself: a receipt that isn't printed changes nothing about the payment. An attempt is handed over again under its
own id until the register has decided; only after it gave up, a person lets it try again under a new id, or gives it up: then
nothing counts as said by it, until the register says that it was printed after all.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID, uuid5

import msgspec

from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.money.receipt import Receipt
from aggregates.money.receipt_accounts import StatedLine, StatedMoney
from aggregates.values import NAMESPACE_DENTA, WrongValue, text

MOST_REASON = 200
ReceiptState = Literal["waiting", "sent", "printed", "failed", "given_up"]
RECEIPT_STATES: dict[ReceiptState, str] = {
    "waiting": "ждёт кассу",
    "sent": "отправлен",
    "printed": "пробит",
    "failed": "не пробит",
    "given_up": "не нужен",
}


class PrintedSigns(msgspec.Struct, frozen=True, kw_only=True):
    """The signs of a printed receipt.

    register_number  регистрационный номер ККТ; storage_number: номер ФН; document_number: номер ФД; sign: ФПД.
    printed_at       by the register's clock, naive.
    link             a page that shows it; "" if there is none.
    """

    register_number: str
    storage_number: str
    document_number: int
    sign: str
    shift_number: int
    number_in_shift: int
    printed_at: datetime
    link: str = ""


class ReceiptNotFailed(DomainError):
    """Only a receipt that the register has given up is tried again. Facts: `receipt_id`, `state`."""

    code: ClassVar[str] = "receipt_not_failed"

    @property
    def sentence(self) -> str:
        state: ReceiptState = self.facts["state"]
        return f"Чек уже «{RECEIPT_STATES[state]}». Обновите страницу."


def receipt_id(document_id: UUID, occasion: str) -> UUID:
    """The id of the receipt of a document: one for each occasion, such as its payment or its completion."""
    return uuid5(NAMESPACE_DENTA, f"fiscal-receipt:{occasion}:{document_id}")


class FiscalReceipt(Aggregate):
    TOPIC = "fiscal_receipt"

    receipt: Receipt
    state: ReceiptState
    attempt: int = 1
    register_id: str = ""
    after: tuple[UUID, ...]
    lines: tuple[StatedLine, ...]
    money: tuple[StatedMoney, ...]
    document_ids: tuple[UUID, ...]
    because: UUID | None = None

    class Requested(Event, frozen=True):
        """`document_ids`: payments, refunds, certificates or visits that it is for, the first one first. `after`: receipts that
        have to be printed before it. `lines`, `money`: what it says of visits and payments (`receipt_accounts.py`).
        """

        TOPIC: ClassVar[str] = "fiscal_receipt.requested.1"
        receipt: Receipt
        document_ids: tuple[UUID, ...]
        patient_id: UUID | None
        moment: datetime
        after: tuple[UUID, ...] = ()
        lines: tuple[StatedLine, ...] = ()
        money: tuple[StatedMoney, ...] = ()

    class HandedOver(Event, frozen=True):
        """`register_id`: by which the register is asked."""

        TOPIC: ClassVar[str] = "fiscal_receipt.handed_over.1"
        attempt: int
        register_id: str

    class Printed(Event, frozen=True):
        TOPIC: ClassVar[str] = "fiscal_receipt.printed.1"
        signs: PrintedSigns

    class Failed(Event, frozen=True):
        """The register refused it or gave up: nothing was printed. `code`, `text`: its own."""

        TOPIC: ClassVar[str] = "fiscal_receipt.failed.1"
        attempt: int
        code: int
        text: str

    class Retried(Event, frozen=True):
        """A person lets it try again, under a new id."""

        TOPIC: ClassVar[str] = "fiscal_receipt.retried.1"
        attempt: int

    class GivenUp(Event, frozen=True):
        """It isn't printed any more. `because`: the failed receipt after which it had to be printed; None: it is that one."""

        TOPIC: ClassVar[str] = "fiscal_receipt.given-up.1"
        reason: str
        because: UUID | None = None

    @property
    def attempt_id(self) -> str:
        """What the register knows this attempt by."""
        return f"{self.id}/{self.attempt}"

    @property
    def account_ids(self) -> tuple[UUID, ...]:
        """What it says something of."""
        of_money = (id_ for one in self.money for id_ in (one.visit_id, one.payment_id))
        return tuple(dict.fromkeys((*(one.account_id for one in self.lines), *of_money)))

    def request(
        self,
        receipt: Receipt,
        document_ids: tuple[UUID, ...],
        patient_id: UUID | None,
        moment: datetime,
        *,
        after: tuple[UUID, ...] = (),
        lines: tuple[StatedLine, ...] = (),
        money: tuple[StatedMoney, ...] = (),
        at: datetime,
    ) -> None:
        self.trigger(
            self.Requested,
            receipt=receipt,
            document_ids=document_ids,
            patient_id=patient_id,
            moment=moment,
            after=after,
            lines=lines,
            money=money,
            at=at,
        )

    def hand_over(self, register_id: str, *, at: datetime) -> None:
        """Nothing if it isn't waiting: somebody was quicker."""
        if self.state == "waiting":
            self.trigger(self.HandedOver, attempt=self.attempt, register_id=register_id, at=at)

    def print(self, signs: PrintedSigns, *, at: datetime) -> None:
        """Also if it was given up meanwhile: what is printed is printed."""
        if self.state in {"sent", "given_up"}:
            self.trigger(self.Printed, signs=signs, at=at)

    def fail(self, code: int, text: str, *, at: datetime) -> None:
        if self.state in {"waiting", "sent"}:
            self.trigger(self.Failed, attempt=self.attempt, code=code, text=text, at=at)

    def retry(self, *, at: datetime) -> None:
        """ReceiptNotFailed."""
        if self.state != "failed":
            raise ReceiptNotFailed(receipt_id=self.id, state=self.state)
        self.trigger(self.Retried, attempt=self.attempt + 1, at=at)

    def give_up(self, reason: object, *, at: datetime) -> None:
        """ReceiptNotFailed, WrongValue."""
        if self.state != "failed":
            raise ReceiptNotFailed(receipt_id=self.id, state=self.state)
        if not (written := " ".join(text("reason", reason, limit=MOST_REASON).split())):
            raise WrongValue("reason", "Напишите, почему чек не нужен.")
        self.trigger(self.GivenUp, reason=written, at=at)

    def withdraw(self, because: UUID, reason: str, *, at: datetime) -> None:
        """Since the receipt before it was given up: it was never handed over. Nothing if it isn't waiting."""
        if self.state == "waiting":
            self.trigger(self.GivenUp, reason=reason, because=because, at=at)

    @applies(Requested)
    def _requested(self, event: Requested) -> None:
        self.receipt, self.state = event.receipt, "waiting"
        self.after, self.lines, self.money = event.after, event.lines, event.money
        self.document_ids = event.document_ids

    @applies(HandedOver)
    def _handed_over(self, event: HandedOver) -> None:
        self.state, self.register_id = "sent", event.register_id

    @applies(Printed)
    def _printed(self, _: Printed) -> None:
        self.state = "printed"

    @applies(Failed)
    def _failed(self, _: Failed) -> None:
        self.state = "failed"

    @applies(GivenUp)
    def _given_up(self, event: GivenUp) -> None:
        self.state, self.because = "given_up", event.because

    @applies(Retried)
    def _retried(self, event: Retried) -> None:
        self.state, self.attempt, self.register_id = "waiting", event.attempt, ""
