"""«Расчёт ЗП»: what is to be accrued to employees for a period, with all that it comes from (FIN-2).

Beside the period are calculated the days for which something was accrued before, as far back as `LOOK_BACK`: what has changed
there since comes as a correction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.payroll.calculation import Scheme, Shift, days_between, differences, due, summed
from aggregates.payroll.pay_accrual import posting_id
from aggregates.payroll.pay_lines import FROZEN, NOTHING, Part, PayLine
from readmodels.payroll import pay_schemes, pay_works
from readmodels.people import employees
from readmodels.scheduling import working_hours

LOOK_BACK = timedelta(days=400)
"""How far before the period accrued days are calculated again, from the first of that month on."""
READS = (
    "pay_schemes", "pay_accruals", "visit_work", "authors", "certificates", "payments", "stock_documents", "services",
    "catalogue", "employees", "working_weeks", "working_days", "settings",
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
    works = pay_works.works(conn, {id_: schemes.get(id_, []) for id_ in ids}, days)
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


def _shifts(conn: Connection[Any], employee_ids: Iterable[UUID], first: date, last: date) -> dict[UUID, list[Shift]]:
    """Working days of the schedule, as it is now; several intervals of a day are one shift. Schemes end them."""
    ids = list(employee_ids)
    if not ids:
        return {}
    hours = working_hours.effective(conn, ids, first, last)
    return {
        id_: [
            Shift(day, minutes)
            for day in days_between(first, last)
            if (minutes := sum(interval.end - interval.start for interval in hours.hours_on(id_, day)))
        ]
        for id_ in ids
    }
