"""Search over all kinds of objects, as far as the user's rights go."""

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
    """An object that can be opened; `detail` distinguishes it from namesakes, `group` is the heading of its kind."""

    kind: FoundKind


class FoundList(Schema):
    items: list[Found]


class SearchQuery(Schema):
    q: Search


@routes.get("/search", SignedIn, answer=FoundList, reads=tuple(dict.fromkeys(name for one in SEARCHABLE for name in one.reads)))
def search(call: Call, query: Annotated[SearchQuery, Query()]) -> Any:
    """Patients, visits by number, employees, services and everything else that declares a search, as far as the rights go."""
    asker = Asker(call.only_doctor_id, call.patients_of, call.principal.opens_patient_cards)
    with call.reading() as conn:
        return call.answer({"items": search_everywhere(conn, query.q, call.principal.rights, asker)})
