"""A payment of a patient: money that came into a desk, a part of a certificate, or what an organisation owes (ДМС, employer), and
the visits and sales that it pays for.

What isn't allocated is the patient's prepayment. No more than the payment's sum is allocated and refunded together: found on
save by `gateways/guards/payments.py`. A visit gets no more than it costs: `commands/money/payment.py` decides that while nobody
else writes. Only the allocations of a payment change; a wrong one is deleted.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.fields import COMMENT, Field, Fields, Kind
from aggregates.kernel import DomainError, Event, applies
from aggregates.money.allocation import NOTHING, Allocation, allocated, restored, taken_back
from aggregates.money.money_document import RANKS, DeskMove
from aggregates.people.person import email
from aggregates.phones import phone
from aggregates.values import WrongValue, money

MOST_CONTACT = 254


def contact(field: str, value: object) -> str:
    """Where an electronic receipt goes: an e-mail address, or a phone number in international form; "" for none. WrongValue."""
    return email(field, value) if "@" in str(value) else phone(field, value)


CONTACT = Kind(type="text", check=lambda field, value, _: contact(field.name, value), limit=MOST_CONTACT)
PAYMENT_FIELDS = Fields(
    Field(name="receipt_to", label="Электронный чек", kind=CONTACT), Field(name="comment", label="Комментарий", kind=COMMENT)
)


class PaymentDeleted(DomainError):
    """Facts: `payment_id`."""

    code: ClassVar[str] = "payment_deleted"

    @property
    def sentence(self) -> str:
        return "Оплата удалена. Обновите страницу."


class PaymentSpent(DomainError):
    """More would be allocated and refunded than was paid. Checked on save by `gateways/guards/payments.py`.

    Facts: `payment_id`, `missing` (rubles).
    """

    code: ClassVar[str] = "payment_spent"

    def __init__(self, payment_id: UUID, missing: Decimal) -> None:
        super().__init__(payment_id=payment_id, missing=missing)

    @property
    def sentence(self) -> str:
        missing = f"{self.facts['missing']:.2f}".replace(".", ",")
        return f"От этой оплаты столько не осталось: не хватает {missing} ₽. Обновите страницу и укажите меньшую сумму."


class PaymentRefunded(DomainError):
    """A payment of which money was returned isn't deleted. Facts: `payment_id`."""

    code: ClassVar[str] = "payment_refunded"

    @property
    def sentence(self) -> str:
        return "По этой оплате были возвраты. Сначала удалите их."


class Till(msgspec.Struct, frozen=True):
    """Where money comes in or goes out: a desk with the kind that it had, or a certificate; neither: an organisation owes it."""

    desk_id: UUID | None = None
    desk_kind: str = ""
    certificate_id: UUID | None = None

    def moves(self, rank: int, amount: Decimal) -> tuple[DeskMove, ...]:
        """`amount`: rubles, positive in; nothing moves in a desk where it is a certificate's."""
        return () if self.desk_id is None else (DeskMove(self.desk_id, rank, int(amount * 100)),)


class Payment(Deletable):
    TOPIC = "payment"

    number: int
    place: int
    moment: datetime
    patient_id: UUID | None
    till: Till
    sum: Decimal
    allocations: tuple[Allocation, ...]
    withdrawn: tuple[Allocation, ...] = ()
    """Of a deleted one: what it had been allocated."""
    counterparty_id: UUID | None
    receipt_to: str

    class Taken(Event, frozen=True):
        """`place`: its order among the money documents of one moment. `patient_id`: None where nobody is named: somebody bought
        goods at the desk, and nothing of it is ever a prepayment. `payer_id`: another person who pays (a card), or
        `counterparty_id`: an organisation; neither: the patient. `handed`: cash that was handed over, with the change that was
        given back. `receipt_to`: e-mail or phone for the electronic receipt.
        """

        TOPIC: ClassVar[str] = "payment.taken.2"
        number: int
        place: int
        moment: datetime
        patient_id: UUID | None
        till: Till
        sum: Decimal
        allocations: tuple[Allocation, ...]
        payer_id: UUID | None = None
        counterparty_id: UUID | None = None
        handed: Decimal | None = None
        receipt_to: str = ""
        comment: str = ""

    class Reallocated(Event, frozen=True):
        """`allocations`: further ones; negative where some is taken back."""

        TOPIC: ClassVar[str] = "payment.reallocated.1"
        allocations: tuple[Allocation, ...]

    class Deleted(ObjectDeleted, frozen=True):
        """`allocations`: what pays for nothing any more."""

        TOPIC: ClassVar[str] = "payment.deleted.1"
        allocations: tuple[Allocation, ...]

    class Returned(ObjectReturned, frozen=True):
        """`allocations`: all of its entries, as they were before it was deleted, without what visits have no room for. Returns
        from before they were named brought none back: it was prepayment.
        """

        TOPIC: ClassVar[str] = "payment.returned.1"
        allocations: tuple[Allocation, ...] = ()

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def owed(self) -> bool:
        """Whether an organisation owes it: no money came."""
        return self.counterparty_id is not None and self.till.desk_id is None and self.till.certificate_id is None

    @property
    def moves(self) -> tuple[DeskMove, ...]:
        """What it moves in a desk when it is in effect."""
        return self.till.moves(RANKS["income"], self.sum)

    @property
    def allocated(self) -> dict[UUID, Decimal]:
        """Visit or sale → what of the payment pays for it."""
        return allocated(self.allocations)

    @property
    def unallocated(self) -> Decimal:
        """What no visit has got; refunds aren't subtracted."""
        return self.sum - sum(self.allocated.values(), NOTHING)

    def take(
        self,
        number: int,
        place: int,
        moment: datetime,
        patient_id: UUID | None,
        till: Till,
        amount: Decimal,
        shares: dict[UUID, Decimal],
        *,
        payer_id: UUID | None = None,
        counterparty_id: UUID | None = None,
        handed: Decimal | None = None,
        receipt_to: str = "",
        comment: str = "",
        sales: Collection[UUID] = (),
        at: datetime,
    ) -> None:
        """Take a payment. `shares`: visit or sale → what it pays of it; `sales`: those of them that aren't visits. WrongValue."""
        checked = money("sum", amount)
        if not checked:
            raise WrongValue("sum", "Сумма оплаты должна быть больше нуля.")
        if handed is not None and (handed := money("handed", handed)) < checked:
            raise WrongValue("handed", "Передано меньше суммы оплаты. Уменьшите сумму или исправьте полученное.")
        if sum(shares.values(), NOTHING) > checked:
            raise WrongValue("sum", "Распределено больше, чем оплачено.")
        described = PAYMENT_FIELDS.checked({"receipt_to": receipt_to, "comment": comment})
        self.trigger(
            self.Taken,
            number=number,
            place=place,
            moment=moment,
            patient_id=patient_id,
            till=till,
            sum=checked,
            allocations=_allocations(shares, moment, sales),
            payer_id=payer_id,
            counterparty_id=counterparty_id,
            handed=handed,
            receipt_to=str(described["receipt_to"]),
            comment=str(described["comment"]),
            at=at,
        )

    def allocate(self, shares: dict[UUID, Decimal], moment: datetime, *, sales: Collection[UUID] = (), at: datetime) -> None:
        """Let it pay for visits and sales too, out of what is unallocated; from `moment` on, and not before the payment's own."""
        self.require_active()
        if found := _allocations(shares, max(moment, self.moment), sales):
            self.trigger(self.Reallocated, allocations=found, at=at)

    def release(self, charge_id: UUID, moment: datetime, most: Decimal | None = None, *, at: datetime) -> None:
        """Take back what pays for a visit or a sale, or no more of it than `most`: it becomes prepayment."""
        self.require_active()
        paid = self.allocated.get(charge_id, NOTHING)
        amount = paid if most is None else min(paid, most)
        if amount:
            of_it = next(one for one in self.allocations if one.charge_id == charge_id)
            back = of_it.taken_back(amount, self.earliest_release(charge_id, moment))
            self.trigger(self.Reallocated, allocations=(back,), at=at)

    def earliest_release(self, charge_id: UUID, moment: datetime) -> datetime:
        """From when what pays for a visit is taken back at a moment: not before it was allocated, so that no day shows less than
        nothing.
        """
        return max(moment, self.moment, *(one.moment for one in self.allocations if one.charge_id == charge_id))

    def give_back(self, refund_id: UUID, amount: Decimal, refunded: Decimal, moment: datetime, *, at: datetime) -> None:
        """Take back allocations for a refund of `amount`, the latest first, where the rest isn't enough. `refunded`: before."""
        self.require_active()
        lacking = amount - (self.unallocated - refunded)
        if lacking > 0 and (back := taken_back(self.allocations, lacking, max(moment, self.moment), refund_id)):
            self.trigger(self.Reallocated, allocations=back, at=at)

    def delete(self, *, at: datetime) -> None:
        """AlreadyDeleted."""
        self.require_not_deleted()
        back = tuple(one.taken_back(one.sum, one.moment) for one in self.allocations)
        self.trigger(self.Deleted, allocations=back, at=at)

    def return_(self, room: Mapping[UUID, Decimal] = {}, *, at: datetime) -> None:
        """As if it had never been deleted; what visits have no room for is prepayment. `room`: visit → what it may get.
        NotDeleted.
        """
        self.require_deleted()
        self.trigger(self.Returned, allocations=restored(self.withdrawn, room), at=at)

    def refusal_when_deleted(self) -> PaymentDeleted:
        return PaymentDeleted(payment_id=self.id)

    @applies(Taken)
    def _taken(self, event: Taken) -> None:
        self.number = event.number
        self.place = event.place
        self.moment = event.moment
        self.patient_id = event.patient_id
        self.till = event.till
        self.sum = event.sum
        self.allocations = event.allocations
        self.counterparty_id = event.counterparty_id
        self.receipt_to = event.receipt_to

    @applies(Reallocated)
    def _reallocated(self, event: Reallocated) -> None:
        self.allocations = (*self.allocations, *event.allocations)

    @applies(Deleted)
    def _deleted_with_allocations(self, _: Deleted) -> None:
        self.deleted, self.withdrawn, self.allocations = True, self.allocations, ()

    @applies(Returned)
    def _returned_with_allocations(self, event: Returned) -> None:
        self.deleted, self.withdrawn, self.allocations = False, (), event.allocations


def _allocations(shares: dict[UUID, Decimal], moment: datetime, sales: Collection[UUID]) -> tuple[Allocation, ...]:
    found: Sequence[Allocation] = [
        Allocation(charge_id, money("sum", amount), moment, "sale" if charge_id in sales else "visit")
        for charge_id, amount in shares.items()
    ]
    return tuple(one for one in found if one.sum)
