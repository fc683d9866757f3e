"""Pay: the pure calculation, and what is to be accrued after what was accrued (FIN-2)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aggregates.payroll.calculation import Scheme, Shift, Work, by_grid, days_between, differences, due, paid_by_rows, summed
from aggregates.payroll.pay_lines import PayLine
from aggregates.payroll.pay_terms import PayStep, PayTerms
from aggregates.values import NAMESPACE_DENTA

pytestmark = pytest.mark.spec("FIN-2")

NOV = (date(2026, 11, 1), date(2026, 11, 30))
FIRST_HALF = (date(2026, 11, 1), date(2026, 11, 15))
SECOND_HALF = (date(2026, 11, 16), date(2026, 11, 30))
GRID = (PayStep(Decimal(0), Decimal(25)), PayStep(Decimal(300_000), Decimal(30)), PayStep(Decimal(500_000), Decimal(35)))
CROWN, FILLING, BRUSH, PROSTHETICS, THERAPY = (uuid5(NAMESPACE_DENTA, name) for name in "abcde")


def scheme(starts_on: date = date(2026, 1, 1), **terms: object) -> Scheme:
    return Scheme(uuid5(NAMESPACE_DENTA, f"scheme {starts_on}"), starts_on, PayTerms(**terms))  # type: ignore[arg-type]


def work(day: int = 5, net: int = 500_000, number: int = 1, **more: object) -> Work:
    """In November; `net` in kopecks."""
    values: dict[str, object] = {
        "visit_id": uuid5(NAMESPACE_DENTA, f"visit {number}"), "number": number, "day": date(2026, 11, day), "kind": "service",
        "item_id": CROWN, "category_id": PROSTHETICS, "name": "Коронка", "gross": net, "net": net,
    }  # fmt: skip
    return Work(**(values | more))  # type: ignore[arg-type]


def earned(schemes: Sequence[Scheme], works: Iterable[Work], period: tuple[date, date] = NOV, **more: Iterable[Shift]) -> Decimal:
    return sum(summed(due(schemes, list(days_between(*period)), works, **more)).values(), Decimal(0))  # type: ignore[arg-type]


def sums(lines: Iterable[PayLine]) -> dict[str, Decimal]:
    return dict(summed(lines))


def test_a_grid_says_whether_each_step_has_its_percentage_or_the_whole_sum_one() -> None:
    assert by_grid(62_000_000, GRID, "marginal") == 17_700_000
    assert by_grid(62_000_000, GRID, "whole") == 21_700_000
    assert by_grid(30_000_000, GRID, "whole") == 7_500_000, "a step is for what is above it"
    assert by_grid(-5, GRID, "marginal") == by_grid(0, GRID, "whole") == 0
    in_grid = [work(day=1 + at, net=15_500_000, number=at) for at in range(4)]
    lines = due([scheme(grid="marginal", steps=GRID)], list(days_between(*NOV)), in_grid)
    assert sums(lines) == {"volume": Decimal(0), "grid": Decimal("177000.00")}
    assert [line.base for line in lines if line.part == "volume"] == [Decimal("155000.00")] * 4, "each visit is named"


def test_materials_are_taken_from_what_the_percentage_is_of() -> None:
    of = work(net=41_230_000, materials=3_845_050)
    assert earned([scheme(service_percent=Decimal(30), minus_materials=True)], [of]) == Decimal("112154.85")
    assert earned([scheme(service_percent=Decimal(30))], [of]) == Decimal("123690.00")


def test_a_guarantee_tops_up_and_is_shared_by_days() -> None:
    of = work(net=51_200_00)
    percent = {"service_percent": Decimal(100), "guarantee": 60_000_00}
    (_, guarantee) = due([scheme(**percent)], list(days_between(*NOV)), [of])
    assert (guarantee.part, guarantee.sum, guarantee.base) == ("guarantee", Decimal("8800.00"), Decimal("51200.00"))
    assert earned([scheme(**percent)], [work(net=70_000_00)]) == Decimal("70000.00")
    assert earned([scheme(guarantee=60_000_00)], [], FIRST_HALF) == Decimal("30000.00")


def test_the_guarantee_of_the_first_half_is_taken_back_when_the_month_earns_it() -> None:
    schemes = [scheme(service_percent=Decimal(100), guarantee=60_000_00)]
    works = [work(day=20, net=70_000_00)]
    first = differences(due(schemes, list(days_between(*FIRST_HALF)), works), [], *FIRST_HALF)
    assert sums(first) == {"guarantee": Decimal("30000.00")}
    second = differences(due(schemes, list(days_between(*NOV)), works), first, *SECOND_HALF)
    assert sums(second) == {"service": Decimal("70000.00"), "guarantee": Decimal("-30000.00")}


def test_a_rate_of_a_service_goes_before_that_of_its_category_and_the_default() -> None:
    terms = {
        "service_percent": Decimal(10), "services": {CROWN: Decimal(30)}, "categories": {PROSTHETICS: Decimal(20)},
        "goods_percent": Decimal(5),
    }  # fmt: skip
    lines = due(
        [scheme(**terms)],
        list(days_between(*NOV)),
        [
            work(),
            work(item_id=FILLING),
            work(item_id=FILLING, category_id=THERAPY),
            work(item_id=FILLING, category_id=None),
            work(kind="goods", item_id=BRUSH),
        ],
    )
    assert [line.percent for line in lines] == [30, 20, 10, 10, 5]
    assert [line.sum for line in lines] == [1500, 1000, 500, 500, 250]
    assert len({line.key for line in lines}) == 5


def test_the_scheme_of_the_visits_day_counts() -> None:
    schemes = [scheme(service_percent=Decimal(30)), scheme(date(2026, 11, 16), service_percent=Decimal(40))]
    lines = due(schemes, list(days_between(*NOV)), [work(day=15), work(day=16, number=2)])
    assert [(line.percent, line.sum) for line in lines] == [(30, 1500), (40, 2000)]
    assert earned([scheme(date(2026, 11, 6), service_percent=Decimal(30))], [work(day=5)]) == 0, "no scheme yet"


def test_before_or_after_the_discount() -> None:
    of = work(net=450_000, gross=500_000)
    assert earned([scheme(service_percent=Decimal(30), price="gross")], [of]) == Decimal("1500.00")
    assert earned([scheme(service_percent=Decimal(30), price="net")], [of]) == Decimal("1350.00")


def test_what_is_paid_by_money_counts_when_the_money_comes() -> None:
    paid = ((date(2026, 11, 5), 200_000), (date(2026, 12, 2), 300_000))
    of = work(paid=paid)
    schemes = [scheme(service_percent=Decimal(30), base="paid")]
    assert earned(schemes, [of]) == Decimal("600.00")
    assert earned(schemes, [of], (date(2026, 12, 1), date(2026, 12, 31))) == Decimal("900.00")
    back = work(paid=(*paid, (date(2026, 12, 9), -100_000)))
    assert earned(schemes, [back], (date(2026, 12, 1), date(2026, 12, 31))) == Decimal("600.00")


def test_money_and_materials_of_a_discounted_visit() -> None:
    of = work(net=400_000, gross=500_000, materials=100_000, paid=((date(2026, 11, 5), 200_000),))
    terms = {"service_percent": Decimal(30), "base": "paid", "minus_materials": True}
    assert earned([scheme(**terms)], [of]) == Decimal("450.00"), "half of 3 000"
    assert earned([scheme(**terms, price="gross")], [of]) == Decimal("600.00"), "half of 4 000"


def test_a_fixed_sum_is_shared_by_the_days_of_its_schemes() -> None:
    schemes = [scheme(monthly=50_000_00), scheme(date(2026, 11, 11), monthly=60_000_00)]
    lines = due(schemes, list(days_between(*NOV)), [])
    assert [(line.sum, line.quantity) for line in lines] == [(Decimal("16666.67"), 10), (Decimal("40000.00"), 20)]
    halves = [differences(due(schemes[:1], list(days_between(*FIRST_HALF)), []), [], *FIRST_HALF)]
    halves.append(differences(due(schemes[:1], list(days_between(*NOV)), []), halves[0], *SECOND_HALF))
    assert [sums(half) for half in halves] == [{"monthly": Decimal(25000)}] * 2


def test_half_a_kopeck_of_a_fixed_sum_is_rounded_up() -> None:
    assert earned([scheme(monthly=3)], [], (date(2026, 11, 1), date(2026, 11, 5))) == Decimal("0.01")


def test_shifts_and_hours() -> None:
    shifts = [Shift(date(2026, 11, 2), 480), Shift(date(2026, 11, 3), 450), Shift(date(2026, 12, 3), 480)]
    assert earned([scheme(shift=300_000, full_shift=480)], [], shifts=shifts) == Decimal("4500.00")
    assert earned([scheme(shift=300_000)], [], shifts=shifts) == Decimal("6000.00"), "each is whole"
    assert earned([scheme(hour=50_000)], [], shifts=shifts) == Decimal("7750.00")


def test_an_accrued_shift_stays_when_the_schedule_changes() -> None:
    schemes = [scheme(shift=300_000, full_shift=480)]
    accrued = differences(due(schemes, list(days_between(*FIRST_HALF)), [], [Shift(date(2026, 11, 2), 480)]), [], *FIRST_HALF)
    again = differences(due(schemes, list(days_between(*NOV)), [], [], accrued), accrued, *SECOND_HALF)
    assert again == []


def test_a_refund_after_the_accrual_is_a_negative_line_of_the_next_one() -> None:
    schemes = [scheme(service_percent=Decimal(30), base="paid")]
    paid = work(paid=((date(2026, 11, 5), 500_000),))
    accrued = differences(due(schemes, list(days_between(*NOV)), [paid]), [], *NOV)
    assert [(line.sum, line.correction) for line in accrued] == [(Decimal("1500.00"), False)]
    december = date(2026, 12, 1), date(2026, 12, 31)
    both = [*days_between(*NOV), *days_between(*december)]
    back = replace(paid, paid=(*paid.paid, (date(2026, 12, 3), -200_000)))
    (line,) = differences(due(schemes, both, [back]), accrued, *december)
    assert (line.sum, line.base, line.number) == (Decimal("-600.00"), Decimal("-2000.00"), 1)


def test_a_changed_late_or_reopened_visit_comes_as_a_correction() -> None:
    schemes = [scheme(service_percent=Decimal(30))]
    accrued = differences(due(schemes, list(days_between(*FIRST_HALF)), [work(), work(day=6, number=2)]), [], *FIRST_HALF)
    now = [work(net=400_000), work(day=7, net=100_000, number=3)]  # less, reopened, late
    found = differences(due(schemes, list(days_between(*NOV)), now), accrued, *SECOND_HALF)
    assert [(line.number, line.sum, line.correction) for line in found] == [
        (1, Decimal("-300.00"), True),
        (2, Decimal("-1500.00"), True),
        (3, Decimal("300.00"), True),
    ]


def test_another_percentage_for_accrued_work_changes_no_base() -> None:
    accrued = differences(due([scheme(service_percent=Decimal(30))], list(days_between(*NOV)), [work()]), [], *NOV)
    (line,) = differences(due([scheme(service_percent=Decimal(40))], list(days_between(*NOV)), [work()]), accrued, *NOV)
    assert (line.sum, line.base, line.percent) == (Decimal("500.00"), Decimal(0), 40)


NETS = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=6)
MONEY = st.lists(st.tuples(st.integers(0, 60), st.integers(-5_000_000, 9_000_000)), max_size=8)


@given(NETS, MONEY)
def test_money_is_shared_by_lines_without_loss(nets: list[int], money: list[tuple[int, int]]) -> None:
    moved = [(NOV[0] + timedelta(days=day), amount) for day, amount in money]
    rows = paid_by_rows(nets, moved)
    for until in days_between(NOV[0], NOV[0] + timedelta(days=60)):
        reached = sum(amount for day, amount in moved if day <= until)
        of_rows = [sum(amount for day, amount in row if day <= until) for row in rows]
        assert sum(of_rows) == max(min(reached, sum(nets)), 0)
        assert all(0 <= got <= net for got, net in zip(of_rows, nets, strict=True))


WORKS = st.lists(
    st.builds(
        lambda number, day, net, off, paid: work(
            number=number, day=day, net=net - off * net // 100, gross=net, paid=((date(2026, 11, day), paid * net // 100),)
        ),
        st.integers(1, 8),
        st.integers(1, 30),
        st.integers(0, 50_000_000),
        st.integers(0, 100),
        st.integers(0, 100),
    ),
    max_size=12,
)
TERMS = st.builds(
    lambda base, price, percent, grid, monthly, guarantee: scheme(
        base=base,
        price=price,
        service_percent=percent,
        grid=grid,
        steps=GRID if grid else (),
        monthly=monthly,
        guarantee=guarantee,
    ),
    st.sampled_from(["done", "paid"]),
    st.sampled_from(["net", "gross"]),
    st.decimals(0, 100, places=2),
    st.sampled_from(["", "marginal", "whole"]),
    st.integers(0, 10_000_000),
    st.integers(0, 10_000_000),
)


@given(TERMS, st.lists(WORKS, min_size=1, max_size=4), st.lists(st.tuples(st.integers(1, 30), st.integers(0, 29)), max_size=3))
def test_however_periods_are_cut_and_visits_change_the_sum_of_accruals_is_what_is_right(
    of: Scheme, histories: list[list[Work]], cuts: list[tuple[int, int]]
) -> None:
    """Each accrual sees the visits as they were then; periods overlap as they like."""
    accrued: list[PayLine] = []
    covered: set[date] = set()
    for known, (first, length) in zip(histories, cuts, strict=False):
        period = date(2026, 11, first), min(date(2026, 11, first) + timedelta(days=length), NOV[1])
        covered |= set(days_between(*period))
        accrued += differences(due([of], covered, known), accrued, *period)
    right = due([of], days_between_set(NOV), histories[-1])
    accrued += differences(due([of], days_between_set(NOV), histories[-1]), accrued, *NOV)
    assert sum((line.sum for line in accrued), Decimal(0)) == sum((line.sum for line in right), Decimal(0))
    assert differences(due([of], days_between_set(NOV), histories[-1]), accrued, *NOV) == [], "nothing is paid twice"


def days_between_set(period: tuple[date, date]) -> set[date]:
    return set(days_between(*period))


def visit(day: int = 5, net: int = 100_000, **more: object) -> Work:
    """One that an employee booked."""
    return work(day, net, **{"kind": "visit", "category_id": None, "name": "", "created": True, **more})


@pytest.mark.parametrize(
    ("acts", "created", "completed"),
    [
        ("created", True, False),
        ("completed", False, True),
        ("both", True, True),
        ("either", True, False),
        ("either", False, True),
    ],
)
def test_visits_are_paid_for_by_who_booked_and_completed_them(acts: str, created: bool, completed: bool) -> None:
    own = scheme(visit_acts=acts, visit_percent=Decimal(3), visit_sum=50_00)
    of = visit(created=created, completed=completed)
    assert sums(due([own], list(days_between(*NOV)), [of])) == {"visit": Decimal("30.00"), "per_visit": Decimal("50.00")}
    assert earned([scheme(visit_acts="both", visit_percent=Decimal(3))], [visit(created=True)]) == 0
    assert earned([scheme(service_percent=Decimal(3))], [of]) == 0, "no scheme without visits pays for any"


def test_a_changed_sum_for_a_visit_comes_as_a_difference() -> None:
    before = due([scheme(visit_acts="created", visit_sum=50_00)], list(days_between(*NOV)), [visit()])
    right = due([scheme(visit_acts="created", visit_sum=80_00)], list(days_between(*NOV)), [visit()])
    (line,) = differences(right, before, *NOV)
    assert (line.sum, line.base, line.quantity) == (Decimal("30.00"), Decimal("80.00"), Decimal(0))
    (gone,) = differences([], before, *NOV)
    assert (gone.sum, gone.quantity) == (Decimal("-50.00"), Decimal(-1))


def test_the_fee_of_cards_is_taken_off_before_the_percentage_and_of_money_of_the_same_days() -> None:
    of = work(net=100_000, paid=((date(2026, 11, 5), 60_000), (date(2026, 12, 5), 40_000)), card=((date(2026, 12, 5), 40_000),))
    fee = {"service_percent": Decimal(50), "acquiring": Decimal("2.5")}
    assert earned([scheme(**fee)], [of]) == Decimal("495.00"), "of all that was paid by card by now"
    paid = [scheme(**fee, base="paid")]
    december = (date(2026, 12, 1), date(2026, 12, 31))
    assert (earned(paid, [of]), earned(paid, [of], december)) == (Decimal("300.00"), Decimal("195.00"))


def test_a_scheme_ends_with_its_last_day_and_the_one_before_stays_over() -> None:
    ended = scheme(date(2026, 11, 10), monthly=3_000_000, service_percent=Decimal(10))._replace(ends_on=date(2026, 11, 19))
    before = scheme(service_percent=Decimal(100))
    lines = due(
        [before, ended], list(days_between(*NOV)), [work(day=19), work(day=20, number=2)], [Shift(date(2026, 11, 20), 60)]
    )
    assert sums(lines) == {"service": Decimal("500.00"), "monthly": Decimal("10000.00")}
