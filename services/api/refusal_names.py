"""Adds names to the facts of refusals (UI-3), by the type of each fact.

A type that needs names is declared as a `NamedFact` beside its subject's routes, and found there. Every other fact goes out as it
is, whatever its key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeGuard, TypeVar
from uuid import UUID

from aggregates import discovery
from services.api.names import Names

if TYPE_CHECKING:
    from services.api.http.call import Call

T = TypeVar("T")
NAMED_BY = ("employees", "patients", "schedule_versions", "catalogue", "stock_documents", "money_documents")
"""Read models with the names for refusals."""


def _nobody(_: object) -> Iterable[UUID]:
    return ()


def _everybody(_call: "Call", _fact: object) -> bool:
    return True


@dataclass(frozen=True)
class NamedFact(Generic[T]):
    """How refusals show a fact of this type, alone or within a list.

    show      the fact in the API's form.
    patients  ids of the patients that it names.
    visible   whether the user may see it; else it is null.
    """

    kind: type[T]
    show: Callable[[Names, T], Any]
    patients: Callable[[T], Iterable[UUID]] = _nobody
    visible: Callable[["Call", T], bool] = _everybody


def _is_named_fact(value: object) -> TypeGuard[NamedFact[Any]]:
    return isinstance(value, NamedFact)


@cache
def _named_facts() -> Mapping[type, NamedFact[Any]]:
    return {one.kind: one for one in discovery.declared("services.api", _is_named_fact)}


def _of(value: object) -> NamedFact[Any] | None:
    """The declaration of the value's type, or of the nearest type that it derives from."""
    known = _named_facts()
    return next((known[kind] for kind in type(value).__mro__ if kind in known), None)


def _found(value: object) -> Iterator[tuple[NamedFact[Any], Any]]:
    """Every fact that needs names, within lists and mappings too."""
    if (one := _of(value)) is not None:
        yield one, value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _found(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _found(part)


def _visible(call: "Call", value: object) -> Any:
    """The facts without those that the user may not see."""
    if (one := _of(value)) is not None:
        return value if one.visible(call, value) else None
    if isinstance(value, Mapping):
        return {key: _visible(call, part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(call, part) for part in value]
    return value


def _shown(names: Names, value: object) -> Any:
    if (one := _of(value)) is not None:
        return one.show(names, value)
    if isinstance(value, Mapping):
        return {key: _shown(names, part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(names, part) for part in value]
    return value


def needs_names(facts: Mapping[str, Any]) -> bool:
    """Whether a refusal mentions what others may have just done, so that the names must be up to date."""
    return next(_found(facts), None) is not None


def with_names(call: "Call", facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal with names beside ids."""
    if not needs_names(facts):
        return dict(facts)
    facts = _visible(call, facts)
    found = list(_found(facts))
    patients = {patient_id for one, value in found for patient_id in one.patients(value)}
    with call.denta.database.connection() as conn:
        names = Names(conn, patient_ids=patients, reader=call.scope.get("denta.principal"))
        named: dict[str, Any] = _shown(names, facts)
    names.note_phones(call, names.visits)
    return named
