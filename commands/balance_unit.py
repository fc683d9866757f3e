"""Whether goods may get another unit in which their balances are kept."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import Goods, Unit
from aggregates.stock.balance_unit import BalanceUnitFixed, balance_unit, changed_unit
from aggregates.values import Scalar
from commands.ports.clinic import Clinic


def lock_for(clinic: Clinic, entry: CatalogueEntry, before: Mapping[str, Scalar]) -> AbstractContextManager[None]:
    """What a changed entry is judged and saved within: goods that get another unit hold the clinic's write lock, so that nothing
    of them is posted between the decision and the save. `before`: the card that was.
    """
    return nullcontext() if _changed_unit(entry, before) is None else clinic.write_lock()


def require_unit_free(clinic: Clinic, entry: CatalogueEntry, before: Mapping[str, Scalar]) -> None:
    """BalanceUnitFixed of goods that have moved and get another unit."""
    field = _changed_unit(entry, before)
    if field is not None and clinic.stock_ledger.has_moved(entry.id):
        unit = clinic.cached(Unit, balance_unit(before)).name
        raise BalanceUnitFixed(field, entry.id, str(before["name"]), unit)


def _changed_unit(entry: CatalogueEntry, before: Mapping[str, Scalar]) -> str | None:
    return changed_unit(before, entry.card) if isinstance(entry, Goods) else None
