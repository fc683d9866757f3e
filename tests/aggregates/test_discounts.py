"""Discounts are shared to the kopeck: worked examples, and the properties that no example shows."""

from decimal import Decimal

import pytest
from hypothesis import given as holds
from hypothesis import strategies as st

from aggregates.money.discounts import Discount, amounts, checked_discount
from aggregates.money.shares import shared
from aggregates.values import WrongValue

TEN_PERCENT = Discount("percent", Decimal(10))


def _nets(sums: list[str], discount: Discount | None, *own: Discount | None) -> list[str]:
    discounts = [*own, *[None] * (len(sums) - len(own))]
    found = amounts([(Decimal(one), other) for one, other in zip(sums, discounts, strict=True)], discount)
    return [*(str(line.net) for line in found.lines), str(found.net)]


@pytest.mark.spec("VIS-1")
def test_a_percentage_of_the_visit_is_rounded_once_and_shared_by_the_largest_remainder() -> None:
    assert _nets(["33.33"] * 3, TEN_PERCENT) == ["29.99", "30.00", "30.00", "89.99"]


@pytest.mark.spec("VIS-1")
def test_a_sum_is_shared_by_the_sums_of_the_lines() -> None:
    nets = _nets(["3500.00", "1200.00", "499.90"], Discount("sum", Decimal(500)))
    assert nets == ["3163.46", "1084.61", "451.83", "4699.90"]


@pytest.mark.spec("VIS-1")
def test_a_line_s_discount_comes_first() -> None:
    assert _nets(["1000.00", "1000.00"], TEN_PERCENT, Discount("percent", Decimal(50))) == ["450.00", "900.00", "1350.00"]


def test_a_sum_takes_no_more_than_there_is() -> None:
    too_much = Discount("sum", Decimal(1000))
    assert _nets(["300.00", "200.00"], None, too_much) == ["0.00", "200.00", "200.00"]
    assert _nets(["300.00", "200.00"], too_much) == ["0.00", "0.00", "0.00"]


def test_nothing_is_reduced_in_a_visit_of_free_services() -> None:
    assert _nets(["0.00", "0.00"], TEN_PERCENT) == ["0.00", "0.00", "0.00"]
    assert _nets([], TEN_PERCENT) == ["0.00"]


def test_equal_remainders_go_to_the_first() -> None:
    assert shared(2, [1, 1, 1]) == (1, 1, 0)


def test_nothing_can_be_shared_by_nothing() -> None:
    with pytest.raises(ValueError, match="can't be shared"):
        shared(1, [0, 0])


@pytest.mark.parametrize(
    "discount",
    [Discount("percent", Decimal("100.01")), Discount("percent", Decimal("0.001")), Discount("sum", Decimal(-1))],
)
def test_an_absurd_discount_is_refused(discount: Discount) -> None:
    with pytest.raises(WrongValue):
        checked_discount("discount", discount)


def test_a_discount_of_nothing_is_none() -> None:
    assert checked_discount("discount", Discount("percent", Decimal(0))) is None


_rubles = st.decimals(min_value=0, max_value=10**7, places=2)
_discounts = st.none() | st.one_of(
    st.builds(Discount, st.just("percent"), st.decimals(min_value=0, max_value=100, places=2)),
    st.builds(Discount, st.just("sum"), _rubles),
)


@holds(lines=st.lists(st.tuples(_rubles, _discounts), max_size=30), discount=_discounts)
def test_shares_keep_the_total_and_no_line_falls_below_zero_or_rises(
    lines: list[tuple[Decimal, Discount | None]], discount: Discount | None
) -> None:
    found = amounts(lines, discount)
    assert found.net == sum((line.net for line in found.lines), Decimal(0)) == found.gross - found.discount
    for (gross, _), line in zip(lines, found.lines, strict=True):
        assert 0 <= line.net <= line.gross == gross
        assert line.discount == line.gross - line.net
