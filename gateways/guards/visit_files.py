"""A visit has at most so many files that aren't deleted (VIS-1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aggregates.kernel import DomainError
from aggregates.scheduling.visit_file import MOST_FILES, TooManyFiles, VisitFile
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables

NAME = "visit_files"

TABLE = """
CREATE TABLE IF NOT EXISTS guard_visit_files (
  id uuid PRIMARY KEY,
  visit_id uuid NOT NULL
)
"""
INDEXES = ("CREATE INDEX IF NOT EXISTS guard_visit_files_visit ON guard_visit_files (visit_id)",)

SQL_CHECK = f"""
  IF (SELECT count(*) FROM guard_visit_files f WHERE f.visit_id = wanted.visit_id AND f.id <> wanted.id) >= {MOST_FILES} THEN
    PERFORM denta_refuse('visit_files', jsonb_build_object('most', {MOST_FILES}));
  END IF;
"""  # noqa: S608  a number of this code


class OfVisit(Claim, frozen=True):
    """A file that isn't deleted, and its visit."""

    visit_id: UUID


def claim_of(file: VisitFile) -> OfVisit:
    return OfVisit(id=file.id, holds=not file.deleted, visit_id=file.visit_id)


def check(tables: GuardTables, claim: OfVisit) -> None:
    rows: dict[UUID, OfVisit] = tables[NAME]
    if sum(row.visit_id == claim.visit_id and row.id != claim.id for row in rows.values()) >= MOST_FILES:
        raise GuardRefused(NAME, {"most": MOST_FILES})


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return TooManyFiles(most=facts["most"])


GUARD = Guard(
    name=NAME,
    kinds=(VisitFile,),
    claim=OfVisit,
    claim_of=claim_of,
    table=TABLE,
    indexes=INDEXES,
    sql_check=SQL_CHECK,
    check=check,
    refusal=refusal,
)
