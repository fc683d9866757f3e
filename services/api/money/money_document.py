"""Money documents: the same routes for each kind, with its own right; and the declarations, from which screens are built."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field, create_model

from aggregates.access.rights import Right
from aggregates.catalogues import CashDesk, first_entry_id
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.article import DIRECTIONS, Direction
from aggregates.money.money_document import Flow, MoneyDocument, Paid
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome
from aggregates.money.money_lines import MOST_LINES, MOST_NOTE, MOST_PAID, MoneyLine, ReceiptPayment
from commands.money import money_document as commands
from commands.ports.clinic import AggregateNotFound
from readmodels.money import articles as articles_read
from readmodels.money import money_documents as documents_read
from readmodels.people import employees as employees_read
from services.api.catalogue import CatalogueField, described_fields
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, given, written
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes, SignedIn
from services.api.mirrors import mirrors
from services.api.schemas import WITHOUT_CONTROLS, Done, Moment, Money, OpenPeriod, Page, Ref, Schema, Search, Total
from services.api.stock.document import HeadValue

routes = Routes("money-documents")
ANY_KIND: tuple[Right, ...] = tuple(dict.fromkeys(kind.RIGHT for kind in MONEY_DOCUMENTS))
READS = ("money_documents", "catalogue", "articles", "patients", "employees", "rights_sets", "pay_accruals", "authors")


class WrittenMoneyLine(Schema):
    article_id: UUID
    sum: Money
    note: Annotated[str, written(MOST_NOTE), WITHOUT_CONTROLS] = ""


class WrittenPayment(Schema):
    """What an outgo pays of a receipt of goods from its receiver, or an income of an invoice to its payer (`receipt_id`): within
    the sums of both.
    """

    receipt_id: UUID
    sum: Money


@mirrors(documents_read.ShownMoneyLine)
class MoneyLineItem(Schema):
    sum: Total


@mirrors(documents_read.ShownPayment)
class ReceiptPaymentItem(Schema):
    due: Total
    sum: Total


@mirrors(documents_read.MoneyDocumentItem)
class MoneyDocumentItem(Schema):
    fields: dict[str, HeadValue]
    total: Total


@mirrors(documents_read.MoneyDocumentCard)
class MoneyDocumentCard(Schema):
    fields: dict[str, HeadValue]
    total: Total


@mirrors(documents_read.Found)
class MoneyDocumentList(Schema):
    sum: Total


class MoneyDocumentCreated(Done):
    number: int


class MoneyDocumentKind(Schema):
    """One kind of money documents. `one_title`: what a document is called; `path`: of its routes under /api; `fields`: of the
    head; `direction`: of the articles of its lines, null without lines; `pays`: what it may name that it pays;
    "" for nothing.
    """

    key: str
    title: str
    one_title: str
    path: str
    flow: Flow
    direction: Direction | None
    pays: Paid
    fields: list[CatalogueField]


class MoneyDocumentKinds(Schema):
    items: list[MoneyDocumentKind]


class MoneyDocumentDefaults(Schema):
    """What a new document starts with. `desk`: that of the settings, or else the clinic's first one."""

    moment: Moment
    desk: Ref | None


class MoneyDocumentsQuery(Page, OpenPeriod):
    """`desk_id`: on either side of a transfer; `article_id`: documents that have a line of this article; `author_id`: those that
    this employee created.
    """

    desk_id: UUID | None = None
    counterparty_id: UUID | None = None
    article_id: UUID | None = None
    author_id: UUID | None = None
    q: Search = ""
    deleted: bool = False
    sort: Literal["moment", "-moment", "number", "-number", "total", "-total"] = "-moment"


class MoneyIncomesQuery(MoneyDocumentsQuery):
    patient_id: UUID | None = None


class MoneyOutgoesQuery(MoneyIncomesQuery):
    employee_id: UUID | None = None


class ArticleChoicesQuery(Schema):
    direction: Annotated[Direction, Field(json_schema_extra={"x-choices": dict(DIRECTIONS)})]


class ArticleChoice(Schema):
    """`group`: the name of its group, "" without one."""

    id: UUID
    name: str
    group: str


class ArticleChoices(Schema):
    items: list[ArticleChoice]


class Receivers(Schema):
    items: list[Ref]


@routes.get("/money-documents/kinds", SignedIn, answer=MoneyDocumentKinds)
def kinds(call: Call) -> Any:
    """The kinds of money documents that this user may open, with their fields."""
    rights = call.principal.rights
    shown = [
        {
            "key": kind.TOPIC,
            "title": kind.TITLE,
            "one_title": kind.ONE,
            "path": kind.PATH,
            "flow": kind.SHAPE.flow,
            "direction": kind.SHAPE.direction,
            "pays": kind.SHAPE.pays,
            "fields": described_fields(kind.FIELDS.values()),
        }
        for kind in MONEY_DOCUMENTS
        if kind.RIGHT in rights
    ]
    return call.answer({"items": shown})


@routes.get("/money-documents/defaults", NeedsRight(*ANY_KIND), answer=MoneyDocumentDefaults)
def defaults(call: Call) -> Any:
    """What a new document starts with."""
    proposed = call.clinic.load(ClinicSettings, SETTINGS_ID).references().get("statistics_cash_desk")
    desk = None
    for desk_id in (proposed, first_entry_id(CashDesk, "Основная касса")):
        try:
            desk = call.clinic.load(CashDesk, desk_id) if desk_id is not None and desk is None else desk
        except AggregateNotFound:
            continue
        desk = None if desk is None or desk.deleted else desk
    return call.answer(
        {
            "moment": call.local_now.isoformat(timespec="minutes"),
            "desk": None if desk is None else {"id": desk.id, "name": desk.name},
        }
    )


@routes.get(
    "/money-documents/articles",
    NeedsRight("money_incomes", "money_outgoes", "desk_balances"),
    answer=ArticleChoices,
    reads=("articles",),
)
def article_choices(call: Call, query: Annotated[ArticleChoicesQuery, Query()]) -> Any:
    """The articles of a direction, members under their group: for lines of documents."""
    with call.reading() as conn:
        found = [one for one in articles_read.listing(conn) if one.direction == query.direction]
    return call.answer({"items": [{"id": one.id, "name": one.name, "group": one.group} for one in found]})


@routes.get("/money-documents/receivers", NeedsRight(*ANY_KIND), answer=Receivers, reads=("employees", "catalogue"))
def receivers(call: Call) -> Any:
    """The employees by name, without deleted ones: to choose who gets the money of an outgo, or whose documents are shown."""
    with call.reading() as conn:
        known = employees_read.names(conn)
    return call.answer({"items": [{"id": id_, "name": one.name} for id_, one in known.items() if not one.deleted]})


def _bodies(kind: type[MoneyDocument]) -> tuple[type[Schema], type[Schema]]:
    """The bodies of a new document and of a change."""
    words = "".join(word.capitalize() for word in kind.TOPIC.split("_"))

    class Head(Schema):
        pass

    Head.__name__ = f"{words}Fields"
    head = changed_with(kind.FIELDS.values())(Head)
    new: dict[str, Any] = {"fields": (head, ...)}
    change: dict[str, Any] = {"fields": (head, Field(default_factory=head))}
    if kind.SHAPE.direction is not None:
        lines: Any = Annotated[list[WrittenMoneyLine], Field(max_length=MOST_LINES, min_length=1)]
        new["lines"], change["lines"] = (lines, ...), (lines | None, None)
    if kind.SHAPE.pays:
        pays: Any = Annotated[list[WrittenPayment], Field(max_length=MOST_PAID)]
        new["pays"], change["pays"] = (pays, Field(default_factory=list)), (pays | None, None)
    made = create_model(
        f"New{words}", __base__=Schema, __module__=__name__, __doc__="Omitted fields of the head are empty.", **new
    )
    changed = create_model(
        f"{words}Change",
        __base__=Schema,
        __module__=__name__,
        __doc__="Omitted fields of the head stay, and so do lines and payments that aren't given; given ones replace all.",
        **change,
    )
    return made, changed


def _query_of(kind: type[MoneyDocument]) -> type[MoneyDocumentsQuery]:
    if "patient_id" in kind.FIELDS:
        return MoneyIncomesQuery
    return MoneyOutgoesQuery if "employee_id" in kind.FIELDS else MoneyDocumentsQuery


def document_routes(kind: type[MoneyDocument]) -> Routes:
    """The routes of one kind."""
    found, path, right = Routes(kind.TOPIC), f"/{kind.PATH}", NeedsRight(kind.RIGHT)
    one = f"{path}/{{document_id}}"
    new_document, document_change = _bodies(kind)
    query_type = _query_of(kind)

    @found.get(path, right, answer=MoneyDocumentList, reads=READS, heavy=SEARCHES)
    def documents(call: Call, query: Annotated[query_type, Query()]) -> Any:  # type: ignore[valid-type]  # of the kind
        """One page of the documents, with how many were found and what they come to."""
        asked: Any = query
        with call.reading() as conn:
            page = documents_read.listing(
                conn,
                kind,
                first=asked.first,
                last=asked.last,
                desk_id=asked.desk_id,
                counterparty_id=asked.counterparty_id,
                patient_id=getattr(asked, "patient_id", None),
                employee_id=getattr(asked, "employee_id", None),
                article_id=asked.article_id,
                author_id=asked.author_id,
                query=asked.q,
                deleted=call.shows_deleted(asked.deleted),
                sort=asked.sort,
                page=asked.page,
                size=asked.size,
            )
        if kind.SHAPE.direction is not None:
            filters = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size", "sort"})
            call.record_access("listed", kind.TOPIC, filter=filters, count=page.total)
        return call.answer(page)

    @found.get(one, right, answer=MoneyDocumentCard, reads=(*READS, "stock_documents", "invoices"))
    def document(call: Call, document_id: UUID) -> Any:
        """One document with its lines."""
        with call.reading() as conn:
            known = documents_read.get(conn, kind, document_id)
        if known is None:
            raise NoSuchObject(kind=kind.TOPIC, id=document_id)
        if patient_id := known.fields.get("patient_id"):
            call.record_access("opened", MoneyIncome.TOPIC, object_id=document_id, patient_id=UUID(str(patient_id)))
        return call.versioned(known, known.version)

    @found.post(path, right, answer=MoneyDocumentCreated, status=201, refusals=(404, 409), warns=True)
    def create(call: Call, body: new_document) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Create a document, which is in effect at once."""
        ctx = call.context("create_money_document")
        lines, pays = _lines(body) or [], _pays(body) or []
        receipt = commands.create_money_document(call.clinic, ctx, kind, given(body, "fields"), lines, pays)
        return call.done(receipt, **receipt.facts)

    @found.patch(one, right, answer=Done, versioned=True, warns=True)
    def change(call: Call, document_id: UUID, body: document_change) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Change a document's head, lines and payments, as one change."""
        fields, ctx = given(body, "fields"), call.context("change_money_document")
        return call.done(
            commands.change_money_document(
                call.clinic, ctx, kind, document_id, fields, _lines(body), _pays(body), expected=call.expected
            )
        )

    delete_route(
        found,
        one,
        right,
        "money_document",
        lambda clinic, ctx, id_, expected: commands.delete_money_document(clinic, ctx, kind, id_, expected=expected),
        "Mark a document as deleted: it no longer moves money. It can be brought back.",
    )
    return_route(
        found,
        one,
        right,
        "money_document",
        lambda clinic, ctx, id_, expected: commands.return_money_document(clinic, ctx, kind, id_, expected=expected),
        "Bring a deleted document back: it moves money again.",
        warns=True,
    )
    return found


def _lines(body: Any) -> Sequence[MoneyLine] | None:
    """None where none are given."""
    lines: Sequence[WrittenMoneyLine] | None = getattr(body, "lines", None)
    return None if lines is None else [MoneyLine(article_id=one.article_id, sum=one.sum, note=one.note) for one in lines]


def _pays(body: Any) -> Sequence[ReceiptPayment] | None:
    pays: Sequence[WrittenPayment] | None = getattr(body, "pays", None)
    return None if pays is None else [ReceiptPayment(receipt_id=one.receipt_id, sum=one.sum) for one in pays]


MONEY_DOCUMENT_ROUTES = tuple(document_routes(kind) for kind in MONEY_DOCUMENTS)
