"""What «Из них оплачено» of the income report counts: completed visits of a period and goods sold without one, with what is
paid of each by now.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import rubles
from readmodels.references import Ref
from readmodels.reports.charged_work import ROWS, Document
from readmodels.reports.income_choice import IncomeChoice
from readmodels.reports.periods import Days

UNPAID = "i.kind = 'debt' AND i.until = '9999-12-31' AND i.dated BETWEEN %(first)s AND %(last)s"
"""Condition: a row `i` of `account_items` is what isn't paid by now of a visit or a sale of these days."""


class PaidVisit(msgspec.Struct, frozen=True, gc=False):
    """In rubles: what it came to, what is paid of it, and what isn't. `visit_id`, `number`: of the `document`; goods that came
    back are below zero.
    """

    visit_id: UUID
    document: Document
    number: int
    starts_at: datetime
    patient: Ref | None
    net: Decimal
    paid: Decimal
    due: Decimal


class PaidVisits(msgspec.Struct, frozen=True):
    """A page of them, the newest first. Of all: how many there are, and their sums."""

    items: list[PaidVisit]
    total: int
    net: Decimal
    paid: Decimal


def listing(conn: Connection[Any], days: Days, *, page: int = 1, size: int = 50) -> PaidVisits:
    """The visits and sales of a period of which something is paid, and what came back."""
    condition, values = IncomeChoice(days).condition("w")
    found = f"""WITH visits AS (
        SELECT w.visit_id, w.document, w.number, w.starts_at, w.patient_id, sum(w.line_net) AS net
        FROM {ROWS} w WHERE {condition} GROUP BY 1, 2, 3, 4, 5),
      found AS (
        SELECT v.*, v.net - coalesce(i.amount, 0) AS paid
        FROM visits v LEFT JOIN account_items i ON i.document_id = v.visit_id AND {UNPAID})"""
    total, net, paid = conn.execute(
        f"{found} SELECT count(*), coalesce(sum(net), 0), coalesce(sum(paid), 0) FROM found WHERE paid <> 0",
        values,
        prepare=False,
    ).fetchone() or (0, 0, 0)
    rows = conn.execute(
        f"""{found}, shown AS (
            SELECT * FROM found WHERE paid <> 0 ORDER BY starts_at DESC, number DESC LIMIT %(size)s OFFSET %(skip)s)
          SELECT f.visit_id, f.document, f.number, f.starts_at, coalesce(s.patient_id, f.patient_id),
            coalesce(s.name, o.name, ''), f.net, f.paid
          FROM shown f LEFT JOIN patients o ON o.patient_id = f.patient_id LEFT JOIN patients s ON s.patient_id = o.merged_into
          ORDER BY f.starts_at DESC, f.number DESC""",
        {**values, "size": size, "skip": (page - 1) * size},
        prepare=False,
    ).fetchall()
    items = [
        PaidVisit(  # type: ignore[call-arg]  # as selected
            *found, None if patient_id is None else Ref(patient_id, patient), rubles(one_net), rubles(one_paid),
            rubles(one_net - one_paid),
        )
        for *found, patient_id, patient, one_net, one_paid in rows
    ]  # fmt: skip
    return PaidVisits(items, total, rubles(net), rubles(paid))
