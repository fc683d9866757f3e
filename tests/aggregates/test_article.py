from typing import Any
from uuid import UUID

import pytest

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.money.article import Article, ArticleDeleted, GroupDeleted, GroupOfOtherDirection, GroupWithinGroup
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import Fact, fact, given, named, replayed

PREMISES, OTHER = named("помещение"), named("другая")
CARD = {"name": "Аренда", "direction": "outgo"}


def created(**other: Any) -> Fact:
    return fact(Article.Created, **{**CARD, "group_id": None, "comment": "", **other})


def group(*further: Fact, direction: str = "outgo", group_id: UUID | None = None) -> Article:
    return replayed(Article, created(name="Помещение", direction=direction, group_id=group_id), *further, id=PREMISES)


@pytest.mark.spec("FIN-8")
def test_an_article_has_a_name_a_direction_a_group_and_a_comment() -> None:
    given(Article).when(Article.create, {**CARD, "name": " Аренда  зала "}).then(created(name="Аренда зала"))
    within = {**CARD, "group_id": PREMISES, "comment": "до 5-го"}
    given(Article).when(Article.create, within, group()).then(created(group_id=PREMISES, comment="до 5-го"))
    changed = given(Article, created()).when(Article.change, {"name": "Аренда и связь", "group_id": PREMISES}, group())
    changes = FieldChange("name", "Аренда", "Аренда и связь"), FieldChange("group_id", None, str(PREMISES))
    changed.then(fact(Article.Changed, changes=changes))
    assert (changed.aggregate.name, changed.aggregate.group_id) == ("Аренда и связь", PREMISES)
    left = given(Article, created(group_id=PREMISES)).when(Article.change, {"group_id": None})
    left.then(fact(Article.Changed, changes=(FieldChange("group_id", str(PREMISES), None),)))
    assert left.aggregate.group_id is None
    given(Article, created()).when(Article.change, CARD).then()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "ж" * 101}, {"direction": "loan"}, {"direction": ""}, {"comment": 5}])
def test_wrong_values_are_refused(wrong: dict[str, Any]) -> None:
    given(Article).when(Article.create, {**CARD, **wrong}).then_refused_by(WrongValue)
    given(Article, created()).when(Article.change, wrong).then_refused_by(WrongValue)


@pytest.mark.spec("FIN-8")
def test_the_direction_stays_as_it_was_chosen() -> None:
    given(Article).when(Article.create, {"name": "Аренда"}).then_refused_by(WrongValue)
    given(Article, created()).when(Article.change, {"direction": "income"}).then_refused_by(WrongValue)


@pytest.mark.spec("FIN-8")
def test_a_group_is_active_of_the_same_direction_and_in_no_group_itself() -> None:
    unsuitable = (
        (group(fact(Article.Deleted)), GroupDeleted),
        (group(direction="income"), GroupOfOtherDirection),
        (group(group_id=OTHER), GroupWithinGroup),
    )
    for other, refusal in unsuitable:
        within = {"group_id": other.id}
        given(Article).when(Article.create, {**CARD, **within}, other).then_refused(refusal(other))
        given(Article, created()).when(Article.change, within, other).then_refused(refusal(other))
        gone = given(Article, created(group_id=other.id), fact(Article.Deleted))
        gone.when(Article.return_, other).then_refused(refusal(other))
    itself = given(Article, created(), id=PREMISES)
    itself.when(Article.change, {"group_id": PREMISES}, group()).then_refused(GroupWithinGroup(group()))


@pytest.mark.spec("FIN-8", "DEL-2")
def test_a_deleted_article_stays_and_can_be_returned() -> None:
    gone = [created(group_id=PREMISES), fact(Article.Deleted)]
    given(Article, created()).when(Article.delete).then(fact(Article.Deleted))
    given(Article, *gone).when(Article.delete).then_refused_by(AlreadyDeleted)
    given(Article, *gone).when(Article.change, {"name": "Связь"}).then_refused_by(ArticleDeleted)
    given(Article, *gone).when(Article.return_, group()).then(fact(Article.Returned))
    given(Article, created()).when(Article.return_).then_refused_by(NotDeleted)
