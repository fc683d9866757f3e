"""Patients in the facts of refusals, which the API shows with name and card number, and a link (UI-3)."""

from uuid import UUID

import msgspec


class NamedPatient(msgspec.Struct, frozen=True):
    """A patient's card in the facts of a refusal."""

    id: UUID
