"""Values of the clinic's settings as the journal, the history and the settings' own screen tell them."""

from typing import cast
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS
from aggregates.values import Scalar
from readmodels.journal_values import Named, ObjectType


def label(name: str) -> str:
    """What a setting is called; one that this program doesn't know any more by its name."""
    return SETTINGS[name].label if name in SETTINGS else name


def told(name: str, value: Scalar) -> str | Named | None:
    """A value for people; None for nothing."""
    if value is None or value == "":
        return None
    setting = SETTINGS.get(name)
    if setting is None:
        return str(value)
    if setting.type == "reference":
        return Named(cast("ObjectType", setting.refers), UUID(str(value)))
    return setting.said(value)
