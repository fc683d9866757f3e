"""Files of visits: attached, looked at, renamed, deleted (VIS-1). Uploads can't be trusted (SEC-3).

They are information about the patient, open to those who may open the patient's card (VIS-6).
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, StringConstraints

from aggregates.scheduling.visit_file import MOST_BYTES, MOST_FILES, VISIT_FILE_FIELDS
from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from commands.ports.attachments import NotAttachable
from commands.ports.photographs import NotAPhotograph
from commands.scheduling import visit_file as commands
from readmodels.people import patients as patients_read
from readmodels.scheduling import visit_files as files_read
from readmodels.scheduling.visit_files import StoredVisitFile
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with
from services.api.http.call import Call
from services.api.http.downloads import picture, stored_attachment
from services.api.http.heavy_work import FILES, PICTURES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.people.patient import CARD, require_card_open, require_cards_open
from services.api.schemas import OF_REQUEST, WITHOUT_CONTROLS, Done, Moment, Page, Schema

routes = Routes("visit_files")
CALENDAR = NeedsRight("calendar")
ONE = "/visit-files/{file_id}"
READS = ("visit_files", "calendar", "patients", "employees")
SHOWN = ("visit_files", "calendar", "patients")
PREVIEW_SIDE = 480
"""Pixels of the longest side of a preview: twice what a list shows, for dense screens."""
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Of which a preview is made, and which browsers show."""


@mirrors(files_read.VisitFileItem)
class VisitFileItem(Schema):
    pass


@mirrors(files_read.PatientFileItem)
class PatientFileItem(Schema):
    visit_starts_at: Moment


class VisitFileList(Schema):
    """`most_bytes`: of a file that is attached; `most_files`: of the visit, without deleted ones."""

    items: list[VisitFileItem]
    most_bytes: int
    most_files: int


class PatientFileList(Schema):
    items: list[PatientFileItem]
    total: int


class VisitFilesQuery(Schema):
    deleted: bool = False


class PatientFilesQuery(Page):
    deleted: bool = False


class NewFileQuery(Schema):
    """`name`: what the person's file is called."""

    name: Annotated[str, StringConstraints(max_length=1000), WITHOUT_CONTROLS, OF_REQUEST, Field(examples=["Снимок 36.jpg"])]


@changed_with(VISIT_FILE_FIELDS.values())
class VisitFileChange(Schema):
    """What to change; what is left out stays. The name keeps an ending that says what the file is."""


def require_visit_open(call: Call, visit_id: UUID) -> UUID:
    """The patient of the visit. CardsNotOpen, AnotherDoctorsPatient, AnotherDoctorsVisit, AggregateNotFound."""
    visit = commands.own_visit(call.clinic, call.only_doctor_id, None, visit_id)
    require_card_open(call, visit.patient_id)
    return visit.patient_id


def require_file_open(call: Call, file_id: UUID) -> StoredVisitFile:
    """The file of somebody who may see it. CardsNotOpen, AnotherDoctorsPatient, AnotherDoctorsVisit, NoSuchObject."""
    with call.reading() as conn:
        found = files_read.get(conn, file_id)
    if found is None:
        raise NoSuchObject(kind="visit_file", id=file_id)
    if call.only_doctor_id not in {None, found.doctor_id}:
        raise AnotherDoctorsVisit
    require_card_open(call, found.patient_id)
    return found


@routes.get("/visits/{visit_id}/files", CALENDAR, answer=VisitFileList, reads=READS)
def of_visit(call: Call, visit_id: UUID, query: Annotated[VisitFilesQuery, Query()]) -> Any:
    """The files of one visit, as they were attached."""
    patient_id = require_visit_open(call, visit_id)
    with call.reading() as conn:
        items = files_read.of_visit(conn, visit_id, deleted=call.shows_deleted(query.deleted))
    call.record_access("opened", "visit", object_id=visit_id, patient_id=patient_id)  # they are part of the visit
    return call.answer({"items": items, "most_bytes": MOST_BYTES, "most_files": MOST_FILES})


@routes.get("/patients/{patient_id}/visit-files", CARD, answer=PatientFileList, reads=READS)
def of_patient(call: Call, patient_id: UUID, query: Annotated[PatientFilesQuery, Query()]) -> Any:
    """The files of all visits of one patient, those of the latest visit first."""
    require_card_open(call, patient_id)
    with call.reading() as conn:
        if not patients_read.all_cards(conn, [patient_id]):
            raise NoSuchObject(kind="patient", id=patient_id)
        items, total = files_read.of_patient(
            conn, patient_id, only_doctor_id=call.only_doctor_id, deleted=call.shows_deleted(query.deleted), page=query.page,
            size=query.size,
        )  # fmt: skip
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)  # the tab is part of the card
    return call.answer({"items": items, "total": total})


@routes.post(
    "/visits/{visit_id}/files", CALENDAR, answer=Done, status=201, refusals=(409,), upload=MOST_BYTES, heavy=PICTURES,
)  # fmt: skip
def attach(call: Call, visit_id: UUID, query: Annotated[NewFileQuery, Query()]) -> Any:
    """Attach a file to a visit: JPEG, PNG, WebP, TIFF, PDF or DICOM, recognised by its content."""
    require_visit_open(call, visit_id)
    ctx = call.context("attach_file")
    if (receipt := call.clinic.stored_receipt(ctx)) is not None:
        return call.done(receipt)
    media = call.denta.attachments.media_of(call.upload)
    preview = _preview(call) if media in DRAWN else None
    small = None if preview is None else call.denta.files.keep(preview, call.denta.photographs.media)
    file = call.denta.files.keep_upload(call.upload, media)
    return call.done(commands.attach_file(call.clinic, ctx, visit_id, query.name, file, small))


def _preview(call: Call) -> bytes:
    """A small picture of the upload. A file that can't be drawn isn't a picture, whatever its first bytes say. NotAttachable."""
    try:
        return call.denta.photographs.drawn(call.upload, PREVIEW_SIDE, call.work.ending)
    except NotAPhotograph as refused:
        raise NotAttachable(**refused.facts) from None


@routes.patch(ONE, CALENDAR, answer=Done, versioned=True)
def change(call: Call, file_id: UUID, body: VisitFileChange) -> Any:
    """Rename or caption a file."""
    require_cards_open(call, file_id)
    fields, ctx = body.model_dump(exclude_unset=True), call.context("change_file")
    return call.done(commands.change_file(call.clinic, ctx, file_id, fields, expected=call.expected))


delete_route(
    routes, ONE, CALENDAR, "file", commands.delete_file, "Mark a file of a visit as deleted; it can be brought back.",
    require=require_cards_open,
)  # fmt: skip
return_route(routes, ONE, CALENDAR, "file", commands.return_file, "Bring a file of a visit back.", require=require_cards_open)


@routes.get(f"{ONE}/content", CARD, answer=bytes, media="application/octet-stream", reads=SHOWN, heavy=FILES)
def content(call: Call, file_id: UUID) -> Any:
    """A file as it was attached, to download."""
    found = require_file_open(call, file_id)
    call.record_access("opened", "visit", object_id=found.visit_id, patient_id=found.patient_id)
    return stored_attachment(call.denta.files.opened(found.file), found.name, found.file.media)


@routes.get(f"{ONE}/preview", CARD, answer=bytes, media="image/jpeg", reads=SHOWN)
def preview(call: Call, file_id: UUID) -> Any:
    """A small picture of a file that is one."""
    found = require_file_open(call, file_id)
    if found.preview is None:
        raise NoSuchObject(kind="visit_file", id=file_id)
    return picture(call.denta.files.read(found.preview), found.preview.media)
