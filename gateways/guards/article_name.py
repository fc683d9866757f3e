"""Names of active articles of one direction are unique, whatever their case (FIN-8)."""

from collections.abc import Mapping
from typing import Any

from aggregates.catalogue import name_key
from aggregates.kernel import DomainError
from aggregates.money.article import Article, ArticleNameTaken
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class ArticleName(Claim, frozen=True):
    """The name of an active article."""

    direction: str
    name: str
    key: str


def claim_of(article: Article) -> ArticleName:
    return ArticleName(
        id=article.id,
        holds=not article.deleted,
        direction=article.direction,
        name=article.name,
        key=name_key(article.name),
    )


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return ArticleNameTaken(direction=facts["direction"], name=facts["name"], by=facts["id"])


GUARD = unique("article_name", kinds=(Article,), claim=ArticleName, claim_of=claim_of, refusal=refusal, by=("direction", "key"))
