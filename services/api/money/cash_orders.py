"""Printed orders of cash: КО-1 of incomes and payments, КО-2 of outgoes and refunds (VIS-7)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.money.desk_kind import NotCash
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo
from readmodels.clinic import requisites
from readmodels.money import cash_orders
from readmodels.money.cash_orders import CashOrder
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import PaperQuery

routes = Routes("cash-orders")
PAYMENTS, REFUNDS = NeedsRight("payments", "patient_finances"), NeedsRight("refunds", "patient_finances")
_OF_PATIENTS = ("payments", "catalogue", "patients", "calendar", "stock_documents")


@routes.get(
    "/payments/{payment_id}/order.pdf", PAYMENTS, answer=bytes, media=PDF, reads=_OF_PATIENTS, heavy=PAPERS, refusals=(409,)
)
def of_payment(call: Call, payment_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """The order of a payment in cash as a PDF."""
    del query
    with call.reading() as conn:
        order = cash_orders.of_patient(conn, payment_id, "payment")
    return _printed(call, order, "payment", payment_id)


@routes.get("/refunds/{refund_id}/order.pdf", REFUNDS, answer=bytes, media=PDF, reads=_OF_PATIENTS, heavy=PAPERS, refusals=(409,))
def of_refund(call: Call, refund_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """The order of a refund in cash as a PDF."""
    del query
    with call.reading() as conn:
        order = cash_orders.of_patient(conn, refund_id, "refund")
    return _printed(call, order, "refund", refund_id)


def order_routes(kind: type[MoneyDocument]) -> Routes:
    """The order of one kind of documents."""
    found = Routes(f"{kind.TOPIC}_order")

    @found.get(
        f"/{kind.PATH}/{{document_id}}/order.pdf",
        NeedsRight(kind.RIGHT),
        answer=bytes,
        media=PDF,
        reads=("money_documents", "catalogue", "employees", "patients", "articles", "stock_documents"),
        heavy=PAPERS,
        refusals=(409,),
    )
    def of_document(call: Call, document_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
        """The order of a document as a PDF."""
        del query
        with call.reading() as conn:
            order = cash_orders.of_document(conn, kind, document_id)
        return _printed(call, order, kind.TOPIC, document_id)

    return found


def _printed(call: Call, order: CashOrder | None, kind: str, document_id: UUID) -> Any:
    """NoSuchObject, NotCash."""
    from services.papers.cash_order import NAMES, order_paper

    if order is None:
        raise NoSuchObject(kind=kind, id=document_id)
    if not order.cash:
        raise NotCash
    with call.reading() as conn:
        clinic = requisites.of_clinic(conn, call.denta.decoders, order.moment.replace(tzinfo=call.zone))
    if order.patient_id is not None:
        listed = MoneyIncome.TOPIC if order.flow == "income" else MoneyOutgo.TOPIC
        call.record_access("printed", listed, object_id=document_id, patient_id=order.patient_id)
    return paper(call, order_paper(order, clinic), f"{NAMES[order.flow]} {order.number}")


CASH_ORDER_ROUTES = tuple(order_routes(kind) for kind in (MoneyIncome, MoneyOutgo))
