"""«Расчёт ЗП»: what is to be accrued to employees for a period, with all that it comes from (FIN-2).

Beside the period are calculated the days for which something was accrued before, as far back as `LOOK_BACK`: what has changed
there since comes as a correction. Money counts on the day of its allocation, and not before its visit, as in a patient's account.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.shares import shared
from aggregates.payroll.calculation import Scheme, Shift, Work, days_between, differences, due, paid_by_rows, summed
from aggregates.payroll.pay_accrual import posting_id
from aggregates.payroll.pay_lines import FROZEN, NOTHING, Part, PayLine
from readmodels.payroll import pay_schemes
from readmodels.people import employees
from readmodels.scheduling import working_hours

LOOK_BACK = timedelta(days=400)
"""How far before the period accrued days are calculated again, from the first of that month on."""
READS = (
    "pay_schemes", "pay_accruals", "visit_work", "payments", "stock_documents", "services", "catalogue", "employees",
    "working_weeks", "working_days",
)  # fmt: skip
"""Read models that a calculation is made of."""


class PartSum(msgspec.Struct, frozen=True, gc=False):
    """What the lines of a part come to, in rubles."""

    part: Part
    sum: Decimal


class EmployeePay(msgspec.Struct, frozen=True, gc=False):
    """An employee's pay for a period, in rubles. `corrections`: what of it corrects what was accrued before."""

    employee_id: UUID
    name: str
    deleted: bool
    parts: list[PartSum]
    corrections: Decimal
    total: Decimal


class Calculated(msgspec.Struct, frozen=True):
    """`beside`: the postings in effect by which it was calculated."""

    employee_id: UUID
    lines: list[PayLine]
    beside: frozenset[UUID]

    @property
    def total(self) -> Decimal:
        return sum((line.sum for line in self.lines), NOTHING)

    @property
    def parts(self) -> list[PartSum]:
        return [PartSum(part, amount) for part, amount in summed(self.lines).items()]  # type: ignore[arg-type]  # of a line

    @property
    def corrections(self) -> Decimal:
        return sum((line.sum for line in self.lines if line.correction), NOTHING)


class _Accrued(msgspec.Struct):
    """What is in effect of an employee."""

    ids: set[UUID]
    lines: list[PayLine]
    days: set[date]


class _Row(msgspec.Struct, frozen=True, gc=False):
    """A row of `performed_work`, with its names."""

    visit_id: UUID
    line: int
    performer: int
    employee_id: UUID
    starts_at: datetime
    number: int
    kind: str
    item_id: UUID
    gross: int
    net: int
    category_id: UUID | None
    name: str


_LINES = msgspec.json.Decoder(list[PayLine])


def overview(conn: Connection[Any], first: date, last: date) -> list[EmployeePay]:
    """What is to be accrued to everybody who has a scheme, or had an accrual, in alphabetical order."""
    found = calculations(conn, first, last)
    names = employees.names(conn, found)
    return [
        EmployeePay(id_, name.name, name.deleted, found[id_].parts, found[id_].corrections, found[id_].total)
        for id_, name in names.items()
        if found[id_].lines or not name.deleted
    ]


def calculations(conn: Connection[Any], first: date, last: date, employee_id: UUID | None = None) -> dict[UUID, Calculated]:
    """Employee → what is to be accrued for the days `first`…`last`; of one, who then has an answer in any case."""
    asked = None if employee_id is None else [employee_id]
    schemes, accrued = pay_schemes.of_employees(conn, asked), _accrued(conn, asked)
    ids = list(dict.fromkeys([*(asked or ()), *schemes, *accrued]))
    nothing = _Accrued(set(), [], set())
    since = (first - LOOK_BACK).replace(day=1)  # a line's key is of one month: it is looked back on whole, or not at all
    days = {id_: {*days_between(first, last), *(day for day in accrued.get(id_, nothing).days if day >= since)} for id_ in ids}
    works = _works(conn, {id_: schemes.get(id_, []) for id_ in ids}, days)
    shifts = _shifts(conn, {id_: own for id_, own in schemes.items() if any(_by_time(scheme) for scheme in own)}, first, last)
    found = {}
    for id_ in ids:
        before = accrued.get(id_, nothing)
        known = [line for line in before.lines if line.day >= since]
        new_shifts = [shift for shift in shifts.get(id_, ()) if shift.day not in before.days]
        frozen = [line for line in known if line.part in FROZEN]
        right = due(schemes.get(id_, []), days[id_], works.get(id_, ()), new_shifts, frozen)
        found[id_] = Calculated(id_, differences(right, known, first, last), frozenset(before.ids))
    return found


def _by_time(scheme: Scheme) -> bool:
    return bool(scheme.terms.shift or scheme.terms.hour)


def _accrued(conn: Connection[Any], employee_ids: Sequence[UUID] | None) -> dict[UUID, _Accrued]:
    rows = conn.execute(
        """SELECT employee_id, id, postings, first, last, lines::text FROM pay_accruals
          WHERE posted AND NOT deleted AND (%(all)s OR employee_id = ANY(%(ids)s)) ORDER BY day, number""",
        {"all": employee_ids is None, "ids": employee_ids or []},
    ).fetchall()
    found: dict[UUID, _Accrued] = {}
    for employee_id, id_, postings, first, last, lines in rows:
        own = found.setdefault(employee_id, _Accrued(set(), [], set()))
        own.ids.add(posting_id(id_, postings))
        own.lines += _LINES.decode(lines)
        own.days |= set(days_between(first, last))
    return found


_ROWS = """SELECT w.visit_id, w.line, w.performer, w.employee_id, w.starts_at, w.number, w.kind, w.item_id, w.gross, w.net,
    s.category_id, coalesce(s.name, c.name, '')
  FROM performed_work w LEFT JOIN services s ON w.kind = 'service' AND s.service_id = w.item_id
  LEFT JOIN catalogue c ON w.kind = 'goods' AND c.entry_id = w.item_id
  WHERE w.employee_id = ANY(%(ids)s) AND (w.starts_at >= %(first)s AND w.starts_at < %(end)s OR w.visit_id = ANY(%(paid)s))
  ORDER BY w.starts_at, w.number, w.line, w.performer"""
_PAID_IN = """SELECT DISTINCT a.visit_id FROM payments p
    CROSS JOIN LATERAL jsonb_to_recordset(p.allocations) AS a(visit_id uuid, moment timestamp)
  WHERE NOT p.deleted AND p.latest >= %(first)s AND p.moment < %(end)s AND a.moment >= %(first)s AND a.moment < %(end)s"""
_OF_VISITS = """SELECT visit_id, line, performer, kind, net, gross FROM performed_work WHERE visit_id = ANY(%s)
  ORDER BY visit_id, line, performer"""
_MONEY = """SELECT v.id, a.moment, (a.sum * 100)::bigint FROM unnest(%(ids)s::uuid[]) AS v(id)
    CROSS JOIN LATERAL (SELECT allocations FROM payments WHERE visit_ids @> ARRAY[v.id] AND NOT deleted OFFSET 0) AS p
    CROSS JOIN LATERAL jsonb_to_recordset(p.allocations) AS a(visit_id uuid, sum numeric, moment timestamp)
  WHERE a.visit_id = v.id"""
"""By visits one after another, which the offset keeps: to compare all payments with all visits takes the product of both."""
_MATERIALS = """SELECT e.document_id, (-sum(e.value))::bigint FROM stock_entries e
  WHERE e.document_id = ANY(%(ids)s) AND NOT e.inward AND e.line >= (
    SELECT count(DISTINCT w.line) FROM performed_work w WHERE w.visit_id = e.document_id AND w.kind = 'goods')
  GROUP BY e.document_id"""
"""A visit's goods are written off first, then its materials."""


def _works(
    conn: Connection[Any], schemes: Mapping[UUID, Sequence[Scheme]], days: Mapping[UUID, set[date]]
) -> dict[UUID, list[Work]]:
    every = [day for of_employee in days.values() for day in of_employee]
    if not every or not any(schemes.values()):
        return {}
    span = {"first": datetime.combine(min(every), time.min), "end": datetime.combine(max(every), time.min) + timedelta(days=1)}
    terms = [scheme.terms for own in schemes.values() for scheme in own]
    paid: list[UUID] = []
    if any(one.base == "paid" for one in terms):
        paid = [id_ for (id_,) in conn.execute(_PAID_IN, span).fetchall()]
    rows = [_Row(*row) for row in conn.execute(_ROWS, {**span, "ids": list(schemes), "paid": paid}).fetchall()]
    visits = list(dict.fromkeys(row.visit_id for row in rows))
    places = _places(conn, visits)
    money = _money(conn, rows, places) if any(one.base == "paid" for one in terms) else {}
    materials = _materials(conn, places) if any(one.minus_materials for one in terms) else {}
    found: dict[UUID, list[Work]] = defaultdict(list)
    for row in rows:
        place = (row.visit_id, row.line, row.performer)
        work = Work(
            visit_id=row.visit_id,
            number=row.number,
            day=row.starts_at.date(),
            kind="goods" if row.kind == "goods" else "service",
            item_id=row.item_id,
            category_id=row.category_id,
            name=row.name,
            gross=row.gross,
            net=row.net,
            materials=materials.get(place, 0),
            paid=tuple(money.get(place, ())),
        )
        found[row.employee_id].append(work)
    return found


_Place = tuple[UUID, int, int]
"""Visit, line, performer."""


class _Sums(msgspec.Struct, frozen=True, gc=False):
    place: _Place
    kind: str
    net: int
    gross: int


def _places(conn: Connection[Any], visits: list[UUID]) -> dict[UUID, list[_Sums]]:
    """All rows of visits, of others too: what is shared among them."""
    found: dict[UUID, list[_Sums]] = defaultdict(list)
    for visit_id, line, performer, kind, net, gross in conn.execute(_OF_VISITS, (visits,)).fetchall():
        found[visit_id].append(_Sums((visit_id, line, performer), kind, net, gross))
    return found


def _money(
    conn: Connection[Any], rows: Iterable[_Row], places: Mapping[UUID, list[_Sums]]
) -> dict[_Place, list[tuple[date, int]]]:
    starts = {row.visit_id: row.starts_at for row in rows}
    allocated: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for visit_id, moment, kopecks in conn.execute(_MONEY, {"ids": list(starts)}).fetchall():
        allocated[visit_id].append((max(moment, starts[visit_id]).date(), kopecks))
    found: dict[_Place, list[tuple[date, int]]] = {}
    for visit_id, money in allocated.items():
        of_visit = places[visit_id]
        shares = paid_by_rows([one.net for one in of_visit], money)
        found |= {one.place: share for one, share in zip(of_visit, shares, strict=True)}
    return found


def _materials(conn: Connection[Any], places: Mapping[UUID, list[_Sums]]) -> dict[_Place, int]:
    """What of a visit's materials falls on each service: by what it comes to, or by its price where all is free."""
    found: dict[_Place, int] = {}
    for visit_id, cost in conn.execute(_MATERIALS, {"ids": list(places)}).fetchall():
        services = [one for one in places[visit_id] if one.kind == "service"]
        weights = [one.net for one in services]
        weights = weights if any(weights) else [one.gross for one in services]
        if any(weights) and cost > 0:
            found |= {one.place: share for one, share in zip(services, shared(cost, weights), strict=True)}
    return found


def _shifts(conn: Connection[Any], employee_ids: Iterable[UUID], first: date, last: date) -> dict[UUID, list[Shift]]:
    """Working days of the schedule, as it is now; several intervals of a day are one shift. None of who was deleted."""
    ids = list(employee_ids)
    if not ids:
        return {}
    present = [id_ for id_, name in employees.names(conn, ids).items() if not name.deleted]
    hours = working_hours.effective(conn, present, first, last)
    return {
        id_: [
            Shift(day, minutes)
            for day in days_between(first, last)
            if (minutes := sum(interval.end - interval.start for interval in hours.hours_on(id_, day)))
        ]
        for id_ in present
    }
