"""Money documents in the search over everything: by number alone, each kind for those who may open it."""

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection

from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS
from readmodels.number_search import titled_number
from readmodels.searchable import Asker, Hit, Searchable
from readmodels.words.values import format_moment, format_rubles


def _find_of(kind: type[MoneyDocument]) -> Callable[[Connection[Any], str, Asker], Iterable[Hit]]:
    def find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
        """«12», «№ 12», «приход средств 12»."""
        del asker
        number = titled_number(query, kind.ONE)
        if number is None:
            return []
        rows = conn.execute(
            """SELECT d.id, d.moment, d.total, k.name FROM money_documents d
                LEFT JOIN catalogue k ON k.entry_id = d.desk_id
              WHERE d.kind = %(kind)s AND d.number = %(number)s AND NOT d.deleted""",
            {"kind": kind.TOPIC, "number": number},
        ).fetchall()
        return [
            Hit(id_, f"{kind.ONE} № {number}", ", ".join(filter(None, (format_moment(moment), format_rubles(total), desk))))
            for id_, moment, total, desk in rows
        ]

    return find


SEARCHABLE = tuple(
    Searchable(kind.TOPIC, kind.TITLE, right=kind.RIGHT, reads=("money_documents", "catalogue"), find=_find_of(kind))
    for kind in MONEY_DOCUMENTS
)
