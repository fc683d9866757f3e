"""Bills: of one visit, and of all that a patient owes (VIS-7)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aggregates.money.allocation import ChargeKind
from readmodels.clinic.requisites import Requisites
from readmodels.money.patient_accounts import AccountVisit
from readmodels.scheduling.calendar import VisitItem
from readmodels.scheduling.visit_document import VisitDocument
from services.papers.layout import laid_out
from services.papers.visit import stated_lines

NOTHING = Decimal("0.00")
CALLED: dict[ChargeKind, str] = {"visit": "Визит", "sale": "Товары по накладной"}


def visit_bill(visit: VisitItem, document: VisitDocument, paid: Decimal | None, clinic: Requisites, state: str) -> str:
    """The HTML of a visit's bill, which has the visit's number. `paid`: None where the reader may not know it."""
    lines, total = stated_lines(visit, document)
    rows = [
        {"name": line.name, "unit": line.unit, "quantity": line.quantity, "price": line.price, "sum": line.sum} for line in lines
    ]
    return _bill(f"Счёт на оплату № {visit.number}", visit.starts_at.date(), clinic, visit.patient.name, rows, total, paid, state)


def debt_bill(patient: str, visits: Sequence[AccountVisit], day: date, clinic: Requisites) -> str:
    """The HTML of a bill of visits and sales that aren't paid whole, the first one first."""
    rows = [
        {
            "name": f"{CALLED[visit.kind]} № {visit.number} от {visit.starts_at:%d.%m.%Y}"
            + (f", {visit.doctor.name}" if visit.doctor else ""),
            "unit": "", "quantity": None, "price": None, "sum": visit.total,
        }
        for visit in visits
    ]  # fmt: skip
    total = sum((visit.total for visit in visits), NOTHING)
    paid = total - sum((visit.due for visit in visits), NOTHING)
    return _bill("Счёт на оплату задолженности", day, clinic, patient, rows, total, paid, "" if visits else "Долга нет")


def _bill(
    title: str,
    day: date,
    clinic: Requisites,
    payer: str,
    rows: Sequence[dict[str, Any]],
    total: Decimal,
    paid: Decimal | None,
    state: str,
) -> str:
    due = max(total - (paid or NOTHING), NOTHING)
    return laid_out(
        "bill.html", title=title, day=day, clinic=clinic, payer=payer, lines=rows, total=total, paid=paid, due=due, state=state,
        priced=any(row["price"] is not None for row in rows),
    )  # fmt: skip
