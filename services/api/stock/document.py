"""Stock documents: the same routes for each kind, with its own right; and the declarations, from which screens are built."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field, StrictBool, StrictInt, WithJsonSchema, create_model

from aggregates.access.rights import Right
from aggregates.catalogues import Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.people.employee import Employee
from aggregates.stock.stock_document import Shape, StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, GoodsIssue
from aggregates.stock.stock_lines import MOST_BATCH, MOST_LINES, STOCK_UNITS, StockUnit
from aggregates.values import MOST_QUANTITY, QUANTITY_PLACES
from commands.stock import document as commands
from commands.stock.document import RequestedLine
from readmodels.stock import stock_documents as documents_read
from readmodels.stock import stock_goods as goods_read
from services.api.catalogue import CatalogueField, described_fields
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, given, written
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes, SignedIn
from services.api.mirrors import mirrors
from services.api.schemas import (
    WITHOUT_CONTROLS,
    Day,
    Done,
    Moment,
    Money,
    OpenPeriod,
    Page,
    Ref,
    Schema,
    Search,
    Signed,
    Total,
    refused,
)
from services.api.stock.balances import after

routes = Routes("stock-documents")
ANY_KIND: tuple[Right, ...] = tuple(dict.fromkeys(kind.RIGHT for kind in STOCK_DOCUMENTS))
NOTHING = Decimal(0)
_QUANTITY_PATTERN = rf"[0-9]{{1,{len(str(MOST_QUANTITY))}}}(\.[0-9]{{1,4}})?"
_QUANTITY = re.compile(_QUANTITY_PATTERN, re.ASCII)


def _quantity(least: Decimal) -> Callable[[Any], Decimal]:
    def check(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str) or not _QUANTITY.fullmatch(value) or not least <= Decimal(value) <= MOST_QUANTITY:
            raise refused("quantity", f"Укажите количество от {least:f} до {MOST_QUANTITY:f}, не точнее 0,0001")
        return Decimal(value)

    return check


def _described(least: Decimal) -> dict[str, Any]:
    pattern, limits = f"^{_QUANTITY_PATTERN}$", {"x-minimum": f"{least:f}", "x-maximum": f"{MOST_QUANTITY:f}"}
    return {"type": "string", "pattern": pattern, "examples": ["1"], **limits}


Number = Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"})]
Moved = Annotated[Decimal, BeforeValidator(_quantity(QUANTITY_PLACES)), WithJsonSchema(_described(QUANTITY_PLACES))]
Counted = Annotated[Decimal, BeforeValidator(_quantity(NOTHING)), WithJsonSchema(_described(NOTHING))]
HeadValue = StrictBool | StrictInt | str | None
"""The value of a field of the head."""
Unit = Annotated[StockUnit, Field(json_schema_extra={"x-choices": dict(STOCK_UNITS)})]


class WrittenLine(Schema):
    """A line as it is written: goods, and how much of them in which of their units."""

    goods_id: UUID
    quantity: Moved
    unit: Unit


class PricedLine(WrittenLine):
    """A price for one unit of the line or a sum has to be given; the other one follows from it."""

    price: Money | None = None
    sum: Money | None = None


class ReceivedLine(PricedLine):
    """Goods that come in, with their batch."""

    batch: Annotated[str, written(MOST_BATCH), WITHOUT_CONTROLS] = ""
    expires_on: Day | None = None


class CountedLine(WrittenLine):
    """What was counted, from 0. `price`: for one unit of the line, for a surplus where no cost is known."""

    quantity: Counted
    price: Money | None = None


def line_type(shape: Shape) -> type[WrittenLine]:
    """What a line of such documents is written by."""
    if shape.counts:
        return CountedLine
    if shape.priced:
        return ReceivedLine if shape.batches else PricedLine
    return WrittenLine


@mirrors(goods_read.StockGoods)
class StockGoods(Schema):
    factor: Number


@mirrors(goods_read.ChosenGoods)
class ChosenGoods(Schema):
    factor: Number
    balance: Signed | None


class ChosenGoodsList(Schema):
    items: list[ChosenGoods]


@mirrors(documents_read.ShownLine)
class StockDocumentLine(Schema):
    goods: StockGoods
    quantity: Number
    factor: Number
    cost: Signed | None
    difference: Signed | None


@mirrors(documents_read.StockDocumentItem)
class StockDocumentItem(Schema):
    fields: dict[str, HeadValue]
    total: Total | None


@mirrors(documents_read.StockDocumentCard)
class StockDocumentCard(Schema):
    fields: dict[str, HeadValue]
    total: Total | None
    lines: list[StockDocumentLine]


@mirrors(documents_read.GoodsIssueCard)
class GoodsIssueCard(StockDocumentCard):
    returned: dict[UUID, Number]


@mirrors(documents_read.Found)
class StockDocumentList(Schema):
    items: list[StockDocumentItem]
    sum: Total | None


class StockDocumentCreated(Done):
    number: int


class StockDocumentKind(Schema):
    """One kind of stock documents. `one_title`: what a document is called; `path`: of its routes under /api; `fields`: of the
    head; `priced`: lines have prices and sums; `counts`: lines say what there is, and may have a price; `batches`: lines may name
    batch and expiry date.
    """

    key: str
    title: str
    one_title: str
    path: str
    fields: list[CatalogueField]
    priced: bool
    counts: bool
    batches: bool


class StockDocumentKinds(Schema):
    items: list[StockDocumentKind]


class StockDocumentDefaults(Schema):
    """What a new document starts with. `warehouse`: the user's own, or else that of the settings."""

    moment: Moment
    warehouse: Ref | None


class StockDocumentsQuery(Page, OpenPeriod):
    """`warehouse_id`: on either side of a transfer; `goods_id`: documents that have a line of these goods."""

    warehouse_id: UUID | None = None
    counterparty_id: UUID | None = None
    goods_id: UUID | None = None
    state: Literal["draft", "posted"] | None = None
    q: Search = ""
    deleted: bool = False
    sort: Literal["moment", "-moment", "number", "-number", "total", "-total"] = "-moment"


class StockGoodsQuery(Schema):
    """`warehouse_id`, `moment`: of which balances are shown, the present by default."""

    q: Search = ""
    warehouse_id: UUID | None = None
    moment: Moment | None = None


@routes.get("/stock-documents/kinds", SignedIn, answer=StockDocumentKinds)
def kinds(call: Call) -> Any:
    """The kinds of stock documents that this user may open, with their fields."""
    rights = call.principal.rights
    shown = [
        {
            "key": kind.TOPIC,
            "title": kind.TITLE,
            "one_title": kind.ONE,
            "path": kind.PATH,
            "fields": described_fields(kind.FIELDS.values()),
            "priced": kind.SHAPE.priced,
            "counts": kind.SHAPE.counts,
            "batches": kind.SHAPE.batches,
        }
        for kind in STOCK_DOCUMENTS
        if kind.RIGHT in rights
    ]
    return call.answer({"items": shown})


@routes.get("/stock-documents/defaults", NeedsRight(*ANY_KIND), answer=StockDocumentDefaults)
def defaults(call: Call) -> Any:
    """What a new document starts with."""
    settings = call.clinic.load(ClinicSettings, SETTINGS_ID)
    own = call.clinic.load(Employee, call.principal.employee_id).record.warehouse_id
    proposed = (own, settings.references().get("default_warehouse"))
    known = (call.clinic.load(Warehouse, warehouse_id) for warehouse_id in proposed if warehouse_id is not None)
    warehouse = next((one for one in known if not one.deleted), None)
    return call.answer(
        {
            "moment": call.local_now.isoformat(timespec="minutes"),
            "warehouse": None if warehouse is None else {"id": warehouse.id, "name": warehouse.name},
        }
    )


CHOOSES = NeedsRight(*ANY_KIND, "calendar", "payments")


@routes.get("/stock-goods", CHOOSES, answer=ChosenGoodsList, reads=("catalogue", "stock_documents"))
def goods(call: Call, query: Annotated[StockGoodsQuery, Query()]) -> Any:
    """The first goods by name that contain the words of the query, with units and price: for lines of documents and visits. With
    what the warehouse has of them for those who see the stock.
    """
    warehouse_id = query.warehouse_id if "stock_balances" in call.principal.rights else None
    with call.reading() as conn:
        return call.answer({"items": goods_read.found(conn, query.q, warehouse_id, after(call, query.moment))})


def _bodies(kind: type[StockDocument]) -> tuple[type[Schema], type[Schema]]:
    """The bodies of a new document and of a change."""
    words = "".join(word.capitalize() for word in kind.TOPIC.split("_"))

    class Head(Schema):
        pass

    Head.__name__ = f"{words}Fields"
    head = changed_with(kind.FIELDS.values())(Head)
    line: Any = line_type(kind.SHAPE)
    lines: Any = Annotated[list[line], Field(max_length=MOST_LINES)]
    new = create_model(
        f"New{words}",
        __base__=Schema,
        __module__=__name__,
        __doc__="Omitted fields of the head are empty. `post`: post it in the same change.",
        fields=(head, ...),
        lines=(lines, Field(default_factory=list)),
        post=(bool, False),
    )
    change = create_model(
        f"{words}Change",
        __base__=Schema,
        __module__=__name__,
        __doc__="Omitted fields of the head stay, and so do the lines; `lines` replaces all of them.",
        fields=(head, Field(default_factory=head)),
        lines=(lines | None, None),
    )
    return new, change


def document_routes(kind: type[StockDocument]) -> Routes:
    """The routes of one kind."""
    found, path, right = Routes(kind.TOPIC), f"/{kind.PATH}", NeedsRight(kind.RIGHT)
    one, reads = f"{path}/{{document_id}}", ("stock_documents", "catalogue", "rights_sets", "patients")
    new_document, document_change = _bodies(kind)
    read_one = documents_read.issue if kind is GoodsIssue else partial(documents_read.get, kind=kind)

    @found.get(path, right, answer=StockDocumentList, reads=reads, heavy=SEARCHES)
    def documents(call: Call, query: Annotated[StockDocumentsQuery, Query()]) -> Any:
        """One page of the documents, with how many were found and what they come to."""
        with call.reading() as conn:
            page = documents_read.listing(
                conn,
                kind,
                first=query.first,
                last=query.last,
                warehouse_id=query.warehouse_id,
                counterparty_id=query.counterparty_id,
                goods_id=query.goods_id,
                state=query.state,
                query=query.q,
                deleted=call.shows_deleted(query.deleted),
                sort=query.sort,
                page=query.page,
                size=query.size,
            )
        return call.answer(page)

    @found.get(one, right, answer=GoodsIssueCard if kind is GoodsIssue else StockDocumentCard, reads=reads)
    def document(call: Call, document_id: UUID) -> Any:
        """One document with its lines; with what they cost for those who see the stock."""
        costs = "stock_balances" in call.principal.rights
        with call.reading() as conn:
            known = read_one(conn, document_id, costs=costs)
        if known is None:
            raise NoSuchObject(kind=kind.TOPIC, id=document_id)
        if patient_id := known.fields.get("patient_id"):
            if call.principal.own_schedule_only:  # a buyer may be another doctor's patient
                known = documents_read.without_patient(known)
            else:
                call.record_access("opened", "patient", object_id=UUID(str(patient_id)), patient_id=UUID(str(patient_id)))
        return call.versioned(known, known.version)

    @found.post(path, right, answer=StockDocumentCreated, status=201, refusals=(404, 409), warns=True)
    def create(call: Call, body: new_document) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Create a document as a draft, or posted at once."""
        asked: Any = body
        fields, lines, ctx = given(body, "fields"), _requested(asked.lines), call.context("create_document")
        receipt = commands.create_document(call.clinic, ctx, kind, fields, lines, post=asked.post)
        return call.done(receipt, **receipt.facts)

    @found.patch(one, right, answer=Done, versioned=True, warns=True)
    def change(call: Call, document_id: UUID, body: document_change) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Change a document's head and lines, as one change; a posted one stays posted."""
        asked: Any = body
        lines = None if asked.lines is None else _requested(asked.lines)
        fields, ctx = given(body, "fields"), call.context("change_document")
        return call.done(commands.change_document(call.clinic, ctx, kind, document_id, fields, lines, expected=call.expected))

    @found.post(f"{one}/post", right, answer=Done, versioned=True, warns=True)
    def post(call: Call, document_id: UUID) -> Any:
        """Post a draft: from now on it moves stock."""
        ctx = call.context("post_document")
        return call.done(commands.post_document(call.clinic, ctx, kind, document_id, expected=call.expected))

    @found.post(f"{one}/unpost", right, answer=Done, versioned=True, warns=True)
    def unpost(call: Call, document_id: UUID) -> Any:
        """Make a posted document a draft again."""
        ctx = call.context("unpost_document")
        return call.done(commands.unpost_document(call.clinic, ctx, kind, document_id, expected=call.expected))

    delete_route(
        found,
        one,
        right,
        "document",
        lambda clinic, ctx, document_id, expected: commands.delete_document(clinic, ctx, kind, document_id, expected=expected),
        "Mark a document as deleted: it no longer moves stock. It can be brought back.",
        warns=True,
    )
    return_route(
        found,
        one,
        right,
        "document",
        lambda clinic, ctx, document_id, expected: commands.return_document(clinic, ctx, kind, document_id, expected=expected),
        "Bring a deleted document back; a posted one moves stock again.",
        warns=True,
    )
    return found


def _requested(lines: Sequence[WrittenLine]) -> list[RequestedLine]:
    return [RequestedLine(**line.model_dump()) for line in lines]


STOCK_DOCUMENT_ROUTES = tuple(document_routes(kind) for kind in STOCK_DOCUMENTS)
