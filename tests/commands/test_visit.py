from decimal import Decimal
from uuid import uuid4

import pytest

from aggregates.clinic.service import ServiceDeleted
from aggregates.people.employee import EmployeeDeleted, NotADoctor
from aggregates.scheduling.schedule import OutsideWorkingHours
from aggregates.scheduling.visit import Slot, SlotTaken
from aggregates.scheduling.visit_refusals import DoctorRequired, IllegalTransition, VisitOver
from aggregates.scheduling.visit_status import Status
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import change_service, create_service, delete_service
from commands.people.employee import change_card, delete_employee
from commands.ports.clinic import AggregateNotFound, VersionMoved
from commands.scheduling.visit import book_visit, change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedLine
from tests.aggregates.clinic import OFF, slot, work
from tests.aggregates.scenario import THU, TUE, WED, at
from tests.commands.reception import Reception


@pytest.mark.spec("VIS-1", "CAL-2")
def test_visits_have_increasing_numbers_of_their_own(reception: Reception) -> None:
    numbers = [reception.visit(reception.book(TUE, "10:00", "10:30")).number for _ in range(3)]
    assert numbers == sorted(set(numbers))


@pytest.mark.spec("CAL-5")
def test_several_patients_at_once_where_the_clinic_says_so(reception: Reception) -> None:
    reception.book(TUE, "10:00", "10:30")
    reception.book(TUE, "10:00", "10:30")


@pytest.mark.spec("CAL-5")
def test_one_patient_at_once_where_the_clinic_says_so(reception: Reception) -> None:
    reception.one_patient_at_once()
    first = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(SlotTaken) as refused:
        reception.book(TUE, "10:20", "10:50")
    assert (refused.value.facts["by"].id, refused.value.facts["by"].number) == (first, reception.visit(first).number)
    reception.book(TUE, "10:20", "10:50", reception.boris)


@pytest.mark.spec("CAL-5")
def test_visits_that_touch_do_not_overlap(reception: Reception) -> None:
    reception.one_patient_at_once()
    for start, end in (("10:00", "10:30"), ("10:30", "11:00"), ("09:30", "10:00")):
        reception.book(TUE, start, end)


@pytest.mark.spec("CAL-5")
@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_a_freed_time_is_booked_by_another_and_not_given_back(reception: Reception, status: Status) -> None:
    reception.one_patient_at_once()
    first = reception.book(TUE, "10:00", "10:30")
    reception.do(change_status, first, status)
    reception.book(TUE, "10:00", "10:30")
    with pytest.raises(SlotTaken):
        reception.do(change_status, first, "planned")
    assert reception.visit(first).status == status


@pytest.mark.spec("CAL-5", "DEL-2")
def test_a_deleted_visit_is_not_returned_into_a_taken_time(reception: Reception) -> None:
    reception.one_patient_at_once()
    first = reception.book(TUE, "10:00", "10:30")
    reception.do(delete_visit, first)
    second = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(SlotTaken):
        reception.do(return_visit, first)
    reception.do(delete_visit, second)
    reception.do(return_visit, first)
    assert not reception.visit(first).deleted


@pytest.mark.spec("CAL-3", "CAL-5")
def test_a_move_onto_another_visit_is_refused_and_changes_nothing(reception: Reception) -> None:
    reception.one_patient_at_once()
    reception.book(TUE, "10:00", "10:30")
    second = reception.book(TUE, "11:00", "11:30")
    with pytest.raises(SlotTaken):
        reception.do(change_visit, second, starts_at=at(TUE, "10:15"))
    assert reception.visit(second).slot == slot(TUE, "11:00", "11:30", reception.anna)
    reception.do(change_visit, second, starts_at=at(TUE, "10:30"))
    assert reception.visit(second).slot == slot(TUE, "10:30", "11:00", reception.anna)


@pytest.mark.spec("CAL-3")
def test_a_move_keeps_what_is_not_given(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    reception.do(change_visit, visit, ends_at=at(TUE, "11:00"))
    assert reception.visit(visit).slot == slot(TUE, "10:00", "11:00", reception.anna)
    reception.do(change_visit, visit, starts_at=at(WED, "12:00"), doctor_id=reception.boris)
    assert reception.visit(visit).slot == slot(WED, "12:00", "13:00", reception.boris)
    reception.do(change_visit, visit, doctor_id=None)
    assert reception.visit(visit).slot == slot(WED, "12:00", "13:00", None)


@pytest.mark.spec("SCH-4", "CAL-7")
def test_only_working_doctors_are_booked(reception: Reception) -> None:
    reception.save(days={(reception.anna, TUE): OFF, (reception.anna, WED): work("10:00-12:00")})
    for day, start, end in ((TUE, "10:00", "10:30"), (WED, "11:50", "12:10"), (THU, "21:00", "21:30")):
        with pytest.raises(OutsideWorkingHours):
            reception.book(day, start, end)
    with pytest.raises(NotADoctor):
        reception.book(TUE, "10:00", "10:30", reception.vera)
    reception.do(delete_employee, reception.boris)
    with pytest.raises(EmployeeDeleted):
        reception.book(TUE, "10:00", "10:30", reception.boris)
    with pytest.raises(AggregateNotFound):
        reception.book(TUE, "10:00", "10:30", uuid4())


def test_a_change_of_the_doctors_card_counts_at_once(reception: Reception) -> None:
    reception.do(change_status, reception.book(TUE, "10:00", "10:30"), "cancelled")
    reception.do(change_card, reception.anna, {"takes_visits": False})
    with pytest.raises(NotADoctor):
        reception.book(TUE, "10:00", "10:30")


def test_a_patient_who_is_not_known_is_not_booked(reception: Reception) -> None:
    with pytest.raises(AggregateNotFound):
        reception.do(book_visit, uuid4(), slot(TUE, "10:00", "10:30", reception.anna))
    visit = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(AggregateNotFound):
        reception.do(change_visit, visit, patient_id=reception.anna)


@pytest.mark.spec("CAL-6")
def test_without_a_doctor_as_the_setting_says(reception: Reception) -> None:
    nobody = Slot(None, at(TUE, "10:00"), at(TUE, "10:30"))
    visit = reception.do(book_visit, reception.patient, nobody).id
    reception.do(change_status, visit, "in_progress")
    with pytest.raises(DoctorRequired):
        reception.do(change_status, visit, "completed")
    reception.do(change_visit, visit, doctor_id=reception.anna)
    reception.do(change_status, visit, "completed")
    reception.do(change_settings, {"visit_without_doctor": False})
    with pytest.raises(DoctorRequired):
        reception.do(book_visit, reception.patient, nobody)


@pytest.mark.spec("CAL-4")
def test_an_illegal_status_is_refused(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    with pytest.raises(IllegalTransition) as refused:
        reception.do(change_status, visit, "completed")
    assert refused.value.facts["allowed"] == ["confirmed", "arrived", "in_progress", "no_show", "cancelled"]


def test_services_are_written_with_the_price_of_the_day(reception: Reception) -> None:
    filling = reception.do(create_service, {"name": "Пломба", "price": "4500", "duration": 60}).id
    crown = reception.do(create_service, {"name": "Коронка", "price": "30000", "duration": 90}).id
    requested = [RequestedLine(filling)]
    visit = reception.do(book_visit, reception.patient, slot(TUE, "10:00", "11:00", reception.anna), lines=requested).id
    reception.do(change_service, filling, {"price": "5000", "name": "Пломба световая"})
    reception.do(change_service, crown, {"price": "31000"})
    reception.do(change_visit, visit, lines=[RequestedLine(filling, 2), RequestedLine(crown)])
    lines = [(line.name, line.price, line.quantity) for line in reception.visit(visit).lines]
    assert lines == [("Пломба", Decimal("4500.00"), 2), ("Коронка", Decimal("31000.00"), 1)]
    assert reception.visit(visit).total == Decimal("40000.00")


def test_a_deleted_service_is_not_written_again_but_stays_where_it_was(reception: Reception) -> None:
    filling = reception.do(create_service, {"name": "Пломба", "price": "4500", "duration": 60}).id
    visit = reception.do(
        book_visit, reception.patient, slot(TUE, "10:00", "11:00", reception.anna), lines=[RequestedLine(filling)]
    ).id
    reception.do(delete_service, filling)
    reception.do(change_visit, visit, lines=[RequestedLine(filling, 3)])
    with pytest.raises(ServiceDeleted):
        reception.do(book_visit, reception.patient, slot(TUE, "10:00", "11:00", reception.anna), lines=[RequestedLine(filling)])


def test_a_saved_visit_window_changes_all_or_nothing(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    done = reception.do(change_visit, visit, starts_at=at(WED, "10:00"), room="2", comment="Позвонить", expected=1)
    assert done.version == 3
    with pytest.raises(OutsideWorkingHours):
        reception.do(change_visit, visit, starts_at=at(WED, "06:00"), room="3")
    now = reception.visit(visit)
    assert (now.slot.starts_at, now.room, now.comment, now.version) == (at(WED, "10:00"), "2", "Позвонить", 3)


def test_a_change_on_an_old_look_is_refused(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    reception.do(change_visit, visit, comment="Ждёт", expected=1)
    with pytest.raises(VersionMoved):
        reception.do(change_visit, visit, starts_at=at(WED, "10:00"), expected=1)
    with pytest.raises(VersionMoved):
        reception.do(change_status, visit, "arrived", expected=1)


def test_a_visit_that_has_begun_stays_where_it_is(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    reception.do(change_status, visit, "in_progress")
    with pytest.raises(VisitOver):
        reception.do(change_visit, visit, starts_at=at(WED, "10:00"))
