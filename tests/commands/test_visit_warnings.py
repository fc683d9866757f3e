"""What is asked about before a visit is saved, and saved once it was accepted (CAL-19)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from aggregates.despite import Despite
from aggregates.scheduling.hours import parse_hours
from aggregates.scheduling.schedule import OutsideWorkingHours
from aggregates.scheduling.visit import SlotTaken, Visit
from aggregates.warnings import NeedsConfirmation
from commands.clinic.service import create_service
from commands.context import Receipt
from commands.people.patient import create_card, merge_cards
from commands.scheduling.visit import book_new_patient, book_visit, change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedLine
from tests.aggregates.clinic import slot
from tests.aggregates.scenario import MON, SAT, TUE
from tests.commands.reception import Reception, context

FRIDAY_BEFORE = MON - timedelta(days=3)
WHOLE_DAY = (parse_hours([["09:00", "21:00"]]),) * 7


@dataclass
class Person:
    """Somebody at the reception who can be asked, and accepts what `accepted` names."""

    reception: Reception
    accepted: set[str] = field(default_factory=set)
    only_doctor_id: UUID | None = None

    def do(self, command: Callable[..., Receipt], *args: Any, **kwargs: Any) -> Receipt:
        ctx = context(command.__name__, self.reception.now)
        asked = {"accepted": frozenset(self.accepted), "only_doctor_id": self.only_doctor_id}
        return command(self.reception.clinic, msgspec.structs.replace(ctx, **asked), *args, **kwargs)

    def warned(self, command: Callable[..., Receipt], *args: Any, **kwargs: Any) -> list[SimpleNamespace]:
        """What is asked about; nothing is saved until it is accepted, and then the very same is."""
        try:
            self.do(command, *args, **kwargs)
        except NeedsConfirmation as asked:
            return [SimpleNamespace(**warning) for warning in asked.facts["warnings"]]
        return []

    def accepts(self, command: Callable[..., Receipt], *args: Any, **kwargs: Any) -> UUID:
        self.accepted = {warning.key for warning in self.warned(command, *args, **kwargs)}
        assert self.accepted
        return self.do(command, *args, **kwargs).id


@pytest.fixture
def person(reception: Reception) -> Person:
    reception.save(organisation=WHOLE_DAY)
    return Person(reception)


def kinds(warnings: list[SimpleNamespace]) -> list[str]:
    return [warning.kind for warning in warnings]


def despite(person: Person, visit_id: UUID) -> tuple[Despite, ...]:
    """What the last event of the visit says."""
    log = person.reception.clinic.log  # type: ignore[attr-defined]  # the memory's
    found: tuple[Despite, ...] = log.streams[visit_id][-1].event.despite
    return found


def another_patient(person: Person) -> UUID:
    return person.reception.do(create_card, {"family_name": "Другой"}).id


@pytest.mark.spec("CAL-19")
def test_a_free_booking_in_the_future_asks_nothing(person: Person) -> None:
    r = person.reception
    booked = person.do(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.anna), room="3").id
    assert despite(person, booked) == ()
    assert person.warned(change_visit, booked, starts_at=slot(TUE, "11:00", "11:30").starts_at) == []
    assert person.warned(change_status, booked, "confirmed") == []


@pytest.mark.spec("CAL-19")
def test_a_patient_who_is_elsewhere_at_that_time(person: Person) -> None:
    r = person.reception
    first = r.book(TUE, "10:00", "10:30", r.anna)
    booking = (book_visit, r.patient, slot(TUE, "10:20", "10:50", r.boris))
    (warning,) = person.warned(*booking)
    assert warning.kind == "patient_busy"
    assert warning.visit is not None
    assert (warning.visit.id, warning.visit.doctor_id) == (first, r.anna)
    booked = person.accepts(*booking)
    assert despite(person, booked) == (Despite("patient_busy", number=r.visit(first).number),)
    # it stands so by now: moved within that time, described, confirmed, nothing is asked once more
    person.accepted = set()
    assert person.warned(change_visit, booked, starts_at=slot(TUE, "10:10", "10:40").starts_at) == []
    assert person.warned(change_status, booked, "confirmed") == []
    assert person.warned(book_visit, r.patient, slot(TUE, "10:50", "11:00", r.boris)) == []  # what touches doesn't conflict


@pytest.mark.spec("CAL-19", "PAT-6")
def test_all_cards_of_a_person_are_one_patient(person: Person) -> None:
    r = person.reception
    part = another_patient(person)
    r.do(book_visit, part, slot(TUE, "10:00", "10:30", r.anna))
    r.do(merge_cards, r.patient, part)
    assert kinds(person.warned(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris))) == ["patient_busy"]
    assert kinds(person.warned(book_visit, part, slot(TUE, "10:00", "10:30", r.boris))) == ["patient_busy"]


@pytest.mark.spec("CAL-19")
def test_visits_that_take_no_time_are_in_nobodys_way_until_they_come_back(person: Person) -> None:
    r = person.reception
    cancelled, deleted = r.book(TUE, "10:00", "10:30", r.anna), r.book(TUE, "10:00", "10:30", r.anna)
    r.do(change_status, cancelled, "cancelled")
    r.do(delete_visit, deleted)
    person.do(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris))
    assert kinds(person.warned(change_status, cancelled, "planned")) == ["patient_busy"]
    assert kinds(person.warned(return_visit, deleted)) == ["patient_busy"]
    assert despite(person, person.accepts(return_visit, deleted)) != ()


@pytest.mark.spec("CAL-19", "CAL-12")
def test_a_room_that_is_taken_however_it_is_written(person: Person) -> None:
    r = person.reception
    first = r.do(book_visit, another_patient(person), slot(TUE, "10:00", "10:30", r.anna), room="Кабинет 3").id
    booking = (book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris))
    (warning,) = person.warned(*booking, room=" кабинет  3")
    assert (warning.kind, warning.visit and warning.visit.id) == ("room_taken", first)
    assert person.warned(*booking, room="Кабинет 4") == []
    assert person.warned(book_visit, another_patient(person), slot(TUE, "10:00", "10:30", r.boris)) == []
    elsewhere = person.do(book_visit, another_patient(person), slot(TUE, "10:00", "10:30", r.boris), room="4").id
    assert kinds(person.warned(change_visit, elsewhere, room="кабинет 3")) == ["room_taken"]


@pytest.mark.spec("CAL-19")
def test_a_doctor_who_does_not_give_the_service(person: Person) -> None:
    r = person.reception
    given = {"name": "Имплантация", "price": "30000", "doctors": [r.anna]}
    implant = r.do(create_service, given).id
    anyones = r.do(create_service, {"name": "Осмотр", "price": "500"}).id
    lines = [RequestedLine(anyones), RequestedLine(implant)]
    booked = person.do(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.anna), lines=lines).id
    (warning,) = person.warned(change_visit, booked, doctor_id=r.boris)  # dragged to a colleague
    assert (warning.kind, warning.services, warning.doctor.id) == ("service_not_given", ("Имплантация",), r.boris)
    assert "Врач не оказывает: Имплантация" in warning.sentence
    booking = (book_visit, r.patient, slot(TUE, "12:00", "12:30", r.boris))
    assert kinds(person.warned(*booking, lines=lines)) == ["service_not_given"]
    plain = person.do(*booking).id
    assert kinds(person.warned(change_visit, plain, lines=lines)) == ["service_not_given"]
    accepted = person.accepts(change_visit, plain, lines=lines)
    assert despite(person, accepted) == (Despite("service_not_given", services=("Имплантация",)),)
    person.accepted = set()
    assert person.warned(change_visit, plain, starts_at=slot(TUE, "13:00", "13:30").starts_at) == []
    assert person.warned(change_visit, plain, doctor_id=None) == []


@pytest.mark.spec("CAL-19")
def test_a_time_that_is_over(person: Person) -> None:
    r = person.reception  # nine o'clock on Monday
    r.pass_time(hours=3)
    for day, start, end, asked in (
        (FRIDAY_BEFORE, "10:00", "10:30", True),
        (MON, "11:00", "11:30", True),
        (MON, "11:50", "12:10", False),  # under way: who came without a booking
        (MON, "12:00", "12:30", False),
        (date(MON.year - 1, MON.month, MON.day), "10:00", "10:30", True),
    ):
        warned = person.warned(book_visit, another_patient(person), slot(day, start, end, r.anna))
        assert kinds(warned) == ["in_the_past"] * asked, (day, start)
    coming = r.book(TUE, "10:00", "10:30")
    assert kinds(person.warned(change_visit, coming, starts_at=slot(FRIDAY_BEFORE, "10:00", "10:30").starts_at)) == [
        "in_the_past"
    ]
    past = r.book(FRIDAY_BEFORE, "10:00", "10:30")
    within_the_day = slot(FRIDAY_BEFORE, "11:00", "11:30").starts_at
    assert person.warned(change_visit, past, starts_at=within_the_day) == []
    assert person.warned(change_visit, past, comment="Документы", doctor_id=r.boris) == []


@pytest.mark.spec("CAL-19", "CAL-4")
def test_a_coming_visit_that_is_begun_completed_or_marked_as_missed(person: Person) -> None:
    r = person.reception
    coming, other = r.book(TUE, "10:00", "10:30"), r.book(TUE, "11:00", "11:30")
    assert person.warned(change_status, other, "confirmed") == []
    assert kinds(person.warned(change_status, other, "arrived")) == ["not_yet"]
    assert kinds(person.warned(change_status, coming, "in_progress")) == ["not_yet"]
    person.accepts(change_status, coming, "in_progress")
    person.accepted = set()
    assert person.warned(change_status, coming, "arrived") == []
    assert person.warned(change_status, coming, "in_progress") == []
    assert kinds(person.warned(change_status, coming, "completed")) == ["not_yet"]
    assert kinds(person.warned(change_status, other, "no_show")) == ["not_yet"]
    assert despite(person, person.accepts(change_status, coming, "completed")) == (Despite("not_yet"),)
    r.pass_time(days=2)
    person.accepted = set()
    assert person.warned(change_status, other, "no_show") == []


@pytest.mark.spec("CAL-19")
def test_a_warning_that_was_not_accepted_asks_again_together_with_the_others(person: Person) -> None:
    r = person.reception
    booking = (book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris))
    r.book(TUE, "10:00", "10:30", r.anna)
    person.accepted = {warning.key for warning in person.warned(*booking)}
    r.book(TUE, "10:10", "10:40", r.anna)  # meanwhile, by a colleague
    assert kinds(person.warned(*booking)) == ["patient_busy", "patient_busy"]
    person.accepts(*booking)


@pytest.mark.spec("CAL-19", "CAL-5", "CAL-7")
def test_what_is_refused_outright_is_refused_before_anything_is_asked_about_and_takes_no_number(person: Person) -> None:
    r = person.reception
    r.one_patient_at_once()
    first = r.book(TUE, "10:00", "10:30", r.anna)
    with pytest.raises(SlotTaken) as taken:
        person.do(book_visit, r.patient, slot(TUE, "10:10", "10:40", r.anna))
    assert (taken.value.facts["by"].id, taken.value.facts["by"].patient_id) == (first, r.patient)
    with pytest.raises(OutsideWorkingHours):
        person.do(book_visit, r.patient, slot(TUE, "22:00", "22:30", r.anna))
    assert person.warned(book_visit, r.patient, slot(TUE, "10:10", "10:40", r.boris))
    booked = person.do(book_visit, r.patient, slot(SAT, "10:00", "10:30", r.anna)).id
    assert r.visit(booked).number == r.visit(first).number + 1


@pytest.mark.spec("CAL-19", "ACL-6")
def test_who_sees_only_their_own_schedule_learns_of_a_conflict_but_not_with_whom(person: Person) -> None:
    r = person.reception
    r.do(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.anna), room="3")
    person.only_doctor_id = r.boris
    warned = person.warned(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris), room="3")
    assert [(warning.kind, warning.visit) for warning in warned] == [("patient_busy", None), ("room_taken", None)]
    assert [warning.sentence for warning in warned] == [
        "Пациент в это время уже записан к другому врачу.",
        "Кабинет «3» в это время занят.",
    ]
    person.accepts(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.boris), room="3")


@pytest.mark.spec("CAL-19", "ACL-6")
def test_visits_that_a_person_may_not_see_are_one_line_and_those_they_may_one_each(person: Person) -> None:
    r = person.reception
    for minute in (0, 10, 20):
        person.do(book_visit, another_patient(person), slot(TUE, f"10:{minute:02}", f"10:{minute + 10}", r.anna), room="3")
    own = person.do(book_visit, another_patient(person), slot(TUE, "10:40", "11:00", r.boris), room="3").id
    person.only_doctor_id = r.boris
    booking = (book_visit, r.patient, slot(TUE, "10:00", "11:00", r.boris))
    first, second = person.warned(*booking, room="3")
    assert (first.visit and first.visit.id, second.visit) == (own, None)
    assert second.sentence == "Кабинет «3» в это время занят, визитов: 3."
    booked = person.accepts(*booking, room="3")
    assert len(despite(person, booked)) == 4


@pytest.mark.spec("CAL-2", "PAT-1")
def test_a_new_patient_and_the_visit_are_saved_together_or_not_at_all(person: Person) -> None:
    r = person.reception
    r.one_patient_at_once()
    r.do(book_visit, r.patient, slot(TUE, "10:00", "10:30", r.anna), room="3")
    card = {"family_name": "Новая", "phone": "9161112233"}
    before = len(r.clinic.log.events)  # type: ignore[attr-defined]  # the memory's
    with pytest.raises(SlotTaken):
        person.do(book_new_patient, card, slot(TUE, "10:10", "10:40", r.anna))
    booking = (book_new_patient, card, slot(TUE, "10:00", "10:30", r.boris))
    assert kinds(person.warned(*booking, room="3")) == ["room_taken"]
    assert len(r.clinic.log.events) == before  # type: ignore[attr-defined]  # the memory's
    booked = person.do(*booking)
    assert (booked.facts["card_number"], booked.facts["number"]) == ("2", 2)  # what was refused took no number
    visit = r.clinic.load(Visit, booked.id)
    assert str(visit.patient_id) == booked.facts["patient_id"]


@pytest.mark.spec("OPS-4", "CAL-2")
def test_a_booking_of_a_new_patient_is_carried_out_once_however_often_it_is_sent(person: Person) -> None:
    r = person.reception
    ctx = msgspec.structs.replace(context("book_visit", r.now), command_id=uuid4(), accepted=frozenset())
    booking = ({"family_name": "Новая"}, slot(TUE, "10:00", "10:30", r.anna))
    first, again = (book_new_patient(r.clinic, ctx, *booking) for _ in range(2))
    assert (first.id, first.facts, again.repeated) == (again.id, again.facts, True)
