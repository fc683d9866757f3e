"""Reports: each figure is the sum of exactly the rows that it opens, and debts are those of every patient's account."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from aggregates.catalogues import PatientCategory
from aggregates.scheduling.visit_lines import Performer
from aggregates.stock.stock_documents import StockReceipt, SupplierReturn
from commands.catalogue import create_entry
from commands.people.patient import create_card, merge_cards, unmerge_cards
from commands.scheduling.visit import change_visit, delete_visit
from commands.scheduling.visit_lines import RequestedLine
from readmodels.money import patient_accounts
from readmodels.reports import debts, income, income_lines, income_paid, load, stock_turnover
from readmodels.reports.income import IncomeBy
from readmodels.reports.income_choice import IncomeChoice
from readmodels.reports.periods import Days
from readmodels.scheduling import calendar
from readmodels.scheduling.calendar import VISIT
from readmodels.scheduling.performed_work import TABLE as PERFORMED
from readmodels.stock import stock_balances, stock_movements
from services.bootstrap import Denta
from tests.aggregates.scenario import FRI, MON, TUE, WED, at
from tests.commands.paying import cash, moment
from tests.conftest import Databases
from tests.projections.folding import fold_all
from tests.projections.histories import FIRST, STEPS, History
from tests.readmodels.conftest import Story
from tests.readmodels.test_money import Money, november, on
from tests.readmodels.test_money_of_patients import Till, till

__all__ = ["till"]
pytestmark = pytest.mark.spec("FIN-4")
ALWAYS = Days(date(2020, 1, 1), date(2029, 12, 28))
NOTHING = Decimal("0.00")
OF_MONEY = (
    *("create_patient", "create_service", "hire", "save_hours"),
    *("book_visit", "write_visit_document", "complete_visit", "pay") * 6,
    *("change_visit", "change_status", "release_visit", "refund", "merge_cards", "delete_visit", "return_visit"),
    *("delete_payment", "return_payment", "delete_refund", "return_refund", "unmerge_cards", "create_entry", "create_document"),
    *("post_document", "complete_visit", "complete_visit", "sell", "sell", "sell", "take_back", "take_back", "release_sale"),
)


@pytest.fixture(params=[1, 2], scope="module")
def lived(request: pytest.FixtureRequest, databases: Databases, prepared_database: str) -> Iterator[Connection[Any]]:
    """A clinic after a long life, whose commands are all seen."""
    url = databases.make(prepared_database)
    denta = Denta.open(url)
    try:
        with denta.database.connect() as connection:
            history, chance = History(denta.clinic), Random(request.param)
            for name in (*OF_MONEY[:4] * 4, *(chance.choice(OF_MONEY) for _ in range(400))):
                STEPS[name](history, Random(chance.randrange(10_000)))
            fold_all(connection, denta.decoders)
            yield connection
    finally:
        denta.close()
        databases.drop(url)


def test_debts_and_prepayments_are_those_of_every_account_on_any_day(lived: Connection[Any]) -> None:
    people = [row[0] for row in lived.execute("SELECT patient_id FROM patients WHERE merged_into IS NULL").fetchall()]
    seen = 0
    for day in [FIRST.date() + timedelta(days=n) for n in range(-1, 20, 2)] + [ALWAYS.last]:
        found = debts.report(lived, day, shown="all", size=500)
        theirs = {one.id: (one.debt, one.prepaid) for one in found.items}
        accounts = {id_: patient_accounts.account(lived, id_, datetime.combine(day, time.max)) for id_ in people}
        expected = {id_: (one.debt, one.prepayment) for id_, one in accounts.items() if one.debt or one.prepayment}
        assert theirs == expected, day
        assert found.totals.debt == sum((one.debt for one in accounts.values()), NOTHING)
        assert found.totals.prepaid == sum((one.prepayment for one in accounts.values()), NOTHING)
        for one in found.items:
            assert sum(one.aged) == one.debt
            unpaid = [visit for visit in accounts[one.id].visits if visit.status == "completed" and visit.due]
            assert (one.visits, one.oldest) == (len(unpaid), min((visit.starts_at.date() for visit in unpaid), default=None))
        seen += len(found.items)
    assert seen, "the history should leave debts"


@pytest.mark.parametrize("by", ["performer", "item", "category", "day", "week", "month"])
def test_each_figure_of_income_opens_exactly_what_it_counts(lived: Connection[Any], by: IncomeBy) -> None:
    for employee in ("", *[one.key for one in income.report(lived, ALWAYS, "performer").groups]):
        report = income.report(lived, ALWAYS, by, employee=employee)
        whole = income_lines.listing(lived, IncomeChoice(ALWAYS, employee), size=500)
        assert (report.totals.sums, report.totals.visits) == (whole.sums, whole.visits)
        assert sum((point.net for point in report.points), NOTHING) == whole.sums.net
        for group in report.groups:
            choice = _choice(by, group.key, employee)
            behind = income_lines.listing(lived, choice, size=500)
            assert behind.sums == group.sums, (by, group, employee)
            assert sum((line.sums.net for line in behind.items), NOTHING) == group.sums.net
            assert len(behind.items) == behind.total
            if group.visits is not None:
                assert group.visits == behind.visits == len({line.visit_id for line in behind.items if line.document == "visit"})
            if by == "item":
                assert group.quantity == sum(line.quantity for line in behind.items)
        if by != "performer":
            assert sum((group.sums.net for group in report.groups), NOTHING) == report.totals.sums.net


def _choice(by: IncomeBy, key: str, employee: str) -> IncomeChoice:
    match by:
        case "performer":
            return IncomeChoice(ALWAYS, employee=key)
        case "item":
            return IncomeChoice(ALWAYS, employee, item=UUID(key))
        case "category":
            return IncomeChoice(ALWAYS, employee, category=key)
        case _:
            first = date.fromisoformat(key)
            month = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
            last = {"day": first, "week": first + timedelta(days=6 - first.weekday()), "month": month}[by]
            return IncomeChoice(Days(first, last), employee)


def test_patients_and_first_visits_are_those_of_the_calendar(lived: Connection[Any]) -> None:
    for first in (FIRST.date(), FIRST.date() + timedelta(days=3)):
        days = Days(first, first + timedelta(days=9))
        counted = lived.execute(
            f"""SELECT count(*), count(DISTINCT v.person), count(*) FILTER (WHERE v.first_visit) FROM ({VISIT}
              WHERE c.status = 'completed' AND NOT c.deleted AND (c.total > 0 OR jsonb_array_length(c.lines) > 0
              OR jsonb_array_length(c.goods) > 0) AND c.starts_at >= %(start)s AND c.starts_at < %(end)s)
              AS v(visit_id, number, version, person)""",
            days.values,
        ).fetchone()
        totals = income.report(lived, days, "day").totals
        assert (totals.visits, totals.patients, totals.first_visits) == counted
        firsts = income_lines.listing(lived, IncomeChoice(days, first=True))
        assert firsts.visits == totals.first_visits


def test_what_is_paid_of_income_is_what_its_visits_were_paid(lived: Connection[Any]) -> None:
    people = [row[0] for row in lived.execute("SELECT patient_id FROM patients WHERE merged_into IS NULL").fetchall()]
    visits = [visit for id_ in people for visit in patient_accounts.account(lived, id_).visits if visit.status == "completed"]
    others = income_lines.listing(lived, IncomeChoice(ALWAYS), size=500).items
    at_the_desk = [line.sums.net for line in others if line.patient is None and line.document != "visit"]  # paid at once
    named = _returned_by_patients(lived)
    paid = sum((one.total - one.due for one in visits), NOTHING) + sum(at_the_desk, NOTHING) + named
    assert income.report(lived, ALWAYS, "day").totals.paid == paid


def _returned_by_patients(lived: Connection[Any]) -> Decimal:
    """What came back of patients' sales: its lines name no buyer, and the accounts of these have it already."""
    query = """SELECT coalesce(sum(r.total), 0.00) FROM stock_documents r JOIN stock_documents d ON d.id = r.origin_id
      WHERE r.kind = 'customer_return' AND r.posted AND NOT r.deleted AND d.patient_id IS NOT NULL AND d.posted
        AND NOT d.deleted AND d.counterparty_id IS NULL"""
    found = lived.execute(query).fetchone()
    return Decimal(found[0]) if found else NOTHING


def test_what_is_paid_opens_exactly_what_it_counts(lived: Connection[Any]) -> None:
    days = Days(FIRST.date() + timedelta(days=1), FIRST.date() + timedelta(days=9))
    for period in (ALWAYS, days):
        found = income_paid.listing(lived, period, size=500)
        assert income.report(lived, period, "day").totals.paid == found.paid == sum((one.paid for one in found.items), NOTHING)
        assert (len(found.items), found.net) == (found.total, sum((one.net for one in found.items), NOTHING))
        for one in found.items:
            if one.patient is None or one.document != "visit":
                continue
            account = patient_accounts.account(lived, one.patient.id)
            (visit,) = [each for each in account.visits if each.id == one.visit_id]
            assert (one.net, one.due, one.paid) == (visit.total, visit.due, visit.total - visit.due)


def test_a_visit_that_is_paid_in_part_is_among_the_paid_ones_and_an_unpaid_one_is_not(till: Till) -> None:
    part, whole, _ = till.visit(1000, day=2), till.visit(300, day=3), till.visit(500, day=4)
    till.pay(cash(400), visits={part: 400})
    till.pay(cash(300), visits={whole: 300})
    days = Days(moment(1).date(), moment(30).date())
    found = income_paid.listing(till.read, days)
    assert [(one.visit_id, one.net, one.paid, one.due) for one in found.items] == [
        (whole, Decimal(300), Decimal(300), NOTHING),
        (part, Decimal(1000), Decimal(400), Decimal(600)),
    ]
    assert income.report(till.read, days, "day").totals.paid == found.paid == Decimal(700)
    assert [one.visit_id for one in income_paid.listing(till.read, days, page=2, size=1).items] == [part]
    assert income_paid.listing(till.read, Days(moment(4).date(), moment(4).date())).items == []


def test_charts_of_turnover_add_up_to_its_sums(lived: Connection[Any]) -> None:
    for days in (ALWAYS, Days(FIRST.date() + timedelta(days=1), FIRST.date() + timedelta(days=6))):
        report = stock_turnover.report(lived, days)
        assert sum((one.incoming for one in report.points), NOTHING) == report.sums.incoming.value
        assert sum((one.outgoing for one in report.points), NOTHING) == report.sums.outgoing.value
        assert all(days.first <= one.day <= days.last for one in report.points)
        for one in report.items[:5]:
            of_one = stock_turnover.report(lived, days, warehouse_id=one.warehouse.id, query=one.goods.name)
            assert sum((point.outgoing for point in of_one.points), NOTHING) == of_one.sums.outgoing.value


def test_a_chart_of_turnover_has_a_bar_for_each_step_with_movements(story: Story) -> None:
    money = Money(story)
    money.goods(StockReceipt, on(2), "700")
    money.goods(StockReceipt, on(2, "15:00"), "100")
    money.goods(SupplierReturn, on(20), "400")
    points = stock_turnover.report(story.read, Days(november(1), november(30))).points
    assert [(one.day, one.incoming, one.outgoing) for one in points] == [
        (november(2), Decimal(800), NOTHING),
        (november(20), NOTHING, Decimal(400)),
    ]
    weeks = stock_turnover.report(story.read, Days(november(1), november(30) + timedelta(days=60)))
    assert (weeks.step, [one.day for one in weeks.points]) == ("week", [november(2), november(16)])


def test_turnover_of_stock_closes_with_what_there_is(lived: Connection[Any]) -> None:
    days = Days(FIRST.date() + timedelta(days=1), FIRST.date() + timedelta(days=6))
    report = stock_turnover.report(lived, days, size=500)
    for one in report.items:
        figures = one.figures
        moved = (figures.opening.quantity or 0) + (figures.incoming.quantity or 0) - (figures.outgoing.quantity or 0)
        assert moved == figures.closing.quantity
        value = figures.opening.value + figures.incoming.value - figures.outgoing.value + figures.correction
        assert value == figures.closing.value, one
        card = stock_movements.movements(
            lived, one.goods.id, warehouse_id=one.warehouse.id, first=days.first, last=days.last, size=500
        )
        assert card is not None
        assert len(card.items) == card.total
        came = [item for item in card.items if item.quantity > 0]
        assert (figures.incoming.quantity, figures.incoming.value) == (
            sum(item.quantity for item in came),
            sum((item.value for item in came), NOTHING),
        )
        assert figures.correction == -sum((item.correction for item in card.items), NOTHING)
        assert (card.opening, card.closing, card.closing_value) == (
            figures.opening.quantity,
            figures.closing.quantity,
            figures.closing.value,
        )
    assert report.sums.closing.value == sum((one.figures.closing.value for one in report.items), NOTHING)
    assert report.sums.closing.value == stock_balances.balances(lived, end=days.end, shown="all").value


def test_income_of_a_small_clinic(story: Story) -> None:
    anna, boris, peter = story.doctor("Ильина"), story.doctor("Борисов"), story.patient("Петров")
    check, crown = story.service("Осмотр", "1000"), story.service("Коронка", "20000.01")
    first = story.visit(peter, anna, TUE, "10:00", "10:40", services=[check])
    second = story.visit(peter, anna, WED, "10:00", "10:40")
    both = (Performer(anna, "doctor", Decimal(60)), Performer(boris, "assistant", Decimal(40)))
    story.do(change_visit, second, lines=[RequestedLine(crown, performers=both)])
    for visit_id in (first, second):
        story.status(visit_id, "in_progress", "completed")
    report = income.report(story.read, Days(MON, FRI), "performer")
    assert [(one.name, one.visits, one.sums.net) for one in report.groups] == [
        ("Ильина", 2, Decimal("13000.01")),
        ("Борисов", 1, Decimal("8000.00")),
    ]
    totals = report.totals
    assert (totals.visits, totals.patients, totals.first_visits, totals.sums.net) == (2, 1, 1, Decimal("21000.01"))
    assert (totals.average, totals.paid, report.before.visits) == (Decimal("10500.01"), NOTHING, 0)
    assert (report.before_first, report.before_last) == (MON - timedelta(days=5), MON - timedelta(days=1))
    (shared,) = income_lines.listing(story.read, IncomeChoice(Days(MON, FRI), employee=str(boris))).items
    assert (shared.performers, shared.sums.net, shared.share) == ("Ильина, Борисов", Decimal("8000.00"), True)
    owed = debts.report(story.read, WED + timedelta(days=31), query="петр")
    assert [(one.name, one.debt, one.aged, one.oldest, one.visits) for one in owed.items] == [
        ("Петров", Decimal("21000.01"), (NOTHING, Decimal("21000.01"), NOTHING, NOTHING), TUE, 2)
    ]


@pytest.mark.spec("FIN-2", "FIN-7", "PAT-1")
def test_a_discount_that_a_visit_was_booked_with_counts_everywhere(story: Story) -> None:
    doctor, service = story.doctor("Орлова"), story.service("Пломба", "1000")
    category = story.do(create_entry, PatientCategory, {"name": "Семья", "color": "#2f9e44", "discount": "7,5"}).id
    patient = story.patient("Петров", categories=[category])
    story.day(doctor, MON, "09:00-18:00")
    visit_id = story.visit(patient, doctor, MON, "10:00", "10:30", services=[service])
    story.status(visit_id, "in_progress", "completed")
    conn, due = story.read, Decimal("925.00")
    (work,) = PERFORMED.all_rows(conn)
    assert Decimal(work.net).scaleb(-2) == due, "what payroll and reports go by"
    assert conn.execute("SELECT total FROM calendar").fetchall() == [(due,)]
    assert income.report(conn, Days(MON, MON), "day").totals.sums.net == due
    assert patient_accounts.account(conn, patient).debt == due
    assert [one.debt for one in debts.report(conn, MON).items] == [due]


def test_people_of_a_period_are_counted_once_whatever_else_they_came_for(story: Story) -> None:
    anna, boris, service = story.doctor("Ильина"), story.doctor("Борисов"), story.service("Осмотр", "1000")
    peter, other = story.patient("Петров"), story.patient("Сидоров")

    def came(patient: UUID, day: date, doctor: UUID, *services: UUID) -> UUID:
        visit_id = story.visit(patient, doctor, day, "10:00", "10:40", services=list(services))
        story.status(visit_id, "in_progress", "completed")
        return visit_id

    def people(first: date, last: date) -> tuple[int, int]:
        totals = income.report(story.read, Days(first, last), "day").totals
        return totals.visits, totals.patients

    came(peter, MON, anna, service)
    came(peter, TUE, anna)  # nothing was charged: it counts nowhere, and hides nobody
    at_once = [came(peter, WED, doctor, service) for doctor in (anna, boris)]
    came(other, WED + timedelta(days=1), anna, service)
    assert (people(MON, FRI), people(TUE, FRI), people(WED, WED), people(TUE, TUE)) == ((4, 2), (3, 2), (2, 1), (0, 0))
    story.do(delete_visit, at_once[0])
    assert (people(WED, WED), people(TUE, FRI)) == ((1, 1), (2, 2))
    story.do(delete_visit, at_once[1])
    assert (people(MON, FRI), people(TUE, FRI)) == ((2, 2), (1, 1))


def test_merged_cards_are_one_person(story: Story) -> None:
    anna, service = story.doctor("Ильина"), story.service("Осмотр", "1000")
    survivor, other = story.patient("Петров"), story.patient("Петров")
    for patient, day in ((survivor, TUE), (other, WED)):
        story.status(story.visit(patient, anna, day, "10:00", "10:40", services=[service]), "in_progress", "completed")
    assert income.report(story.read, Days(MON, FRI), "day").totals.patients == 2
    story.do(merge_cards, survivor, other)
    totals = income.report(story.read, Days(MON, FRI), "day").totals
    assert (totals.patients, totals.first_visits) == (1, 1)
    assert [(one.id, one.debt) for one in debts.report(story.read, FRI).items] == [(survivor, Decimal("2000.00"))]


def test_money_for_a_visit_on_another_card_is_prepaid_until_the_visit_while_both_are_one_persons(till: Till) -> None:
    visit_id, survivor = till.visit(100, day=20, completed=False), till.do(create_card, {"family_name": "Петров"}).id
    till.do(merge_cards, survivor, till.patient)
    till.pay(cash(70), visits={visit_id: 60}, patient_id=survivor, keeps_rest=True)

    def prepaid() -> dict[UUID, Decimal]:
        return {one.id: one.prepaid for one in debts.report(till.read, moment(12).date(), shown="prepaid").items}

    assert prepaid() == {survivor: Decimal(70)}
    assert patient_accounts.account(till.read, survivor, moment(12, 23)).prepayment == Decimal(70)
    till.do(unmerge_cards, survivor, till.patient)
    assert prepaid() == {survivor: Decimal(10)}
    assert patient_accounts.account(till.read, survivor, moment(12, 23)).prepayment == Decimal(10)


def test_load_of_doctors_and_rooms(story: Story) -> None:
    anna, peter = story.doctor("Ильина"), story.patient("Петров")
    story.day(anna, TUE, "09:00-13:00", "14:00-15:00")
    done = story.visit(peter, anna, TUE, "10:00", "11:30", room="2")
    story.visit(peter, anna, TUE, "12:00", "12:30", room="2")
    missed = story.visit(peter, anna, TUE, "14:00", "15:00")
    story.status(done, "in_progress", "completed")
    story.status(missed, "no_show")
    doctors = load.report(story.read, Days(TUE, TUE), "doctors")
    (row,) = [one for one in doctors.rows if one.name == "Ильина"]
    assert (row.working, row.booked, row.completed, row.no_show, row.cancelled) == (300, 120, 90, 60, 0)
    assert (row.visits, row.percent) == (2, 400)
    assert {(cell.weekday, cell.hour): cell.booked for cell in doctors.cells} == {(1, 10): 60, (1, 11): 30, (1, 12): 30}
    for doctor in (one for one in doctors.rows if one.key):
        listed, total = calendar.listing(story.read, first=TUE, last=TUE, doctor_id=UUID(doctor.key), status="booked")
        taken = sum((visit.ends_at - visit.starts_at for visit in listed), timedelta(0))
        assert (total, taken) == (doctor.visits, timedelta(minutes=doctor.booked)), "what «Занято» opens"
    (room,) = [one for one in load.report(story.read, Days(TUE, TUE), "rooms").rows if one.key == "2"]
    assert (room.working, room.booked, room.percent) == (720, 120, 167)
    assert sum(cell.booked for cell in doctors.cells) == doctors.sum.booked


def test_the_period_before() -> None:
    whole_month = Days(date(2026, 3, 1), date(2026, 3, 31)).before()
    assert whole_month == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert Days(date(2026, 1, 1), date(2026, 12, 31)).before() == Days(date(2025, 1, 1), date(2025, 12, 31))
    assert Days(date(2026, 3, 1), date(2026, 3, 30)).before() == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert Days(date(2026, 3, 9), date(2026, 3, 15)).before() == Days(date(2026, 3, 2), date(2026, 3, 8))
    assert Days(MON, MON).before() == Days(MON - timedelta(days=7), MON - timedelta(days=7)), "of a day the same weekday"
    first = date(2026, 12, 1)
    assert Days(first, first).before() == Days(date(2026, 11, 24), date(2026, 11, 24)), "of the first of a month too"
    assert at(MON, "00:00") == Days(MON, MON).start
