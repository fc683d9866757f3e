"""What employees did in completed visits: for payroll and reports."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.money.discounts import Discount
from aggregates.scheduling.visit_lines import GoodsLine, Line, Performer, totals
from commands.scheduling.visit import change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedLine
from projections.scheduling.performed_work import performed
from readmodels.scheduling.performed_work import TABLE, PerformedRow, VisitWorkRow
from tests.aggregates.scenario import MON, TUE, at, named
from tests.readmodels.conftest import Story

DOCTOR = named("Орлова")
HALF, TENTH = Discount("percent", Decimal(50)), Discount("percent", Decimal(10))


def rows(story: Story) -> list[PerformedRow]:
    return TABLE.all_rows(story.read)


def line(price: str, *performers: Performer, quantity: int = 1, discount: Discount | None = None) -> Line:
    return Line(uuid4(), "Пломба", Decimal(price), quantity, discount, performers)


def by(name: str, share: str, role: str = "doctor") -> Performer:
    return Performer(named(name), role, Decimal(share))  # type: ignore[arg-type]  # one of the roles


def visit(*lines: Line, goods: Sequence[GoodsLine] = (), discount: Discount | None = None, **more: object) -> VisitWorkRow:
    columns = {"doctor_id": DOCTOR, "status": "completed", "deleted": False, **more}
    return VisitWorkRow(
        visit_id=uuid4(), number=7, patient_id=uuid4(), starts_at=at(MON, "10:00"), room="2", lines=lines, goods=tuple(goods),
        discount=discount, **columns,
    )  # fmt: skip  # type: ignore[arg-type]


def test_each_performer_gets_a_share_and_goods_are_the_doctors() -> None:
    paste = GoodsLine(uuid4(), "Паста", Decimal("90.00"), Decimal("1.5"))
    both = (by("Орлова", "66.67"), by("Сова", "33.33", "assistant"))
    done = list(performed(visit(line("100.01", *both, discount=HALF), line("33.33", quantity=3), goods=[paste], discount=TENTH)))
    assert [(one.line, one.performer, one.employee_id, one.role, one.kind) for one in done] == [
        (0, 0, named("Орлова"), "doctor", "service"),
        (0, 1, named("Сова"), "assistant", "service"),
        (1, 0, DOCTOR, "doctor", "service"),
        (2, 0, DOCTOR, "doctor", "goods"),
    ]
    assert [(one.line_gross, one.line_net, one.gross, one.net) for one in done] == [
        (10001, 4500, 6668, 3000),
        (10001, 4500, 3333, 1500),
        (9999, 8999, 9999, 8999),
        (13500, 12150, 13500, 12150),
    ]
    assert [one.quantity for one in done] == [1, 1, 3, Decimal("1.5")]
    assert [one.employee_id for one in performed(visit(line("1"), doctor_id=None))] == [None]


PRICES = st.decimals(0, 100_000, places=2)
DISCOUNTS = st.none() | st.builds(Discount, st.just("percent"), st.decimals(0, 100, places=2))


@st.composite
def performers(draw: st.DrawFn) -> tuple[Performer, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=4)))
    ends = zip([0, *cuts], [*cuts, 10_000], strict=True)
    return tuple(by(f"Исполнитель {first}", str(Decimal(last - first).scaleb(-2))) for first, last in ends) if cuts else ()


LINES = st.builds(Line, st.uuids(), st.just("Пломба"), PRICES, st.integers(1, 9), DISCOUNTS, performers())


@given(st.lists(LINES, max_size=6), DISCOUNTS)
def test_shares_sum_up_to_lines_and_lines_to_the_visit(lines: list[Line], discount: Discount | None) -> None:
    done = list(performed(visit(*lines, discount=discount)))
    amounts = totals(lines, (), discount)
    for number, amount in enumerate(amounts.lines):
        of_line = [one for one in done if one.line == number]
        assert {(one.line_gross, one.line_net) for one in of_line} == {(amount.gross * 100, amount.net * 100)}
        assert sum(one.gross for one in of_line) == amount.gross * 100
        assert sum(one.net for one in of_line) == amount.net * 100
    assert sum(one.net for one in done) == amounts.net * 100


@pytest.mark.spec("FIN-4")
def test_work_follows_its_visit(story: Story) -> None:
    doctor, patient, service = story.doctor("Орлова"), story.patient("Петров"), story.service("Пломба", "1000")
    for day in (MON, TUE):
        story.day(doctor, day, "09:00-18:00")
    visit_id = story.visit(patient, doctor, MON, "10:00", "10:30", services=[service])
    assert rows(story) == []
    story.status(visit_id, "in_progress", "completed")
    assert [(one.visit_id, one.employee_id, one.patient_id, one.net) for one in rows(story)] == [
        (visit_id, doctor, patient, 100000)
    ]
    story.status(visit_id, "in_progress")
    assert rows(story) == [], "reopened"
    story.do(change_visit, visit_id, lines=[RequestedLine(service, quantity=2)], room="3")
    story.status(visit_id, "completed")
    assert [(one.net, one.quantity, one.room) for one in rows(story)] == [(200000, 2, "3")]
    story.do(delete_visit, visit_id)
    assert rows(story) == [], "deleted"
    story.do(return_visit, visit_id)
    story.status(visit_id, "in_progress", "arrived", "planned")
    story.do(change_visit, visit_id, starts_at=at(TUE, "12:00"))
    story.status(visit_id, "in_progress", "completed")
    assert [one.starts_at for one in rows(story)] == [at(TUE, "12:00")]
