"""What pay is calculated of: work in visits, visits by who booked and completed them, and certificates by who sold them.

Money counts on the day of its allocation, and not before its visit, as in a patient's account.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import kopecks_of
from aggregates.money.shares import shared
from aggregates.payroll.calculation import Scheme, Work, paid_by_rows
from readmodels.authors import NOT_REPEATED
from readmodels.scheduling.attendances import CAME

Money = list[tuple[date, int]]
"""Day → kopecks of that day."""


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


class _Authored(msgspec.Struct, frozen=True, gc=False):
    """A visit to which the patient came, and what an employee did with it."""

    employee_id: UUID
    visit_id: UUID
    starts_at: datetime
    number: int
    created: bool
    completed: bool


_ROWS = """SELECT w.visit_id, w.line, w.performer, w.employee_id, w.starts_at, w.number, w.kind, w.item_id, w.gross, w.net,
    s.category_id, coalesce(s.name, c.name, '')
  FROM performed_work w LEFT JOIN services s ON w.kind = 'service' AND s.service_id = w.item_id
  LEFT JOIN catalogue c ON w.kind = 'goods' AND c.entry_id = w.item_id
  WHERE w.employee_id = ANY(%(ids)s) AND (w.starts_at >= %(first)s AND w.starts_at < %(end)s OR w.visit_id = ANY(%(paid)s))
  ORDER BY w.starts_at, w.number, w.line, w.performer"""
_AUTHORED = f"""SELECT a.employee_id, v.visit_id, v.starts_at, v.number, bool_or(a.act = 'created'), bool_or(a.act = 'completed')
  FROM authors a JOIN visit_work v ON v.visit_id = a.object_id
  WHERE a.employee_id = ANY(%(ids)s) AND v.{CAME.replace("deleted", "v.deleted")}
    AND (a.act = 'created' OR v.status = 'completed' AND {NOT_REPEATED})
    AND (v.starts_at >= %(first)s AND v.starts_at < %(end)s OR v.visit_id = ANY(%(paid)s))
  GROUP BY a.employee_id, v.visit_id, v.starts_at, v.number ORDER BY v.starts_at, v.number"""
_SOLD = """SELECT a.employee_id, c.id, c.code, c.moment, c.price, coalesce(d.card ->> 'kind', '') = 'terminal'
  FROM certificates c JOIN authors a ON a.object_id = c.id AND a.act = 'created' LEFT JOIN catalogue d ON d.entry_id = c.desk_id
  WHERE a.employee_id = ANY(%(ids)s) AND NOT c.deleted AND c.moment >= %(first)s AND c.moment < %(end)s
  ORDER BY c.moment, c.code"""
_PAID_IN = """SELECT DISTINCT a.visit_id FROM payments p
    CROSS JOIN LATERAL jsonb_to_recordset(p.allocations) AS a(visit_id uuid, moment timestamp)
  WHERE NOT p.deleted AND p.latest >= %(first)s AND p.moment < %(end)s AND a.moment >= %(first)s AND a.moment < %(end)s"""
_OF_VISITS = """SELECT visit_id, line, performer, kind, net, gross FROM performed_work WHERE visit_id = ANY(%s)
  ORDER BY visit_id, line, performer"""
_MONEY = """SELECT v.id, a.moment, (a.sum * 100)::bigint, coalesce(d.card ->> 'kind', '') = 'terminal'
  FROM unnest(%(ids)s::uuid[]) AS v(id)
    CROSS JOIN LATERAL (SELECT allocations, desk_id FROM payments WHERE visit_ids @> ARRAY[v.id] AND NOT deleted OFFSET 0) AS p
    CROSS JOIN LATERAL jsonb_to_recordset(p.allocations) AS a(visit_id uuid, sum numeric, moment timestamp)
    LEFT JOIN catalogue d ON d.entry_id = p.desk_id
  WHERE a.visit_id = v.id"""
"""By visits one after another, which the offset keeps: to compare all payments with all visits takes the product of both."""
_MATERIALS = """SELECT e.document_id, (-sum(e.value))::bigint FROM stock_entries e
  WHERE e.document_id = ANY(%(ids)s) AND NOT e.inward AND e.line >= (
    SELECT count(DISTINCT w.line) FROM performed_work w WHERE w.visit_id = e.document_id AND w.kind = 'goods')
  GROUP BY e.document_id"""
"""A visit's goods are written off first, then its materials."""


def works(
    conn: Connection[Any], schemes: Mapping[UUID, Sequence[Scheme]], days: Mapping[UUID, set[date]]
) -> dict[UUID, list[Work]]:
    """Employee → what they may be paid for: of all the days of all of them, and what was paid in these days."""
    every = [day for of_employee in days.values() for day in of_employee]
    if not every or not any(schemes.values()):
        return {}
    terms = {id_: [scheme.terms for scheme in own] for id_, own in schemes.items()}
    asked = [one for own in terms.values() for one in own]
    span: dict[str, Any] = {
        "first": datetime.combine(min(every), time.min),
        "end": datetime.combine(max(every), time.min) + timedelta(days=1),
        "ids": list(schemes),
        "paid": [],
    }
    if any(one.base == "paid" for one in asked):
        span["paid"] = [id_ for (id_,) in conn.execute(_PAID_IN, span).fetchall()]
    rows = [_Row(*row) for row in conn.execute(_ROWS, span).fetchall()]
    booking = [id_ for id_, own in terms.items() if any(one.visit_acts for one in own)]
    authored = [_Authored(*row) for row in conn.execute(_AUTHORED, {**span, "ids": booking}).fetchall()] if booking else []
    starts = {row.visit_id: row.starts_at for row in rows} | {visit.visit_id: visit.starts_at for visit in authored}
    places = _places(conn, list(starts))
    money = _allocated(conn, starts) if any(one.base == "paid" or one.acquiring for one in asked) else {}
    materials = _materials(conn, places) if any(one.minus_materials for one in asked) else {}
    found: dict[UUID, list[Work]] = defaultdict(list)
    for employee_id, work in (*_performed(rows, places, money, materials), *_booked(authored, places, money)):
        found[employee_id].append(work)
    selling = [id_ for id_, own in terms.items() if any(one.certificate_percent for one in own)]
    for employee_id, work in _sold(conn, {**span, "ids": selling}) if selling else ():
        found[employee_id].append(work)
    return found


_Place = tuple[UUID, int, int]
"""Visit, line, performer."""


class _Sums(msgspec.Struct, frozen=True, gc=False):
    place: _Place
    kind: str
    net: int
    gross: int


class _Allocated(msgspec.Struct):
    """What a visit got: all of it, and by card."""

    whole: Money
    card: Money


def _performed(
    rows: Iterable[_Row],
    places: Mapping[UUID, list[_Sums]],
    money: Mapping[UUID, _Allocated],
    materials: Mapping[_Place, int],
) -> Iterable[tuple[UUID, Work]]:
    paid = {id_: _by_place(places[id_], of_visit.whole) for id_, of_visit in money.items()}
    by_card = {id_: _by_place(places[id_], of_visit.card) for id_, of_visit in money.items() if of_visit.card}
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
            paid=tuple(paid.get(row.visit_id, {}).get(place, ())),
            card=tuple(by_card.get(row.visit_id, {}).get(place, ())),
        )
        yield row.employee_id, work


def _booked(
    visits: Iterable[_Authored], places: Mapping[UUID, list[_Sums]], money: Mapping[UUID, _Allocated]
) -> Iterable[tuple[UUID, Work]]:
    for visit in visits:
        of_visit, got = places.get(visit.visit_id, []), money.get(visit.visit_id)
        net = sum(one.net for one in of_visit)
        work = Work(
            visit_id=visit.visit_id,
            number=visit.number,
            day=visit.starts_at.date(),
            kind="visit",
            item_id=visit.visit_id,
            category_id=None,
            name="",
            gross=sum(one.gross for one in of_visit),
            net=net,
            paid=tuple(paid_by_rows([net], got.whole)[0]) if got else (),
            card=tuple(paid_by_rows([net], got.card)[0]) if got else (),
            created=visit.created,
            completed=visit.completed,
        )
        yield visit.employee_id, work


def _sold(conn: Connection[Any], span: Mapping[str, Any]) -> Iterable[tuple[UUID, Work]]:
    """Certificates count whole, on the day on which they were sold."""
    for employee_id, certificate_id, code, moment, price, by_card in conn.execute(_SOLD, span).fetchall():
        kopecks, day = kopecks_of(price), moment.date()
        work = Work(
            visit_id=None,
            number=None,
            day=day,
            kind="certificate",
            item_id=certificate_id,
            category_id=None,
            name=f"Сертификат № {code}",
            gross=kopecks,
            net=kopecks,
            paid=((day, kopecks),),
            card=((day, kopecks),) if by_card else (),
        )
        yield employee_id, work


def _places(conn: Connection[Any], visits: list[UUID]) -> dict[UUID, list[_Sums]]:
    """All rows of visits, of others too: what is shared among them."""
    found: dict[UUID, list[_Sums]] = defaultdict(list)
    for visit_id, line, performer, kind, net, gross in conn.execute(_OF_VISITS, (visits,)).fetchall():
        found[visit_id].append(_Sums((visit_id, line, performer), kind, net, gross))
    return found


def _allocated(conn: Connection[Any], starts: Mapping[UUID, datetime]) -> dict[UUID, _Allocated]:
    """`starts`: visit → when it begins."""
    found: dict[UUID, _Allocated] = {}
    for visit_id, moment, kopecks, by_card in conn.execute(_MONEY, {"ids": list(starts)}).fetchall():
        of_visit = found.setdefault(visit_id, _Allocated([], []))
        day = max(moment, starts[visit_id]).date()
        of_visit.whole.append((day, kopecks))
        if by_card:
            of_visit.card.append((day, kopecks))
    return found


def _by_place(rows: Sequence[_Sums], money: Money) -> dict[_Place, Money]:
    shares = paid_by_rows([one.net for one in rows], money)
    return {one.place: share for one, share in zip(rows, shares, strict=True)}


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
