"""Accruals of pay."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema

from aggregates.payroll.pay_accrual import PAY_ACCRUAL_FIELDS, Calculation, PayAccrual
from aggregates.payroll.pay_lines import EXTRAS, MOST_EXTRAS, MOST_NOTE, Extra, ExtraLine
from commands.payroll import pay_accrual as commands
from readmodels.payroll import pay_accruals as read
from readmodels.payroll import payroll as payroll_read
from readmodels.words.pay_accrual import ACCRUALS_ACCESSED
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with, written
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.payroll.payroll import PayLineItem
from services.api.schemas import WITHOUT_CONTROLS, Day, Done, Money, OpenPeriod, Page, Schema, Search, Signed, Total, refused

routes = Routes("pay-accruals")
RIGHT = NeedsRight("payroll")
READS = ("pay_accruals", "employees", "money_documents")
_ASKED = frozenset(ACCRUALS_ACCESSED.filters)
_SEEN_PATTERN = r"-?[0-9]{1,12}(\.[0-9]{1,2})?"
_SEEN = re.compile(_SEEN_PATTERN, re.ASCII)


def _seen(value: Any) -> Any:
    if not isinstance(value, str) or not _SEEN.fullmatch(value):
        raise refused("money", "Укажите сумму в рублях, например 1500.00")
    return value


Seen = Annotated[
    Decimal, BeforeValidator(_seen), WithJsonSchema({"type": "string", "pattern": f"^{_SEEN_PATTERN}$", "examples": ["1500.00"]})
]
"""A total as it was shown, in rubles; below zero where more is taken back than earned."""
KIND = Annotated[Extra, Field(json_schema_extra={"x-choices": dict(EXTRAS)})]


class NewPayExtra(Schema):
    """What a person adds or takes; the kind says which."""

    kind: KIND
    sum: Money
    note: Annotated[str, written(MOST_NOTE), WITHOUT_CONTROLS] = ""


Extras = Annotated[list[NewPayExtra], Field(max_length=MOST_EXTRAS)]


@mirrors(ExtraLine)
class ExtraItem(Schema):
    kind: KIND


@mirrors(read.PayAccrualItem)
class PayAccrualItem(Schema):
    day: Day
    first: Day
    last: Day
    total: Signed
    paid: Total


@mirrors(read.PayAccrualCard)
class PayAccrualCard(Schema):
    """With its lines; those of a draft are calculated now, and belong to its total too."""

    day: Day
    first: Day
    last: Day
    total: Signed
    paid: Total
    extras: list[ExtraItem]
    lines: list[PayLineItem]


@mirrors(read.Found)
class PayAccrualList(Schema):
    sum: Signed


class PayAccrualCreated(Done):
    number: int


@created_with(PAY_ACCRUAL_FIELDS.values())
class NewPayAccrual(Schema):
    """`post`: post it in the same change; `seen`: the total that was shown, which it then has to come to."""

    extras: Extras = Field(default_factory=list)
    post: bool = False
    seen: Seen | None = None


@changed_with(PAY_ACCRUAL_FIELDS.values())
class PayAccrualChange(Schema):
    """Of a draft. What is left out stays; given `extras` replace all."""

    extras: Extras | None = None


class Posting(Schema):
    """`seen`: the total that was shown, which the accrual has to come to."""

    seen: Seen | None = None


class PayAccrualsQuery(Page, OpenPeriod):
    """`from`, `to`: the dates of documents."""

    employee_id: UUID | None = None
    state: Literal["draft", "posted"] | None = None
    q: Search = ""
    deleted: bool = False
    sort: Literal["day", "-day", "number", "-number"] = "-day"


@routes.get("/pay-accruals", RIGHT, answer=PayAccrualList, reads=READS, heavy=SEARCHES)
def accruals(call: Call, query: Annotated[PayAccrualsQuery, Query()]) -> Any:
    """One page of the accruals, with how many were found and what posted ones come to."""
    with call.reading() as conn:
        page = read.listing(
            conn,
            first=query.first,
            last=query.last,
            employee_id=query.employee_id,
            state=query.state,
            query=query.q,
            deleted=call.shows_deleted(query.deleted),
            sort=query.sort,
            page=query.page,
            size=query.size,
        )
    asked = {name: value for name, value in query.model_dump(mode="json", by_alias=True).items() if value and name in _ASKED}
    call.record_access("listed", "pay_accrual", filter=asked, count=len(page.items))
    return call.answer(page)


CARD_READS = tuple(dict.fromkeys((*READS, *payroll_read.READS)))


@routes.get("/pay-accruals/{accrual_id}", RIGHT, answer=PayAccrualCard, reads=CARD_READS, heavy=SEARCHES)
def accrual(call: Call, accrual_id: UUID) -> Any:
    """One accrual with its lines: as they were posted, of a draft as they would be now."""
    found = card(call, accrual_id)
    call.record_access("opened", "pay_accrual", object_id=accrual_id)
    return call.versioned(found, found.version)


def card(call: Call, accrual_id: UUID) -> read.PayAccrualCard:
    """As `accrual` shows it. NoSuchObject."""
    with call.reading() as conn:
        found = read.get(conn, accrual_id)
        if found is None:
            raise NoSuchObject(kind=PayAccrual.TOPIC, id=accrual_id)
        if not found.posted and not found.deleted:
            now = payroll_read.calculations(conn, found.first, found.last, found.employee.id)[found.employee.id]
            lines = [read.shown(line) for line in now.lines]
            found = msgspec.structs.replace(found, lines=lines, total=found.total + now.total)
    return found


@routes.post("/pay-accruals", RIGHT, answer=PayAccrualCreated, status=201, refusals=(404, 409))
def create(call: Call, body: NewPayAccrual) -> Any:
    """Create an accrual as a draft, or posted at once by what is calculated now."""
    card = body.model_dump(exclude_unset=True, exclude={"extras", "post", "seen"})
    ctx, extras = call.context("create_pay_accrual"), _extras(body.extras) or []
    calculation = None
    if body.post:
        checked = PAY_ACCRUAL_FIELDS.checked(card)
        calculation = _calculated(
            call,
            UUID(str(checked["employee_id"])),
            date.fromisoformat(str(checked["first"])),
            date.fromisoformat(str(checked["last"])),
        )
    receipt = commands.create_pay_accrual(call.clinic, ctx, card, extras, calculation, seen=body.seen)
    return call.done(receipt, **receipt.facts)


@routes.patch("/pay-accruals/{accrual_id}", RIGHT, answer=Done, versioned=True)
def change(call: Call, accrual_id: UUID, body: PayAccrualChange) -> Any:
    """Change a draft."""
    fields = body.model_dump(exclude_unset=True, exclude={"extras"})
    ctx, extras = call.context("change_pay_accrual"), _extras(body.extras)
    return call.done(commands.change_pay_accrual(call.clinic, ctx, accrual_id, fields, extras, expected=call.expected))


@routes.post("/pay-accruals/{accrual_id}/post", RIGHT, answer=Done, versioned=True)
def post(call: Call, accrual_id: UUID, body: Posting) -> Any:
    """Post a draft by what is calculated now: from then on its lines stay, and the employee is owed what it comes to."""
    ctx = call.context("post_pay_accrual")
    draft = call.clinic.load(PayAccrual, accrual_id)
    calculation = _calculated(call, draft.employee_id, *draft.period)
    return call.done(commands.post_pay_accrual(call.clinic, ctx, accrual_id, calculation, seen=body.seen, expected=call.expected))


@routes.post("/pay-accruals/{accrual_id}/unpost", RIGHT, answer=Done, versioned=True, warns=True)
def unpost(call: Call, accrual_id: UUID) -> Any:
    """Make a posted accrual a draft again: it is owed no longer, and calculated again when it is posted."""
    ctx = call.context("unpost_pay_accrual")
    return call.done(commands.unpost_pay_accrual(call.clinic, ctx, accrual_id, expected=call.expected))


delete_route(
    routes,
    "/pay-accruals/{accrual_id}",
    RIGHT,
    "pay_accrual",
    commands.delete_pay_accrual,
    "Mark an accrual as deleted: it is owed no longer. It can be brought back.",
    warns=True,
)
return_route(
    routes,
    "/pay-accruals/{accrual_id}",
    RIGHT,
    "pay_accrual",
    commands.return_pay_accrual,
    "Bring a deleted accrual back; a posted one is owed again, unless the employee's accruals have changed since.",
)


def _calculated(call: Call, employee_id: UUID, first: date, last: date) -> Calculation:
    """By all that was done before this request."""
    call.require_present(*payroll_read.READS)
    with call.reading() as conn:
        found = payroll_read.calculations(conn, first, last, employee_id)[employee_id]
    return Calculation(tuple(found.lines), found.beside)


def _extras(written_: list[NewPayExtra] | None) -> list[ExtraLine] | None:
    return None if written_ is None else [ExtraLine(one.kind, one.sum, one.note) for one in written_]
