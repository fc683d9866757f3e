"""Articles of income and outgo."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.money.article import ARTICLE_FIELDS
from commands.money import article as commands
from readmodels.money import articles as articles_read
from services.api.deletion import delete_route, return_route
from services.api.fields import changed_with, created_with
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Done, Schema

routes = Routes("articles")

READS = ("articles",)


@mirrors(articles_read.Article)
class ArticleItem(Schema):
    """`group`: its name, "" without one."""


class ArticleList(Schema):
    items: list[ArticleItem]
    total: int


@created_with(ARTICLE_FIELDS.values())
class NewArticle(Schema):
    """`direction`: stays as it is chosen here."""


@changed_with(field for field in ARTICLE_FIELDS.values() if field.name != "direction")
class ArticleChange(Schema):
    """What to change; what is left out stays."""


class ArticlesQuery(Schema):
    deleted: bool = False


@routes.get("/articles", NeedsRight("articles"), answer=ArticleList, reads=READS)
def articles(call: Call, query: Annotated[ArticlesQuery, Query()]) -> Any:
    """All articles, income first, members under their group."""
    with call.reading() as conn:
        items = articles_read.listing(conn, deleted=call.shows_deleted(query.deleted))
    return call.answer({"items": items, "total": len(items)})


@routes.get("/articles/{article_id}", NeedsRight("articles"), answer=ArticleItem, reads=READS)
def article(call: Call, article_id: UUID) -> Any:
    """One article."""
    with call.reading() as conn:
        found = articles_read.get(conn, article_id)
    if found is None:
        raise NoSuchObject(kind="article", id=article_id)
    return call.versioned(found, found.version)


@routes.post("/articles", NeedsRight("articles"), answer=Done, status=201, refusals=(404,))
def create(call: Call, body: NewArticle) -> Any:
    """Create an article."""
    card = body.model_dump(exclude_unset=True)
    return call.done(commands.create_article(call.clinic, call.context("create_article"), card))


@routes.patch("/articles/{article_id}", NeedsRight("articles"), answer=Done, versioned=True)
def change(call: Call, article_id: UUID, body: ArticleChange) -> Any:
    """Change an article. An article that has members can't get a group."""
    fields = body.model_dump(exclude_unset=True)
    ctx = call.context("change_article")
    return call.done(commands.change_article(call.clinic, ctx, article_id, fields, expected=call.expected))


delete_route(
    routes,
    "/articles/{article_id}",
    NeedsRight("articles"),
    "article",
    commands.delete_article,
    "Mark an article as deleted, unless articles are in it; it can be brought back.",
)
return_route(
    routes, "/articles/{article_id}", NeedsRight("articles"), "article", commands.return_article, "Bring a deleted article back."
)
