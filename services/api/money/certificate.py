"""Certificates: sold, and what is left on each (FIN-3)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.money.certificate import AS_SOLD, CERTIFICATE_FIELDS
from commands.money import certificate as commands
from readmodels.money import certificates as certificates_read
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Day, Done, Moment, Page, Schema, Search, Total

routes = Routes("certificates")
READS = ("certificates", "payments", "catalogue", "patients", "rights_sets")
SELLS = NeedsRight("certificates")
REFUNDS = NeedsRight("refunds")
"""Money goes back, or comes again."""


@mirrors(certificates_read.CertificateItem)
class CertificateItem(Schema):
    moment: Moment
    left: Total


class CertificateList(Schema):
    items: list[CertificateItem]
    total: int


@created_with(CERTIFICATE_FIELDS.values())
class NewCertificate(Schema):
    """What is sold. `price`: what was paid for it, 0 for a gift."""


@changed_with(field for field in CERTIFICATE_FIELDS.values() if field.name not in AS_SOLD)
class CertificateChange(Schema):
    """What to change; what is left out stays."""


class CertificatesQuery(Page):
    """`usable_on`: only those that pay for something on that day."""

    q: Search = ""
    usable_on: Day | None = None
    deleted: bool = False


@routes.get("/certificates", NeedsRight("certificates", "payments"), answer=CertificateList, reads=READS)
def certificates(call: Call, query: Annotated[CertificatesQuery, Query()]) -> Any:
    """One page of the certificates, the latest first."""
    with call.reading() as conn:
        items, total = certificates_read.listing(
            conn,
            query=query.q,
            usable_on=query.usable_on,
            deleted=call.shows_deleted(query.deleted),
            page=query.page,
            size=query.size,
        )
    call.record_access("listed", "certificate", filter={"q": query.q} if query.q else {}, count=total)
    return call.answer({"items": items, "total": total})


@routes.get("/certificates/{certificate_id}", NeedsRight("certificates", "payments"), answer=CertificateItem, reads=READS)
def certificate(call: Call, certificate_id: UUID) -> Any:
    """One certificate."""
    with call.reading() as conn:
        found = certificates_read.get(conn, certificate_id)
    if found is None:
        raise NoSuchObject(kind="certificate", id=certificate_id)
    if found.buyer is not None:
        call.record_access("opened", "certificate", object_id=certificate_id, patient_id=found.buyer.id)
    return call.versioned(found, found.version)


@routes.post("/certificates", SELLS, answer=Done, status=201, refusals=(404, 409))
def sell(call: Call, body: NewCertificate) -> Any:
    """Sell a certificate: its price comes into the desk."""
    card = body.model_dump(exclude_unset=True)
    return call.done(commands.sell_certificate(call.clinic, call.context("sell_certificate"), card))


@routes.patch("/certificates/{certificate_id}", SELLS, answer=Done, versioned=True)
def change(call: Call, certificate_id: UUID, body: CertificateChange) -> Any:
    """Change code, buyer, end or comment of a certificate."""
    fields, ctx = body.model_dump(exclude_unset=True), call.context("change_certificate")
    return call.done(commands.change_certificate(call.clinic, ctx, certificate_id, fields, expected=call.expected))


delete_route(
    routes,
    "/certificates/{certificate_id}",
    REFUNDS,
    "certificate",
    commands.delete_certificate,
    "Mark a certificate as deleted, unless it has paid for something; it can be brought back.",
)
return_route(
    routes,
    "/certificates/{certificate_id}",
    REFUNDS,
    "certificate",
    commands.return_certificate,
    "Bring a deleted certificate back.",
)
