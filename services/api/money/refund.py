"""Refunds of payments (FIN-7)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.money.payment import Payment
from aggregates.money.refund import REFUND_FIELDS
from commands.money import payment as commands
from readmodels.money import paying_desks as desks_read
from services.api.deletion import delete_route, return_route
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.routes import NeedsRight, Routes
from services.api.money.payment import PayingDesk
from services.api.schemas import WITHOUT_CONTROLS, Done, Moment, Money, Schema

routes = Routes("refunds")
REFUNDS = NeedsRight("refunds")
_REASON = REFUND_FIELDS["reason"].longest


class NewRefund(Schema):
    """`desk_id`: needed where the payment came into one."""

    moment: Moment
    sum: Money
    desk_id: UUID | None = None
    reason: Annotated[str, written(_REASON), WITHOUT_CONTROLS] = ""


class RefundDefaults(Schema):
    """What a refund starts with."""

    moment: Moment
    desks: list[PayingDesk]


class RefundDone(Done):
    refund_id: UUID
    number: int


class RefundDefaultsQuery(Schema):
    """`payment_id`: the payment of which money is returned; its money goes back from a desk of the kind that it came into."""

    payment_id: UUID | None = None


@routes.get("/refunds/defaults", REFUNDS, answer=RefundDefaults, reads=("catalogue",), refusals=(404,))
def defaults(call: Call, query: Annotated[RefundDefaultsQuery, Query()]) -> Any:
    """What a refund starts with."""
    kind = None if query.payment_id is None else call.clinic.load(Payment, query.payment_id).till.desk_kind
    with call.reading() as conn:
        desks = [desk for desk in desks_read.paying(conn) if kind is None or desk.kind == kind]
    return call.answer({"moment": call.local_now.isoformat(timespec="minutes"), "desks": desks})


@routes.post("/payments/{payment_id}/refunds", REFUNDS, answer=RefundDone, status=201, refusals=(404, 409))
def refund(call: Call, payment_id: UUID, body: NewRefund) -> Any:
    """Return money of a payment."""
    receipt = commands.refund(
        call.clinic, call.context("refund"), payment_id, body.moment, body.sum, desk_id=body.desk_id, reason=body.reason
    )
    return call.done(receipt, **receipt.facts)


delete_route(
    routes,
    "/refunds/{refund_id}",
    REFUNDS,
    "refund",
    commands.delete_refund,
    "Mark a refund as deleted: its money is the patient's prepayment. It can be brought back.",
)
return_route(routes, "/refunds/{refund_id}", REFUNDS, "refund", commands.return_refund, "Bring a deleted refund back.")
