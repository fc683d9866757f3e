"""Money that goes back to a patient. It names its payment, and goes back the way it came.

Refunds of a payment are together no more than the payment: found on save by `gateways/guards/payments.py`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.fields import Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.money.desk_kind import DeskKind
from aggregates.money.money_document import RANKS, DeskMove
from aggregates.money.payment import Payment, Till
from aggregates.values import WrongValue, money

REFUND_FIELDS = Fields(Field(name="reason", label="Причина", limit=200))


class RefundDeleted(DomainError):
    """Facts: `refund_id`."""

    code: ClassVar[str] = "refund_deleted"

    @property
    def sentence(self) -> str:
        return "Возврат удалён. Обновите страницу."


class RefundBeforePayment(DomainError):
    """Facts: `field`, `moment` (of the payment)."""

    code: ClassVar[str] = "refund_before_payment"

    def __init__(self, moment: datetime) -> None:
        super().__init__(field="moment", moment=moment)

    @property
    def sentence(self) -> str:
        return f"Возврат не может быть раньше оплаты: она от {self.facts['moment']:%d.%m.%Y %H:%M}."


class AnotherWay(DomainError):
    """Money of a certificate goes back to it, other money from a desk of the kind that it came into. Facts: `field`, `kind` (of
    desks; "" for a certificate).
    """

    code: ClassVar[str] = "refund_another_way"

    def __init__(self, kind: DeskKind | Literal[""]) -> None:
        super().__init__(field="desk_id", kind=kind)

    @property
    def sentence(self) -> str:
        return f"Деньги возвращают так, как они пришли: {_WAYS[self.facts['kind']]}."


_WAYS: Mapping[str, str] = {
    "": "на тот же сертификат",
    "cash": "из кассы наличных",
    "terminal": "через терминал",
    "bank": "с расчётного счёта",
}


class Refund(Deletable):
    TOPIC = "refund"

    number: int
    place: int
    moment: datetime
    patient_id: UUID | None
    payment_id: UUID
    till: Till
    sum: Decimal

    class Made(Event, frozen=True):
        TOPIC: ClassVar[str] = "refund.made.2"
        number: int
        place: int
        moment: datetime
        patient_id: UUID | None
        payment_id: UUID
        till: Till
        sum: Decimal
        reason: str

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "refund.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "refund.returned.1"

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def moves(self) -> tuple[DeskMove, ...]:
        """What it moves in a desk when it is in effect."""
        return self.till.moves(RANKS["outgo"], -self.sum)

    def make(
        self,
        number: int,
        place: int,
        moment: datetime,
        payment: Payment,
        till: Till,
        amount: Decimal,
        reason: str,
        *,
        at: datetime,
    ) -> None:
        """`till`: a desk, or the payment's certificate. PaymentDeleted, RefundBeforePayment, AnotherWay, WrongValue."""
        payment.require_active()
        checked = money("sum", amount)
        if not checked:
            raise WrongValue("sum", "Сумма возврата должна быть больше нуля.")
        if checked > payment.sum:
            raise WrongValue("sum", "Возврат больше оплаты. Укажите меньшую сумму.")
        if moment < payment.moment:
            raise RefundBeforePayment(payment.moment)
        came = payment.till
        if (till.certificate_id, till.desk_kind) != (came.certificate_id, came.desk_kind):
            raise AnotherWay(came.desk_kind)  # type: ignore[arg-type]  # the kind of a desk
        described = REFUND_FIELDS.checked({"reason": reason})
        self.trigger(
            self.Made,
            number=number,
            place=place,
            moment=moment,
            patient_id=payment.patient_id,
            payment_id=payment.id,
            till=till,
            sum=checked,
            reason=str(described["reason"]),
            at=at,
        )

    def delete(self, *, at: datetime) -> None:
        """AlreadyDeleted."""
        self.require_not_deleted()
        self.trigger(self.Deleted, at=at)

    def return_(self, *, at: datetime) -> None:
        """NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, at=at)

    def refusal_when_deleted(self) -> RefundDeleted:
        return RefundDeleted(refund_id=self.id)

    @applies(Made)
    def _made(self, event: Made) -> None:
        self.number = event.number
        self.place = event.place
        self.moment = event.moment
        self.patient_id = event.patient_id
        self.payment_id = event.payment_id
        self.till = event.till
        self.sum = event.sum
