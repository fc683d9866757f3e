from datetime import date
from decimal import Decimal

import pytest

from aggregates.money.desk_days import DayClosedAlready, DayIsClosed, DayTurnover, DeskDays, NotLastClosedDay
from aggregates.values import WrongValue
from tests.aggregates.scenario import FRI, MON, NOW, THU, TUE, WED, Fact, fact, given, named, replayed

DESK, BOOKED = named("касса"), named("расход")
TURNOVER = DayTurnover(Decimal(1000), Decimal(500), Decimal(200), Decimal("50.5"), Decimal(300))
THERE = Decimal("1050.5")


def closed(day: date, counted: Decimal = Decimal("1050.50"), reason: str = "") -> Fact:
    difference = counted - THERE
    fields = {"turnover": TURNOVER, "counted": counted, "difference": difference, "reason": reason}
    return fact(DeskDays.Closed, desk_id=DESK, day=day, **fields)


@pytest.mark.spec("FIN-8")
def test_a_day_is_closed_with_its_turnover_and_what_was_counted() -> None:
    given(DeskDays).when(DeskDays.close, DESK, MON, TURNOVER, Decimal("1050.5"), "лишнее", today=MON).then(closed(MON))
    known = replayed(DeskDays, closed(MON))
    assert known.last == MON
    known.require_open(TUE, "Касса")
    for day in (MON, date(2020, 1, 1)):
        with pytest.raises(DayIsClosed) as refused:
            known.require_open(day, "Касса")
        assert "Касса «Касса» закрыта по 23.11.2026 включительно" in refused.value.sentence


@pytest.mark.spec("FIN-8")
def test_a_difference_needs_a_reason() -> None:
    needed = WrongValue("reason", "Фактический остаток не сходится с документами. Укажите причину.")
    given(DeskDays).when(DeskDays.close, DESK, MON, TURNOVER, Decimal(1000), "  ", today=MON).then_refused(needed)
    new = given(DeskDays).when(DeskDays.close, DESK, MON, TURNOVER, Decimal(1000), "сдача без чека", today=MON)
    new.then(closed(MON, Decimal("1000.00"), "сдача без чека"))
    booked = given(DeskDays).when(
        DeskDays.close, DESK, MON, TURNOVER, Decimal(1000), "сдача", today=MON, booked=("money_outgo", BOOKED)
    )
    (event,) = booked.aggregate.pending_events
    assert isinstance(event, DeskDays.Closed)
    assert (event.booked_kind, event.booked, event.difference) == ("money_outgo", BOOKED, Decimal("-50.5"))


@pytest.mark.spec("FIN-8")
def test_days_are_closed_in_order_and_none_in_the_future() -> None:
    for day in (MON, TUE):
        known = given(DeskDays, closed(TUE))
        known.when(DeskDays.close, DESK, day, TURNOVER, THERE, "", today=FRI).then_refused(DayClosedAlready(day=TUE))
    given(DeskDays, closed(TUE)).when(DeskDays.close, DESK, THU, TURNOVER, THERE, "", today=FRI).then(closed(THU))
    coming = WrongValue("day", "Этот день ещё не наступил.")
    given(DeskDays).when(DeskDays.close, DESK, FRI, TURNOVER, THERE, "", today=THU).then_refused(coming)
    given(DeskDays).when(DeskDays.close, DESK, MON, TURNOVER, Decimal(-1), "x", today=MON).then_refused_by(WrongValue)


@pytest.mark.spec("FIN-8")
def test_the_last_closed_day_is_opened_again_with_a_reason() -> None:
    days = (closed(MON), closed(WED))
    given(DeskDays, *days).when(DeskDays.reopen, DESK, MON, "ошибка").then_refused(NotLastClosedDay(day=WED))
    given(DeskDays).when(DeskDays.reopen, DESK, MON, "ошибка").then_refused(NotLastClosedDay(day=None))
    reason = WrongValue("reason", "Укажите, зачем открываете закрытый день.")
    given(DeskDays, *days).when(DeskDays.reopen, DESK, WED, " ").then_refused(reason)
    opened = given(DeskDays, *days).when(DeskDays.reopen, DESK, WED, "ошибка")
    opened.then(fact(DeskDays.Reopened, desk_id=DESK, day=WED, reason="ошибка"))
    assert opened.aggregate.last == MON
    opened.aggregate.close(DESK, WED, TURNOVER, THERE, "", today=FRI, at=NOW)
    assert opened.aggregate.closed == (MON, WED)
