"""Stock documents by their commands, with either adapter: numbers, places, factors of lines, references, closed periods."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.stock.returned_goods import ReturnedTooMuch
from aggregates.stock.stock_document import (
    AlreadyPosted,
    NothingToPost,
    NotPosted,
    SameWarehouse,
    StockDocument,
    StockDocumentDeleted,
)
from aggregates.stock.stock_documents import (
    STOCK_DOCUMENTS,
    CustomerReturn,
    GoodsIssue,
    StockCount,
    StockReceipt,
    StockTransfer,
    StockWriteOff,
)
from aggregates.stock.stock_lines import MOST_LINES
from aggregates.values import WrongValue, WrongValues
from commands.catalogue import change_entry, create_entry, delete_entry, return_entry
from commands.clinic.clinic_settings import change_settings
from commands.context import Receipt
from commands.ports.clinic import AggregateNotFound, Clinic, VersionMoved
from commands.stock import document as commands
from commands.stock.document import RequestedLine
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context

PIECE = first_entry_id(Unit, "штука")
MAIN = first_entry_id(Warehouse, "Основной склад")
OPEN, CLOSED = "2026-12-01T10:30", "2026-11-30T10:30"


class Stock:
    """A clinic with goods: gloves are sold by packs and written off by pieces, gauze only by pieces."""

    def __init__(self, clinic: Clinic) -> None:
        self.reception = Reception(clinic)
        self.clinic, self.do = clinic, self.reception.do
        self.other = self.do(create_entry, Warehouse, {"name": "Кабинет 1"}).id
        self.supplier = self.do(create_entry, Counterparty, {"name": "Дентснаб"}).id
        self.category = self.do(create_entry, GoodsCategory, {"name": "Расходники"}).id
        pack = self.do(create_entry, Unit, {"name": "упаковка"}).id
        self.gloves = self.goods("Перчатки", sale_unit=str(pack), write_off_unit=str(PIECE), factor="10")
        self.gauze = self.goods("Бинт")
        self.issue = self.create(GoodsIssue, self.line(self.gauze, "1000"), moment="2026-11-01T10:30", post=True)

    def goods(self, name: str, **card: Any) -> UUID:
        fields = {"name": name, "category": str(self.category), "price": "100", "sale_unit": str(PIECE), **card}
        return self.do(create_entry, Goods, fields).id

    def head(self, kind: type[StockDocument], moment: str = OPEN, **fields: Any) -> dict[str, Any]:
        needed = {"moment": moment, "warehouse_id": MAIN, "to_warehouse_id": self.other, "counterparty_id": self.supplier}
        if "origin_id" in kind.FIELDS:
            needed["origin_id"] = self.issue
        return {name: value for name, value in needed.items() if name in kind.FIELDS} | fields

    def create(self, kind: type[StockDocument] = StockReceipt, *lines: RequestedLine, post: bool = False, **head: Any) -> UUID:
        return self.do(commands.create_document, kind, self.head(kind, **head), lines or [self.line(self.gauze)], post=post).id

    def change(self, kind: type[StockDocument], id_: UUID, fields: dict[str, Any], *lines: RequestedLine) -> StockDocument:
        self.do(commands.change_document, kind, id_, fields, lines or None)
        return self.clinic.load(kind, id_)

    @staticmethod
    def line(goods_id: UUID, quantity: str = "1", **more: Any) -> RequestedLine:
        return RequestedLine(goods_id=goods_id, quantity=Decimal(quantity), **{"price": Decimal(10), **more})

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Days before December are closed."""
        self.do(change_settings, {"past_documents": False, "closed_before": "2026-12-01"})
        yield
        self.do(change_settings, {"past_documents": True})


@pytest.fixture(scope="module", params=["memory", "postgresql"])
def stock(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Stock]:
    if request.param == "memory":
        yield Stock(MemoryClinic())
        return
    denta = Denta.open(module_database_url, connections=12)
    yield Stock(denta.clinic)
    denta.close()


@pytest.mark.spec("STK-1")
def test_each_kind_has_numbers_of_its_own_and_a_refused_document_takes_none(stock: Stock) -> None:
    first = {kind: stock.clinic.load(kind, stock.create(kind)).number for kind in STOCK_DOCUMENTS}
    with pytest.raises(WrongValue):
        stock.create(StockReceipt, stock.line(stock.gauze, "0"))
    with pytest.raises(AggregateNotFound):
        stock.create(StockReceipt, stock.line(uuid4()))
    receipt = stock.do(commands.create_document, StockReceipt, stock.head(StockReceipt))
    assert receipt.facts == {"number": first[StockReceipt] + 1}
    assert stock.clinic.load(GoodsIssue, stock.create(GoodsIssue)).number == first[GoodsIssue] + 1


@pytest.mark.spec("STK-1")
def test_a_document_is_created_and_posted_by_one_save(stock: Stock) -> None:
    id_ = stock.create(StockReceipt, post=True)
    document = stock.clinic.load(StockReceipt, id_)
    assert (document.version, document.effective) == (2, True)
    with pytest.raises(NothingToPost):
        stock.do(commands.create_document, StockReceipt, stock.head(StockReceipt), (), post=True)


@pytest.mark.spec("STK-1")
def test_a_place_is_drawn_at_the_first_posting_over_all_kinds_and_stays(stock: Stock) -> None:
    later, first, second = stock.create(StockWriteOff), stock.create(StockReceipt, post=True), stock.create(GoodsIssue, post=True)
    stock.do(commands.post_document, StockWriteOff, later)
    placed = [(StockReceipt, first), (GoodsIssue, second), (StockWriteOff, later)]
    places = [stock.clinic.load(kind, id_).place for kind, id_ in placed]
    assert 0 < places[0] < places[1] < places[2]
    for step in (commands.unpost_document, commands.post_document):
        stock.do(step, StockReceipt, first)
    assert stock.clinic.load(StockReceipt, first).place == places[0]
    with pytest.raises(AlreadyPosted):
        stock.do(commands.post_document, StockReceipt, first)
    with pytest.raises(NotPosted):
        stock.do(commands.unpost_document, StockReceipt, stock.create())


def test_a_line_has_the_factor_that_its_goods_had_when_it_was_written(stock: Stock) -> None:
    packs, pieces = stock.line(stock.gloves, "2", unit="sale"), stock.line(stock.gloves, "5")
    id_ = stock.create(StockReceipt, packs, pieces, stock.line(stock.gauze, "3", unit="sale"))
    assert [line.factor for line in stock.clinic.load(StockReceipt, id_).lines] == [10, 1, 1]

    stock.do(change_entry, Goods, stock.gloves, {"factor": "12"})
    more = stock.line(stock.gloves, "4", unit="sale")
    assert [line.factor for line in stock.change(StockReceipt, id_, {}, more, packs).lines] == [10, 10]
    assert [line.factor for line in stock.clinic.load(StockReceipt, stock.create(StockReceipt, packs)).lines] == [12]
    only_pieces = stock.create(StockReceipt, pieces)
    assert [line.factor for line in stock.change(StockReceipt, only_pieces, {}, packs, pieces).lines] == [12, 1]
    stock.do(change_entry, Goods, stock.gloves, {"factor": "10"})


@pytest.mark.spec("STK-1")
def test_a_document_counts_in_the_units_of_the_day_of_its_first_posting(stock: Stock) -> None:
    """A draft written before the pack changed would bring another quantity than what is on the shelf."""
    packs, pieces = stock.line(stock.gloves, "2.5", unit="sale"), stock.line(stock.gloves, "5")

    def factors(id_: UUID) -> list[Decimal]:
        return [line.factor for line in stock.clinic.load(StockReceipt, id_).lines]

    try:
        posted, draft = stock.create(StockReceipt, packs, post=True), stock.create(StockReceipt, packs, pieces)
        stock.do(change_entry, Goods, stock.gloves, {"factor": "12"})
        stock.do(commands.post_document, StockReceipt, draft)
        for step in (commands.unpost_document, commands.post_document):
            stock.do(step, StockReceipt, posted)
        assert (factors(posted), factors(draft)) == ([10], [12, 1])
        stock.do(change_entry, Goods, stock.gloves, {"factor": "1"})
        tenth = stock.create(StockReceipt, stock.line(stock.gloves, "0.0001", unit="sale"))
        stock.do(change_entry, Goods, stock.gloves, {"factor": "0.5"})
        with pytest.raises(WrongValue):
            stock.do(commands.post_document, StockReceipt, tenth)
        assert factors(tenth) == [1]
    finally:
        stock.do(change_entry, Goods, stock.gloves, {"factor": "10"})


@pytest.mark.spec("STK-1")
def test_what_is_chosen_has_to_be_active_and_may_be_deleted_later(stock: Stock) -> None:
    goods, warehouse = stock.goods("Слепочная масса"), stock.do(create_entry, Warehouse, {"name": "Временный"}).id
    id_ = stock.create(StockReceipt, stock.line(goods), warehouse_id=warehouse)
    stock.do(delete_entry, Goods, goods)
    stock.do(delete_entry, Warehouse, warehouse)
    for refused in ({"lines": [stock.line(goods)]}, {"warehouse_id": warehouse}):
        lines = refused.pop("lines", [stock.line(stock.gauze)])
        with pytest.raises(EntryDeleted):
            stock.create(StockReceipt, *lines, **refused)
    changed = stock.change(StockReceipt, id_, {"comment": "старый склад"}, stock.line(goods, "7", unit="sale"))
    assert [line.quantity for line in changed.lines] == [7]
    for step in (commands.post_document, commands.delete_document, commands.return_document, commands.unpost_document):
        stock.do(step, StockReceipt, id_)
    stock.do(commands.change_document, StockReceipt, id_, {"warehouse_id": MAIN})
    with pytest.raises(EntryDeleted):
        stock.change(StockReceipt, id_, {"warehouse_id": warehouse})
    stock.do(return_entry, Warehouse, warehouse)
    stock.change(StockReceipt, id_, {"warehouse_id": warehouse})


@pytest.mark.spec("STK-1")
def test_a_return_is_of_an_issue_that_is_not_deleted_when_it_is_chosen(stock: Stock) -> None:
    issue, gone = stock.create(GoodsIssue), stock.create(GoodsIssue)
    stock.do(commands.delete_document, GoodsIssue, gone)
    for refused, wrong in ((StockDocumentDeleted, gone), (AggregateNotFound, uuid4()), (AggregateNotFound, stock.create())):
        with pytest.raises(refused):
            stock.create(CustomerReturn, origin_id=wrong)
    with pytest.raises(WrongValue):
        stock.create(CustomerReturn, origin_id=None)
    draft = stock.create(CustomerReturn, origin_id=issue)
    with pytest.raises(ReturnedTooMuch):
        stock.do(commands.post_document, CustomerReturn, draft)
    stock.do(commands.delete_document, GoodsIssue, issue)
    stock.change(CustomerReturn, draft, {"comment": "накладная удалена", "origin_id": str(issue)})
    with pytest.raises(StockDocumentDeleted):
        stock.change(CustomerReturn, draft, {"origin_id": gone})
    stock.change(CustomerReturn, draft, {"origin_id": stock.issue})
    stock.do(commands.post_document, CustomerReturn, draft)
    assert stock.clinic.load(CustomerReturn, draft).effective
    with pytest.raises(ReturnedTooMuch):
        stock.do(commands.unpost_document, GoodsIssue, stock.issue)


@pytest.mark.spec("VIS-5")
@pytest.mark.parametrize("kind", STOCK_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_documents_of_a_closed_period_stay_as_they_are(kind: type[StockDocument], stock: Stock) -> None:
    draft, posted, gone = (stock.create(kind, moment=CLOSED, post=post) for post in (False, True, False))
    today = stock.create(kind)
    stock.do(commands.delete_document, kind, gone)
    with stock.closed():
        for refused in (
            partial(stock.create, kind, moment=CLOSED),
            partial(stock.create, kind, moment=CLOSED, post=True),
            partial(stock.change, kind, draft, {"comment": "правка"}),
            partial(stock.change, kind, draft, {"moment": OPEN}),
            partial(stock.change, kind, today, {"moment": CLOSED}),
            partial(stock.do, commands.post_document, kind, draft),
            partial(stock.do, commands.unpost_document, kind, posted),
            partial(stock.do, commands.delete_document, kind, posted),
            partial(stock.do, commands.return_document, kind, gone),
        ):
            with pytest.raises(PeriodClosed):
                refused()
        stock.change(kind, today, {"moment": "2026-12-01T00:00"})
        stock.do(commands.post_document, kind, today)
    stock.change(kind, draft, {"moment": OPEN})


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_deleted_document_is_returned_as_it_was(stock: Stock) -> None:
    id_ = stock.create(StockCount, post=True)
    stock.do(commands.delete_document, StockCount, id_)
    assert not stock.clinic.load(StockCount, id_).effective
    for refused in (
        partial(stock.change, StockCount, id_, {"comment": "правка"}),
        partial(stock.do, commands.post_document, StockCount, id_),
        partial(stock.do, commands.unpost_document, StockCount, id_),
    ):
        with pytest.raises(StockDocumentDeleted):
            refused()
    stock.do(commands.return_document, StockCount, id_)
    assert stock.clinic.load(StockCount, id_).effective


def test_wrong_heads_and_lines_are_refused_at_their_fields(stock: Stock) -> None:
    with pytest.raises(SameWarehouse):
        stock.create(StockTransfer, to_warehouse_id=MAIN)
    with pytest.raises(WrongValues) as refused:
        stock.create(StockReceipt, stock.line(stock.gauze), stock.line(stock.gauze, "0"), moment="", counterparty_id=None)
    assert [fault["field"] for fault in refused.value.facts["fields"]] == ["moment", "counterparty_id", "lines.1.quantity"]
    with pytest.raises(WrongValue, match="wrong_value"):
        stock.create(StockReceipt, *[stock.line(uuid4())] * (MOST_LINES + 1))


def test_a_version_that_has_moved_is_refused(stock: Stock) -> None:
    id_ = stock.create()
    stock.change(StockReceipt, id_, {"comment": "правка"})
    for step in (commands.post_document, commands.delete_document):
        with pytest.raises(VersionMoved):
            stock.do(step, StockReceipt, id_, expected=1)


@pytest.mark.spec("VIS-5")
def test_a_period_that_is_closed_meanwhile_is_noticed(nodes: list[Clinic]) -> None:
    """Whichever of two nodes comes first: a document is never saved into a period after it was closed."""
    stock = Stock(nodes[0])
    head, line = stock.head(StockReceipt, CLOSED), stock.line(stock.gauze)

    def race(turn: int) -> Any:
        if turn == 3:
            return change_settings(nodes[1], context(), {"past_documents": False, "closed_before": "2026-12-01"})
        return commands.create_document(nodes[turn % 3], context(), StockReceipt, head, [line], post=True)

    answers = parallel(12, race)
    assert {type(answer) for answer in answers} <= {Receipt, PeriodClosed}
    closed_at = answers[3].position
    created = [answer.position for turn, answer in enumerate(answers) if isinstance(answer, Receipt) and turn != 3]
    assert all(position < closed_at for position in created)


@pytest.mark.spec("STK-1")
def test_an_issue_that_is_deleted_meanwhile_is_not_returned(nodes: list[Clinic]) -> None:
    """Whichever of two nodes comes first: no return is written of an issue that is deleted by then."""
    stock = Stock(nodes[0])
    issue, line = stock.create(GoodsIssue), stock.line(stock.gauze)
    head = stock.head(CustomerReturn, origin_id=issue)

    def race(turn: int) -> Any:
        if turn == 3:
            return commands.delete_document(nodes[1], context(), GoodsIssue, issue)
        return commands.create_document(nodes[turn % 3], context(), CustomerReturn, head, [line])

    answers = parallel(12, race)
    assert {type(answer) for answer in answers} <= {Receipt, StockDocumentDeleted}
    deleted_at = answers[3].position
    created = [answer.position for turn, answer in enumerate(answers) if isinstance(answer, Receipt) and turn != 3]
    assert all(position < deleted_at for position in created)
