"""Federal dictionaries: the loaded versions, and the search for codes."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints

from readmodels import dictionaries as dictionaries_read
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Name, Schema, Search

routes = Routes("dictionaries")

Oid = Annotated[str, StringConstraints(max_length=100, pattern=r"^[0-9]+(\.[0-9]+)*$")]


@mirrors(dictionaries_read.DictionaryVersion)
class DictionaryVersion(Schema):
    """A loaded version; `file_hash`: SHA-256 of the file it came from; `current`: the one that is searched by default."""


class DictionaryVersions(Schema):
    items: list[DictionaryVersion]


@mirrors(dictionaries_read.DictionaryItem)
class DictionaryItem(Schema):
    """One entry; an entry that isn't `actual` is outdated and kept for old documents."""


class DictionaryItems(Schema):
    items: list[DictionaryItem]
    total: int


class DictionarySearch(Schema):
    q: Search = ""
    version: Name | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@routes.get("/dictionaries", NeedsRight("dictionaries", "employees"), answer=DictionaryVersions)
def versions(call: Call) -> Any:
    """The loaded versions of all dictionaries."""
    with call.reading() as conn:
        return call.answer({"items": dictionaries_read.versions(conn)})


@routes.get("/dictionaries/{oid}/search", NeedsRight("dictionaries", "calendar", "employees"), answer=DictionaryItems)
def search(call: Call, oid: Oid, query: Annotated[DictionarySearch, Query()]) -> Any:
    """Entries by the beginning of the code or by words of the name."""
    with call.reading() as conn:
        found = dictionaries_read.search(conn, oid, query.q, query.version, query.limit)
    if found is None:
        raise NoSuchObject(kind="dictionary", id=oid)
    return call.answer({"items": found[0], "total": found[1]})
