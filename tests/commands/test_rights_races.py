"""Rights taken and given at one moment on several nodes."""

import random
from typing import Any
from uuid import UUID

import pytest

from aggregates.access.rights import AUDITOR
from aggregates.access.rights_set import RightsSetInUse, RightsSetNameTaken
from aggregates.kernel import DomainError
from commands.access.rights_set import change_rights_set, create_rights_set, delete_rights_set, return_rights_set
from commands.access.user_access import assign_rights_set, grant_access, rights_managers, withdraw_access
from commands.context import Receipt
from commands.people.employee import delete_employee, hire
from commands.ports.clinic import Clinic
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context

pytestmark = pytest.mark.thorough


@pytest.mark.spec("ACL-5")
@pytest.mark.parametrize("seed", range(3))
def test_managers_of_rights_who_remove_each_other_at_once_leave_one(nodes: list[Clinic], seed: int) -> None:
    """By every way there is: withdrawal, deletion, another set, less in the set."""
    reception = Reception(nodes[0])
    people = [reception.administrator]
    sets = []
    for number in range(5):
        sets.append(reception.do(create_rights_set, f"Кадры {number}", "rights", ["rights", "journal"]).id)
        people.append(reception.do(hire, {"family_name": f"Кадрова {number}"}).id)
        reception.do(grant_access, people[-1], f"hr{number}@klinika.ru", sets[-1], "hash")
    ways: list[Any] = [
        *((withdraw_access, (person,)) for person in people),
        *((delete_employee, (person,)) for person in people),
        *((assign_rights_set, (person, AUDITOR.id)) for person in people),
        *((change_rights_set, (each,)) for each in sets),
    ]
    random.Random(seed).shuffle(ways)

    def remove(number: int) -> Any:
        command, args = ways[number]
        more = {"start_page": "journal", "rights": ["journal"]} if command is change_rights_set else {}
        return command(nodes[number % 3], context(command.__name__), *args, **more)

    answers = parallel(len(ways), remove)
    assert any(isinstance(answer, DomainError) and answer.code.startswith("last_") for answer in answers)
    nodes[0].refresh_cached()
    with nodes[0].write_lock():
        assert len(rights_managers(nodes[0])) == 1


@pytest.mark.spec("ACL-1")
def test_a_set_is_not_deleted_while_it_is_being_given_to_somebody(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    for number in range(5):
        made = reception.do(create_rights_set, f"Смена {number}", "calendar", ["calendar"]).id

        def race(turn: int, made: UUID = made, email: str = f"vera{number}@klinika.ru") -> Any:
            if turn:
                return delete_rights_set(nodes[1], context(), made)
            return grant_access(nodes[2], context(), reception.vera, email, made, "hash")

        granted, deleted = parallel(2, race)
        assert isinstance(granted, DomainError) != isinstance(deleted, RightsSetInUse)


@pytest.mark.spec("ACL-1", "DEL-2")
def test_of_sets_that_get_one_name_at_once_one_gets_it(nodes: list[Clinic]) -> None:
    """Whether it is new, renamed or brought back; small letters and ё don't make another name."""
    reception = Reception(nodes[0])
    other, gone = (reception.do(create_rights_set, name, "calendar", ["calendar"]).id for name in ("Стойка", "Зелёная смена"))
    reception.do(delete_rights_set, gone)

    def claim(number: int) -> Any:
        node = nodes[number % 3]
        if number == 0:
            return change_rights_set(node, context(), other, name="ЗЕЛЁНАЯ смена")
        if number == 1:
            return return_rights_set(node, context(), gone)
        return create_rights_set(node, context(), "зеленая  смена", "calendar", ["calendar"])

    answers = parallel(6, claim)
    refused = [answer for answer in answers if isinstance(answer, RightsSetNameTaken)]
    assert (len(refused), sum(isinstance(answer, Receipt) for answer in answers)) == (5, 1)
