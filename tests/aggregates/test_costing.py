"""The reference's worked examples of moving-average cost, and what holds for any order of movements."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.stock.costing import Cost, Costing, Effect, Movement
from tests.aggregates.scenario import named

A, B, ITEM = named("склад А"), named("склад Б"), named("анестетик")


def moved(
    effect: Effect, quantity: str, value: str | None = None, *, document: str = "", warehouse: UUID = A, origin: str = ""
) -> Movement:
    return Movement(
        document_id=named(document),
        line=0,
        goods_id=ITEM,
        warehouse_id=warehouse,
        effect=effect,
        quantity=int(Decimal(quantity) * 10_000),
        value=None if value is None else int(Decimal(value) * 100),
        origin=named(origin) if origin else None,
    )


def received(quantity: str, value: str, warehouse: UUID = A) -> Movement:
    return moved("receipt", quantity, value, warehouse=warehouse)


def issued(quantity: str, warehouse: UUID = A, document: str = "") -> Movement:
    return moved("issue", quantity, warehouse=warehouse, document=document)


def counted(quantity: str, price: str | None = None) -> Movement:
    return moved("count", quantity, None if price is None else str(Decimal(quantity) * Decimal(price)))


def transferred(quantity: str, source: UUID, target: UUID, document: str = "") -> list[Movement]:
    return [
        moved("transfer_out", quantity, warehouse=source, document=document),
        moved("transfer_in", quantity, warehouse=target, document=document),
    ]


def rubles(kopecks: int) -> str:
    return f"{Decimal(kopecks) / 100:.2f}"


def costed(*movements: Movement) -> list[Cost]:
    return list(Costing().walk(movements))


def costs(*movements: Movement) -> list[str]:
    """What each issue, count and return came to, and what is left at last: quantity / value."""
    rows = costed(*movements)
    shown = [
        rubles(abs(row.value))
        for row, movement in zip(rows, movements, strict=True)
        if movement.effect not in {"receipt", "transfer_in"}
    ]
    return [*shown, f"{Decimal(rows[-1].left) / 10_000:f} / {rubles(rows[-1].left_value)}"]


FIRST = received("10", "1000")


@pytest.mark.spec("STK-1")
@pytest.mark.parametrize(
    ("movements", "expected"),
    [
        ([FIRST, received("5", "650"), issued("4")], ["440.00", "11 / 1210.00"]),
        ([received("3", "100"), *[issued("1")] * 3], ["33.33", "33.34", "33.33", "0 / 0.00"]),
        (
            [received("7", "100"), *[issued("1")] * 7],
            ["14.29", "14.29", "14.28", "14.29", "14.28", "14.29", "14.28", "0 / 0.00"],
        ),
        ([received("2", "200"), issued("5"), received("10", "1200")], ["500.00", "7 / 840.00"]),
        ([received("3", "100"), counted("5")], ["66.67", "5 / 166.67"]),
        ([received("2", "200"), issued("2"), counted("3")], ["200.00", "300.00", "3 / 300.00"]),
        ([counted("3", "40.50")], ["121.50", "3 / 121.50"]),
    ],
)
def test_an_issue_costs_the_average_and_the_last_one_takes_all(movements: Sequence[Movement], expected: list[str]) -> None:
    assert expected == costs(*movements)


@pytest.mark.spec("STK-3", "STK-5")
def test_a_late_document_changes_what_follows_from_it() -> None:
    """Examples 4, 5 and 7 of the reference: the same documents with one more, in its place."""
    assert costs(FIRST, issued("4"), issued("4")) == ["400.00", "400.00", "2 / 200.00"]
    assert costs(FIRST, received("10", "1600"), issued("4"), issued("4")) == ["520.00", "520.00", "12 / 1560.00"]

    second = received("10", "1600")
    assert costs(FIRST, issued("4"), second, issued("8")) == ["400.00", "1100.00", "8 / 1100.00"]
    assert costs(FIRST, issued("2"), issued("4"), second, issued("8")) == ["200.00", "400.00", "1142.86", "6 / 857.14"]

    assert costs(FIRST, issued("2"), counted("7"), issued("3")) == ["200.00", "100.00", "300.00", "4 / 400.00"]
    late = costed(FIRST, issued("2"), received("5", "750"), counted("7"), issued("3"))
    assert [(row.quantity // 10_000, rubles(row.value)) for row in late[3:]] == [(-6, "-715.38"), (-3, "-357.69")]
    assert [(row.left // 10_000, rubles(row.left_value)) for row in late[3:]] == [(7, "834.62"), (4, "476.93")]


@pytest.mark.spec("STK-3")
@pytest.mark.parametrize(
    ("first", "transfers", "out", "left"),
    [
        ("2000", ["2000.00", "1250.00", "416.67"], "666.67", ["833.33", "1000.00"]),
        ("3200", ["3200.00", "1850.00", "616.67"], "986.67", ["1233.33", "1480.00"]),
    ],
)
def test_a_corrected_receipt_is_followed_through_transfers(first: str, transfers: list[str], out: str, left: list[str]) -> None:
    costing = Costing()
    rows = list(
        costing.walk(
            [
                received("20", first),
                received("10", "500", B),
                *transferred("20", A, B),
                *transferred("15", B, A),
                *transferred("5", A, B),
                issued("8", B),
            ]
        )
    )
    assert transfers == [rubles(row.value) for row in rows[3:8:2]]
    assert [row.value for row in rows[3:8:2]] == [-row.value for row in rows[2:7:2]]
    assert (out, left) == (rubles(-rows[-1].value), [rubles(costing.pools[place].value) for place in (A, B)])
    assert [costing.pools[place].quantity for place in (A, B)] == [100_000, 120_000]


def test_a_return_comes_back_at_what_it_had_cost() -> None:
    sold = issued("2", document="продажа")
    first, last = (moved("return", "1", origin="продажа", document=one) for one in ("раз", "два"))
    rows = costed(received("3", "100"), sold, first, last)
    assert [rubles(row.value) for row in rows[1:]] == ["-66.67", "33.34", "33.33"]
    assert (rows[-1].left, rows[-1].left_value) == (30_000, 10_000)
    dearer = costed(received("3", "100"), received("3", "200"), sold, first, last)
    assert [rubles(row.value) for row in dearer[2:]] == ["-100.00", "50.00", "50.00"]


def test_parts_of_a_package_and_of_a_gram() -> None:
    assert costs(received("100", "1250"), issued("3"), issued("50")) == ["37.50", "625.00", "47 / 587.50"]
    grams = costs(received("4.2", "1349.90"), *[issued("0.15")] * 28)
    assert set(grams[:-1]) <= {"48.21", "48.22"}
    assert grams[-2:] == ["48.21", "0 / 0.00"]


@pytest.mark.spec("STK-1")
def test_what_left_before_it_came_in_is_corrected_by_the_receipt() -> None:
    """Example 10: 2 for 200 of which 5 leave, then 10 for 1200."""
    rows = costed(received("2", "200"), issued("5"), received("10", "1200"))
    assert (rows[1].left, rubles(rows[1].left_value), rubles(rows[2].correction)) == (-30_000, "-300.00", "60.00")
    part = costed(received("2", "200"), issued("5"), received("1", "90"))
    assert (part[2].left, rubles(part[2].left_value), rubles(part[2].correction)) == (-20_000, "-200.00", "-10.00")
    even = costed(received("2", "200"), issued("5"), received("3", "330"))
    assert (even[2].left, even[2].left_value, rubles(even[2].correction)) == (0, 0, "30.00")
    nothing_known = costed(issued("5"), received("5", "500"))
    assert [(row.value, row.correction, row.left_value) for row in nothing_known] == [(0, 0, 0), (50_000, 50_000, 0)]


places = st.sampled_from([A, B])
effects = st.one_of(
    st.builds(received, st.sampled_from(["1", "2.5", "7"]), st.sampled_from(["0", "0.01", "100", "99.99"]), places),
    st.builds(issued, st.sampled_from(["1", "0.3333", "5"]), places),
    st.builds(counted, st.sampled_from(["0", "1", "3.1"]), st.sampled_from([None, "10"])),
)


@given(st.lists(effects, max_size=30))
@settings(max_examples=150)
def test_nothing_is_lost_in_any_order(movements: list[Movement]) -> None:
    """The pool is the sum of what came and went, and has no value without quantity."""
    costing, totals = Costing(), {A: [0, 0], B: [0, 0]}
    for movement in movements:
        row = costing.cost(movement)
        total = totals[movement.warehouse_id]
        total[0] += row.quantity
        total[1] += row.value - row.correction
        assert total == [row.left, row.left_value]
        assert row.left or not row.left_value
        assert row.left_value * row.left >= 0, "value has the sign of the quantity"
