"""Stock documents in the search over everything: by number alone, each kind for those who may open it."""

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from readmodels.search_text import normal
from readmodels.searchable import Asker, Hit, Searchable
from readmodels.words.values import format_moment


def _find_of(kind: type[StockDocument]) -> Callable[[Connection[Any], str, Asker], Iterable[Hit]]:
    def find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
        """«12», «№ 12», «поступление товаров 12»."""
        del asker
        digits = normal(query).removeprefix(normal(kind.ONE)).strip(" №#")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
            return []
        rows = conn.execute(
            """SELECT d.id, d.number, d.moment, coalesce(c.name, w.name) FROM stock_documents d
                LEFT JOIN catalogue w ON w.entry_id = d.warehouse_id LEFT JOIN catalogue c ON c.entry_id = d.counterparty_id
              WHERE d.kind = %(kind)s AND d.number = %(number)s AND NOT d.deleted""",
            {"kind": kind.TOPIC, "number": int(digits)},
        ).fetchall()
        return [
            Hit(id_, f"{kind.ONE} № {number}", ", ".join(filter(None, (format_moment(moment), name))))
            for id_, number, moment, name in rows
        ]

    return find


SEARCHABLE = tuple(
    Searchable(kind.TOPIC, kind.TITLE, right=kind.RIGHT, reads=("stock_documents", "catalogue"), find=_find_of(kind))
    for kind in STOCK_DOCUMENTS
)
