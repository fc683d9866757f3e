"""Bringing many objects into the clinic at once, each by a command of its own: what a file's rows wish, and what became of it.

Each wish carries the id of its command, so that the same wish again, after a crash, is answered as at first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aggregates.kernel import Aggregate, DomainError
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic

Outcome = Receipt | DomainError


@dataclass(frozen=True)
class Wish:
    """One object to be created from a card, changed by fields, or (with neither) deleted."""

    ctx: Context
    id: UUID
    fields: dict[str, Any]
    expected: int = 0
    """The version that the person saw; 0 where there is none yet."""


@dataclass(frozen=True)
class Loader:
    """How objects of one kind are loaded. Outcomes come in the order of the wishes; a refused one stops no other."""

    kind: type[Aggregate]
    carry_out: Callable[[Clinic, Sequence[Wish]], list[Outcome]]
    """Create and change."""
    delete: Callable[[Clinic, Context, UUID, int], Receipt] | None = None
    """Take back what was created; None where this kind can't be deleted."""
    foresee: Callable[[Clinic, Context, Mapping[UUID, Mapping[str, Any]]], Mapping[UUID, DomainError]] | None = None
    """Which changes (object → fields) would be refused for what the objects have been through, beyond what their cards tell, or
    asked about (NeedsConfirmation). Nothing is saved.
    """


def one_by_one(
    kind: type[Aggregate],
    *,
    create: Callable[[Clinic, Context, UUID, dict[str, Any]], Receipt],
    change: Callable[[Clinic, Context, UUID, dict[str, Any], int], Receipt],
    delete: Callable[[Clinic, Context, UUID, int], Receipt] | None = None,
    foresee: Callable[[Clinic, Context, Mapping[UUID, Mapping[str, Any]]], Mapping[UUID, DomainError]] | None = None,
) -> Loader:
    """A loader by the ordinary commands, for kinds of which there are thousands at most."""

    def carry_out(clinic: Clinic, wishes: Sequence[Wish]) -> list[Outcome]:
        return [attempt(lambda wish=wish: _one(clinic, wish)) for wish in wishes]  # type: ignore[misc]  # mypy can't see the default

    def _one(clinic: Clinic, wish: Wish) -> Receipt:
        if wish.expected:
            return change(clinic, wish.ctx, wish.id, wish.fields, wish.expected)
        return create(clinic, wish.ctx, wish.id, wish.fields)

    return Loader(kind, carry_out, delete, foresee)


def attempt(command: Callable[[], Receipt]) -> Outcome:
    """The receipt, or the refusal as a value. A database that is away is no refusal and is raised."""
    try:
        return command()
    except DomainError as refusal:
        if refusal.status >= 500:
            raise
        return refusal
