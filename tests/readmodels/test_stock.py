"""Stock and costs as people ask for them: at any date, per item, however late a document was entered."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg import Connection

from aggregates.catalogues import Counterparty, Goods, Unit, Warehouse
from aggregates.stock.costing import RANKS, Costing
from aggregates.stock.returned_goods import ReturnedTooMuch
from aggregates.stock.stock_document import Places, StockDocument, movements_of
from aggregates.stock.stock_documents import (
    STOCK_NUMBERS,
    STOCK_PLACES,
    CustomerReturn,
    GoodsIssue,
    StockCount,
    StockReceipt,
    StockTransfer,
    StockWriteOff,
)
from aggregates.stock.stock_lines import StockLine
from commands.context import Context
from commands.stock.minimum import set_minimum
from gateways.guards.registry import GUARDS
from projections.reader import selection_of
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from projections.stock import known_stock as looking_back
from projections.stock import stock_costs
from projections.stock.known_stock import TooMuchChanged, known_entries, known_stock
from projections.stock.stock_documents import DOCUMENTS
from readmodels.stock import stock_balances, stock_batches, stock_documents, stock_minimums, stock_movements
from readmodels.stock.stock_balances import Balances
from readmodels.stock.stock_entries import TABLE, StockEntry
from readmodels.stock.stock_movements import GoodsMovements
from services.bootstrap import Denta
from tests.aggregates.scenario import named
from tests.depth import examples
from tests.projections.comparing import live_and_rebuilt_differ
from tests.projections.folding import fold_all

NOW = datetime(2026, 12, 20, 10, 0, tzinfo=UTC)
CTX = Context(now=NOW, command="test")
MAIN, ROOM, SUPPLIER = named("основной"), named("кабинет"), named("поставщик")
GLOVES, MASKS = named("перчатки"), named("маски")
MODELS = [one for one in PROJECTIONS if one.name in {"stock_documents", "catalogue", "rights_sets", "stock_minimums"}]


class Stock:
    """A clinic's stock documents, folded as they come."""

    def __init__(self, denta: Denta, connection: Connection[Any]) -> None:
        self.denta, self.connection, self.clinic = denta, connection, denta.clinic
        self.reached = 0

    def open(self) -> None:
        with self.denta.database.connection() as connection:
            tables = ", ".join([*(t for guard in GUARDS for t in guard.tables), *(t.name for one in MODELS for t in one.tables)])
            connection.execute("ALTER TABLE events DISABLE TRIGGER events_stay")
            connection.execute(f"TRUNCATE events, commands, {tables}".encode())
            connection.execute("UPDATE projections SET position = 0")
        self.reached = 0
        self.denta = Denta(self.denta.database, self.denta.clock, files=None, message_log=None, stands_back=False)
        self.clinic = self.denta.clinic
        for id_, name in ((MAIN, "Основной"), (ROOM, "Кабинет 1")):
            self.entry(Warehouse, id_, {"name": name})
        self.entry(Unit, named("пара"), {"name": "пара"})
        for id_, name in ((GLOVES, "Перчатки"), (MASKS, "Маски")):
            card = {"name": name, "category": uuid4(), "price": "10", "sale_unit": named("пара")}
            self.entry(Goods, id_, card)

    def entry(self, kind: Any, id_: UUID, card: dict[str, Any]) -> None:
        made = kind(id_)
        made.create(card, at=NOW)
        self.clinic.save(made, ctx=CTX)

    def fold(self) -> None:
        self.reached = fold_all(self.connection, self.denta.decoders, MODELS, after=self.reached)

    def post(
        self,
        kind: type[StockDocument],
        moment: str,
        *lines: StockLine,
        warehouse: UUID = MAIN,
        origin: UUID | None = None,
        id_: UUID | None = None,
    ) -> UUID:
        document = kind(id_ or uuid4())
        head: dict[str, Any] = {"moment": moment, "warehouse_id": warehouse}
        head |= {"counterparty_id": SUPPLIER} if "counterparty_id" in kind.FIELDS else {}
        head |= {"to_warehouse_id": ROOM if warehouse == MAIN else MAIN} if "to_warehouse_id" in kind.FIELDS else {}
        head |= {"origin_id": origin} if "origin_id" in kind.FIELDS else {}
        numbers = next(one for one in STOCK_NUMBERS if one.name == kind.TOPIC)
        document.create(self.clinic.numbers.next(numbers), head, lines, at=NOW)
        document.post(self.clinic.numbers.next(STOCK_PLACES), at=NOW)
        self.clinic.save(document, ctx=CTX)
        self.fold()
        return document.id

    def change(self, kind: type[StockDocument], id_: UUID, decide: Any) -> None:
        document = self.clinic.load(kind, id_)
        decide(document)
        self.clinic.save(document, ctx=CTX)
        self.fold()

    def balances(self, **asked: Any) -> list[tuple[str, str, str]]:
        found = stock_balances.balances(self.connection, **asked)
        return [(one.goods.name, f"{one.quantity:f}", f"{one.value}") for one in found.items]

    def now(self) -> datetime:
        """When the last event was recorded."""
        found = self.connection.execute("SELECT max(recorded_at) FROM events").fetchone()
        assert found
        moment: datetime = found[0]
        return moment

    def shown(self, known_at: datetime | None = None) -> list[Balances | GoodsMovements | None]:
        """All that balances show on three days, of all warehouses and of each, and item cards; as it was known at a moment."""
        found: list[Balances | GoodsMovements | None] = []
        for end in (datetime(2026, 12, 1, 12), datetime(2026, 12, 3), datetime(2027, 1, 1)):  # noqa: DTZ001  wall clock
            with self.connection.transaction():
                selection = selection_of([DOCUMENTS], PROJECTIONS, self.denta.decoders)
                known = known_at and known_stock(self.connection, self.denta.decoders, selection, known_at=known_at, end=end)
                found += [
                    stock_balances.balances(self.connection, end=end, warehouse_id=warehouse, known=known)
                    for warehouse in (None, MAIN, ROOM)
                ]
        for goods_id in (GLOVES, MASKS):
            with self.connection.transaction():
                selection = selection_of([DOCUMENTS], PROJECTIONS, self.denta.decoders)
                entries = known_at and known_entries(self.connection, self.denta.decoders, selection, goods_id, known_at=known_at)
                found += [
                    stock_movements.movements(
                        self.connection, goods_id, warehouse_id=warehouse, first=first, page=page, size=4, known=entries
                    )
                    for warehouse, first, page in ((None, None, 1), (None, None, 2), (MAIN, date(2026, 12, 2), 1))
                ]
        return found

    def latest(self, known_at: datetime) -> Balances:
        """What there is in the end in all warehouses, as it was known."""
        found = self.shown(known_at)[6]
        assert isinstance(found, Balances)
        return found

    def entries(self) -> list[StockEntry]:
        return TABLE.all_rows(self.connection)

    def values(self, *documents: UUID) -> list[str]:
        """Rubles that each of these documents added, by its only line."""
        found = {e.document_id: f"{Decimal(e.value) / 100:.2f}" for e in self.entries()}
        return [found[id_] for id_ in documents]

    def differing(self) -> list[str]:
        """Where a rebuild would come to other rows than the live ones."""
        self.fold()
        self.connection.execute("UPDATE projections SET position = %s", (self.reached,))
        rebuilder = Rebuilder(self.denta.database.connect, PROJECTIONS, self.denta.decoders)
        return live_and_rebuilt_differ(rebuilder, self.connection, *MODELS)


@pytest.fixture(scope="module")
def opened(module_database_url: str) -> Iterator[Stock]:
    with pytest.MonkeyPatch.context() as patch:
        for walking in (stock_costs, looking_back):
            patch.setattr(walking, "PORTION", 3)  # so that a handful of movements needs several
        denta = Denta.open(module_database_url)
        with denta.database.connect() as connection:
            connection.autocommit = True
            fold_all(connection, denta.decoders, MODELS)
            yield Stock(denta, connection)
        denta.close()


@pytest.fixture
def stock(opened: Stock) -> Stock:
    opened.open()
    return opened


def line(goods: UUID, quantity: str, total: str | None = None) -> StockLine:
    return StockLine(goods_id=goods, quantity=Decimal(quantity), sum=Decimal(total or "0"))


def on(day: int, clock: str = "12:00") -> str:
    return f"2026-12-{day:02}T{clock}"


@pytest.mark.spec("STK-3", "STK-4")
def test_a_late_receipt_changes_costs_and_what_was_there_on_any_date(stock: Stock) -> None:
    """Example 4 of the reference."""
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"))
    stock.post(StockWriteOff, on(5), line(GLOVES, "4"))
    last = stock.post(StockWriteOff, on(10), line(GLOVES, "4"))
    assert stock.balances() == [("Перчатки", "2", "200.00")]
    stock.post(StockReceipt, on(3), line(GLOVES, "10", "1600"))
    assert stock.balances() == [("Перчатки", "12", "1560.00")]
    assert stock.balances(end=datetime(2026, 12, 3)) == [("Перчатки", "10", "1000.00")]  # noqa: DTZ001  the clinic's wall clock
    assert stock.balances(end=datetime(2026, 12, 9)) == [("Перчатки", "16", "2080.00")]  # noqa: DTZ001
    card = stock_movements.movements(stock.connection, GLOVES, first=date(2026, 12, 5))
    assert card is not None
    shown = [(one.kind, f"{one.quantity:f}", str(one.value), f"{one.balance:f}") for one in card.items]
    assert shown == [("stock_write_off", "-4", "-520.00", "12"), ("stock_write_off", "-4", "-520.00", "16")]
    assert (card.items[0].document_id, card.total, card.opening, card.closing_value) == (last, 2, 20, Decimal("1560.00"))


@pytest.mark.spec("STK-1", "STK-3")
def test_a_corrected_receipt_is_followed_through_transfers(stock: Stock) -> None:
    """Example 6 of the reference."""
    receipt = stock.post(StockReceipt, on(1), line(GLOVES, "20", "2000"))
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "500"), warehouse=ROOM)
    for day, quantity, source in ((2, "20", MAIN), (3, "15", ROOM), (4, "5", MAIN)):
        stock.post(StockTransfer, on(day), line(GLOVES, quantity), warehouse=source)
    stock.post(GoodsIssue, on(5), line(GLOVES, "8", "900"), warehouse=ROOM)
    assert stock.balances(warehouse_id=MAIN) == [("Перчатки", "10", "833.33")]
    assert stock.balances(warehouse_id=ROOM) == [("Перчатки", "12", "1000.00")]
    stock.change(StockReceipt, receipt, lambda one: one.change({}, [line(GLOVES, "20", "3200")], at=NOW))
    assert stock.balances(warehouse_id=MAIN) == [("Перчатки", "10", "1233.33")]
    assert stock.balances(warehouse_id=ROOM) == [("Перчатки", "12", "1480.00")]
    assert stock.balances() == [("Перчатки", "22", "2713.33")]
    (found,) = stock_balances.balances(stock.connection).items
    assert [(one.name, f"{one.quantity:f}") for one in found.warehouses] == [("Кабинет 1", "12"), ("Основной", "10")]
    assert found.average == Decimal("123.33")


@pytest.mark.spec("STK-3")
def test_a_transfer_that_goes_elsewhere_costs_what_it_did(stock: Stock) -> None:
    other = named("кабинет 2")
    stock.entry(Warehouse, other, {"name": "Кабинет 2"})
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"))
    transfer = stock.post(StockTransfer, on(2), line(GLOVES, "4"))
    stock.change(StockTransfer, transfer, lambda one: one.change({"to_warehouse_id": other}, at=NOW))
    assert stock.balances(warehouse_id=ROOM) == []
    assert stock.balances(warehouse_id=other) == [("Перчатки", "4", "400.00")]


@pytest.mark.spec("STK-1", "STK-3")
def test_a_return_comes_back_at_what_the_issue_had_cost_and_follows_it(stock: Stock) -> None:
    receipt = stock.post(StockReceipt, on(1), line(GLOVES, "3", "100"))
    sold = stock.post(GoodsIssue, on(2), line(GLOVES, "2", "300"))
    stock.post(StockReceipt, on(3), line(GLOVES, "1", "900"))
    first = stock.post(CustomerReturn, on(5), line(GLOVES, "1", "150"), origin=sold)
    last = stock.post(CustomerReturn, on(6), line(GLOVES, "1", "150"), warehouse=ROOM, origin=sold)
    assert stock.values(sold, first, last) == ["-66.67", "33.34", "33.33"]
    assert stock.balances(warehouse_id=ROOM) == [("Перчатки", "1", "33.33")]
    stock.change(StockReceipt, receipt, lambda one: one.change({}, [line(GLOVES, "3", "200")], at=NOW))
    assert stock.values(sold, first, last) == ["-133.33", "66.67", "66.66"]
    assert stock.differing() == []
    stock.change(CustomerReturn, first, lambda one: one.change({"moment": on(7)}, at=NOW))
    assert stock.values(first, last) == ["66.66", "66.67"], "the last one takes the rest"
    stock.change(CustomerReturn, last, lambda one: one.unpost(at=NOW))
    assert stock.values(first) == ["66.67"]
    assert stock.balances() == [("Перчатки", "3", "1033.34")]
    assert stock.differing() == []


@pytest.mark.spec("STK-1", "STK-3")
def test_all_lines_of_the_goods_cost_what_comes_back_of_them(stock: Stock) -> None:
    stock.post(StockReceipt, on(1), line(GLOVES, "1", "10"), line(MASKS, "5", "50"))
    packs = replace(line(GLOVES, "0.5", "60"), unit="sale", factor=Decimal(2))
    sold = stock.post(GoodsIssue, on(2), packs, line(MASKS, "1", "20"), line(GLOVES, "3", "90"))
    assert [(e.line, e.value) for e in stock.entries() if e.document_id == sold] == [(0, -10_00), (1, -10_00), (2, -30_00)]
    back = stock.post(CustomerReturn, on(3), line(GLOVES, "3", "90"), origin=sold)
    assert stock.values(back) == ["30.00"]
    stock.post(StockReceipt, on(1, "11:00"), line(GLOVES, "3", "70"))
    assert stock.values(back) == ["60.00"], "3 of the 4 that cost 80.00 by both lines"
    assert stock.differing() == []


@pytest.mark.spec("STK-1")
def test_an_issue_says_what_came_back_of_it_and_returns_name_it(stock: Stock) -> None:
    packs = replace(line(GLOVES, "2", "60"), unit="sale", factor=Decimal(10))
    sold, other = (stock.post(GoodsIssue, on(day), packs, line(MASKS, "1")) for day in (2, 1))
    first = stock.post(CustomerReturn, on(3), line(GLOVES, "0.5"), replace(packs, quantity=Decimal(1)), origin=sold)
    second = stock.post(CustomerReturn, on(4), line(GLOVES, "2"), origin=sold)

    def returned(issue: UUID) -> dict[UUID, Decimal]:
        card = stock_documents.issue(stock.connection, issue)
        assert card is not None
        return card.returned

    assert (returned(sold), returned(other)) == ({GLOVES: Decimal("12.5")}, {})
    stock.change(CustomerReturn, second, lambda one: one.unpost(at=NOW))
    assert returned(sold) == {GLOVES: Decimal("10.5")}
    assert stock_documents.issue(stock.connection, first) is None
    names = {"warehouse_id": "Основной", "origin_id": f"№ {stock.clinic.load(GoodsIssue, sold).number} от 02.12.2026"}
    assert [one.names for one in stock_documents.listing(stock.connection, CustomerReturn).items] == [names, names]
    card = stock_documents.get(stock.connection, first, kind=CustomerReturn)
    assert card is not None
    assert card.names == names


@pytest.mark.spec("STK-5")
def test_the_difference_of_a_count_follows_what_is_entered_later(stock: Stock) -> None:
    """Example 7 of the reference."""
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"))
    stock.post(StockWriteOff, on(5), line(GLOVES, "2"))
    count = stock.post(StockCount, on(10), line(GLOVES, "7"))
    stock.post(StockWriteOff, on(12), line(GLOVES, "3"))
    assert [(e.quantity, e.value) for e in stock.entries() if e.document_id == count] == [(-10_000, -10_000)]
    stock.post(StockReceipt, on(8), line(GLOVES, "5", "750"))
    assert [(e.quantity, e.value) for e in stock.entries() if e.document_id == count] == [(-60_000, -71_538)]
    assert stock.balances() == [("Перчатки", "4", "476.93")]


@pytest.mark.spec("STK-4", "DEL-2")
def test_what_is_unposted_or_deleted_leaves_no_trace_until_it_comes_back(stock: Stock) -> None:
    receipt = stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"), line(MASKS, "5", "50"))
    there = [("Маски", "5", "50.00"), ("Перчатки", "10", "1000.00")]
    assert stock.balances() == there
    stock.change(StockReceipt, receipt, lambda one: one.unpost(at=NOW))
    assert (stock.balances(), stock.entries()) == ([], [])
    stock.change(StockReceipt, receipt, lambda one: one.post(99, at=NOW))
    assert stock.balances() == there
    stock.change(StockReceipt, receipt, lambda one: one.delete(at=NOW))
    assert stock.balances() == []
    stock.change(StockReceipt, receipt, lambda one: one.return_(at=NOW))
    assert stock.balances() == there
    before = stock.entries()
    stock.change(StockReceipt, receipt, lambda one: one.change({"comment": "оплачено"}, at=NOW))
    assert stock.entries() == before


def test_goods_at_an_absurd_price_stop_nobody(stock: Stock) -> None:
    """Ten-thousandths of a unit for a hundred million rubles, of which a million units are counted: beyond 64 bits."""
    stock.post(StockReceipt, on(1), line(GLOVES, "0.0001", "99999999.99"))
    stock.post(StockCount, on(2), line(GLOVES, "1000000"))
    assert stock.balances() == [("Перчатки", "1000000", "999999999900000000.00")]
    stock.post(StockReceipt, on(1), line(GLOVES, "1", "10"))
    assert [quantity for _, quantity, _ in stock.balances()] == ["1000000"]


@pytest.mark.spec("STK-4")
def test_the_list_is_filtered_sorted_and_paged(stock: Stock) -> None:
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"))
    stock.post(GoodsIssue, on(2), line(MASKS, "3", "30"))
    assert stock.balances(shown="missing") == [("Маски", "-3", "0.00")]
    assert [name for name, *_ in stock.balances(sort="-quantity")] == ["Перчатки", "Маски"]
    assert [name for name, *_ in stock.balances(query="ПЕРЧ")] == ["Перчатки"]
    assert [name for name, *_ in stock.balances(page=2, size=1)] == ["Перчатки"]
    beyond = stock_balances.balances(stock.connection, page=9, size=1)
    assert (beyond.items, beyond.total, beyond.value) == ([], 2, Decimal("1000.00"))
    assert stock_movements.movements(stock.connection, uuid4()) is None
    stock.entry(Goods, uuid4(), {"name": "Бахилы", "category": uuid4(), "price": "1", "sale_unit": named("пара")})
    stock.fold()
    assert [name for name, *_ in stock.balances(shown="all")] == ["Бахилы", "Маски", "Перчатки"]


@pytest.mark.spec("STK-4")
def test_what_is_below_its_minimum_is_to_be_bought(stock: Stock) -> None:
    stock.entry(Counterparty, SUPPLIER, {"name": "Дентснаб"})
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "125"))
    for warehouse, least in ((MAIN, "10"), (ROOM, "3")):
        set_minimum(stock.clinic, CTX, GLOVES, warehouse, Decimal(least))
    stock.fold()
    shown = [(one.warehouse, str(one.quantity), str(one.minimum)) for one in stock_minimums.of_goods(stock.connection, GLOVES)]
    assert shown == [("Кабинет 1", "0", "3"), ("Основной", "10", "10")]
    assert [(one.warehouse, one.missing) for one in stock_minimums.to_buy(stock.connection)] == [("Кабинет 1", 3)]
    stock.post(StockWriteOff, on(2), line(GLOVES, "2.5"))
    (found,) = stock_minimums.to_buy(stock.connection, MAIN)
    assert (found.goods.name, found.goods.sale_unit, found.missing) == ("Перчатки", "пара", Decimal("2.5"))
    factor = Decimal(found.goods.factor)
    assert (found.price, found.sale_price, found.sum) == (Decimal("12.50"), Decimal("12.50") * factor, Decimal("31.25"))
    assert (found.supplier_id, found.supplier) == (SUPPLIER, "Дентснаб")
    set_minimum(stock.clinic, CTX, GLOVES, MAIN, Decimal(0))
    stock.fold()
    assert stock_minimums.to_buy(stock.connection, MAIN) == []


@pytest.mark.spec("STK-4")
def test_what_expires_first_is_taken_to_be_used_first(stock: Stock) -> None:
    def received(quantity: str, batch: str, expires: date | None) -> StockLine:
        return replace(line(GLOVES, quantity, "10"), batch=batch, expires_on=expires)

    spring, summer = date(2027, 3, 1), date(2027, 6, 1)
    first = stock.post(StockReceipt, on(1), received("5", "Л", summer), received("4", "В", spring), received("2", "", None))
    stock.post(StockReceipt, on(2), received("1", "Е", spring), warehouse=ROOM)

    def expiring(until: date) -> list[tuple[str, str]]:
        return [(one.batch, f"{one.left:f}") for one in stock_batches.expiring(stock.connection, until)]

    assert sorted(expiring(spring)) == [("В", "4"), ("Е", "1")]
    assert expiring(date(2027, 2, 28)) == []
    stock.post(StockWriteOff, on(3), line(GLOVES, "4.5"))
    assert expiring(summer) == [("Е", "0.5"), ("Л", "5")]
    stock.post(StockWriteOff, on(4), line(GLOVES, "3"))
    assert expiring(summer) == [("Л", "2.5")]
    (left,) = stock_batches.expiring(stock.connection, summer)
    assert (left.document_id, left.kind, left.goods.name) == (first, "stock_receipt", "Перчатки")
    stock.post(StockWriteOff, on(5), line(GLOVES, "4"))
    assert expiring(summer) == []


@pytest.mark.spec("STK-4")
def test_stock_is_shown_as_it_was_known_before_a_late_document_came(stock: Stock) -> None:
    stock.post(StockReceipt, on(1), line(GLOVES, "10", "1000"))
    issue = stock.post(StockWriteOff, on(1), line(GLOVES, "4"))
    untouched = stock.post(StockReceipt, on(1), line(MASKS, "3", "30"))
    known_at, known_then = stock.now(), stock.shown()
    stock.post(StockReceipt, on(1, "11:00"), line(GLOVES, "10", "1600"))
    stock.change(StockWriteOff, issue, lambda one: one.change({}, [line(GLOVES, "5")], at=NOW))
    assert stock.balances() == [("Маски", "3", "30.00"), ("Перчатки", "15", "1950.00")]
    assert stock.shown(known_at) == known_then
    (first, second) = stock.latest(known_at).items
    assert [(one.goods.name, f"{one.quantity:f}", str(one.value)) for one in (first, second)] == [
        ("Маски", "3", "30.00"),
        ("Перчатки", "6", "600.00"),
    ]
    stock.change(StockReceipt, untouched, lambda one: one.delete(at=NOW))
    assert stock.shown(known_at) == known_then
    assert stock.shown(stock.now()) == stock.shown()


@pytest.mark.spec("STK-4")
def test_what_is_known_is_asked_back_to_a_bounded_number_of_documents(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    known_at = stock.now()
    for day in (1, 2, 3):
        stock.post(StockReceipt, on(day), line(GLOVES, "1", "1"))
    monkeypatch.setattr(looking_back, "MOST_DOCUMENTS", 3)
    assert stock.latest(known_at).items == []
    monkeypatch.setattr(looking_back, "MOST_DOCUMENTS", 2)
    with pytest.raises(TooMuchChanged):
        stock.shown(known_at)
    middle = stock.now()
    stock.post(StockReceipt, on(1), line(GLOVES, "1", "1"))
    monkeypatch.setattr(looking_back, "MOST_MOVEMENTS", 1)
    with pytest.raises(TooMuchChanged):
        stock.shown(middle)


KINDS = (StockReceipt, GoodsIssue, StockTransfer, StockCount, CustomerReturn)
moments = st.sampled_from([on(day, clock) for day in (1, 2, 3) for clock in ("09:00", "18:00")])
some_lines = st.lists(
    st.tuples(st.sampled_from([GLOVES, MASKS]), st.sampled_from(["1", "2.5", "7"]), st.sampled_from(["0", "10.01", "99.99"])),
    min_size=1,
    max_size=3,
)
deeds = st.tuples(
    st.sampled_from(["post", "post", "post", "unpost", "post_again", "delete", "return_", "change"]),
    st.integers(0, 9),
    st.sampled_from([MAIN, ROOM]),
    moments,
    some_lines,
)


@pytest.mark.spec("STK-3", "OPS-2")
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=2, max_size=15), middle=st.integers(0, 14))
def test_costs_are_as_if_all_documents_had_been_entered_in_their_order(stock: Stock, story: Sequence[Any], middle: int) -> None:
    """Live rows, a rebuild, and one walk over all effective documents come to the same after any story; and in its middle stock
    was what it is afterwards said to have been known as.
    """
    stock.open()
    sold = stock.post(GoodsIssue, on(1, "18:00"), line(GLOVES, "2.5"), line(GLOVES, "1"))
    made: list[tuple[type[StockDocument], UUID]] = [
        (StockReceipt, stock.post(StockReceipt, on(1, "09:00"), line(GLOVES, "7", "99.99"))),
        (GoodsIssue, sold),
        *((CustomerReturn, stock.post(CustomerReturn, on(3), line(GLOVES, "0.7"), origin=sold)) for _ in range(3)),
    ]
    known_at, known_then = stock.now(), stock.shown()
    for number, (name, which, warehouse, moment, written) in enumerate(story):
        if number == middle:
            known_at, known_then = stock.now(), stock.shown()
        lines = [line(goods, quantity, total) for goods, quantity, total in written]
        if name == "post":
            kind, issues = KINDS[which % len(KINDS)], [id_ for kind, id_ in made if kind is GoodsIssue]
            if kind is StockCount:
                lines = counted_once(lines)
            if kind is not CustomerReturn:
                made.append((kind, stock.post(kind, moment, *lines, warehouse=warehouse)))
            elif issues:
                origin = issues[which % len(issues)]
                halves = [replace(one, quantity=one.quantity / 2) for one in stock.clinic.load(GoodsIssue, origin).lines[:which]]
                with suppress(ReturnedTooMuch):
                    made.append((kind, stock.post(kind, moment, *halves or lines, warehouse=warehouse, origin=origin)))
        elif made:
            kind, id_ = made[which % len(made)]
            document = stock.clinic.load(kind, id_)
            lines = counted_once(lines) if kind is StockCount else lines
            if name == "change" and not document.deleted:
                document.change({"moment": moment, "comment": name}, lines if which % 2 else None, at=NOW)
            elif name == "unpost" and document.effective:
                document.unpost(at=NOW)
            elif name == "post_again" and not document.posted and not document.deleted:
                document.post(0, at=NOW)
            elif name == "delete" and not document.deleted:
                document.delete(at=NOW)
            elif name == "return_" and document.deleted:
                document.return_(at=NOW)
            with suppress(ReturnedTooMuch):
                stock.clinic.save(document, ctx=CTX)
            stock.fold()
    documents = [stock.clinic.load(kind, id_) for kind, id_ in made]
    assert walked(documents) == {
        (e.document_id, e.line, e.inward): (e.quantity, e.value, e.correction, e.balance, e.balance_value)
        for e in stock.entries()
    }
    assert stock.differing() == []
    assert stock.shown(known_at) == known_then


def counted_once(lines: Sequence[StockLine]) -> list[StockLine]:
    return list({one.goods_id: one for one in lines}.values())


def walked(documents: Sequence[StockDocument]) -> dict[Any, Any]:
    """All movements of all goods in one list, costed once."""
    ordered = sorted(
        (
            (one.moment, RANKS[movement.effect], one.place, movement.line, movement.effect == "transfer_in", movement)
            for one in documents
            if one.effective
            for movement in movements_of(one.id, one.SHAPE, Places.of(one.card), one.lines)
        ),
        key=lambda row: row[:5],
    )
    costings: dict[UUID, Costing] = {}
    found = {}
    for *_, inward, movement in ordered:
        cost = costings.setdefault(movement.goods_id, Costing()).cost(movement)
        found[movement.document_id, movement.line, inward] = (
            cost.quantity, cost.value, cost.correction, cost.left, cost.left_value,
        )  # fmt: skip
    return found
