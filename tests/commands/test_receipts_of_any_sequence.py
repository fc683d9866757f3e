"""Whatever is done to visits, sales and their money, receipts come to what happened: all is sold once, all money named once."""

from contextlib import suppress
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from aggregates.catalogues import Counterparty
from aggregates.kernel import DomainError
from aggregates.money.certificate import Certificate, received_part
from aggregates.money.discounts import Discount
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from aggregates.stock.stock_documents import GoodsIssue
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import payment as payments
from commands.money.fiscal_receipt import give_up_receipt, note_handed_over, note_printed
from commands.money.paying import Part, Payer
from commands.money.sale_money import release_sale
from commands.scheduling.visit import RequestedLine, change_visit
from commands.stock.document import delete_document
from tests.commands.paying import CASH, moment
from tests.commands.printing import SIGNS, Printing, net
from tests.commands.selling import MoneyBack, Shop, payments_of

STEPS = 45


class Story:
    """Three visits of a patient, goods bought beside them, and all that can be done to these, at random."""

    def __init__(self, random: Random, *, credit: bool) -> None:
        self.random, self.till = random, Printing()
        self.till.do(change_settings, {"credit_receipts": credit})
        self.credit = credit
        self.visits = [self.till.visit(total, hour=9 + at, completed=False) for at, total in enumerate((1000, 333, 71))]
        self.services = [line.service_id for visit_id in self.visits for line in self.till.clinic.load(Visit, visit_id).lines]
        self.insurer = self.till.do(create_entry, Counterparty, {"name": "Страховая"}).id
        self.shop = Shop(self.till)
        self.sales = [self.shop.sell(named=True).id]
        self.certificates_sold = {"cash": Decimal(0), "terminal": Decimal(0)}
        self.payments = [self.till.prepay(500)]
        self.refunds = [UUID(self.till.refund(self.payments[0], 20).facts["refund_id"])]

    def step(self) -> None:
        action = self.random.choice((
            self.pay, self.pay, self.pay, self.use, self.refund, self.refund, self.release, self.status, self.status, self.status,
            self.lines, self.delete_payment, self.return_payment, self.delete_refund, self.return_refund, self.insurance,
            self.sell, self.sell, self.bring_back, self.bring_back, self.release_sale, self.delete_sale,
        ))  # fmt: skip
        with suppress(DomainError):
            action()

    def pay(self, payer: Payer | None = None) -> None:
        visit_id, total = self.random.choice(self.visits), Decimal(self.random.randint(1, 60000)) / 100
        due = self.till.clinic.load(Visit, visit_id).total - self.till.paid_for(visit_id)
        desk = self.random.choice((CASH, self.till.terminal))
        advance = self.random.random() < 0.2
        visits = {} if advance else {visit_id: min(total, due)}
        made = self.till.do(
            payments.pay, self.till.patient, moment(10), [Part(desk_id=desk, sum=total)], visits=visits, keeps_rest=True,
            **({"payer": payer} if payer else {}),
        )  # fmt: skip
        self.payments += [UUID(one["id"]) for one in made.facts["payments"]]

    def insurance(self) -> None:
        self.pay(Payer(counterparty_id=self.insurer))

    def use(self) -> None:
        payment, visit_id = self.random.choice(self.payments), self.random.choice(self.visits)
        due = self.till.clinic.load(Visit, visit_id).total - self.till.paid_for(visit_id)
        with self.till.clinic.write_lock():
            amount = min(due, self.till.clinic.payments.rest(payment))
        self.till.do(payments.pay, self.till.patient, moment(12), [], visits={visit_id: amount}, prepayments={payment: amount})

    def refund(self) -> None:
        payment = self.random.choice(self.payments)
        desk = self.till.clinic.load(Payment, payment).till.desk_id
        amount = Decimal(self.random.randint(1, 30000)) / 100
        made = self.till.do(payments.refund, payment, moment(20), amount, desk_id=desk)
        self.refunds.append(UUID(made.facts["refund_id"]))

    def release(self) -> None:
        self.till.do(payments.release_visit, self.random.choice(self.visits), moment(20))

    def status(self) -> None:
        visit_id = self.random.choice(self.visits)
        done = self.till.clinic.load(Visit, visit_id).status == "completed"
        self.till.again(visit_id, *(("in_progress",) if done else ("in_progress", "completed")))

    def lines(self) -> None:
        visit_id = self.random.choice(self.visits)
        chosen = self.random.sample(self.services, self.random.randint(1, 3))
        lines = [RequestedLine(service_id=id_, quantity=self.random.randint(1, 2)) for id_ in chosen]
        self.till.do(change_visit, visit_id, lines=lines)

    def sell(self) -> None:
        """To the patient, paid in part, or to somebody who pays all of it."""
        named, count, reduced = self.random.random() < 0.5, self.random.randint(1, 3), self.random.randint(0, 9999)
        total = Decimal(count * 100) - Decimal(reduced) / 100
        paid = (total * self.random.choice((0, 1, 2)) / 2).quantize(Decimal("0.01")) if named else total
        desk = self.random.choice((CASH, self.till.terminal))
        parts = [Part(desk_id=desk, sum=paid)] if paid else []
        discount = Discount("sum", Decimal(reduced) / 100)
        made = self.shop.sell(*parts, count=count, named=named, discount=discount)
        self.sales.append(made.id)
        self.payments += payments_of(made)

    def bring_back(self) -> None:
        """One of what was bought; with its money, or as prepayment."""
        sale_id = self.random.choice(self.sales)
        charge = self.shop.charge(sale_id)
        with self.till.clinic.write_lock():
            shares = self.till.clinic.payments.of_visit(sale_id)
        if (left := charge.left.get(self.shop.brush)) is None:
            return
        back = left.sum if left.parts == 10_000 else left.part(10_000)
        excess = max(Decimal(0), sum(shares.values(), Decimal(0)) - (charge.total - back))
        refunds = []
        for payment_id, share in shares.items() if charge.patient_id is None or self.random.random() < 0.5 else ():
            if amount := min(share, excess):
                refunds.append(MoneyBack(payment_id, amount, self.till.payment(payment_id).till.desk_id))
                excess -= amount
        made = self.shop.back(sale_id, 1, *refunds)
        self.refunds += [UUID(one["id"]) for one in made.facts["refunds"]]

    def release_sale(self) -> None:
        self.till.do(release_sale, self.random.choice(self.sales), moment(20))

    def delete_sale(self) -> None:
        self.till.do(delete_document, GoodsIssue, self.random.choice(self.sales))

    def delete_payment(self) -> None:
        self.till.do(payments.delete_payment, self.random.choice(self.payments))

    def return_payment(self) -> None:
        self.till.do(payments.return_payment, self.random.choice(self.payments))

    def delete_refund(self) -> None:
        self.till.do(payments.delete_refund, self.random.choice(self.refunds))

    def return_refund(self) -> None:
        self.till.do(payments.return_refund, self.random.choice(self.refunds))

    def check(self) -> None:
        """Receipts against payments, refunds and visits."""
        self.till.new()
        stated = net(self.till.every())
        paid = [one for one in map(self.till.payment, self.payments) if not one.deleted and one.counterparty_id is None]
        back = [self.till.clinic.load(Refund, id_) for id_ in self.refunds]
        own = {one.id for one in map(self.till.payment, self.payments) if one.counterparty_id is None}
        for kind, means in (("cash", "cash"), ("terminal", "cashless")):
            came = sum((one.sum for one in paid if one.till.desk_kind == kind), self.certificates_sold[kind])
            went = sum(one.sum for one in back if one.till.desk_kind == kind and not one.deleted and one.payment_id in own)
            assert stated.get(means, Decimal(0)) == came - went, (kind, stated)
        completed = [one for one in (self.till.clinic.load(Visit, id_) for id_ in self.visits) if one.status == "completed"]
        if len(completed) == len(self.visits):
            self._check_charges(stated, completed)

    def _persons(self, payment_id: UUID, share: Decimal) -> Decimal:
        """What of a share has to be on receipts."""
        return share if self.till.payment(payment_id).counterparty_id is None else Decimal(0)

    def _check_charges(self, stated: dict[str, Decimal], completed: list[Visit]) -> None:
        charged, settled = Decimal(0), Decimal(0)
        sold_goods = [charge for charge in map(self.shop.charge, self.sales) if charge.done]
        for visit in (*completed, *sold_goods):
            with self.till.clinic.write_lock():
                shares = self.till.clinic.payments.of_visit(visit.id)
            persons = sum((self._persons(id_, sum_) for id_, sum_ in shares.items()), Decimal(0))
            charged += visit.total - (sum(shares.values(), Decimal(0)) - persons)
            settled += persons
        sold = stated.get("sold", Decimal(0))
        assert settled <= sold <= charged
        assert sold - settled == stated.get("credit", Decimal(0)) - stated.get("credit_payment", Decimal(0)) >= 0
        if self.credit:
            assert sold == charged


@pytest.mark.spec("FIN-5")
@pytest.mark.parametrize("credit", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_receipts_come_to_what_happened(seed: int, credit: bool) -> None:
    story = Story(Random(seed), credit=credit)
    for _ in range(STEPS):
        story.step()
        story.check()


class GivenUp(Story):
    """Some receipts fail, and are given up; some of these turn out to be printed after all."""

    def fail_and_give_up(self) -> None:
        printed = {one.id for one in self.till.receipts() if one.state in {"printed", "given_up"}}
        open_ = [one for one in self.till.receipts() if one.state == "waiting"]
        first = [one for one in open_ if printed.issuperset(one.after)]
        if first:
            failed = self.random.choice(first).id
            self.till.fail(failed)
            self.till.do(give_up_receipt, failed, "Пробит на другой кассе")

    def print_first(self) -> None:
        """What waits for nothing."""
        for one in self.till.receipts():
            ready = all(self.till.clinic.load(FiscalReceipt, id_).state in {"printed", "given_up"} for id_ in one.after)
            if one.state == "waiting" and ready and self.random.random() < 0.5:
                self.till.do(note_handed_over, one.id, 1, "в кассе")
                self.till.do(note_printed, one.id, 1, SIGNS)

    def print_late(self) -> None:
        for one in self.till.receipts():
            if one.state == "given_up" and one.because is None:
                self.till.do(note_printed, one.id, 1, SIGNS)


@pytest.mark.spec("FIN-5")
@pytest.mark.parametrize("credit", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_receipts_come_right_though_those_given_up_are_printed_after_all(seed: int, credit: bool) -> None:
    """Whatever was done meanwhile: the register's late answer leaves no money unsaid and none said twice."""
    story = GivenUp(Random(seed), credit=credit)
    for at in range(STEPS):
        story.step()
        story.print_first()
        if at % 6 == 5:
            story.fail_and_give_up()
            assert not any(
                one.state == "waiting" and story.till.clinic.load(FiscalReceipt, before).state == "failed"
                for one in story.till.receipts()
                for before in one.after
            )
    story.print_late()
    story.check()


class ByCertificates(Story):
    """Certificates sold below, at and above their nominal pay too."""

    PRICES = (Decimal("333.33"), Decimal("1000.00"), Decimal("1200.00"), Decimal("0.01"))

    def __init__(self, random: Random, *, credit: bool) -> None:
        super().__init__(random, credit=credit)
        self.certificates = {
            self.till.certificate(1000, code=f"С-{at}", price=str(price)): price for at, price in enumerate(self.PRICES)
        }
        self.certificates_sold["cash"] = sum(self.PRICES, Decimal(0))

    def insurance(self) -> None:
        """Instead: by a certificate."""
        visit_id = self.random.choice(self.visits)
        due = self.till.clinic.load(Visit, visit_id).total - self.till.paid_for(visit_id)
        amount = min(due, Decimal(self.random.randint(1, 60000)) / 100)
        part = Part(certificate_id=self.random.choice([*self.certificates]), sum=amount)
        made = self.till.do(payments.pay, self.till.patient, moment(10), [part], visits={visit_id: amount})
        self.payments += [UUID(one["id"]) for one in made.facts["payments"]]

    def _persons(self, payment_id: UUID, share: Decimal) -> Decimal:
        certificate_id = self.till.payment(payment_id).till.certificate_id
        if certificate_id is None:
            return super()._persons(payment_id, share)
        return received_part(self.till.clinic.load(Certificate, certificate_id), share)

    def check(self) -> None:
        super().check()
        set_off = dict.fromkeys(self.certificates, Decimal(0))
        for one in self.till.receipts():
            for money in one.money:
                if (certificate_id := self.till.payment(money.payment_id).till.certificate_id) is not None:
                    set_off[certificate_id] += money.sum
        for certificate_id, amount in set_off.items():
            assert amount <= self.certificates[certificate_id]


@pytest.mark.spec("FIN-3", "FIN-5")
@pytest.mark.parametrize("credit", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_no_more_of_a_certificate_is_set_off_than_was_received_for_it(seed: int, credit: bool) -> None:
    story = ByCertificates(Random(seed), credit=credit)
    for _ in range(STEPS):
        story.step()
        story.check()
