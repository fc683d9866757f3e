"""The demonstration's pay: schemes of those who work, half-months accrued when they are over, and paid out two days later."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

from aggregates.catalogues import CashDesk, ServiceCategory
from aggregates.money.money_documents import MoneyOutgo
from aggregates.money.money_lines import MoneyLine
from aggregates.payroll.calculation import Scheme, Shift, Work, days_between, differences, due
from aggregates.payroll.pay_accrual import Calculation, PayAccrual
from aggregates.payroll.pay_lines import FROZEN, ExtraLine, PayLine
from aggregates.payroll.pay_scheme import PayScheme
from aggregates.payroll.pay_terms import PayRate, PayStep
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Visit
from commands.money import money_document
from commands.payroll import pay_accrual, pay_scheme
from projections.scheduling.performed_work import performed
from readmodels.scheduling.performed_work import VisitWorkRow
from services.demo.catalogues import Catalogues
from services.demo.people import SERVICES
from services.demo.timeline import OPENED_DAYS_AGO, Timeline

_SCHEMES: dict[str, dict[str, Any]] = {
    "orlova": {"service_percent": "28", "goods_percent": "5"},
    "belov": {"service_percent": "25", "comment": "Протезирование – отдельно"},
    "zaitsev": {"grid": "marginal"},
    "kravtsova": {"service_percent": "30", "guarantee": "60000"},
    "melnik": {"service_percent": "28"},
    "lebedeva": {"service_percent": "20", "shift": "1500"},
    "assistant1": {"monthly": "45000"},
    "assistant2": {"hour": "260"},
    "reception1": {"monthly": "52000"},
}
"""Key of a staff member → their scheme."""
_NEXT = {
    "reception1": {"monthly": "52000", "visit_acts": "either", "visit_sum": "30", "certificate_percent": "3", "acquiring": "2"},
}
"""From the half-month on that isn't accrued yet."""
_RATES = {"belov": ("Ортопедия", Decimal(22))}
_STEPS = [PayStep(Decimal(0), Decimal(20)), PayStep(Decimal(150_000), Decimal(25)), PayStep(Decimal(300_000), Decimal(30))]
_EXTRAS = {"assistant1": ExtraLine("bonus", Decimal(3_000), "За порядок на складе"), "melnik": ExtraLine("fine", Decimal(500))}
"""Of the first accrual."""


class Payroll:
    """Plans the schemes and what follows from them."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues) -> None:
        self._timeline, self._catalogues = timeline, catalogues
        self._accrued: dict[UUID, list[UUID]] = {}
        self._paid: set[UUID] = set()

    def plan(self) -> None:
        self._timeline.at(self._timeline.wall_clock(-OPENED_DAYS_AGO, "12:30"), self._arrange)
        for first, last in self._half_months():
            after = (last - self._timeline.today).days + 1
            self._timeline.at(self._timeline.wall_clock(after, "19:00"), partial(self._accrue_all, first, last))
            self._timeline.at(self._timeline.wall_clock(after + 2, "12:00"), partial(self._pay_all, after + 2))

    def _half_months(self) -> Iterator[tuple[date, date]]:
        yield from ((one, after - timedelta(days=1)) for one, after in pairwise(self._starts()))

    def _starts(self) -> list[date]:
        """Of half-months, the last one still under way."""
        opened = self._timeline.today - timedelta(days=OPENED_DAYS_AGO)
        return [day for day in days_between(opened, self._timeline.today) if day.day in {1, 16}]

    def _arrange(self, moment: datetime) -> None:
        opened = self._timeline.today - timedelta(days=OPENED_DAYS_AGO)
        for key, terms in _SCHEMES.items():
            rates = []
            if key in _RATES:
                category, percent = _RATES[key]
                rates.append(PayRate("category", self._catalogues.id(ServiceCategory, category), percent))
            card = {"employee_id": str(self._timeline.id(key)), "starts_on": opened.isoformat(), **terms}
            ctx = self._timeline.by_manager(moment, "create_pay_scheme")
            steps = _STEPS if "grid" in terms else []
            scheme_id = self._timeline.id("pay scheme", key)
            pay_scheme.create_pay_scheme(self._timeline.clinic, ctx, card, rates, steps, scheme_id=scheme_id)
        for key, terms in _NEXT.items():
            card = {"employee_id": str(self._timeline.id(key)), "starts_on": self._starts()[-1].isoformat(), **terms}
            ctx = self._timeline.by_manager(moment, "create_pay_scheme")
            scheme_id = self._timeline.id("next pay scheme", key)
            pay_scheme.create_pay_scheme(self._timeline.clinic, ctx, card, scheme_id=scheme_id)

    def _accrue_all(self, first: date, last: date, moment: datetime) -> None:
        works = self._works()
        for key in _SCHEMES:
            calculation = self._calculated(key, works.get(self._timeline.id(key), []), first, last)
            employee_id = self._timeline.id(key)
            extras = [_EXTRAS[key]] if key in _EXTRAS and not self._accrued.get(employee_id) else []
            if not calculation.lines and not extras:
                continue
            card = {
                "date": (last + timedelta(days=1)).isoformat(),
                "employee_id": str(employee_id),
                "first": first.isoformat(),
                "last": last.isoformat(),
            }
            ctx = self._timeline.by_manager(moment, "create_pay_accrual")
            accrual_id = self._timeline.id("pay accrual", key, first)
            pay_accrual.create_pay_accrual(self._timeline.clinic, ctx, card, extras, calculation, accrual_id=accrual_id)
            self._accrued.setdefault(employee_id, []).append(accrual_id)

    def _calculated(self, key: str, works: list[Work], first: date, last: date) -> Calculation:
        """As «Расчёт ЗП» would come to it, whose read models aren't there yet."""
        clinic, employee_id = self._timeline.clinic, self._timeline.id(key)
        scheme = clinic.load(PayScheme, self._timeline.id("pay scheme", key))
        accrued = list(clinic.load_each(PayAccrual, self._accrued.get(employee_id, [])).values())
        lines: list[PayLine] = [line for accrual in accrued for line in accrual.lines]
        days = {*days_between(first, last), *(day for accrual in accrued for day in days_between(*accrual.period))}
        hours = clinic.cached(Schedule, SCHEDULE_ID).hours
        shifts = (
            Shift(day, sum(interval.end - interval.start for interval in hours.hours_on(employee_id, day)))
            for day in days_between(first, last)
        )
        frozen = [line for line in lines if line.part in FROZEN]
        right = due([Scheme(scheme.id, scheme.starts_on, scheme.terms)], days, works, shifts, frozen)
        with clinic.write_lock():
            beside = clinic.pay_accounts.in_effect(employee_id)
        return Calculation(tuple(differences(right, lines, first, last)), beside)

    def _works(self) -> dict[UUID, list[Work]]:
        """Employee → what they did in visits completed by now."""
        categories = {
            self._timeline.id("service", name): self._catalogues.id(ServiceCategory, category) for name, category, *_ in SERVICES
        }
        found: dict[UUID, list[Work]] = {}
        visits = self._timeline.clinic.load_each(Visit, self._timeline.visits).values()
        for visit in sorted(visits, key=lambda one: (one.slot.starts_at, one.number)):
            names = {line.service_id: line.name for line in visit.lines} | {line.goods_id: line.name for line in visit.goods}
            for row in performed(_row_of(visit)):
                if row.employee_id is not None:
                    work = Work(
                        visit_id=visit.id,
                        number=visit.number,
                        day=row.starts_at.date(),
                        kind=row.kind,
                        item_id=row.item_id,
                        category_id=categories.get(row.item_id),
                        name=names[row.item_id],
                        gross=row.gross,
                        net=row.net,
                    )
                    found.setdefault(row.employee_id, []).append(work)
        return found

    def _pay_all(self, day: int, moment: datetime) -> None:
        """What was accrued last, by the bank; to one employee a part of it."""
        local = self._timeline.wall_clock(day, "12:00")
        for employee_id, accruals in self._accrued.items():
            accrual = self._timeline.clinic.load(PayAccrual, accruals[-1])
            part = Decimal("0.5") if employee_id == self._timeline.id("reception1") else Decimal(1)
            amount = (accrual.total * part).quantize(Decimal("0.01"))
            document_id = self._timeline.id("payout", accrual.id)
            if amount <= 0 or document_id in self._paid:
                continue
            self._paid.add(document_id)
            head = {
                "moment": local,
                "desk_id": self._catalogues.id(CashDesk, "Расчётный счёт"),
                "employee_id": employee_id,
                "accrual_id": accrual.id,
                "comment": "",
            }
            lines = [MoneyLine(article_id=self._timeline.id("article", "Зарплата"), sum=amount)]
            ctx = self._timeline.by_manager(moment, "create_money_document")
            money_document.create_money_document(self._timeline.clinic, ctx, MoneyOutgo, head, lines, document_id=document_id)


def _row_of(visit: Visit) -> VisitWorkRow:
    return VisitWorkRow(
        visit_id=visit.id,
        number=visit.number,
        patient_id=visit.patient_id,
        doctor_id=visit.slot.doctor_id,
        starts_at=visit.slot.starts_at,
        ends_at=visit.slot.ends_at,
        room=visit.room,
        status=visit.status,
        deleted=visit.deleted,
        lines=visit.lines,
        goods=visit.goods,
        discount=visit.discount,
    )
