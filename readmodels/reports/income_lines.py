"""The rows that a figure of the income report counts: exactly those, and their sum is the figure."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.reports.charged_work import ROWS, Document
from readmodels.reports.income_choice import IncomeChoice, Sums


class IncomeLine(msgspec.Struct, frozen=True, gc=False):
    """A line of a completed visit, in rubles, or of goods that were sold without one or came back; of one performer the share.
    `visit_id`, `number`: of the `document`; `line`: its place, from 1.

    performers  names of all who did it. `share`: whether it is a part of a line that several did.
    """

    visit_id: UUID
    document: Document
    number: int
    line: int
    starts_at: datetime
    patient: Ref | None
    performers: str
    item: str
    quantity: Decimal
    sums: Sums
    share: bool


class IncomeLines(msgspec.Struct, frozen=True):
    """A page of them, the newest first. Of all: how many lines and visits, and their sums."""

    items: list[IncomeLine]
    total: int
    visits: int
    sums: Sums


def listing(conn: Connection[Any], choice: IncomeChoice, *, page: int = 1, size: int = 50) -> IncomeLines:
    """The rows behind a figure."""
    condition, values = choice.condition("w")
    gross, net = choice.sums
    values |= {"size": size, "skip": (page - 1) * size}
    total, visits, all_gross, all_net = conn.execute(
        f"""SELECT count(*), count(DISTINCT w.visit_id) FILTER (WHERE w.document = 'visit'),
            coalesce(sum(w.{gross}), 0), coalesce(sum(w.{net}), 0)
          FROM {ROWS} w WHERE {condition}""",
        values,
        prepare=False,
    ).fetchone() or (0, 0, 0, 0)
    rows = conn.execute(
        f"""WITH shown AS (SELECT w.* FROM {ROWS} w WHERE {condition}
            ORDER BY w.starts_at DESC, w.number DESC, w.line LIMIT %(size)s OFFSET %(skip)s)
          SELECT w.visit_id, w.document, w.number, w.line + 1, w.starts_at,
            coalesce(s.patient_id, w.patient_id), coalesce(s.name, o.name, ''),
            (SELECT string_agg(coalesce(nullif({FULL_NAME.format("e")}, ''), 'без исполнителя'), ', ' ORDER BY p.performer)
              FROM performed_work p LEFT JOIN employees e ON e.employee_id = p.employee_id
              WHERE p.visit_id = w.visit_id AND p.line = w.line),
            coalesce(v.name, g.name, ''), w.quantity, w.{gross}, w.{net}, w.net <> w.line_net
          FROM shown w LEFT JOIN patients o ON o.patient_id = w.patient_id LEFT JOIN patients s ON s.patient_id = o.merged_into
            LEFT JOIN services v ON v.service_id = w.item_id LEFT JOIN catalogue g ON g.entry_id = w.item_id
          ORDER BY w.starts_at DESC, w.number DESC, w.line""",
        values,
        prepare=False,
    ).fetchall()
    items = [
        IncomeLine(  # type: ignore[call-arg]  # as selected
            *found, None if patient_id is None else Ref(patient_id, patient), performers or "", item, quantity,
            Sums.of(one_gross, one_net), bool(choice.employee) and share,
        )
        for *found, patient_id, patient, performers, item, quantity, one_gross, one_net, share in rows
    ]  # fmt: skip
    return IncomeLines(items, total, visits, Sums.of(all_gross, all_net))
