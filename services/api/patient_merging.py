"""Cards that may be, are, or no longer are those of one person."""

from typing import Any
from uuid import UUID

from aggregates.people import PersonName
from commands import patient_card as commands
from readmodels import duplicates as duplicates_read
from readmodels import patients as patients_read
from services.api.call import Call
from services.api.patient_card import CARD, PATIENTS, READS, PatientList
from services.api.patient_fields import BirthDate, Phone
from services.api.routes import Routes
from services.api.shapes import Done, Name, Shape

routes = Routes("patient_merging")


class Likeness(Shape):
    """Whom duplicates are looked for of. In a body, since addresses are written down on the way."""

    family_name: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    phone: Phone = ""
    birth_date: BirthDate = ""
    besides: UUID | None = None
    """A card that isn't meant: the person's own."""


class OtherCard(Shape):
    patient_id: UUID


@routes.post("/patients/duplicates", CARD, answer=PatientList, reads=READS)
def duplicates(call: Call, body: Likeness) -> Any:
    """Patients with the same phone, or with the same name and birth date; half a phone is none yet.

    To a user who sees only their own patients another's is shown by the same phone alone, with the name besides.
    """
    name = PersonName(*(" ".join(part.split()) for part in (body.family_name, body.given_name, body.patronymic)))
    phone = commands.whole_phone(body.phone)
    with call.reading() as conn:
        found = duplicates_read.duplicates(conn, name, phone, body.birth_date, body.besides)
        if (doctor_id := call.patients_of) is not None:
            own = {card for _, card in patients_read.of_doctors(conn, [patient.id for patient in found], [doctor_id])}
            others = patients_read.known_by(conn, phone, "") if phone else []
            found = [patient for patient in found if patient.id in own]
            found += [patient for patient in others if patient.id not in {*own, body.besides}]
    return call.answer({"items": found, "total": len(found)})


@routes.post("/patients/{patient_id}/merge", PATIENTS, answer=Done, refusals=(409,), versioned=True)
def merge(call: Call, patient_id: UUID, body: OtherCard) -> Any:
    """Make another card a part of this one, which is kept: its visits are shown here."""
    receipt = commands.merge_cards(
        call.clinic, call.context("merge_patients"), patient_id, body.patient_id, expected=call.expected
    )
    return call.done(receipt)


@routes.post("/patients/{patient_id}/unmerge", PATIENTS, answer=Done, refusals=(409,), versioned=True)
def unmerge(call: Call, patient_id: UUID, body: OtherCard) -> Any:
    """Make a part of this card a card of its own again."""
    receipt = commands.unmerge_cards(
        call.clinic, call.context("unmerge_patients"), patient_id, body.patient_id, expected=call.expected
    )
    return call.done(receipt)
