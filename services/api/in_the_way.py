"""Visits that stand in the way of a change: what its refusal lists, asked for again while people make room."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aggregates.people.patient import PatientHasVisits
from aggregates.scheduling.schedule import VisitsInTheWay
from aggregates.visits_in_the_way import VisitInTheWay as Standing
from services.api.http.call import Call
from services.api.refusal_names import Names
from services.api.schemas import Moment, Ref, Schema


class VisitInTheWay(Schema):
    """A live visit that a change would leave without its doctor, its patient or working time. `phone`: the patient's, "" where no
    right shows it.
    """

    id: UUID
    number: int
    starts_at: Moment
    ends_at: Moment
    patient: Ref
    phone: str
    doctor: Ref | None


class InTheWay(Schema):
    """`sentence`: of the refusal, "" where nothing stands in the way; `others`: how many more visits there are, of doctors whose
    schedule isn't open to the asker.
    """

    sentence: str
    visits: list[VisitInTheWay]
    others: int


def in_the_way(call: Call, refusal: VisitsInTheWay | PatientHasVisits | None) -> Any:
    """The answer that the refusal would be now."""
    facts = {} if refusal is None else refusal.facts
    conflicts = facts.get("conflicts", ())
    visits: Sequence[Standing] = [*facts.get("visits", ()), *(visit for conflict in conflicts for visit in conflict.visits)]
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
