from typing import Any

import pytest

from aggregates.access.user_access import LastRightsManager, NoAccess, SecondFactorOff, SecondFactorOn, UserAccess, access_id_of
from aggregates.values import WrongValue
from tests.aggregates.clinic import ANNA
from tests.aggregates.scenario import Fact, Scenario, fact, given, named

ACCESS = access_id_of(ANNA)
OTHER = access_id_of(named("Boris"))
ALL, FEW = named("all rights"), named("few rights")
GRANTED = fact(UserAccess.Granted, employee_id=ANNA, email="anna@klinika.ru", rights_set_id=ALL)
WITHDRAWN = fact(UserAccess.Withdrawn)


def annas(*facts: Fact) -> Scenario[UserAccess]:
    return given(UserAccess, *facts, id=ACCESS)


@pytest.mark.spec("ACL-3")
def test_access_is_granted_by_address_and_set_of_rights() -> None:
    annas().when(UserAccess.grant, ANNA, " Anna@Klinika.ru", ALL).then(GRANTED)
    annas(GRANTED, WITHDRAWN).when(UserAccess.grant, ANNA, "anna@klinika.ru", ALL).then(GRANTED)
    annas().when(UserAccess.grant, ANNA, "", ALL).then_refused_by(WrongValue)


def test_address_and_set_are_changed() -> None:
    annas(GRANTED).when(UserAccess.change_email, "a@klinika.ru").then(
        fact(UserAccess.EmailChanged, old="anna@klinika.ru", new="a@klinika.ru")
    )
    annas(GRANTED).when(UserAccess.change_email, "ANNA@klinika.ru").then()
    annas(GRANTED).when(UserAccess.assign_rights_set, FEW, manages=False, managers={ACCESS, OTHER}).then(
        fact(UserAccess.RightsSetAssigned, old=ALL, new=FEW)
    )
    annas(GRANTED).when(UserAccess.assign_rights_set, ALL, manages=True, managers={ACCESS}).then()


@pytest.mark.spec("SEC-2")
def test_the_event_of_a_password_holds_no_secret() -> None:
    annas(GRANTED).when(UserAccess.note_password).then(fact(UserAccess.PasswordSet))


@pytest.mark.spec("ACL-5")
def test_the_last_who_can_manage_rights_keeps_them() -> None:
    last = LastRightsManager(employee_id=ANNA)
    annas(GRANTED).when(UserAccess.withdraw, {ACCESS}).then_refused(last)
    annas(GRANTED).when(UserAccess.assign_rights_set, FEW, manages=False, managers={ACCESS}).then_refused(last)
    annas(GRANTED).when(UserAccess.assign_rights_set, FEW, manages=True, managers={ACCESS}).then(
        fact(UserAccess.RightsSetAssigned, old=ALL, new=FEW)
    )
    annas(GRANTED).when(UserAccess.withdraw, {ACCESS, OTHER}).then(WITHDRAWN)
    annas(GRANTED).when(UserAccess.withdraw, {OTHER}).then(WITHDRAWN)


@pytest.mark.parametrize(
    ("decide", "arguments"),
    [
        (UserAccess.withdraw, {"managers": {OTHER}}),
        (UserAccess.note_password, {}),
        (UserAccess.enable_second_factor, {}),
        (UserAccess.change_email, {"email": "a@klinika.ru"}),
        (UserAccess.assign_rights_set, {"rights_set_id": FEW, "manages": True, "managers": {OTHER}}),
    ],
)
def test_withdrawn_access_takes_no_changes(decide: Any, arguments: dict[str, Any]) -> None:
    annas(GRANTED, WITHDRAWN).when(decide, **arguments).then_refused(NoAccess(employee_id=ANNA))


@pytest.mark.spec("ACL-8")
def test_a_second_factor_is_enabled_once_and_removed() -> None:
    off, on = SecondFactorOff(employee_id=ANNA), SecondFactorOn(employee_id=ANNA)
    enabled = fact(UserAccess.SecondFactorEnabled)
    annas(GRANTED).when(UserAccess.enable_second_factor).then(enabled)
    annas(GRANTED, enabled).when(UserAccess.enable_second_factor).then_refused(on)
    annas(GRANTED, enabled).when(UserAccess.remove_second_factor).then(fact(UserAccess.SecondFactorRemoved))
    annas(GRANTED).when(UserAccess.remove_second_factor).then_refused(off)
    annas(GRANTED, enabled, WITHDRAWN, GRANTED).when(UserAccess.enable_second_factor).then_refused(on)
