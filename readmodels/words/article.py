"""Words of articles of income and outgo."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.money.article import ARTICLE_FIELDS, Article
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described, changed_fields, described_fields, filled_fields


def _created(event: Article.Created) -> list[Change]:
    group_id = str(event.group_id) if event.group_id else None
    return filled_fields(
        ARTICLE_FIELDS, {"name": event.name, "direction": event.direction, "group_id": group_id, "comment": event.comment}.items()
    )


def _created_refs(event: Article.Created) -> Iterable[UUID | None]:
    return (event.group_id,)


def _state(article: Article) -> Described:
    yield from described_fields(ARTICLE_FIELDS, article.card())
    yield "Удалена", YES_NO[article.deleted]


ARTICLE = Words(
    kind=Article,
    label="Статья",
    title="Статья {1} «{0}»",
    names="""SELECT article_id, name, CASE direction WHEN 'income' THEN 'прихода' ELSE 'расхода' END
      FROM articles WHERE article_id = ANY(%s)""",
    found_by=ByWords("SELECT article_id FROM articles", LETTERS.format("name")),
    actions={
        "article_created": "Новая статья",
        "article_changed": "Изменение статьи",
        "article_deleted": "Удаление статьи",
        "article_returned": "Возврат статьи",
    },
    events={
        Article.Created: Text("article_created", "создана", _created, _created_refs),
        Article.Changed: Text("article_changed", "изменена", lambda e: changed_fields(ARTICLE_FIELDS, e.changes)),
        Article.Deleted: Text("article_deleted", "удалена"),
        Article.Returned: Text("article_returned", "возвращена"),
    },
    state=_state,
)
