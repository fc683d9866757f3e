"""Sets of rights («Набор прав доступа») and the tree of rights to choose from."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from aggregates.access.rights import ADMINISTRATOR, RIGHTS, TREE, Right, RightNode
from aggregates.access.rights_set import RIGHTS_SET_FIELDS
from commands.access import rights_set as commands
from readmodels.access import rights_sets as rights_sets_read
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, Done, Ref, Schema

routes = Routes("rights")
RIGHT = NeedsRight("rights")
READS = ("rights_sets", "accesses", "employees")
Rights = Annotated[list[Right], Field(max_length=len(RIGHTS)), OF_REQUEST]


@mirrors(rights_sets_read.RightsSet)
class RightsSetItem(Schema):
    """`all_rights`: the set has every right, including those of later versions; its rights can't be changed."""

    rights: list[Right]
    all_rights: bool


class RightsSetList(Schema):
    items: list[RightsSetItem]
    total: int


StartPage = Right | Literal[""]


@created_with(RIGHTS_SET_FIELDS.values())
class NewRightsSet(Schema):
    """`start_page`: a right of the set; its page opens after sign-in.

    `own_schedule_only`: limits visits to the user's own, and cards to those of their own patients, unless the set has the right
    `patients` or the option `opens_all_patients`.
    """

    start_page: StartPage = ""
    rights: Rights


@changed_with(RIGHTS_SET_FIELDS.values())
class RightsSetChange(Schema):
    """What to change; what is left out stays."""

    start_page: StartPage | None = None
    rights: Rights | None = None


class TreeNode(Schema):
    """`has_page`: it may be the start page. `escalates`: its holder can change their own rights (ACL-5).
    `beyond_own_schedule`: shows other doctors' data, so it can't be combined with «только своё расписание».
    """

    label: str
    right: Right | None
    has_page: bool
    escalates: bool
    beyond_own_schedule: bool
    children: list["TreeNode"]


class RightsSetChoices(Schema):
    items: list[Ref]


class RightsTree(Schema):
    items: list[TreeNode]


class RightsSetsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    deleted: bool = False


@routes.get("/rights-sets", NeedsRight("employees", "rights"), answer=RightsSetList, reads=READS)
def rights_sets(call: Call, query: Annotated[RightsSetsQuery, Query()]) -> Any:
    """All sets of rights, each with its employees; deleted ones if requested and shown by the settings."""
    with call.reading() as conn:
        items = [_item(found) for found in rights_sets_read.listing(conn, deleted=call.shows_deleted(query.deleted))]
    return call.answer({"items": items, "total": len(items)})


@routes.get(
    "/rights-sets/choices", NeedsRight("employees", "positions", "rights"), answer=RightsSetChoices, reads=("rights_sets",)
)
def choices(call: Call) -> Any:
    """The sets by name, without deleted ones: to choose one for an employee or a position."""
    with call.reading() as conn:
        return call.answer({"items": rights_sets_read.choices(conn)})


@routes.get("/rights-tree", RIGHT, answer=RightsTree)
def tree(call: Call) -> Any:
    """Sections and subsections with their rights, as the card of a set shows them."""
    return call.answer({"items": [_node(node) for node in TREE]})


@routes.post("/rights-sets", RIGHT, answer=Done, status=201)
def create(call: Call, body: NewRightsSet) -> Any:
    """Create a set of rights."""
    return call.done(commands.create_rights_set(call.clinic, call.context("create_rights_set"), **body.model_dump()))


@routes.get("/rights-sets/{rights_set_id}", RIGHT, answer=RightsSetItem, reads=READS)
def rights_set(call: Call, rights_set_id: UUID) -> Any:
    """One set of rights."""
    with call.reading() as conn:
        found = rights_sets_read.get(conn, rights_set_id)
    if found is None:
        raise NoSuchObject(kind="rights_set", id=rights_set_id)
    return call.versioned(_item(found), found.version)


@routes.patch("/rights-sets/{rights_set_id}", RIGHT, answer=Done, versioned=True)
def change(call: Call, rights_set_id: UUID, body: RightsSetChange) -> Any:
    """Change a set of rights; takes effect at once for everybody who has it, in open windows too."""
    fields = body.model_dump(exclude_unset=True)
    ctx = call.context("change_rights_set")
    receipt = commands.change_rights_set(call.clinic, ctx, rights_set_id, **fields, expected=call.expected)
    call.components.live.recheck_sessions()
    return call.done(receipt)


delete_route(
    routes,
    "/rights-sets/{rights_set_id}",
    RIGHT,
    "rights_set",
    commands.delete_rights_set,
    "Mark a set as deleted; refused while somebody has it.",
)
return_route(routes, "/rights-sets/{rights_set_id}", RIGHT, "rights_set", commands.return_rights_set, "Bring a deleted set back.")


def _item(found: rights_sets_read.RightsSet) -> dict[str, Any]:
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    return {**fields, "all_rights": found.id == ADMINISTRATOR.id}


def _node(node: RightNode) -> dict[str, Any]:
    right = node.right
    return {
        "label": node.label,
        "right": right and right.key,
        "has_page": right is not None and right.page,
        "escalates": right is not None and right.raises,
        "beyond_own_schedule": right is not None and right.beyond_own_schedule,
        "children": [_node(child) for child in node.children],
    }
