"""The demonstration's invoices to the insurer: one of what it owed until then, and one of what it owed since."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from aggregates.money.invoice import InvoiceLine
from aggregates.money.payment import Payment
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from commands.money import invoice
from services.demo.timeline import CLOCK, Timeline

_DAYS = (-14, -1)


class Invoices:
    """Learns what the insurer owes."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._owed: list[UUID] = []

    def plan(self) -> None:
        for number, day in enumerate(_DAYS):
            self._timeline.at(self._timeline.wall_clock(day, "16:10"), partial(self._issue, number))

    def note_owed(self, payment_id: UUID) -> None:
        self._owed.append(payment_id)

    def _issue(self, number: int, moment: datetime) -> None:
        payments = [self._timeline.clinic.load(Payment, id_) for id_ in self._owed]
        lines = [self._line(payment, visit_id) for payment in payments for visit_id in payment.allocated]
        if not lines:
            return
        self._owed.clear()
        day = moment.astimezone(CLOCK).date()
        card = {
            "last": day.isoformat(),
            "issued_on": day.isoformat(),
            "act_on": day.isoformat(),
            "due_on": (day + timedelta(days=10)).isoformat(),
        }
        insurer = payments[0].counterparty_id
        assert insurer is not None  # noqa: S101  it owes them
        ctx = self._timeline.by_manager(moment, "issue_invoice")
        invoice.issue_invoice(
            self._timeline.clinic,
            ctx,
            insurer,
            card,
            lines,
            invoice_id=self._timeline.id("invoice", number),
        )

    def _line(self, payment: Payment, visit_id: UUID) -> InvoiceLine:
        visit = self._timeline.clinic.load(Visit, visit_id)
        patient = self._timeline.clinic.load(PatientCard, visit.patient_id)
        return InvoiceLine(
            payment_id=payment.id,
            visit_id=visit_id,
            visit_number=visit.number,
            day=visit.slot.starts_at.date(),
            patient_id=patient.id,
            patient=patient.name.full,
            card_number=patient.card_number,
            services="; ".join(line.name for line in visit.lines),
            sum=payment.allocated[visit_id],
        )
