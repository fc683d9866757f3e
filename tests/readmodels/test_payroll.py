"""What is to be accrued, from visits, money, materials and the schedule as the clinic keeps them (FIN-2)."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from psycopg import Connection

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, ServiceCategory, Unit, Warehouse, first_entry_id
from aggregates.money.discounts import Discount
from aggregates.money.money_documents import MoneyOutgo
from aggregates.money.money_lines import MoneyLine
from aggregates.payroll.pay_accrual import Calculation, NothingToAccrue
from aggregates.payroll.pay_lines import ExtraLine
from aggregates.payroll.pay_terms import PayRate, PayStep
from aggregates.scheduling.hours import Day, parse_hours
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot
from aggregates.scheduling.visit_lines import MaterialLine, Performer
from aggregates.stock.stock_documents import StockReceipt
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import create_service
from commands.money import money_document as money_commands
from commands.money import payment as payments
from commands.money.article import create_article
from commands.money.certificate import delete_certificate, sell_certificate
from commands.money.payment import Part
from commands.payroll import pay_accrual as commands
from commands.payroll.pay_scheme import change_pay_scheme, create_pay_scheme
from commands.people.employee import delete_employee
from commands.scheduling.schedule import save_hours
from commands.scheduling.visit import RequestedLine, book_visit, change_status, change_visit, delete_visit
from commands.scheduling.visit_lines import RequestedGoods
from commands.stock import document as stock_commands
from readmodels.excel import DocumentFilter
from readmodels.payroll import pay_accruals, pay_settlements, pay_works, payroll
from services.bootstrap import Denta
from services.excel.documents import DOCUMENTS
from tests.commands.paying import CASH, Payments, cash, moment
from tests.commands.reception import context
from tests.projections.folding import fold_all

pytestmark = pytest.mark.spec("FIN-2")
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


class Office(Payments):
    def __init__(self, denta: Denta, connection: Connection) -> None:
        super().__init__(denta.clinic)
        self._denta, self._connection, self._position = denta, connection, 0
        self.anna, self.boris, self.vera = self.reception.anna, self.reception.boris, self.reception.vera

    @property
    def read(self) -> Connection:
        self._position = fold_all(self._connection, self._denta.decoders, after=self._position)
        return self._connection

    def scheme(
        self, starts_on: str = "2026-01-01", employee_id: UUID | None = None, *, rates: Any = (), steps: Any = (), **card: Any
    ) -> UUID:
        card = {"employee_id": str(employee_id or self.anna), "starts_on": starts_on, **card}
        return self.do(create_pay_scheme, card, rates, steps).id

    def done(self, *lines: RequestedLine, day: int = 2, hour: int = 10, complete: bool = True, **more: Any) -> UUID:
        starts = moment(day, hour)
        slot = Slot(self.anna, starts, starts.replace(minute=30))
        visit_id = self.do(book_visit, self.patient, slot, lines=lines).id
        if more:
            self.do(change_visit, visit_id, **more)
        for status in ("in_progress", "completed") if complete else ():
            self.do(change_status, visit_id, status)
        return visit_id

    def service(self, name: str, price: str, category_id: UUID | None = None) -> UUID:
        card = {"name": name, "price": price, "category_id": str(category_id) if category_id else None}
        return self.do(create_service, card).id

    def calculated(self, period: tuple[date, date] = NOVEMBER, employee_id: UUID | None = None) -> payroll.Calculated:
        of = employee_id or self.anna
        return payroll.calculations(self.read, *period, of)[of]

    def lines(self, period: tuple[date, date] = NOVEMBER, employee_id: UUID | None = None) -> list[tuple[Any, ...]]:
        found = self.calculated(period, employee_id).lines
        return [(line.number, line.part, line.base, line.percent, line.sum) for line in found]

    def total(self, period: tuple[date, date] = NOVEMBER, employee_id: UUID | None = None) -> Decimal:
        return self.calculated(period, employee_id).total

    def accrue(self, period: tuple[date, date] = NOVEMBER, *extras: ExtraLine, employee_id: UUID | None = None) -> UUID:
        of, (first, last) = employee_id or self.anna, period
        card = {"date": str(last), "employee_id": str(of), "first": str(first), "last": str(last)}
        found = self.calculated(period, of)
        calculation = Calculation(tuple(found.lines), found.beside)
        return self.do(commands.create_pay_accrual, card, extras, calculation).id


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    denta = Denta.open(database_url)
    try:
        with denta.database.connect() as connection:
            yield Office(denta, connection)
    finally:
        denta.close()


def test_work_is_paid_by_service_category_and_default_with_every_line_traced(office: Office) -> None:
    prosthetics = office.do(create_entry, ServiceCategory, {"name": "Протезирование"}).id
    crown, bridge, filling = (
        office.service("Коронка", "10000", prosthetics), office.service("Мост", "20000", prosthetics),
        office.service("Пломба", "3000"),
    )  # fmt: skip
    rates = [PayRate("service", crown, Decimal(40)), PayRate("category", prosthetics, Decimal(35))]
    office.scheme(service_percent="30", rates=rates)
    office.done(*(RequestedLine(service_id=id_) for id_ in (crown, bridge, filling)))
    office.done(RequestedLine(service_id=filling), day=3, complete=False)
    assert office.lines() == [
        (1, "service", Decimal(10000), 40, Decimal(4000)),
        (1, "service", Decimal(20000), 35, Decimal(7000)),
        (1, "service", Decimal(3000), 30, Decimal(900)),
    ]
    assert {line.name for line in office.calculated().lines} == {"Коронка", "Мост", "Пломба"}
    assert office.lines(employee_id=office.boris) == []


def test_performers_share_a_line_and_the_discount(office: Office) -> None:
    office.scheme(service_percent="30")
    office.scheme(employee_id=office.vera, service_percent="10", price="gross")
    crown = office.service("Коронка", "10000")
    both = (Performer(office.anna, "doctor", Decimal(75)), Performer(office.vera, "assistant", Decimal(25)))
    office.done(RequestedLine(service_id=crown, performers=both), discount=Discount("percent", Decimal(10)))
    assert office.lines() == [(1, "service", Decimal(6750), 30, Decimal(2025))]
    assert office.lines(employee_id=office.vera) == [(1, "service", Decimal(2500), 10, Decimal(250))]


def test_paid_work_counts_when_its_money_comes_however_late(office: Office) -> None:
    office.scheme(service_percent="30", base="paid")
    visit_id = office.visit(10000, day=2)
    assert office.total() == 0
    office.pay(cash(4000), visits={visit_id: 4000}, day=10)
    office.do(payments.pay, office.patient, moment(5, month=12), [cash(6000)], visits={visit_id: Decimal(6000)}, prepayments={})
    assert (office.total(), office.total(DECEMBER)) == (Decimal(1200), Decimal(1800))
    prepaid = office.prepay(5000, day=1)
    later = office.visit(5000, day=20)
    office.pay(visits={later: 5000}, prepayments={prepaid: 5000}, day=25)
    assert office.total() == Decimal(2700), "by the moment of the allocation"


def test_materials_of_the_visit_are_taken_off_at_cost_and_goods_are_none(office: Office) -> None:
    warehouse, unit = first_entry_id(Warehouse, "Основной склад"), str(first_entry_id(Unit, "штука"))
    category = str(office.do(create_entry, GoodsCategory, {"name": "Материалы"}).id)
    card = {"category": category, "price": "500", "sale_unit": unit}
    implant, brush = (office.do(create_entry, Goods, {**card, "name": name}).id for name in ("Имплант", "Щётка"))
    received = [stock_commands.RequestedLine(goods_id=one, quantity=Decimal(10), sum=Decimal(2000)) for one in (implant, brush)]
    head = {"moment": "2026-11-01T09:00", "warehouse_id": warehouse}
    office.do(
        stock_commands.create_document, StockReceipt, {**head, "counterparty_id": office_supplier(office)}, received, post=True
    )
    office.scheme(service_percent="30", goods_percent="10", minus_materials=True)
    filling = office.service("Пломба", "3000")
    office.done(
        RequestedLine(service_id=filling),
        materials=[MaterialLine(implant, Decimal(2))],
        goods=[requested_goods(brush)],
        warehouse_id=warehouse,
    )
    assert office.lines() == [
        (1, "service", Decimal(2600), 30, Decimal(780)),
        (1, "goods", Decimal(500), 10, Decimal(50)),
    ]


def office_supplier(office: Office) -> UUID:
    return office.do(create_entry, Counterparty, {"name": "Поставщик"}).id


def requested_goods(goods_id: UUID) -> Any:
    return RequestedGoods(goods_id=goods_id, quantity=Decimal(1))


def test_shifts_and_hours_follow_the_schedule(office: Office) -> None:
    office.scheme(shift="3000", hour="100")
    closed = tuple(() for _ in range(7))
    days = {
        (office.anna, date(2026, 11, 2)): parse_hours([("09:00", "13:00"), ("14:00", "18:00")]),
        (office.anna, date(2026, 11, 3)): parse_hours([("09:00", "13:30")]),
    }
    office.do(
        save_hours,
        office.clinic.load(Schedule, SCHEDULE_ID).version,
        weeks={office.anna: closed},
        days={cell: Day("work", hours) for cell, hours in days.items()},
    )
    assert office.lines() == [
        (None, "shift", Decimal(3000), None, Decimal(3000)),
        (None, "shift", Decimal(3000), None, Decimal(1500)),
        (None, "hour", Decimal(100), None, Decimal(800)),
        (None, "hour", Decimal(100), None, Decimal(450)),
    ]


def test_a_grid_of_a_month_names_its_visits(office: Office) -> None:
    steps = [PayStep(Decimal(0), Decimal(25)), PayStep(Decimal(300_000), Decimal(30)), PayStep(Decimal(500_000), Decimal(35))]
    office.scheme(grid="marginal", steps=steps)
    office.visit(400_000, day=2)
    office.visit(220_000, day=20)
    first_half = (date(2026, 11, 1), date(2026, 11, 15))
    office.accrue(first_half)
    assert office.lines() == [
        (None, "grid", Decimal(220_000), None, Decimal(72_000)),
        (2, "volume", Decimal(220_000), None, Decimal(0)),
    ]
    assert office.total(first_half) == 0
    office.accrue()
    with pytest.raises(NothingToAccrue):
        office.accrue()
    found = pay_accruals.listing(office.read)
    assert (found.total, found.sum) == (2, Decimal(177_000))


def test_what_changes_after_the_accrual_comes_with_the_next_one(office: Office) -> None:
    office.scheme(service_percent="30", base="paid")
    stays, refunded, deleted = office.visit(1000, day=2), office.visit(2000, day=3), office.visit(4000, day=4)
    office.pay(cash(1000), visits={stays: 1000}, day=5)
    payment = UUID(office.pay(cash(2000), visits={refunded: 2000}, day=5).facts["payments"][0]["id"])
    office.pay(cash(4000), visits={deleted: 4000}, day=5)
    accrual = office.accrue()
    before = pay_accruals.get(office.read, accrual)
    office.do(payments.refund, payment, moment(3, month=12), Decimal(500), desk_id=CASH)
    office.do(payments.release_visit, deleted, moment(4, month=12))
    office.do(delete_visit, deleted)
    assert office.lines(DECEMBER) == [
        (3, "service", Decimal(-4000), 30, Decimal(-1200)),
        (2, "service", Decimal(-500), 30, Decimal(-150)),
    ]
    assert all(line.correction for line in office.calculated(DECEMBER).lines if line.day < DECEMBER[0])
    assert pay_accruals.get(office.read, accrual) == before, "the first one stays as it was"
    office.accrue(DECEMBER)
    assert office.lines(DECEMBER) == []


def test_another_scheme_for_accrued_days_comes_as_a_difference(office: Office) -> None:
    scheme = office.scheme(service_percent="30")
    office.visit(1000, day=2)
    office.accrue()
    office.do(change_pay_scheme, scheme, {"service_percent": "40"})
    assert office.lines(DECEMBER) == [(1, "service", Decimal(0), 40, Decimal(100))]
    office.scheme("2026-12-01", service_percent="50")
    assert office.lines(DECEMBER) == [(1, "service", Decimal(0), 40, Decimal(100))], "of the visit's day"


def test_looking_back_ends_with_whole_months(office: Office) -> None:
    """What is older stays as it was accrued, though a visit of then gets money now."""
    office.scheme("2025-01-01", monthly="31000", service_percent="30", base="paid")
    visit_id = office.visit(1000, day=2)
    office.accrue((date(2025, 10, 1), date(2025, 10, 31)))
    office.pay(cash(400), visits={visit_id: 400}, day=10)
    office.accrue()
    late = (date(2026, 11, 20), date(2026, 11, 30))
    assert (late[0] - payroll.LOOK_BACK).day != 1
    assert office.lines(late) == []
    after = (date(2028, 2, 1), date(2028, 2, 29))
    moved = moment(10, month=2).replace(year=2028)
    office.do(payments.pay, office.patient, moved, [cash(600)], visits={visit_id: Decimal(600)}, prepayments={})
    assert office.lines(after) == [
        (1, "service", Decimal(600), 30, Decimal(180)),
        (None, "monthly", Decimal(31000), None, Decimal(31000)),
    ]


def test_everybody_with_a_scheme_is_shown_and_what_is_owed_is_accrued_less_paid(office: Office) -> None:
    office.scheme(service_percent="30", monthly="10000")
    office.scheme(employee_id=office.boris, service_percent="30")
    office.visit(1000, day=2)
    assert [(one.name, one.total) for one in payroll.overview(office.read, *NOVEMBER)] == [
        ("Аннина", Decimal(10300)),
        ("Борисов", Decimal(0)),
    ]
    accrual = office.accrue(NOVEMBER, ExtraLine("bonus", Decimal(700), "за ноябрь"), ExtraLine("fine", Decimal(1000)))
    article = office.do(create_article, {"name": "Зарплата", "direction": "outgo"}).id
    office.prepay(9000)
    head = {"desk_id": CASH, "employee_id": str(office.anna), "accrual_id": str(accrual)}
    lines = [MoneyLine(article_id=article, sum=Decimal(6000))]
    office.do(money_commands.create_money_document, MoneyOutgo, {**head, "moment": "2026-12-02T10:00"}, lines)
    (one,) = pay_settlements.listing(office.read, moment(3, month=12)).items
    assert (one.name, one.accrued, one.paid, one.owed) == ("Аннина", Decimal(10000), Decimal(6000), Decimal(4000))
    settlement = pay_settlements.of_employee(office.read, office.anna, None, date(2026, 12, 31))
    assert settlement is not None
    assert [(item.kind, item.change, item.owed) for item in settlement.items] == [
        ("money_outgo", Decimal(-6000), Decimal(4000)),
        ("pay_accrual", Decimal(10000), Decimal(10000)),
    ]
    card = pay_accruals.get(office.read, accrual)
    assert card is not None
    assert card.paid == Decimal(6000)


@pytest.mark.spec("XLS-8")
def test_accruals_are_exported_line_by_line(office: Office) -> None:
    office.scheme(service_percent="30")
    office.visit(1000, day=2)
    office.accrue(NOVEMBER, ExtraLine("fine", Decimal(50), "опоздание"))
    headings, rows = DOCUMENTS["pay_accrual"].table(office.read, DocumentFilter())
    found = [dict(zip([heading.title for heading in headings], row, strict=True)) for row in rows]
    shown = ("№", "Дата", "Сотрудник", "Вид", "Визит №", "База", "Процент", "Сумма", "Примечание", "Проведено")
    assert [tuple(row[name] for name in shown) for row in found] == [
        (1, date(2026, 11, 30), "Аннина", "Процент с услуги", 1, Decimal(1000), Decimal(30), Decimal(300), None, "да"),
        (1, date(2026, 11, 30), "Аннина", "Штраф", None, None, None, Decimal(-50), "опоздание", "да"),
    ]
    assert not list(DOCUMENTS["pay_accrual"].table(office.read, DocumentFilter(first=date(2026, 12, 1)))[1])


def test_money_is_found_by_indexes_however_many_payments_there_are(office: Office) -> None:
    read = office.read
    read.execute("SET enable_seqscan = off")

    def plan(query: str, **values: Any) -> str:
        return "\n".join(row[0] for row in read.execute(f"EXPLAIN {query}", values).fetchall())

    span = {"first": moment(1), "end": moment(30)}
    assert re.search(r"Index Cond: \(\(latest >= .*\(moment < ", plan(pay_works._PAID_IN, **span))
    assert "Index Cond: (visit_ids @> " in plan(pay_works._MONEY, ids=[UUID(int=1), UUID(int=2)])


class Desk(Office):
    """A receptionist, Vera, who books and completes visits of Anna's."""

    def by(self, employee_id: UUID, command: Any, *args: Any, **kwargs: Any) -> Any:
        return command(self.clinic, replace(context(now=self.reception.now), employee_id=employee_id), *args, **kwargs)

    def booked(self, price: str, *, day: int = 2, created: UUID, completed: UUID | None = None, to: str = "") -> UUID:
        """A visit of one service; without `completed` in the status `to`, if any."""
        starts, service = moment(day, 10), self.service(f"Услуга {price} {day}", price)
        slot = Slot(self.anna, starts, starts.replace(minute=30))
        visit_id: UUID = self.by(created, book_visit, self.patient, slot, lines=[RequestedLine(service_id=service)]).id
        for status in ("in_progress", "completed") if completed else (to,) if to else ():
            self.by(completed or created, change_status, visit_id, status)
        return visit_id


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    denta = Denta.open(database_url)
    try:
        with denta.database.connect() as connection:
            yield Desk(denta, connection)
    finally:
        denta.close()


@pytest.mark.parametrize(
    ("acts", "paid"),
    [("created", [1, 2, 4]), ("completed", [1, 3]), ("both", [1]), ("either", [1, 2, 3, 4])],
)
def test_a_receptionist_is_paid_for_the_visits_that_they_booked_and_completed(acts: str, paid: list[int], desk: Desk) -> None:
    """Booked ones count once the patient came: the fifth one didn't, the sixth is awaited."""
    desk.scheme(employee_id=desk.vera, visit_acts=acts, visit_percent="2", visit_sum="50")
    desk.booked("1000", created=desk.vera, completed=desk.vera)
    desk.booked("2000", day=3, created=desk.vera, completed=desk.boris)
    desk.booked("4000", day=4, created=desk.boris, completed=desk.vera)
    desk.booked("8000", day=5, created=desk.vera, to="arrived")
    desk.booked("8000", day=6, created=desk.vera, to="no_show")
    desk.booked("8000", day=9, created=desk.vera)
    prices = {1: Decimal(1000), 2: Decimal(2000), 3: Decimal(4000)}
    found = desk.lines(employee_id=desk.vera)
    assert found == [
        *((number, "visit", prices[number], 2, prices[number] / 50) for number in paid if number in prices),
        *((number, "per_visit", Decimal(50), None, Decimal(50)) for number in paid),
    ]  # fmt: skip
    assert desk.lines(employee_id=desk.boris) == []


def test_a_visit_that_is_reopened_belongs_to_who_completed_it_last(desk: Desk) -> None:
    for employee_id in (desk.vera, desk.boris):
        desk.scheme(employee_id=employee_id, visit_acts="completed", visit_percent="10")
    visit_id = desk.booked("1000", created=desk.vera, completed=desk.vera)
    desk.accrue(employee_id=desk.vera)
    desk.by(desk.boris, change_status, visit_id, "in_progress")
    assert desk.total(DECEMBER, desk.vera) == Decimal(-100)
    desk.by(desk.boris, change_status, visit_id, "completed")
    assert (desk.total(DECEMBER, desk.vera), desk.total(employee_id=desk.boris)) == (Decimal(-100), Decimal(100))


def test_a_visit_is_paid_for_by_its_money_where_the_scheme_says_so(desk: Desk) -> None:
    desk.scheme(employee_id=desk.vera, visit_acts="both", visit_percent="10", base="paid")
    visit_id = desk.booked("1000", created=desk.vera, completed=desk.vera)
    assert desk.total(employee_id=desk.vera) == 0
    desk.pay(cash(400), visits={visit_id: 400}, day=10)
    assert desk.lines(employee_id=desk.vera) == [(1, "visit", Decimal(400), 10, Decimal(40))]


def test_a_certificate_is_paid_for_to_who_sold_it(desk: Desk) -> None:
    desk.scheme(employee_id=desk.vera, certificate_percent="5", base="paid", acquiring="2")
    desk.do(change_settings, {"certificates": True})
    card = {"moment": moment(7), "nominal": "3000", "price": "3000"}
    cert = desk.by(desk.vera, sell_certificate, {**card, "code": "А-1", "desk_id": str(CASH)}).id
    desk.by(desk.vera, sell_certificate, {**card, "code": "А-2", "desk_id": str(desk.terminal)})
    desk.by(desk.boris, sell_certificate, {**card, "code": "А-3", "desk_id": str(CASH)})
    assert desk.lines(employee_id=desk.vera) == [
        (None, "certificate", Decimal(3000), 5, Decimal(150)),
        (None, "certificate", Decimal(2940), 5, Decimal(147)),
    ]
    assert [line.name for line in desk.calculated(employee_id=desk.vera).lines] == ["Сертификат № А-1", "Сертификат № А-2"]
    desk.accrue(employee_id=desk.vera)
    desk.do(delete_certificate, cert)
    assert desk.lines(DECEMBER, desk.vera) == [(None, "certificate", Decimal(-3000), 5, Decimal(-150))]


@pytest.mark.parametrize(("base", "sums"), [("done", [882, 1000]), ("paid", [882, 300])])
def test_the_fee_of_money_by_card_is_taken_off_first(base: str, sums: list[int], desk: Desk) -> None:
    desk.scheme(service_percent="100", base=base, acquiring="2")
    card, by_cash = desk.visit(900, day=2), desk.visit(1000, day=3)
    desk.pay(Part(desk_id=desk.terminal, sum=Decimal(900)), visits={card: 900}, day=10)
    desk.pay(cash(300), visits={by_cash: 300}, day=10)
    assert [line[-1] for line in desk.lines()] == [Decimal(one) for one in sums]


@pytest.mark.parametrize("way", ["last day", "deleted"])
def test_nothing_is_earned_after_a_scheme_or_its_employee_ends(way: str, desk: Desk) -> None:
    card = {"service_percent": "10", "monthly": "30000", "shift": "100", "base": "paid"}
    desk.scheme(**card, **({"ends_on": "2026-11-23"} if way == "last day" else {}))
    before, after = desk.visit(1000, day=2), desk.visit(2000, day=27)
    if way == "deleted":
        desk.do(delete_employee, desk.anna)
    desk.pay(cash(1000), visits={before: 1000}, day=25)
    desk.pay(cash(2000), visits={after: 2000}, day=28)
    lines = desk.calculated().lines
    assert [(line.number, line.sum) for line in lines if line.part == "service"] == [(1, Decimal(100))], "what comes later counts"
    assert [line.sum for line in lines if line.part == "monthly"] == [Decimal(23_000)]
    assert max(line.day for line in lines if line.part == "shift") == date(2026, 11, 23)
    accrual = desk.accrue()
    assert desk.lines(DECEMBER) == []
    article = desk.do(create_article, {"name": "Зарплата", "direction": "outgo"}).id
    head = {"desk_id": CASH, "employee_id": str(desk.anna), "accrual_id": str(accrual), "moment": "2026-11-30T10:00"}
    lines_ = [MoneyLine(article_id=article, sum=Decimal(500))]
    assert desk.do(money_commands.create_money_document, MoneyOutgo, head, lines_), "who has left is paid out too"
