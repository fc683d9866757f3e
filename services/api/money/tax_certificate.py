"""Certificates for the tax office: the journal, issuing, correcting, annulling (FIN-6)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection
from pydantic import Field

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.tax_certificate import FIRST_YEAR, LAST_YEAR, CertifiedSumsMoved, Sums, TaxCertificate, Way
from aggregates.money.tax_certificate_fields import TAX_CERTIFICATE_FIELDS
from commands.money import tax_certificate as commands
from readmodels.money import certified_people, tax_sums
from readmodels.money import tax_certificates as certificates_read
from readmodels.money.tax_sums import NO_SUMS, CertifiedYear
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with, shows
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, Done, Money, OpenPeriod, Page, Ref, Schema, Search

routes = Routes("tax-certificates")
RIGHT = NeedsRight("tax_certificates")
ONE = "/tax-certificates/{tax_certificate_id}"
MADE_OF = ("payments", "certificates", "calendar", "stock_documents", "services", "patients")
READS = ("tax_certificates", *MADE_OF)
MOST_AT_ONCE = 500
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


@mirrors(tax_sums.YearSums)
class YearSums(Schema):
    pass


@mirrors(certified_people.CertifiedPerson)
class CertifiedPerson(Schema):
    pass


@mirrors(certificates_read.TaxCertificateItem)
class TaxCertificateItem(Schema):
    """A certificate in the journal. `changed`: the payer's payments no longer come to these sums."""

    changed: bool


class TaxCertificateList(Schema):
    items: list[TaxCertificateItem]
    total: int


@shows(TAX_CERTIFICATE_FIELDS.values())
class TaxPaperCard(Schema):
    """The fields of a paper."""


class TaxPaper(Schema):
    """A paper as it was issued. `correction`: 0 of the first; 999 annuls."""

    correction: int
    code_1: Money
    code_2: Money
    card: TaxPaperCard


@mirrors(certificates_read.TaxCertificateItem)
class IssuedTaxCertificate(Schema):
    """A certificate with its papers, the first one first. `now`: what the payments come to."""

    changed: bool
    now: YearSums
    papers: list[TaxPaper]


class CertifiedPayer(Schema):
    """Somebody who paid for the patient in the year. `certificate`: the one that states it already."""

    payer: Ref
    sums: YearSums
    person: CertifiedPerson
    certificate: Ref | None


class TaxCertificateDraft(Schema):
    """What a new certificate of a patient may state. `representative`: of the patient's card; `signer`: the clinic's head."""

    patient: Ref
    year: int
    payers: list[CertifiedPayer]
    person: CertifiedPerson
    representative: CertifiedPerson | None
    signer: str


@created_with(TAX_CERTIFICATE_FIELDS.values())
class NewTaxCertificate(Schema):
    """`code_1`, `code_2`: the sums that were shown."""

    payer_id: UUID
    year: Annotated[Year, OF_REQUEST]
    code_1: Annotated[Money, OF_REQUEST]
    code_2: Annotated[Money, OF_REQUEST]


@changed_with(TAX_CERTIFICATE_FIELDS.values())
class TaxCertificateCorrection(Schema):
    """What the correction says otherwise; what is left out stays. `code_1`, `code_2`: the sums that were shown."""

    code_1: Annotated[Money, OF_REQUEST]
    code_2: Annotated[Money, OF_REQUEST]


class HandedOver(Schema):
    certificate_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE), OF_REQUEST]
    way: Way


class TaxCertificatesQuery(Page, OpenPeriod):
    """`sent`: whether the latest paper was handed over or sent; `patient_id`: as payer or patient."""

    q: Search = ""
    year: Year | None = None
    sent: bool | None = None
    patient_id: UUID | None = None
    deleted: bool = False


class TaxCertificateDraftQuery(Schema):
    """`year`: by default the one before the present."""

    year: Year | None = None


@routes.get("/tax-certificates", RIGHT, answer=TaxCertificateList, reads=READS, heavy=SEARCHES)
def certificates(call: Call, query: Annotated[TaxCertificatesQuery, Query()]) -> Any:
    """One page of the journal of certificates, the latest first."""
    with call.reading() as conn:
        items, total = certificates_read.listing(
            conn,
            query=query.q,
            year=query.year,
            first=query.first,
            last=query.last,
            sent=query.sent,
            patient_id=query.patient_id,
            deleted=call.shows_deleted(query.deleted),
            page=query.page,
            size=query.size,
        )
        now = tax_sums.sums_of(conn, (_certified(item) for item in items))
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size"})
    call.record_access("listed", "tax_certificate", filter=asked, count=total)
    return call.answer({"items": [{**_shown(item), "changed": _changed(item, now)} for item in items], "total": total})


@routes.get("/patients/{patient_id}/tax-certificate-draft", RIGHT, answer=TaxCertificateDraft, reads=READS, heavy=SEARCHES)
def draft(call: Call, patient_id: UUID, query: Annotated[TaxCertificateDraftQuery, Query()]) -> Any:
    """Who paid for a patient in a year, and what a certificate for each would state."""
    year = query.year or max(call.local_now.year - 1, FIRST_YEAR)
    with call.reading() as conn:
        people = certified_people.of_cards(conn, [patient_id])
        if patient_id not in people:
            raise NoSuchObject(kind="patient", id=patient_id)
        person, representative = people[patient_id]
        paid = tax_sums.payers(conn, patient_id, year)
        known = certified_people.of_cards(conn, [one.payer.id for one in paid])
        written = certificates_read.in_force(conn, patient_id, year)
    call.record_access("opened", "tax_certificate", patient_id=patient_id)
    settings = call.clinic.cached(ClinicSettings, SETTINGS_ID)
    return call.answer(
        {
            "patient": {"id": patient_id, "name": _name(person)},
            "year": year,
            "payers": [
                {
                    "payer": one.payer,
                    "sums": one.sums,
                    "person": known[one.payer.id][0],
                    "certificate": written.get(one.payer.id),
                }
                for one in paid
            ],
            "person": person,
            "representative": representative,
            "signer": settings.values["head_name"],
        }
    )


@routes.get(ONE, RIGHT, answer=IssuedTaxCertificate, reads=READS)
def certificate(call: Call, tax_certificate_id: UUID) -> Any:
    """One certificate with its papers, and what the payments come to now."""
    with call.reading() as conn:
        found = card_of(conn, tax_certificate_id)
        now = tax_sums.sums_of(conn, [found.certified])
    call.record_access("opened", "tax_certificate", object_id=tax_certificate_id, patient_id=found.item.patient.id)
    shown = {
        **_shown(found.item),
        "changed": _changed(found.item, now),
        "now": now[found.certified],
        "papers": [
            {
                "correction": paper.correction,
                "code_1": paper.sums.code_1,
                "code_2": paper.sums.code_2,
                "card": {**TAX_CERTIFICATE_FIELDS.empty, **paper.card},
            }
            for paper in found.papers
        ],
    }
    return call.versioned(shown, found.item.version)


@routes.post("/patients/{patient_id}/tax-certificates", RIGHT, answer=Done, status=201, refusals=(409,))
def issue(call: Call, patient_id: UUID, body: NewTaxCertificate) -> Any:
    """Issue a certificate of what the payments come to, if that is what was shown."""
    ctx = call.context("issue_tax_certificate")
    if (receipt := call.clinic.stored_receipt(ctx)) is not None:
        return call.done(receipt)
    call.require_present(*READS)
    with call.reading() as conn:
        key = CertifiedYear(body.payer_id, patient_id, body.year)
        sums = _as_shown(tax_sums.sums_of(conn, [key])[key].sums, body)
    card = body.model_dump(exclude_unset=True, exclude={"payer_id", "year", "code_1", "code_2"})
    return call.done(commands.issue_tax_certificate(call.clinic, ctx, body.payer_id, patient_id, body.year, sums, card))


@routes.post(f"{ONE}/correct", RIGHT, answer=Done, versioned=True)
def correct(call: Call, tax_certificate_id: UUID, body: TaxCertificateCorrection) -> Any:
    """Issue a further paper of the same number, of what the payments come to now."""
    ctx = call.context("correct_tax_certificate")
    if (receipt := call.clinic.stored_receipt(ctx)) is not None:
        return call.done(receipt)
    call.require_present(*READS)
    with call.reading() as conn:
        found = card_of(conn, tax_certificate_id)
        sums = _as_shown(tax_sums.sums_of(conn, [found.certified])[found.certified].sums, body)
    fields = body.model_dump(exclude_unset=True, exclude={"code_1", "code_2"})
    given = {name: value for name, value in fields.items() if value is not None}
    return call.done(commands.correct_tax_certificate(call.clinic, ctx, tax_certificate_id, sums, given, expected=call.expected))


@routes.post(f"{ONE}/annul", RIGHT, answer=Done, versioned=True)
def annul(call: Call, tax_certificate_id: UUID) -> Any:
    """Issue a paper that annuls the certificate."""
    ctx = call.context("annul_tax_certificate")
    return call.done(commands.annul_tax_certificate(call.clinic, ctx, tax_certificate_id, expected=call.expected))


@routes.post("/tax-certificates/hand-over", RIGHT, answer=Done, refusals=(404, 409))
def hand_over(call: Call, body: HandedOver) -> Any:
    """Note that the latest papers of certificates were handed over or sent."""
    ctx = call.context("hand_over_tax_certificates")
    return call.done(commands.hand_over_tax_certificates(call.clinic, ctx, body.certificate_ids, body.way))


delete_route(
    routes,
    ONE,
    RIGHT,
    "tax_certificate",
    commands.delete_tax_certificate,
    "Mark a certificate as deleted, unless it was handed over or sent; it can be brought back.",
)
return_route(routes, ONE, RIGHT, "tax_certificate", commands.return_tax_certificate, "Bring a deleted certificate back.")


def card_of(conn: Connection[Any], certificate_id: UUID) -> certificates_read.TaxCertificateCard:
    """NoSuchObject."""
    found = certificates_read.get(conn, certificate_id)
    if found is None:
        raise NoSuchObject(kind=TaxCertificate.TOPIC, id=certificate_id)
    return found


def _as_shown(sums: Sums, body: NewTaxCertificate | TaxCertificateCorrection) -> Sums:
    """The sums, if they are those that were shown. CertifiedSumsMoved."""
    if (sums.code_1, sums.code_2) != (body.code_1, body.code_2):
        raise CertifiedSumsMoved(code_1=sums.code_1, code_2=sums.code_2)
    return sums


def _certified(item: certificates_read.TaxCertificateItem) -> CertifiedYear:
    return CertifiedYear(item.payer.id, item.patient.id, item.year)


def _changed(item: certificates_read.TaxCertificateItem, now: dict[CertifiedYear, tax_sums.YearSums]) -> bool:
    """What is annulled or deleted states nothing that could be out of date."""
    if item.annulled or item.deleted:
        return False
    present = now.get(_certified(item), NO_SUMS)
    return (present.code_1, present.code_2) != (item.code_1, item.code_2)


def _shown(item: certificates_read.TaxCertificateItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__struct_fields__}


def _name(person: certified_people.CertifiedPerson) -> str:
    return " ".join(filter(None, (person.family_name, person.given_name, person.patronymic)))
