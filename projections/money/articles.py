"""Articles of income and outgo."""

from aggregates.money.article import Article
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, reference, sets
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


ARTICLES = Projection(
    "articles",
    TABLE,
    revision=1,
    audience=Audience("articles"),
    handlers={
        Article.Created: Own(_created),
        **sets(Article.Changed, lambda event: changed(event.changes, group_id=reference)),
        **deletable(Article),
    },
    one_stream=True,
)
