"""Which rows of charged work a figure of the report counts: one set of conditions for figures and for the rows behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from aggregates.money.kopecks import rubles
from readmodels.reports import charged_work
from readmodels.reports.periods import Days
from readmodels.scheduling.attendances import FIRST_VISIT_PERIOD
from readmodels.scheduling.work_days import NOBODY, WorkGroup

MERGED = """merged AS (SELECT unnest(p.cards) AS card, p.patient_id AS person, p.cards FROM patients p
  WHERE p.patient_id IN (SELECT m.merged_into FROM patients m WHERE m.merged_into IS NOT NULL))"""
"""Cards of people who have several."""
FIRST_OF_CARD = f"(a.previous_at IS NULL OR a.previous_at < a.starts_at - {FIRST_VISIT_PERIOD})"
FIRST_OF_CARDS = f"""NOT EXISTS (SELECT FROM attendances v WHERE v.patient_id = ANY(m.cards) AND v.starts_at < a.starts_at
  AND v.starts_at >= a.starts_at - {FIRST_VISIT_PERIOD})"""
"""Conditions: a visit to which somebody came, `a`, was the first of a person with one card, or with the cards `m`."""
IS_FIRST = f"CASE WHEN m.card IS NULL THEN {FIRST_OF_CARD} ELSE {FIRST_OF_CARDS} END"
_FIRSTS = f"""WITH {MERGED} SELECT a.visit_id FROM attendances a LEFT JOIN merged m ON m.card = a.patient_id
  WHERE a.counted AND a.starts_at >= %(start)s AND a.starts_at < %(end)s AND {IS_FIRST}"""


class Sums(msgspec.Struct, frozen=True, gc=False):
    """In rubles: without discounts, the discounts, and what was charged."""

    gross: Decimal
    discount: Decimal
    net: Decimal

    @classmethod
    def of(cls, gross: Decimal | int, net: Decimal | int) -> "Sums":
        """From kopecks."""
        return cls(rubles(gross), rubles(gross - net), rubles(net))


@dataclass(frozen=True)
class IncomeChoice:
    """employee    an id or "none": shares of this performer; "": whole lines.
    item        id of a service or goods.
    category    id of a category of services, "none", or "goods".
    first       of first visits alone.
    """

    days: Days
    employee: str = ""
    item: UUID | None = None
    category: str = ""
    first: bool = False

    def condition(self, alias: str) -> tuple[str, dict[str, Any]]:
        """SQL about rows of `charged_work.ROWS` by this alias, with its values. Without a performer, one row of each line."""
        conditions = [f"{alias}.starts_at >= %(start)s AND {alias}.starts_at < %(end)s"]
        values: dict[str, Any] = dict(self.days.values)
        if not self.employee:
            conditions.append(f"{alias}.performer = 0")
        elif self.employee == "none":
            conditions.append(f"{alias}.employee_id IS NULL")
        else:
            conditions.append(f"{alias}.employee_id = %(employee)s")
            values["employee"] = UUID(self.employee)
        if self.item is not None:
            conditions.append(f"{alias}.item_id = %(item)s")
            values["item"] = self.item
        if self.category == "goods":
            conditions.append(f"{alias}.kind = 'goods'")
        elif self.category:
            services = f"SELECT FROM services c WHERE c.service_id = {alias}.item_id AND c.category_id"
            is_none, is_it = f"NOT EXISTS ({services} IS NOT NULL)", f"EXISTS ({services} = %(category)s)"
            conditions.append(f"{alias}.kind = 'service' AND {is_none if self.category == 'none' else is_it}")
            values |= {} if self.category == "none" else {"category": UUID(self.category)}
        if self.first:
            conditions.append(f"{alias}.visit_id IN ({_FIRSTS})")
        return " AND ".join(conditions), values

    @property
    def sums(self) -> tuple[str, str]:
        """The columns that count: gross, net."""
        return ("gross", "net") if self.employee else ("line_gross", "line_net")


def work(choice: IncomeChoice, groups: Sequence[WorkGroup]) -> tuple[str, dict[str, Any]]:
    """SQL of rows (day, kind, id, visits, quantity, gross, net) of these groups with its values: of all by daily totals, of one
    performer by their rows, of which there are few.
    """
    if not choice.employee:
        totals = f"""(SELECT day, work_group AS kind, item_id AS id, visits, quantity, gross, net FROM work_days
          WHERE work_group = ANY(%(groups)s) AND day BETWEEN %(first)s AND %(last)s UNION ALL {charged_work.DAYS})"""
        return totals, {**choice.days.values, "groups": list(groups), "nobody": NOBODY}
    condition, values = choice.condition("p")
    by_item = {"service", "goods"} <= set(groups)
    kind, id_ = ("p.kind", "p.item_id") if by_item else ("'performer'", f"coalesce(p.employee_id, '{NOBODY}')")
    quantity = "sum(p.quantity)" if by_item else "count(*)"
    theirs = f"""(SELECT p.starts_at::date AS day, {kind} AS kind, {id_} AS id,
        count(DISTINCT p.visit_id) FILTER (WHERE p.document = 'visit') AS visits,
        {quantity} AS quantity, sum(p.gross) AS gross, sum(p.net) AS net
      FROM {charged_work.ROWS} p WHERE {condition} GROUP BY 1, 2, 3)"""
    return theirs, values
