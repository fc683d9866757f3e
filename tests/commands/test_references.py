"""What a card refers to is active when it is chosen."""

import pytest

from aggregates.people.employee import Employee, EmployeeDeleted
from commands.people.employee import delete_employee
from commands.references import newly_chosen
from tests.commands.reception import Reception


def test_any_employee_may_be_chosen_until_deleted(reception: Reception) -> None:
    assistant = (Employee, reception.vera)
    assert [one.id for one in newly_chosen(reception.clinic, [assistant])] == [reception.vera]
    reception.do(delete_employee, reception.vera)
    with pytest.raises(EmployeeDeleted):
        newly_chosen(reception.clinic, [assistant])
    assert newly_chosen(reception.clinic, [assistant], before=[assistant]) == []
