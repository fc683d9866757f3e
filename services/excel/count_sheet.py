"""The sheet of an inventory: goods of a warehouse with an empty column for what is counted. It is loaded back into the draft."""

from collections.abc import Iterable
from typing import BinaryIO

from readmodels.stock.stock_book import BookedGoods
from services.excel.stock_lines import ARTICLE, BOOK, CATEGORY, COUNTED, GOODS, ID, UNIT
from services.excel.writing import Heading, writing

TITLE = "Инвентаризация"


def write(goods: Iterable[BookedGoods], target: BinaryIO, *, book: bool) -> None:
    """`book`: with what there should be. Who counts without it counts what is there."""
    headings = [
        Heading(CATEGORY, width=24),
        Heading(GOODS, width=44),
        Heading(ARTICLE),
        Heading(UNIT),
        *([Heading(BOOK, "whole", 12)] if book else []),
        Heading(COUNTED, "whole", 14),
        Heading(ID, width=38),
    ]
    rows = (
        [one.category, one.name, one.article or None, one.unit, *([one.quantity] if book else []), None, str(one.id)]
        for one in goods
    )
    with writing(target) as made:
        made.table(TITLE, headings, rows)
