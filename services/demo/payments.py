"""The demonstration's payments: most visits are paid when they are completed, by cash or by card; some stay debts. A few advances
and certificates beside them, so that every page has something to show.
"""

from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from aggregates.catalogues import CashDesk, Counterparty, first_entry_id
from aggregates.money.allocation import NOTHING
from aggregates.scheduling.visit import Visit
from commands.clinic.clinic_settings import change_settings
from commands.money import certificate, payment
from commands.money.paying import Part, Payer
from services.demo.catalogues import INSURER, Catalogues
from services.demo.invoices import Invoices
from services.demo.tax_certificates import TaxCertificates
from services.demo.timeline import CLOCK, Timeline

_LAST_PAID = time(20, 45)
"""Before the drawer is counted."""
_PAID, _BY_CARD, _IN_PART = 0.93, 0.65, 0.03
_INSURED = 20
"""Of so many visits one is paid by the insurer in part."""
_CHANGE = Decimal(500)
"""What is handed over in cash is a multiple of it."""


class Payments:
    """Plans the payments of visits as they are planned to be completed."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues) -> None:
        self._timeline, self._catalogues = timeline, catalogues
        self._rng = Random(f"{timeline.today}:payments")
        self._number = 0
        self._certificates = TaxCertificates(timeline)
        self._invoices = Invoices(timeline)

    def plan(self) -> None:
        """What isn't of a visit; the receipts of today's payments are printed."""
        self._certificates.plan()
        self._invoices.plan()
        self._timeline.at(self._timeline.wall_clock(-31, "09:00"), partial(self._set, {"certificates": True}))
        self._timeline.at(self._timeline.wall_clock(0, "07:00"), partial(self._set, {"fiscal_receipts": True}))
        for day, code, nominal in ((-30, "П-0001", 5_000), (-21, "П-0002", 10_000), (-4, "П-0003", 3_000)):
            local = self._timeline.wall_clock(day, "13:20")
            self._timeline.at(local, partial(self._sell, code, nominal, local))
        for day in (-18, -6):
            local = self._timeline.wall_clock(day, "12:10")
            self._timeline.at(local, partial(self._prepay, local))

    def plan_visit(self, visit_id: UUID, completed: datetime) -> None:
        """`completed`: when the visit is planned to be, by the wall clock."""
        paid_at = completed + timedelta(minutes=self._rng.randrange(4, 9))
        if self._rng.random() < _PAID and paid_at.time() < _LAST_PAID and paid_at.date() == completed.date():
            self._timeline.at(paid_at, partial(self._pay, visit_id, self._rng.random() < _BY_CARD, self._rng.random() < _IN_PART))

    def _pay(self, visit_id: UUID, by_card: bool, in_part: bool, moment: datetime) -> None:
        visit = self._timeline.clinic.load(Visit, visit_id)
        total = (visit.total / 2).quantize(Decimal(1)) if in_part else visit.total
        if visit.status != "completed" or total <= NOTHING:
            return
        if visit.number % _INSURED == 0 and not in_part:
            total -= self._insured(visit, total, moment)
        handed = None if by_card else (total / _CHANGE).to_integral_value(ROUND_CEILING) * _CHANGE
        part = Part(desk_id=self._desk(by_card=by_card), sum=total, handed=handed, payment_id=self._id())
        self._take(visit.patient_id, moment, part, {visit_id: total})
        self._certificates.note_paid(visit.patient_id, visit_id, moment, whole=total == visit.total)

    def _insured(self, visit: Visit, total: Decimal, moment: datetime) -> Decimal:
        """What the insurer owes for a visit."""
        share = (total * Decimal("0.6")).quantize(Decimal(1))
        payer = Payer(counterparty_id=self._catalogues.id(Counterparty, INSURER))
        part = Part(owed=True, sum=share, payment_id=self._id())
        ctx = self._timeline.by_receptionist(moment, "pay")
        payment.pay(self._timeline.clinic, ctx, visit.patient_id, _minute(moment), [part], visits={visit.id: share}, payer=payer)
        if part.payment_id is not None:
            self._invoices.note_owed(part.payment_id)
        return share

    def _set(self, values: dict[str, Any], moment: datetime) -> None:
        change_settings(self._timeline.clinic, self._timeline.by_manager(moment, "change_settings"), values)

    def _prepay(self, local: datetime, moment: datetime) -> None:
        del local
        if self._timeline.patients:
            part = Part(desk_id=self._desk(by_card=True), sum=Decimal(7_000), payment_id=self._id())
            self._take(self._rng.choice(self._timeline.patients), moment, part, {})

    def _take(self, patient_id: UUID, moment: datetime, part: Part, visits: dict[UUID, Decimal]) -> None:
        ctx, local = self._timeline.by_receptionist(moment, "pay"), _minute(moment)
        payment.pay(self._timeline.clinic, ctx, patient_id, local, [part], visits=visits, keeps_rest=not visits)

    def _sell(self, code: str, nominal: int, local: datetime, moment: datetime) -> None:
        card = {
            "code": code,
            "moment": local,
            "nominal": str(nominal),
            "price": str(nominal),
            "desk_id": str(self._desk(by_card=True)),
            "valid_until": str((local + timedelta(days=365)).date()),
        }
        ctx = self._timeline.by_receptionist(moment, "sell_certificate")
        certificate.sell_certificate(self._timeline.clinic, ctx, card, certificate_id=self._timeline.id("certificate", code))

    def _desk(self, *, by_card: bool) -> UUID:
        return self._catalogues.id(CashDesk, "Терминал") if by_card else first_entry_id(CashDesk, "Основная касса")

    def _id(self) -> UUID:
        self._number += 1
        return self._timeline.id("payment", self._number)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(CLOCK).replace(tzinfo=None, second=0, microsecond=0)
