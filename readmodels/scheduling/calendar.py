"""The appointment calendar: visits of some days, the doctors who work then, lists of visits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.files import StoredFile
from aggregates.money.discounts import Discount
from aggregates.scheduling.hours import hours_pairs
from aggregates.scheduling.visit import LONGEST
from aggregates.scheduling.visit_consumption import Consumption
from aggregates.scheduling.visit_lines import GoodsLine, Line, MaterialLine
from aggregates.scheduling.visit_status import STATUSES, TRANSITIONS, Status
from readmodels.number_search import listed_number, titled_number
from readmodels.people import employees, patient_search, patients
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.scheduling.attendances import CAME, FIRST_VISIT_PERIOD
from readmodels.scheduling.working_hours import effective, within_days
from readmodels.searchable import Asker, Hit, Searchable
from readmodels.table import Table
from readmodels.words.values import format_moment


class VisitRow(msgspec.Struct, frozen=True):
    """A visit. `total` of its lines with all discounts, in rubles. `consumption`: what it took out of stock."""

    visit_id: UUID
    number: int
    patient_id: UUID
    doctor_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: Status
    lines: tuple[Line, ...]
    total: Decimal
    room: str
    comment: str
    deleted: bool
    version: int
    booked_on: Annotated[datetime, msgspec.Meta(tz=True)]
    goods: tuple[GoodsLine, ...] = ()
    discount: Discount | None = None
    materials: tuple[MaterialLine, ...] | None = None
    warehouse_id: UUID | None = None
    consumption: Consumption | None = None


TABLE = Table(
    "calendar",
    VisitRow,
    key=("visit_id",),
    indexes=("(starts_at)", "(doctor_id, starts_at)", f"(patient_id, starts_at) WHERE {CAME}", "(patient_id)", "(number)"),
)


class VisitPatient(msgspec.Struct, frozen=True, gc=False):
    """The patient of a visit. `phone`, `card_number`: "" for users to whom visits show only the name (VIS-6)."""

    id: UUID
    name: str
    phone: str
    card_number: str


class VisitItem(msgspec.Struct, frozen=True, gc=False):
    """A visit for calendar, lists and visit window. `lines`: stored JSON of Line structs."""

    id: UUID
    number: int
    version: int
    patient: VisitPatient
    doctor: Ref | None
    starts_at: datetime
    ends_at: datetime
    status: Status
    lines: msgspec.Raw
    room: str
    comment: str
    deleted: bool
    first_visit: bool
    total: Decimal
    allowed_statuses: tuple[Status, ...]


class DoctorDay(msgspec.Struct, frozen=True, gc=False):
    """A doctor's working time within the 24 hours of a date, as pairs of "HH:MM", including the night shift from the day
    before.
    """

    date: date
    intervals: list[list[str]]


class Doctor(msgspec.Struct, frozen=True, gc=False):
    """A column of the calendar; `days`: dates on which the doctor works or has visits."""

    id: UUID
    name: str
    position: str
    color: str
    deleted: bool
    photo: StoredFile | None
    days: list[DoctorDay]


def _came_before(whose: str) -> str:
    """SQL: visits `v` to which the patient of visit `c` came within the configured months before it."""
    return f"""SELECT FROM calendar v WHERE {whose} AND {CAME}
      AND v.starts_at < c.starts_at AND v.starts_at >= c.starts_at - {FIRST_VISIT_PERIOD}"""


VISIT = f"""SELECT c.visit_id, c.number, c.version, coalesce(p.patient_id, c.patient_id), coalesce(p.name, ''),
    coalesce(p.phone, ''), coalesce(p.card_number, ''), c.doctor_id, {FULL_NAME.format("e")}, c.starts_at, c.ends_at,
    c.status, c.lines::text, c.room, c.comment, c.deleted,
    CASE WHEN coalesce(cardinality(p.cards), 1) = 1 THEN NOT EXISTS ({_came_before("v.patient_id = c.patient_id")})
      ELSE NOT EXISTS ({_came_before("v.patient_id = ANY(p.cards)")}) END AS first_visit, c.total
  FROM calendar c LEFT JOIN employees e ON e.employee_id = c.doctor_id LEFT JOIN LATERAL (
    SELECT coalesce(k.patient_id, o.patient_id) AS patient_id, coalesce(k.name, o.name) AS name,
      coalesce(k.phone, o.phone) AS phone, coalesce(k.card_number, o.card_number) AS card_number,
      coalesce(k.cards, o.cards) AS cards
    FROM patients o LEFT JOIN patients k ON k.patient_id = o.merged_into WHERE o.patient_id = c.patient_id LIMIT 1
  ) p ON true"""
"""First-visit mark (CAL-8): the patient came to no visit within the configured months before this one. The planner can't estimate
the length of an array, so the usual case of a single card is a separate condition.

A visit of a merged card is shown with the survivor.

The LIMIT makes the planner look patients up one by one; otherwise it may scan all of them.
"""

VisitSort = Literal["starts_at", "-starts_at", "number", "-number"]
TAKES_TIME = "{0}.status NOT IN ('cancelled', 'no_show')"
"""Condition on a visit by this alias: it is neither of `FREEING`."""
_ORDERS: dict[VisitSort, str] = {
    "starts_at": "c.starts_at, c.number",
    "-starts_at": "c.starts_at DESC, c.number DESC",
    "number": "c.number",
    "-number": "c.number DESC",
}


def week(
    conn: Connection[Any],
    first: date,
    last: date,
    doctor_ids: Iterable[UUID] | None = None,
    *,
    without_doctor: bool = True,
    patient_info: bool = False,
) -> list[VisitItem]:
    """All visits on the dates `first`…`last` that aren't deleted, in order of time.

    `doctor_ids`: only of these doctors; `without_doctor`: and visits without a doctor; `patient_info`: with more of the patients
    than the name.
    """
    doctors = "" if doctor_ids is None else "AND (c.doctor_id = ANY(%(doctors)s) OR (c.doctor_id IS NULL AND %(without)s))"
    query = f"""{VISIT} WHERE c.starts_at >= %(earliest)s AND c.starts_at < %(end)s AND c.ends_at > %(start)s AND NOT c.deleted
      {doctors} ORDER BY c.starts_at, c.number"""
    values = {**_range(first, last), "doctors": list(doctor_ids or ()), "without": without_doctor}
    return _items(conn, query, values, patient_info=patient_info, prepare=True)


def doctors(conn: Connection[Any], first: date, last: date, doctor_ids: Iterable[UUID] | None = None) -> list[Doctor]:
    """Columns on the dates `first`…`last`, in alphabetical order: doctors who work then, and everybody who has visits then.
    `doctor_ids`: only these.
    """
    chosen = None if doctor_ids is None else set(doctor_ids)
    busy = conn.execute(
        """SELECT DISTINCT doctor_id, starts_at::date, (ends_at - interval '1 minute')::date FROM calendar
          WHERE starts_at >= %(earliest)s AND starts_at < %(end)s AND ends_at > %(start)s AND NOT deleted
          AND doctor_id IS NOT NULL""",
        _range(first, last),
    ).fetchall()
    visited: dict[UUID, set[date]] = {}
    for doctor_id, begins, ends in busy:
        visited.setdefault(doctor_id, set()).update(_dates(max(first, begins), min(last, ends)))
    known = employees.names(conn)
    candidates = [
        employee
        for employee in known.values()
        if (chosen is None or employee.id in chosen)
        and (employee.id in visited or (employee.takes_visits and not employee.deleted))
    ]
    hours = effective(conn, (employee.id for employee in candidates), first, last)
    found = []
    for employee in candidates:
        working = {} if employee.deleted else within_days(hours, employee.id, first, last)
        if days := sorted(working.keys() | visited.get(employee.id, set())):
            cells = [DoctorDay(day, hours_pairs(working.get(day, ()))) for day in days]
            who = (employee.id, employee.name, employee.position, employee.color, employee.deleted, employee.photo)
            found.append(Doctor(*who, cells))
    return found


def get(conn: Connection[Any], visit_id: UUID, *, patient_info: bool = False) -> VisitItem | None:
    """One visit, deleted or not. `patient_info`: with more of its patient than the name."""
    found = _items(conn, f"{VISIT} WHERE c.visit_id = %(visit_id)s", {"visit_id": visit_id}, patient_info=patient_info)
    return found[0] if found else None


def listing(
    conn: Connection[Any],
    *,
    first: date | None = None,
    last: date | None = None,
    doctor_id: UUID | None = None,
    only_doctor_id: UUID | None = None,
    patient_info: bool = False,
    patient_id: UUID | None = None,
    status: Status | Literal["booked"] | None = None,
    query: str = "",
    deleted: bool = False,
    sort: VisitSort = "-starts_at",
    page: int = 1,
    size: int = 50,
) -> tuple[list[VisitItem], int]:
    """One page of the visits that start on `first`…`last` and match the filters, and the total.

    `status`: booked are all that take time. `only_doctor_id`: the only doctor whose visits the user may see. `patient_info`: with
    more of the patients than the name.
    `query`: the visit's number («№ 12» is always a number) or words that find the patient, without `patient_info` by the name
    alone. Deleted visits only on request.
    """
    values: dict[str, Any] = {
        "first": first, "end": last and last + timedelta(days=1), "doctor_id": doctor_id, "only": only_doctor_id,
        "cards": patient_id and patients.all_cards(conn, [patient_id]), "status": status, "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    conditions = ["true"] if deleted else ["NOT c.deleted"]
    conditions += [
        condition
        for condition, given in (
            ("c.starts_at >= %(first)s", first),
            ("c.starts_at < %(end)s", last),
            ("c.doctor_id = %(doctor_id)s", doctor_id),
            ("c.doctor_id = %(only)s", only_doctor_id),
            ("c.patient_id = ANY(%(cards)s)", patient_id),
            (TAKES_TIME.format("c") if status == "booked" else "c.status = %(status)s", status),
        )
        if given is not None
    ]
    if query.strip():
        values["number"], only_number = listed_number(query)
        people = patient_search.cards_meant(query, values, by_name_only=not patient_info)
        meant = f"(c.number = %(number)s OR c.patient_id IN ({people}))"
        conditions.append("c.number = %(number)s" if only_number else meant)
    where = " AND ".join(conditions)
    # find the page first: otherwise columns are computed for all pages before it too
    page_ids = f"SELECT c.visit_id FROM calendar c WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"
    items = _items(conn, f"{VISIT} WHERE c.visit_id IN ({page_ids}) ORDER BY {_ORDERS[sort]}", values, patient_info=patient_info)
    count = f"SELECT count(*) FROM calendar c WHERE {where}"
    total = conn.execute(count, values, prepare=False).fetchone()
    return items, total[0] if total else 0


def _range(first: date, last: date) -> dict[str, date | datetime]:
    """Bounds of the days; `earliest`: the earliest start of a visit that reaches into them."""
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001  the clinic's wall clock is naive
    return {"start": start, "earliest": start - LONGEST, "end": last + timedelta(days=1)}


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


_ALLOWED: dict[str, tuple[Status, ...]] = {status: TRANSITIONS[status] for status in STATUSES}


def _items(
    conn: Connection[Any], query: str, values: dict[str, Any], *, patient_info: bool, prepare: bool = False
) -> list[VisitItem]:
    rows = conn.cursor(binary=True).execute(query, values, prepare=prepare).fetchall()
    return [_item(row, patient_info=patient_info) for row in rows]


def _item(row: Sequence[Any], *, patient_info: bool) -> VisitItem:
    (
        visit_id, number, version, patient_id, patient, phone, card_number, doctor_id, doctor, starts_at, ends_at, status,
        lines, room, comment, deleted, first_visit, total,
    ) = row  # fmt: skip
    return VisitItem(
        visit_id, number, version,
        VisitPatient(patient_id, patient, phone, card_number) if patient_info else VisitPatient(patient_id, patient, "", ""),
        None if doctor_id is None else Ref(doctor_id, doctor),
        starts_at, ends_at, status, msgspec.Raw(lines.encode()), room, comment, deleted, first_visit, total,
        () if deleted else _ALLOWED[status],
    )  # fmt: skip


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    """By number only: «12», «№ 12», «визит 12»."""
    number = titled_number(query, "визит")
    if number is None:
        return []
    rows = conn.execute(
        """SELECT c.visit_id, c.starts_at, p.name FROM calendar c LEFT JOIN patients p USING (patient_id)
          WHERE c.number = %(number)s AND NOT c.deleted AND (%(only)s::uuid IS NULL OR c.doctor_id = %(only)s)""",
        {"number": number, "only": asker.only_doctor_id},
    ).fetchall()
    return [
        Hit(visit_id, f"Визит № {number}", ", ".join(part for part in (format_moment(starts_at), patient) if part))
        for visit_id, starts_at, patient in rows
    ]


SEARCHABLE = Searchable("visit", "Визиты", right="calendar", reads=("calendar", "patients"), find=_find)
