"""No more comes back of an issue's goods than had left by then: in PostgreSQL and in the fake alike (STK-1)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from aggregates.stock.returned_goods import Excess, ReturnedTooMuch
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from gateways.guards import returned_goods
from services.bootstrap import Denta
from tests.aggregates.scenario import named
from tests.depth import examples
from tests.gateways.stock_story import (
    GLOVES,
    MASKS,
    NOW,
    ROOM,
    Deed,
    Player,
    change,
    derived_rows,
    line,
    on,
    post,
    stories,
)

KINDS = (GoodsIssue, CustomerReturn)


@pytest.fixture(params=["memory", "postgresql"])
def clinic(request: pytest.FixtureRequest, emptied: Callable[[], Denta]) -> Clinic:
    return MemoryClinic() if request.param == "memory" else emptied().clinic


def returned(clinic: Clinic, issue: UUID, moment: str, quantity: str, goods: UUID = GLOVES, own: str = "возврат") -> UUID:
    return post(clinic, CustomerReturn, moment, line(goods, quantity), warehouse=ROOM, origin=issue, document_id=named(own))


def too_much(issue: UUID, moment: str, quantity: str, goods: UUID = GLOVES, own: str = "возврат") -> ReturnedTooMuch:
    return ReturnedTooMuch(Excess(issue, goods, datetime.fromisoformat(moment), named(own), Decimal(quantity)))


@pytest.mark.spec("STK-1")
def test_no_more_comes_back_than_had_left_by_all_lines_of_the_issue(clinic: Clinic) -> None:
    issue = post(clinic, GoodsIssue, on(3), line(GLOVES, "2"), line(MASKS, "1"), line(GLOVES, "1.5"))
    other = post(clinic, GoodsIssue, on(3), line(GLOVES, "10"))
    with pytest.raises(ReturnedTooMuch) as refused:
        returned(clinic, issue, on(5), "4")
    assert too_much(issue, on(5), "0.5") == refused.value
    assert "на 05.12.2026 12:00 лишних 0,5." in refused.value.sentence
    returned(clinic, issue, on(5), "3")
    with pytest.raises(ReturnedTooMuch) as refused:
        returned(clinic, issue, on(4), "1", own="ещё")
    assert too_much(issue, on(5), "0.5") == refused.value, "an earlier one is at the expense of the later"
    returned(clinic, issue, on(6), "0.5", own="ещё")
    with pytest.raises(ReturnedTooMuch) as refused:
        returned(clinic, other, on(5), "1", MASKS, own="чужое")
    assert too_much(other, on(5), "1", MASKS, own="чужое") == refused.value
    returned(clinic, issue, on(5), "1", MASKS, own="маски")


@pytest.mark.spec("STK-1")
@pytest.mark.parametrize("moment", [on(2), on(3)])
def test_nothing_comes_back_before_it_had_left(moment: str, clinic: Clinic) -> None:
    issue = post(clinic, GoodsIssue, on(3), line(GLOVES, "2"))
    with pytest.raises(ReturnedTooMuch) as refused:
        returned(clinic, issue, moment, "1")
    assert too_much(issue, moment, "1") == refused.value
    returned(clinic, issue, on(3, "12:01"), "1")


@pytest.mark.spec("STK-1")
def test_an_issue_whose_goods_came_back_is_neither_unposted_nor_deleted_nor_moved_nor_lessened(clinic: Clinic) -> None:
    issue = post(clinic, GoodsIssue, on(3), line(GLOVES, "5"), line(MASKS, "1"))
    back = returned(clinic, issue, on(5), "3")
    for decide in (
        lambda document: document.unpost(at=NOW),
        lambda document: document.delete(at=NOW),
        lambda document: document.change({"moment": on(6)}, at=NOW),
        lambda document: document.change({}, [line(MASKS, "1")], at=NOW),
    ):
        with pytest.raises(ReturnedTooMuch) as refused:
            change(clinic, GoodsIssue, issue, decide)
        assert too_much(issue, on(5), "3") == refused.value
    with pytest.raises(ReturnedTooMuch) as refused:
        change(clinic, GoodsIssue, issue, lambda document: document.change({}, [line(GLOVES, "2")], at=NOW))
    assert too_much(issue, on(5), "1") == refused.value
    change(clinic, GoodsIssue, issue, lambda document: document.change({"moment": on(4)}, [line(GLOVES, "3")], at=NOW))
    change(clinic, CustomerReturn, back, lambda document: document.unpost(at=NOW))
    change(clinic, GoodsIssue, issue, lambda document: document.delete(at=NOW))
    with pytest.raises(ReturnedTooMuch) as refused:
        change(clinic, CustomerReturn, back, lambda document: document.post(9, at=NOW))
    assert too_much(issue, on(5), "3") == refused.value


@pytest.mark.spec("STK-1", "DEL-2")
def test_a_changed_or_deleted_return_leaves_room_for_another(clinic: Clinic) -> None:
    issue, other = (post(clinic, GoodsIssue, on(3), line(GLOVES, "2")) for _ in range(2))
    first = returned(clinic, issue, on(5), "2")
    change(clinic, CustomerReturn, first, lambda document: document.change({"origin_id": str(other)}, at=NOW))
    second = returned(clinic, issue, on(6), "2", own="второй")
    with pytest.raises(ReturnedTooMuch) as refused:
        change(clinic, CustomerReturn, second, lambda document: document.change({"origin_id": str(other)}, at=NOW))
    assert too_much(other, on(6), "2", own="второй") == refused.value
    change(clinic, CustomerReturn, first, lambda document: document.delete(at=NOW))
    change(clinic, CustomerReturn, second, lambda document: document.change({"origin_id": str(other)}, at=NOW))
    with pytest.raises(ReturnedTooMuch) as refused:
        change(clinic, CustomerReturn, first, lambda document: document.return_(at=NOW))
    assert too_much(other, on(6), "2", own="второй") == refused.value


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
@pytest.mark.spec("STK-1")
def test_any_story_ends_alike_in_the_database_in_the_fake_and_rebuilt(story: list[Deed], emptied: Callable[[], Denta]) -> None:
    """Refusals with all their facts, and balances by day, none of which is below zero at any moment."""
    denta, fake = emptied(), MemoryClinic()
    real_player, fake_player = Player(denta.clinic, KINDS), Player(fake, KINDS)
    sold: list[Deed] = [("post", 0, 0, moment, [(0, "7"), (1, "3"), (0, "2")]) for moment in (on(1, "09:00"), on(1, "18:00"))]
    for number, deed in enumerate([*sold, *story]):
        assert real_player.do(deed, number) == fake_player.do(deed, number)
    live = derived_rows(denta, returned_goods.GUARD)
    denta.rebuild_guards()
    assert derived_rows(denta, returned_goods.GUARD) == live
    assert all(low >= 0 for *_, low, _ in live[1])
