"""Stock documents in the search over everything: by their number, receipts by that of the supplier too; each kind for those who
may open it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, SUPPLIERS_NUMBER
from readmodels.number_search import number_of
from readmodels.search_text import holds, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.words.values import format_moment

SHORTEST = 3
"""Fewest characters of a supplier's number: fewer stand in too many."""
_THEIRS = f"translate(lower(d.card ->> '{SUPPLIERS_NUMBER.name}'), 'ё', 'е')"


def _find_of(kind: type[StockDocument]) -> Callable[[Connection[Any], str, Asker], Iterable[Hit]]:
    def find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
        """«12», «№ 12», «поступление товаров 12», «УТ-1234»: the document of this number first, then the newest ones."""
        del asker
        written = normal(query).removeprefix(normal(kind.ONE)).strip(" №#")
        number = number_of(written)
        values: dict[str, Any] = {"kind": kind.TOPIC, "number": number, "most": MOST}
        ways = [] if number is None else ["d.number = %(number)s"]
        if SUPPLIERS_NUMBER.name in kind.FIELDS and len(written) >= SHORTEST:
            # by the index of what the list is searched by, then in the number alone
            ways += [f"({holds('d.search', way, values)} AND {holds(_THEIRS, way, values)})" for way in readings(written)]
        if not ways:
            return []
        rows = conn.execute(
            f"""SELECT d.id, d.number, d.moment, coalesce(c.name, w.name), d.card ->> '{SUPPLIERS_NUMBER.name}'
              FROM stock_documents d
                LEFT JOIN catalogue w ON w.entry_id = d.warehouse_id LEFT JOIN catalogue c ON c.entry_id = d.counterparty_id
              WHERE d.kind = %(kind)s AND NOT d.deleted AND ({" OR ".join(ways)})
              ORDER BY coalesce(d.number = %(number)s, false) DESC, d.moment DESC, d.number DESC LIMIT %(most)s""",
            values,
            prepare=False,
        ).fetchall()
        return [
            Hit(id_, f"{kind.ONE} № {number}", ", ".join(filter(None, (format_moment(moment), name, _named(theirs)))))
            for id_, number, moment, name, theirs in rows
        ]

    return find


def _named(theirs: str | None) -> str:
    return f"накладная {theirs}" if theirs else ""


SEARCHABLE = tuple(
    Searchable(kind.TOPIC, kind.TITLE, right=kind.RIGHT, reads=("stock_documents", "catalogue"), find=_find_of(kind))
    for kind in STOCK_DOCUMENTS
)
