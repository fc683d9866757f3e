"""Articles of income and outgo with their groups."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.article import DIRECTIONS, Direction
from readmodels.search_text import matches, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.table import Table


class ArticleRow(msgspec.Struct, frozen=True):
    """An article."""

    article_id: UUID
    name: str
    direction: str
    group_id: UUID | None
    comment: str
    deleted: bool
    version: int


TABLE = Table("articles", ArticleRow, key=("article_id",))


class Article(msgspec.Struct, frozen=True):
    """An article for lists. `group`: the group's name, "" without one."""

    id: UUID
    name: str
    direction: Direction
    group: str
    group_id: UUID | None
    comment: str
    deleted: bool
    version: int


_ARTICLE = """SELECT a.article_id, a.name, a.direction, coalesce(g.name, ''), a.group_id, a.comment, a.deleted, a.version
  FROM articles a LEFT JOIN articles g ON g.article_id = a.group_id"""
_KEY = "translate(lower({0}), 'ё', 'е') COLLATE \"C\""


def listing(conn: Connection[Any], *, deleted: bool = False) -> list[Article]:
    """All articles, income first, members under their group; deleted ones only on request."""
    query = f"""{_ARTICLE} WHERE %s OR NOT a.deleted ORDER BY a.direction, {_KEY.format("coalesce(g.name, a.name)")},
      coalesce(g.article_id, a.article_id), a.group_id IS NOT NULL, {_KEY.format("a.name")}, a.article_id"""
    return [Article(*row) for row in conn.execute(query, (deleted,)).fetchall()]


def get(conn: Connection[Any], article_id: UUID) -> Article | None:
    """One article, deleted or not."""
    row = conn.execute(f"{_ARTICLE} WHERE a.article_id = %s", (article_id,)).fetchone()
    return Article(*row) if row else None


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    del asker
    ways = readings(query)
    found = [one for one in listing(conn) if any(matches(way, normal(one.name)) for way in ways)]
    return [Hit(one.id, one.name, ", ".join(filter(None, (DIRECTIONS[one.direction], one.group)))) for one in found[:MOST]]


SEARCHABLE = Searchable("article", "Статьи", right="articles", reads=("articles",), find=_find)
