"""Entries of the access log: looks at personal data (SEC-6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class AccessLogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One look at personal data: of one patient, or a list by its filter and the number of people or visits in it.
    `action` and `object_type`: see `readmodels/access_log.py`.
    """

    moment: datetime
    user_id: UUID
    employee_id: UUID
    address: str
    action: str
    object_type: str
    object_id: UUID | None = None
    patient_id: UUID | None = None
    filter: Mapping[str, Any] | None = None
    count: int | None = None
