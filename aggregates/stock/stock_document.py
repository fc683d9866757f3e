"""A document of the warehouse: head and lines, a draft or posted. Only posted ones that aren't deleted move stock.

Posting, editing a posted document, un-posting, deleting and returning have one effect: afterwards stock and costs are as if all
documents had been entered in their order. That order is the moment, then kinds of effects (`costing.RANKS`), then `place`: the
order in which documents were posted first. The factors of its lines' units are those of their goods at its first posting, and
change with no card later. With «Запретить работу с товарами и материалами, которых нет на складе» no moment may
be left below zero (STK-2, STK-3): found on save by `gateways/guards/stock.py`. At no moment have more goods come back of an issue
than had left by it: found on save by `gateways/guards/returned_goods.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from aggregates.access.rights import Right
from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.fields import COMMENT, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.moment import MOMENT
from aggregates.stock.costing import Effect, Movement
from aggregates.stock.stock_lines import StockLine, checked_lines
from aggregates.stock.stock_warnings import Short
from aggregates.values import Change, FieldChange, Scalar, change_to, field_changes

MOMENT_FIELD = Field(name="moment", label="Дата и время", kind=MOMENT, required=True)
COMMENT_FIELD = Field(name="comment", label="Комментарий", kind=COMMENT, listed=False)


class StockDocumentDeleted(DomainError):
    """A deleted document can't be changed, nor chosen for a return. Facts: `document_id`."""

    code: ClassVar[str] = "stock_document_deleted"

    @property
    def sentence(self) -> str:
        return "Документ удалён. Верните его или выберите другой."


class NothingToPost(DomainError):
    code: ClassVar[str] = "nothing_to_post"

    @property
    def sentence(self) -> str:
        return "В документе нет строк. Добавьте товары, потом проводите."


class AlreadyPosted(DomainError):
    code: ClassVar[str] = "already_posted"

    @property
    def sentence(self) -> str:
        return "Документ уже проведён. Обновите страницу."


class NotPosted(DomainError):
    code: ClassVar[str] = "not_posted"

    @property
    def sentence(self) -> str:
        return "Документ не проведён. Обновите страницу."


class SameWarehouse(DomainError):
    """A transfer within one warehouse. Facts: `field`."""

    code: ClassVar[str] = "same_warehouse"

    def __init__(self) -> None:
        super().__init__(field="to_warehouse_id")

    @property
    def sentence(self) -> str:
        return "Товары перемещают на другой склад. Выберите два разных."


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a kind of documents is written. `effect`: what its lines do in `warehouse_id`."""

    effect: Effect
    priced: bool = False
    """Lines have prices and sums."""
    counts: bool = False
    """Lines say what there is, not what moves."""
    batches: bool = False
    """Lines name batches and expiry dates."""


class StockDocumentCreated(Event, frozen=True):
    """A new draft. `card`: all fields of the head that its kind had then."""

    number: int
    card: dict[str, str | int | bool | None]
    lines: tuple[StockLine, ...]


class StockDocumentChanged(Event, frozen=True):
    changes: tuple[FieldChange, ...]
    lines: Change[tuple[StockLine, ...]] | None
    despite: tuple[Short, ...] = ()
    """Accepted warnings, here and below."""


class StockDocumentPosted(Event, frozen=True):
    """`place`: drawn at the first posting and kept afterwards."""

    place: int
    despite: tuple[Short, ...] = ()


class StockDocumentUnposted(Event, frozen=True):
    despite: tuple[Short, ...] = ()


class StockDocumentRemoved(ObjectDeleted, frozen=True):
    despite: tuple[Short, ...] = ()


class StockDocumentReturned(ObjectReturned, frozen=True):
    despite: tuple[Short, ...] = ()


class StockDocument(Deletable, abstract=True):
    """`stock_documents.py` declares the kinds."""

    Created: ClassVar[type[StockDocumentCreated]]
    Changed: ClassVar[type[StockDocumentChanged]]
    Posted: ClassVar[type[StockDocumentPosted]]
    Unposted: ClassVar[type[StockDocumentUnposted]]

    TITLE: ClassVar[str] = ""
    """Of the list: «Поступления товаров»."""
    ONE: ClassVar[str] = ""
    """«Поступление товаров»."""
    PATH: ClassVar[str] = ""
    """Of its list in the API and in the browser."""
    RIGHT: ClassVar[Right]
    SHAPE: ClassVar[Shape]
    FIELDS: ClassVar[Fields] = Fields()
    """Of the head."""

    number: int
    card: dict[str, Scalar]
    """The head; ids as text, the moment as «2026-12-01T10:30» by the clinic's wall clock."""
    lines: tuple[StockLine, ...]
    posted: bool = False
    place: int = 0
    """0 before the first posting."""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(str(self.card["moment"]))

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def effective(self) -> bool:
        """Whether it moves stock."""
        return self.posted and not self.deleted

    @property
    def total(self) -> Decimal:
        return sum((line.sum for line in self.lines if line.sum is not None), Decimal("0.00"))

    def create(self, number: int, card: Mapping[str, Any], lines: Sequence[StockLine] = (), *, at: datetime) -> None:
        """A draft. SameWarehouse, WrongValue, WrongValues."""
        head, checked = self._checked(lambda: self.FIELDS.checked(card), lines)
        self._require_two_warehouses(head)
        self.trigger(self.Created, number=number, card=head, lines=checked, at=at)

    def change(
        self,
        fields: Mapping[str, Any],
        lines: Sequence[StockLine] | None = None,
        *,
        despite: tuple[Short, ...] = (),
        at: datetime,
    ) -> None:
        """Change the given fields of the head, and all lines if given; no event without a difference.

        NothingToPost if a posted document would be left without lines; SameWarehouse, WrongValue, WrongValues.
        """
        self.require_active()
        head, checked = self._checked(lambda: self.FIELDS.changed(self.card, fields), self.lines if lines is None else lines)
        self._require_two_warehouses(head)
        if self.posted and not checked:
            raise NothingToPost
        changes, change = field_changes(self.card, head), change_to(self.lines, checked)
        if changes or change:
            self.trigger(self.Changed, changes=changes, lines=change, despite=despite, at=at)

    def post(self, place: int, *, despite: tuple[Short, ...] = (), at: datetime) -> None:
        """`place`: a newly drawn one, used at the first posting. AlreadyPosted, NothingToPost."""
        self.require_active()
        if self.posted:
            raise AlreadyPosted
        if not self.lines:
            raise NothingToPost
        self.trigger(self.Posted, place=self.place or place, despite=despite, at=at)

    def unpost(self, *, despite: tuple[Short, ...] = (), at: datetime) -> None:
        """Back to a draft. NotPosted."""
        self.require_active()
        if not self.posted:
            raise NotPosted
        self.trigger(self.Unposted, despite=despite, at=at)

    def delete(self, *, despite: tuple[Short, ...] = (), at: datetime) -> None:
        """AlreadyDeleted."""
        self.require_not_deleted()
        self.trigger(self.Deleted, despite=despite, at=at)

    def return_(self, *, despite: tuple[Short, ...] = (), at: datetime) -> None:
        """Posted again if it was posted. NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, despite=despite, at=at)

    def refusal_when_deleted(self) -> StockDocumentDeleted:
        return StockDocumentDeleted(document_id=self.id)

    @classmethod
    def references(cls, card: Mapping[str, Scalar]) -> dict[str, UUID]:
        """Field → id of what the head refers to."""
        return {
            name: UUID(str(value)) for name, value in card.items() if cls.FIELDS[name].type == "reference" and value is not None
        }

    def _checked(self, head: Any, lines: Sequence[StockLine]) -> tuple[dict[str, Scalar], tuple[StockLine, ...]]:
        faults, shape = Faults(), self.SHAPE
        card: dict[str, Scalar] = {}
        checked: tuple[StockLine, ...] = ()
        with faults.gathered():
            card = head()
        with faults.gathered():
            checked = checked_lines(lines, priced=shape.priced, counts=shape.counts, batches=shape.batches)
        faults.refuse()
        return card, checked

    @staticmethod
    def _require_two_warehouses(head: Mapping[str, Scalar]) -> None:
        if "to_warehouse_id" in head and head["to_warehouse_id"] == head["warehouse_id"]:
            raise SameWarehouse

    @applies(StockDocumentCreated)
    def _created(self, event: StockDocumentCreated) -> None:
        self.number = event.number
        self.card = {**self.FIELDS.empty, **event.card}
        self.lines = event.lines

    @applies(StockDocumentChanged)
    def _changed(self, event: StockDocumentChanged) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}
        self.lines = event.lines.new if event.lines else self.lines

    @applies(StockDocumentPosted)
    def _posted(self, event: StockDocumentPosted) -> None:
        self.posted, self.place = True, event.place

    @applies(StockDocumentUnposted)
    def _unposted(self, _: StockDocumentUnposted) -> None:
        self.posted = False


class Places(NamedTuple):
    """Where the lines of a document move goods. `to`: the other warehouse of a transfer; `origin`: the document whose goods a
    return brings back.
    """

    warehouse_id: UUID
    to: UUID | None = None
    origin: UUID | None = None

    @classmethod
    def of(cls, card: Mapping[str, Scalar]) -> Self:
        """Of a head."""
        to, origin = card.get("to_warehouse_id"), card.get("origin_id")
        return cls(UUID(str(card["warehouse_id"])), UUID(str(to)) if to else None, UUID(str(origin)) if origin else None)


def movements_of(document_id: UUID, shape: Shape, places: Places, lines: Sequence[StockLine]) -> Iterator[Movement]:
    """What the lines of an effective document move, line by line."""
    for number, line in enumerate(lines):
        yield from line_movements(document_id, shape.effect, places, number, line)


def line_movements(document_id: UUID, effect: Effect, places: Places, number: int, line: StockLine) -> tuple[Movement, ...]:
    """One movement, or both halves of a transfer. `number`: of the line, from 0."""
    value = _value(effect, line)
    moved = Movement(document_id, number, line.goods_id, places.warehouse_id, effect, line.parts, value, places.origin)
    if effect != "transfer_out" or places.to is None:
        return (moved,)
    return moved, Movement(document_id, number, line.goods_id, places.to, "transfer_in", moved.quantity)


def _value(effect: Effect, line: StockLine) -> int | None:
    if effect == "receipt":
        return int((line.sum or 0) * 100)
    if effect == "count" and line.price is not None:
        return int((line.price * line.quantity * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return None
