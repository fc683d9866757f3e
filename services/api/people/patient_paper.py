"""Papers that are made for a patient from the clinic's templates, stored as they were (VIS-11)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection

from aggregates.catalogues import PaperTemplate
from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from aggregates.template_text import PLACEHOLDERS
from aggregates.values import WrongValue
from commands.people import patient_paper as commands
from readmodels.clinic import requisites
from readmodels.people import patient_papers as papers_read
from readmodels.people import patients as patients_read
from readmodels.scheduling import calendar as calendar_read
from readmodels.scheduling import visit_document as document_read
from readmodels.scheduling.calendar import VisitItem
from readmodels.scheduling.visit_document import VisitDocument
from services.api.deletion import delete_route, return_route
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper, shown_paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.people.patient import CARD, require_card_open, require_cards_open
from services.api.schemas import Done, PaperQuery, Schema

routes = Routes("patient_papers")
ONE = "/patient-papers/{paper_id}"
READS = ("patient_papers", "patients", "calendar")
MADE_OF = ("patients", "calendar", "employees")


@mirrors(papers_read.PatientPaperItem)
class PatientPaperItem(Schema):
    pass


class PatientPaperList(Schema):
    items: list[PatientPaperItem]


class PatientPapersQuery(Schema):
    deleted: bool = False


class NewPatientPaper(Schema):
    """`visit_id`: of this patient, for placeholders about a visit."""

    template_id: UUID
    visit_id: UUID | None = None


class TemplateField(Schema):
    """A placeholder without its braces, and what it stands for."""

    name: str
    meaning: str


class TemplateFields(Schema):
    items: list[TemplateField]


@routes.get("/paper-template-fields", NeedsRight("paper_templates"), answer=TemplateFields)
def fields(call: Call) -> Any:
    """The placeholders that templates of papers may contain."""
    return call.answer({"items": [{"name": name, "meaning": meaning} for name, meaning in PLACEHOLDERS.items()]})


@routes.get(
    "/paper-templates/{entry_id}/preview.pdf",
    NeedsRight("paper_templates"),
    answer=bytes,
    media=PDF,
    reads=("catalogue",),
    heavy=PAPERS,
)
def preview(call: Call, entry_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """What a paper of this template looks like, with an invented patient."""
    from services.papers.template import example_values, template_paper

    del query
    template = call.clinic.load(PaperTemplate, entry_id)
    with call.reading() as conn:
        clinic = requisites.of_clinic(conn, call.denta.decoders, call.denta.clock())
    values = example_values(clinic, call.local_now.date())
    return paper(call, template_paper(template.name, str(template.card["text"]), values), template.name)


@routes.get("/patients/{patient_id}/papers", CARD, answer=PatientPaperList, reads=READS)
def of_patient(call: Call, patient_id: UUID, query: Annotated[PatientPapersQuery, Query()]) -> Any:
    """The papers of one patient, the newest first."""
    require_card_open(call, patient_id)
    with call.reading() as conn:
        if not patients_read.all_cards(conn, [patient_id]):
            raise NoSuchObject(kind="patient", id=patient_id)
        deleted = call.shows_deleted(query.deleted)
        items = papers_read.of_patient(conn, patient_id, only_doctor_id=call.only_doctor_id, deleted=deleted)
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)  # the tab is part of the card
    return call.answer({"items": items})


@routes.post("/patients/{patient_id}/papers", CARD, answer=Done, status=201, refusals=(409, 412), heavy=PAPERS)
def make(call: Call, patient_id: UUID, body: NewPatientPaper) -> Any:
    """Make a paper from a template and store it with the patient."""
    from services.papers.template import known_values, template_paper

    require_card_open(call, patient_id)
    ctx = call.context("make_paper")
    if (receipt := call.clinic.stored_receipt(ctx)) is not None:
        return call.done(receipt)
    call.require_present(*MADE_OF)
    template = call.clinic.load(PaperTemplate, body.template_id)
    with call.reading() as conn:
        card = patients_read.get(conn, patient_id)
        if card is None:
            raise NoSuchObject(kind="patient", id=patient_id)
        visit = None if body.visit_id is None else _visit(call, conn, body.visit_id, patient_id)
        clinic = requisites.of_clinic(conn, call.denta.decoders, call.denta.clock())
    values = known_values(card, visit, clinic, call.local_now.date())
    pdf = call.denta.paper_press.pdf(template_paper(template.name, str(template.card["text"]), values), call.work.ending)
    file = call.denta.files.keep(pdf, PDF)
    return call.done(commands.make_paper(call.clinic, ctx, patient_id, template.id, template.version, body.visit_id, file))


@routes.get(f"{ONE}/file.pdf", CARD, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
def file(call: Call, paper_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """A paper as it was made."""
    del query
    with call.reading() as conn:
        found = papers_read.get(conn, paper_id)
    if found is None:
        raise NoSuchObject(kind="patient_paper", id=paper_id)
    require_card_open(call, found.patient_id)
    if found.about_visit and call.only_doctor_id not in {None, found.doctor_id}:
        raise AnotherDoctorsVisit
    call.record_access("printed", "patient", object_id=found.patient_id, patient_id=found.patient_id)
    return shown_paper(call.denta.files.read(found.file), found.title)


delete_route(
    routes, ONE, CARD, "paper", commands.delete_paper, "Mark a patient's paper as deleted; it can be brought back.",
    require=require_cards_open,
)  # fmt: skip
return_route(routes, ONE, CARD, "paper", commands.return_paper, "Bring a patient's paper back.", require=require_cards_open)


def _visit(call: Call, conn: Connection[Any], visit_id: UUID, patient_id: UUID) -> tuple[VisitItem, VisitDocument]:
    """A visit of this patient. WrongValue; of a user who sees only their own schedule, one of theirs."""
    found, document = calendar_read.get(conn, visit_id), document_read.get(conn, visit_id)
    theirs = found is not None and call.only_doctor_id in {None, found.doctor and found.doctor.id}
    if found is None or document is None or not theirs or found.patient.id != patient_id:
        raise WrongValue("visit_id", "Выберите визит этого пациента.")
    return found, document
