"""Search from anywhere: what the user's rights show, of all kinds at once."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Query

from readmodels.search import SEARCHABLE
from readmodels.search import Found as FoundStruct
from readmodels.search import search as search_everywhere
from readmodels.searchable import Asker
from services.api.http.call import Call
from services.api.http.routes import Routes, SignedIn
from services.api.mirrors import mirrors
from services.api.schemas import Schema, Search

routes = Routes("search")

if TYPE_CHECKING:
    FoundKind = str
else:
    FoundKind = Literal[tuple(one.kind for one in SEARCHABLE)]


@mirrors(FoundStruct)
class Found(Schema):
    """Something that can be opened; `detail` tells it from its namesakes, `group` is the heading over its kind."""

    kind: FoundKind


class FoundList(Schema):
    items: list[Found]


class SearchQuery(Schema):
    q: Search


@routes.get("/search", SignedIn, answer=FoundList, reads=tuple(dict.fromkeys(name for one in SEARCHABLE for name in one.reads)))
def search(call: Call, query: Annotated[SearchQuery, Query()]) -> Any:
    """Patients, visits by number, employees, services and whatever else declares to be found, as far as the rights go."""
    asker = Asker(call.only_doctor_id, call.patients_of)
    with call.reading() as conn:
        return call.answer({"items": search_everywhere(conn, query.q, call.principal.rights, asker)})
