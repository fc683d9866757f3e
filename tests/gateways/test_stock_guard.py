"""No posted document leaves a stock below zero, however early it is dated: in PostgreSQL and in the fake alike (STK-2, STK-3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from aggregates.stock.shortage import GoodsMissing, Shortage
from aggregates.stock.stock_documents import GoodsIssue, StockCount, StockReceipt, StockTransfer, StockWriteOff
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from gateways.guards import stock
from services.bootstrap import Denta
from tests.depth import examples
from tests.gateways.stock_story import (
    CTX,
    GLOVES,
    MAIN,
    MASKS,
    NOW,
    ROOM,
    Deed,
    Player,
    change,
    derived_rows,
    forbid,
    head,
    line,
    on,
    post,
    stories,
)

KINDS = (StockReceipt, GoodsIssue, StockTransfer, StockCount)


@pytest.fixture(params=["memory", "postgresql"])
def clinic(request: pytest.FixtureRequest, emptied: Callable[[], Denta]) -> Clinic:
    """A clinic where the rule is on."""
    made: Clinic = MemoryClinic() if request.param == "memory" else emptied().clinic
    forbid(made)
    return made


def missing(moment: str, document_id: UUID, quantity: str, warehouse: UUID = MAIN, goods: UUID = GLOVES) -> GoodsMissing:
    return GoodsMissing([Shortage(goods, warehouse, datetime.fromisoformat(moment), document_id, Decimal(quantity))])


@pytest.mark.spec("STK-2", "STK-3")
def test_a_late_issue_is_refused_by_the_document_that_would_get_short(clinic: Clinic) -> None:
    """Example 11: today's balance would be 4, but −1 on the tenth."""
    post(clinic, StockReceipt, on(1), line(GLOVES, "10"))
    sold = post(clinic, GoodsIssue, on(10), line(GLOVES, "8"))
    post(clinic, StockReceipt, on(12), line(GLOVES, "5"))
    with pytest.raises(GoodsMissing) as refused:
        post(clinic, StockWriteOff, on(5), line(GLOVES, "3"))
    assert missing(on(10), sold, "1") == refused.value
    assert "на 10.12.2026 12:00 недостаёт 1." in refused.value.sentence
    post(clinic, StockWriteOff, on(5), line(GLOVES, "2"))


@pytest.mark.spec("STK-2")
def test_nothing_is_taken_that_comes_later_on_the_day(clinic: Clinic) -> None:
    post(clinic, StockReceipt, on(1, "15:00"), line(GLOVES, "5"))
    with pytest.raises(GoodsMissing):
        post(clinic, StockWriteOff, on(1, "14:59"), line(GLOVES, "1"))
    post(clinic, StockWriteOff, on(1, "15:00"), line(GLOVES, "5"))


@pytest.mark.spec("STK-3")
def test_what_others_rest_on_is_neither_unposted_nor_deleted_nor_moved_nor_lessened(clinic: Clinic) -> None:
    receipt = post(clinic, StockReceipt, on(1), line(GLOVES, "10"), line(MASKS, "5"))
    sold = post(clinic, GoodsIssue, on(3), line(GLOVES, "8"))
    for decide in (
        lambda document: document.unpost(at=NOW),
        lambda document: document.delete(at=NOW),
        lambda document: document.change({"moment": on(4)}, at=NOW),
        lambda document: document.change({"warehouse_id": ROOM}, at=NOW),
    ):
        with pytest.raises(GoodsMissing) as refused:
            change(clinic, StockReceipt, receipt, decide)
        assert missing(on(3), sold, "8") == refused.value
    with pytest.raises(GoodsMissing) as refused:
        change(clinic, StockReceipt, receipt, lambda document: document.change({}, [line(GLOVES, "7")], at=NOW))
    assert missing(on(3), sold, "1") == refused.value
    change(clinic, StockReceipt, receipt, lambda document: document.change({"moment": on(2)}, [line(GLOVES, "8")], at=NOW))


@pytest.mark.spec("STK-3", "DEL-2")
def test_a_deleted_issue_comes_back_only_where_there_is_enough_by_now(clinic: Clinic) -> None:
    post(clinic, StockReceipt, on(1), line(GLOVES, "10"))
    first = post(clinic, GoodsIssue, on(3), line(GLOVES, "8"))
    change(clinic, GoodsIssue, first, lambda document: document.delete(at=NOW))
    second = post(clinic, GoodsIssue, on(2), line(GLOVES, "7"))
    with pytest.raises(GoodsMissing) as refused:
        change(clinic, GoodsIssue, first, lambda document: document.return_(at=NOW))
    assert missing(on(3), first, "5") == refused.value
    change(clinic, GoodsIssue, second, lambda document: document.unpost(at=NOW))
    change(clinic, GoodsIssue, first, lambda document: document.return_(at=NOW))


@pytest.mark.spec("STK-2")
def test_a_transfer_takes_from_one_warehouse_and_gives_to_the_other(clinic: Clinic) -> None:
    post(clinic, StockReceipt, on(1), line(GLOVES, "10"))
    transfer = post(clinic, StockTransfer, on(2), line(GLOVES, "6"))
    used = post(clinic, StockWriteOff, on(3), line(GLOVES, "5"), warehouse=ROOM)
    with pytest.raises(GoodsMissing) as refused:
        change(clinic, StockTransfer, transfer, lambda document: document.unpost(at=NOW))
    assert missing(on(3), used, "5", ROOM) == refused.value
    with pytest.raises(GoodsMissing):
        post(clinic, StockWriteOff, on(2, "13:00"), line(GLOVES, "5"))


@pytest.mark.spec("STK-5")
def test_a_count_covers_what_follows_from_it_and_nothing_before(clinic: Clinic) -> None:
    post(clinic, StockReceipt, on(1), line(GLOVES, "10"))
    count = post(clinic, StockCount, on(5), line(GLOVES, "7"))
    used = post(clinic, StockWriteOff, on(8), line(GLOVES, "7"))
    post(clinic, StockWriteOff, on(3), line(GLOVES, "10"))
    with pytest.raises(GoodsMissing):
        post(clinic, StockWriteOff, on(4), line(GLOVES, "1"))
    with pytest.raises(GoodsMissing) as refused:
        change(clinic, StockCount, count, lambda document: document.unpost(at=NOW))
    assert missing(on(8), used, "7") == refused.value
    with pytest.raises(GoodsMissing):
        change(clinic, StockCount, count, lambda document: document.change({"moment": on(9)}, at=NOW))
    change(clinic, StockCount, count, lambda document: document.change({"moment": on(8)}, at=NOW))


@pytest.mark.spec("STK-2")
def test_what_is_below_zero_from_before_the_rule_may_be_mended_and_not_made_worse(clinic: Clinic) -> None:
    forbid(clinic, forbids=False)
    sold = post(clinic, GoodsIssue, on(3, "10:00"), line(GLOVES, "5"))
    forbid(clinic)
    post(clinic, StockReceipt, on(3, "12:00"), line(GLOVES, "7"))
    post(clinic, StockReceipt, on(1), line(GLOVES, "1"))
    with pytest.raises(GoodsMissing) as refused:
        post(clinic, StockWriteOff, on(2), line(GLOVES, "1"))
    assert missing(on(3, "10:00"), sold, "5") == refused.value
    own = uuid4()
    with pytest.raises(GoodsMissing) as refused:
        post(clinic, StockWriteOff, on(3, "13:00"), line(GLOVES, "4"), document_id=own)
    assert missing(on(3, "13:00"), own, "1") == refused.value
    post(clinic, StockWriteOff, on(3, "13:00"), line(GLOVES, "3"))


@pytest.fixture
def short(clinic: Clinic) -> Clinic:
    """Five too few from the third on, from a time without the rule."""
    forbid(clinic, forbids=False)
    post(clinic, GoodsIssue, on(3), line(GLOVES, "5"))
    forbid(clinic)
    return clinic


@pytest.mark.spec("STK-2", "STK-3")
def test_no_receipt_goes_from_between_what_is_short_and_a_count(short: Clinic) -> None:
    """No other entry stands on the days that would be below zero."""
    receipt = post(short, StockReceipt, on(4), line(GLOVES, "7"))
    post(short, StockCount, on(9), line(GLOVES, "10"))
    for decide in (
        lambda document: document.delete(at=NOW),
        lambda document: document.unpost(at=NOW),
        lambda document: document.change({"moment": on(10)}, at=NOW),
        lambda document: document.change({"moment": on(4, "12:01")}, at=NOW),
        lambda document: document.change({"warehouse_id": ROOM}, at=NOW),
    ):
        with pytest.raises(GoodsMissing) as refused:
            change(short, StockReceipt, receipt, decide)
        assert missing(on(4), receipt, "5") == refused.value
    change(short, StockReceipt, receipt, lambda document: document.change({"moment": on(3, "13:00")}, at=NOW))


@pytest.mark.spec("STK-2", "STK-3")
def test_what_is_short_moves_to_a_later_day_and_not_to_an_earlier_one(short: Clinic) -> None:
    forbid(short, forbids=False)
    issue = post(short, GoodsIssue, on(5), line(GLOVES, "2"))
    forbid(short)
    for earlier in (on(4), on(5, "11:59"), on(2)):
        with pytest.raises(GoodsMissing) as refused:
            change(short, GoodsIssue, issue, lambda document, earlier=earlier: document.change({"moment": earlier}, at=NOW))
        assert refused.value.shortages[0].moment == datetime.fromisoformat(earlier)
    change(short, GoodsIssue, issue, lambda document: document.change({"moment": on(5, "12:01")}, at=NOW))
    change(short, GoodsIssue, issue, lambda document: document.change({"moment": on(5, "18:00")}, at=NOW))


@pytest.mark.spec("STK-2", "STK-5")
def test_a_count_that_covers_what_is_short_stays(short: Clinic) -> None:
    count = post(short, StockCount, on(5), line(GLOVES, "3"))
    post(short, StockReceipt, on(8), line(GLOVES, "9"))
    for decide in (
        lambda document: document.unpost(at=NOW),
        lambda document: document.change({"moment": on(6)}, at=NOW),
    ):
        with pytest.raises(GoodsMissing) as refused:
            change(short, StockCount, count, decide)
        assert missing(on(5), count, "5") == refused.value
    change(short, StockCount, count, lambda document: document.change({"moment": on(4)}, at=NOW))


@pytest.mark.spec("STK-2")
def test_every_goods_that_is_short_is_named(clinic: Clinic) -> None:
    post(clinic, StockReceipt, on(1), line(GLOVES, "1"))
    own = uuid4()
    with pytest.raises(GoodsMissing) as refused:
        post(clinic, GoodsIssue, on(3), line(MASKS, "2"), line(GLOVES, "4"), document_id=own)
    moment = datetime.fromisoformat(on(3))
    assert {(one.goods_id, one.missing) for one in refused.value.facts["shortages"]} == {(MASKS, 2), (GLOVES, 3)}
    assert {(one.warehouse_id, one.moment, one.document_id) for one in refused.value.shortages} == {(MAIN, moment, own)}
    assert refused.value.sentence.startswith("Остатки товаров (2) стали бы меньше нуля: на 03.12.2026 12:00 недостаёт")


@pytest.mark.spec("STK-2")
def test_without_the_rule_stock_may_fall_below_zero(clinic: Clinic) -> None:
    forbid(clinic, forbids=False)
    post(clinic, GoodsIssue, on(3), line(GLOVES, "5"))


@pytest.mark.spec("STK-3")
def test_what_would_be_refused_can_be_asked_for_and_changes_nothing(clinic: Clinic) -> None:
    forbid(clinic, forbids=False)
    post(clinic, StockReceipt, on(1), line(GLOVES, "10"), line(MASKS, "1"))
    sold = post(clinic, GoodsIssue, on(9), line(GLOVES, "8"))
    document = StockWriteOff(uuid4())
    document.create(1, head(StockWriteOff, on(5)), [line(GLOVES, "3"), line(MASKS, "1"), line(GLOVES, "1")], at=NOW)
    document.post(9, at=NOW)
    with clinic.write_lock():
        found = clinic.stock_ledger.shortages(document)
        assert found == missing(on(9), sold, "2").shortages
        assert clinic.stock_ledger.shortages(document) == found
    clinic.save(document, ctx=CTX)


Balances = dict[tuple[UUID, UUID], list[tuple[Any, int]]]


def balances(clinic: MemoryClinic) -> Balances:
    """Of each goods and warehouse the places in order with the balance after each, added up from the start for each."""
    entries = [
        ((entry.a, entry.b), (claim.moment, entry.rank, claim.place, entry.line), entry)
        for claim in clinic.log.claims(stock.NAME)
        for entry in claim.entries
    ]
    found: Balances = {}
    for account, place, _ in sorted(entries, key=lambda one: one[1]):
        until = [(at, entry) for of, at, entry in entries if of == account and at <= place]
        counts = [(at, entry.counted) for at, entry in until if entry.counted is not None]
        start, counted = max(counts) if counts else (None, 0)
        balance = counted + sum(entry.delta for at, entry in until if start is None or at > start)
        found.setdefault(account, []).append((place, balance))
    return found


def require_no_worse(before: Balances, after: Balances) -> None:
    """At no moment is anything below zero that wasn't, or by more than it was."""

    def at(places: list[tuple[Any, int]], place: Any) -> int:
        return next((balance for one, balance in reversed(places) if one <= place), 0)

    for account in before.keys() | after.keys():
        was, now = before.get(account, []), after.get(account, [])
        for place, _ in (*was, *now):
            assert at(now, place) >= min(at(was, place), 0)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories("rule"))
@pytest.mark.spec("STK-2", "STK-3")
def test_any_story_ends_alike_in_the_database_in_the_fake_and_rebuilt(story: list[Deed], emptied: Callable[[], Denta]) -> None:
    """Refusals with all their facts, and balances by day; while the rule is on, no moment is below zero."""
    denta, fake = emptied(), MemoryClinic()
    real_player, fake_player = Player(denta.clinic, KINDS), Player(fake, KINDS)
    for player in (real_player, fake_player):
        forbid(player.clinic)
    enforced = True
    for number, deed in enumerate(story):
        before = balances(fake)
        done = real_player.do(deed, number)
        assert done == fake_player.do(deed, number)
        if enforced and done[0] == "done":
            require_no_worse(before, balances(fake))
        enforced = deed[1] > 2 if deed[0] == "rule" else enforced
    live = derived_rows(denta, stock.GUARD)
    denta.rebuild_guards()
    assert derived_rows(denta, stock.GUARD) == live
    if not any(name == "rule" for name, *_ in story):
        assert all(low >= 0 for *_, low, _ in live[1])


def test_days_are_the_entries_added_up(emptied: Callable[[], Denta]) -> None:
    denta = emptied()
    post(denta.clinic, StockReceipt, on(1, "10:00"), line(GLOVES, "10"))
    post(denta.clinic, StockWriteOff, on(1, "12:00"), line(GLOVES, "12"))
    post(denta.clinic, StockCount, on(1, "13:00"), line(GLOVES, "3"))
    post(denta.clinic, StockWriteOff, on(2), line(GLOVES, "1"))
    post(denta.clinic, StockReceipt, (datetime.fromisoformat(on(1)) - timedelta(days=2)).isoformat(), line(GLOVES, "5"))
    assert [(str(day), closing, low, counts) for _, _, day, closing, low, counts in derived_rows(denta, stock.GUARD)[1]] == [
        ("2026-11-29", 50_000, 50_000, False),
        ("2026-12-01", 30_000, 30_000, True),
        ("2026-12-02", 20_000, 20_000, False),
    ]
