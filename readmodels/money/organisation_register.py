"""What an organisation owes for patients in a period, visit by visit: the register beside its invoice (FIN-7)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.people_names import FULL_NAME
from readmodels.references import Ref


class RegisterItem(msgspec.Struct, frozen=True, gc=False):
    """What of a visit the organisation owes, less what was taken back. `moment`: of the payment; `services`: names with
    quantities. Patient and services are empty for those who open no cards of patients.
    """

    id: UUID
    payment_number: int
    moment: datetime
    visit_number: int
    starts_at: datetime
    patient: Ref | None
    card_number: str
    doctor: str
    services: str
    sum: Decimal


class Register(msgspec.Struct, frozen=True):
    """A page; `sum`: of all pages, in rubles."""

    items: list[RegisterItem]
    total: int
    sum: Decimal


OWED = """FROM payments p CROSS JOIN LATERAL (
    SELECT (a ->> 'visit_id')::uuid AS visit_id, sum((a ->> 'sum')::numeric) AS sum
    FROM jsonb_array_elements(p.allocations) AS a GROUP BY 1
  ) AS s JOIN calendar v ON v.visit_id = s.visit_id
  WHERE p.counterparty_id = %(party)s AND p.kind = 'payment' AND p.desk_id IS NULL AND p.certificate_id IS NULL AND NOT p.deleted
    AND s.sum <> 0 AND p.moment >= %(first)s AND p.moment < %(end)s"""
DESCRIBED = (
    "coalesce(k.patient_id, c.patient_id), coalesce(k.name, c.name, ''), coalesce(k.card_number, c.card_number, '')",
    """coalesce((SELECT string_agg(l ->> 'name' || CASE l ->> 'quantity' WHEN '1' THEN ''
      ELSE ' × ' || (l ->> 'quantity') END, '; ' ORDER BY n)
    FROM jsonb_array_elements(o.lines || o.goods) WITH ORDINALITY AS t(l, n)), '')""",
)
"""Of a visit `o`: whose it is (patients `c`, of a merged card `k`), and its services and goods with quantities."""


def of_period(
    conn: Connection[Any], counterparty_id: UUID, first: date | None, last: date, *, names: bool, page: int = 1, size: int = 50
) -> Register:
    """By the days of payments, in the order of visits. `names`: with patients and services."""
    values = {
        "party": counterparty_id, "first": first or date(1, 1, 1), "end": last + timedelta(days=1), "size": size,
        "skip": (page - 1) * size,
    }  # fmt: skip
    counted = conn.execute(f"SELECT count(*), coalesce(sum(s.sum), 0.00) {OWED}", values, prepare=False).fetchone() or (
        0,
        Decimal(0),
    )
    rows = conn.execute(
        f"""SELECT o.visit_id, o.payment_number, o.moment, o.number, o.starts_at, {DESCRIBED[0]},
            coalesce({FULL_NAME.format("e")}, ''), {DESCRIBED[1]}, o.sum
          FROM (SELECT v.visit_id, p.number AS payment_number, p.moment, v.number, v.starts_at, v.patient_id, v.doctor_id,
              v.lines, v.goods, s.sum {OWED} ORDER BY v.starts_at, v.number, p.number LIMIT %(size)s OFFSET %(skip)s) AS o
          LEFT JOIN patients c ON c.patient_id = o.patient_id LEFT JOIN patients k ON k.patient_id = c.merged_into
          LEFT JOIN employees e ON e.employee_id = o.doctor_id ORDER BY o.starts_at, o.number, o.payment_number""",
        values,
        prepare=False,
    ).fetchall()
    return Register([_item(row, names=names) for row in rows], counted[0], counted[1])


def _item(row: Any, *, names: bool) -> RegisterItem:
    visit_id, payment, moment, number, starts_at, patient_id, patient, card_number, doctor, services, amount = row
    who = Ref(patient_id, patient) if names and patient_id is not None else None
    return RegisterItem(
        visit_id, payment, moment, number, starts_at, who, card_number if names else "", doctor, services if names else "", amount
    )
