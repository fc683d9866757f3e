"""Patients: search, list, cards."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from msgspec.structs import asdict
from pydantic import Field, StrictBool

from aggregates.patients_named import NamedPatient
from aggregates.people import registry_acceptance
from aggregates.people.patient import AnotherDoctorsPatient, CardsNotOpen
from aggregates.people.person import PersonName, Sex
from commands.people import patient as commands
from readmodels.money import patient_accounts as accounts_read
from readmodels.people import patient_brief as brief_read
from readmodels.people import patient_search
from readmodels.people import patients as patients_read
from services.api.deletion import conflicts_route, delete_route
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES, of_first
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import File, mirrors
from services.api.people.patient_fields import DetailsShown, NewPatient, PatientChange
from services.api.people.photo import PhotoOf, photo_routes
from services.api.refusal_names import NamedFact
from services.api.schemas import Done, Moment, Page, Schema, Search, Total

routes = Routes("patients")
READS = ("patients", "catalogue")
CARD = NeedsRight("calendar", "patients")
"""The right to patients' cards: for users who book patients or have the list of patients. Users with the calendar alone create
cards and choose patients by name; `require_card_open` refuses them what a card shows.
"""
PATIENTS = NeedsRight("patients")
PATIENT = "/patients/{patient_id}"


@mirrors(patients_read.Patient)
class PatientItem(Schema):
    sex: Sex


@mirrors(PersonName)
class NameParts(Schema):
    pass


@mirrors(registry_acceptance.Accepted)
class RegistryRecord(Schema):
    """Name and birth date as the federal registry last accepted them: what changes of both are measured by."""


class CardRef(Schema):
    """Another card of the same person."""

    id: UUID
    name: str
    card_number: str


class PatientCard(PatientItem, DetailsShown):
    """The whole card."""

    registry: RegistryRecord | None
    photo: File | None
    merged_into: CardRef | None
    """The card that this one is merged into."""
    absorbed: list[CardRef]
    """The cards that are merged into this one."""


class PatientList(Schema):
    items: list[PatientItem]
    total: int


@mirrors(brief_read.BriefVisit)
class BriefVisit(Schema):
    starts_at: Moment


@mirrors(brief_read.PatientBrief)
class PatientBrief(Schema):
    """`visible`: the user may see it; otherwise everything else is empty. `attended`: how many visits the patient came to.
    `debt`, `prepayment`: None for those who don't see patients' money.
    """

    visible: bool
    debt: Total | None
    prepayment: Total | None


NO_MONEY: dict[str, Any] = {"debt": None, "prepayment": None}


class NewPatientDone(Done):
    card_number: str


class CardReturn(Schema):
    new_number: StrictBool = False
    """Give the card the next free number if its own is taken by now."""


def require_card_open(call: Call, patient_id: UUID) -> None:
    """Raises CardsNotOpen for users to whom cards aren't open (VIS-6); for those who see only their own patients
    AnotherDoctorsPatient for others; AggregateNotFound.
    """
    require_cards_open(call, patient_id)
    commands.require_own_patient(call.clinic, call.patients_of, patient_id)


def require_cards_open(call: Call, _: UUID) -> None:
    """The same for changes of what belongs to cards, whose commands check whose it is. CardsNotOpen."""
    if not call.principal.opens_patient_cards:
        raise CardsNotOpen


def _may_open(call: Call, patient: NamedPatient) -> bool:
    try:
        require_card_open(call, patient.id)
    except (CardsNotOpen, AnotherDoctorsPatient):
        return False
    return True


IN_REFUSALS = NamedFact(
    NamedPatient,
    lambda names, patient: names.card(patient.id),
    patients=lambda patient: [patient.id],
    visible=_may_open,
)


class BriefQuery(Schema):
    except_visit_id: UUID | None = None
    """The visit beside which the summary is shown: neither the last nor the next one."""


class SearchQuery(Schema):
    q: Search
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PatientsQuery(Page):
    q: Search = ""
    category_id: UUID | None = None
    source_id: UUID | None = None
    deleted: bool = False
    sort: Literal["name", "-name", "card_number", "-card_number", "birth_date", "-birth_date"] = "name"


@routes.get("/patients/search", CARD, answer=PatientList, reads=READS)
def search(call: Call, query: Annotated[SearchQuery, Query()]) -> Any:
    """Patients by any part of name, phone or card number, best matches first.

    A user who sees only their own patients finds others by the whole phone or the card number only, and gets just their
    names, so that they can book them. So does a user to whom cards aren't open, who finds everybody else by the name.
    """
    is_open = call.principal.opens_patient_cards
    with call.reading() as conn:
        found = patient_search.search(conn, query.q, query.limit, patients_of=call.patients_of, by_name_only=not is_open)
        if not is_open:
            found = patient_search.only_names(found)
        if call.patients_of is not None or not is_open:
            own = {patient.id for patient in found}
            known = patient_search.find_by_phone_or_card_number(conn, commands.whole_phone(query.q), query.q.strip())
            found += [patient for patient in known if patient.id not in own]
    return call.answer({"items": found, "total": len(found)})


@routes.get("/patients", PATIENTS, answer=PatientList, reads=READS, heavy=SEARCHES, light=of_first(5000))
def patients(call: Call, query: Annotated[PatientsQuery, Query()]) -> Any:
    """The list of patients; deleted ones if requested and shown by the settings."""
    with call.reading() as conn:
        items, total = patient_search.listing(
            conn,
            query.q,
            query.sort,
            query.page,
            query.size,
            category_id=query.category_id,
            source_id=query.source_id,
            deleted=call.shows_deleted(query.deleted),
        )
    asked = query.model_dump(mode="json", exclude_defaults=True, exclude={"page", "size", "sort"})
    call.record_access("listed", "patient", filter=asked, count=total)
    return call.answer({"items": items, "total": total})


@routes.post("/patients", CARD, answer=NewPatientDone, status=201, refusals=(404, 409))
def create(call: Call, body: NewPatient) -> Any:
    """Create a patient's card."""
    receipt = commands.create_card(call.clinic, call.context("create_patient"), body.model_dump(exclude_unset=True))
    return call.done(receipt, card_number=receipt.facts["card_number"])


@routes.get(PATIENT, CARD, answer=PatientCard, reads=READS)
def patient(call: Call, patient_id: UUID) -> Any:
    """One patient's card."""
    require_card_open(call, patient_id)
    with call.reading() as conn:
        found = patients_read.get(conn, patient_id)
    if found is None:
        raise NoSuchObject(kind="patient", id=patient_id)
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)
    return call.versioned(found, found["version"])


@routes.patch(PATIENT, CARD, answer=Done, versioned=True)
def change(call: Call, patient_id: UUID, body: PatientChange) -> Any:
    """Change a patient's card."""
    require_card_open(call, patient_id)
    fields = body.model_dump(exclude_unset=True)
    return call.done(
        commands.change_card(call.clinic, call.context("change_patient"), patient_id, fields, expected=call.expected)
    )


photo_routes(
    routes,
    PATIENT,
    CARD,
    PhotoOf(
        "a patient",
        commands.change_photo,
        patients_read.photo,
        longest_side=800,
        reads="patients",
        require=require_card_open,
    ),
    shown_to=CARD,
    shown="A patient's photo.",
)
delete_route(
    routes,
    PATIENT,
    PATIENTS,
    "patient",
    commands.delete_card,
    "Mark a patient's card as deleted; refused while visits are to come.",
)
conflicts_route(
    routes,
    PATIENT,
    PATIENTS,
    "patient",
    commands.deletion_conflicts,
    "Coming visits that keep the patient's card from being deleted now.",
)


@routes.post(f"{PATIENT}/return", PATIENTS, answer=NewPatientDone, versioned=True)
def bring_back(call: Call, patient_id: UUID, body: CardReturn) -> Any:
    """Bring a deleted card back, if its number is still free or a new one is taken."""
    receipt = commands.return_card(
        call.clinic, call.context("return_patient"), patient_id, new_number=body.new_number, expected=call.expected
    )
    return call.done(receipt, card_number=receipt.facts["card_number"])


@routes.get(
    f"{PATIENT}/brief",
    CARD,
    answer=PatientBrief,
    reads=("patients", "calendar", "employees", "catalogue", "payments", "stock_documents"),
)
def brief(call: Call, patient_id: UUID, query: Annotated[BriefQuery, Query()]) -> Any:
    """The patient in a few lines: comment, birth date, last and next visit (except `except_visit_id`), cancellations, no-shows,
    and what is owed or paid in advance for those who see patients' money.

    Visible only to users who may see information about patients in visits (VIS-6); a user with their own schedule alone sees
    only their own visits in it.
    """
    if not call.principal.shows_patient_info:
        return call.answer({"visible": False, **asdict(brief_read.NOTHING), **NO_MONEY})
    require_card_open(call, patient_id)
    with call.reading() as conn:
        if patients_read.get(conn, patient_id) is None:
            raise NoSuchObject(kind="patient", id=patient_id)
        now, only = call.local_now, call.only_doctor_id
        found = brief_read.brief(conn, patient_id, now, only_doctor_id=only, except_visit_id=query.except_visit_id)
        money = asdict(accounts_read.totals(conn, patient_id)) if call.principal.sees_patients_money else NO_MONEY
    call.record_access("opened", "patient", object_id=patient_id, patient_id=patient_id)
    return call.answer({"visible": True, **asdict(found), **money})
