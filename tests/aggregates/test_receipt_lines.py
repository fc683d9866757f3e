"""Which positions each event of money makes: the rows of the table of 54-ФЗ that a clinic meets."""

from decimal import Decimal
from uuid import UUID

import pytest

from aggregates.money.receipt import Position
from aggregates.money.receipt_accounts import SoldLine, StatedLine, VisitAccount, part_of, taken_from, total_of
from aggregates.money.receipt_lines import advance_lines, certificate_lines, of_credit_payment, of_lines, prepaid_lines
from aggregates.money.receipt_settlement import Settlement, due_lines, settlement

VISIT_12 = "по визиту № 12"
LINES = (
    SoldLine(name="Лечение", quantity=Decimal(1), net=Decimal("800.00"), subject="service"),
    SoldLine(name="Щётка", quantity=Decimal(2), net=Decimal("200.00"), subject="commodity", vat="vat22"),
    SoldLine(name="Консультация", quantity=Decimal(1), net=Decimal("0.00"), subject="service"),
)
A, B, VISIT = UUID(int=1), UUID(int=2), UUID(int=3)


def shown(positions: tuple[Position, ...]) -> list[tuple[str, str, str, str, str]]:
    return [(one.name, str(one.sum), one.method, one.subject, one.vat) for one in positions]


def settled(
    paid: dict[UUID, str], stated: VisitAccount = VisitAccount(), lines: tuple[SoldLine, ...] = LINES, total: str | None = None
) -> Settlement:
    due = due_lines(lines, stated, total_of(lines) if total is None else Decimal(total))
    return settlement(due, {id_: Decimal(amount) for id_, amount in paid.items()}, stated)


def account(lines: tuple[SoldLine, ...], money: dict[UUID, str]) -> VisitAccount:
    return VisitAccount(lines, {id_: Decimal(amount) for id_, amount in money.items()})


@pytest.mark.spec("FIN-5")
def test_a_visit_paid_at_once_is_a_full_payment_of_its_lines() -> None:
    now = settled({A: "1000.00"})
    assert (now.credit, now.forward, now.returned) == (0, {A: Decimal(1000)}, ())
    assert shown(of_lines(now.sold)) == [
        ("Лечение", "800.00", "full_payment", "service", "none"),
        ("Щётка", "200.00", "full_payment", "commodity", "vat22"),
    ]


@pytest.mark.spec("FIN-5")
def test_a_visit_paid_in_part_is_a_partial_payment_with_credit_and_the_rest_pays_the_credit() -> None:
    now = settled({A: "400.00"})
    assert (now.credit, {one.method for one in now.sold}, total_of(now.sold)) == (Decimal(600), {"partial_payment"}, 1000)
    later = settled({A: "400.00", B: "600.00"}, account(now.sold, {A: "400.00"}))
    assert (later.sold, later.credit_payment, later.forward) == ((), Decimal(600), {B: Decimal(600)})
    assert shown(of_credit_payment(VISIT_12, Decimal("600.00"))) == [
        ("Оплата по визиту № 12", "600.00", "credit_payment", "payment", "none")
    ]


@pytest.mark.spec("FIN-5")
def test_what_was_stated_is_not_stated_again() -> None:
    stated = account(LINES[:2], {A: "1000.00"})
    assert settled({A: "1000.00"}, stated) == Settlement()


@pytest.mark.spec("FIN-5")
def test_what_is_no_longer_is_returned_from_the_credit_first() -> None:
    stated = account(LINES[:2], {A: "900.00"})
    fewer = settled({A: "800.00"}, stated, LINES[:1])
    assert ([line.name for line in fewer.returned], fewer.credit_back, fewer.back) == (["Щётка"], 100, {A: Decimal(100)})
    assert fewer.returned[0].quantity == 2
    lost = settled({A: "450.00"}, account(LINES[:2], {A: "1000.00"}))
    assert [(line.name, line.net) for line in lost.returned] == [("Лечение", 440), ("Щётка", 110)]
    assert (lost.back, lost.credit_back, lost.sold) == ({A: Decimal(550)}, 0, ())


@pytest.mark.spec("FIN-5")
def test_payments_that_take_the_place_of_others_are_exchanged() -> None:
    now = settled({B: "1000.00"}, account(LINES[:2], {A: "1000.00"}))
    assert (now.back, now.forward, total_of(now.returned), total_of(now.sold)) == ({A: 1000}, {B: 1000}, 1000, 1000)


@pytest.mark.spec("FIN-5")
def test_no_kopeck_moves_between_lines_that_were_stated() -> None:
    lines = tuple(SoldLine(name=name, quantity=Decimal(1), net=Decimal("33.33"), subject="service") for name in "АБВ")
    for first in range(1, 99):
        stated = VisitAccount(part_of(lines, Decimal(first)), {A: Decimal(first)})
        for second in range(first, 100):
            due = due_lines(lines, stated, Decimal(second))
            assert total_of(due) == second
            assert settlement(due, {A: Decimal(second)}, stated).returned == ()


@pytest.mark.spec("FIN-5")
def test_money_in_advance_has_its_vat_inside() -> None:
    assert [(one.name, one.method, one.vat) for one in of_lines(prepaid_lines(VISIT_12, LINES, Decimal(1000), whole=True))] == [
        ("Лечение", "full_prepayment", "none"),
        ("Щётка", "full_prepayment", "vat122"),
    ]
    assert shown(of_lines(prepaid_lines(VISIT_12, LINES, Decimal("500.00"), whole=False))) == [
        ("Предоплата по визиту № 12", "400.00", "prepayment", "payment", "none"),
        ("Предоплата по визиту № 12", "100.00", "prepayment", "payment", "vat122"),
    ]
    assert shown(of_lines(advance_lines(Decimal("5.00"), "vat5"))) == [("Аванс", "5.00", "advance", "payment", "vat105")]
    assert shown(of_lines(certificate_lines("А-1", Decimal("900.00")))) == [
        ("Подарочный сертификат № А-1", "900.00", "advance", "payment", "none")
    ]
    assert certificate_lines("Подарок", Decimal(0)) == ()


@pytest.mark.spec("FIN-5")
def test_an_advance_is_taken_from_what_was_for_the_visit_first_and_never_below_nothing() -> None:
    def stated(amount: str, visit_id: UUID | None) -> StatedLine:
        return StatedLine(account_id=A, line=advance_lines(Decimal(amount))[0], visit_id=visit_id)

    advances = (stated("100.00", None), stated("50.00", VISIT))
    assert [(one.line.net, one.visit_id) for one in taken_from(advances, Decimal(70), [VISIT, None])] == [(50, VISIT), (20, None)]
    assert total_of(one.line for one in taken_from(advances, Decimal(1000))) == 150
    assert taken_from((stated("-10.00", None),), Decimal(5)) == ()
