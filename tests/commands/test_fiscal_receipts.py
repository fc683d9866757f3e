"""The receipts that money requests, and their way to the register."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from uuid import UUID

import pytest

from aggregates.catalogues import Counterparty
from aggregates.money.fiscal_receipt import FiscalReceipt, PrintedSigns, ReceiptNotFailed, receipt_id
from aggregates.money.receipt import Receipt
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import certificate as certificates
from commands.money import fiscal_receipt as commands
from commands.money import payment as payments
from commands.money.payment import Part, Payer
from commands.scheduling.visit import change_status
from gateways.event_store_memory import MemoryClinic, MemoryLog
from tests.commands.paying import Payments, cash, moment

SIGNS = PrintedSigns(
    register_number="1", storage_number="2", document_number=3, sign="4", shift_number=5, number_in_shift=6, printed_at=moment(10)
)


class Printing(Payments):
    """A clinic that prints receipts, and the receipts that are new since the last look."""

    def __init__(self) -> None:
        super().__init__(MemoryClinic())
        self.do(change_settings, {"fiscal_receipts": True, "goods_vat": "vat22"})
        self._seen = set(self._ids())

    def _ids(self) -> Iterator[UUID]:
        log: MemoryLog = self.clinic.log  # type: ignore[attr-defined]  # the one in memory
        yield from (id_ for id_, stream in log.streams.items() if isinstance(stream[0].event, FiscalReceipt.Requested))

    def new(self) -> list[FiscalReceipt]:
        ids = [id_ for id_ in self._ids() if id_ not in self._seen]
        self._seen |= set(ids)
        return [self.clinic.load(FiscalReceipt, id_) for id_ in ids]

    def one(self) -> Receipt:
        (receipt,) = self.new()
        return receipt.receipt


@pytest.fixture
def till() -> Printing:
    return Printing()


def paid(receipt: Receipt) -> Mapping[str, Decimal]:
    return {part.means: part.sum for part in receipt.paid}


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
    assert till.one().operation == "sell"


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
