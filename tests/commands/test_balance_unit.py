"""The unit in which goods are held stays once they have moved, in both adapters and under any concurrency (STK-1)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from aggregates.catalogues import Goods, Unit, first_entry_id
from aggregates.stock.balance_unit import BalanceUnitFixed
from aggregates.stock.stock_documents import StockReceipt
from commands.catalogue import change_entry
from commands.context import Receipt
from commands.ports.clinic import Clinic
from commands.stock import document as commands
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.racing import parallel
from tests.commands.reception import context
from tests.commands.test_stock_document import PIECE, Stock

MINUTE = str(first_entry_id(Unit, "минута"))


@pytest.fixture(scope="module", params=["memory", "postgresql"])
def stock(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Stock]:
    if request.param == "memory":
        yield Stock(MemoryClinic())
        return
    denta = Denta.open(module_database_url, connections=12)
    yield Stock(denta.clinic)
    denta.close()


@pytest.mark.spec("STK-1")
@pytest.mark.parametrize("unit", [MINUTE, None])
def test_the_unit_of_write_off_of_goods_that_have_moved_stays(stock: Stock, unit: str | None) -> None:
    goods = stock.goods("Маски", write_off_unit=str(PIECE), factor="50", sale_unit=MINUTE)
    draft = stock.create(StockReceipt, stock.line(goods))
    stock.do(commands.post_document, StockReceipt, draft)
    with pytest.raises(BalanceUnitFixed) as refused:
        stock.do(change_entry, Goods, goods, {"write_off_unit": unit, "name": "Маски новые"})
    assert refused.value.facts == {"field": "write_off_unit", "goods_id": goods, "goods": "Маски", "unit": "штука"}
    assert "учитывается в единицах «штука»" in refused.value.sentence
    stock.do(change_entry, Goods, goods, {"factor": "100", "sale_unit": str(first_entry_id(Unit, "зуб"))})
    stock.do(commands.unpost_document, StockReceipt, draft)
    stock.do(change_entry, Goods, goods, {"write_off_unit": unit})


@pytest.mark.spec("STK-1")
def test_goods_without_a_unit_of_write_off_keep_that_of_sale(stock: Stock) -> None:
    goods = stock.goods("Шовный материал")
    stock.do(change_entry, Goods, goods, {"sale_unit": MINUTE})
    stock.create(StockReceipt, stock.line(goods), post=True)
    with pytest.raises(BalanceUnitFixed) as refused:
        stock.do(change_entry, Goods, goods, {"sale_unit": str(PIECE)})
    assert (refused.value.facts["field"], refused.value.facts["unit"]) == ("sale_unit", "минута")
    with pytest.raises(BalanceUnitFixed):
        stock.do(change_entry, Goods, goods, {"write_off_unit": str(PIECE), "factor": "10"})


@pytest.mark.spec("STK-1")
@pytest.mark.thorough
def test_of_a_first_posting_and_another_unit_at_once_the_line_agrees_with_the_card(nodes: list[Clinic]) -> None:
    """Either the document was first, and the unit stayed; or the line has the factor of the new unit."""
    stock = Stock(nodes[0])
    for turn in range(6):
        goods = stock.goods(f"Перчатки {turn}", sale_unit=MINUTE, write_off_unit=str(PIECE), factor="10")
        line, head = stock.line(goods, unit="sale"), stock.head(StockReceipt)

        def race(number: int, goods: UUID = goods, line: Any = line, head: Any = head) -> Receipt:
            node = nodes[number % 3]
            if number % 2:
                return commands.create_document(node, context("create_document"), StockReceipt, head, [line], post=True)
            return change_entry(node, context("change_entry"), Goods, goods, {"write_off_unit": MINUTE, "factor": "7"})

        answers = parallel(6, race)
        documents = [nodes[0].load(StockReceipt, one.id) for one in answers[1::2]]
        card = nodes[0].load(Goods, goods).card
        assert {line.factor for one in documents for line in one.lines} == {int(str(card["factor"]))}
        refused = {type(one) for one in answers[::2]}
        assert refused <= ({BalanceUnitFixed} if card["write_off_unit"] == str(PIECE) else {Receipt, BalanceUnitFixed})
