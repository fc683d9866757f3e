"""Search from anywhere: what the user's rights show, of all kinds at once."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels import search as search_read
from readmodels.search import FoundKind
from services.api.http.call import Call
from services.api.http.routes import Routes, SignedIn
from services.api.shapes import Search, Shape

routes = Routes("search")

SHOWN_WITH: Mapping[FoundKind, str] = {
    "patient": "calendar",
    "visit": "calendar",
    "employee": "employees",
    "service": "services",
}
"""Kind → the right that opens it; without it none of the kind is found."""


class Found(Shape):
    """Something that can be opened; `detail` tells it from its namesakes."""

    kind: FoundKind
    id: UUID
    title: str
    detail: str


class FoundList(Shape):
    items: list[Found]


class SearchQuery(Shape):
    q: Search


@routes.get("/search", SignedIn, answer=FoundList, reads=("patients", "calendar", "employees", "services"))
def search(call: Call, query: Annotated[SearchQuery, Query()]) -> Any:
    """Patients, visits by number, employees and services, as far as the rights go."""
    kinds = [kind for kind, right in SHOWN_WITH.items() if right in call.principal.rights]
    with call.reading() as conn:
        own = {"only_doctor_id": call.only_doctor_id, "patients_of": call.patients_of}
        return call.answer({"items": search_read.search(conn, query.q, kinds, **own)})
