from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.money.receipt import MOST_POSITIONS, Paid, Position, paid_by, positions, within_limit


def position(name: str, total: str, *, subject: str = "service") -> Position:
    (one,) = positions(name, Decimal(1), Decimal(total), method="full_payment", subject=subject)  # type: ignore[arg-type]
    return one


def test_three_for_a_hundred_are_two_prices() -> None:
    found = positions("Снимок", Decimal(3), Decimal("100.00"), method="full_payment", subject="service")
    assert [(one.price, one.quantity, one.sum) for one in found] == [
        (Decimal("33.33"), Decimal(2), Decimal("66.66")),
        (Decimal("33.34"), Decimal(1), Decimal("33.34")),
    ]


def test_a_quantity_that_is_not_whole_is_named() -> None:
    (one,) = positions("Гель", Decimal("2.5"), Decimal("100.01"), method="full_payment", subject="commodity")
    assert (one.name, one.price, one.quantity, one.sum) == ("Гель, 2,5", Decimal("100.01"), Decimal(1), Decimal("100.01"))


@given(quantity=st.integers(1, 1000), kopecks=st.integers(0, 10**9))
def test_each_position_is_price_times_quantity_and_together_they_are_the_sum(quantity: int, kopecks: int) -> None:
    total = Decimal(kopecks) / 100
    found = positions("Услуга", Decimal(quantity), total, method="full_payment", subject="service")
    assert all(one.price * one.quantity == one.sum and one.quantity > 0 for one in found)
    assert sum(one.sum for one in found) == total
    assert sum(one.quantity for one in found) == (1 if 0 < kopecks < quantity else quantity)


def test_more_positions_than_fit_are_summed_up_by_kinds() -> None:
    many = [position(f"Услуга {number}", "10.00") for number in range(150)]
    goods = [position(f"Товар {number}", "1.00", subject="commodity") for number in range(10)]
    found = within_limit([*many, *goods])
    assert len(found) == MOST_POSITIONS
    assert sum(one.sum for one in found) == Decimal("1510.00")
    assert [(one.name, one.sum, one.subject) for one in found[-2:]] == [
        ("Другие позиции: 10", Decimal("10.00"), "commodity"),
        ("Другие позиции: 52", Decimal("520.00"), "service"),
    ]


@pytest.mark.parametrize("count", [1, MOST_POSITIONS])
def test_as_many_as_fit_stay(count: int) -> None:
    given_ = [position(f"Услуга {number}", "10.00") for number in range(count)]
    assert within_limit(given_) == tuple(given_)


def test_payments_are_summed_by_their_means() -> None:
    found = paid_by([("cashless", Decimal(5)), ("cash", Decimal(2)), ("cashless", Decimal(1)), ("credit", Decimal(0))])
    assert found == (Paid("cash", Decimal("2.00")), Paid("cashless", Decimal("6.00")))


def test_a_line_of_less_than_a_kopeck_a_piece_is_one_position() -> None:
    (one,) = positions("Салфетка", Decimal(1000), Decimal("1.00"), method="full_payment", subject="commodity")
    assert (one.name, one.quantity, one.sum) == ("Салфетка, 1000", 1, Decimal("1.00"))
