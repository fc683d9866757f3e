"""A document of money: what comes into a cash desk, leaves it, or goes to another one (FIN-1).

There are no drafts: a document is in effect unless it is deleted. At every moment a desk has what its documents until then add up
to. Their order is the moment, then the kind (`RANKS`), then `place`, the order of creation. A desk of cash is never below zero:
found on save by `gateways/guards/cash.py`. A receipt of goods is never paid more than it comes to: found on save by
`gateways/guards/receipt_payments.py`. Days that were closed (`desk_days.py`) refuse every change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple
from uuid import UUID

from aggregates.access.rights import Right
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned
from aggregates.fields import COMMENT, REFERENCE, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.moment import MOMENT
from aggregates.money.article import Article, Direction
from aggregates.money.money_lines import MoneyLine, ReceiptPayment, checked_lines, checked_payments, positive
from aggregates.money.pay_warnings import PayDespite
from aggregates.values import Change, FieldChange, Scalar, WrongValue, change_to, field_changes

Flow = Literal["income", "outgo", "transfer"]
Paid = Literal["", "stock_receipt", "invoice"]
RANKS: dict[Flow, int] = {"income": 0, "transfer": 1, "outgo": 2}
"""Order of documents of one moment: what comes in is there for what goes out."""
MOMENT_FIELD = Field(name="moment", label="Дата и время", kind=MOMENT, required=True)
DESK = Field(name="desk_id", label="Касса", kind=REFERENCE, refers="cash_desk", required=True)
COMMENT_FIELD = Field(name="comment", label="Комментарий", kind=COMMENT, listed=False)
_WITHOUT_PARTY: Mapping[str, str] = {
    "stock_receipt": "Поступления оплачивают поставщику: выберите его получателем.",
    "invoice": "Счета оплачивает организация: выберите её плательщиком.",
}
PARTIES = ("counterparty_id", "patient_id", "employee_id")
"""Fields of the head of which at most one is filled: who pays or gets the money."""


class MoneyDocumentDeleted(DomainError):
    """A deleted document can't be changed. Facts: `document_id`."""

    code: ClassVar[str] = "money_document_deleted"

    @property
    def sentence(self) -> str:
        return "Документ удалён. Верните его, потом изменяйте."


class SameDesk(DomainError):
    """A transfer within one desk. Facts: `field`."""

    code: ClassVar[str] = "same_desk"

    def __init__(self) -> None:
        super().__init__(field="to_desk_id")

    @property
    def sentence(self) -> str:
        return "Деньги перемещают в другую кассу. Выберите две разные."


@dataclass(frozen=True, kw_only=True)
class MoneyShape:
    """How a kind of documents is written."""

    flow: Flow
    pays: Paid = ""
    """What it may name that it pays: receipts of goods, or invoices of the clinic."""

    @property
    def direction(self) -> Direction | None:
        """Of the articles of its lines; None without lines: the head has the sum."""
        return None if self.flow == "transfer" else self.flow


class DeskMove(NamedTuple):
    """What a document moves in a desk. `kopecks`: positive in, negative out."""

    desk_id: UUID
    rank: int
    kopecks: int


class MoneyDocumentCreated(Event, frozen=True):
    """`card`: all fields of the head that its kind had then; `despite`: accepted warnings, here and below."""

    number: int
    place: int
    card: dict[str, str | int | bool | None]
    lines: tuple[MoneyLine, ...] = ()
    pays: tuple[ReceiptPayment, ...] = ()
    despite: tuple[PayDespite, ...] = ()


class MoneyDocumentChanged(Event, frozen=True):
    changes: tuple[FieldChange, ...]
    lines: Change[tuple[MoneyLine, ...]] | None
    pays: Change[tuple[ReceiptPayment, ...]] | None = None
    despite: tuple[PayDespite, ...] = ()


class MoneyDocumentReturned(ObjectReturned, frozen=True):
    despite: tuple[PayDespite, ...] = ()


class MoneyDocument(DeletedAtWill, abstract=True):
    """`money_documents.py` declares the kinds."""

    Created: ClassVar[type[MoneyDocumentCreated]]
    Changed: ClassVar[type[MoneyDocumentChanged]]
    Deleted: ClassVar[type[ObjectDeleted]]
    Returned: ClassVar[type[MoneyDocumentReturned]]

    TITLE: ClassVar[str] = ""
    """Of the list: «Приходы средств»."""
    ONE: ClassVar[str] = ""
    """«Приход средств»."""
    PATH: ClassVar[str] = ""
    """Of its list in the API and in the browser."""
    RIGHT: ClassVar[Right]
    SHAPE: ClassVar[MoneyShape]
    FIELDS: ClassVar[Fields] = Fields()
    """Of the head."""

    number: int
    place: int
    card: dict[str, Scalar]
    """The head; ids as text, the moment as «2026-12-01T10:30» by the clinic's wall clock."""
    lines: tuple[MoneyLine, ...]
    pays: tuple[ReceiptPayment, ...]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(str(self.card["moment"]))

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def total(self) -> Decimal:
        return total_of(self.card, self.lines)

    @property
    def desk_ids(self) -> tuple[UUID, ...]:
        """One desk, or both of a transfer."""
        return desks_of(self.card)

    @property
    def accrual_id(self) -> UUID | None:
        """The accrual of pay that an outgo pays."""
        named = self.card.get("accrual_id")
        return UUID(str(named)) if named else None

    @property
    def moves(self) -> tuple[DeskMove, ...]:
        """What it moves when it is in effect."""
        kopecks, rank = int(self.total * 100), RANKS[self.SHAPE.flow]
        signs = (1,) if self.SHAPE.flow == "income" else (-1, 1)
        return tuple(DeskMove(desk_id, rank, sign * kopecks) for desk_id, sign in zip(self.desk_ids, signs, strict=False))

    def create(
        self,
        number: int,
        place: int,
        card: Mapping[str, Any],
        lines: Sequence[MoneyLine] = (),
        pays: Sequence[ReceiptPayment] = (),
        *,
        articles: Mapping[UUID, Article] | None = None,
        despite: tuple[PayDespite, ...] = (),
        at: datetime,
    ) -> None:
        """`articles`: those of the lines. SameDesk, WrongValue, WrongValues."""
        head, checked, paid = self._checked(lambda: self.FIELDS.checked(card), lines, pays, articles)
        self.trigger(self.Created, number=number, place=place, card=head, lines=checked, pays=paid, despite=despite, at=at)

    def change(
        self,
        fields: Mapping[str, Any],
        lines: Sequence[MoneyLine] | None = None,
        pays: Sequence[ReceiptPayment] | None = None,
        *,
        articles: Mapping[UUID, Article] | None = None,
        despite: tuple[PayDespite, ...] = (),
        at: datetime,
    ) -> None:
        """Change the given fields of the head, all lines and all payments if given; no event without a difference. `articles`:
        newly chosen ones. SameDesk, WrongValue, WrongValues.
        """
        self.require_active()
        head, checked, paid = self._checked(
            lambda: self.FIELDS.changed(self.card, fields),
            self.lines if lines is None else lines,
            self.pays if pays is None else pays,
            articles,
        )
        changes, line_change, pay_change = (
            field_changes(self.card, head), change_to(self.lines, checked), change_to(self.pays, paid),
        )  # fmt: skip
        if changes or line_change or pay_change:
            self.trigger(self.Changed, changes=changes, lines=line_change, pays=pay_change, despite=despite, at=at)

    def return_(self, *, despite: tuple[PayDespite, ...] = (), at: datetime) -> None:
        """NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, despite=despite, at=at)

    def refusal_when_deleted(self) -> MoneyDocumentDeleted:
        return MoneyDocumentDeleted(document_id=self.id)

    @classmethod
    def references(cls, card: Mapping[str, Scalar]) -> dict[str, UUID]:
        """Field → id of what the head refers to."""
        return {
            name: UUID(str(value)) for name, value in card.items() if cls.FIELDS[name].type == "reference" and value is not None
        }

    def _checked(
        self,
        head: Any,
        lines: Sequence[MoneyLine],
        pays: Sequence[ReceiptPayment],
        articles: Mapping[UUID, Article] | None,
    ) -> tuple[dict[str, Scalar], tuple[MoneyLine, ...], tuple[ReceiptPayment, ...]]:
        faults, shape = Faults(), self.SHAPE
        card: dict[str, Scalar] = {}
        checked: tuple[MoneyLine, ...] = ()
        with faults.gathered():
            card = head()
        with faults.gathered():
            if shape.direction is not None:
                checked = checked_lines(lines, shape.direction, articles)
            elif lines:
                raise WrongValue("lines", "У перемещения нет статей, только сумма.")
        faults.refuse()
        if "to_desk_id" in card and card["to_desk_id"] == card["desk_id"]:
            raise SameDesk
        if pays and not (shape.pays and card["counterparty_id"]):
            raise WrongValue("counterparty_id", _WITHOUT_PARTY[shape.pays or "stock_receipt"])
        return card, checked, checked_payments(pays, total_of(card, checked), shape.pays or "stock_receipt")

    @applies(MoneyDocumentCreated)
    def _created(self, event: MoneyDocumentCreated) -> None:
        self.number, self.place = event.number, event.place
        self.card = {**self.FIELDS.empty, **event.card}
        self.lines, self.pays = event.lines, event.pays

    @applies(MoneyDocumentChanged)
    def _changed(self, event: MoneyDocumentChanged) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}
        self.lines = event.lines.new if event.lines else self.lines
        self.pays = event.pays.new if event.pays else self.pays


def total_of(card: Mapping[str, Scalar], lines: Iterable[MoneyLine]) -> Decimal:
    """Rubles: the sum of the head, or of the lines."""
    return Decimal(str(card["sum"])) if "sum" in card else sum((line.sum for line in lines), Decimal("0.00"))


def desks_of(card: Mapping[str, Scalar]) -> tuple[UUID, ...]:
    """The desk of a head, or both of a transfer."""
    return tuple(UUID(str(card[name])) for name in ("desk_id", "to_desk_id") if card.get(name))


def require_one_party(card: Mapping[str, Any]) -> None:
    """WrongValue if a head names two."""
    filled = [name for name in PARTIES if card.get(name)]
    if len(filled) > 1:
        raise WrongValue(filled[1], "Укажите кого-то одного.")


def require_receiver(card: Mapping[str, Any]) -> None:
    """WrongValue if an outgo names two who get it, or pays an accrual to nobody."""
    require_one_party(card)
    if card.get("accrual_id") and not card.get("employee_id"):
        raise WrongValue("employee_id", "По начислению ЗП платят сотруднику: выберите его получателем.")


def require_sum(card: Mapping[str, Any]) -> None:
    """WrongValue if a head has no sum above 0."""
    positive("sum", card["sum"])
