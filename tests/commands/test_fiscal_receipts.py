"""The receipts that money requests, and their way to the register."""

from decimal import Decimal
from uuid import UUID

import pytest

from aggregates.catalogues import CashDesk, Counterparty, Goods
from aggregates.money.fiscal_receipt import FiscalReceipt, ReceiptNotFailed, receipt_id
from aggregates.values import WrongValue
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import change_service, create_service
from commands.money import certificate as certificates
from commands.money import fiscal_receipt as commands
from commands.money import payment as payments
from commands.money.paying import Part, Payer
from commands.scheduling.visit import RequestedGoods, RequestedLine, change_status, change_visit, delete_visit, return_visit
from tests.commands.paying import cash, moment
from tests.commands.printing import SIGNS, Printing, net, paid, shown
from tests.commands.selling import Shop, back_in_cash, payments_of


@pytest.fixture
def till() -> Printing:
    return Printing()


@pytest.mark.spec("FIN-5")
def test_a_mixture_is_one_receipt(till: Printing) -> None:
    visit_id, certificate = till.visit(5000), till.certificate(1500)
    assert till.one().positions[0].method == "advance"
    by_card = Part(desk_id=till.terminal, sum=Decimal(2000))
    till.pay(Part(certificate_id=certificate, sum=Decimal(1500)), by_card, cash(1500, 2000), visits={visit_id: 5000})
    receipt = till.one()
    assert (receipt.operation, receipt.total, {one.method for one in receipt.positions}) == ("sell", 5000, {"full_payment"})
    assert paid(receipt) == {"cash": Decimal(1500), "cashless": Decimal(2000), "prepaid": Decimal(1500)}


@pytest.mark.spec("FIN-5")
def test_an_advance_is_set_off_once_when_its_visit_is_completed(till: Printing) -> None:
    visit_id = till.visit(1000, completed=False)
    till.pay(cash(400), visits={visit_id: 400})
    assert till.one().positions[0].method == "prepayment"
    for status in ("in_progress", "completed"):
        till.do(change_status, visit_id, status)
    receipt = till.one()
    assert {one.method for one in receipt.positions} == {"partial_payment"}
    assert paid(receipt) == {"prepaid": Decimal(400), "credit": Decimal(600)}
    for status in ("in_progress", "completed"):
        till.do(change_status, visit_id, status)
    assert till.new() == []
    till.pay(cash(600), visits={visit_id: 600})
    assert till.one().positions[0].method == "credit_payment"


@pytest.mark.spec("FIN-5")
def test_a_sale_that_was_printed_is_not_printed_again_when_its_visit_is_completed_again(till: Printing) -> None:
    visit_id = till.visit(1000)
    till.pay(cash(1000), visits={visit_id: 1000})
    assert till.one().positions[0].method == "full_payment"
    for status in ("in_progress", "completed"):
        till.do(change_status, visit_id, status)
    assert till.new() == []


@pytest.mark.spec("FIN-5")
def test_nothing_is_printed_for_the_money_of_an_organisation(till: Printing) -> None:
    ahead, afterwards = till.visit(1000, completed=False), till.visit(1000, hour=16)
    insurer = Payer(counterparty_id=till.do(create_entry, Counterparty, {"name": "Страховая"}).id)
    by_bank = Part(desk_id=till.terminal, sum=Decimal(2000))
    done = till.do(
        payments.pay, till.patient, moment(10), [by_bank], visits={ahead: Decimal(1000)}, keeps_rest=True, payer=insurer
    )
    payment_id = UUID(done.facts["payments"][0]["id"])
    for status in ("in_progress", "completed"):
        till.do(change_status, ahead, status)
    till.pay(visits={afterwards: 300}, prepayments={payment_id: 300})
    refunded = till.refund(payment_id, 500, desk_id=till.terminal)
    till.do(payments.delete_refund, UUID(refunded.facts["refund_id"]))
    assert till.new() == []
    till.pay(cash(300), visits={afterwards: 700}, prepayments={payment_id: 400})
    receipt = till.one()
    assert (receipt.total, paid(receipt)) == (Decimal(300), {"cash": Decimal(300)})


@pytest.mark.spec("FIN-5")
def test_a_prepayment_is_set_off_against_a_completed_visit(till: Printing) -> None:
    payment = till.prepay(300)
    assert [(one.name, one.method) for one in till.one().positions] == [("Аванс", "advance")]
    visit_id = till.visit(1000)
    till.pay(cash(700), prepayments={payment: 300}, visits={visit_id: 1000})
    receipt = till.one()
    assert ({one.method for one in receipt.positions}, paid(receipt)) == (
        {"full_payment"},
        {"cash": Decimal(700), "prepaid": Decimal(300)},
    )
    coming = till.visit(500, hour=11, completed=False)
    other = till.prepay(500)
    till.new()
    till.pay(prepayments={other: 500}, visits={coming: 500})
    assert till.new() == [], "the advance had its receipt, and the visit isn't done yet"


@pytest.mark.spec("FIN-5")
def test_money_that_goes_back_is_a_refund_of_the_kind_it_came_as(till: Printing) -> None:
    visit_id = till.visit(100)
    payment = UUID(till.pay(cash(150), visits={visit_id: 100}, keeps_rest=True).facts["payments"][0]["id"])
    till.new()
    made = UUID(till.refund(payment, 120).facts["refund_id"])
    receipt = till.one()
    assert (receipt.operation, paid(receipt)) == ("sell_refund", {"cash": Decimal(120)})
    assert [(one.sum, one.method) for one in receipt.positions] == [(Decimal(70), "full_payment"), (Decimal(50), "advance")]
    till.do(payments.delete_refund, made)
    assert till.one().operation == "sell"
    till.do(payments.delete_payment, payment)
    assert [(one.sum, one.method) for one in till.one().positions] == [(Decimal(30), "full_payment"), (Decimal(120), "advance")]
    till.do(payments.return_payment, payment)
    received, sold = (one.receipt for one in till.new())
    assert [(one.sum, one.method) for one in received.positions] == [(Decimal(150), "advance")]
    assert (sold.positions[0].sum, paid(sold)) == (Decimal(100), {"prepaid": Decimal(30), "credit": Decimal(70)})


def test_a_gift_and_an_organisation_make_no_receipt(till: Printing) -> None:
    till.do(change_settings, {"certificates": True})
    till.certificate(500, code="подарок", price="0")
    insurer = till.do(create_entry, Counterparty, {"name": "Страховая"}).id
    visit_id = till.visit(100)
    till.do(
        payments.pay,
        till.patient,
        moment(10),
        [Part(desk_id=till.terminal, sum=Decimal(100))],
        visits={visit_id: Decimal(100)},
        payer=Payer(counterparty_id=insurer),
    )
    assert till.new() == []


def test_a_deleted_certificate_takes_its_receipt_back(till: Printing) -> None:
    certificate = till.certificate(500)
    till.new()
    till.do(certificates.delete_certificate, certificate)
    assert till.one().operation == "sell_refund"


def test_without_the_setting_nothing_is_printed(till: Printing) -> None:
    till.do(change_settings, {"fiscal_receipts": False})
    till.pay(cash(100), visits={till.visit(100): 100})
    assert till.new() == []


@pytest.mark.spec("FIN-5")
def test_a_receipt_goes_from_state_to_state_and_is_printed_once(till: Printing) -> None:
    till.prepay(10)
    (receipt,) = till.new()

    def state() -> tuple[str, int]:
        now = till.clinic.load(FiscalReceipt, receipt.id)
        return now.state, now.attempt

    assert state() == ("waiting", 1)
    till.do(commands.note_handed_over, receipt.id, 1, "uuid-1")
    till.do(commands.note_handed_over, receipt.id, 1, "uuid-2")
    assert till.clinic.load(FiscalReceipt, receipt.id).register_id == "uuid-1"
    till.do(commands.note_failed, receipt.id, 1, -3803, "Сумма" * 200)
    assert state() == ("failed", 1)
    till.do(commands.note_printed, receipt.id, 1, SIGNS)
    assert state() == ("failed", 1)
    till.do(commands.retry_receipt, receipt.id)
    till.do(commands.note_handed_over, receipt.id, 1, "late answer of the first attempt")
    assert state() == ("waiting", 2)
    till.do(commands.note_handed_over, receipt.id, 2, "uuid-3")
    till.do(commands.note_printed, receipt.id, 2, SIGNS)
    assert state() == ("printed", 2)
    with pytest.raises(ReceiptNotFailed):
        till.do(commands.retry_receipt, receipt.id)


def test_each_occasion_has_an_id_of_its_own() -> None:
    document = UUID(int=1)
    assert receipt_id(document, "completion") != receipt_id(document, "payment") != receipt_id(UUID(int=2), "payment")


def _id(done: object) -> UUID:
    return UUID(done.facts["payments"][0]["id"])  # type: ignore[attr-defined]  # the answer of a payment


@pytest.mark.spec("FIN-5")
def test_what_is_paid_while_a_visit_is_open_again_is_set_off_when_it_is_completed_again(till: Printing) -> None:
    visit_id = till.visit(1000)
    till.pay(cash(400), visits={visit_id: 400})
    till.again(visit_id, "in_progress")
    till.pay(cash(600), visits={visit_id: 600})
    assert [receipt.positions[0].method for receipt in (one.receipt for one in till.new())] == ["partial_payment", "prepayment"]
    till.again(visit_id, "in_progress", "completed")
    receipt = till.one()
    assert (shown(receipt), paid(receipt)) == ([("600.00", "credit_payment", "payment")], {"prepaid": Decimal(600)})
    assert net(till.every()) == {
        "sold": Decimal(1000), "credit": Decimal(600), "credit_payment": Decimal(600), "cash": Decimal(1000),
        "prepaid": Decimal(600), "prepayment": Decimal(600),
    }  # fmt: skip


@pytest.mark.spec("FIN-5")
def test_lines_that_change_while_a_visit_is_open_again_are_returned_and_sold(till: Printing) -> None:
    visit_id = till.visit(1000)
    till.pay(cash(1000), visits={visit_id: 1000})
    before = till.one().positions[0]
    till.again(visit_id, "in_progress")
    other = till.do(create_service, {"name": "Снимок", "price": "300"}).id
    till.do(change_visit, visit_id, lines=[RequestedLine(service_id=other)])
    assert till.new() == []
    till.again(visit_id, "completed")
    back, sold = (one.receipt for one in till.new())
    assert (back.operation, back.positions, paid(back)) == ("sell_refund", (before,), {"prepaid": Decimal(1000)})
    assert (sold.operation, shown(sold), paid(sold)) == (
        "sell",
        [("300.00", "full_payment", "service")],
        {"prepaid": Decimal(300)},
    )
    assert sold.positions[0].name == "Снимок"


@pytest.mark.spec("FIN-5")
@pytest.mark.parametrize("lost", ["released", "deleted", "refunded"])
def test_a_visit_that_is_paid_again_is_sold_once_in_the_net_effect(till: Printing, lost: str) -> None:
    visit_id = till.visit(1000)
    payment = _id(till.pay(cash(1000), visits={visit_id: 1000}))
    (sale,) = till.new()
    if lost == "released":
        till.do(payments.release_visit, visit_id, moment(11))
    elif lost == "deleted":
        till.do(payments.delete_payment, payment)
    else:
        till.refund(payment, 300)
    (back,) = till.new()
    total = Decimal(300 if lost == "refunded" else 1000)
    assert (back.receipt.operation, shown(back.receipt)) == ("sell_refund", [(f"{total:.2f}", "full_payment", "service")])
    assert paid(back.receipt) == {"prepaid" if lost == "released" else "cash": total}
    assert back.after == (sale.id,)
    due = int(total)
    if lost == "released":
        till.pay(prepayments={payment: due}, visits={visit_id: due})
    else:
        till.pay(cash(due), visits={visit_id: due})
    assert (till.one().total, net(till.every())["sold"]) == (total, Decimal(1000))
    till.again(visit_id)
    assert till.new() == []


@pytest.mark.spec("FIN-5")
def test_a_refund_says_what_was_sold_with_its_vat(till: Printing) -> None:
    priced = [{"name": "А", "price": "33.33"}, {"name": "Б", "price": "33.33", "vat": "vat5"}]
    services = [till.do(create_service, card).id for card in priced]
    brush = till.do(
        create_entry, Goods, {"name": "Щётка", "price": "33.34", "category": till.category, "sale_unit": till.unit}
    ).id
    visit_id = till.visit(1, completed=False)
    lines = [RequestedLine(service_id=id_) for id_ in services]
    till.do(change_visit, visit_id, lines=lines, goods=[RequestedGoods(goods_id=brush)])
    till.again(visit_id)
    payment = _id(till.pay(cash(100), visits={visit_id: 100}))
    assert [(one.name, one.vat, one.subject) for one in till.one().positions] == [
        ("А", "none", "service"),
        ("Б", "vat5", "service"),
        ("Щётка", "vat22", "commodity"),
    ]
    till.refund(payment, 50)
    receipt = till.one()
    assert [(one.name, one.sum, one.method, one.subject, one.vat) for one in receipt.positions] == [
        ("А", Decimal("16.67"), "full_payment", "service", "none"),
        ("Б", Decimal("16.66"), "full_payment", "service", "vat5"),
        ("Щётка", Decimal("16.67"), "full_payment", "commodity", "vat22"),
    ]
    till.do(change_settings, {"goods_vat": "vat10"})
    till.refund(payment, 50)
    assert [one.vat for one in till.one().positions] == ["none", "vat5", "vat22"], "as they were sold"


@pytest.mark.spec("FIN-5")
def test_money_in_advance_goes_back_as_it_was_received(till: Printing) -> None:
    till.do(change_settings, {"services_vat": "vat5"})
    coming, other = till.visit(1000, completed=False), till.visit(500, hour=11, completed=False)
    whole = _id(till.pay(cash(1000), visits={coming: 1000}))
    part = _id(till.pay(cash(200), visits={other: 150}, keeps_rest=True))
    first, second = (one.receipt for one in till.new())
    assert [(one.method, one.subject, one.vat) for one in first.positions] == [("full_prepayment", "service", "vat105")]
    assert [(one.method, one.sum, one.vat) for one in second.positions] == [
        ("prepayment", Decimal(150), "vat105"),
        ("advance", Decimal(50), "vat105"),
    ]
    till.refund(whole, 400)
    assert shown(till.one()) == [("400.00", "full_prepayment", "service")]
    till.refund(part, 60)
    assert shown(till.one()) == [("50.00", "advance", "payment"), ("10.00", "prepayment", "payment")]


@pytest.mark.spec("FIN-5")
def test_what_no_receipt_stated_is_returned_by_none(till: Printing) -> None:
    till.do(change_settings, {"fiscal_receipts": False})
    visit_id = till.visit(1000)
    payment = _id(till.pay(cash(1200), visits={visit_id: 1000}, keeps_rest=True))
    till.do(change_settings, {"fiscal_receipts": True})
    made = UUID(till.refund(payment, 300).facts["refund_id"])
    till.do(payments.delete_refund, made)
    till.do(payments.delete_payment, payment)
    till.do(payments.return_payment, payment)
    assert till.new() == []


@pytest.mark.spec("FIN-5")
@pytest.mark.parametrize("payer", ["before", "after"])
def test_the_share_of_an_organisation_is_no_credit_of_the_person(till: Printing, payer: str) -> None:
    insurer = Payer(counterparty_id=till.do(create_entry, Counterparty, {"name": "Страховая"}).id)
    visit_id = till.visit(1000, completed=False)

    def insured() -> None:
        part = Part(desk_id=till.terminal, sum=Decimal(700))
        till.do(payments.pay, till.patient, moment(10), [part], visits={visit_id: Decimal(700)}, payer=insurer)

    if payer == "before":
        insured()
    till.pay(cash(100), visits={visit_id: 100})
    till.new()
    till.again(visit_id)
    receipt = till.one()
    if payer == "before":
        assert (receipt.total, paid(receipt)) == (Decimal(300), {"prepaid": Decimal(100), "credit": Decimal(200)})
        return
    assert paid(receipt) == {"prepaid": Decimal(100), "credit": Decimal(900)}
    insured()
    back = till.one()
    assert (back.operation, paid(back)) == ("sell_refund", {"credit": Decimal(700)})


@pytest.mark.spec("FIN-5")
def test_a_visit_that_is_completed_unpaid_is_a_credit_where_the_clinic_says_so(till: Printing) -> None:
    till.visit(500)
    assert till.new() == []
    till.do(change_settings, {"credit_receipts": True})
    visit_id = till.visit(1000, hour=11)
    receipt = till.one()
    assert (shown(receipt), paid(receipt)) == ([("1000.00", "credit", "service")], {"credit": Decimal(1000)})
    payment = _id(till.pay(cash(300), visits={visit_id: 300}))
    receipt = till.one()
    assert (shown(receipt), paid(receipt)) == ([("300.00", "credit_payment", "payment")], {"cash": Decimal(300)})
    till.refund(payment, 300)
    back, again = (one.receipt for one in till.new())
    assert (back.operation, paid(back)) == ("sell_refund", {"cash": Decimal(300)})
    assert paid(again) == {"credit": Decimal(300)}
    till.do(delete_visit, visit_id)
    gone = till.one()
    assert (gone.operation, paid(gone)) == ("sell_refund", {"credit": Decimal(1000)})
    till.do(return_visit, visit_id)
    assert paid(till.one()) == {"credit": Decimal(1000)}


@pytest.mark.spec("FIN-5")
def test_a_transfer_of_a_person_is_cashless_within_a_mixture(till: Printing) -> None:
    bank = till.do(create_entry, CashDesk, {"name": "Банк", "kind": "bank"}).id
    visit_id = till.visit(1000)
    by_card, transferred = (Part(desk_id=desk, sum=Decimal(300)) for desk in (till.terminal, bank))
    till.pay(cash(400), by_card, transferred, visits={visit_id: 1000})
    assert paid(till.one()) == {"cash": Decimal(400), "cashless": Decimal(600)}


@pytest.mark.spec("FIN-5", "FIN-3")
def test_certificates_are_advances_that_are_set_off_only_against_what_is_sold(till: Printing) -> None:
    certificate = till.certificate(1000)
    sold = till.one()
    assert (shown(sold), paid(sold)) == ([("1000.00", "advance", "payment")], {"cash": Decimal(1000)})
    coming = till.visit(600, completed=False)
    payment = _id(till.pay(Part(certificate_id=certificate, sum=Decimal(600)), visits={coming: 600}))
    assert till.new() == [], "its money was received when the certificate was sold"
    till.again(coming)
    done = till.one()
    assert (shown(done), paid(done)) == ([("600.00", "full_payment", "service")], {"prepaid": Decimal(600)})
    till.refund(payment, 200, desk_id=None)
    back = till.one()
    assert (back.operation, shown(back), paid(back)) == (
        "sell_refund",
        [("200.00", "full_payment", "service")],
        {"prepaid": Decimal(200)},
    )
    unused = _id(till.pay(Part(certificate_id=certificate, sum=Decimal(100)), keeps_rest=True))
    till.refund(unused, 100, desk_id=None)
    assert till.new() == [], "it is on the certificate again"


@pytest.mark.spec("FIN-5", "FIN-3")
def test_what_a_gift_of_the_clinic_pays_is_on_no_receipt(till: Printing) -> None:
    gift = till.certificate(400, code="подарок", price="0")
    visit_id = till.visit(1000)
    till.pay(Part(certificate_id=gift, sum=Decimal(400)), cash(600), visits={visit_id: 1000})
    receipt = till.one()
    assert (shown(receipt), paid(receipt)) == ([("600.00", "full_payment", "service")], {"cash": Decimal(600)})


@pytest.mark.spec("FIN-5")
def test_a_service_and_goods_have_a_vat_of_their_own(till: Printing) -> None:
    service = till.do(create_service, {"name": "Отбеливание", "price": "100", "vat": "vat22"}).id
    visit_id = till.visit(1, completed=False)
    till.do(change_visit, visit_id, lines=[RequestedLine(service_id=service)])
    till.again(visit_id)
    till.pay(cash(100), visits={visit_id: 100})
    assert [one.vat for one in till.one().positions] == ["vat22"]
    till.do(change_service, service, {"vat": ""})
    till.again(visit_id)
    assert till.new() == [], "a change of the service says nothing anew of what was sold"


@pytest.mark.spec("FIN-5")
@pytest.mark.spec("FIN-9")
def test_goods_sold_at_the_desk_and_what_comes_back_are_receipts_of_goods(till: Printing) -> None:
    shop = Shop(till)
    till.new()
    sold = shop.sell(cash(200, 500), count=2)
    receipt = till.one()
    assert (receipt.operation, paid(receipt), shown(receipt)) == (
        "sell",
        {"cash": Decimal(200)},
        [("200.00", "full_payment", "commodity")],
    )
    assert receipt.positions[0].vat == "vat22"
    shop.back(sold.id, 1, back_in_cash(payments_of(sold)[0], 100))
    receipt = till.one()
    assert (receipt.operation, paid(receipt), shown(receipt)) == (
        "sell_refund",
        {"cash": Decimal(100)},
        [("100.00", "full_payment", "commodity")],
    )
    assert net(till.every()[-2:])["sold"] == Decimal(100)


@pytest.mark.spec("FIN-5")
def test_a_refund_doesnt_wait_for_ever_for_a_sale_that_is_given_up(till: Printing) -> None:
    visit_id = till.visit(100)
    payment = _id(till.pay(cash(100), visits={visit_id: 100}))
    (sale,) = till.new()
    till.refund(payment, 40)
    waiting = {one.id for one in till.new()}
    with pytest.raises(ReceiptNotFailed):
        till.do(commands.give_up_receipt, sale.id, "Не нужен")
    till.fail(sale.id)
    with pytest.raises(WrongValue):
        till.do(commands.give_up_receipt, sale.id, " ")
    till.do(commands.give_up_receipt, sale.id, "Пробит на другой кассе")
    assert {one.state for one in till.receipts() if one.id in {sale.id, *waiting}} == {"given_up"}
    assert till.new() == []
    with pytest.raises(ReceiptNotFailed):
        till.do(commands.retry_receipt, sale.id)
    till.do(commands.note_printed, sale.id, 1, SIGNS)
    refund, *again = till.new()
    assert (refund.receipt.operation, paid(refund.receipt)) == ("sell_refund", {"cash": Decimal(40)})
    assert net(till.every())["cash"] == Decimal(60)
    assert sale.id in refund.after
    assert [one.receipt for one in again] == []


@pytest.mark.spec("FIN-5")
def test_money_whose_receipt_waited_for_one_that_is_given_up_has_a_receipt(till: Printing) -> None:
    visit_id = till.visit(100)
    till.pay(cash(60), visits={visit_id: 60})
    (sale,) = till.new()
    till.pay(cash(40), visits={visit_id: 40}, day=11)
    till.new()
    till.fail(sale.id)
    till.do(commands.give_up_receipt, sale.id, "Пробит на другой кассе")
    assert net(one.receipt for one in till.new())["cash"] == Decimal(40)
    assert not any(sale.id in one.after for one in till.receipts() if one.state == "waiting")
