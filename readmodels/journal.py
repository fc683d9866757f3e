"""The action journal (AUD-1): every event as a sentence with old and new values, filtered by user, object, kind, period, text.

A row has what entries are found by; old and new values are read from the event itself. The sentence of an event is declared by
its concept (`readmodels/words`).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.access.user_access import UserAccess
from aggregates.kernel import Decoders, Event
from aggregates.people.employee import Employee
from readmodels.object_titles import ObjectKey, ObjectNames, matching
from readmodels.references import Ref
from readmodels.search_text import Word, escaped, normal, readings
from readmodels.table import Table
from readmodels.words import registry
from readmodels.words.accessed import PERIOD, QUERY, AccessedList, Filter
from readmodels.words.values import Change, Coded, Instant, Named, Value, format_moment


class JournalRow(msgspec.Struct, frozen=True):
    """One event. `summary` follows the object's title; `refs` are ids of other objects concerned."""

    position: int
    moment: Annotated[datetime, msgspec.Meta(tz=True)]
    """When it was decided."""
    user_id: UUID | None
    employee_id: UUID | None
    address: str
    kind: str
    object_type: str
    object_id: UUID
    object_version: int
    summary: str
    refs: tuple[UUID, ...]


TABLE = Table(
    "journal",
    JournalRow,
    key=("position",),
    indexes=("(object_id)", "using gin (refs)", "using brin (moment)", "(user_id)", "(kind)"),
)
"""One row per event of the log, so indexes have to be cheap: moments grow with positions, which suits BRIN."""


def row_of(event: Event, position: int, user_id: UUID | None, employee_id: UUID | None, address: str | None) -> JournalRow:
    """An event as a row of the journal."""
    entry = registry.GLOSSARY.entry(event)
    return JournalRow(
        position=position,
        moment=event.timestamp,
        user_id=user_id,
        employee_id=employee_id,
        address=address or "",
        kind=entry.action,
        object_type=entry.object_type,
        object_id=event.originator_id,
        object_version=event.originator_version,
        summary=entry.summary,
        refs=entry.refs,
    )


class JournalObject(msgspec.Struct, frozen=True):
    """The object of an entry, at its version after the change."""

    type: str
    id: UUID
    title: str
    version: int


class ChangeInWords(msgspec.Struct, frozen=True):
    """One change in words."""

    label: str
    old: str | None
    new: str | None


class JournalItem(msgspec.Struct, frozen=True):
    """An entry for people. `moment` is an instant in UTC; `link` is the path of the object's page at that version."""

    position: int
    moment: datetime
    author: Ref | None
    address: str
    kind: str
    kind_label: str
    object: JournalObject
    text: str
    changes: list[ChangeInWords]
    link: str


class JournalFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries; dates are the clinic's, inclusive."""

    user_id: UUID | None = None
    object_type: str | None = None
    object_id: UUID | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    query: str = ""


JournalColumn = Literal["position", "moment", "author", "address", "kind", "text", "object", "changes"]
JournalSort = Literal["moment", "-moment"]
_ORDERS: dict[JournalSort, str] = {"moment": "ASC", "-moment": "DESC"}
"""Sorted by position, which is the order of time and unique."""


Entry = tuple[JournalRow, tuple[Change, ...]]
"""A row and its changes."""


def listing(
    conn: Connection[Any],
    decoders: Decoders,
    criteria: JournalFilter,
    zone: tzinfo,
    sort: JournalSort = "-moment",
    page: int = 1,
    size: int = 50,
) -> tuple[list[JournalItem], int]:
    """One page of entries, and the total."""
    where, values = _conditions(conn, criteria, zone)
    query = f"{_ROW} WHERE {where} ORDER BY j.position {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"
    found = _entries(conn, decoders, query, {**values, "size": size, "skip": (page - 1) * size})
    total = conn.execute(f"SELECT count(*) FROM journal j WHERE {where}", values, prepare=False).fetchone()
    return in_words(conn, found, zone), total[0] if total else 0


def entries(
    conn: Connection[Any],
    decoders: Decoders,
    criteria: JournalFilter,
    zone: tzinfo,
    sort: JournalSort = "-moment",
    batch: int = 1000,
) -> Iterator[JournalItem]:
    """All entries, read in batches."""
    where, values = _conditions(conn, criteria, zone)
    further, last = (">", 0) if sort == "moment" else ("<", 2**62)
    query = f"{_ROW} WHERE {where} AND j.position {further} %(last)s ORDER BY j.position {_ORDERS[sort]} LIMIT %(batch)s"
    while found := _entries(conn, decoders, query, {**values, "last": last, "batch": batch}):
        yield from in_words(conn, found, zone)
        last = found[-1][0].position


def in_words(conn: Connection[Any], found: Sequence[Entry], zone: tzinfo) -> list[JournalItem]:
    """Entries in words, with titles of objects, present names of people, and times in the clinic's time zone."""
    values = (value for _, changes in found for change in changes for value in (change.of, change.old, change.new))
    names = ObjectNames(conn, (key for row, _ in found for key in _keys(row)), values)
    return [_item(row, changes, names, zone) for row, changes in found]


_ROW = """SELECT j.position, j.moment, j.user_id, j.employee_id, j.address, j.kind, j.object_type, j.object_id,
    j.object_version, j.summary, j.refs FROM journal j"""
_EVENTS = "SELECT position, topic, state::text FROM events WHERE position = ANY(%s)"


def _entries(conn: Connection[Any], decoders: Decoders, query: str, values: dict[str, Any]) -> list[Entry]:
    """Events are fetched by position in a second query: with a join the planner may scan the log."""
    rows = [JournalRow(*(*row[:10], tuple(row[10]))) for row in conn.execute(query, values, prepare=False).fetchall()]
    logged = conn.execute(_EVENTS, ([row.position for row in rows],)).fetchall()
    changes = {position: registry.GLOSSARY.changes(decoders[topic](state.encode())) for position, topic, state in logged}
    return [(row, changes[row.position]) for row in rows]


def _conditions(conn: Connection[Any], criteria: JournalFilter, zone: tzinfo) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "user_id": criteria.user_id, "object_type": criteria.object_type, "kind": criteria.kind,
        "since": criteria.first and datetime.combine(criteria.first, time.min, zone).astimezone(UTC),
        "until": criteria.last and (datetime.combine(criteria.last, time.min, zone) + timedelta(days=1)).astimezone(UTC),
    }  # fmt: skip
    conditions = [
        condition
        for condition, given in (
            ("j.user_id = %(user_id)s", criteria.user_id),
            ("j.object_type = %(object_type)s", criteria.object_type if criteria.object_id is None else None),
            ("j.kind = %(kind)s", criteria.kind),
            ("j.moment >= %(since)s", criteria.first),
            ("j.moment < %(until)s", criteria.last),
        )
        if given is not None
    ]
    if criteria.object_id is not None:
        values["object_id"] = [criteria.object_id]
        values["concerned"] = [criteria.object_id, *_with_entries_of(conn, [criteria.object_id])]
        conditions.append("(j.object_id = ANY(%(concerned)s) OR j.refs && %(object_id)s)")
    conditions += _words(conn, criteria.query, values)
    return " AND ".join(conditions) or "true", values


def _words(conn: Connection[Any], query: str, values: dict[str, Any]) -> list[str]:
    """Conditions for a query's words.

    A word that sentences or labels use («визит», «перенесён») has to occur there or name an object. Other words are names: all of
    one object (family and given name) or, if there is none, each of some object (a doctor and a patient). An object's entries
    include those that other concepts declare (`Words.entries_of`).
    """
    ways = readings(query)
    typed = ways[0] if ways else ()
    names = [word for word in typed if not _is_phrase(word)]
    found = matching(conn, names) if names else []
    conditions = [_sentence(conn, word, values) for word in typed if word not in names]
    if found or len(names) == 1:
        conditions.append(_named(conn, found, values))
    elif names:
        conditions += [_named(conn, matching(conn, [word]), values) for word in names]
    return conditions


def _is_phrase(word: Word) -> bool:
    glossary = registry.GLOSSARY
    labels = [normal(label) for label in (*glossary.actions.values(), *glossary.labels.values())]
    return any(glossary.in_sentences(form) or any(form in label for label in labels) for form in word.forms if not form.isdigit())


def _sentence(conn: Connection[Any], word: Word, values: dict[str, Any]) -> str:
    """Sentences are lower case, and е also matches ё: a plain LIKE is fast enough without an index."""
    n, glossary = len(values), registry.GLOSSARY
    kinds = [kind for kind, label in glossary.actions.items() if any(form in normal(label) for form in word.forms)]
    objects = [kind for kind, label in glossary.labels.items() if any(form in normal(label) for form in word.forms)]
    values[f"kinds{n}"], values[f"objects{n}"] = kinds, objects
    values[f"like{n}"] = ["%" + escaped(form).replace("е", "_") + "%" for form in word.forms]
    in_summary = f"OR j.summary LIKE ANY(%(like{n})s)" if any(glossary.in_sentences(form) for form in word.forms) else ""
    named = _named(conn, matching(conn, [word]), values)
    return f"(j.kind = ANY(%(kinds{n})s) OR j.object_type = ANY(%(objects{n})s) {in_summary} OR {named})"


def _named(conn: Connection[Any], found: list[UUID], values: dict[str, Any]) -> str:
    """Condition: entries of these objects or concerning them."""
    n = len(values)
    values[f"about{n}"] = [*found, *_with_entries_of(conn, found)]
    values[f"concerning{n}"] = _concerning(conn, found)
    return f"(j.object_id = ANY(%(about{n})s) OR j.position = ANY(%(concerning{n})s))"


def _concerning(conn: Connection[Any], ids: list[UUID]) -> list[int]:
    """Positions of entries that concern one of these objects. An index look-up for each, because comparing every row with a long
    list is slow.
    """
    query = "SELECT DISTINCT j.position FROM unnest(%s::uuid[]) AS wanted(id) JOIN journal j ON j.refs @> ARRAY[wanted.id]"
    return [row[0] for row in conn.execute(query, (ids,)).fetchall()]


def _with_entries_of(conn: Connection[Any], ids: list[UUID]) -> list[UUID]:
    """Objects whose entries count as entries of these objects, such as a patient's visits."""
    return [id_ for words in registry.GLOSSARY.concepts for id_ in words.entries_of(conn, ids)]


def _keys(row: JournalRow) -> Iterable[ObjectKey]:
    yield row.object_type, row.object_id
    if row.employee_id is not None:
        yield Employee.TOPIC, row.employee_id


def _item(row: JournalRow, changes: Sequence[Change], names: ObjectNames, zone: tzinfo) -> JournalItem:
    def formatted(value: Value) -> str | None:
        if isinstance(value, Named | Coded):
            return names.of(value)
        if isinstance(value, Instant):
            return format_moment(value.at.astimezone(zone))
        return value

    glossary, title = registry.GLOSSARY, names.title(row.object_type, row.object_id)
    return JournalItem(
        position=row.position,
        moment=row.moment.astimezone(UTC),
        author=None if row.employee_id is None else Ref(row.employee_id, names.name(Employee.TOPIC, row.employee_id)),
        address=row.address,
        kind=row.kind,
        kind_label=glossary.actions.get(row.kind, row.kind),
        object=JournalObject(row.object_type, row.object_id, title, row.object_version),
        text=f"{title}{row.summary}" if row.summary.startswith(":") else f"{title} {row.summary}",
        changes=[
            ChangeInWords(
                change.label if change.of is None else f"{names.of(change.of)}, {change.label}",
                formatted(change.old),
                formatted(change.new),
            )
            for change in changes
        ],
        link=glossary.of(row.object_type).page.format(type=row.object_type, id=row.object_id, version=row.object_version),
    )


ACCESSED = AccessedList(
    type="journal",
    label="Журнал действий",
    path="/journal",
    rights=("journal",),
    filters={
        **QUERY,
        **PERIOD,
        "kind": Filter("действие", shown=lambda key: registry.GLOSSARY.actions.get(key, key)),
        "user_id": Filter("пользователь", refers=UserAccess.TOPIC),
        "object_type": Filter("вид объекта", shown=lambda key: registry.GLOSSARY.labels.get(key, key)),
        "object_id": Filter("объект", refers_by="object_type"),
    },
)
