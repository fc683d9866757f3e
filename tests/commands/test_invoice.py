"""Invoices to organisations on both adapters: nothing is billed twice, what is billed or paid stays (FIN-7)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aggregates.catalogues import Counterparty
from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.money.invoice import AlreadyInvoiced, Invoice, InvoiceDeleted, InvoiceLine, InvoiceOverpaid
from aggregates.money.money_documents import MoneyIncome
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.values import WrongValue
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.context import Receipt
from commands.money import invoice as commands
from commands.money import payment as payments
from commands.money.article import create_article
from commands.money.money_document import create_money_document, delete_money_document
from commands.money.payment import Part, Payer
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from tests.commands.paying import CASH, Payments, moment
from tests.commands.racing import parallel
from tests.commands.reception import context

CARD = {"last": "2026-11-30", "issued_on": "2026-11-20", "act_on": "2026-11-20"}


class Insured:
    """A patient whose visits an insurer pays."""

    def __init__(self, clinic: Clinic) -> None:
        self.till = Payments(clinic)
        self.clinic, self.do = clinic, self.till.do
        self.insurer = self.do(create_entry, Counterparty, {"name": "Полис"}).id
        self.article = self.do(create_article, {"name": "От страховых", "direction": "income"}).id

    def owed(self, total: int, day: int = 2) -> InvoiceLine:
        """A visit that the insurer owes."""
        visit = self.till.visit(total, day)
        part = Part(sum=Decimal(total), owed=True)
        paid = self.do(
            payments.pay,
            self.till.patient,
            moment(10),
            [part],
            visits={visit: Decimal(total)},
            payer=Payer(counterparty_id=self.insurer),
        )
        return InvoiceLine(
            payment_id=UUID(paid.facts["payments"][0]["id"]), visit_id=visit, visit_number=day, day=moment(day).date(),
            patient_id=self.till.patient, patient="Петров", card_number="1", services="Осмотр", sum=Decimal(total),
        )  # fmt: skip

    def issue(self, *lines: InvoiceLine, **card: Any) -> UUID:
        return self.do(commands.issue_invoice, self.insurer, {**CARD, **card}, lines).id

    def income(self, total: int, *pays: tuple[UUID, int], party: UUID | None = None) -> Receipt:
        card = {"moment": moment(21), "desk_id": str(CASH), "counterparty_id": str(party or self.insurer)}
        lines = [MoneyLine(article_id=self.article, sum=Decimal(total))]
        paid = [ReceiptPayment(receipt_id=invoice, sum=Decimal(amount)) for invoice, amount in pays]
        return self.do(create_money_document, MoneyIncome, card, lines, paid)


@pytest.fixture(params=["memory", "postgresql"])
def insured(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Insured:
    return Insured(MemoryClinic() if request.param == "memory" else nodes[0])


@pytest.mark.spec("FIN-7")
def test_no_visit_is_in_two_invoices_in_force(insured: Insured) -> None:
    first, second = insured.owed(900), insured.owed(500, 3)
    invoice = insured.issue(first)
    with pytest.raises(AlreadyInvoiced) as refused:
        insured.issue(second, first)
    assert refused.value.facts == {"visit_id": first.visit_id, "excess": Decimal("900.00")}
    insured.do(commands.annul_invoice, invoice)
    another = insured.issue(second, first)
    with pytest.raises(AlreadyInvoiced):
        insured.do(commands.return_invoice, invoice)
    insured.do(commands.annul_invoice, another)
    insured.do(commands.return_invoice, invoice)


@pytest.mark.spec("FIN-7")
def test_what_is_billed_is_not_taken_back_before_the_invoice_is_annulled(insured: Insured) -> None:
    line = insured.owed(900)
    invoice = insured.issue(line)
    with pytest.raises(AlreadyInvoiced):
        insured.do(payments.refund, line.payment_id, moment(22), Decimal(100))
    with pytest.raises(AlreadyInvoiced):
        insured.do(payments.release_visit, line.visit_id, moment(22))
    with pytest.raises(AlreadyInvoiced):
        insured.do(payments.delete_payment, line.payment_id)
    insured.do(commands.annul_invoice, invoice)
    insured.do(payments.refund, line.payment_id, moment(22), Decimal(100))
    with pytest.raises(AlreadyInvoiced):
        insured.do(commands.return_invoice, invoice)


@pytest.mark.spec("FIN-7")
def test_incomes_pay_invoices_and_never_more_than_they_come_to(insured: Insured) -> None:
    first, second = insured.issue(insured.owed(900)), insured.issue(insured.owed(500, 3))
    part = insured.income(1000, (first, 600), (second, 400))
    with pytest.raises(InvoiceOverpaid) as refused:
        insured.income(500, (first, 400))
    assert refused.value.facts == {"invoice_id": first, "excess": Decimal("100.00")}
    insured.income(300, (first, 300))
    with pytest.raises(InvoiceOverpaid):
        insured.do(commands.annul_invoice, second)
    insured.do(delete_money_document, MoneyIncome, part.id)
    insured.do(commands.annul_invoice, second)
    with pytest.raises(InvoiceDeleted):
        insured.income(500, (second, 500))
    other = insured.do(create_entry, Counterparty, {"name": "Другая"}).id
    with pytest.raises(WrongValue) as refused_other:
        insured.income(500, (first, 100), party=other)
    assert refused_other.value.facts["field"] == "pays.0.receipt_id"


@pytest.mark.spec("FIN-7", "VIS-5")
def test_a_closed_period_holds_for_invoices(insured: Insured) -> None:
    line = insured.owed(900)
    invoice = insured.issue(line, act_on="2026-11-15")
    insured.do(change_settings, {"past_documents": False, "closed_before": "2026-11-18"})
    with pytest.raises(PeriodClosed):
        insured.do(commands.annul_invoice, invoice)
    with pytest.raises(PeriodClosed):
        insured.issue(line, issued_on="2026-11-17")


@pytest.mark.spec("FIN-7")
def test_of_invoices_issued_at_once_one_bills_the_visit(nodes: list[Clinic]) -> None:
    insured = Insured(nodes[0])
    for day in range(2, 6):
        line = insured.owed(900, day)

        def issue(number: int, line: InvoiceLine = line) -> Receipt:
            return commands.issue_invoice(nodes[number % 3], context("issue_invoice"), insured.insurer, CARD, [line])

        outcomes = parallel(6, issue)
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyInvoiced"] * 5 + ["Receipt"]


@pytest.mark.spec("FIN-7")
def test_an_invoice_is_not_paid_while_it_is_annulled(nodes: list[Clinic]) -> None:
    """Whichever comes first, the other is refused."""
    insured = Insured(nodes[0])
    for day in range(2, 6):
        invoice = insured.issue(insured.owed(900, day))

        def race(turn: int, invoice: UUID = invoice) -> Receipt:
            if turn == 0:
                return insured.income(900, (invoice, 900))
            return commands.annul_invoice(nodes[1], context("annul_invoice"), invoice)

        paid, annulled = parallel(2, race)
        assert isinstance(paid, Receipt) != isinstance(annulled, Receipt)
        assert isinstance(paid, Receipt | InvoiceDeleted | InvoiceOverpaid)
        assert isinstance(annulled, Receipt | InvoiceOverpaid)
        assert insured.clinic.load(Invoice, invoice).deleted is isinstance(annulled, Receipt)
