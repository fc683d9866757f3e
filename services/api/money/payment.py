"""Payments of patients, and a patient's account (FIN-7)."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field, StrictBool

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.desk_kind import DeskKind
from aggregates.money.payment import PAYMENT_FIELDS
from commands.money import payment as commands
from commands.money.paying import MOST_PARTS, MOST_PREPAYMENTS, MOST_VISITS, Part, Payer
from readmodels.money import patient_accounts as accounts_read
from readmodels.money import paying_desks as desks_read
from readmodels.people import patients as patients_read
from services.api.deletion import delete_route, return_route
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import WITHOUT_CONTROLS, Done, Moment, Money, Schema, Total

routes = Routes("payments")
SEES = NeedsRight("patient_finances", "payments")
PAYS = NeedsRight("payments")
REFUNDS = NeedsRight("refunds")
ACCOUNT_READS = (
    "payments", "calendar", "stock_documents", "patients", "employees", "catalogue", "certificates", "fiscal_receipts",
    "rights_sets",
)  # fmt: skip
_COMMENT, _CONTACT = PAYMENT_FIELDS["comment"].longest, PAYMENT_FIELDS["receipt_to"].longest


@mirrors(accounts_read.AccountVisit)
class AccountVisit(Schema):
    starts_at: Moment


@mirrors(accounts_read.AccountPayment)
class AccountPayment(Schema):
    moment: Moment


@mirrors(accounts_read.AccountRefund)
class AccountRefund(Schema):
    moment: Moment


@mirrors(accounts_read.PatientAccount)
class PatientAccount(Schema):
    charged: Total
    paid: Total
    debt: Total
    prepayment: Total
    free: Total


class AccountQuery(Schema):
    at: Moment | None = None
    """The account by documents until this moment."""


class PaymentQuery(Schema):
    visit_id: UUID | None = None
    """The visit that is to be paid."""


class PayingDesk(Schema):
    """A desk that takes money."""

    id: UUID
    name: str
    kind: DeskKind


class UsualPayer(Schema):
    """Who paid for the patient the last time. `kind`: another person, or an organisation."""

    kind: Literal["patient", "counterparty"]
    id: UUID
    name: str


class PaymentStart(Schema):
    """What the window of payment starts with.

    visit         the one that is to be paid, whether or not it is completed yet; None where it costs nothing.
    others        what is due for other completed visits and sales, the oldest first.
    prepayments   payments with something left, the oldest first.
    certificates  whether the clinic uses them.
    receipt_to    where the patient's electronic receipt may go.
    payer         who paid the last time, where it wasn't the patient.
    """

    moment: Moment
    visit: AccountVisit | None
    others: list[AccountVisit]
    prepayments: list[AccountPayment]
    desks: list[PayingDesk]
    certificates: bool
    receipt_to: str
    payer: UsualPayer | None


class PaidVisit(Schema):
    """What is paid for a visit, or for goods sold without one."""

    visit_id: UUID
    sum: Money


class UsedPrepayment(Schema):
    """What is taken of an earlier payment."""

    payment_id: UUID
    sum: Money


class PaymentPart(Schema):
    """A desk or a certificate, and what comes from there; or what the organisation that pays owes. `handed`: cash that was handed
    over, before the change.
    """

    desk_id: UUID | None = None
    certificate_id: UUID | None = None
    sum: Money
    handed: Money | None = None
    owed: StrictBool = False


class NewPayments(Schema):
    """What is paid at once. `keeps_rest`: what is more than the visits take is a prepayment. `payer_id`, `counterparty_id`: who
    pays where it isn't the patient; `receipt_to`: e-mail or phone for the electronic receipt.
    """

    patient_id: UUID
    moment: Moment
    parts: Annotated[list[PaymentPart], Field(default_factory=list, max_length=MOST_PARTS)]
    visits: Annotated[list[PaidVisit], Field(default_factory=list, max_length=MOST_VISITS)]
    prepayments: Annotated[list[UsedPrepayment], Field(default_factory=list, max_length=MOST_PREPAYMENTS)]
    keeps_rest: StrictBool = False
    payer_id: UUID | None = None
    counterparty_id: UUID | None = None
    receipt_to: Annotated[str, written(_CONTACT), WITHOUT_CONTROLS] = ""
    comment: Annotated[str, written(_COMMENT), WITHOUT_CONTROLS] = ""


class NumberedPayment(Schema):
    """A new payment."""

    id: UUID
    number: int


class PaymentsDone(Done):
    payments: list[NumberedPayment]


class Release(Schema):
    """Since when nothing pays for the visit."""

    moment: Moment


@routes.get("/patients/{patient_id}/account", SEES, answer=PatientAccount, reads=ACCOUNT_READS)
def account(call: Call, patient_id: UUID, query: Annotated[AccountQuery, Query()]) -> Any:
    """What a patient was charged, has paid and owes, now or at an earlier moment."""
    with call.reading() as conn:
        if patients_read.get(conn, patient_id) is None:
            raise NoSuchObject(kind="patient", id=patient_id)
        found = accounts_read.account(conn, patient_id, query.at)
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)  # the tab is part of the card
    return call.answer(found)


@routes.get("/patients/{patient_id}/payment", PAYS, answer=PaymentStart, reads=(*ACCOUNT_READS, "settings"))
def start(call: Call, patient_id: UUID, query: Annotated[PaymentQuery, Query()]) -> Any:
    """What a payment starts with: what is due for a visit, what else the patient owes or has paid in advance, and the desks."""
    settings = call.clinic.load(ClinicSettings, SETTINGS_ID)
    with call.reading() as conn:
        found = accounts_read.account(conn, patient_id, with_visit=query.visit_id)
        desks = desks_read.paying(conn)
        card = patients_read.get(conn, patient_id)
        payer = accounts_read.usual_payer(conn, patient_id)
    if card is None:
        raise NoSuchObject(kind="patient", id=patient_id)
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)
    return call.answer(
        {
            "moment": call.local_now.isoformat(timespec="minutes"),
            "visit": next((one for one in found.visits if one.id == query.visit_id), None),
            "others": [one for one in found.visits[::-1] if one.due and one.id != query.visit_id and one.status == "completed"],
            "prepayments": [one for one in found.payments[::-1] if one.rest],
            "desks": desks,
            "certificates": settings.uses_certificates,
            "receipt_to": card["email"] or card["phone"] if call.principal.opens_patient_cards else "",
            "payer": payer,
        }
    )


@routes.post("/payments", PAYS, answer=PaymentsDone, status=201, refusals=(404, 409))
def pay(call: Call, body: NewPayments) -> Any:
    """Pay for visits in any mixture, or in advance; all or nothing."""
    receipt = commands.pay(
        call.clinic,
        call.context("pay"),
        body.patient_id,
        body.moment,
        [Part(**part.model_dump()) for part in body.parts],
        visits=summed((one.visit_id, one.sum) for one in body.visits),
        prepayments=summed((one.payment_id, one.sum) for one in body.prepayments),
        keeps_rest=body.keeps_rest,
        payer=Payer(patient_id=body.payer_id, counterparty_id=body.counterparty_id, receipt_to=body.receipt_to),
        comment=body.comment,
    )
    return call.done(receipt, **receipt.facts)


@routes.post("/visits/{visit_id}/release-payments", PAYS, answer=Done, refusals=(404, 409))
def release(call: Call, visit_id: UUID, body: Release) -> Any:
    """Keep what was paid for a visit as the patient's prepayment."""
    return call.done(commands.release_visit(call.clinic, call.context("release_visit"), visit_id, body.moment))


def summed(pairs: Any) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = {}
    for id_, amount in pairs:
        found[id_] = found.get(id_, Decimal(0)) + amount
    return found


delete_route(
    routes,
    "/payments/{payment_id}",
    REFUNDS,
    "payment",
    commands.delete_payment,
    "Mark a payment as deleted: what it paid for is due again. It can be brought back.",
)
return_route(
    routes,
    "/payments/{payment_id}",
    REFUNDS,
    "payment",
    commands.return_payment,
    "Bring a deleted payment back, as the patient's prepayment.",
)
