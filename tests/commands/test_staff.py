"""Employees, their access, patients, settings and the first set-up."""

import pytest

from aggregates.access.rights import ADMINISTRATOR, DOCTOR, PREDEFINED_SETS, RECEPTIONIST
from aggregates.access.rights_set import LastManagingSet, RightsSet, RightsSetDeleted, RightsSetInUse
from aggregates.access.user_access import EmailTaken, LastRightsManager, NoAccess
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.employees_named import NamedEmployee
from aggregates.people.employee import Employee, EmployeeDeleted, NotADoctor
from aggregates.people.patient import CardNumberTaken, PatientCard
from aggregates.scheduling.schedule import ConflictingVisits, EmployeeHasVisits
from aggregates.values import WrongValue
from commands.access.rights_set import change_rights_set, create_rights_set, delete_rights_set, return_rights_set
from commands.access.user_access import assign_rights_set, grant_access, set_password, withdraw_access
from commands.clinic.clinic_settings import change_settings
from commands.clinic.opening import ClinicAlreadyOpen, is_open, open_clinic
from commands.people.employee import change_card, delete_employee, hire, return_employee
from commands.people.patient import change_card as change_patient
from commands.people.patient import create_card
from commands.ports.clinic import AggregateNotFound, VersionMoved
from commands.scheduling.visit import change_status
from gateways.event_store_memory import MemoryClinic
from tests.aggregates.clinic import hours
from tests.aggregates.scenario import MON, TUE
from tests.commands.reception import Reception, context


def test_a_new_clinic_has_settings_hours_sets_of_rights_and_an_administrator(reception: Reception) -> None:
    settings = reception.clinic.load(ClinicSettings, SETTINGS_ID)
    assert (settings.clinic_name, settings.region.code) == ("Улыбка", "77")
    assert [reception.clinic.load(RightsSet, each.id).rights for each in PREDEFINED_SETS] == [
        each.rights for each in PREDEFINED_SETS
    ]
    assert reception.schedule.hours.hours_on(reception.administrator, MON) == hours("09:00-21:00")
    access = reception.clinic.accesses.by_email("Admin@Klinika.ru")
    assert access is not None
    assert (access.employee_id, access.rights_set_id) == (reception.administrator, ADMINISTRATOR.id)


def test_a_clinic_is_opened_once(reception: Reception) -> None:
    assert not is_open(MemoryClinic())
    assert is_open(reception.clinic)
    with pytest.raises(ClinicAlreadyOpen):
        reception.do(open_clinic, name="Б", region="77", administrator={"given_name": "Б"}, email="b@b.ru", password_hash="h")


@pytest.mark.parametrize("wrong", [{"region": "00"}, {"email": "admin"}, {"administrator": {}}, {"name": ""}])
def test_a_clinic_that_cannot_be_opened_leaves_nothing(wrong: dict[str, object]) -> None:
    clinic = MemoryClinic()
    right = {"name": "А", "region": "77", "administrator": {"given_name": "А"}, "email": "a@a.ru", "password_hash": "h"}
    with pytest.raises(WrongValue):
        open_clinic(clinic, context(), **{**right, **wrong})  # type: ignore[arg-type]
    assert not is_open(clinic)


@pytest.mark.spec("SCH-2")
def test_a_hired_employee_is_on_the_grid_with_the_organisations_hours(reception: Reception) -> None:
    hired = reception.do(hire, {"family_name": "Новая"})
    assert reception.schedule.hours.hours_on(hired.id, MON) == hours("09:00-21:00")
    assert reception.schedule.hours.present(hired.id)
    assert hired.facts == {"number": 5}


@pytest.mark.spec("DEL-1")
def test_an_employee_with_live_visits_is_not_deleted(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(ConflictingVisits) as refused:
        reception.do(delete_employee, reception.anna)
    assert [v.id for conflict in refused.value.facts["conflicts"] for v in conflict.visits] == [visit]
    assert not reception.clinic.load(Employee, reception.anna).deleted
    reception.do(change_status, visit, "cancelled")
    reception.do(delete_employee, reception.anna)
    assert reception.clinic.load(Employee, reception.anna).deleted
    assert not reception.schedule.hours.present(reception.anna)


@pytest.mark.spec("SCH-4")
def test_a_doctor_with_live_visits_goes_on_taking_visits(reception: Reception) -> None:
    """An employee who takes no visits has no column in the calendar: their booked visits would not be shown."""
    visit = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(EmployeeHasVisits) as refused:
        reception.do(change_card, reception.anna, {"takes_visits": False, "position": "Хирург"})
    assert [v.id for conflict in refused.value.facts["conflicts"] for v in conflict.visits] == [visit]
    reception.do(change_card, reception.anna, {"takes_visits": True, "position": "Терапевт"})
    reception.do(change_card, reception.boris, {"takes_visits": False})
    reception.do(change_status, visit, "cancelled")
    reception.do(change_card, reception.anna, {"takes_visits": False})
    card = reception.clinic.load(Employee, reception.anna).card()
    assert (card["takes_visits"], card["position"]) == (False, "Терапевт")
    with pytest.raises(NotADoctor):
        reception.do(change_status, visit, "planned")


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_deleted_employee_loses_access_and_returns_without_it(reception: Reception) -> None:
    reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id, "hash")
    reception.do(delete_employee, reception.anna)
    assert reception.clinic.accesses.by_email("anna@klinika.ru") is None
    with pytest.raises(EmployeeDeleted):
        reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id, "hash")
    with pytest.raises(EmployeeDeleted):
        reception.do(change_card, reception.anna, {"position": "Хирург"})
    reception.do(return_employee, reception.anna)
    assert reception.schedule.hours.present(reception.anna)
    assert reception.clinic.accesses.by_email("anna@klinika.ru") is None
    reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id, "hash")
    assert reception.clinic.accesses.by_email("anna@klinika.ru") is not None


@pytest.mark.spec("ACL-3")
def test_access_is_given_with_a_password_and_changed_without(reception: Reception) -> None:
    with pytest.raises(WrongValue):
        reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id)
    reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id, "hash")
    reception.do(grant_access, reception.anna, "a@klinika.ru", RECEPTIONIST.id)
    access = reception.clinic.accesses.by_email("a@klinika.ru")
    assert access is not None
    assert access.rights_set_id == RECEPTIONIST.id
    reception.do(set_password, reception.anna, "other hash")
    with pytest.raises(EmailTaken):
        reception.do(grant_access, reception.boris, "A@klinika.ru", DOCTOR.id, "hash")
    with pytest.raises(AggregateNotFound):
        reception.do(assign_rights_set, reception.anna, reception.boris)
    reception.do(withdraw_access, reception.anna)
    with pytest.raises(NoAccess):
        reception.do(set_password, reception.anna, "hash")
    reception.do(grant_access, reception.boris, "A@klinika.ru", DOCTOR.id, "hash")


@pytest.mark.spec("ACL-7")
def test_a_new_password_brings_back_neither_rights_nor_access_taken_meanwhile(reception: Reception) -> None:
    reception.do(grant_access, reception.anna, "anna@klinika.ru", RECEPTIONIST.id, "hash")
    reception.do(assign_rights_set, reception.anna, DOCTOR.id)
    reception.do(grant_access, reception.anna, password_hash="new hash")
    access = reception.clinic.accesses.by_email("anna@klinika.ru")
    assert access is not None
    assert access.rights_set_id == DOCTOR.id
    reception.do(withdraw_access, reception.anna)
    with pytest.raises(WrongValue) as refused:
        reception.do(grant_access, reception.anna, password_hash="newer hash")
    assert refused.value.facts["field"] == "email"
    assert reception.clinic.accesses.by_email("anna@klinika.ru") is None


@pytest.mark.spec("ACL-5")
def test_the_last_rights_manager_stays(reception: Reception) -> None:
    for attempt in (
        lambda: reception.do(delete_employee, reception.administrator),
        lambda: reception.do(withdraw_access, reception.administrator),
        lambda: reception.do(assign_rights_set, reception.administrator, DOCTOR.id),
        lambda: reception.do(grant_access, reception.administrator, "admin@klinika.ru", DOCTOR.id),
    ):
        with pytest.raises(LastRightsManager):
            attempt()
    assert reception.schedule.hours.present(reception.administrator)
    managers = reception.do(create_rights_set, "Кадры", "employees", ["employees", "rights"]).id
    reception.do(grant_access, reception.vera, "vera@klinika.ru", managers, "hash")
    reception.do(delete_employee, reception.administrator)
    with pytest.raises(LastRightsManager):
        reception.do(withdraw_access, reception.vera)
    for also_by_the_set in (
        lambda: reception.do(change_rights_set, managers, rights=["employees"]),
        lambda: reception.do(delete_rights_set, managers),
    ):
        with pytest.raises((LastManagingSet, RightsSetInUse)) as refused:
            also_by_the_set()
        assert refused.value.facts == {"employees": [NamedEmployee(reception.vera)]}
    reception.do(change_rights_set, managers, name="Управление", rights=["employees", "rights", "journal"])


@pytest.mark.spec("ACL-1")
def test_a_deleted_set_is_given_to_nobody_until_it_is_returned(reception: Reception) -> None:
    made = reception.do(create_rights_set, "Смена", "calendar", ["calendar"]).id
    reception.do(delete_rights_set, made)
    reception.do(grant_access, reception.anna, "anna@klinika.ru", DOCTOR.id, "hash")
    for giving in (
        lambda: reception.do(grant_access, reception.boris, "boris@klinika.ru", made, "hash"),
        lambda: reception.do(grant_access, reception.anna, "anna@klinika.ru", made),
        lambda: reception.do(assign_rights_set, reception.anna, made),
    ):
        with pytest.raises(RightsSetDeleted):
            giving()
    reception.do(return_rights_set, made)
    reception.do(assign_rights_set, reception.anna, made)
    with pytest.raises(RightsSetInUse):
        reception.do(delete_rights_set, made)
    with pytest.raises(VersionMoved):
        reception.do(change_rights_set, made, name="Ночь", expected=1)


@pytest.mark.spec("PAT-1")
def test_cards_are_numbered_by_themselves_unless_a_number_is_given(reception: Reception) -> None:
    own = reception.do(create_card, {"family_name": "Сидоров", "card_number": "2"})
    assert own.facts == {"card_number": "2"}
    numbered = [reception.do(create_card, {"family_name": "Иванов"}).facts["card_number"] for _ in range(2)]
    assert numbered == ["3", "4"]
    with pytest.raises(WrongValue):
        reception.do(create_card, {"family_name": "Иванов", "birth_date": "1999-02-30"})
    assert reception.do(create_card, {"family_name": "Иванов", "card_number": " "}).facts["card_number"] == "5"
    with pytest.raises(CardNumberTaken) as refused:
        reception.do(change_patient, own.id, {"card_number": "3"})
    assert "Номер карты 3" in refused.value.sentence
    reception.do(change_patient, own.id, {"card_number": "А-7", "birth_date": "1999"}, expected=1)
    assert reception.clinic.load(PatientCard, own.id).card_number == "А-7"


def test_changes_on_an_old_look_are_refused(reception: Reception) -> None:
    reception.do(change_settings, {"calendar_step": 15}, expected=1)
    with pytest.raises(VersionMoved):
        reception.do(change_settings, {"calendar_step": 30}, expected=1)
    with pytest.raises(VersionMoved):
        reception.do(change_card, reception.anna, {"position": "Хирург"}, expected=2)
    assert reception.clinic.load(ClinicSettings, SETTINGS_ID).calendar_step == 15
