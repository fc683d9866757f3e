"""Declaring routes, each with the right that it requires. Default deny: a route without a right can't be declared.

A concept's file declares its routes on a `Routes`; `app.py` registers them. The declaration also adds the common headers and
refusals of commands and queries to the OpenAPI description.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from services.api.http.heavy_work import HeavyWork

F = TypeVar("F", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Repeating = Literal["by_key", "question", "refused"]
"""What `Idempotency-Key` means to a route that isn't a GET. by_key: a repeated key gets the first answer; question: nothing, the
route changes nothing; refused: the key is refused, because the answer can't be given twice.
"""


class Public:
    """For everybody, signed in or not. Declared explicitly, so that no route is public by oversight."""


class SignedIn:
    """For every signed-in user, with any rights."""


@dataclass(frozen=True)
class NeedsRight:
    """For users whose rights set has at least one of these keys."""

    any_of: frozenset[str]

    def __init__(self, *any_of: str) -> None:
        if not any_of:
            raise TypeError("a right names at least one key")
        object.__setattr__(self, "any_of", frozenset(any_of))

    def is_granted_by(self, rights: AbstractSet[str]) -> bool:
        """Whether a user with these rights may use the route."""
        return not self.any_of.isdisjoint(rights)


Allowed = type[Public] | type[SignedIn] | NeedsRight


@dataclass(frozen=True)
class RouteDeclaration:
    """One route as its concept declared it."""

    method: Method
    path: str
    endpoint: Callable[..., Any]
    allowed: Allowed
    answer: Any
    status: int
    refusals: tuple[int, ...]
    versioned: bool
    reads: tuple[str, ...]
    live: bool
    media: str
    also: Mapping[int, Any]
    upload: int | None
    heavy: HeavyWork | None
    light: Callable[[Mapping[str, str]], bool] | None
    warns: bool
    repeating: Repeating


@dataclass
class Routes:
    """The routes of one concept."""

    tag: str
    declared: list[RouteDeclaration] = field(default_factory=list)

    def add(
        self,
        method: Method,
        path: str,
        allowed: Allowed,
        *,
        answer: Any,
        status: int = 200,
        refusals: Sequence[int] = (),
        versioned: bool = False,
        reads: Sequence[str] = (),
        live: bool = True,
        media: str = "application/json",
        also: Mapping[int, Any] | None = None,
        upload: int | None = None,
        heavy: HeavyWork | None = None,
        light: Callable[[Mapping[str, str]], bool] | None = None,
        warns: bool = False,
        repeating: Repeating = "by_key",
    ) -> Callable[[F], F]:
        """Declare a route: who is allowed, the schema of its answer, refusals beyond the common ones.

        versioned: a change that requires `If-Match` with the version that the user saw.
        also: schemas of answers with other statuses.
        upload: the maximum size in bytes of a body that is stored in a file (`Call.upload`) after the right is checked.
        warns: a change that may require the user to accept warnings (`Accepted-Warnings`).
        heavy: the kind of heavy work: a few run at once, the others wait or get 503.
        light: whether a query is small enough to run as ordinary work.
        repeating: what `Idempotency-Key` means to it. A change by key uses `Call.context` or `Call.once`.
        reads: read models that must have reached the request's `X-Position`; who may use a query hears of their changes.
        live: False where these are names only, of whatever a past state or a sentence may mention: nobody hears of them for it.
        """
        is_right = isinstance(allowed, NeedsRight) or allowed in {Public, SignedIn}
        if not is_right:
            raise TypeError(f"{method} {path}: declare a right, SignedIn or Public, not {allowed!r}")

        def mark(endpoint: F) -> F:
            extra = (404, *refusals) if "{" in path else tuple(refusals)
            self.declared.append(
                RouteDeclaration(
                    method,
                    path,
                    endpoint,
                    allowed,
                    answer,
                    status,
                    tuple(extra),
                    versioned,
                    tuple(reads),
                    live,
                    media,
                    also or {},
                    upload,
                    heavy,
                    light,
                    warns,
                    repeating,
                )
            )
            return endpoint

        return mark

    def get(self, path: str, allowed: Allowed, *, answer: Any, **rest: Any) -> Callable[[F], F]:
        return self.add("GET", path, allowed, answer=answer, **rest)

    def post(self, path: str, allowed: Allowed, *, answer: Any, **rest: Any) -> Callable[[F], F]:
        return self.add("POST", path, allowed, answer=answer, **rest)

    def put(self, path: str, allowed: Allowed, *, answer: Any, **rest: Any) -> Callable[[F], F]:
        return self.add("PUT", path, allowed, answer=answer, **rest)

    def patch(self, path: str, allowed: Allowed, *, answer: Any, **rest: Any) -> Callable[[F], F]:
        return self.add("PATCH", path, allowed, answer=answer, **rest)

    def delete(self, path: str, allowed: Allowed, *, answer: Any, **rest: Any) -> Callable[[F], F]:
        return self.add("DELETE", path, allowed, answer=answer, **rest)
