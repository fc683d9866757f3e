from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.stock.costing import Movement
from aggregates.stock.stock_document import (
    AlreadyPosted,
    NothingToPost,
    NotPosted,
    Places,
    SameWarehouse,
    StockDocumentDeleted,
    movements_of,
)
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue, StockCount, StockReceipt, StockTransfer, StockWriteOff
from aggregates.stock.stock_lines import MOST_LINES, StockLine
from aggregates.values import Change, FieldChange, WrongValue, WrongValues
from tests.aggregates.scenario import NOW, Fact, fact, given, named, replayed

MAIN, ROOM, SUPPLIER = named("основной"), named("кабинет"), named("поставщик")
GLOVES, MASKS = named("перчатки"), named("маски")
SOLD = named("расходная накладная")
HEAD = {"moment": "2026-12-01T10:30", "warehouse_id": str(MAIN), "counterparty_id": str(SUPPLIER)}
STORED = {**HEAD, "suppliers_number": "", "comment": ""}


def line(quantity: Any = "10", **more: Any) -> StockLine:
    written: dict[str, Any] = {"goods_id": GLOVES, "quantity": Decimal(quantity), **more}
    return StockLine(**{k: Decimal(v) if k in {"price", "sum", "factor"} and v is not None else v for k, v in written.items()})


LINE = line(price="100", sum="1000.00")


def created(*lines: StockLine, **head: Any) -> Fact:
    return fact(StockReceipt.Created, number=7, card={**STORED, **head}, lines=lines)


POSTED = fact(StockReceipt.Posted, place=3)


@pytest.mark.spec("STK-1")
def test_a_receipt_is_a_draft_until_it_is_posted() -> None:
    new = given(StockReceipt).when(StockReceipt.create, 7, HEAD, [line(price="100")])
    new.then(created(line(price="100.00", sum="1000.00")))
    assert (new.aggregate.posted, new.aggregate.effective, new.aggregate.total) == (False, False, Decimal(1000))
    posted = given(StockReceipt, created(LINE)).when(StockReceipt.post, 3).then(POSTED)
    assert posted.aggregate.effective
    given(StockReceipt, created(LINE), POSTED).when(StockReceipt.post, 4).then_refused(AlreadyPosted())
    given(StockReceipt, created()).when(StockReceipt.post, 4).then_refused(NothingToPost())
    back = given(StockReceipt, created(LINE), POSTED).when(StockReceipt.unpost).then(fact(StockReceipt.Unposted))
    assert not back.aggregate.effective
    given(StockReceipt, created(LINE)).when(StockReceipt.unpost).then_refused(NotPosted())


def test_a_document_posted_again_keeps_its_place() -> None:
    again = given(StockReceipt, created(LINE), POSTED, fact(StockReceipt.Unposted))
    again.when(StockReceipt.post, 99).then(POSTED)


def test_a_posted_document_is_edited_and_never_left_without_lines() -> None:
    more = line("12", price="100", sum="1200.00")
    edited = given(StockReceipt, created(LINE), POSTED).when(StockReceipt.change, {"moment": "2026-12-02T09:00"}, [more])
    moved = FieldChange("moment", "2026-12-01T10:30", "2026-12-02T09:00")
    stored = line("12", price="100.00", sum="1200.00")
    edited.then(fact(StockReceipt.Changed, changes=(moved,), lines=Change((LINE,), (stored,))))
    assert edited.aggregate.day == date(2026, 12, 2)
    given(StockReceipt, created(LINE), POSTED).when(StockReceipt.change, {}, []).then_refused(NothingToPost())
    given(StockReceipt, created(LINE)).when(StockReceipt.change, {"comment": ""}, [LINE]).then()
    given(StockReceipt, created(LINE)).when(StockReceipt.change, {}, []).then(
        fact(StockReceipt.Changed, changes=(), lines=Change((LINE,), ()))
    )


@pytest.mark.spec("DEL-2")
def test_a_deleted_document_moves_nothing_until_it_is_returned() -> None:
    deleted = given(StockReceipt, created(LINE), POSTED).when(StockReceipt.delete).then(fact(StockReceipt.Deleted))
    assert not deleted.aggregate.effective
    gone = [created(LINE), POSTED, fact(StockReceipt.Deleted)]
    for decide, arguments in ((StockReceipt.change, ({},)), (StockReceipt.post, (5,)), (StockReceipt.unpost, ())):
        refusal = StockDocumentDeleted(document_id=named(StockReceipt.TOPIC))
        given(StockReceipt, *gone).when(decide, *arguments).then_refused(refusal)
    given(StockReceipt, *gone).when(StockReceipt.delete).then_refused(AlreadyDeleted(id=named(StockReceipt.TOPIC)))
    returned = given(StockReceipt, *gone).when(StockReceipt.return_).then(fact(StockReceipt.Returned))
    assert returned.aggregate.effective
    given(StockReceipt, created(LINE)).when(StockReceipt.return_).then_refused(NotDeleted(id=named(StockReceipt.TOPIC)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "0.00001"}, "quantity"),
        ({"quantity": "1000001"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "0.0001", "factor": "0.5"}, "quantity"),
        ({"factor": "0"}, "unit"),
        ({"factor": "-2"}, "unit"),
        ({"price": None}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "0.001"}, "price"),
        ({"sum": "-0.01"}, "sum"),
        ({"quantity": "1000000", "price": "99999999.99"}, "sum"),
        ({"batch": "ж" * 101}, "batch"),
        ({"expires_on": date(1900, 1, 1)}, "expires_on"),
    ],
)
def test_a_wrong_line_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    refused = given(StockReceipt).when(StockReceipt.create, 1, HEAD, [LINE, line(**{"price": "1", **wrong})])
    refused.then_refused_by(WrongValue)
    assert refused.refusal is not None
    assert refused.refusal.facts["field"] == f"lines.1.{field}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"moment": ""},
        {"moment": "1900-01-01T10:00"},
        {"moment": "2200-01-01T10:00"},
        {"moment": "01.12.2026"},
        {"moment": "2026-12-01T10:00+03:00"},
        {"moment": 5},
        {"warehouse_id": None},
        {"warehouse_id": "x"},
        {"counterparty_id": ""},
        {"colour": "red"},
    ],
)
def test_a_wrong_head_is_refused(wrong: dict[str, Any]) -> None:
    given(StockReceipt).when(StockReceipt.create, 1, {**HEAD, **wrong}, [LINE]).then_refused_by(WrongValue)
    given(StockReceipt, created(LINE)).when(StockReceipt.change, wrong).then_refused_by(WrongValue)


def test_all_faults_are_named_at_once() -> None:
    wrong = given(StockReceipt).when(StockReceipt.create, 1, {**HEAD, "moment": ""}, [line("0", price="1"), line(price=None)])
    wrong.then_refused_by(WrongValues)
    assert wrong.refusal is not None
    assert [one["field"] for one in wrong.refusal.facts["fields"]] == ["moment", "lines.0.quantity", "lines.1.price"]
    given(StockReceipt).when(StockReceipt.create, 1, HEAD, [LINE] * (MOST_LINES + 1)).then_refused_by(WrongValue)


def test_price_and_sum_follow_from_each_other_and_a_gift_costs_nothing() -> None:
    written = [line("3", sum="100"), line("3", price="33.335"[:5]), line("2", price="0"), line("7", price="10", sum="65.50")]
    made = given(StockReceipt).when(StockReceipt.create, 1, HEAD, written).aggregate
    assert [(str(one.price), str(one.sum)) for one in made.lines] == [
        ("33.33", "100.00"), ("33.33", "99.99"), ("0.00", "0.00"), ("10.00", "65.50"),
    ]  # fmt: skip


def test_a_transfer_needs_two_warehouses() -> None:
    head = {"moment": "2026-12-01T10:30", "warehouse_id": MAIN, "to_warehouse_id": MAIN}
    given(StockTransfer).when(StockTransfer.create, 1, head, [line()]).then_refused(SameWarehouse())
    stored = {**head, "to_warehouse_id": str(ROOM), "comment": ""}
    two = fact(StockTransfer.Created, number=1, card=stored, lines=(line(),))
    given(StockTransfer, two).when(StockTransfer.change, {"to_warehouse_id": str(MAIN)}).then_refused(SameWarehouse())


def movements(kind: Any, head: dict[str, Any], *lines: StockLine) -> tuple[Movement, ...]:
    document = replayed(kind)
    document.create(1, {"moment": "2026-12-01T10:30", "warehouse_id": MAIN, **head}, lines, at=NOW)
    return tuple(movements_of(document.id, kind.SHAPE, Places.of(document.card), document.lines))


@pytest.mark.spec("STK-1")
def test_lines_move_stock_in_the_unit_of_write_off() -> None:
    packs = line("2", unit="sale", factor="50", price="625")
    (received,) = movements(StockReceipt, {"counterparty_id": SUPPLIER}, packs)
    assert (received.effect, received.quantity, received.value) == ("receipt", 1_000_000, 125_000)
    (issued,) = movements(GoodsIssue, {}, line("1.5", price="20"))
    assert (issued.effect, issued.quantity, issued.value) == ("issue", 15_000, None)
    (back,) = movements(CustomerReturn, {"origin_id": SOLD}, line("0.5", price="20"))
    assert (back.effect, back.quantity, back.value, back.change, back.origin) == ("return", 5_000, None, 5_000, SOLD)
    (lost,) = movements(StockWriteOff, {}, line("0.15"))
    assert (lost.effect, lost.quantity) == ("issue", 1_500)
    out, back = movements(StockTransfer, {"to_warehouse_id": ROOM}, line("3"))
    assert [(m.effect, m.warehouse_id, m.quantity) for m in (out, back)] == [
        ("transfer_out", MAIN, 30_000), ("transfer_in", ROOM, 30_000),
    ]  # fmt: skip
    masks = replace(line("3", unit="sale", factor="50", price="625"), goods_id=MASKS)
    none, some = movements(StockCount, {}, line("0"), masks)
    assert [(m.effect, m.quantity, m.value) for m in (none, some)] == [("count", 0, None), ("count", 1_500_000, 187_500)]


@pytest.mark.spec("STK-5")
def test_goods_are_counted_once_in_a_document() -> None:
    """A second line would be a count of its own, which overrules the first."""
    head = {"moment": "2026-12-01T10:30", "warehouse_id": MAIN}
    twice = given(StockCount).when(StockCount.create, 1, head, [line("4"), replace(line("1"), goods_id=MASKS), line("6")])
    twice.then_refused(WrongValue("lines.2.goods_id", "Этот товар уже есть в строке 1. Сложите количество."))
