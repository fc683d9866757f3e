"""A group of articles that has active members is neither deleted nor put into a group (FIN-8).

Deleted articles have a row too, because the check of a claim that isn't held would be left out.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aggregates.catalogue import name_key
from aggregates.kernel import DomainError
from aggregates.money.article import Article, GroupHasMembers
from gateways.guards.declaration import Claim, Guard, GuardRefused, GuardTables

NAME = "article_group"

TABLE = """
CREATE TABLE IF NOT EXISTS guard_article_group (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  key text NOT NULL,
  group_id uuid,
  deleted boolean NOT NULL
)
"""
INDEXES = ("CREATE INDEX IF NOT EXISTS guard_article_group_members ON guard_article_group (group_id) WHERE NOT deleted",)

SQL_CHECK = """
  IF (wanted.deleted OR wanted.group_id IS NOT NULL)
      AND EXISTS (SELECT FROM guard_article_group m WHERE m.group_id = wanted.id AND NOT m.deleted) THEN
    PERFORM denta_refuse('article_group', jsonb_build_object('name', wanted.name, 'members', (
      SELECT jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) ORDER BY m.key COLLATE "C", m.id)
      FROM guard_article_group m WHERE m.group_id = wanted.id AND NOT m.deleted)));
  END IF;
"""


class InGroup(Claim, frozen=True):
    """An article and its group."""

    name: str
    key: str
    """The order in which members are named."""
    group_id: UUID | None
    deleted: bool


def claim_of(article: Article) -> InGroup:
    return InGroup(
        id=article.id, name=article.name, key=name_key(article.name), group_id=article.group_id, deleted=article.deleted
    )


def check(tables: GuardTables, claim: InGroup) -> None:
    rows: dict[UUID, InGroup] = tables[NAME]
    members = sorted(
        (row for row in rows.values() if row.group_id == claim.id and not row.deleted), key=lambda row: (row.key, row.id)
    )
    if members and (claim.deleted or claim.group_id is not None):
        facts = {"name": claim.name, "members": [{"id": str(member.id), "name": member.name} for member in members]}
        raise GuardRefused(NAME, facts)


def refusal(facts: Mapping[str, Any]) -> DomainError:
    members = [{"id": UUID(member["id"]), "name": member["name"]} for member in facts["members"]]
    return GroupHasMembers(name=facts["name"], members=members)


GUARD = Guard(
    name=NAME,
    kinds=(Article,),
    claim=InGroup,
    claim_of=claim_of,
    table=TABLE,
    indexes=INDEXES,
    sql_check=SQL_CHECK,
    check=check,
    refusal=refusal,
)
