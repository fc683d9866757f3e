"""Money as people ask for it: desks at any date, a desk's card, settlements with suppliers, the block above the calendar."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from aggregates.catalogues import CashDesk, Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.kernel import DomainError
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome, MoneyOutgo, MoneyTransfer
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.stock.stock_documents import GoodsIssue, StockReceipt, SupplierReturn
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import desk_days
from commands.money import money_document as commands
from commands.money.article import create_article
from commands.scheduling.visit import change_status
from commands.stock import document as stock_commands
from commands.stock.document import RequestedLine
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from readmodels.money import closed_days, desk_turnovers, money_documents, settlements
from readmodels.scheduling import day_statistics
from tests.aggregates.scenario import MON, SUN, TUE
from tests.commands.reception import context
from tests.projections.comparing import live_and_rebuilt_differ
from tests.readmodels.conftest import Story, looked_at

DRAWER = first_entry_id(CashDesk, "Основная касса")
FAR = datetime(2027, 1, 1)  # noqa: DTZ001  the clinic's wall clock


def on(day: int, clock: str = "12:00") -> str:
    return f"2026-11-{day:02}T{clock}"


def november(day: int) -> date:
    return date(2026, 11, day)


class Money:
    """A clinic with a drawer, a bank account, an article of either direction and a supplier of gloves."""

    def __init__(self, story: Story) -> None:
        self.story, self.do = story, story.do
        self.bank = self.do(create_entry, CashDesk, {"name": "Счёт", "kind": "bank"}).id
        self.articles = {
            way: self.do(create_article, {"name": name, "direction": way}).id
            for way, name in (("income", "Продажи"), ("outgo", "Закупки"))
        }
        self.supplier = self.do(create_entry, Counterparty, {"name": "Дентснаб"}).id

    def create(self, kind: type[MoneyDocument], moment: str, amount: str, desk: UUID = DRAWER, **head: Any) -> UUID:
        pays = head.pop("pays", ())
        card = {"moment": moment, "desk_id": desk, **head}
        return self.do(commands.create_money_document, kind, card, self.lines(kind, amount), pays).id

    def lines(self, kind: type[MoneyDocument], amount: str) -> list[MoneyLine]:
        way = kind.SHAPE.direction
        return [] if way is None else [MoneyLine(article_id=self.articles[way], sum=Decimal(amount))]

    def balances(self, day: int) -> list[tuple[str, str]]:
        return [(one.name, f"{one.balance}") for one in desk_turnovers.balances(self.story.read, november(day))]

    def goods(self, kind: Any, moment: str, amount: str) -> UUID:
        """A posted document of goods with the supplier."""
        if not hasattr(self, "gloves"):
            category = self.do(create_entry, GoodsCategory, {"name": "Расходники"}).id
            card = {"name": "Перчатки", "category": str(category), "price": "10", "sale_unit": str(first_entry_id(Unit, "штука"))}
            self.gloves = self.do(create_entry, Goods, card).id
        head = {
            "moment": moment, "warehouse_id": first_entry_id(Warehouse, "Основной склад"), "counterparty_id": self.supplier,
        }  # fmt: skip
        line = RequestedLine(goods_id=self.gloves, quantity=Decimal(1), sum=Decimal(amount))
        return self.do(stock_commands.create_document, kind, head, [line], post=True).id

    def debt(self, day: int) -> str:
        (found,) = settlements.listing(self.story.read, FAR.replace(year=2026, month=11, day=day), shown="all").items
        return f"{found.debt}"


@pytest.fixture
def money(story: Story) -> Money:
    return Money(story)


@pytest.mark.spec("FIN-1")
def test_a_desk_has_at_each_date_what_its_documents_until_then_add_up_to(money: Money) -> None:
    income = money.create(MoneyIncome, on(2), "1000")
    money.create(MoneyTransfer, on(4), "0", to_desk_id=money.bank, sum="300")
    out = money.create(MoneyOutgo, on(5), "99.50")
    money.create(MoneyOutgo, on(5), "500", money.bank)
    assert money.balances(1) == [("Основная касса", "0.00"), ("Счёт", "0.00")]
    assert money.balances(3) == [("Основная касса", "1000.00"), ("Счёт", "0.00")]
    assert money.balances(9) == [("Основная касса", "600.50"), ("Счёт", "-200.00")]
    late = money.create(MoneyIncome, on(3), "50")
    assert money.balances(3)[0] == ("Основная касса", "1050.00"), "a late document counts from its own day on"
    money.do(commands.change_money_document, MoneyIncome, late, {"moment": on(7), "desk_id": money.bank})
    assert money.balances(6) == [("Основная касса", "600.50"), ("Счёт", "-200.00")]
    assert money.balances(7) == [("Основная касса", "600.50"), ("Счёт", "-150.00")]
    money.do(commands.delete_money_document, MoneyOutgo, out)
    assert money.balances(9)[0] == ("Основная касса", "700.00")
    money.do(commands.return_money_document, MoneyOutgo, out)
    money.do(commands.change_money_document, MoneyIncome, income, {}, money.lines(MoneyIncome, "2000"))
    assert money.balances(9)[0] == ("Основная касса", "1600.50")
    day = desk_turnovers.turnover(money.story.read, DRAWER, november(5))
    assert (day.opening, day.outgo, day.closing) == (Decimal(1700), Decimal("99.5"), Decimal("1600.5"))


@pytest.mark.spec("FIN-1")
def test_the_desks_card_shows_every_movement_with_the_balance_after_it(money: Money) -> None:
    patient = money.story.patient("Плательщиков", "Пётр")
    money.create(MoneyIncome, on(2), "1000", patient_id=patient)
    money.create(MoneyOutgo, on(3), "100", counterparty_id=money.supplier, comment="за свет")
    money.create(MoneyTransfer, on(3), "0", to_desk_id=money.bank, sum="300")
    money.create(MoneyTransfer, on(4), "0", money.bank, to_desk_id=DRAWER, sum="20")
    card = desk_turnovers.card(money.story.read, DRAWER, november(3), november(30))
    assert card is not None
    assert (card.opening, card.closing, card.total) == (Decimal(1000), Decimal(620), 3)
    assert (card.income, card.outgo, card.transfer_in, card.transfer_out) == (0, Decimal(100), Decimal(20), Decimal(300))
    shown = [(one.kind, one.about, f"{one.sum}", f"{one.balance}") for one in card.items]
    assert shown == [
        ("money_transfer", "Счёт", "20.00", "620.00"),
        ("money_outgo", "Дентснаб", "-100.00", "600.00"),
        ("money_transfer", "Счёт", "-300.00", "700.00"),
    ]
    assert card.items[1].articles == ["Закупки"]
    second = desk_turnovers.card(money.story.read, DRAWER, november(1), november(30), page=4, size=1)
    assert second is not None
    assert [(one.about, f"{one.balance}") for one in second.items] == [("Плательщиков Пётр", "1000.00")]
    assert desk_turnovers.card(money.story.read, money.supplier, november(1), november(2)) is None


@pytest.mark.spec("FIN-1")
def test_lists_are_filtered_by_desk_people_article_day_and_words(money: Money) -> None:
    patient = money.story.patient("Плательщиков", "Пётр")
    money.create(MoneyIncome, on(2), "1000", patient_id=patient, comment="по квитанции")
    money.create(MoneyIncome, on(3), "10", money.bank, counterparty_id=money.supplier)
    gone = money.create(MoneyIncome, on(4), "5")
    money.do(commands.delete_money_document, MoneyIncome, gone)

    def found(**asked: Any) -> tuple[list[int], str]:
        page = money_documents.listing(money.story.read, MoneyIncome, **asked)
        assert page.total == len(page.items)
        return [one.number for one in page.items], f"{page.sum}"

    assert found() == ([2, 1], "1010.00")
    assert found(deleted=True) == ([3, 2, 1], "1010.00")
    assert found(desk_id=money.bank) == ([2], "10.00")
    assert found(patient_id=patient) == ([1], "1000.00")
    assert found(counterparty_id=money.supplier) == ([2], "10.00")
    assert found(article_id=money.articles["income"], sort="total") == ([2, 1], "1010.00")
    assert found(article_id=money.articles["outgo"]) == ([], "0.00")
    assert found(first=november(3), last=november(3)) == ([2], "10.00")
    assert found(query="квитанция") == ([], "0.00")
    assert found(query="квитанции") == ([1], "1000.00")
    assert found(query="№ 2") == ([2], "10.00")
    assert money_documents.listing(money.story.read, MoneyIncome).items[1].names["patient_id"] == "Плательщиков Пётр"


@pytest.mark.spec("FIN-1")
def test_lists_name_who_wrote_a_document_and_are_filtered_by_them(money: Money) -> None:
    writer = money.story.doctor("Писарева", "Инна")
    mine = money.create(MoneyIncome, on(2), "1000")
    ctx = replace(context(), employee_id=writer)
    head = {"moment": on(3), "desk_id": money.bank}
    lines = [MoneyLine(article_id=money.articles["income"], sum=Decimal(10))]
    theirs = commands.create_money_document(money.story.denta.clinic, ctx, MoneyIncome, head, lines).id
    money.do(commands.change_money_document, MoneyIncome, theirs, {"comment": "исправлено"})
    found = money_documents.listing(money.story.read, MoneyIncome, author_id=writer)
    assert ([(one.id, one.author) for one in found.items], found.total, f"{found.sum}") == (
        [(theirs, "Писарева Инна")],
        1,
        "10.00",
    )
    assert {one.id for one in money_documents.listing(money.story.read, MoneyIncome).items} == {mine, theirs}


@pytest.mark.spec("FIN-8")
def test_closed_days_are_shown_with_the_document_of_the_difference(money: Money) -> None:
    money.create(MoneyIncome, on(2), "100")
    article = money.articles["outgo"]
    money.do(desk_days.close_day, DRAWER, november(2), Decimal(90), reason="недостача", article_id=article)
    money.do(desk_days.close_day, DRAWER, november(3), Decimal(90))
    last, first = closed_days.of_desk(money.story.read, DRAWER)
    assert (last.day, last.difference, last.booked) == (november(3), 0, None)
    assert (first.counted, first.difference, first.reason) == (Decimal(90), Decimal(-10), "недостача")
    assert first.booked is not None
    assert (first.booked.kind, first.booked.number) == ("money_outgo", 1)
    assert [one.closed_on for one in desk_turnovers.balances(money.story.read, november(9))] == [november(3), None]
    money.do(desk_days.reopen_day, DRAWER, november(3), "ошибка")
    assert [one.day for one in closed_days.of_desk(money.story.read, DRAWER)] == [november(2)]


@pytest.mark.spec("FIN-9")
def test_the_clinic_owes_for_receipts_less_returns_and_what_it_paid(money: Money) -> None:
    first, second = money.goods(StockReceipt, on(2), "1000"), money.goods(StockReceipt, on(6), "500")
    money.goods(SupplierReturn, on(7), "100")
    money.goods(GoodsIssue, on(8), "40")
    pays = [ReceiptPayment(receipt_id=first, sum=Decimal(700))]
    outgo = money.create(MoneyOutgo, on(4), "800", money.bank, counterparty_id=money.supplier, pays=pays)
    money.create(MoneyIncome, on(9), "15", counterparty_id=money.supplier)
    assert [money.debt(day) for day in (3, 5, 7, 8, 9, 10)] == ["1000.00", "200.00", "700.00", "600.00", "560.00", "575.00"]
    found = settlements.of_counterparty(money.story.read, money.supplier, november(5), november(30), size=2)
    assert found is not None
    assert (found.opening, found.advance, found.total, found.counterparty.debt) == (200, 100, 4, 575)
    assert [(one.kind, one.change, one.debt) for one in found.items] == [("money_income", 15, 575), ("goods_issue", -40, 560)]
    assert [(one.id, one.due, one.paid) for one in found.unpaid] == [(first, 1000, 700), (second, 500, 0)]
    being_written = settlements.unpaid(money.story.read, money.supplier, except_outgo=outgo)
    assert [one.paid for one in being_written] == [0, 0]
    whole = [ReceiptPayment(receipt_id=first, sum=Decimal(300)), ReceiptPayment(receipt_id=second, sum=Decimal(500))]
    money.create(MoneyOutgo, on(12), "800", money.bank, counterparty_id=money.supplier, pays=whole)
    assert settlements.unpaid(money.story.read, money.supplier) == []
    listed = settlements.listing(money.story.read, FAR)
    assert (listed.owed, listed.advances) == (0, 225)
    assert settlements.listing(money.story.read, FAR, query="чужой").items == []
    money.do(commands.delete_money_document, MoneyOutgo, outgo)
    assert [one.id for one in settlements.unpaid(money.story.read, money.supplier)] == [first]
    assert settlements.of_counterparty(money.story.read, DRAWER, None, november(30)) is None


@pytest.mark.spec("CAL-9")
def test_the_block_above_the_calendar_counts_visits_and_what_the_chosen_desk_moved(money: Money) -> None:
    story = money.story
    doctor, other = story.doctor("Иванова"), story.doctor("Петров")
    patient, more = story.patient("Первый"), story.patient("Второй")
    came = story.visit(patient, doctor, MON, "10:00", "10:30")
    story.status(came, "arrived")
    story.visit(patient, doctor, TUE, "10:00", "10:30")
    story.visit(more, other, TUE, "11:00", "11:30")
    gone = story.visit(more, doctor, TUE, "12:00", "12:30")
    story.do(change_status, gone, "cancelled")
    money.create(MoneyIncome, "2026-11-24T10:00", "1000")
    money.create(MoneyIncome, "2026-11-24T10:00", "7", money.bank)
    money.create(MoneyOutgo, "2026-11-24T11:00", "150")
    money.create(MoneyTransfer, "2026-11-24T12:00", "0", to_desk_id=money.bank, sum="500")
    day = day_statistics.of_day(story.read, TUE, DRAWER)
    assert (day.visits, day.first_visits, day.desk) == (2, 1, "Основная касса")
    assert (day.income, day.outgo) == (Decimal(1000), Decimal(150))
    own = day_statistics.of_day(story.read, TUE, None, only_doctor_id=other)
    assert (own.visits, own.first_visits, own.desk, own.income) == (1, 1, "", 0)
    assert day_statistics.of_day(story.read, SUN, DRAWER).visits == 0
    story.do(change_settings, {"statistics_cash_desk": str(money.bank)})


@pytest.mark.spec("FIN-1", "OPS-2")
def test_sums_by_days_are_what_a_rebuild_makes_of_any_documents(money: Money) -> None:
    r, made = Random(7), list[tuple[type[MoneyDocument], UUID]]()
    desks = (DRAWER, money.bank)
    for _ in range(60):
        kind, desk = r.choice(MONEY_DOCUMENTS), r.choice(desks)
        head = {"to_desk_id": desks[desk == DRAWER], "sum": "5"} if kind is MoneyTransfer else {}
        try:
            if r.random() < 0.5 or not made:
                made.append((kind, money.create(kind, on(r.randint(1, 9)), str(r.randint(1, 50)), desk, **head)))
            else:
                kind, id_ = r.choice(made)
                deed: Callable[..., Any] = r.choice((commands.delete_money_document, commands.return_money_document))
                money.do(deed, kind, id_)
                money.do(commands.change_money_document, kind, id_, {"moment": on(r.randint(1, 9)), "desk_id": desk})
        except DomainError:
            continue
        assert money.story.read
    models = [one for one in PROJECTIONS if one.name in {"money_documents", "closed_days"}]
    connection, denta = money.story.read, money.story.denta
    head = connection.execute("SELECT max(position) FROM events").fetchone()
    connection.execute("UPDATE projections SET position = %s", head)
    assert live_and_rebuilt_differ(Rebuilder(denta.database.connect, PROJECTIONS, denta.decoders), connection, *models) == []
    for desk in desks:
        documents = [denta.clinic.load(kind, id_) for kind, id_ in made]
        moved = [move.kopecks for one in documents if not one.deleted for move in one.moves if move.desk_id == desk]
        balance = desk_turnovers.balance(connection, desk, november(30))
        assert balance is not None
        assert balance.balance == Decimal(sum(moved)) / 100


def test_balances_are_read_from_sums_by_days_alone(money: Money) -> None:
    money.create(MoneyIncome, on(2), "1000")
    connection = money.story.read
    assert looked_at(connection, "money_documents", lambda: desk_turnovers.balances(connection, november(9))) == 0
