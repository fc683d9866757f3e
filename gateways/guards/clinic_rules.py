"""The clinic's settings that other guards read."""

from aggregates.clinic.clinic_settings import ClinicSettings
from gateways.guards.declaration import Claim, Guard, GuardTables

NAME = "clinic_rules"


class ClinicRules(Claim, frozen=True):
    """The settings."""

    one_patient_at_once: bool
    forbids_missing_goods: bool


def claim_of(settings: ClinicSettings) -> ClinicRules:
    return ClinicRules(
        id=settings.id,
        one_patient_at_once=settings.one_patient_at_once,
        forbids_missing_goods=settings.forbids_missing_goods,
    )


def one_patient_at_once(tables: GuardTables) -> bool:
    """Whether a doctor may have one patient at a time only."""
    return any(rules.one_patient_at_once for rules in tables.get(NAME, {}).values())


def forbids_missing_goods(tables: GuardTables) -> bool:
    """Whether no stock may fall below zero."""
    return any(rules.forbids_missing_goods for rules in tables.get(NAME, {}).values())


TABLE = """
CREATE TABLE IF NOT EXISTS guard_clinic_rules (
  id uuid PRIMARY KEY,
  one_patient_at_once boolean NOT NULL,
  forbids_missing_goods boolean NOT NULL
)
"""

GUARD = Guard(
    name=NAME,
    kinds=(ClinicSettings,),
    claim=ClinicRules,
    claim_of=claim_of,
    revision=2,
    table=TABLE,
)
