"""Money documents by their commands, with either adapter: numbers, references, closed periods and days, cash below zero."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import CashDesk, Counterparty
from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.kernel import DomainError
from aggregates.money.article import ArticleDeleted
from aggregates.money.cash_shortage import CashMissing, CashShortage
from aggregates.money.desk_days import DayIsClosed, DayTurnover, DeskDays, desk_days_id
from aggregates.money.desk_kind import DeskHasDocuments
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome, MoneyOutgo, MoneyTransfer
from aggregates.money.money_lines import ReceiptPayment
from aggregates.money.settlement import Overpayment, ReceiptOverpaid
from aggregates.stock.stock_documents import StockReceipt
from aggregates.values import WrongValue
from commands.catalogue import change_entry, create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import desk_days
from commands.money import money_document as commands
from commands.money.article import delete_article
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.stock import document as stock_commands
from gateways.event_store_memory import MemoryClinic
from tests.aggregates.scenario import named
from tests.commands.racing import parallel
from tests.commands.reception import context
from tests.commands.till import DRAWER, Till, on


@pytest.fixture(params=["memory", "postgresql"])
def till(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Till:
    return Till(MemoryClinic() if request.param == "memory" else nodes[0])


def missing(desk: UUID, moment: str, document: UUID, amount: str) -> CashMissing:
    return CashMissing(CashShortage(desk, datetime.fromisoformat(moment), document, Decimal(amount)))


@pytest.mark.spec("FIN-1")
def test_cash_is_never_below_zero_at_any_later_moment(till: Till) -> None:
    """The worked example: what there is today isn't enough."""
    till.create(MoneyIncome, on(1), "5000")
    out = till.create(MoneyOutgo, on(3), "4000")
    till.create(MoneyIncome, on(5), "2000")
    with pytest.raises(CashMissing) as refused:
        till.create(MoneyOutgo, on(2), "1500")
    assert missing(DRAWER, on(3), out, "500.00") == refused.value
    assert "на 03.11.2026 12:00 недостаёт 500,00\u00a0₽" in refused.value.sentence
    till.create(MoneyOutgo, on(2), "1000")
    till.create(MoneyOutgo, on(5), "2000")


@pytest.mark.spec("FIN-1")
def test_every_way_to_take_money_away_is_refused(till: Till) -> None:
    income = till.create(MoneyIncome, on(2), "1000")
    out = till.create(MoneyOutgo, on(3), "900")
    lines = till.lines(MoneyIncome, "899.99")
    for command, *args in (
        (commands.change_money_document, {}, lines),
        (commands.change_money_document, {"moment": on(4)}),
        (commands.change_money_document, {"desk_id": till.safe}),
        (commands.delete_money_document,),
    ):
        with pytest.raises(CashMissing) as refused:
            till.do(command, MoneyIncome, income, *args)
        assert refused.value.shortage.document_id == out
    with pytest.raises(CashMissing):
        till.create(MoneyTransfer, on(5), "100.01")
    till.do(commands.delete_money_document, MoneyOutgo, out)
    till.create(MoneyTransfer, on(5), "1000")
    with pytest.raises(CashMissing) as refused:
        till.do(commands.return_money_document, MoneyOutgo, out)
    assert refused.value.shortage.missing == Decimal(900), "the transfer took what it needs"
    till.do(commands.change_money_document, MoneyIncome, income, {"moment": on(5)}, till.lines(MoneyIncome, "1000.5"))


@pytest.mark.spec("FIN-1")
def test_what_comes_in_within_a_minute_is_there_for_what_goes_out(till: Till) -> None:
    with pytest.raises(CashMissing):
        till.create(MoneyOutgo, on(2), "10")
    till.create(MoneyIncome, on(2), "10")
    till.create(MoneyTransfer, on(2), "10", to=till.safe)
    till.create(MoneyOutgo, on(2), "10", till.safe)


@pytest.mark.spec("FIN-1")
@pytest.mark.parametrize("desk", ["terminal", "bank"])
def test_a_terminal_and_a_bank_account_may_be_below_zero(desk: str, till: Till) -> None:
    till.create(MoneyOutgo, on(2), "700", getattr(till, desk))
    till.create(MoneyTransfer, on(2), "700", getattr(till, desk), to=till.safe)
    till.create(MoneyOutgo, on(2), "700", till.safe)


@pytest.mark.spec("FIN-1")
def test_a_desk_keeps_its_kind_once_it_has_a_document_even_a_deleted_one(till: Till) -> None:
    till.do(change_entry, CashDesk, till.bank, {"kind": "terminal"})
    till.do(change_entry, CashDesk, till.bank, {"kind": "bank"})
    out = till.create(MoneyOutgo, on(2), "700", till.bank)
    refusal = DeskHasDocuments(field="kind", desk_id=till.bank)
    for _ in range(2):
        with pytest.raises(DeskHasDocuments) as refused:
            till.do(change_entry, CashDesk, till.bank, {"kind": "cash"})
        assert refusal == refused.value
        if not till.clinic.load(MoneyOutgo, out).deleted:
            till.do(commands.delete_money_document, MoneyOutgo, out)
    till.do(change_entry, CashDesk, till.bank, {"name": "Счёт в банке"})
    till.do(commands.return_money_document, MoneyOutgo, out)


@pytest.mark.spec("FIN-1")
def test_each_kind_has_numbers_of_its_own_and_what_is_refused_takes_none(till: Till) -> None:
    for kind in MONEY_DOCUMENTS:
        numbers = [till.clinic.load(kind, till.create(kind, on(2), "10", till.terminal)).number for _ in range(2)]
        with pytest.raises(WrongValue):
            till.create(kind, on(2), "-1", till.terminal)
        assert [*numbers, till.clinic.load(kind, till.create(kind, on(2), "1", till.terminal)).number] == [1, 2, 3]


@pytest.mark.spec("FIN-1", "FIN-8", "DEL-2")
def test_what_is_chosen_has_to_be_there_and_may_be_deleted_later(till: Till) -> None:
    out = till.create(MoneyOutgo, on(2), "10", till.bank)
    till.do(delete_entry, CashDesk, till.bank)
    till.do(delete_article, till.articles["outgo"])
    with pytest.raises(EntryDeleted):
        till.create(MoneyIncome, on(2), "10", till.bank)
    with pytest.raises(ArticleDeleted):
        till.create(MoneyOutgo, on(2), "10", till.terminal)
    with pytest.raises(AggregateNotFound):
        till.create(MoneyIncome, on(2), "10", named("никакая"))
    till.do(commands.change_money_document, MoneyOutgo, out, {"comment": "x"}, till.lines(MoneyOutgo, "20"))
    till.do(commands.delete_money_document, MoneyOutgo, out)
    till.do(commands.return_money_document, MoneyOutgo, out)
    assert till.clinic.load(MoneyOutgo, out).total == Decimal(20)


@pytest.mark.spec("VIS-5", "DEL-2")
@pytest.mark.parametrize("kind", MONEY_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_a_closed_period_refuses_every_change(kind: type[MoneyDocument], till: Till) -> None:
    old, new, gone = (till.create(kind, on(day), "10", till.terminal) for day in (2, 12, 3))
    till.do(commands.delete_money_document, kind, gone)
    till.do(change_settings, {"past_documents": False, "closed_before": "2026-11-10"})
    for deed in (
        lambda: till.create(kind, on(9), "10", till.terminal),
        lambda: till.do(commands.change_money_document, kind, old, {"comment": "x"}),
        lambda: till.do(commands.change_money_document, kind, new, {"moment": on(9)}),
        lambda: till.do(commands.delete_money_document, kind, old),
        lambda: till.do(commands.return_money_document, kind, gone),
    ):
        with pytest.raises(PeriodClosed):
            deed()
    till.do(commands.change_money_document, kind, new, {"moment": on(10)})


@pytest.mark.spec("FIN-8", "DEL-2")
@pytest.mark.parametrize("kind", MONEY_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_a_closed_day_of_a_desk_refuses_every_change_until_it_is_opened(kind: type[MoneyDocument], till: Till) -> None:
    old, new, gone = (till.create(kind, on(day), "10", till.terminal, to=till.bank) for day in (2, 12, 3))
    other = till.create(kind, on(2), "10", till.bank, to=till.safe)
    till.do(commands.delete_money_document, kind, gone)
    till.close(5, "0", desk=till.terminal, reason="сверка")
    deeds: list[Callable[[], Any]] = [
        lambda: till.create(kind, on(5, "23:59"), "10", till.terminal, to=till.bank),
        lambda: till.do(commands.change_money_document, kind, old, {"comment": "x"}),
        lambda: till.do(commands.change_money_document, kind, new, {"moment": on(4)}),
        lambda: till.do(commands.change_money_document, kind, other, {"desk_id": till.terminal}),
        lambda: till.do(commands.delete_money_document, kind, old),
        lambda: till.do(commands.return_money_document, kind, gone),
    ]
    if kind is MoneyTransfer:
        deeds.append(lambda: till.create(kind, on(5), "10", till.bank, to=till.terminal))
    for deed in deeds:
        with pytest.raises(DayIsClosed):
            deed()
    till.do(commands.change_money_document, kind, new, {"moment": on(6)})
    till.do(commands.change_money_document, kind, other, {"comment": "другая касса"})
    till.do(desk_days.reopen_day, till.terminal, date(2026, 11, 5), "забыли чек")
    till.do(commands.return_money_document, kind, gone)


@pytest.mark.spec("FIN-8")
def test_a_day_is_closed_with_what_the_desk_moved_and_its_difference_is_booked(till: Till) -> None:
    till.create(MoneyIncome, on(2), "1000")
    till.create(MoneyIncome, on(3), "500")
    till.create(MoneyOutgo, on(3), "120.50")
    till.create(MoneyTransfer, on(3), "300")
    till.create(MoneyTransfer, on(3), "50", till.terminal, to=DRAWER)
    gone = till.create(MoneyIncome, on(3), "77")
    till.do(commands.delete_money_document, MoneyIncome, gone)
    receipt = till.close(3, "1100", reason="сдача без чека", article_id=till.articles["outgo"], document_id=named("недостача"))
    assert receipt.facts == {"difference": "-29.50", "document_kind": "money_outgo", "document_id": str(named("недостача"))}
    booked = till.clinic.load(MoneyOutgo, named("недостача"))
    assert (booked.moment, booked.total, booked.card["comment"]) == (
        datetime.fromisoformat(on(3, "23:59")),
        Decimal("29.5"),
        "сдача без чека",
    )
    (event,) = till.clinic.read_stream(desk_days_id(DRAWER), 0, None)  # type: ignore[attr-defined]  # both adapters have it
    turnover = DayTurnover(Decimal(1000), Decimal(500), Decimal("120.5"), Decimal(50), Decimal(300))
    assert (event.turnover, event.counted, event.difference) == (turnover, Decimal(1100), Decimal("-29.5"))
    with till.clinic.write_lock():
        assert till.clinic.cash_ledger.turnover(DRAWER, date(2026, 11, 4)).opening == Decimal(1100)
    more = till.close(4, "1100.01", reason="нашли", article_id=till.articles["income"])
    assert more.facts["document_kind"] == "money_income"
    exact = till.close(5, "1100.01", article_id=till.articles["income"])
    assert exact.facts == {"difference": "0.00", "document_kind": None, "document_id": None}
    with pytest.raises(WrongValue):
        till.close(6, "1", reason="не та статья", article_id=till.articles["income"])
    assert till.clinic.load(DeskDays, desk_days_id(DRAWER)).last == date(2026, 11, 5), "nothing half done"


@pytest.mark.spec("FIN-9")
def test_a_receipt_is_never_paid_more_than_it_comes_to(till: Till) -> None:
    supplier, other = (till.do(create_entry, Counterparty, {"name": name}).id for name in ("Дентснаб", "Стомснаб"))
    receipt, draft = till.receipt(supplier, "1000"), till.receipt(supplier, "50", post=False)

    def pay(amount: str, of: UUID = receipt, to: UUID = supplier) -> UUID:
        pays = [ReceiptPayment(receipt_id=of, sum=Decimal(amount))]
        return till.create(MoneyOutgo, on(2), "5000", till.bank, counterparty_id=to, pays=pays)

    first = pay("600")
    with pytest.raises(ReceiptOverpaid) as refused:
        pay("400.01")
    assert refused.value.overpayment.excess == Decimal("0.01")
    assert refused.value.overpayment.receipt_id == receipt
    second = pay("400")
    with pytest.raises(ReceiptOverpaid):
        pay("1", draft)
    with pytest.raises(WrongValue):
        pay("1", receipt, other)
    moved = [("counterparty_id", other)]
    for deed in (
        lambda: till.do(stock_commands.unpost_document, StockReceipt, receipt),
        lambda: till.do(stock_commands.delete_document, StockReceipt, receipt),
        lambda: till.do(stock_commands.change_document, StockReceipt, receipt, dict(moved)),
    ):
        with pytest.raises(ReceiptOverpaid):
            deed()
    till.do(commands.delete_money_document, MoneyOutgo, second)
    third = pay("400")
    with pytest.raises(ReceiptOverpaid) as refused:
        till.do(commands.return_money_document, MoneyOutgo, second)
    assert Overpayment(receipt, refused.value.overpayment.document_id, Decimal("400.00")) == refused.value.overpayment
    for outgo in (first, third):
        till.do(commands.change_money_document, MoneyOutgo, outgo, {}, None, [])
    till.do(stock_commands.unpost_document, StockReceipt, receipt)


@pytest.mark.spec("FIN-1")
@pytest.mark.thorough
def test_of_fifty_outgoes_of_the_last_money_one_is_made(nodes: list[Clinic]) -> None:
    till = Till(nodes[0])
    till.create(MoneyIncome, on(2), "100")
    found = parallel(50, lambda n: till.create(MoneyOutgo, on(3), "100", clinic=nodes[n % 3]))
    assert sorted(type(one).__name__ for one in found) == ["CashMissing"] * 49 + ["UUID"]


@pytest.mark.spec("FIN-8")
@pytest.mark.thorough
def test_no_document_slips_into_a_day_that_is_closed_at_the_same_moment(nodes: list[Clinic]) -> None:
    """What the closing says of the day is what its documents add up to, in either order."""
    till = Till(nodes[0])
    for day in range(2, 8):

        def act(number: int, day: int = day) -> Any:
            clinic = nodes[number % 3]
            if number == 5:
                args = DRAWER, date(2026, 11, day), Decimal(0)
                return desk_days.close_day(clinic, context("close_day"), *args, reason="сверка")
            return till.create(MoneyIncome, on(day), "10", clinic=clinic)

        found = parallel(10, act)
        assert not [one for one in found if isinstance(one, DomainError) and not isinstance(one, DayIsClosed)]
        made = sum(isinstance(one, UUID) for one in found)
        *_, event = till.clinic.read_stream(desk_days_id(DRAWER), 0, None)  # type: ignore[attr-defined]  # both have it
        assert event.turnover.income == 10 * made
