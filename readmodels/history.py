"""Any object's history and its state at any version (AUD-3), read from the log itself, in the journal's words."""

from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.kernel import Aggregate, Decoders
from aggregates.people.employee import Employee
from readmodels.event_authors import author_of
from readmodels.journal import JournalItem, JournalObject, in_words, row_of
from readmodels.object_titles import ObjectKey, ObjectNames, matching
from readmodels.references import Ref
from readmodels.search_text import readings
from readmodels.words import registry
from readmodels.words.values import Change, Coded, Named, Value

_NOTHING = "–"


class StateField(msgspec.Struct, frozen=True):
    """One line of a state."""

    label: str
    value: str


class State(msgspec.Struct, frozen=True):
    """An object at a version. `moment`: when that version was recorded, an instant in UTC."""

    object: JournalObject
    current_version: int
    moment: datetime
    author: Ref | None
    fields: list[StateField]


def versions(conn: Connection[Any], decoders: Decoders, object_id: UUID, zone: tzinfo) -> list[JournalItem]:
    """All journal entries of an object, newest first; none for an unknown object."""
    found = conn.execute(
        """SELECT position, topic, state::text, metadata::text FROM events
          WHERE originator_id = %s ORDER BY originator_version DESC""",
        (object_id,),
    ).fetchall()
    rows = []
    for position, topic, state, metadata in found:
        who = author_of(metadata)
        event = decoders[topic](state.encode())
        row = row_of(event, position, who.user_id, who.employee_id, who.address)
        rows.append((row, registry.GLOSSARY.changes(event)))
    return in_words(conn, rows, zone)


def state(conn: Connection[Any], aggregate: Aggregate) -> State:
    """An aggregate at the requested version, as labelled values."""
    words = registry.GLOSSARY.of_kind(type(aggregate))
    row = conn.execute(
        """SELECT metadata::text, (SELECT max(originator_version) FROM events WHERE originator_id = %(id)s)
          FROM events WHERE originator_id = %(id)s AND originator_version = %(version)s""",
        {"id": aggregate.id, "version": aggregate.version},
    ).fetchone()
    if row is None:
        raise LookupError(f"{words.type} {aggregate.id} has no version {aggregate.version}")
    metadata, current = row
    who = author_of(metadata).employee_id
    described = list(words.state(aggregate))
    keys: list[ObjectKey] = [(words.type, aggregate.id)]
    keys += [(Employee.TOPIC, who)] if who else []
    names = ObjectNames(conn, keys, (value.of if isinstance(value, Change) else value for _, value in described))
    title = names.title(words.type, aggregate.id)
    return State(
        object=JournalObject(words.type, aggregate.id, title, aggregate.version),
        current_version=current,
        moment=aggregate.modified_on.astimezone(UTC),
        author=Ref(who, names.name(Employee.TOPIC, who)) if who else None,
        fields=[_field(label, value, names) for label, value in described],
    )


class Found(msgspec.Struct, frozen=True):
    """A candidate for what an operator typed."""

    type: str
    id: UUID
    title: str


def find(conn: Connection[Any], written: str) -> list[Found]:
    """The objects that an operator may mean at the terminal: «visit/12» or «patient/404» (their numbers), «service/консультация»
    or «Иванов Пётр» (words of the name, of a kind or of any), an id, «schedule», «settings»; exactly one if it is unambiguous.
    """
    glossary = registry.GLOSSARY
    object_type, _, rest = written.replace("/", " ", 1).strip().partition(" ")
    words = glossary.of(object_type) if object_type in glossary.labels else None
    rest = rest if words else written.strip()
    if words and words.only_id:
        ids = [words.only_id]
    elif (object_id := _id(rest)) is not None:
        ids = [object_id]
    else:
        ids = [row[0] for row in conn.execute(words.numbered, (rest,)).fetchall()] if words and words.numbered else []
        ids = ids or [id_ for ways in readings(rest)[:1] for id_ in matching(conn, ways)]
    query = "SELECT originator_id, topic FROM events WHERE originator_id = ANY(%s) AND originator_version = 1 ORDER BY position"
    known = [(glossary.of_topic(topic), id_) for id_, topic in conn.execute(query, (ids,)).fetchall()]
    keys = [(concept.type, id_) for concept, id_ in known if concept and (words is None or words is concept)]
    names = ObjectNames(conn, keys)
    return [Found(type_, id_, names.title(type_, id_)) for type_, id_ in keys]


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _field(label: str, value: Value | Change, names: ObjectNames) -> StateField:
    if isinstance(value, Change):
        who = names.of(value.of) if value.of else ""
        return StateField(f"{who}, {value.label}", str(value.new))
    if isinstance(value, Named | Coded):
        return StateField(label, names.of(value))
    return StateField(label, _NOTHING if value is None else str(value))
