"""Printed papers of a visit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from readmodels.clinic import requisites
from readmodels.scheduling import calendar as calendar_read
from readmodels.scheduling import visit_document as document_read
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import PaperQuery
from services.papers.visit import NAMES, VisitPaper, visit_paper

routes = Routes("visit_papers")


@routes.get(
    "/visits/{visit_id}/papers/{kind}",
    NeedsRight("calendar"),
    answer=bytes,
    media=PDF,
    reads=("calendar", "patients", "employees", "catalogue", "settings"),
    heavy=PAPERS,
)
def visit_as_paper(call: Call, visit_id: UUID, kind: VisitPaper, query: Annotated[PaperQuery, Query()]) -> Any:
    """A paper of the visit as a PDF, with the clinic's requisites of its date: act, delivery note, check-list, patient's slip."""
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
    call.record_access("printed", "visit", object_id=visit_id, patient_id=found.patient.id)
    return paper(call, visit_paper(kind, found, document, clinic), f"{NAMES[kind]} {found.number}")
