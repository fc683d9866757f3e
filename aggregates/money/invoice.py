"""An invoice to an organisation that pays for patients: what it owes by the register of a period, frozen as issued (FIN-7).

Its act is a second paper of the same content and number. What of a payment it bills for a visit is never more than the
organisation owes of it, all invoices in force together: found on save by `gateways/guards/invoiced.py`. What incomes pay of it is
never more than it comes to: `gateways/guards/invoice_payments.py`. A wrong one is annulled, which is its deletion.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.day import DATE
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import COMMENT, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.numbering import Numbered
from aggregates.values import Scalar, WrongValue

INVOICE_FIELDS = Fields(
    Field(name="first", label="Оплаты с", kind=DATE),
    Field(name="last", label="Оплаты по", kind=DATE, required=True),
    Field(name="issued_on", label="Дата счёта", kind=DATE, required=True),
    Field(name="act_on", label="Дата акта", kind=DATE, required=True),
    Field(name="due_on", label="Оплатить до", kind=DATE),
    Field(name="comment", label="Комментарий", kind=COMMENT),
)
"""`first`, `last`: the days of the payments in the register; none of `first`: since ever."""
MOST_INVOICED = 1000
"""Most lines of an invoice."""

InvoiceState = Literal["issued", "partly_paid", "paid", "annulled"]
INVOICE_STATES: dict[InvoiceState, str] = {
    "issued": "выставлен",
    "partly_paid": "оплачен частично",
    "paid": "оплачен",
    "annulled": "аннулирован",
}


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """What of a visit is billed, as it was when the invoice was issued. `payment_id`: by which the organisation owes it; `sum`:
    rubles, above 0.
    """

    payment_id: UUID
    visit_id: UUID
    visit_number: int
    day: date
    patient_id: UUID | None
    patient: str
    card_number: str
    services: str
    sum: Decimal


class InvoiceDeleted(DomainError):
    """Facts: `invoice_id`."""

    code: ClassVar[str] = "invoice_deleted"

    @property
    def sentence(self) -> str:
        return "Счёт аннулирован. Выберите другой или верните его."


class NothingToInvoice(DomainError):
    """All that the organisation owes until then is in invoices already, or it owes nothing."""

    code: ClassVar[str] = "nothing_to_invoice"

    @property
    def sentence(self) -> str:
        return "За этот период выставлять нечего: услуг нет или они уже в других счетах. Измените период."


class InvoicedSumMoved(DomainError):
    """The register changed since it was shown. Facts: `sum` (rubles): what it comes to now."""

    code: ClassVar[str] = "invoiced_sum_moved"

    @property
    def sentence(self) -> str:
        return "Пока вы заполняли счёт, реестр изменился. Проверьте сумму и сохраните ещё раз."


class AlreadyInvoiced(DomainError):
    """More of a visit would be in invoices in force than the organisation owes of it. Found on save by
    `gateways/guards/invoiced.py`. Facts: `visit_id`, `excess` (rubles).
    """

    code: ClassVar[str] = "already_invoiced"

    def __init__(self, visit_id: UUID, excess: Decimal) -> None:
        super().__init__(visit_id=visit_id, excess=excess)

    @property
    def sentence(self) -> str:
        return (
            "Этот визит уже в действующем счёте организации: дважды его не выставить, а сумму, на которую счёт выставлен, "
            "не уменьшить. Аннулируйте счёт и выставьте другой."
        )


class InvoiceOverpaid(DomainError):
    """Incomes would pay more of an invoice than it comes to; or one that was paid is annulled. Found on save by
    `gateways/guards/invoice_payments.py`. Facts: `invoice_id`, `excess` (rubles).
    """

    code: ClassVar[str] = "invoice_overpaid"

    def __init__(self, invoice_id: UUID, excess: Decimal) -> None:
        super().__init__(invoice_id=invoice_id, excess=excess)

    @property
    def sentence(self) -> str:
        excess = f"{self.facts['excess']:,.2f}".replace(",", "\u00a0").replace(".", ",")
        return (
            f"Счёт оказался бы оплачен больше, чем на свою сумму: лишние {excess}\u00a0₽. Уменьшите оплату этого счёта "
            "в приходе средств."
        )


class Invoice(DeletedAtWill, ReturnedAtWill):
    TOPIC = "invoice"

    number: int
    counterparty_id: UUID
    card: dict[str, Scalar]
    lines: tuple[InvoiceLine, ...]

    class Issued(Event, frozen=True):
        TOPIC: ClassVar[str] = "invoice.issued.1"
        number: int
        counterparty_id: UUID
        card: dict[str, str | int | bool | None]
        lines: tuple[InvoiceLine, ...]

    class Deleted(ObjectDeleted, frozen=True):
        """It is annulled."""

        TOPIC: ClassVar[str] = "invoice.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "invoice.returned.1"

    @property
    def day(self) -> date:
        """What a closed period is asked about."""
        return min(date.fromisoformat(str(self.card[name])) for name in ("issued_on", "act_on"))

    @property
    def total(self) -> Decimal:
        return invoiced_total(self.lines)

    def issue(
        self,
        number: int,
        counterparty_id: UUID,
        card: Mapping[str, Any],
        lines: Sequence[InvoiceLine],
        *,
        today: date,
        at: datetime,
    ) -> None:
        """NothingToInvoice, WrongValue, WrongValues."""
        checked = INVOICE_FIELDS.checked(card, today)
        if checked["first"] and str(checked["first"]) > str(checked["last"]):
            raise WrongValue("last", "Конец периода раньше его начала.")
        if checked["due_on"] and str(checked["due_on"]) < str(checked["issued_on"]):
            raise WrongValue("due_on", "Срок оплаты раньше даты счёта.")
        if len(lines) > MOST_INVOICED:
            raise WrongValue("last", f"В одном счёте может быть не больше {MOST_INVOICED} визитов. Возьмите период короче.")
        if not lines:
            raise NothingToInvoice
        self.trigger(
            self.Issued, number=number, counterparty_id=counterparty_id, card=checked, lines=tuple(lines), at=at
        )  # fmt: skip

    def refusal_when_deleted(self) -> InvoiceDeleted:
        return InvoiceDeleted(invoice_id=self.id)

    @applies(Issued)
    def _issued(self, event: Issued) -> None:
        self.number = event.number
        self.counterparty_id = event.counterparty_id
        self.card = {**INVOICE_FIELDS.empty, **event.card}
        self.lines = event.lines


INVOICE_NUMBERS = Numbered("invoice", "number", (Invoice.Issued,))


def invoiced_total(lines: Sequence[InvoiceLine]) -> Decimal:
    """Rubles."""
    return sum((line.sum for line in lines), Decimal("0.00"))
