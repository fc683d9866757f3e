"""Tax certificates on paper, and as the file that goes to the tax office (FIN-6)."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.tax_certificate import TaxCertificate, TaxCertificateDeleted
from commands.ports.denta_version import version
from readmodels.money import tax_certificates as certificates_read
from services.api.http.call import Call
from services.api.http.downloads import PDF, attachment, paper
from services.api.http.heavy_work import PAPERS, SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Routes
from services.api.money.tax_certificate import ONE, READS, RIGHT, card_of
from services.api.schemas import OF_REQUEST, PaperQuery, Schema

routes = Routes("tax-certificate-papers")
XML = "application/xml"
MOST_IN_FILE = 200


class TaxPaperQuery(PaperQuery):
    """`correction`: of which paper; by default of the latest one."""

    correction: Annotated[int, Field(ge=0, le=999)] | None = None


class ElectronicForm(Schema):
    """The certificates of the file."""

    certificate_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_IN_FILE), OF_REQUEST]


@routes.get(f"{ONE}/paper.pdf", RIGHT, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
def certificate_as_paper(call: Call, tax_certificate_id: UUID, query: Annotated[TaxPaperQuery, Query()]) -> Any:
    """A paper of a certificate as a PDF, as it was issued."""
    from services.papers.tax_certificate import certificate_paper

    with call.reading() as conn:
        found = card_of(conn, tax_certificate_id)
    correction = found.item.correction if query.correction is None else query.correction
    stated = next((one for one in found.papers if one.correction == correction), None)
    if stated is None:
        raise NoSuchObject(kind=TaxCertificate.TOPIC, id=tax_certificate_id)
    call.record_access("printed", "tax_certificate", object_id=tax_certificate_id, patient_id=found.item.patient.id)
    html = certificate_paper(found.item.number, found.item.year, stated, deleted=found.item.deleted)
    return paper(call, html, f"Справка {found.item.number}")


@routes.post(
    "/tax-certificates/electronic-form",
    RIGHT,
    answer=bytes,
    media=XML,
    reads=READS,
    refusals=(404, 409),
    heavy=SEARCHES,
    repeating="question",
)
def electronic(call: Call, body: ElectronicForm) -> Any:
    """The file for the tax office with the latest papers of certificates."""
    from services.papers.tax_certificate_file import electronic_form

    with call.reading() as conn:
        found = certificates_read.of_ids(conn, body.certificate_ids)
    for missing in set(body.certificate_ids) - {one.item.id for one in found}:
        raise NoSuchObject(kind=TaxCertificate.TOPIC, id=missing)
    for one in found:
        if one.item.deleted:
            raise TaxCertificateDeleted(certificate_id=one.item.id)
    tax_office = str(call.clinic.load(ClinicSettings, SETTINGS_ID).values["tax_office"])
    name, content = electronic_form(found, tax_office, call.local_now.date(), version(), str(uuid4()).upper())
    for one in found:
        call.record_access("exported", "tax_certificate", object_id=one.item.id, patient_id=one.item.patient.id)
    return attachment(content, name, XML)
