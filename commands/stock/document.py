"""Commands of stock documents, the same for every kind. Days before the settings' bound are closed to all of them.

What the head refers to (the issue of a return too) and the goods of a line have to be active (not deleted) when they are chosen;
a document whose warehouse or goods were deleted since is still posted, returned and changed elsewhere. Every command that changes
what is in effect may be refused by ReturnedTooMuch, of an issue and of its returns alike.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import Goods
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.people.patient import PatientCard
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import KINDS, STOCK_NUMBERS, STOCK_PLACES, CustomerReturn, GoodsIssue
from aggregates.stock.stock_lines import StockLine, StockUnit, require_few
from aggregates.stock.stock_warnings import Short
from aggregates.warnings import require_accepted
from commands.catalogue import REFERRED
from commands.context import Context, Receipt
from commands.money.sale_money import CONCERNED, following
from commands.ports.clinic import Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried
from commands.stock.goods_units import factor_of
from commands.stock.shortages import shortage_warning

UNPLACED = 2**62
"""The place of a document that may not be saved: behind all others of its moment, as the one that it then gets."""
_REFERRED: Mapping[str, type[Aggregate]] = {**REFERRED, **KINDS, PatientCard.TOPIC: PatientCard}
_NUMBERS = {numbered.name: numbered for numbered in STOCK_NUMBERS}
ISSUE_NUMBERS, RETURN_NUMBERS = _NUMBERS[GoodsIssue.TOPIC], _NUMBERS[CustomerReturn.TOPIC]


class RequestedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as people write it: as `StockLine`, which gets its factor from the card of the goods."""

    goods_id: UUID
    quantity: Decimal
    unit: StockUnit = "write_off"
    price: Decimal | None = None
    sum: Decimal | None = None
    batch: str = ""
    expires_on: date | None = None


@retried
def create_document(
    clinic: Clinic,
    ctx: Context,
    kind: type[StockDocument],
    card: Mapping[str, Any],
    lines: Sequence[RequestedLine] = (),
    *,
    post: bool = False,
    document_id: UUID | None = None,
) -> Receipt:
    """A draft with a number of its kind, posted in the same save if `post`. Facts: `number`.

    PeriodClosed, EntryDeleted, StockDocumentDeleted (of what it refers to), AggregateNotFound, SameWarehouse, WrongValue,
    WrongValues; NothingToPost.
    """
    id_, (written, chosen) = document_id or uuid4(), _written(clinic, lines)
    draft = kind(id_)
    draft.create(0, card, written, at=ctx.now)  # what is refused takes no number
    if post:
        draft.post(0, at=ctx.now)
    settings = _open(clinic, draft.day)
    relied = [settings, *chosen, *newly_chosen(clinic, _referred(draft))]
    new = kind(id_)

    @cache
    def drawn() -> tuple[int, int]:
        return clinic.numbers.next(_NUMBERS[kind.TOPIC]), clinic.numbers.next(STOCK_PLACES) if post else 0

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        number, place = drawn() if document is new else (0, UNPLACED)
        document.create(number, card, written, at=ctx.now)
        if post:
            document.post(place, despite=despite, at=ctx.now)

    return _saved(clinic, ctx, new, decide, settings, relied, lambda: {"number": drawn()[0]})


@retried
def change_document(
    clinic: Clinic,
    ctx: Context,
    kind: type[StockDocument],
    document_id: UUID,
    fields: Mapping[str, Any],
    lines: Sequence[RequestedLine] | None = None,
    *,
    expected: int | None = None,
) -> Receipt:
    """Change the given fields of the head, and all lines if given. Lines of goods that the document has in the same unit keep
    their factor.

    Refusals as of `create_document`, and StockDocumentDeleted; PeriodClosed for the day before and the day after.
    """
    document, settings = _opened(clinic, kind, document_id, expected)
    before = _referred(document)
    written, chosen = (None, []) if lines is None else _written(clinic, lines, document.lines)
    after = document.copy()
    after.change(fields, written, at=ctx.now)
    settings.require_open(after.day)
    relied = [settings, *chosen, *newly_chosen(clinic, _referred(after), before)]

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        document.change(fields, written, despite=despite, at=ctx.now)

    return _saved(clinic, ctx, document, decide, settings, relied)


@retried
def post_document(
    clinic: Clinic, ctx: Context, kind: type[StockDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """Its lines get the factors that their goods have when it is posted first, and keep them from then on.

    PeriodClosed, StockDocumentDeleted, AlreadyPosted, NothingToPost; WrongValue of a quantity that a new factor doesn't divide.
    """
    document, settings = _opened(clinic, kind, document_id, expected)
    document.require_active()
    sold = {line.goods_id for line in document.lines if line.unit == "sale"} if not document.place else set()
    goods = {goods_id: clinic.cached(Goods, goods_id) for goods_id in sold}
    lines = [
        replace(line, factor=factor_of(goods[line.goods_id], "sale")) if line.unit == "sale" and line.goods_id in goods else line
        for line in document.lines
    ]
    place = document.place or clinic.numbers.next(STOCK_PLACES)

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        if not document.posted:
            document.change({}, lines, at=ctx.now)
        document.post(place, despite=despite, at=ctx.now)

    return _saved(clinic, ctx, document, decide, settings, [settings, *goods.values()])


@retried
def unpost_document(
    clinic: Clinic, ctx: Context, kind: type[StockDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """PeriodClosed, StockDocumentDeleted, NotPosted."""
    document, settings = _opened(clinic, kind, document_id, expected)

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        document.unpost(despite=despite, at=ctx.now)

    return _saved(clinic, ctx, document, decide, settings)


@retried
def delete_document(
    clinic: Clinic, ctx: Context, kind: type[StockDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """PeriodClosed, AlreadyDeleted."""
    document, settings = _opened(clinic, kind, document_id, expected)

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        document.delete(despite=despite, at=ctx.now)

    return _saved(clinic, ctx, document, decide, settings)


@retried
def return_document(
    clinic: Clinic, ctx: Context, kind: type[StockDocument], document_id: UUID, *, expected: int | None = None
) -> Receipt:
    """Posted again if it was posted (DEL-2). PeriodClosed, NotDeleted."""
    document, settings = _opened(clinic, kind, document_id, expected)

    def decide(document: StockDocument, despite: tuple[Short, ...]) -> None:
        document.return_(despite=despite, at=ctx.now)

    return _saved(clinic, ctx, document, decide, settings)


def _saved(
    clinic: Clinic,
    ctx: Context,
    document: StockDocument,
    decide: Callable[[StockDocument, tuple[Short, ...]], None],
    settings: ClinicSettings,
    relied: Sequence[Aggregate] = (),
    facts: Callable[[], Mapping[str, Any]] = dict,
) -> Receipt:
    """Decide and save, with what changes of the money of a sale. GoodsMissing where the clinic forbids that a stock is below
    zero; where it doesn't, a person is asked first: NeedsConfirmation.
    """
    claimed = relied or [settings]
    asks = not settings.forbids_missing_goods and ctx.accepted is not None
    with clinic.write_lock() if asks or isinstance(document, CONCERNED) else nullcontext():
        before, after = document.copy(), document.copy()
        decide(after, ())
        moves = (before.version and before.effective) or after.effective
        decide(document, accepted_shortages(clinic, ctx, settings, after) if asks and moves else ())
        money = following(clinic, ctx, settings, before, document)
        return clinic.save(document, *money, ctx=ctx, if_unchanged=claimed, facts=facts())


def accepted_shortages(clinic: Clinic, ctx: Context, settings: ClinicSettings, after: StockDocument) -> tuple[Short, ...]:
    """What would be below zero and a person has accepted; nothing where it is forbidden, or nobody is there to ask. Under the
    write lock. NeedsConfirmation.
    """
    if settings.forbids_missing_goods or ctx.accepted is None:
        return ()
    warning = shortage_warning(clinic, after)
    require_accepted([warning] if warning else [], ctx.accepted)
    return warning.stored if warning else ()


def _opened(
    clinic: Clinic, kind: type[StockDocument], document_id: UUID, expected: int | None
) -> tuple[StockDocument, ClinicSettings]:
    """A document whose day isn't closed, and the settings. AggregateNotFound, VersionMoved, PeriodClosed."""
    document = clinic.load(kind, document_id, expected=expected)
    return document, _open(clinic, document.day)


def _open(clinic: Clinic, day: date) -> ClinicSettings:
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(day)
    return settings


def _referred(document: StockDocument) -> list[Reference]:
    fields = document.FIELDS
    return [(_REFERRED[fields[name].refers], id_) for name, id_ in document.references(document.card).items()]


def _written(
    clinic: Clinic, requested: Sequence[RequestedLine], written: Iterable[StockLine] = ()
) -> tuple[list[StockLine], list[Aggregate]]:
    """The lines with their factors, and the goods that decided on these. Goods that weren't in the document have to be active.

    EntryDeleted, AggregateNotFound; WrongValue of more lines than a document may have, before their goods are loaded.
    """
    require_few(requested)
    written = list(written)
    known = {(line.goods_id, line.unit): line.factor for line in written}
    names = {line.goods_id: line.name for line in written}
    before = [(Goods, goods_id) for goods_id, _ in known]
    chosen = newly_chosen(clinic, dict.fromkeys((Goods, line.goods_id) for line in requested), before)
    asked = dict.fromkeys(line.goods_id for line in requested if (line.goods_id, line.unit) not in known)
    goods: dict[UUID, CatalogueEntry] = {goods_id: clinic.cached(Goods, goods_id) for goods_id in asked}
    lines = [
        StockLine(
            goods_id=line.goods_id,
            quantity=line.quantity,
            unit=line.unit,
            factor=known.get((line.goods_id, line.unit)) or factor_of(goods[line.goods_id], line.unit),
            price=line.price,
            sum=line.sum,
            batch=line.batch,
            expires_on=line.expires_on,
            name=names.get(line.goods_id, ""),
        )
        for line in requested
    ]
    return lines, list({aggregate.id: aggregate for aggregate in (*chosen, *goods.values())}.values())
