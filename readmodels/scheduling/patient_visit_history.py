"""The visits of a patient as the patient sees them, in the app and in the personal account (ONL-1).

Whatever shows patients their visits asks here: the clinic's setting «Товары в истории визитов пациента» is obeyed in this query
alone. Employees see goods always, by `visit_document.py`.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.clinic.clinic_settings import SETTINGS
from aggregates.money.discounts import Discount
from aggregates.scheduling.visit_lines import GoodsLine, Line, totals
from aggregates.scheduling.visit_status import Status
from readmodels.people import patients
from readmodels.people_names import FULL_NAME


class HistoryLine(msgspec.Struct, frozen=True, gc=False):
    """A service or goods. `sum`: with discounts, rubles."""

    name: str
    quantity: Decimal
    sum: Decimal


class HistoryVisit(msgspec.Struct, frozen=True, gc=False):
    """A visit. `goods`: None where the clinic doesn't show them. `total`: what the visit comes to, with goods in any case: it is
    what the patient pays.
    """

    id: UUID
    number: int
    starts_at: datetime
    doctor: str
    status: Status
    services: list[HistoryLine]
    goods: list[HistoryLine] | None
    total: Decimal


_VISITS = f"""SELECT c.visit_id, c.number, c.starts_at, {FULL_NAME.format("e")}, c.status, c.lines::text, c.goods::text,
    c.discount::text
  FROM calendar c LEFT JOIN employees e ON e.employee_id = c.doctor_id
  WHERE c.patient_id = ANY(%(cards)s) AND NOT c.deleted ORDER BY c.starts_at DESC, c.number DESC
  LIMIT %(size)s OFFSET %(skip)s"""
_LINES = msgspec.json.Decoder(tuple[Line, ...]).decode
_GOODS = msgspec.json.Decoder(tuple[GoodsLine, ...]).decode
_DISCOUNT = msgspec.json.Decoder(Discount | None).decode
_SETTING = "goods_in_history"


def of_patient(conn: Connection[Any], patient_id: UUID, *, page: int = 1, size: int = 50) -> list[HistoryVisit]:
    """One page of the person's visits, the latest first."""
    shown = shows_goods(conn)
    values = {"cards": patients.all_cards(conn, [patient_id]), "size": size, "skip": (page - 1) * size}
    return [_visit(row, with_goods=shown) for row in conn.execute(_VISITS, values).fetchall()]


def shows_goods(conn: Connection[Any]) -> bool:
    """Whether patients see the goods of their visits."""
    row = conn.execute("SELECT value = 'true'::jsonb FROM settings WHERE name = %s", (_SETTING,)).fetchone()
    return bool(SETTINGS[_SETTING].default) if row is None else bool(row[0])


def _visit(row: Any, *, with_goods: bool) -> HistoryVisit:
    visit_id, number, starts_at, doctor, status, lines, goods, discount = row
    services, sold = _LINES(lines), _GOODS(goods)
    amounts = totals(services, sold, _DISCOUNT(discount or "null"))
    of_services = [
        HistoryLine(line.name, Decimal(line.quantity), amount.net)
        for line, amount in zip(services, amounts.lines[: len(services)], strict=True)
    ]
    of_goods = [
        HistoryLine(line.name, line.quantity, amount.net)
        for line, amount in zip(sold, amounts.lines[len(services) :], strict=True)
    ]
    return HistoryVisit(visit_id, number, starts_at, doctor, status, of_services, of_goods if with_goods else None, amounts.net)
