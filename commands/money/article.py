"""Commands of articles. A newly chosen group, and the group of a returned article, has to stay as it is until the save."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from aggregates.money.article import Article
from aggregates.values import reference
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def create_article(clinic: Clinic, ctx: Context, card: Mapping[str, Any], *, article_id: UUID | None = None) -> Receipt:
    """`card`: name, direction, group_id, comment. ArticleNameTaken, WrongGroup, AggregateNotFound (of the group), WrongValue."""
    article = Article(article_id or uuid4())
    group = _group(clinic, card.get("group_id"))
    article.create(card, group, at=ctx.now)
    return clinic.save(article, ctx=ctx, if_unchanged=[group] if group else [])


@retried
def change_article(
    clinic: Clinic, ctx: Context, article_id: UUID, fields: Mapping[str, Any], *, expected: int | None = None
) -> Receipt:
    """Refusals as of `create_article`, ArticleDeleted, GroupHasMembers."""
    article = clinic.load(Article, article_id, expected=expected)
    group = _group(clinic, fields.get("group_id"))
    if group is not None and group.id == article.group_id:
        group = None  # it has been chosen before
    article.change(fields, group, at=ctx.now)
    return clinic.save(article, ctx=ctx, if_unchanged=[group] if group else [])


@retried
def delete_article(clinic: Clinic, ctx: Context, article_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, GroupHasMembers."""
    article = clinic.load(Article, article_id, expected=expected)
    article.delete(at=ctx.now)
    return clinic.save(article, ctx=ctx)


@retried
def return_article(clinic: Clinic, ctx: Context, article_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, WrongGroup, ArticleNameTaken (DEL-2)."""
    article = clinic.load(Article, article_id, expected=expected)
    group = _group(clinic, article.group_id)
    article.return_(group, at=ctx.now)
    return clinic.save(article, ctx=ctx, if_unchanged=[group] if group else [])


def _group(clinic: Clinic, group_id: object) -> Article | None:
    """The group that a card names. AggregateNotFound, WrongValue."""
    checked = reference("group_id", group_id)
    return clinic.cached(Article, UUID(checked)) if checked else None
