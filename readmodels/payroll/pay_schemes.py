"""Schemes of pay."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import ServiceCategory
from aggregates.payroll.calculation import Scheme
from aggregates.payroll.pay_scheme import PAY_SCHEME_FIELDS
from aggregates.payroll.pay_terms import PayRate, PayStep, PayTerms, RateKind
from aggregates.values import Scalar
from readmodels import catalogue
from readmodels.clinic.clinic_settings import time_zone
from readmodels.people_names import BY_NAME, FULL_NAME
from readmodels.references import Ref
from readmodels.table import Table


class PaySchemeRow(msgspec.Struct, frozen=True):
    """A scheme. `card`: its fields as they are stored."""

    scheme_id: UUID
    employee_id: UUID
    starts_on: date
    card: dict[str, Scalar]
    rates: tuple[PayRate, ...]
    steps: tuple[PayStep, ...]
    deleted: bool
    version: int


TABLE = Table("pay_schemes", PaySchemeRow, key=("scheme_id",), indexes=("(employee_id, starts_on)",))


class ShownRate(msgspec.Struct, frozen=True, gc=False):
    """`name`: of the service or category."""

    kind: RateKind
    item_id: UUID
    name: str
    percent: Decimal


class PaySchemeItem(msgspec.Struct, frozen=True, gc=False):
    """A scheme. `until`: its own last day, or the one before the employee's next scheme; `employee_deleted`: they don't work here
    any more.
    """

    id: UUID
    employee: Ref
    employee_deleted: bool
    until: date | None
    fields: dict[str, Scalar]
    rates: list[ShownRate]
    steps: list[PayStep]
    deleted: bool
    version: int


_CARD = msgspec.json.Decoder(dict[str, Scalar])
_RATES = msgspec.json.Decoder(tuple[PayRate, ...])
_STEPS = msgspec.json.Decoder(tuple[PayStep, ...])
_ENDS_ON = "nullif(s.card ->> 'ends_on', '')::date"
_ITEMS = f"""SELECT s.scheme_id, s.employee_id, {FULL_NAME.format("e")}, e.deleted,
    CASE WHEN NOT s.deleted THEN least((SELECT min(n.starts_on) - 1 FROM pay_schemes n
      WHERE n.employee_id = s.employee_id AND n.starts_on > s.starts_on AND NOT n.deleted), {_ENDS_ON}) END,
    s.card::text, s.rates::text, s.steps::text, s.deleted, s.version
  FROM pay_schemes s LEFT JOIN employees e ON e.employee_id = s.employee_id"""
_ORDER = f"ORDER BY {BY_NAME.format('e')}, s.employee_id, s.starts_on DESC, s.scheme_id"


def listing(conn: Connection[Any], *, employee_id: UUID | None = None, deleted: bool = False) -> list[PaySchemeItem]:
    """All schemes by employee, the latest first; deleted ones only on request."""
    query = f"""{_ITEMS} WHERE (%(deleted)s OR NOT s.deleted) AND (%(of)s::uuid IS NULL OR s.employee_id = %(of)s) {_ORDER}"""
    return _items(conn, conn.execute(query, {"deleted": deleted, "of": employee_id}).fetchall())


def get(conn: Connection[Any], scheme_id: UUID) -> PaySchemeItem | None:
    """One scheme, deleted or not."""
    found = _items(conn, conn.execute(f"{_ITEMS} WHERE s.scheme_id = %s", (scheme_id,)).fetchall())
    return found[0] if found else None


def of_employees(conn: Connection[Any], employee_ids: Iterable[UUID] | None = None) -> dict[UUID, list[Scheme]]:
    """Employee → active schemes, for the calculation; of all without `employee_ids`. A scheme of an employee who was deleted ends
    with that day, by the clinic's wall clock.
    """
    rows = conn.execute(
        f"""SELECT s.employee_id, s.scheme_id, s.starts_on, {_ENDS_ON}, e.deleted_at, s.card::text, s.rates::text, s.steps::text
          FROM pay_schemes s LEFT JOIN employees e ON e.employee_id = s.employee_id
          WHERE NOT s.deleted AND (%(all)s OR s.employee_id = ANY(%(ids)s)) ORDER BY s.employee_id, s.starts_on""",
        {"all": employee_ids is None, "ids": list(employee_ids or ())},
    ).fetchall()
    found: dict[UUID, list[Scheme]] = {}
    zone = time_zone(conn)
    for employee_id, scheme_id, starts_on, ends_on, deleted_at, card, rates, steps in rows:
        terms = PayTerms.of({**PAY_SCHEME_FIELDS.empty, **_CARD.decode(card)}, _RATES.decode(rates), _STEPS.decode(steps))
        left_on = None if deleted_at is None else deleted_at.astimezone(zone).date()
        last = min((day for day in (ends_on, left_on) if day is not None), default=None)
        found.setdefault(employee_id, []).append(Scheme(scheme_id, starts_on, terms, last))
    return found


def _items(conn: Connection[Any], rows: Sequence[Sequence[Any]]) -> list[PaySchemeItem]:
    rates = [_RATES.decode(row[6]) for row in rows]
    services = {rate.item_id for each in rates for rate in each if rate.kind == "service"}
    categories = {rate.item_id for each in rates for rate in each if rate.kind == "category"}
    query = "SELECT service_id, name FROM services WHERE service_id = ANY(%s)"
    names: dict[UUID, str] = dict(conn.execute(query, (list(services),)).fetchall()) if services else {}
    names |= catalogue.names(conn, categories)
    return [
        PaySchemeItem(
            scheme_id,
            Ref(employee_id, employee or ""),
            bool(employee_deleted),
            until,
            {**PAY_SCHEME_FIELDS.empty, **_CARD.decode(card)},
            [ShownRate(rate.kind, rate.item_id, names.get(rate.item_id, ""), rate.percent) for rate in of_scheme],
            list(_STEPS.decode(steps)),
            deleted,
            version,
        )
        for (scheme_id, employee_id, employee, employee_deleted, until, card, _, steps, deleted, version), of_scheme in zip(
            rows, rates, strict=True
        )
    ]


class Rated(msgspec.Struct, frozen=True, gc=False):
    """A service or a category of services that a rate may be of. `category`: the service's, "" without one."""

    kind: RateKind
    id: UUID
    name: str
    category: str


def rated(conn: Connection[Any]) -> list[Rated]:
    """Active categories of services, then active services, by name."""
    rows = conn.execute(
        """SELECT 'category', entry_id, name, '' FROM catalogue WHERE catalogue = %s AND NOT deleted
          UNION ALL SELECT 'service', s.service_id, s.name, coalesce(c.name, '') FROM services s
            LEFT JOIN catalogue c ON c.entry_id = s.category_id WHERE NOT s.deleted
          ORDER BY 1, 3, 2""",
        (ServiceCategory.TOPIC,),
    ).fetchall()
    return [Rated(*row) for row in rows]
