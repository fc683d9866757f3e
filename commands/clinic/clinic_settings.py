"""The command of the clinic's settings. What a setting refers to has to be active (not deleted)."""

from typing import Any
from uuid import UUID

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.clinic_settings import SETTINGS, SETTINGS_ID, ClinicSettings
from aggregates.values import WrongValue
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic
from commands.retry import retried

_REFERRED = {kind.TOPIC: kind for kind in CATALOGUES}


@retried
def change_settings(clinic: Clinic, ctx: Context, values: dict[str, Any], *, expected: int | None = None) -> Receipt:
    """EntryDeleted, WrongValue. An unchanged reference may be to a deleted entry."""
    settings = clinic.load(ClinicSettings, SETTINGS_ID, expected=expected)
    before = settings.references()
    settings.change(values, at=ctx.now)
    referred = [_active_entry(clinic, *reference) for reference in settings.references().items() - before.items()]
    return clinic.save(settings, ctx=ctx, if_unchanged=referred)


def _active_entry(clinic: Clinic, name: str, entry_id: UUID) -> CatalogueEntry:
    try:
        entry = clinic.cached(_REFERRED[SETTINGS[name].refers], entry_id)
    except AggregateNotFound:
        raise WrongValue(name, "Выберите значение из справочника.") from None
    entry.require_active()
    return entry
