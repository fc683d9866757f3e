"""Accepted shortages of stock, of visits and stock documents."""

from collections.abc import Iterable

from aggregates.catalogues import Goods
from aggregates.stock.stock_warnings import Short
from readmodels.words.values import Change, Named, format_decimal


def accepted_shortages(short: Iterable[Short]) -> Iterable[Change]:
    """Each of them as a change of its own."""
    for one in short:
        missing = f"недостаёт {format_decimal(f'{one.missing:f}')} на {one.moment:%d.%m.%Y %H:%M}"
        yield Change("Несмотря на предупреждение", None, missing, of=Named(Goods.TOPIC, one.goods_id))
