"""Versions of the working hours: who saved or restored what, newest first (SCH-5, SCH-9)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.table import Table

VersionKind = Literal["opened", "saved", "restored", "employee_added", "employee_removed", "employee_returned"]


class ScheduleVersionRow(msgspec.Struct, frozen=True):
    """One version: how many weeks and days it changed; `to_version`: the version that was restored."""

    version: int
    position: int
    moment: Annotated[datetime, msgspec.Meta(tz=True)]
    """When it was decided."""
    user_id: UUID | None
    employee_id: UUID | None
    kind: VersionKind
    organisation_changed: bool
    weeks_changed: int
    days_changed: int
    to_version: int | None
    subject_id: UUID | None
    """The employee who was added, removed or returned."""


TABLE = Table("schedule_versions", ScheduleVersionRow, key=("version",))


class ScheduleVersion(msgspec.Struct, frozen=True):
    """One version for the list. `moment` is an instant in UTC."""

    version: int
    moment: datetime
    author: Ref | None
    kind: VersionKind
    organisation_changed: bool
    weeks_changed: int
    days_changed: int
    to_version: int | None
    subject: Ref | None
    """The employee who was added, removed or returned."""


_VERSION = f"""SELECT v.version, v.moment, v.employee_id, {FULL_NAME.format("e")}, v.kind, v.organisation_changed,
    v.weeks_changed, v.days_changed, v.to_version, v.subject_id, {FULL_NAME.format("s")}
  FROM schedule_versions v LEFT JOIN employees e ON e.employee_id = v.employee_id
    LEFT JOIN employees s ON s.employee_id = v.subject_id"""


def listing(conn: Connection[Any], page: int = 1, size: int = 50) -> tuple[list[ScheduleVersion], int]:
    """One page of the versions, newest first, and how many there are."""
    rows = conn.execute(f"{_VERSION} ORDER BY v.version DESC LIMIT %s OFFSET %s", (size, (page - 1) * size)).fetchall()
    total = conn.execute("SELECT count(*) FROM schedule_versions").fetchone()
    return [_version(*row) for row in rows], total[0] if total else 0


def get(conn: Connection[Any], version: int) -> ScheduleVersion | None:
    """One version."""
    row = conn.execute(f"{_VERSION} WHERE v.version = %s", (version,)).fetchone()
    return row and _version(*row)


def _version(version: int, moment: datetime, author_id: UUID | None, author: str | None, *rest: Any) -> ScheduleVersion:
    kind, organisation, weeks, days, to_version, subject_id, subject = rest
    by, about = _ref(author_id, author), _ref(subject_id, subject)
    return ScheduleVersion(version, moment, by, kind, organisation, weeks, days, to_version, about)


def _ref(employee_id: UUID | None, name: str | None) -> Ref | None:
    return Ref(employee_id, name or "") if employee_id else None
