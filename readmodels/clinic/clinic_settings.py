"""The clinic's settings as they are now."""

from datetime import datetime, tzinfo
from typing import Annotated, Any

import msgspec
from psycopg import Connection

from aggregates.clinic.clinic_settings import SETTINGS
from aggregates.regions import REGIONS
from aggregates.values import Scalar
from readmodels.table import Table


class SettingRow(msgspec.Struct, frozen=True):
    """One setting; `version`: of the settings when this value was set."""

    name: str
    value: Scalar
    changed_on: Annotated[datetime, msgspec.Meta(tz=True)]
    version: int


TABLE = Table("settings", SettingRow, key=("name",), types={"value": "jsonb"})


class Settings(msgspec.Struct, frozen=True):
    """All values by name, and the version of the settings."""

    values: dict[str, Scalar]
    version: int


def time_zone(conn: Connection[Any]) -> tzinfo:
    """The clinic's time zone."""
    row = conn.execute("SELECT value #>> '{}' FROM settings WHERE name = 'region'").fetchone()
    return REGIONS[row[0] if row else str(SETTINGS["region"].default)].zone.tzinfo


def current(conn: Connection[Any]) -> Settings:
    """The present values of all settings."""
    rows = conn.execute("SELECT name, value, version FROM settings ORDER BY name").fetchall()
    return Settings({name: value for name, value, _ in rows}, max((version for _, _, version in rows), default=0))
