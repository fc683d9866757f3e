from typing import Any

import pytest

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.people.employee import Employee, EmployeeDeleted, NotADoctor
from aggregates.people.person import PersonName
from aggregates.people.staff_record import STAFF_FIELDS, StaffRecord
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import fact, given, named

CARD = {
    "family_name": "Аннина",
    "given_name": "Анна",
    "patronymic": "",
    "position": "Терапевт",
    "phone": "+79120000001",
    "email": "anna@klinika.ru",
    "takes_visits": True,
    "color": "#2f6fdd",
}
HIRED = fact(
    Employee.Hired,
    number=3,
    name=PersonName("Аннина", "Анна"),
    **{k: v for k, v in CARD.items() if k not in {"family_name", "given_name", "patronymic"}},
    record=StaffRecord(),
)
DENTIST, SURGERY = named("стоматолог"), named("склад хирургии")


def test_an_employee_is_hired_with_a_checked_card() -> None:
    given(Employee).when(
        Employee.hire, 3, {**CARD, "phone": "8 912 000-00-01", "email": "Anna@Klinika.ru", "color": "#2F6FDD"}
    ).then(HIRED)


def test_a_name_is_all_that_a_card_needs() -> None:
    hired = given(Employee).when(Employee.hire, 3, {"given_name": "Анна"})
    empty = {"family_name": "", "patronymic": "", "position": "", "phone": "", "email": "", "takes_visits": False, "color": ""}
    assert hired.aggregate.card() == {**empty, "given_name": "Анна", **StaffRecord().fields()}


def test_a_record_of_the_personnel_department_stands_in_one_form() -> None:
    written = {
        "position_id": str(DENTIST), "position_code": "109", "speciality_code": "171", "snils": "112-233-445 95",
        "inn": "500100732259", "birth_date": "1985-04", "passport_number": "45 12 345678", "passport_issued_on": "2010-05-17",
        "passport_issued_by": "ОВД района", "other_phones": "8 912 000-00-02, 9120000003", "internal_number": "101",
        "show_calls": True, "warehouse_id": SURGERY, "comment": "По средам\nс утра",
    }  # fmt: skip
    stored = {
        "snils": "11223344595", "passport_number": "4512345678", "other_phones": "+79120000002, +79120000003",
        "warehouse_id": str(SURGERY), "position": "",
    }  # fmt: skip
    changed = given(Employee, HIRED).when(Employee.change_card, written).aggregate
    assert changed.card() == {**CARD, **written, **stored}
    assert (changed.record.position_id, changed.record.warehouse_id) == (DENTIST, SURGERY)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("snils", "112-233-445 96"),
        ("inn", "7707083893"),
        ("inn", "500100732258"),
        ("birth_date", "2090"),
        ("passport_number", "45 12 34567"),
        ("passport_issued_on", "2010"),
        ("other_phones", "101, 9120000003"),
        ("internal_number", "1-01"),
        ("position_code", "врач"),
        ("show_calls", "да"),
    ],
)
def test_a_record_that_can_not_be_is_refused_at_its_field(field: str, wrong: Any) -> None:
    refused = given(Employee, HIRED).when(Employee.change_card, {field: wrong})
    refused.then_refused_by(WrongValue)
    assert refused.refusal is not None
    assert refused.refusal.facts["field"] == field


def test_a_position_that_is_chosen_takes_the_place_of_the_written_one() -> None:
    written = FieldChange("position", "Терапевт", "")
    changed = given(Employee, HIRED).when(Employee.change_card, {"position_id": str(DENTIST)})
    changed.then(fact(Employee.CardChanged, changes=(written, FieldChange("position_id", None, str(DENTIST)))))


def test_a_change_says_old_and_new_of_each_field() -> None:
    changed = given(Employee, HIRED).when(
        Employee.change_card, {"position": "Хирург", "takes_visits": False, "family_name": "Аннина"}
    )
    changed.then(
        fact(
            Employee.CardChanged,
            changes=(FieldChange("position", "Терапевт", "Хирург"), FieldChange("takes_visits", True, False)),
        )
    )
    assert (changed.aggregate.position, changed.aggregate.takes_visits, changed.aggregate.color) == ("Хирург", False, "#2f6fdd")
    given(Employee, HIRED).when(Employee.change_card, dict(CARD)).then()


@pytest.mark.parametrize(
    "wrong",
    [
        {"family_name": "", "given_name": ""},
        {"color": "red"},
        {"takes_visits": 1},
        {"phone": "12"},
        {"salary": 1},
        {"position": None},
        {"given_name": "А" * 101},
    ],
)
def test_wrong_values_are_refused_and_change_nothing(wrong: dict[str, Any]) -> None:
    given(Employee, HIRED).when(Employee.change_card, wrong).then_refused_by(WrongValue)
    given(Employee).when(Employee.hire, 3, {**CARD, **wrong}).then_refused_by(WrongValue)


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_deleted_employee_stays_and_can_be_returned() -> None:
    gone = [HIRED, fact(Employee.Deleted)]
    given(Employee, HIRED).when(Employee.delete).then(fact(Employee.Deleted))
    given(Employee, *gone).when(Employee.delete).then_refused_by(AlreadyDeleted)
    given(Employee, *gone).when(Employee.change_card, {"position": "Хирург"}).then_refused_by(EmployeeDeleted)
    given(Employee, *gone).when(Employee.return_).then(fact(Employee.Returned))
    given(Employee, HIRED).when(Employee.return_).then_refused_by(NotDeleted)


@pytest.mark.spec("SCH-4")
def test_only_a_present_doctor_can_be_booked() -> None:
    def refusal(*facts: Any) -> DomainError | None:
        return given(Employee, *facts, id=named("Anna")).when(Employee.require_doctor).refusal

    no_doctor = fact(Employee.CardChanged, changes=(FieldChange("takes_visits", True, False),))
    assert refusal(HIRED) is None
    assert refusal(HIRED, no_doctor) == NotADoctor(employee_id=named("Anna"))
    assert refusal(HIRED, fact(Employee.Deleted)) == EmployeeDeleted(employee_id=named("Anna"))


def test_a_photo_is_known_by_its_file_and_says_the_one_before() -> None:
    photo = StoredFile("a" * 64, 1000, "image/jpeg")
    first = fact(Employee.PhotoChanged, old=None, new=photo)
    given(Employee, HIRED).when(Employee.change_photo, photo).then(first)
    given(Employee, HIRED, first).when(Employee.change_photo, photo).then()
    given(Employee, HIRED, first).when(Employee.change_photo, None).then(fact(Employee.PhotoChanged, old=photo, new=None))
    given(Employee, HIRED, fact(Employee.Deleted)).when(Employee.change_photo, photo).then_refused_by(EmployeeDeleted)


def test_every_part_of_the_record_is_declared_as_a_field_with_its_empty_value() -> None:
    assert tuple(STAFF_FIELDS) == StaffRecord.__struct_fields__
    assert STAFF_FIELDS.empty == StaffRecord().fields()
