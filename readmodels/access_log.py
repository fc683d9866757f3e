"""The access log: who looked at whose personal data, by patient, user and period, newest first (SEC-6)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.scheduling.visit_status import STATUS_LABELS
from readmodels.people import patients
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.words import registry
from readmodels.words.declaration import read_models_in

AccessAction = Literal["opened", "history", "listed", "exported", "printed"]
AccessedType = str
"""The data looked at: a type of object, or one of `_LISTS`."""
ACTIONS: dict[AccessAction, str] = {
    "opened": "Просмотр",
    "history": "Просмотр истории",
    "listed": "Просмотр списка",
    "exported": "Выгрузка",
    "printed": "Печать",
}
_LISTS: Mapping[AccessedType, str] = {
    "patient": "Пациенты",
    "visit": "Визиты",
    "employee": "Сотрудники",
    "journal": "Журнал действий",
    "viewings": "Просмотры",
}
"""Names of lists; a single object has its concept's label."""

_FILTERS: dict[str, str] = {
    "q": "поиск",
    "from": "с",
    "to": "по",
    "status": "статус",
    "doctor_id": "врач",
    "patient_id": "пациент",
    "category_id": "категория",
    "source_id": "источник",
    "deleted": "с удалёнными",
    "kind": "действие",
    "user_id": "пользователь",
    "object_type": "вид объекта",
    "object_id": "объект",
    "excel_import": "загрузка из Excel",
    "in_the_way": "мешают изменению",
}
"""Filters of a list in words."""
_NAMES = """
SELECT a.access_id, {user} FROM accesses a JOIN employees e USING (employee_id) WHERE a.access_id = ANY(%(ids)s)
UNION ALL SELECT e.employee_id, {user} FROM employees e WHERE e.employee_id = ANY(%(ids)s)
UNION ALL SELECT patient_id, name FROM patients WHERE patient_id = ANY(%(ids)s)
UNION ALL SELECT visit_id, '№ ' || number FROM calendar WHERE visit_id = ANY(%(ids)s)
UNION ALL SELECT entry_id, name FROM catalogue WHERE entry_id = ANY(%(ids)s)
""".format(user=FULL_NAME.format("e"))
READS = read_models_in(_NAMES)
"""The read models with the names of users, patients and filters."""

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
    rows = conn.execute(
        f"""SELECT v.id, v.moment, v.employee_id, {FULL_NAME.format("e")}, v.address, v.way, v.about, v.patient_id, p.name,
          c.number, v.filter, v.count
        FROM viewings v LEFT JOIN employees e ON e.employee_id = v.employee_id LEFT JOIN patients p ON p.patient_id = v.patient_id
          LEFT JOIN calendar c ON c.visit_id = v.object_id
        WHERE {condition}""",
        {**values, **limits},
        prepare=False,
    ).fetchall()
    names = _names(conn, [row[10] for row in rows if row[10]])
    return [_item(names, *row) for row in rows]


def _names(conn: Connection[Any], filters: list[dict[str, Any]]) -> dict[str, str]:
    """Names for the ids in filters."""
    ids = [value for asked in filters for name, value in asked.items() if name.endswith("_id") and _is_id(value)]
    return {str(id_): name for id_, name in conn.execute(_NAMES, {"ids": ids}).fetchall()} if ids else {}


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _asked(asked: dict[str, Any], names: dict[str, str]) -> list[str]:
    """A stored filter in words, in the order of `_FILTERS`; unknown keys are left out."""
    return [f"{label}: {_format_filter(name, asked[name], names)}" for name, label in _FILTERS.items() if asked.get(name)]


def _format_filter(name: str, value: Any, names: dict[str, str]) -> str:
    glossary = registry.GLOSSARY
    words: dict[str, Mapping[Any, str]] = {
        "status": {**STATUS_LABELS}, "kind": glossary.actions, "object_type": glossary.labels,
    }  # fmt: skip
    if name in {"from", "to"}:
        return ".".join(reversed(str(value).split("-")))
    if value is True or value == "true":
        return "да"
    return words.get(name, names).get(value, str(value))


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
            f"v.patient_id IN (SELECT p.patient_id FROM patients p WHERE {patients.matching(criteria.query, values)})"
        )
    return " AND ".join(conditions) or "true", values


def _item(
    names: dict[str, str],
    id_: int,
    moment: datetime,
    employee_id: UUID,
    user: str | None,
    address: str,
    action: AccessAction,
    object_type: AccessedType,
    patient_id: UUID | None,
    patient: str | None,
    number: int | None,
    asked: dict[str, Any] | None,
    count: int | None,
) -> AccessLogItem:
    return AccessLogItem(
        id_,
        moment.astimezone(UTC),
        Ref(employee_id, user or ""),
        address,
        ACTIONS[action],
        _object(object_type, number, whole_list=patient_id is None),
        None if patient_id is None else Ref(patient_id, patient or ""),
        _asked(asked or {}, names),
        count,
    )


def _object(object_type: AccessedType, number: int | None, *, whole_list: bool) -> str:
    label = registry.GLOSSARY.labels.get(object_type, "")
    if whole_list or not label:
        return _LISTS.get(object_type) or label
    return f"{label} № {number}" if number else label
