"""Goods sold without a visit, and goods that come back (FIN-9)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from aggregates.catalogues import Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.payment import PAYMENT_FIELDS
from aggregates.money.refund import REFUND_FIELDS
from aggregates.people.employee import Employee
from aggregates.scheduling.visit_lines import MOST_LINES
from commands.money.paying import MOST_PARTS, MOST_PREPAYMENTS, Asked, Part, Payer
from commands.money.sale_money import release_sale
from commands.scheduling.visit_lines import RequestedGoods
from commands.selling import sale as commands
from commands.selling.sale_return import Back, MoneyBack, take_back
from readmodels.money import patient_accounts, paying_desks
from readmodels.people import patients as patients_read
from readmodels.selling import sales as sales_read
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.money.payment import (
    ACCOUNT_READS,
    AccountPayment,
    NumberedPayment,
    PayingDesk,
    PaymentPart,
    Release,
    UsedPrepayment,
    summed,
)
from services.api.scheduling.visit_lines import NewDiscount, allowed_to
from services.api.schemas import WITHOUT_CONTROLS, Done, Moment, Money, Ref, Schema, Total
from services.api.stock.document import Moved, Number, StockGoods, Unit

routes = Routes("sales")
SELLS, SEES, RETURNS = NeedsRight("payments"), NeedsRight("payments", "patient_finances", "refunds"), NeedsRight("refunds")
READS = ("stock_documents", "payments", "patients", "catalogue", "certificates", "fiscal_receipts", "rights_sets")
_COMMENT, _CONTACT = PAYMENT_FIELDS["comment"].longest, PAYMENT_FIELDS["receipt_to"].longest


@mirrors(sales_read.SaleLine)
class SaleLine(Schema):
    goods: StockGoods
    quantity: Number
    left: Number


@mirrors(sales_read.SalePayment)
class SalePayment(Schema):
    moment: Moment


@mirrors(sales_read.SaleReturn)
class SaleReturn(Schema):
    moment: Moment


@mirrors(sales_read.SaleCard)
class SaleCard(Schema):
    moment: Moment
    total: Total
    returned: Total
    paid: Total
    due: Total
    lines: list[SaleLine]
    payments: list[SalePayment]
    returns: list[SaleReturn]


class SaleStartQuery(Schema):
    """The buyer, if it is a patient."""

    patient_id: UUID | None = None


class SaleStart(Schema):
    """What the window of a sale starts with. `prepayments`: of the patient, with something left, the oldest first;
    `certificates`: whether the clinic uses them; `receipt_to`: where the patient's electronic receipt may go.
    """

    moment: Moment
    warehouse: Ref | None
    desks: list[PayingDesk]
    prepayments: list[AccountPayment]
    certificates: bool
    receipt_to: str


class SoldGoods(Schema):
    """Goods of a sale. `price`: for one unit, the present one where it is omitted."""

    goods_id: UUID
    quantity: Moved
    unit: Unit = "sale"
    price: Money | None = None
    discount: NewDiscount | None = None


class NewSale(Schema):
    """A sale, paid at once. `patient_id`: the buyer; without one all of it has to be paid now. `discount`: of the whole."""

    moment: Moment
    warehouse_id: UUID
    patient_id: UUID | None = None
    goods: Annotated[list[SoldGoods], Field(max_length=MOST_LINES)]
    discount: NewDiscount | None = None
    parts: Annotated[list[PaymentPart], Field(default_factory=list, max_length=MOST_PARTS)]
    prepayments: Annotated[list[UsedPrepayment], Field(default_factory=list, max_length=MOST_PREPAYMENTS)]
    receipt_to: Annotated[str, written(_CONTACT), WITHOUT_CONTROLS] = ""
    comment: Annotated[str, written(_COMMENT), WITHOUT_CONTROLS] = ""


class SaleDone(Done):
    """`number`: of the issue of goods; `total`: what the sale comes to."""

    number: int
    total: Total
    payments: list[NumberedPayment]


class ReturnedGoods(Schema):
    """`quantity`: in the unit in which the goods were sold."""

    goods_id: UUID
    quantity: Moved


class RefundedPayment(Schema):
    """What of a payment goes back. `desk_id`: needed where it came into one."""

    payment_id: UUID
    sum: Money
    desk_id: UUID | None = None


class NewSaleReturn(Schema):
    """Goods that come back, and money that goes back for them. What isn't refunded stays as the patient's prepayment."""

    moment: Moment
    goods: Annotated[list[ReturnedGoods], Field(max_length=MOST_LINES)]
    refunds: Annotated[list[RefundedPayment], Field(default_factory=list, max_length=MOST_PARTS)]
    reason: Annotated[str, written(REFUND_FIELDS["reason"].longest), WITHOUT_CONTROLS] = ""


class SaleReturnDone(Done):
    """`number`: of the return; `total`: what the goods came to."""

    number: int
    total: Total
    refunds: list[NumberedPayment]


@routes.get("/sales/start", SELLS, answer=SaleStart, reads=(*ACCOUNT_READS, "settings"), refusals=(404,))
def start(call: Call, query: Annotated[SaleStartQuery, Query()]) -> Any:
    """What a sale starts with: the usual warehouse, the desks, and what the patient has paid in advance."""
    settings = call.clinic.load(ClinicSettings, SETTINGS_ID)
    own = call.clinic.load(Employee, call.principal.employee_id).record.warehouse_id
    usual = (own, settings.references().get("default_warehouse"), settings.write_off_warehouse)
    known = (call.clinic.load(Warehouse, warehouse_id) for warehouse_id in usual if warehouse_id is not None)
    warehouse = next((one for one in known if not one.deleted), None)
    prepayments: list[Any] = []
    receipt_to = ""
    with call.reading() as conn:
        desks = paying_desks.paying(conn)
        if query.patient_id is not None:
            card = patients_read.get(conn, query.patient_id)
            if card is None:
                raise NoSuchObject(kind="patient", id=query.patient_id)
            prepayments = [one for one in patient_accounts.account(conn, query.patient_id).payments[::-1] if one.rest]
            receipt_to = card["email"] or card["phone"] if call.principal.opens_patient_cards else ""
    if query.patient_id is not None:
        call.record_access("opened", "patient", object_id=query.patient_id, patient_id=query.patient_id)
    return call.answer(
        {
            "moment": call.local_now.isoformat(timespec="minutes"),
            "warehouse": None if warehouse is None else {"id": warehouse.id, "name": warehouse.name},
            "desks": desks,
            "prepayments": prepayments,
            "certificates": settings.uses_certificates,
            "receipt_to": receipt_to,
        }
    )


@routes.post("/sales", SELLS, answer=SaleDone, status=201, refusals=(404, 409), warns=True)
def sell(call: Call, body: NewSale) -> Any:
    """Sell goods without a visit, and take the money, in one change: all or nothing."""
    goods = [
        RequestedGoods(one.goods_id, one.quantity, one.unit, "", one.price, one.discount.stored if one.discount else None)
        for one in body.goods
    ]
    paid = Asked(
        body.moment,
        [Part(**part.model_dump()) for part in body.parts],
        summed((one.payment_id, one.sum) for one in body.prepayments),
        payer=Payer(receipt_to=body.receipt_to),
        comment=body.comment,
    )
    receipt = commands.sell(
        call.clinic,
        call.context("sell"),
        body.moment,
        goods,
        paid,
        warehouse_id=body.warehouse_id,
        patient_id=body.patient_id,
        discount=body.discount.stored if body.discount else None,
        allowed=allowed_to(call),
    )
    return call.done(receipt, **receipt.facts)


@routes.get("/sales/{sale_id}", SEES, answer=SaleCard, reads=READS)
def sale(call: Call, sale_id: UUID) -> Any:
    """What was sold, what came back of it, and by what it is paid."""
    with call.reading() as conn:
        found = sales_read.card(conn, sale_id)
    if found is None:
        raise NoSuchObject(kind="goods_issue", id=sale_id)
    if found.patient is not None:
        call.record_access("opened", "patient", object_id=found.patient.id, patient_id=found.patient.id)
    return call.versioned(found, found.version)


@routes.post("/sales/{sale_id}/take-back", RETURNS, answer=SaleReturnDone, status=201, refusals=(404, 409))
def bring_back(call: Call, sale_id: UUID, body: NewSaleReturn) -> Any:
    """Take goods of a sale back, and give money back for them."""
    receipt = take_back(
        call.clinic,
        call.context("take_back"),
        sale_id,
        body.moment,
        [Back(one.goods_id, one.quantity) for one in body.goods],
        [MoneyBack(one.payment_id, one.sum, one.desk_id) for one in body.refunds],
        reason=body.reason,
    )
    return call.done(receipt, **receipt.facts)


@routes.post("/sales/{sale_id}/release-payments", SELLS, answer=Done, refusals=(404, 409))
def release(call: Call, sale_id: UUID, body: Release) -> Any:
    """Keep what was paid for a sale as the patient's prepayment."""
    return call.done(release_sale(call.clinic, call.context("release_sale"), sale_id, body.moment))
