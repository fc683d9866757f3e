"""Goods sold without a visit, and goods that come back, with either adapter: stock, money and debts in one save."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest

from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.kernel import DomainError
from aggregates.money.charge import NobodysMoney, ReturnedUnsold, SaleNotInEffect, SalePaid, SaleUnpaid
from aggregates.money.discounts import Discount
from aggregates.money.patient_account import PaidTooMuch, VisitOfAnotherPatient, VisitOverpaid
from aggregates.money.payment import PaymentSpent
from aggregates.people.patient import PatientHasMoney
from aggregates.scheduling.visit_refusals import DiscountNotAllowed, PriceNotAllowed
from aggregates.stock.returned_goods import ReturnedTooMuch
from aggregates.stock.shortage import GoodsMissing
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from aggregates.values import WrongValue
from commands.clinic.clinic_settings import change_settings
from commands.money import payment as payments
from commands.money.paying import Part
from commands.money.sale_money import release_sale
from commands.people.patient import create_card, delete_card
from commands.scheduling.visit_lines import Allowed, RequestedGoods
from commands.stock.document import (
    RequestedLine,
    change_document,
    create_document,
    delete_document,
    return_document,
    unpost_document,
)
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.paying import CASH, Payments, cash, moment
from tests.commands.selling import MoneyBack, Shop, back_in_cash, payments_of


@pytest.fixture(scope="module", params=["memory", "postgresql"])
def shop(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Shop]:
    if request.param == "memory":
        yield Shop(Payments(MemoryClinic()))
        return
    denta = Denta.open(module_database_url, connections=12)
    yield Shop(Payments(denta.clinic))
    denta.close()


@pytest.fixture(autouse=True)
def stays_open(shop: Shop) -> Iterator[None]:
    yield
    shop.do(change_settings, {"past_documents": True})


@pytest.mark.spec("FIN-9")
@pytest.mark.spec("VIS-4")
def test_somebody_buys_a_brush_in_cash_with_change(shop: Shop) -> None:
    before = shop.till.in_desk()
    made = shop.sell(cash(200, 500), count=2)
    assert (made.facts["total"], shop.till.in_desk() - before) == ("200.00", Decimal(200))
    issue, (payment_id,) = shop.issue(made.id), payments_of(made)
    payment = shop.till.payment(payment_id)
    assert (issue.effective, [(line.name, line.quantity, line.sum) for line in issue.lines]) == (True, [("Щётка", 2, 200)])
    assert (payment.patient_id, payment.allocated, payment.unallocated) == (None, {made.id: Decimal(200)}, 0)
    assert {one.kind for one in payment.allocations} == {"sale"}


@pytest.mark.spec("FIN-9")
def test_discounts_are_shared_as_those_of_a_visit(shop: Shop) -> None:
    """3 500.00, 1 200.00 and 499.90 less 500.00 are 3 163.46, 1 084.61 and 451.83."""
    prices = ("3500.00", "1200.00", "499.90")
    goods = [RequestedGoods(shop.goods(f"Набор {price}", 10, 1, 1), price=Decimal(price)) for price in prices]
    made = shop.sell(cash("4699.90"), goods=goods, discount=Discount("sum", Decimal(500)))
    sold = [(line.price, line.sum) for line in shop.issue(made.id).lines]
    assert sold == [(Decimal(price), Decimal(net)) for price, net in zip(prices, ("3163.46", "1084.61", "451.83"), strict=True)]
    half = [RequestedGoods(shop.brush, Decimal(2), discount=Discount("percent", Decimal(50)))]
    assert shop.sell(cash(100), goods=half).facts["total"] == "100.00"


@pytest.mark.spec("FIN-9")
def test_prices_and_discounts_are_for_those_who_may_give_them(shop: Shop) -> None:
    cheaper = RequestedGoods(shop.brush, price=Decimal(1))
    reduced = RequestedGoods(shop.brush, discount=Discount("sum", Decimal(1)))
    with pytest.raises(PriceNotAllowed):
        shop.sell(cash(1), goods=[cheaper], allowed=Allowed(prices=False))
    with pytest.raises(DiscountNotAllowed):
        shop.sell(cash(99), goods=[reduced], allowed=Allowed(discounts=False))
    with pytest.raises(DiscountNotAllowed):
        shop.sell(cash(99), discount=Discount("sum", Decimal(1)), allowed=Allowed(discounts=False))


@pytest.mark.spec("FIN-9")
def test_a_mixture_of_card_certificate_cash_and_prepayment_pays_a_patient(shop: Shop) -> None:
    prepaid, certificate = shop.till.prepay(30), shop.till.certificate(20, code="щётки")
    parts = (
        Part(certificate_id=certificate, sum=Decimal(20)),
        Part(desk_id=shop.till.terminal, sum=Decimal(50)),
        cash(100, 1000),
    )
    made = shop.sell(*parts, count=2, named=True, prepayments={prepaid: Decimal(30)})
    assert shop.till.paid_for(made.id) == Decimal(200)
    assert shop.till.payment(prepaid).allocated == {made.id: Decimal(30)}
    with pytest.raises(PaymentSpent):
        shop.sell(named=True, prepayments={prepaid: Decimal(1)})


@pytest.mark.spec("FIN-9")
def test_a_patient_may_owe_and_nobody_else_may(shop: Shop) -> None:
    with pytest.raises(SaleUnpaid):
        shop.sell(cash(99))
    with pytest.raises(PaidTooMuch):
        shop.sell(cash(101))
    made = shop.sell(cash(40), named=True)
    assert shop.charge(made.id).total - shop.till.paid_for(made.id) == Decimal(60)
    with pytest.raises(PatientHasMoney):
        shop.do(delete_card, shop.patient)
    with pytest.raises(VisitOverpaid):
        shop.till.pay(cash(61), visits={made.id: 61})
    stranger = shop.do(create_card, {"family_name": "Чужой"}).id
    with pytest.raises(VisitOfAnotherPatient):
        shop.till.pay(cash(60), visits={made.id: 60}, patient_id=stranger)
    shop.till.pay(cash(60), visits={made.id: 60})
    assert shop.till.paid_for(made.id) == Decimal(100)


@pytest.mark.spec("FIN-9")
@pytest.mark.spec("STK-2")
def test_nothing_of_a_refused_sale_is_left(shop: Shop) -> None:
    desk = shop.till.in_desk()
    rare = shop.goods("Редкость", 10, 1, 1)
    two = [RequestedGoods(rare, Decimal(2))]
    with pytest.raises(GoodsMissing):
        shop.sell(cash(20), goods=two)
    shop.do(change_settings, {"past_documents": False, "closed_before": "2026-11-10"})
    with pytest.raises(PeriodClosed):
        shop.sell(cash(100), day=9)
    with pytest.raises(SaleUnpaid):
        shop.sell()
    assert shop.till.in_desk() == desk
    assert shop.sell(cash(10), goods=[RequestedGoods(rare)]).facts["total"] == "10.00"


@pytest.mark.spec("FIN-9")
@pytest.mark.spec("STK-1")
def test_what_comes_back_brings_its_money_and_the_last_of_it_the_rest(shop: Shop) -> None:
    """Three for 100.00: 33.33, 33.34 and 33.33."""
    three = [RequestedGoods(shop.brush, Decimal(3), discount=Discount("sum", Decimal(200)))]
    made = shop.sell(cash(100), goods=three)
    (payment,), desk = payments_of(made), shop.till.in_desk()
    sums = ("33.33", "33.34", "33.33")
    for money in sums:
        with pytest.raises(WrongValue):
            shop.back(made.id, 1, back_in_cash(payment, Decimal(money) + Decimal("0.01")))  # type: ignore[arg-type]
        with pytest.raises(WrongValue):
            shop.back(made.id, 1)  # nobody keeps it as prepayment
        answer = shop.back(made.id, 1, back_in_cash(payment, money))
        assert (answer.facts["total"], shop.returned(answer.id).lines[0].sum) == (money, Decimal(money))
    assert (desk - shop.till.in_desk(), shop.charge(made.id).total, shop.till.paid_for(made.id)) == (Decimal(100), 0, 0)
    with pytest.raises(ReturnedUnsold):
        shop.back(made.id, 1)


@pytest.mark.spec("FIN-9")
def test_a_patient_keeps_as_prepayment_what_is_not_refunded(shop: Shop) -> None:
    made = shop.sell(cash(60), Part(desk_id=shop.till.terminal, sum=Decimal(100)), count=2, named=True)  # 40 are owed
    by_cash, by_card = payments_of(made)
    shop.back(made.id, 1, MoneyBack(by_card, Decimal(30), shop.till.terminal))  # 60 are too much
    assert (shop.charge(made.id).total, shop.till.paid_for(made.id)) == (Decimal(100), Decimal(100))
    assert (shop.till.payment(by_card).unallocated, shop.till.payment(by_cash).unallocated) == (Decimal(60), 0)
    with shop.clinic.write_lock():
        assert shop.clinic.payments.rest(by_card) == Decimal(30)


@pytest.mark.spec("FIN-9")
def test_a_paid_sale_stays_until_its_money_is_released_or_returned(shop: Shop) -> None:
    named, unnamed = shop.sell(cash(100), named=True), shop.sell(cash(100))
    for sale_id in (named.id, unnamed.id):
        for command in (delete_document, unpost_document):
            with pytest.raises(SalePaid):
                shop.do(command, GoodsIssue, sale_id)
    with pytest.raises(NobodysMoney):
        shop.do(release_sale, unnamed.id, moment(11))
    shop.do(release_sale, named.id, moment(11))
    shop.do(delete_document, GoodsIssue, named.id)
    assert shop.till.payment(payments_of(named)[0]).unallocated == Decimal(100)
    refund = shop.till.refund(payments_of(unnamed)[0], 100)
    shop.do(delete_document, GoodsIssue, unnamed.id)
    with pytest.raises(NobodysMoney):
        shop.do(payments.delete_refund, UUID(refund.facts["refund_id"]))
    with pytest.raises(SaleNotInEffect):
        shop.back(named.id, 1)
    shop.do(return_document, GoodsIssue, named.id)
    assert (shop.charge(named.id).total, shop.till.paid_for(named.id)) == (Decimal(100), 0)  # its money isn't taken again


@pytest.mark.spec("FIN-9")
def test_a_sale_that_gets_cheaper_leaves_a_patient_the_rest(shop: Shop) -> None:
    named, unnamed = shop.sell(cash(300), count=3, named=True), shop.sell(cash(300), count=3)
    two, four = ([RequestedLine(goods_id=shop.brush, quantity=Decimal(count), price=Decimal(100))] for count in (2, 4))
    shop.do(change_document, GoodsIssue, named.id, {}, two)
    assert shop.till.payment(payments_of(named)[0]).unallocated == Decimal(100)
    assert shop.issue(named.id).lines[0].name == "Щётка"
    for lines, refusal in ((two, SalePaid), (four, SaleUnpaid)):
        with pytest.raises(refusal):
            shop.do(change_document, GoodsIssue, unnamed.id, {}, lines)
    with pytest.raises(SalePaid):
        shop.do(change_document, GoodsIssue, unnamed.id, {"patient_id": str(shop.patient)})
    with pytest.raises(WrongValue):
        shop.do(change_document, GoodsIssue, named.id, {"counterparty_id": str(shop.supplier)})


@pytest.mark.spec("FIN-9")
def test_a_return_that_is_taken_out_of_effect_makes_the_sale_dearer_again(shop: Shop) -> None:
    named, unnamed = shop.sell(cash(200), count=2, named=True), shop.sell(cash(200), count=2)
    prepaid = shop.back(named.id, 1)
    shop.do(delete_document, CustomerReturn, prepaid.id)
    assert shop.charge(named.id).total - shop.till.paid_for(named.id) == Decimal(100)
    refunded = shop.back(unnamed.id, 1, back_in_cash(payments_of(unnamed)[0], 100))
    with pytest.raises(SaleUnpaid):
        shop.do(delete_document, CustomerReturn, refunded.id)


@pytest.mark.spec("STK-1")
def test_goods_come_back_through_the_stock_too_and_never_twice(shop: Shop) -> None:
    made = shop.sell(cash(200), count=2, named=True)

    def stock_return(count: int, sum_: int) -> None:
        head = {"moment": "2026-11-12T12:00", "warehouse_id": shop.issue(made.id).card["warehouse_id"], "origin_id": made.id}
        line = RequestedLine(goods_id=shop.brush, quantity=Decimal(count), sum=Decimal(sum_))
        shop.do(create_document, CustomerReturn, head, [line], post=True)

    stock_return(1, 90)
    assert shop.till.payment(payments_of(made)[0]).unallocated == Decimal(90)
    assert shop.back(made.id, 1, back_in_cash(payments_of(made)[0], 110)).facts["total"] == "110.00"  # the last brings the rest
    with pytest.raises(ReturnedTooMuch):
        stock_return(1, 1)


@pytest.mark.spec("FIN-9")
@pytest.mark.parametrize("wrong", ["0", "-1", "0.001", "1000000000"])
def test_wrong_sums_and_quantities_change_nothing(shop: Shop, wrong: str) -> None:
    made, desk = shop.sell(cash(100), named=True), shop.till.in_desk()
    with pytest.raises(DomainError):
        shop.sell(Part(desk_id=CASH, sum=Decimal(wrong)), named=True)
    with pytest.raises(DomainError):
        shop.back(made.id, 1, MoneyBack(payments_of(made)[0], Decimal(wrong), CASH))
    if wrong != "0.001":
        with pytest.raises(DomainError):
            shop.sell(goods=[RequestedGoods(shop.brush, Decimal(wrong))], named=True)
    assert shop.till.in_desk() == desk
    assert shop.charge(made.id).total == Decimal(100)
