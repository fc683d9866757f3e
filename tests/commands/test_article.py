"""Articles by their commands: groups and names across articles, by the guards of PostgreSQL and of the fake alike."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.kernel import DomainError
from aggregates.money.article import Article, ArticleNameTaken, GroupDeleted, GroupHasMembers, GroupWithinGroup
from commands.context import Receipt
from commands.money.article import change_article, create_article, delete_article, return_article
from commands.ports.clinic import AggregateNotFound, Clinic
from gateways.event_store_memory import MemoryClinic
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context


@pytest.fixture(params=["memory", "postgresql"])
def reception(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Reception:
    """An open clinic with either guards."""
    return Reception(MemoryClinic() if request.param == "memory" else nodes[0])


def create(reception: Reception, name: str, direction: str = "outgo", **card: Any) -> UUID:
    return reception.do(create_article, {"name": name, "direction": direction, **card}).id


@pytest.mark.spec("FIN-8")
def test_a_name_is_taken_once_in_a_direction(reception: Reception) -> None:
    taken = create(reception, "Счёт за свет")
    create(reception, "Счёт за свет", "income")
    with pytest.raises(ArticleNameTaken) as refused:
        create(reception, "счет  за СВЕТ")
    assert refused.value == ArticleNameTaken(direction="outgo", name="Счёт за свет", by=taken)
    assert refused.value.sentence == "Статья расхода «Счёт за свет» уже есть. Назовите эту иначе."
    other = create(reception, "Вода")
    with pytest.raises(ArticleNameTaken):
        reception.do(change_article, other, {"name": "СЧЁТ за свет"})
    reception.do(delete_article, taken)
    reception.do(change_article, other, {"name": "Счет за свет"})
    with pytest.raises(ArticleNameTaken):
        reception.do(return_article, taken)


@pytest.mark.spec("FIN-8", "DEL-1")
def test_a_group_with_articles_is_neither_deleted_nor_put_into_a_group(reception: Reception) -> None:
    group, other = create(reception, "Помещение"), create(reception, "Содержание")
    members = [create(reception, name, group_id=group) for name in ("Ремонт", "Аренда")]
    with pytest.raises(GroupHasMembers):
        reception.do(change_article, group, {"group_id": other})
    with pytest.raises(GroupHasMembers) as refused:
        reception.do(delete_article, group)
    named = [{"id": members[1], "name": "Аренда"}, {"id": members[0], "name": "Ремонт"}]
    assert refused.value == GroupHasMembers(name="Помещение", members=named)
    sentence = "В группе «Помещение» есть статьи: «Аренда», «Ремонт». Сначала уберите их из группы или удалите."
    assert refused.value.sentence == sentence
    with pytest.raises(GroupWithinGroup):
        create(reception, "Уборка", group_id=members[0])
    reception.do(delete_article, members[0])
    reception.do(change_article, members[1], {"group_id": None})
    reception.do(delete_article, group)


@pytest.mark.spec("FIN-8", "DEL-2")
def test_an_article_comes_back_after_its_group_and_in_no_group_of_a_group(reception: Reception) -> None:
    group, other = create(reception, "Помещение"), create(reception, "Содержание")
    member = create(reception, "Аренда", group_id=group)
    reception.do(delete_article, member)
    reception.do(delete_article, group)
    with pytest.raises(GroupDeleted, match="group_deleted"):
        reception.do(return_article, member)
    reception.do(return_article, group)
    reception.do(change_article, group, {"group_id": other})
    with pytest.raises(GroupWithinGroup):
        reception.do(return_article, member)
    reception.do(change_article, group, {"group_id": None})
    reception.do(return_article, member)


@pytest.mark.spec("FIN-8")
def test_a_group_has_to_exist_when_it_is_chosen_and_stays_afterwards(reception: Reception) -> None:
    with pytest.raises(AggregateNotFound):
        create(reception, "Аренда", group_id=uuid4())
    group = create(reception, "Помещение")
    member = create(reception, "Аренда", group_id=group)
    reception.do(change_article, member, {"group_id": group, "comment": "до 5-го"})
    assert reception.clinic.load(Article, member).comment == "до 5-го"


@pytest.mark.spec("FIN-8", "DEL-2")
def test_of_articles_that_get_one_name_at_once_one_gets_it(nodes: list[Clinic]) -> None:
    """Whether it is new, renamed or brought back; small letters and ё don't make another name."""
    reception = Reception(nodes[0])
    other, gone = create(reception, "Вода"), create(reception, "Счёт за свет")
    reception.do(delete_article, gone)

    def claim(number: int) -> Any:
        node = nodes[number % 3]
        if number == 0:
            return change_article(node, context(), other, {"name": "СЧЁТ за свет"})
        if number == 1:
            return return_article(node, context(), gone)
        return create_article(node, context(), {"name": "счет  за свет", "direction": "outgo"})

    answers = parallel(12, claim)
    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert {type(answer) for answer in answers} == {Receipt, ArticleNameTaken}


@pytest.mark.spec("FIN-8")
@pytest.mark.parametrize("leave", ["deleted", "put into a group"])
def test_a_group_is_not_lost_while_an_article_comes_into_it(nodes: list[Clinic], leave: str) -> None:
    """Whichever comes first, the other is refused."""
    reception = Reception(nodes[0])
    above = create(reception, "Содержание")
    for number in range(5):
        group, member = create(reception, f"Группа {number}"), create(reception, f"Статья {number}")
        nodes[1].cached(Article, group)

        def race(turn: int, group: UUID = group, member: UUID = member) -> Any:
            if turn == 0:
                return change_article(nodes[1], context(), member, {"group_id": group})
            if leave == "deleted":
                return delete_article(nodes[2], context(), group)
            return change_article(nodes[2], context(), group, {"group_id": above})

        came, left = parallel(2, race)
        assert isinstance(came, DomainError) != isinstance(left, GroupHasMembers), (came, left)
        assert isinstance(came, Receipt | (GroupDeleted if leave == "deleted" else GroupWithinGroup))
