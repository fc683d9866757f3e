"""Articles of income and outgo."""

from uuid import UUID

from msgspec.structs import replace

from aggregates.money.article import Article
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing
from readmodels.money.articles import TABLE, ArticleRow


def _created(_: ArticleRow | None, event: Article.Created) -> ArticleRow:
    return ArticleRow(
        article_id=event.originator_id,
        name=event.name,
        direction=event.direction,
        group_id=event.group_id,
        comment=event.comment,
        deleted=False,
        version=event.originator_version,
    )


def _changed(row: ArticleRow, event: Article.Changed) -> ArticleRow:
    fields = {change.field: change.new for change in event.changes}
    if group_id := fields.get("group_id"):
        return replace(row, version=event.originator_version, **{**fields, "group_id": UUID(str(group_id))})
    return replace(row, version=event.originator_version, **fields)


ARTICLES = Projection(
    "articles",
    TABLE,
    revision=1,
    audience=Audience("articles"),
    handlers={
        Article.Created: Own(_created),
        Article.Changed: Own(existing(_changed)),
        **deletable(Article),
    },
    one_stream=True,
)
