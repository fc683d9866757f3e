"""Commands of catalogue entries, the same for every catalogue. What an entry refers to has to be active (not deleted)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from aggregates.access.rights_set import RightsSet
from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES
from aggregates.kernel import Aggregate
from commands.balance_unit import lock_for, require_unit_free
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.references import Reference, newly_chosen
from commands.retry import retried

REFERRED: Mapping[str, type[Aggregate]] = {**{kind.TOPIC: kind for kind in CATALOGUES}, RightsSet.TOPIC: RightsSet}
"""Topic → class of what a field may refer to."""


@retried
def create_entry(
    clinic: Clinic, ctx: Context, kind: type[CatalogueEntry], card: Mapping[str, Any], *, entry_id: UUID | None = None
) -> Receipt:
    """NameTaken, EntryDeleted (of what it refers to), AggregateNotFound, WrongValue."""
    entry = kind(entry_id or uuid4())
    entry.create(card, at=ctx.now)
    return clinic.save(entry, ctx=ctx, if_unchanged=newly_chosen(clinic, _referred(entry)))


@retried
def change_entry(
    clinic: Clinic,
    ctx: Context,
    kind: type[CatalogueEntry],
    entry_id: UUID,
    fields: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> Receipt:
    """Refusals as of `create_entry`, and BalanceUnitFixed of goods that have moved; an unchanged reference may be to a deleted
    entry.
    """
    entry = clinic.load(kind, entry_id, expected=expected)
    before, card = _referred(entry), entry.card
    entry.change(fields, at=ctx.now)
    relied = newly_chosen(clinic, _referred(entry), before)
    with lock_for(clinic, entry, card):
        require_unit_free(clinic, entry, card)
        return clinic.save(entry, ctx=ctx, if_unchanged=relied)


@retried
def delete_entry(
    clinic: Clinic, ctx: Context, kind: type[CatalogueEntry], entry_id: UUID, *, expected: int | None = None
) -> Receipt:
    entry = clinic.load(kind, entry_id, expected=expected)
    entry.delete(at=ctx.now)
    return clinic.save(entry, ctx=ctx)


@retried
def return_entry(
    clinic: Clinic, ctx: Context, kind: type[CatalogueEntry], entry_id: UUID, *, expected: int | None = None
) -> Receipt:
    """NameTaken if another entry has the name by now (DEL-2)."""
    entry = clinic.load(kind, entry_id, expected=expected)
    entry.return_(at=ctx.now)
    return clinic.save(entry, ctx=ctx)


def _referred(entry: CatalogueEntry) -> list[Reference]:
    return [(REFERRED[entry.FIELDS[name].refers], entry_id) for name, entry_id in entry.references(entry.card).items()]
