"""The gateway to a cash register in the cloud, against our test server of it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from aggregates.money.fiscal_receipt import PrintedSigns
from aggregates.money.receipt import Paid, Position, Receipt, paid_by, positions, within_limit
from commands.ports.fiscal_register import Awaited, NotPrinted, ReceiptRefused
from commands.ports.outside import OutsideAway, WrongSetting
from gateways.atol_online import AtolOnline
from gateways.atol_settings import AtolSettings
from services.test_servers.atol_online import LATE_ANSWERS, Register, server

INN = "7701234567"
GIVEN = {
    "DENTA_FISCAL": "http://localhost/possystem/v4",
    "DENTA_FISCAL_LOGIN": "denta",
    "DENTA_FISCAL_PASSWORD": "secret",
    "DENTA_FISCAL_GROUP": "group-1",
    "DENTA_FISCAL_INN": INN,
    "DENTA_FISCAL_TAXATION": "usn_income",
    "DENTA_FISCAL_EMAIL": "clinic@example.ru",
    "DENTA_FISCAL_PLACE": "https://clinic.example.ru",
}
LINES = (
    *positions("Лечение кариеса", Decimal(3), Decimal("100.00"), method="full_payment", subject="service"),
    *positions("Щётка", Decimal(1), Decimal("250.00"), method="full_payment", subject="commodity", vat="vat22"),
)
RECEIPT = Receipt(operation="sell", positions=LINES, paid=paid_by([("cash", Decimal(200)), ("cashless", Decimal(150))]))


@pytest.fixture
def register() -> Register:
    return Register("denta", "secret", "group-1", INN, patience=0.0)


@pytest.fixture(params=["v4", "v5"])
def gateway(request: pytest.FixtureRequest, register: Register) -> Iterator[AtolOnline]:
    settings = AtolSettings.of({**GIVEN, "DENTA_FISCAL": f"http://localhost/possystem/{request.param}"})
    assert settings is not None
    with TestClient(server(register)) as client:
        yield AtolOnline(settings, client)


def printed(gateway: AtolOnline, receipt: Receipt = RECEIPT, attempt: str = "r1/1") -> PrintedSigns:
    outcome = gateway.outcome(gateway.hand_over(receipt, attempt))
    assert isinstance(outcome, PrintedSigns)
    return outcome


@pytest.mark.spec("FIN-5")
def test_a_receipt_is_printed_with_its_signs(gateway: AtolOnline, register: Register) -> None:
    signs = printed(gateway)
    assert (signs.document_number, signs.storage_number, signs.shift_number) == (1001, "9999078900004312", 1)
    assert signs.link.endswith(f"/receipts/{next(iter(register.receipts))}")
    (receipt,) = register.receipts.values()
    assert receipt.operation == "sell"
    assert receipt.receipt["total"] == Decimal("350.00")
    assert [(part["type"], part["sum"]) for part in receipt.receipt["payments"]] == [(0, Decimal(200)), (1, Decimal(150))]


def test_a_refund_is_printed_as_one(gateway: AtolOnline, register: Register) -> None:
    printed(
        gateway, Receipt(operation="sell_refund", positions=LINES, paid=(Paid("cash", Decimal("350.00")),), phone="+79120000001")
    )
    (receipt,) = register.receipts.values()
    assert receipt.operation == "sell_refund"
    assert receipt.receipt["client"] == {"phone": "+79120000001"}


@pytest.mark.spec("FIN-5")
def test_a_repeated_receipt_is_printed_once(gateway: AtolOnline, register: Register) -> None:
    assert gateway.hand_over(RECEIPT, "r1/1") == gateway.hand_over(RECEIPT, "r1/1")
    assert len(register.receipts) == 1


@pytest.mark.spec("FIN-5")
def test_a_receipt_whose_answer_was_lost_is_printed_once(gateway: AtolOnline, register: Register) -> None:
    register.troubles = ["lose_answer"]
    with pytest.raises(OutsideAway):
        gateway.hand_over(RECEIPT, "r1/1")
    printed(gateway)
    assert len(register.receipts) == 1


def test_a_token_that_is_over_is_replaced(gateway: AtolOnline, register: Register) -> None:
    printed(gateway)
    register.tokens.clear()
    printed(gateway, attempt="r2/1")
    assert len(register.receipts) == 2
    assert len(register.tokens) == 1


def test_trouble_of_the_service_is_no_refusal(gateway: AtolOnline, register: Register) -> None:
    register.troubles = ["server_error"]
    with pytest.raises(OutsideAway):
        gateway.hand_over(RECEIPT, "r1/1")
    assert not register.receipts


def test_a_late_receipt_is_awaited(gateway: AtolOnline, register: Register) -> None:
    register.troubles = ["late"]
    id_ = gateway.hand_over(RECEIPT, "r1/1")
    assert [gateway.outcome(id_) for _ in range(LATE_ANSWERS)] == [Awaited()] * LATE_ANSWERS
    assert isinstance(gateway.outcome(id_), PrintedSigns)


def test_a_register_that_gives_up_has_printed_nothing(gateway: AtolOnline, register: Register) -> None:
    register.troubles = ["fail"]
    assert gateway.outcome(gateway.hand_over(RECEIPT, "r1/1")) == NotPrinted(1, "Истекло время ожидания")
    assert gateway.outcome(gateway.hand_over(RECEIPT, "r1/1")) == NotPrinted(1, "Истекло время ожидания")
    printed(gateway, attempt="r1/2")


@pytest.mark.parametrize(
    ("position", "paid", "code"),
    [
        ({"price": "33.33", "quantity": "3", "sum": "100.00"}, "100.00", -3803),
        ({"price": "0", "quantity": "1", "sum": "100.00"}, "100.00", -3805),
        ({"price": "100.00", "quantity": "1", "sum": "100.00"}, "99.00", -3835),
        ({"price": "100.00", "quantity": "1", "sum": "100.00"}, "101.00", -3896),
    ],
)
def test_the_register_refuses_sums_that_differ(gateway: AtolOnline, position: dict[str, str], paid: str, code: int) -> None:
    numbers = {name: Decimal(value) for name, value in position.items()}
    line = Position(name="Услуга", method="full_payment", subject="service", **numbers)
    outcome = gateway.outcome(
        gateway.hand_over(Receipt(operation="sell", positions=(line,), paid=(Paid("cashless", Decimal(paid)),)), "r")
    )
    assert isinstance(outcome, NotPrinted)
    assert outcome.code == code


def test_a_receipt_that_is_wrong_is_refused_by_its_form(gateway: AtolOnline, register: Register) -> None:
    with pytest.raises(ReceiptRefused) as refused:
        gateway.hand_over(Receipt(operation="sell", positions=(), paid=()), "r1/1")
    assert (refused.value.blame, refused.value.code) == ("receipt", 32)
    assert not register.receipts


def test_as_many_positions_as_fit_are_printed(gateway: AtolOnline) -> None:
    many = [*LINES] * 80
    lines = within_limit(many)
    printed(
        gateway, Receipt(operation="sell", positions=lines, paid=(Paid("cash", sum((one.sum for one in lines), Decimal(0))),))
    )


def test_a_wrong_password_blames_the_settings(register: Register) -> None:
    settings = AtolSettings.of({**GIVEN, "DENTA_FISCAL_PASSWORD": "other"})
    assert settings is not None
    with TestClient(server(register)) as client, pytest.raises(ReceiptRefused) as refused:
        AtolOnline(settings, client).hand_over(RECEIPT, "r1/1")
    assert refused.value.blame == "settings"


def test_another_group_blames_the_settings(register: Register) -> None:
    settings = AtolSettings.of({**GIVEN, "DENTA_FISCAL_GROUP": "group-2"})
    assert settings is not None
    with TestClient(server(register)) as client, pytest.raises(ReceiptRefused) as refused:
        AtolOnline(settings, client).hand_over(RECEIPT, "r1/1")
    assert refused.value.blame == "settings"


def test_an_unknown_receipt_is_no_printed_one(gateway: AtolOnline) -> None:
    with pytest.raises(ReceiptRefused):
        gateway.outcome("00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, content=b"<html>"),
        httpx2.Response(200, content=b"{}"),
        httpx2.Response(200, content=b'"' + b"x" * 2_000_000 + b'"'),
        httpx2.Response(302, headers={"location": "http://elsewhere"}),
        httpx2.ReadTimeout("late"),
        httpx2.ConnectError("away"),
    ],
)
def test_whatever_else_is_answered_the_register_counts_as_away(answer: httpx2.Response | Exception) -> None:
    def respond(_: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings = AtolSettings.of(GIVEN)
    assert settings is not None
    with httpx2.Client(transport=httpx2.MockTransport(respond)) as client, pytest.raises(OutsideAway):
        AtolOnline(settings, client).hand_over(RECEIPT, "r1/1")


def test_receipts_outlive_the_test_server(tmp_path: Path) -> None:
    file, settings = tmp_path / "receipts", AtolSettings.of(GIVEN)
    assert settings is not None
    first = Register("denta", "secret", "group-1", INN, file)
    with TestClient(server(first)) as client:
        id_ = AtolOnline(settings, client).hand_over(RECEIPT, "r1/1")
    second = Register("denta", "secret", "group-1", INN, file)
    with TestClient(server(second)) as client:
        assert isinstance(AtolOnline(settings, client).outcome(id_), PrintedSigns)
        page = client.get(f"/receipts/{id_}")
        assert "Лечение кариеса" in page.text
        assert "350.0" in client.get("/").text


def test_without_an_address_there_is_no_register() -> None:
    assert AtolSettings.of({}) is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"DENTA_FISCAL": "https://online.atol.ru"}, "DENTA_FISCAL:"),
        ({"DENTA_FISCAL": "http://online.atol.ru/possystem/v4"}, "https"),
        ({"DENTA_FISCAL_LOGIN": ""}, "DENTA_FISCAL_LOGIN"),
        ({"DENTA_FISCAL_PASSWORD": ""}, "DENTA_FISCAL_PASSWORD"),
        ({"DENTA_FISCAL_INN": "12"}, "DENTA_FISCAL_INN"),
        ({"DENTA_FISCAL_TAXATION": "none"}, "DENTA_FISCAL_TAXATION"),
        ({"DENTA_FISCAL_PASSWORD_FILE": "/nowhere/at/all"}, "DENTA_FISCAL_PASSWORD_FILE"),
    ],
)
def test_wrong_settings_are_named(changed: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        AtolSettings.of({**GIVEN, **changed})


def test_the_password_may_come_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from file\n", encoding="utf-8")
    settings = AtolSettings.of({**GIVEN, "DENTA_FISCAL_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings is not None
    assert settings.password == "from file"
    assert "from file" not in repr(settings)
