"""Income of completed visits (FIN-4): what was charged in a period, by performer, service, category or time.

Charged is what lines of completed visits come to after all discounts, on the day of the visit, and goods sold without one; a
performer has the shares. All figures are sums of rows of `charged_work.py`, over long periods by the daily totals of `work_days`;
the rows of each figure are listed by `readmodels/reports/income_lines.py`, by the same conditions.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import rubles
from readmodels.people_names import FULL_NAME
from readmodels.reports.charged_work import ROWS
from readmodels.reports.income_choice import FIRST_OF_CARD, FIRST_OF_CARDS, IS_FIRST, MERGED, IncomeChoice, Sums, work
from readmodels.reports.income_paid import UNPAID
from readmodels.reports.periods import Days, Step
from readmodels.scheduling.work_days import NOBODY, WorkGroup

IncomeBy = Literal["performer", "item", "category", "day", "week", "month"]
"""How figures are grouped; `item`: services and goods."""


class IncomeTotals(msgspec.Struct, frozen=True, gc=False):
    """Of a period, in rubles.

    visits        completed, with services or goods; goods sold without a visit are in the sums alone.
    patients      people who had them; `first_visits`: visits that were a patient's first.
    average       charged for one visit, without what was sold beside; null without visits.
    paid          what is paid of it by now, for these visits; null where one performer is asked for.
    """

    visits: int
    patients: int
    first_visits: int
    sums: Sums
    average: Decimal | None
    paid: Decimal | None


class IncomeGroup(msgspec.Struct, frozen=True, gc=False):
    """A line of the report.

    key       what the group's rows are found by: an id, "none", "goods", or the first day; `kind`: of a service or goods.
    visits    null for categories, since a visit may have several services of one.
    quantity  of services or goods; of performers and days the number of lines.
    """

    key: str
    kind: str
    name: str
    visits: int | None
    quantity: Decimal
    sums: Sums


class IncomePoint(msgspec.Struct, frozen=True, gc=False):
    """A bar of the chart: what was charged from `day` on."""

    day: date
    net: Decimal


class Income(msgspec.Struct, frozen=True):
    """The report. `before`: of the period before, from `before_first` to `before_last`; `points`: by `step`."""

    totals: IncomeTotals
    before: IncomeTotals
    before_first: date
    before_last: date
    groups: list[IncomeGroup]
    step: Step
    points: list[IncomePoint]


_SHOWN = "sum(w.quantity), sum(w.gross), sum(w.net)"
_PERFORMERS = f"""SELECT coalesce(nullif(w.id, '{NOBODY}')::text, 'none'), 'performer',
    coalesce(nullif({FULL_NAME.format("e")}, ''), 'Без исполнителя'), sum(w.visits), {_SHOWN}
  FROM {{work}} w LEFT JOIN employees e ON e.employee_id = w.id GROUP BY w.id, 3 ORDER BY sum(w.net) DESC, 3, 1"""
_ITEMS = f"""SELECT w.id::text, w.kind, coalesce(s.name, g.name, ''), sum(w.visits), {_SHOWN}
  FROM {{work}} w LEFT JOIN services s ON s.service_id = w.id LEFT JOIN catalogue g ON g.entry_id = w.id
  GROUP BY w.id, w.kind, 3 ORDER BY sum(w.net) DESC, 3, 1"""
_CATEGORIES = f"""SELECT CASE w.kind WHEN 'goods' THEN 'goods' ELSE coalesce(s.category_id::text, 'none') END, 'category',
    CASE w.kind WHEN 'goods' THEN 'Товары' ELSE coalesce(c.name, 'Без категории') END, NULL, {_SHOWN}
  FROM {{work}} w LEFT JOIN services s ON s.service_id = w.id LEFT JOIN catalogue c ON c.entry_id = s.category_id
  GROUP BY 1, 3 ORDER BY sum(w.net) DESC, 3, 1"""
_TIMES = f"""SELECT greatest(date_trunc(%(step)s, w.day)::date, %(first)s)::text, 'time', '', sum(w.visits), {_SHOWN}
  FROM {{work}} w GROUP BY 1 ORDER BY 1"""
_QUERIES = {"performer": _PERFORMERS, "item": _ITEMS, "category": _CATEGORIES}
_GROUPS: dict[str, Sequence[WorkGroup]] = {
    "performer": ("performer",),
    "item": ("service", "goods"),
    "category": ("service", "goods"),
}


def report(conn: Connection[Any], days: Days, by: IncomeBy, *, employee: str = "") -> Income:
    """The report of a period. `employee`: of one performer's shares alone, an id or "none"."""
    choice, earlier = IncomeChoice(days, employee=employee), days.before()
    step = days.step
    times = {one: _groups(conn, choice, one) for one in {step, by} & {"day", "week", "month"}}
    return Income(
        totals=totals(conn, choice),
        before=totals(conn, IncomeChoice(earlier, employee=employee)),
        before_first=earlier.first,
        before_last=earlier.last,
        groups=times[by] if by in times else _groups(conn, choice, by),
        step=step,
        points=[IncomePoint(date.fromisoformat(one.key), one.sums.net) for one in times[step]],
    )


def totals(conn: Connection[Any], choice: IncomeChoice) -> IncomeTotals:
    """The figures above the report."""
    source, values = work(choice, ("all",))
    row = conn.execute(
        f"SELECT coalesce(sum(w.visits), 0), coalesce(sum(w.gross), 0), coalesce(sum(w.net), 0) FROM {source} w", values
    ).fetchone()
    visits, gross, net = (int(value) for value in row or (0, 0, 0))
    sold = _sold(conn, choice)
    patients, first_visits = _people(conn, choice)
    return IncomeTotals(
        visits=visits,
        patients=patients,
        first_visits=first_visits,
        sums=Sums.of(gross, net),
        average=rubles((2 * (net - sold) + visits) // (2 * visits)) if visits else None,
        paid=None if choice.employee else rubles(net - _due(conn, choice.days)),
    )


def _groups(conn: Connection[Any], choice: IncomeChoice, by: IncomeBy) -> list[IncomeGroup]:
    timed = by not in _QUERIES
    source, values = work(choice, _GROUPS.get(by, ("all",)))
    query = (_TIMES if timed else _QUERIES[by]).format(work=source)
    rows = conn.execute(query, {**values, **({"step": by} if timed else {})}).fetchall()
    return [
        IncomeGroup(key, kind, name, None if visits is None else int(visits), quantity, Sums.of(gross, net))
        for key, kind, name, visits, quantity, gross, net in rows
    ]


_IN_PERIOD = "a.counted AND a.starts_at >= %(start)s AND a.starts_at < %(end)s"
_PEOPLE = f"""WITH {MERGED}, alone AS (
    SELECT count(*) FILTER (WHERE a.earlier_at IS NULL OR a.earlier_at < %(start)s) AS people,
      count(*) FILTER (WHERE {FIRST_OF_CARD}) AS firsts
    FROM attendances a WHERE {_IN_PERIOD} AND a.patient_id NOT IN (SELECT card FROM merged)),
  together AS (
    SELECT count(DISTINCT m.person) AS people, count(*) FILTER (WHERE {FIRST_OF_CARDS}) AS firsts
    FROM merged m JOIN attendances a ON a.patient_id = m.card WHERE {_IN_PERIOD})
  SELECT alone.people + together.people, alone.firsts + together.firsts FROM alone, together"""
"""Of everybody: a card's first visit in the period stands for its person, so that a million needn't be grouped."""
_PEOPLE_OF_ONE = f"""WITH {MERGED} SELECT count(DISTINCT coalesce(m.person, a.patient_id)), count(*) FILTER (WHERE {IS_FIRST})
  FROM attendances a LEFT JOIN merged m ON m.card = a.patient_id
  WHERE {_IN_PERIOD} AND a.visit_id IN (SELECT w.visit_id FROM performed_work w WHERE """


def _people(conn: Connection[Any], choice: IncomeChoice) -> tuple[int, int]:
    """How many people came, and how many of the visits were their first."""
    condition, values = choice.condition("w")
    query = f"{_PEOPLE_OF_ONE} {condition})" if choice.employee else _PEOPLE
    people, first_visits = conn.execute(query, values).fetchone() or (0, 0)
    return people, first_visits


def _sold(conn: Connection[Any], choice: IncomeChoice) -> int:
    """Kopecks of goods sold without a visit."""
    condition, values = choice.condition("w")
    row = conn.execute(
        f"SELECT coalesce(sum(w.net), 0) FROM {ROWS} w WHERE {condition} AND w.document <> 'visit'", values, prepare=False
    ).fetchone()
    return int(row[0]) if row else 0


def _due(conn: Connection[Any], days: Days) -> int:
    """Kopecks that aren't paid of the visits of these days."""
    row = conn.execute(
        f"SELECT coalesce(sum(i.amount), 0) FROM account_items i WHERE {UNPAID}",
        days.values,
    ).fetchone()
    return int(row[0]) if row else 0
