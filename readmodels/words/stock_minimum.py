"""Words of minimums of stock."""

from collections.abc import Iterable

from aggregates.catalogues import Goods
from aggregates.stock.stock_minimum import StockMinimum
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import Change, Described, Named, format_decimal


def _changed(event: StockMinimum.Set) -> Iterable[Change]:
    old, new = (format_decimal(f"{value:f}") if value else None for value in (event.old, event.new))
    yield Change("минимальный остаток", old, new, of=Named(Goods.TOPIC, event.goods_id))


def _state(minimum: StockMinimum) -> Described:
    yield "Минимальный остаток", format_decimal(f"{minimum.quantity:f}")


_NAMES = """SELECT m.id, g.name, h.name FROM stock_minimums m JOIN catalogue g ON g.entry_id = m.goods_id
  JOIN catalogue h ON h.entry_id = m.warehouse_id"""
STOCK_MINIMUM_WORDS = Words(
    kind=StockMinimum,
    label="Минимальный остаток",
    title="Минимальный остаток «{0}» на складе «{1}»",
    names=f"{_NAMES} WHERE m.id = ANY(%s)",
    found_by=ByWords("SELECT m.id FROM stock_minimums m JOIN catalogue g ON g.entry_id = m.goods_id", LETTERS.format("g.name")),
    actions={"stock_minimum_set": "Изменение минимального остатка"},
    events={StockMinimum.Set: Text("stock_minimum_set", ": изменён", _changed, lambda event: [event.warehouse_id])},
    state=_state,
)
