"""Receipts that background work brings to the register: printed once, whatever the register and we ourselves do in between."""

import threading
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg import Connection
from starlette.testclient import TestClient

from aggregates.catalogues import CashDesk, first_entry_id
from aggregates.money.fiscal_receipt import FiscalReceipt
from commands.clinic.clinic_settings import change_settings
from commands.clinic.opening import open_clinic
from commands.context import Receipt
from commands.money import fiscal_receipt as commands
from commands.money.paying import Part
from commands.money.payment import pay, refund
from commands.ports.outside import OutsideAway
from commands.scheduling.visit import change_status
from gateways.atol_online import AtolOnline
from gateways.atol_settings import AtolSettings
from readmodels.money.fiscal_receipts import listing
from services.bootstrap import Denta
from services.fiscal import printing
from services.fiscal.printing import print_receipts
from services.test_servers.atol_online import LATE_ANSWERS, AcceptedReceipt, Register, server
from services.test_servers.register_beside import GROUP, INN, LOGIN, PASSWORD, RegisterBeside
from tests.commands.paying import Payments, cash, moment
from tests.projections.folding import fold_all
from tests.readmodels.conftest import ADMINISTRATOR, Story

CASH = first_entry_id(CashDesk, "Основная касса")


class Printing:
    """A clinic, the register's test server, and a payment to print."""

    def __init__(self, story: Story, register: Register) -> None:
        self.story, self.register = story, register
        story.do(change_settings, {"fiscal_receipts": True})
        self.patient = story.patient("Петров")
        self.pay()

    def pay(self) -> None:
        part = Part(desk_id=CASH, sum=Decimal(100))
        self.story.do(pay, self.patient, moment(20), [part], keeps_rest=True)

    def run(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.story.read
            print_receipts(self.story.denta, threading.Event())

    @property
    def receipts(self) -> list[FiscalReceipt]:
        ids = self.story.read.execute("SELECT id FROM fiscal_receipts ORDER BY moment, id").fetchall()
        return [self.story.denta.clinic.load(FiscalReceipt, id_) for (id_,) in ids]

    @property
    def states(self) -> list[str]:
        return [receipt.state for receipt in self.receipts]


@pytest.fixture
def clinic(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[Printing]:
    monkeypatch.setattr(printing, "PAUSE_SECONDS", 0.0)
    register, settings = _register()
    with TestClient(server(register)) as client:
        denta = Denta.open(database_url, fiscal_register=AtolOnline(settings, client))  # type: ignore[arg-type]
        try:
            with denta.database.connect() as connection:
                story = Story(denta, connection)
                story.do(
                    open_clinic,
                    name="Улыбка",
                    region="77",
                    administrator={"family_name": "Белова", "given_name": "Ольга", "position": "Администратор"},
                    email="admin@example.com",
                    password_hash="x",
                    administrator_id=ADMINISTRATOR,
                )
                yield Printing(story, register)
        finally:
            denta.close()


@pytest.mark.spec("FIN-5")
def test_a_receipt_is_handed_over_and_printed(clinic: Printing) -> None:
    clinic.run()
    assert clinic.states == ["sent"]
    clinic.run()
    assert clinic.states == ["printed"]
    clinic.run(3)
    assert len(clinic.register.receipts) == 1
    row = clinic.story.read.execute("SELECT signs->>'document_number', error FROM fiscal_receipts").fetchone()
    assert row == ("1001", "")


@pytest.mark.spec("FIN-5")
def test_a_crash_after_the_register_took_it_prints_nothing_twice(clinic: Printing, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(commands, "note_handed_over", dies)
        with pytest.raises(KeyboardInterrupt):
            clinic.run()
    assert (clinic.states, len(clinic.register.receipts)) == (["waiting"], 1)
    clinic.run(2)
    assert (clinic.states, len(clinic.register.receipts)) == (["printed"], 1)


@pytest.mark.spec("FIN-5")
@pytest.mark.parametrize("trouble", ["lose_answer", "server_error"])
def test_a_register_that_does_not_answer_is_asked_again(clinic: Printing, trouble: str) -> None:
    clinic.register.troubles = [trouble]  # type: ignore[list-item]
    with pytest.raises(OutsideAway):
        clinic.run()
    assert clinic.states == ["waiting"]
    clinic.run(2)
    assert (clinic.states, len(clinic.register.receipts)) == (["printed"], 1)


@pytest.mark.spec("FIN-5")
def test_a_receipt_that_the_register_can_not_take_holds_up_no_other(clinic: Printing) -> None:
    clinic.pay()
    clinic.register.troubles = ["server_error"]
    with pytest.raises(OutsideAway):
        clinic.run()
    assert sorted(clinic.states) == ["sent", "waiting"]


@pytest.mark.spec("FIN-5")
def test_a_late_receipt_is_waited_for_and_one_given_up_is_tried_again_by_a_person(clinic: Printing) -> None:
    clinic.register.troubles = ["late"]
    clinic.run(1 + LATE_ANSWERS)
    assert clinic.states == ["sent"]
    clinic.run()
    assert clinic.states == ["printed"]
    clinic.register.troubles = ["fail"]
    clinic.pay()
    clinic.run(2)
    assert sorted(clinic.states) == ["failed", "printed"]
    clinic.run(2)
    assert len(clinic.register.receipts) == 2
    failed = next(receipt for receipt in clinic.receipts if receipt.state == "failed")
    clinic.story.do(commands.retry_receipt, failed.id)
    clinic.run(2)
    assert (clinic.states, len(clinic.register.receipts)) == (["printed", "printed"], 3)
    assert len({one.external_id for one in clinic.register.receipts.values()}) == 3


def test_without_a_register_nothing_is_done(database_url: str) -> None:
    denta = Denta.open(database_url)
    try:
        assert print_receipts(denta, threading.Event()) == 0
    finally:
        denta.close()


def test_ids_of_attempts_are_those_of_the_receipt(clinic: Printing) -> None:
    clinic.run()
    (taken,) = clinic.register.receipts.values()
    (receipt,) = clinic.receipts
    assert taken.external_id == receipt.attempt_id
    assert UUID(taken.external_id.partition("/")[0]) == receipt.id


@pytest.mark.spec("FIN-5")
def test_a_refund_is_printed_after_the_receipt_that_it_takes_back(clinic: Printing) -> None:
    clinic.register.troubles = ["fail"]
    clinic.run(2)
    (sale,) = clinic.receipts
    assert clinic.states == ["failed"]
    payment = sale.lines[0].account_id
    clinic.story.do(refund, payment, moment(21), Decimal(40), desk_id=CASH)
    clinic.run(3)
    assert sorted(clinic.states) == ["failed", "waiting"]
    items, _ = listing(clinic.story.read, state="waiting")
    assert [one.queued for one in items] == [True]
    clinic.story.do(commands.retry_receipt, sale.id)
    clinic.run(4)
    assert clinic.states == ["printed", "printed"]
    printed = [one for one in clinic.register.receipts.values() if one.error is None]
    assert [one.operation for one in printed] == ["sell", "sell_refund"]


class Desk(Payments):
    """A clinic that prints by a register."""

    def __init__(self, denta: Denta, connection: Connection, register: Register) -> None:
        super().__init__(denta.clinic)
        self.denta, self.connection, self.register, self.position = denta, connection, register, 0
        self.do(change_settings, {"fiscal_receipts": True, "certificates": True})

    def printed(self) -> list[AcceptedReceipt]:
        """The receipts that are printed now, in their order."""
        self.register.receipts.clear()
        for _ in range(6):
            self.position = fold_all(self.connection, self.denta.decoders, after=self.position)
            print_receipts(self.denta, threading.Event())
        return list(self.register.receipts.values())

    def by_card(self, total: int) -> Part:
        return Part(desk_id=self.terminal, sum=Decimal(total))


@pytest.fixture
def till(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(printing, "PAUSE_SECONDS", 0.0)
    register, settings = _register()
    with TestClient(server(register)) as client:
        denta = Denta.open(database_url, fiscal_register=AtolOnline(settings, client))  # type: ignore[arg-type]
        try:
            with denta.database.connect() as connection:
                yield Desk(denta, connection, register)
        finally:
            denta.close()


@pytest.mark.spec("FIN-5", "VIS-4")
def test_the_register_gets_each_row_of_the_table(till: Desk) -> None:
    """Kinds of payment: 0 cash, 1 cashless, 2 in advance, 3 credit. Objects: 4 a service, 10 a payment."""
    at_once, planned, part, owed = (till.visit(1000, hour=hour, completed=False) for hour in (10, 11, 12, 13))

    def completed(*visits: UUID) -> None:
        for visit_id in visits:
            for status in ("in_progress", "completed"):
                till.do(change_status, visit_id, status)

    def paid(done: Receipt) -> UUID:
        return UUID(done.facts["payments"][0]["id"])

    def check(*expected: tuple[str, str, int, dict[int, int]]) -> None:
        assert [_row(one) for one in till.printed()] == list(expected)

    completed(at_once)
    till.pay(cash(400), till.by_card(600), visits={at_once: 1000})
    check(("sell", "full_payment", 4, {0: 400, 1: 600}))
    free = paid(till.pay(cash(70), keeps_rest=True))
    check(("sell", "advance", 10, {0: 70}))
    till.pay(cash(1000), visits={planned: 1000})
    check(("sell", "full_prepayment", 4, {0: 1000}))
    till.pay(cash(300), visits={part: 300})
    check(("sell", "prepayment", 10, {0: 300}))
    completed(planned)
    check(("sell", "full_payment", 4, {2: 1000}))
    completed(part)
    check(("sell", "partial_payment", 4, {2: 300, 3: 700}))
    till.pay(cash(700), visits={part: 700})
    check(("sell", "credit_payment", 10, {0: 700}))
    till.do(change_settings, {"credit_receipts": True})
    completed(owed)
    check(("sell", "credit", 4, {3: 1000}))
    debt = paid(till.pay(till.by_card(1000), visits={owed: 1000}))
    check(("sell", "credit_payment", 10, {1: 1000}))
    till.do(change_settings, {"credit_receipts": False})
    gift = till.certificate(1000)
    check(("sell", "advance", 10, {0: 1000}))
    till.pay(Part(certificate_id=gift, sum=Decimal(1000)), visits={till.visit(1000, hour=14): 1000})
    check(("sell", "full_payment", 4, {2: 1000}))
    till.refund(free, 70)
    check(("sell_refund", "advance", 10, {0: 70}))
    till.refund(debt, 1000, desk_id=till.terminal)
    check(("sell_refund", "full_payment", 4, {1: 1000}))


def _row(one: AcceptedReceipt) -> tuple[str, str, int, dict[int, int]]:
    assert one.error is None
    (item,) = one.receipt["items"]
    paid = {int(part["type"]): int(part["sum"]) for part in one.receipt["payments"]}
    return one.operation, item["payment_method"], item["payment_object"], paid


def _register() -> tuple[Register, AtolSettings]:
    settings = AtolSettings.of({**RegisterBeside(None, 80).settings, "DENTA_FISCAL": "http://localhost/possystem/v5"})
    assert settings is not None
    return Register(LOGIN, PASSWORD, GROUP, INN, patience=0.0), settings
