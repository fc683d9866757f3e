"""The demonstration on the fake of the event store."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from aggregates.access.user_access import UserAccess
from aggregates.catalogues import Position
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.schedule import SCHEDULE_ID, ConflictingVisits, EmployeesDeletedSince, Schedule
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_file import VisitFile
from aggregates.stock.stock_document import StockDocumentCreated, StockDocumentPosted
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from commands.context import Context
from commands.people.employee import return_employee
from commands.scheduling.schedule import restore_schedule
from gateways.attachments import Attachments
from gateways.event_store_memory import MemoryClinic
from gateways.file_store_memory import MemoryFileStore
from services.demo import visit_files
from services.demo.clinic import load_demonstration, logins
from services.demo.timeline import CLOCK

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


FILES = MemoryFileStore()


def demonstration_at(now: datetime, scale: int = 1) -> MemoryClinic:
    clinic = MemoryClinic()
    load_demonstration(clinic, now, files=FILES, scale=scale)
    return clinic


@pytest.fixture(scope="module")
def clinic() -> MemoryClinic:
    return demonstration_at(NOW)


def visits(clinic: MemoryClinic) -> list[Visit]:
    return [
        clinic.load(Visit, recorded.event.originator_id)
        for recorded in clinic.log.events
        if isinstance(recorded.event, Visit.Booked)
    ]


def test_it_is_the_clinic_that_was_promised(clinic: MemoryClinic) -> None:
    topics = Counter(recorded.event.TOPIC for recorded in clinic.log.events)
    schedule = clinic.load(Schedule, SCHEDULE_ID)
    hired = [clinic.load(Employee, r.event.originator_id) for r in clinic.log.events if isinstance(r.event, Employee.Hired)]

    assert topics[PatientCard.Created.TOPIC] == 400 + 3  # second cards of people who have one
    assert topics[Schedule.HoursSaved.TOPIC] == 6
    assert sum(one.takes_visits and not one.deleted for one in hired) == 8
    assert [one.name.family_name for one in hired if one.deleted] == ["Фомин"]
    positions = [clinic.load(Position, one.record.position_id).name for one in hired if one.record.position_id]
    assert len(positions) == len(hired)
    assert sum("Ассистент" in position for position in positions) == 3
    assert schedule.version > 6


def test_some_visits_have_files_that_are_what_they_say(clinic: MemoryClinic) -> None:
    attached = [r.event for r in clinic.log.events if isinstance(r.event, VisitFile.Attached)]
    assert 20 < len({one.visit_id for one in attached}) < 120
    for one in attached:
        with FILES.opened(one.file) as content:
            assert Attachments().media_of(content) == one.file.media
    assert {one.file.media for one in attached} == {"image/jpeg", "application/pdf"}
    assert sum({one.file.sha256: one.file.size for one in attached}.values()) < 400_000


def test_files_are_the_same_in_every_run() -> None:
    """A store elsewhere can be given what the log refers to."""
    drawn = [[one.content for one in visit_files._drawn()] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert not any(b"D:20" in content for content in drawn[0])  # a date of this century in a PDF


def test_patients_came_from_somewhere_belong_to_categories_and_some_have_two_cards(clinic: MemoryClinic) -> None:
    ids = [r.event.originator_id for r in clinic.log.events if isinstance(r.event, PatientCard.Created)]
    cards = [clinic.load(PatientCard, id_) for id_ in ids]
    assert 100 < sum(card.details["source_id"] != "" for card in cards) < 300
    assert 20 < sum(card.categories != () for card in cards) < 120
    assert max(len(card.categories) for card in cards) == 2
    whole = [card for card in cards if card.merged_into is None]
    assert (len(cards) - len(whole), sum(card.absorbed != () for card in whole)) == (1, 1)
    assert sum(count == 2 for count in Counter(card.phone for card in whole if card.phone).values()) == 1
    alike = Counter((card.name.full, card.birth_date) for card in whole if card.birth_date)
    assert sum(count == 2 for count in alike.values()) == 1


@pytest.mark.spec("STK-1")
def test_every_kind_of_stock_document_is_there_and_a_draft_waits(clinic: MemoryClinic) -> None:
    created = [r.event for r in clinic.log.events if isinstance(r.event, StockDocumentCreated)]
    assert {event.TOPIC for event in created} == {kind.Created.TOPIC for kind in STOCK_DOCUMENTS}
    posted = sum(isinstance(r.event, StockDocumentPosted) for r in clinic.log.events)
    assert len(created) - posted == 1


def test_some_doctors_have_their_federal_codes(clinic: MemoryClinic) -> None:
    hired = [clinic.load(Employee, r.event.originator_id) for r in clinic.log.events if isinstance(r.event, Employee.Hired)]
    known = [(one.record.position_code, one.record.speciality_code) for one in hired if one.record.position_code]
    assert len(known) == 3
    assert all(all(codes) for codes in known)


def test_visits_reach_from_sixty_days_ago_to_thirty_days_ahead(clinic: MemoryClinic) -> None:
    today = NOW.astimezone(CLOCK).date()
    ahead = sorted((visit.slot.starts_at.date() - today).days for visit in visits(clinic))

    assert -60 <= ahead[0] <= -58
    assert 28 <= ahead[-1] <= 30
    assert len(ahead) > 2000
    assert {visit.status for visit in visits(clinic)} >= {
        "planned",
        "confirmed",
        "completed",
        "no_show",
        "cancelled",
        "in_progress",
    }


def test_going_back_meets_a_deleted_employee_and_then_conflicting_visits(clinic: MemoryClinic) -> None:
    mark = clinic.log.mark()
    saved = [r.event for r in clinic.log.events if isinstance(r.event, Schedule.HoursSaved)]
    fourth = saved[3].originator_version
    ctx = Context(now=NOW, command="test")

    with pytest.raises(EmployeesDeletedSince) as deleted:
        restore_schedule(clinic, ctx, fourth, clinic.load(Schedule, SCHEDULE_ID).version)
    (fomin,) = deleted.value.facts["employees"]
    return_employee(clinic, ctx, fomin.id)
    with pytest.raises(ConflictingVisits):
        restore_schedule(clinic, ctx, fourth, clinic.load(Schedule, SCHEDULE_ID).version)

    clinic.log.undo(mark)


def test_a_later_start_of_the_same_day_goes_on_with_the_same_story(clinic: MemoryClinic) -> None:
    def facts(of: MemoryClinic) -> list[object]:
        return [r.event for r in of.log.events]

    later_that_day = facts(demonstration_at(NOW + timedelta(hours=3)))

    assert later_that_day[: len(facts(clinic))] == facts(clinic)
    assert len(later_that_day) > len(facts(clinic))


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-29 11:05",  # a Sunday
        "2027-01-01 00:10",
        "2028-02-29 23:50",
        "2026-12-31 23:50",
        "2027-05-01 05:00",  # a Saturday
    ],
)
def test_there_is_something_to_see_whatever_the_day_and_the_hour(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.demo.patients.PAST_DAYS", 2)
    monkeypatch.setattr("services.demo.patients.COMING_DAYS", 7)
    now = datetime.fromisoformat(moment).replace(tzinfo=CLOCK)
    days = defaultdict(list)
    for visit in visits(demonstration_at(now.astimezone(UTC))):
        days[(visit.slot.starts_at.date() - now.date()).days].append(visit)

    for day in range(-2, 8):
        assert len(days[day]) >= 8, day
        assert len({visit.slot.doctor_id for visit in days[day]}) >= 3, day
    begun = {visit.slot.starts_at.date() for visit in days[0] if visit.status in {"in_progress", "completed"}}
    assert begun == ({now.date()} if now.hour >= 11 else set())
    begins = now.replace(tzinfo=None) - timedelta(minutes=6)
    assert all(visit.slot.starts_at >= begins for visit in days[0] if visit.status == "planned")


def test_nothing_is_decided_in_the_future_and_the_log_is_in_the_order_of_its_time(clinic: MemoryClinic) -> None:
    moments = [recorded.event.timestamp for recorded in clinic.log.events]

    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_the_printed_logins_are_those_that_can_sign_in(clinic: MemoryClinic) -> None:
    granted = {r.event.email for r in clinic.log.events if isinstance(r.event, UserAccess.Granted)}

    assert granted == {line.split()[0] for line in logins()[1:]}


def test_scale_multiplies_doctors_patients_and_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.demo.patients.PAST_DAYS", 2)
    monkeypatch.setattr("services.demo.patients.COMING_DAYS", 2)
    plain, larger = demonstration_at(NOW), demonstration_at(NOW, scale=3)

    def doctors(clinic: MemoryClinic) -> int:
        return len({visit.slot.doctor_id for visit in visits(clinic)})

    assert doctors(larger) == 3 * doctors(plain)
    assert len(visits(larger)) > 2 * len(visits(plain))
    assert sum(isinstance(r.event, PatientCard.Created) for r in larger.log.events) == 1200 + 3
