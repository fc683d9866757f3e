"""Histories of a clinic: every command there is, in any order, carried out by the real handlers. Some are refused by a rule;
what happened is in the log all the same.

A history is a list of steps, each a command's name and a seed for its parameters: hypothesis shortens the list to the few
steps that matter. Ids follow from the order of steps, so that one history gives one log.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from inspect import getmembers, isfunction, unwrap
from itertools import cycle, islice
from pkgutil import walk_packages
from random import Random
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st
from msgspec.structs import replace

import commands
from aggregates.access.rights import PREDEFINED_SETS, RIGHTS
from aggregates.access.user_access import access_id_of
from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES, FIRST_ENTRIES, CashDesk, Counterparty, first_entry_id
from aggregates.fields import Field
from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.money.article import Article
from aggregates.money.discounts import Discount
from aggregates.money.fiscal_receipt import FiscalReceipt, PrintedSigns, receipt_id
from aggregates.money.invoice import Invoice, InvoiceLine
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome, MoneyOutgo
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.money.payment import Payment
from aggregates.money.tax_certificate import Sums
from aggregates.payroll.pay_accrual import Calculation, PayAccrual
from aggregates.payroll.pay_lines import Extra, ExtraLine, PayLine
from aggregates.payroll.pay_terms import PayRate, PayStep
from aggregates.people.patient import PatientCard
from aggregates.scheduling.hours import DEFAULT_WEEK, Day, Interval, Week, every_day
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot, Visit
from aggregates.scheduling.visit_lines import MaterialLine, Performer
from aggregates.scheduling.visit_status import STATUSES
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, GoodsIssue, StockReceipt
from commands import catalogue
from commands.access import rights_set, user_access
from commands.clinic import clinic_settings, service
from commands.clinic import opening as clinic
from commands.context import Context
from commands.money import (
    article,
    certificate,
    desk_days,
    fiscal_receipt,
    invoice,
    money_document,
    paying,
    payment,
    sale_money,
    tax_certificate,
)
from commands.payroll import pay_accrual, pay_scheme
from commands.people import employee, patient_paper
from commands.people import patient as patient_commands
from commands.ports.clinic import Clinic
from commands.registry import AGGREGATES
from commands.scheduling import schedule, visit, visit_file, visit_lines
from commands.scheduling.visit_lines import RequestedGoods
from commands.selling import sale, sale_return
from commands.stock import document
from commands.stock.document import RequestedLine
from commands.stock.minimum import set_minimum
from tests.aggregates.scenario import NOW, at, named

Step = tuple[str, int]
ADMINISTRATOR = named("administrator")
FAMILIES = ("Иванов", "Ёлкина", "Smith", "О’Хара", "Салтыков-Щедрин", "=1+1", "")
GIVEN = ("Пётр", "Анна", "😀", "", "Мария-Луиза")
TEXTS = ("", "аллергия\nна лидокаин", 'кавычки " и \\ черта', "50 % _", "\u00a0край\u00a0", "ж" * 300)
PHONES = ("", "8 916 123-45-67", "+79035551133", "9161234567")
HOURS = ((), (Interval(540, 1260),), (Interval(540, 780), Interval(840, 1080)), (Interval(1200, 1920),), (Interval(0, 1440),))
FIRST = at(NOW.date(), "00:00")


SIGNS = PrintedSigns(
    register_number="1", storage_number="2", document_number=3, sign="4", shift_number=5, number_in_shift=6, printed_at=FIRST
)


class History:
    """One clinic as it goes through its steps."""

    def __init__(self, clinic_port: Clinic) -> None:
        self._clinic = clinic_port
        self._now = NOW
        self._made = 0
        self.accepted = 0
        self.refused: list[DomainError] = []
        self.employees = [ADMINISTRATOR]
        self.patients: list[UUID] = []
        self.papers: list[UUID] = []
        self.services: list[UUID] = []
        self.articles: list[UUID] = []
        self.pay_schemes: list[UUID] = []
        self.visits: list[UUID] = []
        self.visit_files: list[UUID] = []
        self.entries: dict[str, list[UUID]] = {kind.TOPIC: [] for kind in CATALOGUES}
        for kind, called in FIRST_ENTRIES:
            self.entries[kind.TOPIC].append(first_entry_id(kind, called))
        self.documents: dict[str, list[UUID]] = {kind.TOPIC: [] for kind in STOCK_DOCUMENTS}
        self.documents |= {kind.TOPIC: [] for kind in (*MONEY_DOCUMENTS, PayAccrual)}
        self.payments: list[UUID] = []
        self.refunds: list[UUID] = []
        self.certificates: list[UUID] = []
        self.tax_certificates: list[UUID] = []
        self.invoices: list[UUID] = []
        self.rights_sets = [predefined.id for predefined in PREDEFINED_SETS]
        self._do(
            clinic.open_clinic,
            name="Улыбка",
            region="77",
            administrator={"family_name": "Белова", "given_name": "Ольга", "takes_visits": True},
            email="admin@example.com",
            password_hash="x",
            administrator_id=ADMINISTRATOR,
        )

    def run(self, steps: Sequence[Step]) -> None:
        for name, seed in steps:
            STEPS[name](self, Random(seed))

    def version(self) -> int:
        return self._clinic.load(Schedule, SCHEDULE_ID).version

    def _do(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Carry out a command a minute after the one before; whether it was accepted."""
        self._now += timedelta(minutes=1)
        known = self._made % 3
        ctx = Context(
            now=self._now,
            command=command.__name__,
            user_id=access_id_of(ADMINISTRATOR) if known else None,
            employee_id=ADMINISTRATOR if known else None,
            address=("", "10.0.0.7", "2001:db8::1")[known],
        )
        try:
            command(self._clinic, ctx, *args, **kwargs)
        except DomainError as refused:
            self.refused.append(refused)
            return False
        self.accepted += 1
        return True

    def _new_id(self) -> UUID:
        self._made += 1
        return uuid5(ADMINISTRATOR, str(self._made))

    # one method for each command

    def hire(self, r: Random) -> None:
        new = self._new_id()
        card = {**_person(r), "position": r.choice(("", "Терапевт", "Хирург")), "takes_visits": r.random() < 0.8}
        if self._do(employee.hire, {**card, "email": r.choice(("", "a@b.ru")), **self._record(r)}, employee_id=new):
            self.employees.append(new)

    def change_employee(self, r: Random) -> None:
        fields = {**_person(r), "position": r.choice(("Ортодонт", "")), "color": r.choice(("", "#2f6fdd"))}
        fields["takes_visits"] = r.random() < 0.8
        self._do(employee.change_card, r.choice(self.employees), _some(r, {**fields, **self._record(r)}))

    def _record(self, r: Random) -> dict[str, Any]:
        """Some choose a number that another has, or a position that is deleted, and are refused."""
        return {
            "position_id": r.choice((None, None, None, *self.entries["position"][-1:])),
            "warehouse_id": r.choice((None, *self.entries["warehouse"][:1])),
            "internal_number": r.choice(("", "", "", str(r.randrange(30)))),
            "snils": r.choice(("", "112-233-445 95")),
            "birth_date": r.choice(("", "1985")),
            "other_phones": r.choice(PHONES),
            "show_calls": r.random() < 0.5,
            "comment": r.choice(TEXTS),
        }

    def change_employees_photo(self, r: Random) -> None:
        photo = r.choice((None, StoredFile(f"{r.randrange(3)}" * 64, 1000, "image/jpeg")))
        self._do(employee.change_photo, r.choice(self.employees), photo)

    def delete_employee(self, r: Random) -> None:
        self._do(employee.delete_employee, r.choice(self.employees))

    def return_employee(self, r: Random) -> None:
        self._do(employee.return_employee, r.choice(self.employees))

    def create_patient(self, r: Random) -> None:
        new = self._new_id()
        card = {
            "card_number": r.choice(("", "", f"A-{r.randrange(20)}")),
            "birth_date": r.choice(("", "1999", "1999-01-15", "--02-29")),
        }
        card |= {"comment": r.choice(TEXTS), **self._patient_refers(r)}
        if self._do(patient_commands.create_card, {**_person(r), **card}, patient_id=new):
            self.patients.append(new)

    def change_patient(self, r: Random) -> None:
        fields = {
            **_person(r),
            "sex": r.choice(("", "male", "female")),
            "birth_date": r.choice(("", "1980-05")),
            "comment": r.choice(TEXTS),
            "city": r.choice(("", "Тверь")),
            "snils": r.choice(("", "11223344595")),
            "representative_phone": r.choice(PHONES),
            **self._patient_refers(r),
        }
        self._on(self.patients, r, patient_commands.change_card, _some(r, fields))

    def _patient_refers(self, r: Random) -> dict[str, Any]:
        """Some refer to what was deleted, and are refused."""
        categories = self.entries["patient_category"]
        return {
            "source_id": r.choice((None, None, *self.entries["source"][-1:])),
            "categories": r.sample(categories, min(len(categories), r.randrange(3))),
        }

    def merge_cards(self, r: Random) -> None:
        if self.patients:
            self._do(patient_commands.merge_cards, r.choice(self.patients), r.choice(self.patients))

    def unmerge_cards(self, r: Random) -> None:
        for part in self.patients:
            survivor_id = self._clinic.load(PatientCard, part).merged_into
            if survivor_id is not None:
                if self._clinic.load(PatientCard, survivor_id).deleted:
                    self._do(patient_commands.return_card, survivor_id, new_number=True)
                self._do(patient_commands.unmerge_cards, survivor_id, part)
                return

    def change_photo(self, r: Random) -> None:
        photo = r.choice((None, StoredFile(f"{r.randrange(3)}" * 64, 1000, "image/jpeg")))
        self._on(self.patients, r, patient_commands.change_photo, photo)

    def accept_by_registry(self, r: Random) -> None:
        self._on(self.patients, r, _accept, r.choice(("", "1980-05", "1999")))

    def delete_card(self, r: Random) -> None:
        self._on(self.patients, r, patient_commands.delete_card)

    def return_card(self, r: Random) -> None:
        self._on(self.patients, r, patient_commands.return_card, new_number=r.random() < 0.5)

    def make_paper(self, r: Random) -> None:
        if self.patients and (templates := self.entries["paper_template"]):
            file, new_id = StoredFile(f"{r.randrange(3)}" * 64, 20_000, "application/pdf"), self._new_id()
            visit_id = r.choice((None, *self.visits))
            patient_id = r.choice(self.patients) if visit_id is None else self._clinic.load(Visit, visit_id).patient_id
            made = (patient_id, r.choice(templates), 1, visit_id, file)
            if self._do(patient_paper.make_paper, *made, paper_id=new_id):
                self.papers.append(new_id)

    def delete_paper(self, r: Random) -> None:
        self._on(self.papers, r, patient_paper.delete_paper)

    def return_paper(self, r: Random) -> None:
        self._on(self.papers, r, patient_paper.return_paper)

    def attach_file(self, r: Random) -> None:
        if self.visits:
            file = StoredFile(f"{r.randrange(3)}" * 64, 20_000, r.choice(("image/jpeg", "application/pdf")))
            preview = StoredFile("9" * 64, 900, "image/jpeg") if file.media == "image/jpeg" else None
            new_id, name = self._new_id(), r.choice(("Снимок 36.jpg", "план.pdf", "", "scan.html"))
            if self._do(visit_file.attach_file, r.choice(self.visits), name, file, preview, file_id=new_id):
                self.visit_files.append(new_id)

    def change_file(self, r: Random) -> None:
        fields = {"name": r.choice(("КЛКТ", "До лечения.jpg")), "caption": r.choice(("", "До лечения", "ж" * 300))}
        self._on(self.visit_files, r, visit_file.change_file, _some(r, fields))

    def delete_file(self, r: Random) -> None:
        self._on(self.visit_files, r, visit_file.delete_file)

    def return_file(self, r: Random) -> None:
        self._on(self.visit_files, r, visit_file.return_file)

    def create_service(self, r: Random) -> None:
        new = self._new_id()
        card = {"name": f"Услуга {self._made}", "price": r.choice(("0", "1500.50")), "duration": 30, **self._service_refers(r)}
        if self._do(service.create_service, card, service_id=new):
            self.services.append(new)

    def change_service(self, r: Random) -> None:
        fields = {"name": r.choice(("Осмотр", "Чистка")), "price": r.choice(("99999.99", "10")), "duration": r.choice((20, 60))}
        self._on(self.services, r, service.change_service, _some(r, fields))
        for field, value in self._service_refers(r).items():
            self._on(self.services, r, service.change_service, {field: value})

    def _service_refers(self, r: Random) -> dict[str, Any]:
        """Some refer to what was deleted, or to somebody who takes no visits, and are refused."""
        return {
            "category_id": r.choice((None, None, *self.entries["service_category"][-1:])),
            "unit_id": r.choice((None, None, *self.entries["unit"][:1])),
            "online": r.random() < 0.5,
            "doctors": r.sample(self.employees, r.randrange(2)),
            "norms": {
                goods: r.choice(("1", "0,25")) for goods in r.sample(self.entries["goods"], min(1, len(self.entries["goods"])))
            },
        }

    def change_given_services(self, r: Random) -> None:
        """Some of a person who takes no visits, and are refused."""
        if self.employees and self.services:
            services = r.sample(self.services, min(len(self.services), 3))
            changes = {"give": services[:2], "stop": services[2:], "everybody": self.employees}
            self._do(service.change_given_services, r.choice(self.employees), **changes)

    def delete_service(self, r: Random) -> None:
        self._on(self.services, r, service.delete_service)

    def return_service(self, r: Random) -> None:
        self._on(self.services, r, service.return_service)

    def create_article(self, r: Random) -> None:
        new = self._new_id()
        if self._do(article.create_article, {"direction": r.choice(("income", "outgo")), **self._article(r)}, article_id=new):
            self.articles.append(new)

    def change_article(self, r: Random) -> None:
        self._on(self.articles, r, article.change_article, _some(r, self._article(r)))

    def _article(self, r: Random) -> dict[str, Any]:
        """Some have a name that is taken, or a group that is none, and are refused."""
        return {
            "name": r.choice((f"Статья {self._made}", "Аренда", "аренда ", "Ёлка")),
            "group_id": r.choice((None, None, None, *self.articles[:4])),
            "comment": r.choice(TEXTS),
        }

    def delete_article(self, r: Random) -> None:
        self._on(self.articles, r, article.delete_article)

    def return_article(self, r: Random) -> None:
        self._on(self.articles, r, article.return_article)

    def create_entry(self, r: Random) -> None:
        for kind in r.sample(CATALOGUES, 4):
            new = self._new_id()
            if self._do(catalogue.create_entry, kind, self._entry_card(kind, r), entry_id=new):
                self.entries[kind.TOPIC].append(new)

    def change_entry(self, r: Random) -> None:
        for kind in CATALOGUES:
            self._on_entry(kind, r, catalogue.change_entry, _some(r, self._entry_card(kind, r)))

    def delete_entry(self, r: Random) -> None:
        for kind in r.sample(CATALOGUES, 6):
            self._on_entry(kind, r, catalogue.delete_entry)

    def return_entry(self, r: Random) -> None:
        for kind in CATALOGUES:
            self._on_entry(kind, r, catalogue.return_entry)

    def create_document(self, r: Random) -> None:
        for kind in STOCK_DOCUMENTS:
            new, post = self._new_id(), r.random() < 0.5
            head = self._head(kind, r)
            if self._do(document.create_document, kind, head, self._moved(kind, r, head), post=post, document_id=new):
                self.documents[kind.TOPIC].append(new)

    def change_document(self, r: Random) -> None:
        for kind in STOCK_DOCUMENTS:
            head = self._head(kind, r)
            lines = self._moved(kind, r, head) if r.random() < 0.7 else None
            self._on_document(kind, r, document.change_document, _some(r, head), lines)

    def post_document(self, r: Random) -> None:
        for kind in STOCK_DOCUMENTS:
            self._on_document(kind, r, document.post_document)

    def unpost_document(self, r: Random) -> None:
        for kind in r.sample(STOCK_DOCUMENTS, 6):
            self._on_document(kind, r, document.unpost_document)

    def delete_document(self, r: Random) -> None:
        for kind in r.sample(STOCK_DOCUMENTS, 3):
            self._on_document(kind, r, document.delete_document)

    def return_document(self, r: Random) -> None:
        for kind in STOCK_DOCUMENTS:
            self._on_document(kind, r, document.return_document)

    def set_minimum(self, r: Random) -> None:
        if (goods := self.entries["goods"]) and (warehouses := self.entries["warehouse"]):
            self._do(set_minimum, r.choice(goods), r.choice(warehouses), Decimal(r.choice(("0", "2.5", "10"))))

    def create_money_document(self, r: Random) -> None:
        for kind in MONEY_DOCUMENTS:
            new, head = self._new_id(), self._money_head(kind, r)
            parts = self._sums(kind, r), self._payments(kind, r, head)
            if self._do(money_document.create_money_document, kind, head, *parts, document_id=new):
                self.documents[kind.TOPIC].append(new)

    def change_money_document(self, r: Random) -> None:
        for kind in MONEY_DOCUMENTS:
            head = self._money_head(kind, r)
            parts = r.choice((None, self._sums(kind, r))), r.choice((None, [], self._payments(kind, r, head)))
            self._on_document(kind, r, money_document.change_money_document, _some(r, head), *parts)

    def delete_money_document(self, r: Random) -> None:
        for kind in r.sample(MONEY_DOCUMENTS, 2):
            self._on_document(kind, r, money_document.delete_money_document)

    def return_money_document(self, r: Random) -> None:
        for kind in MONEY_DOCUMENTS:
            self._on_document(kind, r, money_document.return_money_document)

    def create_pay_scheme(self, r: Random) -> None:
        new, rates, steps = self._new_id(), self._rates(r), self._grid_steps(r)
        card = {
            "employee_id": r.choice(self.employees),
            **self._scheme(r),
            "grid": r.choice(("marginal", "whole")) if steps else "",
        }
        if self._do(pay_scheme.create_pay_scheme, card, rates, steps, scheme_id=new):
            self.pay_schemes.append(new)

    def change_pay_scheme(self, r: Random) -> None:
        parts = r.choice((None, self._rates(r))), r.choice((None, self._grid_steps(r)))
        self._on(self.pay_schemes, r, pay_scheme.change_pay_scheme, _some(r, self._scheme(r)), *parts)

    def delete_pay_scheme(self, r: Random) -> None:
        self._on(self.pay_schemes, r, pay_scheme.delete_pay_scheme)

    def return_pay_scheme(self, r: Random) -> None:
        self._on(self.pay_schemes, r, pay_scheme.return_pay_scheme)

    def _scheme(self, r: Random) -> dict[str, Any]:
        """Some with a percentage beside a grid, and are refused."""
        return {
            "starts_on": r.choice(("2026-11-01", "2026-11-16", "2026-12-01")),
            "base": r.choice(("done", "paid")),
            "price": r.choice(("net", "gross")),
            "minus_materials": r.random() < 0.5,
            "service_percent": r.choice(("0", "0", "12.5")),
            "monthly": r.choice(("0", "50000")),
            "ends_on": r.choice(("", "2026-12-31")),
            **r.choice(({}, {"visit_acts": "either", "visit_percent": "1"}, {"certificate_percent": "5", "acquiring": "2"})),
            "comment": r.choice(TEXTS),
        }

    def _rates(self, r: Random) -> list[PayRate]:
        chosen = r.sample(self.services, min(len(self.services), r.randrange(2)))
        return [PayRate("service", id_, Decimal(r.choice(("5", "33.33")))) for id_ in chosen]

    def _grid_steps(self, r: Random) -> list[PayStep]:
        return [PayStep(Decimal(0), Decimal(25)), PayStep(Decimal(300000), Decimal(30))] if r.random() < 0.3 else []

    def create_pay_accrual(self, r: Random) -> None:
        new, card = self._new_id(), {"employee_id": r.choice(self.employees), **self._accrual(r)}
        calculation = r.choice((None, self._calculation(r, card["employee_id"])))
        if self._do(pay_accrual.create_pay_accrual, card, self._extra_lines(r), calculation, accrual_id=new):
            self.documents[PayAccrual.TOPIC].append(new)

    def change_pay_accrual(self, r: Random) -> None:
        fields, extras = _some(r, self._accrual(r)), r.choice((None, self._extra_lines(r)))
        self._on(self.documents[PayAccrual.TOPIC], r, pay_accrual.change_pay_accrual, fields, extras)

    def post_pay_accrual(self, r: Random) -> None:
        """Some beside others than those by which it was calculated, and are refused."""
        for id_ in r.sample(known := self.documents[PayAccrual.TOPIC], min(len(known), 3)):
            employee_id = self._clinic.load(PayAccrual, id_).employee_id
            self._do(pay_accrual.post_pay_accrual, id_, self._calculation(r, employee_id))

    def unpost_pay_accrual(self, r: Random) -> None:
        self._on(self.documents[PayAccrual.TOPIC], r, pay_accrual.unpost_pay_accrual)

    def delete_pay_accrual(self, r: Random) -> None:
        self._on(self.documents[PayAccrual.TOPIC], r, pay_accrual.delete_pay_accrual)

    def return_pay_accrual(self, r: Random) -> None:
        self._on(self.documents[PayAccrual.TOPIC], r, pay_accrual.return_pay_accrual)

    def pay_out(self, r: Random) -> None:
        """By an outgo that names its accrual; some of a draft, and are refused."""
        if known := self.documents[PayAccrual.TOPIC]:
            new, accrual = self._new_id(), self._clinic.load(PayAccrual, r.choice(known))
            head = self._money_head(MoneyOutgo, r) | {"counterparty_id": None, "employee_id": accrual.employee_id}
            lines = self._sums(MoneyOutgo, r)
            command, head = money_document.create_money_document, {**head, "accrual_id": accrual.id}
            if self._do(command, MoneyOutgo, head, lines, document_id=new):
                self.documents[MoneyOutgo.TOPIC].append(new)

    def _accrual(self, r: Random) -> dict[str, Any]:
        """Some end before they begin, and are refused."""
        first, last = r.choice((("2026-11-01", "2026-11-15"), ("2026-11-01", "2026-11-30"), ("2026-11-16", "2026-11-15")))
        return {"date": r.choice(("2026-11-30", "2026-12-05")), "first": first, "last": last, "comment": r.choice(TEXTS)}

    def _extra_lines(self, r: Random) -> list[ExtraLine]:
        kinds: tuple[Extra, ...] = ("bonus", "fine", "advance")
        return [
            ExtraLine(r.choice(kinds), Decimal(r.choice(("0.01", "1000"))), r.choice(TEXTS[:1])) for _ in range(r.randrange(3))
        ]

    def _calculation(self, r: Random, employee_id: UUID) -> Calculation:
        lines = tuple(
            PayLine(key=f"2026-11/service/{nth}", part="service", day=date(2026, 11, 5), sum=Decimal("1234.50"), name=TEXTS[0])
            for nth in range(r.randrange(3))
        )
        with self._clinic.write_lock():
            beside = self._clinic.pay_accounts.in_effect(employee_id)
        return Calculation(lines, beside if r.random() < 0.9 else frozenset([employee_id]))

    def close_day(self, r: Random) -> None:
        """Early days, so that documents go on; most with a difference, and some of these booked."""
        article_id = r.choice((None, *self.articles))
        args = r.choice(self.entries["cash_desk"]), _day(r).date() - timedelta(days=7), Decimal(r.choice(("0", "10.50", "1000")))
        self._do(desk_days.close_day, *args, reason="пересчитали", article_id=article_id, document_id=self._new_id())

    def reopen_day(self, r: Random) -> None:
        for desk_id in self.entries["cash_desk"]:
            if last := money_document.cached_desk_days(self._clinic, desk_id).last:
                self._do(desk_days.reopen_day, desk_id, last, r.choice(("ошибка", "ошибка", "")))

    def pay(self, r: Random) -> None:
        """By cash or a certificate, for a visit of the patient or as prepayment; sometimes by an earlier one."""
        visits = [self._clinic.load(Visit, id_) for id_ in self.visits]
        if not (visits := [visit for visit in visits if visit.total and not visit.deleted] or visits):
            return
        visit, certificate = r.choice(visits), r.choice((None, *self.certificates[-2:]))
        where = {"certificate_id": certificate} if certificate else {"desk_id": r.choice(self.entries[CashDesk.TOPIC])}
        part = paying.Part(sum=Decimal(r.choice((100, 250, 1000))), payment_id=self._new_id(), **where)
        shares = {} if r.random() < 0.5 else {visit.id: min(part.sum, visit.total) or part.sum}
        earlier = {r.choice(self.payments): part.sum} if self.payments and r.random() < 0.5 else {}
        parts = [] if earlier else [part]
        done = self._do(
            payment.pay, visit.patient_id, _day(r), parts, visits=shares, prepayments=earlier, keeps_rest=r.random() < 0.8
        )
        if done and part.payment_id and parts:
            self.payments.append(part.payment_id)

    def owe(self, r: Random) -> None:
        """An organisation owes what a visit costs."""
        visits = [self._clinic.load(Visit, id_) for id_ in self.visits]
        visits = [visit for visit in visits if visit.total and not visit.deleted]
        if not visits or not (parties := self.entries[Counterparty.TOPIC]):
            return
        visit, payer = r.choice(visits), payment.Payer(counterparty_id=r.choice(parties))
        with self._clinic.write_lock():
            due = visit.total - sum(self._clinic.payments.of_visit(visit.id).values(), Decimal(0))
        part = payment.Part(sum=due, owed=True, payment_id=self._new_id())
        if self._do(payment.pay, visit.patient_id, _day(r), [part], visits={visit.id: due}, payer=payer) and part.payment_id:
            self.payments.append(part.payment_id)

    def issue_invoice(self, r: Random) -> None:
        """Of what an organisation owes; some of what is billed already, and are refused."""
        owed = [one for one in (self._clinic.load(Payment, id_) for id_ in self.payments) if one.owed and one.allocated]
        if not owed:
            return
        new, first = self._new_id(), r.choice(owed)
        lines = [
            InvoiceLine(
                payment_id=one.id, visit_id=visit_id, visit_number=1, day=date(2026, 11, 5), patient_id=one.patient_id,
                patient=TEXTS[0], card_number="1", services=TEXTS[0], sum=amount,
            )
            for one in owed if one.counterparty_id == first.counterparty_id
            for visit_id, amount in one.allocated.items()
        ]  # fmt: skip
        card = {"first": r.choice((None, "2026-11-01")), "last": "2026-11-30", "issued_on": "2026-12-01", "act_on": "2026-11-30"}
        card |= {"due_on": r.choice((None, "2026-12-10")), "comment": r.choice(TEXTS)}
        args = first.counterparty_id, card, r.sample(lines, min(len(lines), r.randint(1, 2)))
        if self._do(invoice.issue_invoice, *args, invoice_id=new):
            self.invoices.append(new)

    def get_paid(self, r: Random) -> None:
        """An income that pays an invoice, sometimes too much of it."""
        if self.invoices:
            new, bill = self._new_id(), self._clinic.load(Invoice, r.choice(self.invoices))
            head = self._money_head(MoneyIncome, r) | {"patient_id": None, "counterparty_id": bill.counterparty_id}
            lines = self._sums(MoneyIncome, r)
            total = sum((line.sum for line in lines), Decimal(0))
            pays = [ReceiptPayment(receipt_id=bill.id, sum=min(total, bill.total))] if total else []
            if self._do(money_document.create_money_document, MoneyIncome, head, lines, pays, document_id=new):
                self.documents[MoneyIncome.TOPIC].append(new)

    def annul_invoice(self, r: Random) -> None:
        self._on(self.invoices, r, invoice.annul_invoice)

    def return_invoice(self, r: Random) -> None:
        self._on(self.invoices, r, invoice.return_invoice)

    def release_visit(self, r: Random) -> None:
        paid = [visit_id for id_ in self.payments for visit_id in self._clinic.load(Payment, id_).allocated]
        if visits := paid or self.visits:
            self._do(payment.release_visit, r.choice(visits), _day(r))

    def refund(self, r: Random) -> None:
        new = self._new_id()
        if self.payments:
            desk_id = r.choice(self.entries[CashDesk.TOPIC])
            moment = FIRST + timedelta(days=11)
            if self._do(payment.refund, r.choice(self.payments), moment, Decimal(50), desk_id=desk_id, refund_id=new):
                self.refunds.append(new)

    def sell(self, r: Random) -> None:
        """To a patient, who may owe, or to somebody who pays whole or is refused."""
        new, patient = self._new_id(), r.choice([None, *self.patients])
        if not (known := self.entries["goods"]) or not self.entries["warehouse"]:
            return
        goods = [
            RequestedGoods(r.choice(known), Decimal(r.choice(("1", "2"))), price=Decimal(r.choice(("100", "35.5"))))
            for _ in range(r.randrange(1, 3))
        ]
        total = sum((one.price * one.quantity for one in goods if one.price is not None), Decimal(0))
        paid = total if patient is None else total * r.choice((0, 0, 1)) or Decimal(10)
        part = paying.Part(sum=paid, desk_id=r.choice(self.entries[CashDesk.TOPIC]), payment_id=self._new_id())
        asked = paying.Asked(moment := _day(r), [part] if r.random() < 0.8 or patient is None else [])
        warehouse = r.choice(self.entries["warehouse"])
        if self._do(sale.sell, moment, goods, asked, warehouse_id=warehouse, patient_id=patient, issue_id=new):
            self.documents["goods_issue"].append(new)
            self.payments += [part.payment_id] if asked.parts and part.payment_id else []

    def take_back(self, r: Random) -> None:
        """Some of what was sold; the money stays as prepayment, or goes back whole."""
        new = self._new_id()
        if not (sold := self.documents["goods_issue"]):
            return
        issue = self._clinic.load(GoodsIssue, r.choice(sold))
        goods = [sale_return.Back(line.goods_id, Decimal(1)) for line in issue.lines[:1]]
        with self._clinic.write_lock():
            shares = dict(self._clinic.payments.of_visit(issue.id))
        desks = {id_: self._clinic.load(Payment, id_).till.desk_id for id_ in shares}
        one = issue.lines[0].sum / issue.lines[0].quantity if issue.lines and issue.lines[0].sum else Decimal(0)
        refunds = [sale_return.MoneyBack(id_, min(share, one), desks[id_]) for id_, share in [*shares.items()][:1]]
        if self._do(
            sale_return.take_back, issue.id, issue.moment + timedelta(days=1), goods, r.choice((refunds, [])), return_id=new
        ):
            self.documents["customer_return"].append(new)

    def release_sale(self, r: Random) -> None:
        if sold := self.documents["goods_issue"]:
            self._do(sale_money.release_sale, r.choice(sold), _day(r))

    def delete_payment(self, r: Random) -> None:
        if self.payments:
            self._do(payment.delete_payment, r.choice(self.payments))

    def return_payment(self, r: Random) -> None:
        if self.payments:
            self._do(payment.return_payment, r.choice(self.payments))

    def delete_refund(self, r: Random) -> None:
        if self.refunds:
            self._do(payment.delete_refund, r.choice(self.refunds))

    def return_refund(self, r: Random) -> None:
        if self.refunds:
            self._do(payment.return_refund, r.choice(self.refunds))

    def sell_certificate(self, r: Random) -> None:
        self._do(clinic_settings.change_settings, {"certificates": True, "fiscal_receipts": True})
        new, desk_id = self._new_id(), r.choice(self.entries[CashDesk.TOPIC])
        card = {
            "code": f"А-{r.randrange(500)}",
            "moment": FIRST - timedelta(days=5),
            "nominal": "5000",
            "price": r.choice(("0", "4500")),
        }
        card |= {"desk_id": str(desk_id), "buyer_id": str(r.choice(self.patients)) if self.patients else None}
        if self._do(certificate.sell_certificate, card, certificate_id=new):
            self.certificates.append(new)

    def change_certificate(self, r: Random) -> None:
        if self.certificates:
            fields = {"comment": r.choice(("", "подарок")), "valid_until": "2027-12-31", "code": f"Б-{r.randrange(500)}"}
            self._do(certificate.change_certificate, r.choice(self.certificates), _some(r, fields))

    def delete_certificate(self, r: Random) -> None:
        if self.certificates:
            self._do(certificate.delete_certificate, r.choice(self.certificates))

    def return_certificate(self, r: Random) -> None:
        if self.certificates:
            self._do(certificate.return_certificate, r.choice(self.certificates))

    def issue_tax_certificate(self, r: Random) -> None:
        """Some of a year that has one, or of nobody's whole name, and are refused."""
        self._do(clinic_settings.change_settings, {"inn": "7707083893", "kpp": "770701001", "head_name": "Белова Ольга"})
        if not self.patients:
            return
        new, payer, patient = self._new_id(), r.choice(self.patients), r.choice(self.patients)
        card: dict[str, Any] = {
            "issued_on": _day(r).date().isoformat(),
            "same_person": payer == patient,
            "signer": "Белова Ольга",
        }
        for who in ("payer", "patient"):
            card |= {f"{who}_family_name": r.choice(FAMILIES), f"{who}_given_name": "Анна", f"{who}_birth_date": "1990-02-03"}
            card |= {f"{who}_inn": "500100732259"}
        sums, year = Sums(Decimal(r.choice(("0.00", "1500.00"))), Decimal("0.50")), r.choice((2024, 2025, 2026))
        if self._do(tax_certificate.issue_tax_certificate, payer, patient, year, sums, card, certificate_id=new):
            self.tax_certificates.append(new)

    def correct_tax_certificate(self, r: Random) -> None:
        sums = Sums(Decimal(r.randrange(1, 5000)).quantize(Decimal("0.01")), Decimal("0.00"))
        self._on(self.tax_certificates, r, tax_certificate.correct_tax_certificate, sums, {"issued_on": "2027-03-01"})

    def annul_tax_certificate(self, r: Random) -> None:
        if r.random() < 0.5:
            self._on(self.tax_certificates, r, tax_certificate.annul_tax_certificate)

    def hand_over_tax_certificates(self, r: Random) -> None:
        if self.tax_certificates and r.random() < 0.5:
            some = r.sample(self.tax_certificates, min(2, len(self.tax_certificates)))
            self._do(tax_certificate.hand_over_tax_certificates, some, r.choice(("paper", "electronic")))

    def delete_tax_certificate(self, r: Random) -> None:
        self._on(self.tax_certificates, r, tax_certificate.delete_tax_certificate)

    def return_tax_certificate(self, r: Random) -> None:
        self._on(self.tax_certificates, r, tax_certificate.return_tax_certificate)

    def note_handed_over(self, r: Random) -> None:
        self._on_receipts(r, lambda receipt: self._do(fiscal_receipt.note_handed_over, receipt.id, receipt.attempt, "uuid"))

    def note_printed(self, r: Random) -> None:
        self._on_receipts(r, lambda receipt: self._do(fiscal_receipt.note_printed, receipt.id, receipt.attempt, SIGNS))

    def note_failed(self, r: Random) -> None:
        self._on_receipts(r, lambda receipt: self._do(fiscal_receipt.note_failed, receipt.id, receipt.attempt, 1, "Нет связи"))

    def retry_receipt(self, r: Random) -> None:
        self._on_receipts(r, lambda receipt: self._do(fiscal_receipt.retry_receipt, receipt.id))

    def give_up_receipt(self, r: Random) -> None:
        """Some without a reason, and are refused."""
        for_what = r.choice(("пробит на другой кассе", "не нужен", ""))
        self._on_receipts(r, lambda one: one.state == "failed" and self._do(fiscal_receipt.give_up_receipt, one.id, for_what))

    def _on_receipts(self, r: Random, step: Callable[[FiscalReceipt], Any]) -> None:
        """Of some payments and certificates."""
        documents = [*self.payments, *self.certificates]
        for document_id in r.sample(documents, min(5, len(documents))):
            with suppress(DomainError):
                step(self._clinic.load(FiscalReceipt, receipt_id(document_id, "sell after 0")))

    def _money_head(self, kind: type[MoneyDocument], r: Random) -> dict[str, Any]:
        """Some name two people, or move money within one desk, and are refused."""
        moment = _day(r) - timedelta(days=r.choice((0, 8))) + timedelta(minutes=r.randrange(24 * 60))
        head = {name: moment if name == "moment" else self._entry_value(field, r) for name, field in kind.FIELDS.items()}
        if "patient_id" in head:
            head[r.choice(("patient_id", "counterparty_id"))] = None
        parties = [name for name in ("counterparty_id", "patient_id", "employee_id") if name in head]
        if not head.get("employee_id"):
            head.pop("accrual_id", None)
        for name in r.sample(parties, max(0, len(parties) - 1)) if r.random() < 0.9 else ():
            head[name] = None
        return head

    def _sums(self, kind: type[MoneyDocument], r: Random) -> list[MoneyLine]:
        """Some under an article of the other direction, or a deleted one, and are refused."""
        known = [id_ for id_ in self.articles if self._clinic.load(Article, id_).direction == kind.SHAPE.flow]
        sums = ("100", "0.01", "2500.50") if kind.SHAPE.flow == "outgo" else ("10000", "99999.99")
        chosen = [r.choice(known if r.random() < 0.9 else self.articles) for _ in range(r.randint(1, 2) if known else 0)]
        return [MoneyLine(article_id=id_, sum=Decimal(r.choice(sums)), note=r.choice(TEXTS[:1])) for id_ in chosen]

    def _payments(self, kind: type[MoneyDocument], r: Random, head: dict[str, Any]) -> list[ReceiptPayment]:
        """Some of a receipt that isn't posted or of another supplier, or too much, and are refused."""
        if not kind.SHAPE.pays or not self.documents["stock_receipt"] or r.random() < 0.5:
            return []
        receipt = self._clinic.load(StockReceipt, r.choice(self.documents["stock_receipt"]))
        head["counterparty_id"], head["employee_id"] = receipt.card["counterparty_id"], None
        return [ReceiptPayment(receipt_id=receipt.id, sum=Decimal(r.choice(("0.01", "10", "33.33"))))]

    def _on_document(self, kind: type[StockDocument | MoneyDocument], r: Random, command: Callable[..., Any], *args: Any) -> None:
        if known := self.documents[kind.TOPIC]:
            self._do(command, kind, r.choice(known), *args)

    def _head(self, kind: type[StockDocument], r: Random) -> dict[str, Any]:
        """Some refer to what was deleted, or move goods within one warehouse, and are refused."""
        moment = _day(r) + timedelta(minutes=r.randrange(24 * 60))
        head = {name: moment if name == "moment" else self._entry_value(field, r) for name, field in kind.FIELDS.items()}
        if "patient_id" in head:
            head[r.choice(("patient_id", "counterparty_id"))] = None
        if issue := self._returned(head):
            head["moment"] = issue.moment + timedelta(minutes=r.randrange(5000))
        return head

    def _returned(self, head: dict[str, Any]) -> GoodsIssue | None:
        """The issue that a return of this head is of."""
        return self._clinic.load(GoodsIssue, head["origin_id"]) if head.get("origin_id") else None

    def _moved(self, kind: type[StockDocument], r: Random, head: dict[str, Any]) -> list[RequestedLine]:
        """Some would return what had not left by the issue, or more of it, and are refused."""
        issue = self._returned(head)
        shape, known = kind.SHAPE, [line.goods_id for line in issue.lines] if issue else self.entries["goods"]
        return [
            RequestedLine(
                goods_id=r.choice(known),
                quantity=Decimal(r.choice(("1", "2.5", "100"))),
                unit=r.choice(("sale", "write_off")),
                price=r.choice((Decimal("10.05"), Decimal(0))) if shape.priced or shape.counts else None,
                sum=r.choice((None, Decimal("33.33"))) if shape.priced else None,
                batch=r.choice(("", "А-1")),
                expires_on=r.choice((None, NOW.date())),
            )
            for _ in range(r.randrange(4) if known else 0)
        ]

    def book_visit(self, r: Random) -> None:
        new = self._new_id()
        patient = r.choice(self.patients or [new])
        written = {"room": r.choice(("", "2")), "comment": r.choice(TEXTS)}
        if self._do(visit.book_visit, patient, self._slot(r), lines=self._lines(r), visit_id=new, **written):
            self.visits.append(new)

    def book_new_patient(self, r: Random) -> None:
        self._do(visit.book_new_patient, {"family_name": f"Первичный{self._made}"}, self._slot(r), lines=self._lines(r))

    def change_visit(self, r: Random) -> None:
        slot = self._slot(r)
        described = {
            "patient_id": r.choice(self.patients or [None]),
            "lines": self._lines(r),
            "room": "3",
            "comment": r.choice(TEXTS),
        }
        self._on(self.visits, r, visit.change_visit, starts_at=slot.starts_at, **_some(r, {"doctor_id": slot.doctor_id}))
        self._on(self.visits, r, visit.change_visit, **_some(r, described))
        self._on(self.visits, r, visit.change_visit, starts_at=self._slot(r).starts_at, comment=r.choice(TEXTS))

    def write_visit_document(self, r: Random) -> None:
        """Some with what was deleted, and are refused."""
        goods, warehouses = self.entries["goods"], self.entries["warehouse"]
        chosen = r.sample(goods, min(len(goods), r.randrange(3)))
        quantity = Decimal(r.choice(("1", "2.5", "40")))
        document = {
            "lines": [replace(line, discount=self._discount(r), performers=self._performers(r)) for line in self._lines(r)],
            "goods": [
                visit_lines.RequestedGoods(id_, quantity, r.choice(("sale", "write_off")), discount=self._discount(r))
                for id_ in chosen
            ],
            "discount": self._discount(r),
            "materials": r.choice((None, [MaterialLine(id_, quantity) for id_ in chosen])),
            "warehouse_id": r.choice((None, *warehouses)),
        }
        self._on(self.visits, r, visit.change_visit, **_some(r, document))

    def change_status(self, r: Random) -> None:
        self._on(self.visits, r, visit.change_status, r.choice(STATUSES))

    def complete_visit(self, r: Random) -> None:
        if self.visits:
            completed = r.choice(self.visits)
            self._do(visit.change_status, completed, "in_progress")
            self._do(visit.change_status, completed, "completed")

    def delete_visit(self, r: Random) -> None:
        self._on(self.visits, r, visit.delete_visit)

    def return_visit(self, r: Random) -> None:
        self._on(self.visits, r, visit.return_visit)

    def save_hours(self, r: Random) -> None:
        weeks = {r.choice(self.employees): r.choice((None, _week(r))) for _ in range(r.randrange(3))}
        days = {(r.choice(self.employees), _day(r).date()): r.choice(_DAYS) for _ in range(r.randrange(12))}
        organisation = r.choice((None, None, DEFAULT_WEEK, _week(r)))
        self._do(schedule.save_hours, self.version(), organisation=organisation, weeks=weeks, days=days)

    def restore_schedule(self, r: Random) -> None:
        version = self.version()
        self._do(schedule.restore_schedule, r.randint(1, version), version)

    def change_settings(self, r: Random) -> None:
        values = {
            "clinic_name": r.choice(("Улыбка", "Дента")), "calendar_step": r.choice((10, 20, 30)),
            "patients_at_once": r.choice(("several", "one")), "visit_without_doctor": r.random() < 0.7,
            "first_visit_months": r.randrange(24), "write_off_warehouse": r.choice(("", *self.entries["warehouse"])),
        }  # fmt: skip
        self._do(clinic_settings.change_settings, _some(r, values))

    def create_rights_set(self, r: Random) -> None:
        new = self._new_id()
        rights, own = ["calendar", *r.sample(RIGHTS, r.randint(0, 4))], r.random() < 0.3
        args = f"Набор {self._made}", "calendar", rights
        options = {"own_schedule_only": own, "opens_all_patients": r.random() < 0.3}
        if self._do(rights_set.create_rights_set, *args, **options, rights_set_id=new):
            self.rights_sets.append(new)

    def change_rights_set(self, r: Random) -> None:
        rights = ["patients", *r.sample(RIGHTS, r.randint(0, 4))]
        fields = {
            "name": r.choice(("Смена", "Стойка")), "own_schedule_only": r.random() < 0.3, "opens_all_patients": r.random() < 0.3,
        }  # fmt: skip
        written = {"rights": rights, "start_page": "patients"} if r.random() < 0.6 else {}
        self._do(rights_set.change_rights_set, r.choice(self.rights_sets), **_some(r, fields), **written)

    def delete_rights_set(self, r: Random) -> None:
        self._do(rights_set.delete_rights_set, r.choice(self.rights_sets))

    def return_rights_set(self, r: Random) -> None:
        self._do(rights_set.return_rights_set, r.choice(self.rights_sets))

    def grant_access(self, r: Random) -> None:
        email, password = f"user{r.randrange(6)}@example.com", r.choice((None, "hash", "hash"))
        self._do(user_access.grant_access, r.choice(self.employees), email, r.choice(self.rights_sets), password)

    def set_password(self, r: Random) -> None:
        self._do(user_access.set_password, r.choice(self.employees), "hash")

    def assign_rights_set(self, r: Random) -> None:
        self._do(user_access.assign_rights_set, r.choice(self.employees), r.choice(self.rights_sets))

    def enable_second_factor(self, r: Random) -> None:
        self._do(user_access.enable_second_factor, r.choice(self.employees))

    def remove_second_factor(self, r: Random) -> None:
        for employee_id in r.sample(self.employees, min(len(self.employees), 8)):
            self._do(user_access.remove_second_factor, employee_id)

    def withdraw_access(self, r: Random) -> None:
        self._do(user_access.withdraw_access, r.choice(self.employees))

    # what parameters are made of

    def _on_entry(self, kind: type[CatalogueEntry], r: Random, command: Callable[..., Any], *args: Any) -> None:
        if known := self.entries[kind.TOPIC]:
            self._do(command, kind, r.choice(known), *args)

    def _entry_card(self, kind: type[CatalogueEntry], r: Random) -> dict[str, Any]:
        return {"name": r.choice((f"Запись {self._made}", "Штука", "штука ", "Ёлка"))} | {
            name: self._entry_value(field, r) for name, field in kind.FIELDS.items() if name != "name"
        }

    def _entry_value(self, field: Field, r: Random) -> Any:
        match field.type:
            case "reference":
                people = {"patient": self.patients, "employee": self.employees, "rights_set": self.rights_sets}
                known = {**self.entries, **self.documents, **people}[field.refers]
                return r.choice(known) if known else None
            case "choice":
                return r.choice(list(field.choices))
            case "money":
                return r.choice(("0", "1500,50"))
            case "factor":
                return r.choice(("10", "0,5"))
            case "choice":
                return r.choice([*field.choices])
            case "percent":
                return r.choice(("", "10", "7,5 %"))
            case "color":
                return "#2f6fdd"
            case "inn":
                return r.choice(("", "7707083893"))
            case "kpp":
                return r.choice(("", "773601001"))
            case "email":
                return r.choice(("", "a@b.ru"))
            case _:
                written = r.choice(TEXTS[:3]) or ("A1" if field.required else "")
                return written[: field.longest or None]

    def _on(self, ids: Sequence[UUID], r: Random, command: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        if ids:
            self._do(command, r.choice(ids), *args, **kwargs)

    def _slot(self, r: Random) -> Slot:
        starts_at = _day(r) + timedelta(minutes=20 * r.randrange(72))
        return Slot(r.choice((None, *self.employees)), starts_at, starts_at + timedelta(minutes=r.choice((20, 60, 480))))

    def _discount(self, r: Random) -> Discount | None:
        return r.choice((None, Discount("percent", Decimal("12.5")), Discount("sum", Decimal(100))))

    def _performers(self, r: Random) -> tuple[Performer, ...]:
        if r.random() < 0.7:
            return ()
        two = r.sample(self.employees, min(2, len(self.employees)))
        return tuple(Performer(id_, "assistant", Decimal(100 // len(two))) for id_ in two)

    def _lines(self, r: Random) -> list[visit_lines.RequestedLine]:
        chosen = r.sample(self.services, min(len(self.services), r.randrange(3)))
        return [visit_lines.RequestedLine(service_id, r.randint(1, 3)) for service_id in chosen]


STEPS: dict[str, Callable[[History, Random], None]] = {
    name: method for name, method in vars(History).items() if not name.startswith("_") and name not in {"run", "version"}
}
OFTEN = (
    *("unpost_document", "post_document", "post_document"),
    *("hire", "create_patient", "create_service", "book_visit", "book_visit", "book_visit", "save_hours", "change_status"),
    *("create_entry", "change_entry", "delete_entry", "return_entry"),
    *("create_document", "change_document", "post_document", "set_minimum", "make_paper"),
    *("create_article", "create_money_document", "create_money_document", "change_money_document", "return_money_document"),
    *("write_visit_document", "write_visit_document", "complete_visit", "complete_visit"),
    *("create_pay_scheme", "create_pay_accrual", "create_pay_accrual", "post_pay_accrual", "pay_out", "return_pay_accrual"),
    *(
        "pay",
        "pay",
        "pay",
        "refund",
        "sell",
        "sell",
        "take_back",
        "release_sale",
        "sell_certificate",
        "owe",
        "owe",
        "issue_invoice",
        "get_paid",
        "issue_tax_certificate",
        "note_handed_over",
        "note_printed",
    ),
    *("create_patient", "create_entry", "create_entry", "make_paper", "make_paper", "hire"),
    *("grant_access", "grant_access", "grant_access", "assign_rights_set", "save_hours", "restore_schedule", "restore_schedule"),
)


def histories(most: int = 60) -> st.SearchStrategy[list[Step]]:
    """Lists of steps; what others build upon comes more often."""
    return st.lists(st.tuples(st.sampled_from((*STEPS, *OFTEN)), st.integers(0, 10_000)), max_size=most)


def long_history(seed: int, length: int) -> list[Step]:
    """One history of a given length with every step in it equally often, the same for the same seed."""
    r = Random(seed)
    names = list(islice(cycle((*STEPS, *OFTEN)), length))
    r.shuffle(names)
    return [(name, r.randrange(10_000)) for name in names]


def run_until_everything_happened(history: History, topics: Callable[[], set[str]]) -> None:
    """A long history, the same each time, that goes on while an event is missing among the `topics` of the log.

    New steps make each other one rarer, so that a length that was enough may be too short.
    """
    every = {topic for kind in AGGREGATES for topic in kind.EVENTS}
    for seed in range(8, 20):
        history.run(long_history(seed, length=1500))
        if not (missing := every - topics()):
            return
    raise AssertionError(f"no step of {History.__name__} brings about {sorted(missing)}")


def all_commands() -> set[str]:
    """Every command there is, as `module.name`: the functions that `commands.retry` wraps."""
    modules = [import_module(module.name) for module in walk_packages(commands.__path__, "commands.")]
    return {
        f"{module.__name__}.{name}"
        for module in modules
        for name, function in getmembers(module, isfunction)
        if unwrap(function) is not function and function.__module__ == module.__name__
    }


def _accept(clinic_port: Clinic, ctx: Context, patient_id: UUID, birth_date: str) -> None:
    """The registry takes a card's name; no command of people."""
    card = clinic_port.load(PatientCard, patient_id)
    card.accept_by_registry(card.name, birth_date, at=ctx.now)
    clinic_port.save(card, ctx=ctx)


def _person(r: Random) -> dict[str, Any]:
    return {"family_name": r.choice(FAMILIES), "given_name": r.choice(GIVEN), "patronymic": "", "phone": r.choice(PHONES)}


def _some(r: Random, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if r.random() < 0.6}


def _day(r: Random) -> datetime:
    return FIRST + timedelta(days=r.randint(-3, 10))


def _week(r: Random) -> Week:
    return every_day(r.choice(HOURS))


_DAYS: tuple[Day | None, ...] = (
    None,
    Day("off"),
    Day("vacation"),
    Day("sick"),
    *(Day("work", hours) for hours in HOURS if hours),
)
