"""The action journal («Журнал действий»)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from readmodels import journal as journal_read
from readmodels.access import user_accesses
from readmodels.journal import JournalColumn, JournalSort
from readmodels.words.registry import GLOSSARY
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import JOURNALS, WORKBOOKS
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Name, OpenPeriod, Page, Ref, Schema, Search

routes = Routes("journal")
JOURNAL = NeedsRight("journal")
READS = ("journal", *GLOSSARY.reads)
"""Entries, and the names of the objects that they mention."""

if TYPE_CHECKING:
    ObjectType = str
else:
    ObjectType = Literal[tuple(GLOSSARY.labels)]
    """Types of objects: of every concept that has words."""


@mirrors(journal_read.JournalObject)
class JournalObject(Schema):
    type: ObjectType


@mirrors(journal_read.ChangeInWords)
class Change(Schema):
    pass


@mirrors(journal_read.JournalItem)
class JournalItem(Schema):
    pass


class Journal(Schema):
    items: list[JournalItem]
    total: int


class Choice(Schema):
    key: str
    label: str


class JournalFilters(Schema):
    """What the journal can be filtered by."""

    users: list[Ref]
    kinds: list[Choice]
    object_types: list[Choice]


class JournalQuery(Page, OpenPeriod):
    user_id: UUID | None = None
    object_type: ObjectType | None = None
    object_id: UUID | None = None
    kind: Name | None = None
    q: Search = ""
    sort: JournalSort = "-moment"


class JournalExportQuery(JournalQuery):
    columns: Annotated[list[JournalColumn], Field(max_length=8, default_factory=list)]
    """Columns in this order; all by default."""


@routes.get("/journal", JOURNAL, answer=Journal, reads=READS, live=False, heavy=JOURNALS)
def journal(call: Call, query: Annotated[JournalQuery, Query()]) -> Any:
    """Entries, newest first by default."""
    with call.reading() as conn:
        items, total = journal_read.listing(
            conn, call.denta.decoders, _filter(query), call.zone, query.sort, query.page, query.size
        )
    return call.answer({"items": items, "total": total})


@routes.get("/journal/filters", JOURNAL, answer=JournalFilters, reads=("accesses", "employees"), live=False)
def filters(call: Call) -> Any:
    """Users, kinds of actions and of objects to filter by."""
    with call.reading() as conn:
        users = user_accesses.users(conn)
    return call.answer({"users": users, "kinds": _choices(GLOSSARY.actions), "object_types": _choices(GLOSSARY.labels)})


@routes.get(
    "/journal/export.xlsx",
    JOURNAL,
    answer=bytes,
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    reads=READS,
    live=False,
    heavy=WORKBOOKS,
)
def export(call: Call, query: Annotated[JournalExportQuery, Query()]) -> Any:
    """The filtered entries as a workbook (page and size are ignored)."""
    from services.excel.workbooks import JournalBook

    call.record_access("exported", "journal", filter=_filter_values(query))
    return workbook(call, JournalBook(_filter(query), query.sort, query.columns), "journal.xlsx")


def _filter_values(query: JournalQuery) -> dict[str, Any]:
    return query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size", "sort", "columns"})


def _filter(query: JournalQuery) -> journal_read.JournalFilter:
    return journal_read.JournalFilter(
        user_id=query.user_id,
        object_type=query.object_type,
        object_id=query.object_id,
        kind=query.kind,
        first=query.first,
        last=query.last,
        query=query.q,
    )


def _choices(labels: Mapping[Any, str]) -> list[dict[str, str]]:
    return [{"key": key, "label": label} for key, label in labels.items()]
