"""Many objects created and changed at once, such as the rows of a file, each by a command of its own.

Each item carries the id of its command, so that an item repeated after a crash returns its stored receipt.
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
class BulkItem:
    """One object to create from a card or to change by fields."""

    ctx: Context
    id: UUID
    fields: dict[str, Any]
    expected: int = 0
    """The version that the person saw; 0 where there is none yet."""


@dataclass(frozen=True)
class BulkLoader:
    """The bulk commands of one kind of objects. Outcomes have the order of the items; a refused item stops no other."""

    kind: type[Aggregate]
    execute: Callable[[Clinic, Sequence[BulkItem]], list[Outcome]]
    """Create and change."""
    delete: Callable[[Clinic, Context, UUID, int], Receipt] | None = None
    """Undo a creation; None where this kind can't be deleted."""
    dry_run: Callable[[Clinic, Context, Mapping[UUID, Mapping[str, Any]]], Mapping[UUID, DomainError]] | None = None
    """Which changes (object id → fields) would be refused, by rules beyond the checks of single fields, or need a confirmation
    (NeedsConfirmation). Nothing is saved.
    """


def one_by_one(
    kind: type[Aggregate],
    *,
    create: Callable[[Clinic, Context, UUID, dict[str, Any]], Receipt],
    change: Callable[[Clinic, Context, UUID, dict[str, Any], int], Receipt],
    delete: Callable[[Clinic, Context, UUID, int], Receipt] | None = None,
    dry_run: Callable[[Clinic, Context, Mapping[UUID, Mapping[str, Any]]], Mapping[UUID, DomainError]] | None = None,
) -> BulkLoader:
    """Bulk commands made of the ordinary ones, for kinds of which there are a few thousand at most."""

    def execute(clinic: Clinic, items: Sequence[BulkItem]) -> list[Outcome]:
        return [attempt(lambda item=item: _one(clinic, item)) for item in items]  # type: ignore[misc]  # mypy can't see the default

    def _one(clinic: Clinic, item: BulkItem) -> Receipt:
        if item.expected:
            return change(clinic, item.ctx, item.id, item.fields, item.expected)
        return create(clinic, item.ctx, item.id, item.fields)

    return BulkLoader(kind, execute, delete, dry_run)


def attempt(command: Callable[[], Receipt]) -> Outcome:
    """The receipt, or the refusal as a value. An unavailable database isn't a refusal and is raised."""
    try:
        return command()
    except DomainError as refusal:
        if refusal.status >= 500:
            raise
        return refusal
