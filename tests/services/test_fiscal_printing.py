"""Receipts that background work brings to the register: printed once, whatever the register and we ourselves do in between."""

import threading
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from aggregates.catalogues import CashDesk, first_entry_id
from aggregates.money.fiscal_receipt import FiscalReceipt
from commands.clinic.clinic_settings import change_settings
from commands.clinic.opening import open_clinic
from commands.money import fiscal_receipt as commands
from commands.money.payment import Part, pay
from commands.ports.outside import OutsideAway
from gateways.atol_online import AtolOnline
from gateways.atol_settings import AtolSettings
from services.bootstrap import Denta
from services.fiscal import printing
from services.fiscal.printing import print_receipts
from services.test_servers.atol_online import LATE_ANSWERS, Register, server
from services.test_servers.register_beside import GROUP, INN, LOGIN, PASSWORD, RegisterBeside
from tests.commands.paying import moment
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
    register = Register(LOGIN, PASSWORD, GROUP, INN, patience=0.0)
    settings = AtolSettings.of({**RegisterBeside(None, 80).settings, "DENTA_FISCAL": "http://localhost/possystem/v5"})  # type: ignore[arg-type]
    assert settings is not None
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
