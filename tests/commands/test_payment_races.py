"""Payments, refunds and certificates at once over several nodes: nothing is paid, returned or used twice."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aggregates.kernel import DomainError
from aggregates.money.certificate import CertificateSpent
from aggregates.money.charge import ReturnedUnsold
from aggregates.money.patient_account import VisitOverpaid
from aggregates.money.payment import Payment, PaymentSpent
from aggregates.money.receipt_accounts import visit_account
from aggregates.stock.shortage import GoodsMissing
from commands.clinic.clinic_settings import change_settings
from commands.context import Receipt
from commands.money import payment as commands
from commands.money.paying import Asked, Part
from commands.ports.clinic import Clinic
from commands.scheduling.visit import change_status
from commands.scheduling.visit_lines import RequestedGoods
from commands.selling.sale import sell
from commands.selling.sale_return import Back, take_back
from tests.commands.paying import CASH, Payments, cash, moment
from tests.commands.racing import parallel
from tests.commands.reception import context
from tests.commands.selling import WAREHOUSE, Shop, back_in_cash, payments_of


def pay(clinic: Clinic, till: Payments, *parts: Part, **more: Any) -> Receipt:
    return commands.pay(clinic, context("pay"), till.patient, moment(10), parts, **more)


def refund(clinic: Clinic, payment_id: UUID, total: int) -> Receipt:
    return commands.refund(clinic, context("refund"), payment_id, moment(11), Decimal(total), desk_id=CASH)


def one_of(outcomes: Sequence[Any], refusal: type[DomainError]) -> None:
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, refusal) for outcome in outcomes) == len(outcomes) - 1


@pytest.mark.spec("FIN-7")
def test_a_visit_is_paid_once_however_many_windows_pay_it(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    visit_id = till.visit(100)
    found = parallel(12, lambda n: pay(nodes[n % 3], till, cash(100), visits={visit_id: Decimal(100)}))
    one_of(found, VisitOverpaid)
    assert till.in_desk() == Decimal(100)


@pytest.mark.spec("FIN-7")
def test_a_payment_is_returned_once_and_a_prepayment_is_used_once(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    payment, visit_id = till.prepay(100), till.visit(1000)
    shares = {"visits": {visit_id: Decimal(100)}, "prepayments": {payment: Decimal(100)}}
    one_of(parallel(12, lambda n: pay(nodes[n % 3], till, **shares)), PaymentSpent)
    one_of(parallel(12, lambda n: refund(nodes[n % 3], payment, 100)), PaymentSpent)
    assert (till.in_desk(), till.paid_for(visit_id)) == (Decimal(0), Decimal(0))


@pytest.mark.spec("FIN-3")
def test_fifty_payments_of_the_last_money_of_a_certificate_are_one(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    part = Part(certificate_id=till.certificate(100), sum=Decimal(100))
    one_of(parallel(50, lambda n: pay(nodes[n % 3], till, part, keeps_rest=True)), CertificateSpent)


@pytest.mark.spec("FIN-9")
@pytest.mark.spec("STK-2")
def test_the_last_brush_is_sold_once_and_comes_back_once(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    shop = Shop(till)
    rare = shop.goods("Последняя", 100, 1, 50)

    def buy(clinic: Clinic, day: int = 10) -> Receipt:
        paid = Asked(moment(day), [cash(100)])
        return sell(clinic, context("sell"), moment(day), [RequestedGoods(rare)], paid, warehouse_id=WAREHOUSE)

    found = parallel(12, lambda n: buy(nodes[n % 3]))
    one_of(found, GoodsMissing)
    (sold,) = (one for one in found if isinstance(one, Receipt))
    assert till.in_desk() == Decimal(100)

    def bring(clinic: Clinic) -> Receipt:
        refunds = [back_in_cash(payments_of(sold)[0], 100)]
        return take_back(clinic, context("take_back"), sold.id, moment(11), [Back(rare, Decimal(1))], refunds)

    one_of(parallel(12, lambda n: bring(nodes[n % 3])), ReturnedUnsold)
    assert (till.in_desk(), till.paid_for(sold.id), shop.charge(sold.id).total) == (0, 0, 0)
    one_of(parallel(12, lambda n: buy(nodes[n % 3], day=12)), GoodsMissing)


@pytest.mark.spec("FIN-9")
def test_money_of_a_sale_goes_back_once_by_a_return_or_by_a_refund(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    shop = Shop(till)
    sold = shop.sell(cash(100), named=True)
    (payment,) = payments_of(sold)

    def deed(n: int) -> Receipt:
        if n % 2:
            return refund(nodes[n % 3], payment, 100)
        refunds, goods = [back_in_cash(payment, 100)], [Back(shop.brush, Decimal(1))]
        return take_back(nodes[n % 3], context("take_back"), sold.id, moment(11), goods, refunds)

    outcomes = parallel(12, deed)
    assert sum(isinstance(one, Receipt) for one in outcomes) == 1
    assert (till.in_desk(), till.paid_for(sold.id)) == (0, 0)


@pytest.mark.spec("FIN-1")
@pytest.mark.spec("FIN-7")
def test_whatever_many_windows_do_documents_and_balances_agree(nodes: list[Clinic]) -> None:
    """Three nodes pay, return, release and delete at random; what was acknowledged adds up to what the ledgers hold."""
    till, chance = Payments(nodes[0]), random.Random(7)
    visits = {till.visit(total, hour=9 + n): Decimal(total) for n, total in enumerate((100, 250, 400))}
    payments = [till.prepay(200) for _ in range(3)]
    answered: list[Receipt] = []

    def deed(clinic: Clinic) -> Callable[[], Receipt]:
        visit_id, payment_id, total = chance.choice([*visits]), chance.choice(payments), Decimal(chance.randint(1, 150))
        return chance.choice(
            (
                lambda: pay(clinic, till, Part(desk_id=CASH, sum=total), visits={visit_id: total}),
                lambda: pay(clinic, till, visits={visit_id: total}, prepayments={payment_id: total}),
                lambda: refund(clinic, payment_id, int(total)),
                lambda: commands.release_visit(clinic, context("release_visit"), visit_id, moment(12)),
                lambda: commands.delete_payment(clinic, context("delete_payment"), payment_id),
                lambda: commands.return_payment(clinic, context("return_payment"), payment_id),
            )
        )

    for _ in range(6):
        deeds = [deed(nodes[n % 3]) for n in range(8)]
        found = parallel(len(deeds), lambda n, deeds=deeds: deeds[n]())
        answered += [outcome for outcome in found if isinstance(outcome, Receipt)]
        payments += [UUID(one["id"]) for receipt in answered[-len(deeds) :] for one in receipt.facts.get("payments", ())]
        payments = [*dict.fromkeys(payments)]

    loaded = [till.payment(payment_id) for payment_id in payments]
    live = [payment for payment in loaded if not payment.deleted]
    refunds = [till.refunded(receipt) for receipt in answered if "refund_id" in receipt.facts]
    for visit_id, total in visits.items():
        allocated = sum((payment.allocated.get(visit_id, Decimal(0)) for payment in live), Decimal(0))
        assert allocated == till.paid_for(visit_id) <= total
    for payment in live:
        returned = sum((one.sum for one in refunds if one.payment_id == payment.id), Decimal(0))
        assert payment.unallocated - returned >= 0, f"{_story(payment)}, returned {returned}"
    assert till.in_desk() == sum((payment.sum for payment in live), Decimal(0)) - sum((one.sum for one in refunds), Decimal(0))


def _story(payment: Payment) -> str:
    return f"{payment.sum} with {[(one.visit_id, one.sum) for one in payment.allocations]}"


@pytest.mark.spec("FIN-5")
def test_a_visit_is_sold_once_by_receipts_however_many_windows_pay_and_complete_it(nodes: list[Clinic]) -> None:
    till = Payments(nodes[0])
    till.do(change_settings, {"fiscal_receipts": True})
    visit_id = till.visit(100, completed=False)
    till.do(change_status, visit_id, "in_progress")

    def act(number: int) -> Receipt:
        node = nodes[number % 3]
        if number % 4 == 0:
            return change_status(node, context("change_status"), visit_id, "completed")
        return pay(node, till, cash(10), visits={visit_id: Decimal(10)})

    done = sum(isinstance(one, Receipt) for one in parallel(16, act))
    assert done >= 11  # ten tenths of the visit, and its completion
    with nodes[0].write_lock():
        account = visit_account(nodes[0].stated_receipts.of([visit_id]), visit_id)
    assert (account.total, account.settled, account.credit) == (100, 100, 0)
