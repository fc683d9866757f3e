"""A certificate: sold for money, used as payment, never below zero (FIN-3, found on save by `gateways/guards/certificates.py`).

What is sold is an advance, not income: income comes when it pays for a visit. Its code is what stands on the paper; no two active
certificates have the same (`gateways/guards/certificate_code.py`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from aggregates.day import DATE
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import COMMENT, LINE, MONEY, REFERENCE, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.moment import MOMENT
from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.money_document import RANKS, DeskMove
from aggregates.money.payment import Till
from aggregates.values import FieldChange, Scalar, WrongValue, field_changes

CERTIFICATE_FIELDS = Fields(
    Field(name="code", label="Номер сертификата", kind=LINE, limit=50, required=True),
    Field(name="moment", label="Продан", kind=MOMENT, required=True),
    Field(name="nominal", label="Номинал", kind=MONEY, required=True),
    Field(name="price", label="Цена", kind=MONEY, required=True),
    Field(name="desk_id", label="Касса", kind=REFERENCE, refers="cash_desk", required=True),
    Field(name="buyer_id", label="Покупатель", kind=REFERENCE, refers="patient"),
    Field(name="valid_until", label="Действует по", kind=DATE),
    Field(name="comment", label="Комментарий", kind=COMMENT),
)
AS_SOLD = frozenset({"moment", "nominal", "price", "desk_id"})
"""Fields that stay as they were when it was sold: its money and its receipt say the same."""


class CertificatesNotUsed(DomainError):
    """The clinic's setting says that there are none."""

    code: ClassVar[str] = "certificates_not_used"

    @property
    def sentence(self) -> str:
        return "В клинике не используются сертификаты. Включите их в настройках клиники."


class CertificateDeleted(DomainError):
    """Facts: `certificate_id`."""

    code: ClassVar[str] = "certificate_deleted"

    @property
    def sentence(self) -> str:
        return "Сертификат удалён. Выберите другой или верните его."


class CertificateCodeTaken(DomainError):
    """Found on save by `gateways/guards/certificate_code.py`. Facts: `field`, `by` (its id)."""

    code: ClassVar[str] = "certificate_code_taken"

    def __init__(self, by: UUID) -> None:
        super().__init__(field="code", by=by)

    @property
    def sentence(self) -> str:
        return "Сертификат с таким номером уже есть. Укажите другой номер."


class CertificateOver(DomainError):
    """It is used before it was sold, or after it has ended. Facts: `certificate_id`, `code`, `valid_until` (None: not sold)."""

    code: ClassVar[str] = "certificate_over"

    @property
    def sentence(self) -> str:
        until = self.facts["valid_until"]
        if until is None:
            return f"Сертификат № {self.facts['code']} тогда ещё не был продан. Проверьте дату."
        return (
            f"Сертификат № {self.facts['code']} действовал по {until:%d.%m.%Y}. Продлите его или выберите другой способ оплаты."
        )


class CertificateSpent(DomainError):
    """More would be paid by a certificate than it is worth. Found on save by `gateways/guards/certificates.py`.

    Facts: `certificate_id`, `missing` (rubles).
    """

    code: ClassVar[str] = "certificate_spent"

    def __init__(self, certificate_id: UUID, missing: Decimal) -> None:
        super().__init__(certificate_id=certificate_id, missing=missing)

    @property
    def sentence(self) -> str:
        missing = f"{self.facts['missing']:.2f}".replace(".", ",")
        return f"На сертификате не хватает {missing} ₽. Уменьшите сумму и доплатите другим способом."


class Certificate(DeletedAtWill, ReturnedAtWill):
    TOPIC = "certificate"

    place: int
    card: dict[str, Scalar]
    till: Till

    class Sold(Event, frozen=True):
        """`card`: all its fields; `place`: its order among the money documents of one moment."""

        TOPIC: ClassVar[str] = "certificate.sold.1"
        place: int
        card: dict[str, str | int | bool | None]
        desk_kind: str

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "certificate.changed.1"
        changes: tuple[FieldChange, ...]

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "certificate.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "certificate.returned.1"

    @property
    def code(self) -> str:
        return str(self.card["code"])

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(str(self.card["moment"]))

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def moves(self) -> tuple[DeskMove, ...]:
        """What it moves in a desk when it is in effect."""
        return self.till.moves(RANKS["income"], self.price)

    @property
    def nominal(self) -> Decimal:
        """What it pays for, in rubles."""
        return Decimal(str(self.card["nominal"]))

    @property
    def price(self) -> Decimal:
        """What it was sold for; 0 for a gift."""
        return Decimal(str(self.card["price"]))

    @property
    def valid_until(self) -> date | None:
        """Its last day; None: it doesn't end."""
        written = self.card["valid_until"]
        return date.fromisoformat(str(written)) if written else None

    def sell(self, place: int, card: Mapping[str, Any], desk_kind: str, *, at: datetime) -> None:
        """WrongValue, WrongValues."""
        checked = CERTIFICATE_FIELDS.checked(card)
        if not Decimal(str(checked["nominal"])):
            raise WrongValue("nominal", "Номинал должен быть больше нуля.")
        self._check_end(checked)
        self.trigger(self.Sold, place=place, card=checked, desk_kind=desk_kind, at=at)

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> None:
        """Code, buyer, end and comment. CertificateDeleted, WrongValue, WrongValues."""
        self.require_active()
        changed = CERTIFICATE_FIELDS.changed(self.card, fields)
        changes = field_changes(self.card, changed)
        for change in changes:
            if change.field in AS_SOLD:
                raise WrongValue(change.field, "Проданный сертификат так не изменить. Удалите его и продайте другой.")
        self._check_end(changed)
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)

    def require_usable(self, day: date) -> None:
        """CertificateDeleted, CertificateOver."""
        self.require_active()
        until = self.valid_until
        if day < self.day:
            raise CertificateOver(certificate_id=self.id, code=self.code, valid_until=None)
        if until is not None and day > until:
            raise CertificateOver(certificate_id=self.id, code=self.code, valid_until=until)

    def refusal_when_deleted(self) -> CertificateDeleted:
        return CertificateDeleted(certificate_id=self.id)

    @staticmethod
    def _check_end(card: Mapping[str, Scalar]) -> None:
        if card["valid_until"] and str(card["valid_until"]) < str(card["moment"])[:10]:
            raise WrongValue("valid_until", "Сертификат не может кончиться раньше, чем продан.")

    @applies(Sold)
    def _sold(self, event: Sold) -> None:
        self.place = event.place
        self.card = {**CERTIFICATE_FIELDS.empty, **event.card}
        self.till = Till(desk_id=UUID(str(self.card["desk_id"])), desk_kind=event.desk_kind)

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}


def received_part(certificate: Certificate, amount: Decimal) -> Decimal:
    """What was received in advance for an amount that a certificate pays, in rubles: its part of the price, rounded down to whole
    kopecks, so that all parts together are never more than the price; no more than the amount. Whatever the order in which parts
    are used and come back, each keeps its own.
    """
    if certificate.price >= certificate.nominal:
        return amount
    return rubles(kopecks_of(amount) * kopecks_of(certificate.price) // kopecks_of(certificate.nominal))
