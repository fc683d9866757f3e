"""Routes by which an object is deleted and brought back (DEL-1, DEL-2), and what keeps it from being deleted now."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from aggregates.people.patient import PatientHasVisits
from aggregates.scheduling.schedule import ConflictingVisits
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from services.api.conflicts import DeletionConflicts, deletion_conflicts
from services.api.http.call import Call
from services.api.http.of_object import of_object
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import Done

Change = Callable[..., Receipt]
"""(clinic, context, object's id, `expected` version) → receipt."""
Require = Callable[[Call, UUID], object]


def delete_route(
    routes: Routes,
    path: str,
    right: NeedsRight,
    kind: str,
    delete_object: Change,
    words: str,
    *,
    warns: bool = False,
    require: Require | None = None,
) -> None:
    """`path`: of the object; `kind`: of what is deleted, as the names of commands have it; `words`: the route's description;
    `require`: refuses who may not see the object.
    """

    @routes.post(f"{path}/delete", right, answer=Done, versioned=True, warns=warns)
    @of_object(path, words)
    def delete(call: Call, object_id: UUID) -> Any:
        if require is not None:
            require(call, object_id)
        return call.done(delete_object(call.clinic, call.context(f"delete_{kind}"), object_id, expected=call.expected))


def return_route(
    routes: Routes,
    path: str,
    right: NeedsRight,
    kind: str,
    return_object: Change,
    words: str,
    *,
    warns: bool = False,
    require: Require | None = None,
) -> None:
    """As `delete_route`. A return that asks for more than the version has a route of its own."""

    @routes.post(f"{path}/return", right, answer=Done, versioned=True, warns=warns)
    @of_object(path, words)
    def bring_back(call: Call, object_id: UUID) -> Any:
        if require is not None:
            require(call, object_id)
        return call.done(return_object(call.clinic, call.context(f"return_{kind}"), object_id, expected=call.expected))


def conflicts_route(
    routes: Routes,
    path: str,
    right: NeedsRight,
    kind: str,
    find: Callable[[Clinic, Context, UUID], ConflictingVisits | PatientHasVisits | None],
    words: str,
) -> None:
    """`find`: what `delete_route` would be refused with at this moment."""

    @routes.get(f"{path}/conflicts", right, answer=DeletionConflicts, reads=("employees", "catalogue", "patients"))
    @of_object(path, words)
    def conflicts(call: Call, object_id: UUID) -> Any:
        return deletion_conflicts(call, find(call.clinic, call.context(f"delete_{kind}"), object_id))
