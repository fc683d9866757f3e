from decimal import Decimal

import pytest

from aggregates.stock.stock_minimum import StockMinimum, minimum_id
from aggregates.values import WrongValue
from tests.aggregates.scenario import Fact, fact, given, named

GLOVES, MAIN = named("перчатки"), named("основной")


def was_set(old: str, new: str) -> Fact:
    return fact(StockMinimum.Set, goods_id=GLOVES, warehouse_id=MAIN, old=Decimal(old), new=Decimal(new))


@pytest.mark.spec("STK-4")
def test_a_minimum_is_set_changed_and_taken_away() -> None:
    given(StockMinimum).when(StockMinimum.set, GLOVES, MAIN, Decimal(10)).then(was_set("0", "10"))
    given(StockMinimum, was_set("0", "10")).when(StockMinimum.set, GLOVES, MAIN, Decimal("10.0")).then()
    given(StockMinimum, was_set("0", "10")).when(StockMinimum.set, GLOVES, MAIN, Decimal(0)).then(was_set("10", "0"))


@pytest.mark.parametrize("wrong", ["-1", "0.00001", "1000001", "NaN"])
def test_a_wrong_minimum_is_refused(wrong: str) -> None:
    given(StockMinimum).when(StockMinimum.set, GLOVES, MAIN, Decimal(wrong)).then_refused_by(WrongValue)


def test_each_goods_and_warehouse_has_a_minimum_of_its_own() -> None:
    assert minimum_id(GLOVES, MAIN) == minimum_id(GLOVES, MAIN)
    assert minimum_id(GLOVES, MAIN) != minimum_id(MAIN, GLOVES)
