"""Printed papers of a visit."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection

from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from readmodels.clinic import requisites
from readmodels.money import patient_accounts
from readmodels.scheduling import calendar as calendar_read
from readmodels.scheduling import visit_document as document_read
from readmodels.scheduling.calendar import VisitItem
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import PaperQuery
from services.papers.bill import visit_bill
from services.papers.visit import NAMES, VisitPaper, state_of, visit_paper

routes = Routes("visit_papers")
MONEY = NeedsRight("payments", "patient_finances")


@routes.get(
    "/visits/{visit_id}/papers/{kind}",
    NeedsRight("calendar"),
    answer=bytes,
    media=PDF,
    reads=(
        "calendar",
        "patients",
        "employees",
        "catalogue",
        "settings",
        "payments",
        "certificates",
        "fiscal_receipts",
        "stock_documents",
    ),
    heavy=PAPERS,
)
def visit_as_paper(call: Call, visit_id: UUID, kind: VisitPaper, query: Annotated[PaperQuery, Query()]) -> Any:
    """A paper of the visit as a PDF, with the clinic's requisites of its date: act, note, check-list, patient's slip, bill."""
    del query
    with call.reading() as conn:
        found = calendar_read.get(conn, visit_id, patient_info=call.principal.shows_patient_info)
        if found is None:
            raise NoSuchObject(kind="visit", id=visit_id)
        if call.only_doctor_id not in {None, found.doctor and found.doctor.id}:
            raise AnotherDoctorsVisit
        document = document_read.get(conn, visit_id)
        if document is None:
            raise NoSuchObject(kind="visit", id=visit_id)
        clinic = requisites.of_clinic(conn, call.denta.decoders, found.starts_at.replace(tzinfo=call.zone))
        paid = _paid(call, conn, found) if kind == "bill" else None
    call.record_access("printed", "visit", object_id=visit_id, patient_id=found.patient.id)
    if kind == "bill":
        html = visit_bill(found, document, paid, clinic, state_of(found, expects_done=False))
    else:
        html = visit_paper(kind, found, document, clinic)
    return paper(call, html, f"{NAMES[kind]} {found.number}")


def _paid(call: Call, conn: Connection[Any], visit: VisitItem) -> Decimal | None:
    """What was paid for a visit; None for those who may not see it."""
    if not MONEY.is_granted_by(call.principal.rights):
        return None
    account = patient_accounts.account(conn, visit.patient.id, with_visit=visit.id)
    return next((one.paid for one in account.visits if one.id == visit.id), Decimal("0.00"))
