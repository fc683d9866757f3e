"""Visits that conflict with a change: the refusal's list, which the page refreshes while people move the visits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aggregates.conflicting_visit import ConflictingVisit as StoredVisit
from aggregates.people.patient import PatientHasVisits
from aggregates.scheduling.schedule import ConflictingVisits
from services.api.http.call import Call
from services.api.names import Names
from services.api.refusal_names import NamedFact
from services.api.schemas import Moment, Ref, Schema

IN_REFUSALS = NamedFact(StoredVisit, Names.visit, patients=lambda visit: [visit.patient_id])


class ConflictingVisit(Schema):
    """A live visit that a change would leave without its doctor, its patient or working time. `phone`: the patient's, ""
    without a right to see it.
    """

    id: UUID
    number: int
    starts_at: Moment
    ends_at: Moment
    patient: Ref
    phone: str
    doctor: Ref | None


class DeletionConflicts(Schema):
    """`sentence`: the refusal's text, "" without a conflict; `others`: the number of further visits, of doctors whose
    schedule the user may not see.
    """

    sentence: str
    visits: list[ConflictingVisit]
    others: int


def deletion_conflicts(call: Call, refusal: ConflictingVisits | PatientHasVisits | None) -> Any:
    """The visits of the refusal that a change would get now."""
    facts = {} if refusal is None else refusal.facts
    conflicts = facts.get("conflicts", ())
    visits: Sequence[StoredVisit] = [*facts.get("visits", ()), *(visit for conflict in conflicts for visit in conflict.visits)]
    with call.reading() as conn:
        names = Names(conn, patient_ids={visit.patient_id for visit in visits}, reader=call.principal)
    names.note_phones(call, visits)
    return call.answer(
        {
            "sentence": "" if refusal is None else refusal.sentence,
            "visits": [names.visit(visit) for visit in visits],
            "others": facts.get("others", 0),
        }
    )
