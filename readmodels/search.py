"""One search over all searchable concepts that the user may see (UI-4)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.clinic import services
from readmodels.money import articles, invoices, money_document_search
from readmodels.payroll import pay_accruals
from readmodels.people import employees, patient_search
from readmodels.scheduling import calendar
from readmodels.search_text import normal
from readmodels.searchable import Asker, Searchable
from readmodels.stock import stock_document_search

SEARCHABLE: tuple[Searchable, ...] = (
    patient_search.SEARCHABLE,
    calendar.SEARCHABLE,
    employees.SEARCHABLE,
    services.SEARCHABLE,
    articles.SEARCHABLE,
    *stock_document_search.SEARCHABLE,
    *money_document_search.SEARCHABLE,
    pay_accruals.SEARCHABLE,
    invoices.SEARCHABLE,
)
"""In the order in which results are shown."""


class Found(msgspec.Struct, frozen=True):
    """A result. `kind`: the type of object; `group`: the heading of its group."""

    kind: str
    group: str
    id: UUID
    title: str
    detail: str


def search(conn: Connection[Any], query: str, rights: Collection[str], asker: Asker) -> list[Found]:
    """Results for a user with these rights, by concept; none for an empty query."""
    if not normal(query):
        return []
    return [
        Found(one.kind, one.group, hit.id, hit.title, hit.detail)
        for one in SEARCHABLE
        if one.right in rights
        for hit in one.find(conn, query, asker)
    ]
