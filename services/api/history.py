"""The history of any object, and its state at any version or moment; a patient's also by the right to the card.

A user who may open a patient's card may see its past states, and who changed what (PAT-7): these show nothing about the patient
that the card didn't. The address from which a colleague worked is shown by the journal only.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from msgspec.structs import replace

from readmodels import history as history_read
from readmodels.words.registry import GLOSSARY
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.journal import READS, JournalItem, JournalObject, ObjectType
from services.api.mirrors import mirrors
from services.api.people.patient import CARD, require_card_open
from services.api.schemas import Moment, Schema, Version

routes = Routes("history")
JOURNAL = NeedsRight("journal")


class History(Schema):
    object: JournalObject
    items: list[JournalItem]


@mirrors(history_read.State)
class PastState(Schema):
    pass


class StateQuery(Schema):
    """Either one; the present state by default."""

    version: Version | None = None
    moment: Moment | None = None


@routes.get("/history/{object_type}/{object_id}", JOURNAL, answer=History, reads=READS, live=False, heavy=SEARCHES)
def history(call: Call, object_type: ObjectType, object_id: UUID) -> Any:
    """All versions of an object, newest first, with old and new values."""
    return _history(call, object_type, object_id)


@routes.get("/history/{object_type}/{object_id}/at", JOURNAL, answer=PastState, reads=READS, live=False, heavy=SEARCHES)
def at(call: Call, object_type: ObjectType, object_id: UUID, query: Annotated[StateQuery, Query()]) -> Any:
    """The object's state at a version or at a moment of the clinic's clock."""
    return _state(call, object_type, object_id, query)


@routes.get("/patients/{patient_id}/history", CARD, answer=History, reads=READS, live=False, heavy=SEARCHES)
def patient_history(call: Call, patient_id: UUID) -> Any:
    """All versions of a patient's card, newest first: who changed what."""
    require_card_open(call, patient_id)
    return _history(call, "patient", patient_id)


@routes.get("/patients/{patient_id}/history/at", CARD, answer=PastState, reads=READS, live=False, heavy=SEARCHES)
def patient_at(call: Call, patient_id: UUID, query: Annotated[StateQuery, Query()]) -> Any:
    """A patient's card as it was at a version or at a moment of the clinic's clock."""
    require_card_open(call, patient_id)
    return _state(call, "patient", patient_id, query)


def _history(call: Call, object_type: ObjectType, object_id: UUID) -> Any:
    with call.reading() as conn:
        items = history_read.versions(conn, call.denta.decoders, object_id, call.zone)
    if not items or items[0].object.type != object_type:
        raise NoSuchObject(kind=object_type, id=object_id)
    _note(call, object_type, object_id)
    if call.principal.rights.isdisjoint(JOURNAL.any_of):
        items = [replace(item, address="") for item in items]
    return call.answer({"object": items[0].object, "items": items})


def _state(call: Call, object_type: ObjectType, object_id: UUID, query: StateQuery) -> Any:
    kind, clinic = GLOSSARY.of(object_type).kind, call.clinic
    if query.version is not None:
        then = clinic.load(kind, object_id, query.version)
    elif query.moment is not None:
        then = clinic.load_at(kind, object_id, query.moment.replace(tzinfo=call.zone))
    else:
        then = clinic.load(kind, object_id)
    _note(call, object_type, object_id)
    with call.reading() as conn:
        return call.answer(history_read.state(conn, then))


def _note(call: Call, object_type: ObjectType, object_id: UUID) -> None:
    """Record the access in the access log if the history shows a patient's data."""
    words = GLOSSARY.of(object_type)
    if words.patient_of is not None:
        patient_id = words.patient_of(call.clinic.load(words.kind, object_id))
        if patient_id is None:
            return
        call.record_access("history", words.type, object_id=object_id, patient_id=patient_id)
