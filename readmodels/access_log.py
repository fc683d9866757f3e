"""The access log: who looked at whose personal data, by patient, user and period, newest first (SEC-6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, Literal, TypeGuard
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from aggregates.access.user_access import UserAccess
from aggregates.discovery import declared
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from readmodels.object_titles import ObjectKey, ObjectNames
from readmodels.people import patient_search
from readmodels.references import Ref
from readmodels.words import registry
from readmodels.words.accessed import PERIOD, QUERY, AccessedList, Filter
from readmodels.words.values import Named

AccessAction = Literal["opened", "history", "listed", "exported", "printed"]
AccessedType = str
"""The data looked at: a type of object, or an `AccessedList` by its type."""
ACTIONS: dict[AccessAction, str] = {
    "opened": "Просмотр",
    "history": "Просмотр истории",
    "listed": "Просмотр списка",
    "exported": "Выгрузка",
    "printed": "Печать",
}


@cache
def lists() -> Mapping[AccessedType, AccessedList]:
    """Every declared list of personal data, by its type. Not before the program's modules are there."""
    found = sorted(declared("readmodels", _is_list), key=lambda one: one.type)
    return {one.type: one for one in found}


def _is_list(value: object) -> TypeGuard[AccessedList]:
    return isinstance(value, AccessedList)


_OF_PERSON = """v.patient_id IN (
  SELECT %(patient_id)s::uuid UNION SELECT unnest(p.cards) FROM patients p WHERE p.patient_id = %(patient_id)s)"""
"""Includes the cards merged into the patient's card."""


class AccessLogFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries; dates are the clinic's, inclusive. `query` finds patients."""

    user_id: UUID | None = None
    patient_id: UUID | None = None
    query: str = ""
    first: date | None = None
    last: date | None = None


class AccessLogItem(msgspec.Struct, frozen=True):
    """One entry. `action` and `object` in words; for a list, `filter` in words («поиск: иванов») and `count` of its items."""

    id: int
    moment: datetime
    user: Ref
    address: str
    action: str
    object: str
    patient: Ref | None
    filter: list[str]
    count: int | None


def listing(
    conn: Connection[Any], criteria: AccessLogFilter, zone: tzinfo, page: int = 1, size: int = 50
) -> tuple[list[AccessLogItem], int]:
    """One page of entries, and the total."""
    where, values = _conditions(criteria, zone)
    items = _items(conn, f"{where} ORDER BY v.id DESC LIMIT %(size)s OFFSET %(skip)s", values, size=size, skip=(page - 1) * size)
    total = conn.execute(f"SELECT count(*) FROM viewings v WHERE {where}", values, prepare=False).fetchone()
    return items, total[0] if total else 0


def entries(conn: Connection[Any], criteria: AccessLogFilter, zone: tzinfo, batch: int = 1000) -> Iterator[AccessLogItem]:
    """All entries, read in batches."""
    where, values = _conditions(criteria, zone)
    piece, last = f"{where} AND v.id < %(last)s ORDER BY v.id DESC LIMIT %(batch)s", 2**62
    while found := _items(conn, piece, values, last=last, batch=batch):
        yield from found
        last = found[-1].id


def _items(conn: Connection[Any], condition: str, values: dict[str, Any], **limits: int) -> list[AccessLogItem]:
    query = f"""SELECT v.id, v.moment, v.employee_id, v.address, v.way AS action, v.about AS object_type, v.object_id,
        v.patient_id, coalesce(v.filter, '{{}}') AS filter, v.count FROM viewings v WHERE {condition}"""
    with conn.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(query.encode(), {**values, **limits}, prepare=False).fetchall()
    values_named = (named for row in rows for one, value in row.filters if (named := row.named(one, value)))
    names = ObjectNames(conn, (key for row in rows for key in row.keys), values_named)
    return [_item(row, names) for row in rows]


@dataclass(frozen=True)
class _Row:
    id: int
    moment: datetime
    employee_id: UUID
    address: str
    action: AccessAction
    object_type: AccessedType
    object_id: UUID | None
    patient_id: UUID | None
    filter: dict[str, Any]
    count: int | None

    @property
    def filters(self) -> Iterator[tuple[Filter, str]]:
        """What the list was filtered by, in the list's order; a filter that the list doesn't declare is called by its key."""
        known = lists()[self.object_type].filters if self.object_type in lists() else {}
        for key in (*known, *(key for key in self.filter if key not in known)):
            if value := self.filter.get(key):
                yield known.get(key) or Filter(key), str(value)

    def named(self, one: Filter, value: str) -> Named | None:
        """The object that a filter's value names; None if it names none, or one of an unknown type."""
        found = one.object(value, self.filter)
        return found if found and found.type in registry.GLOSSARY.labels else None

    @property
    def keys(self) -> Iterator[ObjectKey]:
        """Who looked at which object, and whose data that is."""
        yield Employee.TOPIC, self.employee_id
        if self.patient_id is not None:
            yield PatientCard.TOPIC, self.patient_id
        if self.object_id is not None and self.object_type in registry.GLOSSARY.labels:
            yield self.object_type, self.object_id


def _item(row: _Row, names: ObjectNames) -> AccessLogItem:
    return AccessLogItem(
        row.id,
        row.moment.astimezone(UTC),
        Ref(row.employee_id, names.name(Employee.TOPIC, row.employee_id)),
        row.address,
        ACTIONS[row.action],
        _object(row, names),
        None if row.patient_id is None else Ref(row.patient_id, names.name(PatientCard.TOPIC, row.patient_id)),
        [f"{one.label}: {_format_filter(one, value, row, names)}" for one, value in row.filters],
        row.count,
    )


def _object(row: _Row, names: ObjectNames) -> str:
    """«Пациенты», «Карта пациента», «Визит № 12»: whose data that is stands beside it. «Начисление ЗП № 3 (Белова)»: of an
    employee's data in the title.
    """
    labels = registry.GLOSSARY.labels
    if row.patient_id is None and row.object_id is not None and row.object_type in labels:
        return names.title(row.object_type, row.object_id)
    if row.patient_id is None:
        return lists()[row.object_type].label if row.object_type in lists() else labels.get(row.object_type, row.object_type)
    if row.object_id in {None, row.patient_id} or row.object_type not in labels:
        return labels.get(row.object_type, row.object_type)
    title = names.title(row.object_type, row.object_id)
    return title.removesuffix(f" ({names.name(PatientCard.TOPIC, row.patient_id)})")


def _format_filter(one: Filter, value: str, row: _Row, names: ObjectNames) -> str:
    named = row.named(one, value)
    return one.shown(value) if named is None else names.of(named)


def _conditions(criteria: AccessLogFilter, zone: tzinfo) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "user_id": criteria.user_id,
        "patient_id": criteria.patient_id,
        "since": criteria.first and datetime.combine(criteria.first, time.min, zone).astimezone(UTC),
        "until": criteria.last and (datetime.combine(criteria.last, time.min, zone) + timedelta(days=1)).astimezone(UTC),
    }
    conditions = [
        condition
        for condition, given in (
            ("v.user_id = %(user_id)s", criteria.user_id),
            (_OF_PERSON, criteria.patient_id),
            ("v.moment >= %(since)s", criteria.first),
            ("v.moment < %(until)s", criteria.last),
        )
        if given is not None
    ]
    if criteria.query.strip():
        conditions.append(
            f"v.patient_id IN (SELECT p.patient_id FROM patients p WHERE {patient_search.matching(criteria.query, values)})"
        )
    return " AND ".join(conditions) or "true", values


ACCESSED = AccessedList(
    type="viewings",
    label="Просмотры",
    path="/access-log",
    rights=("journal",),
    filters={
        **QUERY,
        **PERIOD,
        "user_id": Filter("пользователь", refers=UserAccess.TOPIC),
        "patient_id": Filter("пациент", refers=PatientCard.TOPIC),
    },
)
