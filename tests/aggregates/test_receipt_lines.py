"""Which receipt each event of money makes: the rows of the table of 54-ФЗ that a clinic meets."""

from decimal import Decimal

import pytest

from aggregates.money.receipt import Position
from aggregates.money.receipt_lines import (
    PaidVisit,
    SoldLine,
    of_advance,
    of_certificate,
    of_completion,
    of_payment,
    of_refund,
)

LINES = (
    SoldLine(name="Лечение", quantity=Decimal(1), net=Decimal("800.00"), subject="service"),
    SoldLine(name="Щётка", quantity=Decimal(1), net=Decimal("200.00"), subject="commodity", vat="vat22"),
    SoldLine(name="Консультация", quantity=Decimal(1), net=Decimal("0.00"), subject="service"),
)


def visit(share: str, before: str = "0.00", *, completed: bool = True) -> PaidVisit:
    return PaidVisit(number=12, completed=completed, lines=LINES, before=Decimal(before), share=Decimal(share))


def shown(positions: tuple[Position, ...]) -> list[tuple[str, str, str, str, str]]:
    return [(one.name, str(one.sum), one.method, one.subject, one.vat) for one in positions]


@pytest.mark.spec("FIN-5")
def test_a_visit_paid_at_once_is_a_full_payment_of_its_lines() -> None:
    positions, credit = of_payment([visit("1000.00")], Decimal(0))
    assert credit == 0
    assert shown(positions) == [
        ("Лечение", "800.00", "full_payment", "service", "none"),
        ("Щётка", "200.00", "full_payment", "commodity", "vat22"),
    ]


@pytest.mark.spec("FIN-5")
def test_a_visit_paid_in_part_is_a_partial_payment_with_credit_and_the_rest_pays_the_credit() -> None:
    positions, credit = of_payment([visit("400.00")], Decimal(0))
    assert credit == Decimal("600.00")
    assert {one.method for one in positions} == {"partial_payment"}
    assert sum(one.sum for one in positions) == Decimal("1000.00")
    later, none = of_payment([visit("600.00", before="400.00")], Decimal(0))
    assert (shown(later), none) == ([("Оплата по визиту № 12", "600.00", "credit_payment", "payment", "none")], 0)


@pytest.mark.spec("FIN-5")
def test_a_visit_to_come_is_paid_in_advance_and_set_off_when_it_is_completed() -> None:
    whole, _ = of_payment([visit("1000.00", completed=False)], Decimal(0))
    assert {one.method for one in whole} == {"full_prepayment"}
    part, credit = of_payment([visit("400.00", completed=False)], Decimal(0))
    assert (shown(part), credit) == ([("Предоплата по визиту № 12", "400.00", "prepayment", "payment", "none")], 0)
    done, none = of_completion(LINES, Decimal("1000.00"))
    assert ({one.method for one in done}, none) == ({"full_payment"}, 0)
    done, rest = of_completion(LINES, Decimal("400.00"))
    assert ({one.method for one in done}, rest) == ({"partial_payment"}, Decimal("600.00"))


@pytest.mark.spec("FIN-5")
def test_what_pays_for_nothing_yet_is_an_advance() -> None:
    positions, credit = of_payment([visit("1000.00")], Decimal("50.00"))
    assert (shown(positions)[-1], credit) == (("Аванс", "50.00", "advance", "payment", "none"), 0)
    assert shown(of_advance(Decimal("5.00"))) == [("Аванс", "5.00", "advance", "payment", "none")]
    assert shown(of_certificate("А-1", Decimal("900.00"))) == [
        ("Подарочный сертификат № А-1", "900.00", "advance", "payment", "none")
    ]


@pytest.mark.spec("FIN-5")
def test_a_refund_takes_back_services_and_advances_apart() -> None:
    assert shown(of_refund([(12, Decimal("300.00"))], Decimal("20.00"))) == [
        ("Возврат по визиту № 12", "300.00", "full_payment", "service", "none"),
        ("Аванс", "20.00", "advance", "payment", "none"),
    ]
    assert of_refund([], Decimal(0)) == ()
