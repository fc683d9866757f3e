from decimal import Decimal
from typing import Any

import pytest

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.money.article import Article
from aggregates.money.money_document import DeskMove, MoneyDocumentDeleted, SameDesk
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo, MoneyTransfer
from aggregates.money.money_lines import MOST_LINES, MoneyLine, ReceiptPayment
from aggregates.values import Change, FieldChange, WrongValue, WrongValues
from tests.aggregates.scenario import NOW, Fact, fact, given, named, replayed

DRAWER, BANK, SUPPLIER, PATIENT, EMPLOYEE = (named(name) for name in ("касса", "счёт", "поставщик", "пациент", "сотрудник"))
RENT, SALES, RECEIPT = named("аренда"), named("продажи"), named("поступление")
HEAD = {"moment": "2026-12-01T10:30", "desk_id": str(DRAWER)}
STORED = {**HEAD, "counterparty_id": None, "employee_id": None, "accrual_id": None, "comment": ""}


def line(amount: str = "1500.00", article: Any = RENT, note: str = "") -> MoneyLine:
    return MoneyLine(article_id=article, sum=Decimal(amount), note=note)


def payment(amount: str, receipt: Any = RECEIPT) -> ReceiptPayment:
    return ReceiptPayment(receipt_id=receipt, sum=Decimal(amount))


def paid(*lines: MoneyLine, **head: Any) -> Fact:
    return fact(MoneyOutgo.Created, number=7, place=3, card={**STORED, **head}, lines=lines or (line(),))


def article(direction: str) -> Article:
    new = Article(RENT)
    new.create({"name": "Аренда", "direction": direction}, at=NOW)
    return new


@pytest.mark.spec("FIN-1")
def test_a_document_is_in_effect_at_once_and_moves_what_its_lines_add_up_to() -> None:
    new = given(MoneyOutgo).when(MoneyOutgo.create, 7, 3, HEAD, [line("1500"), line("0.5", note="  за\nавгуст ")])
    new.then(paid(line("1500.00"), line("0.50", note="за август")))
    assert new.aggregate.total == Decimal("1500.50")
    assert new.aggregate.moves == (DeskMove(DRAWER, 2, -150_050),)
    income = given(MoneyIncome).when(MoneyIncome.create, 1, 1, HEAD, [line("20", SALES)]).aggregate
    assert income.moves == (DeskMove(DRAWER, 0, 2000),)


@pytest.mark.spec("FIN-1")
def test_a_transfer_has_one_sum_and_two_sides_and_never_the_same_desk_twice() -> None:
    head = {**HEAD, "to_desk_id": str(BANK), "sum": "100.5"}
    new = given(MoneyTransfer).when(MoneyTransfer.create, 1, 1, head)
    assert new.aggregate.moves == (DeskMove(DRAWER, 1, -10_050), DeskMove(BANK, 1, 10_050))
    given(MoneyTransfer).when(MoneyTransfer.create, 1, 1, {**head, "to_desk_id": str(DRAWER)}).then_refused(SameDesk())
    refused = WrongValue("lines", "У перемещения нет статей, только сумма.")
    given(MoneyTransfer).when(MoneyTransfer.create, 1, 1, head, [line()]).then_refused(refused)


@pytest.mark.spec("FIN-1")
@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "100000000"])
def test_a_sum_is_above_nothing_has_kopecks_at_most_and_a_limit(amount: str) -> None:
    for decide in (
        lambda: given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, HEAD, [line(amount)]),
        lambda: given(MoneyTransfer).when(MoneyTransfer.create, 1, 1, {**HEAD, "to_desk_id": str(BANK), "sum": amount}),
    ):
        refusal = decide().refusal
        assert isinstance(refusal, WrongValue), refusal
        assert refusal.each[0].facts["field"] in {"lines.0.sum", "sum"}


@pytest.mark.spec("FIN-1")
def test_what_is_wrong_is_refused_by_field_all_at_once() -> None:
    written = {**HEAD, "moment": "1900-01-01T10:00", "counterparty_id": str(SUPPLIER), "employee_id": str(EMPLOYEE)}
    refusal = given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, written, []).refusal
    assert isinstance(refusal, WrongValues)
    assert [one.facts["field"] for one in refusal.each] == ["moment", "employee_id", "lines"]
    many = [line("1")] * (MOST_LINES + 1)
    too_many = WrongValue("lines", f"В документе может быть не больше {MOST_LINES} строк. Разделите его на несколько.")
    given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, HEAD, many).then_refused(too_many)


@pytest.mark.spec("FIN-8")
def test_a_line_takes_an_article_of_its_direction() -> None:
    wrong = WrongValue("lines.0.article_id", "Здесь нужна статья расхода.")
    articles = {RENT: article("income")}
    given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, HEAD, [line()], articles=articles).then_refused(wrong)
    given(MoneyOutgo).when(MoneyOutgo.create, 7, 3, HEAD, [line()], articles={RENT: article("outgo")}).then(paid())


@pytest.mark.spec("FIN-9")
def test_receipts_are_paid_to_a_supplier_within_the_sum_of_the_outgo_each_once() -> None:
    supplied = {**HEAD, "counterparty_id": str(SUPPLIER)}
    new = given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, supplied, [line("1000")], [payment("999.99")])
    assert new.aggregate.pays == (payment("999.99"),)
    for head, payments, field in (
        (supplied, [payment("1000.01")], "pays"),
        (supplied, [payment("1"), payment("2")], "pays.1.receipt_id"),
        (supplied, [payment("0")], "pays.0.sum"),
        (HEAD, [payment("1")], "counterparty_id"),
        ({**HEAD, "employee_id": str(EMPLOYEE)}, [payment("1")], "counterparty_id"),
    ):
        refusal = given(MoneyOutgo).when(MoneyOutgo.create, 1, 1, head, [line("1000")], payments).refusal
        assert isinstance(refusal, WrongValue)
        assert refusal.facts["field"] == field
    nobodys = given(MoneyIncome).when(MoneyIncome.create, 1, 1, HEAD, [line()], [payment("1")]).refusal
    assert isinstance(nobodys, WrongValue), "an income pays invoices of an organisation"


@pytest.mark.spec("FIN-1")
def test_a_change_says_what_differs_and_nothing_if_nothing_does() -> None:
    given(MoneyOutgo, paid()).when(MoneyOutgo.change, {"comment": "за декабрь"}).then(
        fact(MoneyOutgo.Changed, changes=(FieldChange(field="comment", old="", new="за декабрь"),), lines=None)
    )
    given(MoneyOutgo, paid()).when(MoneyOutgo.change, {"comment": ""}, [line("1500")], []).then()
    changed = given(MoneyOutgo, paid()).when(MoneyOutgo.change, {}, [line("1600")])
    changed.then(fact(MoneyOutgo.Changed, changes=(), lines=Change(old=(line(),), new=(line("1600.00"),))))
    assert changed.aggregate.total == Decimal(1600)
    given(MoneyOutgo, paid()).when(MoneyOutgo.change, {}, []).then_refused(
        WrongValue("lines", "Добавьте хотя бы одну статью с суммой.")
    )


@pytest.mark.spec("DEL-2")
def test_a_deleted_document_is_returned_as_it_was_and_not_changed_meanwhile() -> None:
    gone, id_ = (paid(), fact(MoneyOutgo.Deleted)), named(MoneyOutgo.TOPIC)
    given(MoneyOutgo, *gone).when(MoneyOutgo.change, {"comment": "x"}).then_refused(MoneyDocumentDeleted(document_id=id_))
    given(MoneyOutgo, *gone).when(MoneyOutgo.delete).then_refused(AlreadyDeleted(id=id_))
    given(MoneyOutgo, *gone).when(MoneyOutgo.return_).then(fact(MoneyOutgo.Returned))
    given(MoneyOutgo, paid()).when(MoneyOutgo.return_).then_refused(NotDeleted(id=id_))


def test_a_document_is_what_its_events_say() -> None:
    moved = fact(MoneyOutgo.Changed, changes=(FieldChange(field="desk_id", old=str(DRAWER), new=str(BANK)),), lines=None)
    document = replayed(MoneyOutgo, paid(), moved)
    assert (document.desk_ids, document.number, document.place, document.lines) == ((BANK,), 7, 3, (line(),))
