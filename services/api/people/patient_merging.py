"""Duplicates of patients' cards: finding, merging, unmerging."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from aggregates.people.patient_fields import PATIENT_FIELDS
from aggregates.people.patient_merging import Choice
from aggregates.people.person import PersonName
from commands.people import patient as commands
from readmodels.people import duplicates as duplicates_read
from readmodels.people import patient_merging as merging_read
from readmodels.people import patient_search
from readmodels.people import patients as patients_read
from services.api.fields import created_with
from services.api.http.call import Call
from services.api.http.routes import Routes
from services.api.mirrors import mirrors
from services.api.people.patient import CARD, PATIENTS, READS, PatientList
from services.api.schemas import OF_REQUEST, Done, Name, Schema, Version

routes = Routes("patient_merging")


@created_with(PATIENT_FIELDS[name] for name in (*PersonName.__struct_fields__, "phone", "birth_date"))
class DuplicateSearch(Schema):
    """The person to find duplicates of. In a body, because proxies log addresses."""

    exclude_id: UUID | None = None
    """The card that is being edited."""


class OtherCard(Schema):
    patient_id: UUID


class MergeRequest(Schema):
    """`choices`: group of fields → whose values stay; by default none is lost. `version`: the other card's, as the user saw."""

    patient_id: UUID
    choices: Annotated[dict[Name, Choice], Field(max_length=30, default_factory=dict), OF_REQUEST]
    version: Version | None = None


@mirrors(merging_read.Difference)
class Difference(Schema):
    pass


class Differences(Schema):
    """The decisions to make before two cards are merged, with the versions of both cards."""

    version: int
    other_version: int
    items: list[Difference]


@routes.post("/patients/duplicates", CARD, answer=PatientList, reads=READS, repeating="question")
def duplicates(call: Call, body: DuplicateSearch) -> Any:
    """Patients with the same phone, or with the same name and birth date; an incomplete phone is ignored.

    A user who sees only their own patients gets others only by the same phone, and just their names. A user to whom cards aren't
    open gets just names, whatever the birth date: the answer would confirm one that was guessed.
    """
    asked = body.model_dump()
    name = PersonName(*(" ".join(asked[part].split()) for part in PersonName.__struct_fields__))
    phone = commands.whole_phone(asked["phone"])
    birth_date = asked["birth_date"] if call.principal.opens_patient_cards else None
    with call.reading() as conn:
        found = duplicates_read.duplicates(conn, name, phone, birth_date, body.exclude_id)
        if (doctor_id := call.patients_of) is not None:
            own = {card for _, card in patients_read.of_doctors(conn, [patient.id for patient in found], [doctor_id])}
            others = patient_search.find_by_phone_or_card_number(conn, phone, "") if phone else []
            found = [patient for patient in found if patient.id in own]
            found += [patient for patient in others if patient.id not in {*own, body.exclude_id}]
    if not call.principal.opens_patient_cards:
        found = patient_search.only_names(found)
    return call.answer({"items": found, "total": len(found)})


@routes.get("/patients/{patient_id}/differences/{other_id}", PATIENTS, answer=Differences, reads=READS)
def differences(call: Call, patient_id: UUID, other_id: UUID) -> Any:
    """The differences of two cards, side by side."""
    survivor, other = commands.merging_cards(call.clinic, call.context("merge_patients"), patient_id, other_id)
    with call.reading() as conn:
        items = merging_read.side_by_side(conn, survivor.side(), other.side())
    for card in (patient_id, other_id):
        call.record_access("opened", "patient", object_id=card, patient_id=card)
    return call.answer({"version": survivor.version, "other_version": other.version, "items": items})


@routes.post("/patients/{patient_id}/merge", PATIENTS, answer=Done, versioned=True)
def merge(call: Call, patient_id: UUID, body: MergeRequest) -> Any:
    """Merge another card into this one, which shows its visits from then on."""
    receipt = commands.merge_cards(
        call.clinic,
        call.context("merge_patients"),
        patient_id,
        body.patient_id,
        body.choices,
        expected=call.expected,
        other_expected=body.version,
    )
    return call.done(receipt)


@routes.post("/patients/{patient_id}/unmerge", PATIENTS, answer=Done, versioned=True)
def unmerge(call: Call, patient_id: UUID, body: OtherCard) -> Any:
    """Undo a merge: the other card is separate again."""
    receipt = commands.unmerge_cards(
        call.clinic, call.context("unmerge_patients"), patient_id, body.patient_id, expected=call.expected
    )
    return call.done(receipt)
