"""Plain catalogues: the same routes for each, with its own right; and their declarations, from which screens are built."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field as Limits
from pydantic import StrictBool, StrictInt, create_model

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES, choosing_rights
from aggregates.fields import Field, FieldType
from commands import catalogue as commands
from readmodels import catalogue as catalogue_read
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, given
from services.api.http.call import Call
from services.api.http.problems import BodyMalformed, NoSuchObject
from services.api.http.routes import NeedsRight, Routes, SignedIn
from services.api.mirrors import mirrors
from services.api.schemas import Done, Page, Schema, Search

routes = Routes("catalogues")

LONGEST = max(field.longest for kind in CATALOGUES for field in kind.FIELDS.values())
Value = StrictBool | StrictInt | Annotated[str, Limits(max_length=LONGEST)] | None


@mirrors(catalogue_read.Entry)
class Entry(Schema):
    fields: dict[str, Value]


class EntryList(Schema):
    items: list[Entry]
    total: int


@mirrors(catalogue_read.Choice)
class EntryChoice(Schema):
    pass


class EntryChoices(Schema):
    items: list[EntryChoice]


def entry_card(kind: type[CatalogueEntry]) -> type[Schema]:
    """The body of a catalogue's changes: field → value. Omitted fields stay, or are empty in a new entry."""
    words = "".join(word.capitalize() for word in kind.TOPIC.split("_"))

    class Card(Schema):
        pass

    Card.__name__ = f"{words}Fields"
    fields = changed_with(kind.FIELDS.values())(Card)
    return create_model(f"{words}Card", __base__=Schema, __module__=__name__, fields=(fields, ...))


class CatalogueField(Schema):
    """One field of the catalogue's entries, or of a document's head. `refers_to`: the catalogue or kind of documents that its
    value is chosen from; `shown_by_default`: its column is shown until the user chooses columns.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    max_length: int
    choices: dict[str, str]
    refers_to: str
    shown_by_default: bool


def described_fields(fields: Iterable[Field]) -> list[dict[str, Any]]:
    """Declared fields in the form of `CatalogueField`."""
    return [
        {
            "name": field.name,
            "label": field.label,
            "type": field.type,
            "required": field.required,
            "max_length": field.longest,
            "choices": field.choices,
            "refers_to": field.refers,
            "shown_by_default": field.listed,
        }
        for field in fields
    ]


class Catalogue(Schema):
    """One catalogue. `entry_title`, `new_entry_title`: headings of an entry's window; `path`: of its routes under /api;
    `editable`: this user may change it.
    """

    key: str
    title: str
    entry_title: str
    new_entry_title: str
    path: str
    editable: bool
    fields: list[CatalogueField]


class Catalogues(Schema):
    items: list[Catalogue]


class EntriesQuery(Page):
    q: Search = ""
    deleted: bool = False
    sort: Annotated[str, Limits(max_length=50)] = "name"

    @property
    def referring(self) -> dict[str, UUID]:
        """Filter: field → the entry that it refers to."""
        given = {name: getattr(self, name) for name in type(self).model_fields.keys() - EntriesQuery.model_fields.keys()}
        return {name: value for name, value in given.items() if value is not None}


def entries_query(kind: type[CatalogueEntry]) -> type[EntriesQuery]:
    """The query of a catalogue's list: the common parameters, and one for each field that refers to another entry."""
    fields: dict[str, Any] = {
        name: (UUID | None, None) for name, field in sorted(kind.FIELDS.items()) if field.type == "reference"
    }
    return create_model(f"{kind.TOPIC}_query", __base__=EntriesQuery, **fields)


@routes.get("/catalogues", SignedIn, answer=Catalogues)
def catalogues(call: Call) -> Any:
    """The catalogues that this user may see or choose from, with their fields."""
    rights = call.principal.rights
    shown = [
        {
            "key": kind.TOPIC,
            "title": kind.TITLE,
            "entry_title": kind.ONE,
            "new_entry_title": kind.NEW,
            "path": kind.PATH,
            "editable": kind.RIGHT in rights,
            "fields": described_fields(kind.FIELDS.values()),
        }
        for kind in CATALOGUES
        if not rights.isdisjoint(choosing_rights(kind))
    ]
    return call.answer({"items": shown})


def listed(call: Call, kind: type[CatalogueEntry], query: EntriesQuery) -> Any:
    """The answer to a catalogue's list."""
    if query.sort.removeprefix("-") not in kind.FIELDS:
        raise BodyMalformed(fields=[{"field": "sort", "reason": "По этому полю список не упорядочивается."}])
    with call.reading() as conn:
        items, total = catalogue_read.listing(
            conn,
            kind,
            query.q,
            referring=query.referring,
            deleted=call.shows_deleted(query.deleted),
            sort=query.sort,
            page=query.page,
            size=query.size,
        )
    return call.answer({"items": items, "total": total})


def entry_routes(kind: type[CatalogueEntry]) -> Routes:
    """The routes of one catalogue."""
    found, path, right = Routes(kind.TOPIC), f"/{kind.PATH}", NeedsRight(kind.RIGHT)
    one, reads = f"{path}/{{entry_id}}", ("catalogue", "rights_sets")
    query_type, card = entries_query(kind), entry_card(kind)

    @found.get(path, right, answer=EntryList, reads=reads)
    def entries(call: Call, query: Annotated[query_type, Query()]) -> Any:  # type: ignore[valid-type]  # built from the fields
        """The entries, filtered by words of their texts and by references."""
        return listed(call, kind, query)

    @found.get(f"{path}/choices", NeedsRight(*choosing_rights(kind)), answer=EntryChoices, reads=("catalogue",))
    def choices(call: Call) -> Any:
        """The entries by name, without deleted ones: to choose from."""
        with call.reading() as conn:
            return call.answer({"items": catalogue_read.choices(conn, kind)})

    @found.post(path, right, answer=Done, status=201, refusals=(404, 409))
    def create(call: Call, body: card) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Create an entry."""
        return call.done(commands.create_entry(call.clinic, call.context("create_entry"), kind, given(body, "fields")))

    @found.get(one, right, answer=Entry, reads=reads)
    def entry(call: Call, entry_id: UUID) -> Any:
        """One entry."""
        with call.reading() as conn:
            known = catalogue_read.get(conn, kind, entry_id)
        if known is None:
            raise NoSuchObject(kind=kind.TOPIC, id=entry_id)
        return call.versioned(known, known.version)

    @found.patch(one, right, answer=Done, versioned=True)
    def change(call: Call, entry_id: UUID, body: card) -> Any:  # type: ignore[valid-type]  # built from the fields
        """Change an entry."""
        context = call.context("change_entry")
        return call.done(
            commands.change_entry(call.clinic, context, kind, entry_id, given(body, "fields"), expected=call.expected)
        )

    delete_route(
        found,
        one,
        right,
        "entry",
        lambda clinic, ctx, entry_id, expected: commands.delete_entry(clinic, ctx, kind, entry_id, expected=expected),
        "Mark an entry as deleted; it can be brought back.",
    )
    return_route(
        found,
        one,
        right,
        "entry",
        lambda clinic, ctx, entry_id, expected: commands.return_entry(clinic, ctx, kind, entry_id, expected=expected),
        "Bring a deleted entry back, if its name is still free.",
    )
    return found


CATALOGUE_ROUTES = tuple(entry_routes(kind) for kind in CATALOGUES)
