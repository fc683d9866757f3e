from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from aggregates.scheduling.hours import Interval
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.clinic.clinic_settings import change_settings
from commands.people.employee import change_card, delete_employee
from commands.scheduling.schedule import save_hours
from commands.scheduling.visit import change_visit, delete_visit
from readmodels.scheduling import calendar
from tests.aggregates.scenario import FRI, MON, TUE, WED, at
from tests.readmodels.conftest import Story, looked_at


@pytest.mark.spec("CAL-1")
def test_every_visit_of_the_range_is_shown_with_patient_doctor_and_lines(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    peter = story.patient("Петров", "Пётр", phone="8 916 123-45-67")
    checkup = story.service("Осмотр", "1500.50")
    first = story.visit(peter, anna, TUE, "10:00", "10:40", services=[checkup], room="2", comment="звонил сам")
    story.visit(peter, None, WED, "23:30", "00:30", until=WED + timedelta(days=1))
    story.visit(peter, anna, FRI, "10:00", "10:40")

    items = calendar.week(story.read, TUE, WED, patient_info=True)

    assert [item.starts_at for item in items] == [at(TUE, "10:00"), at(WED, "23:30")]
    item = items[0]
    assert (item.id, item.patient.name, item.patient.phone, item.doctor and item.doctor.name) == (
        first, "Петров Пётр", "+79161234567", "Ильина Анна",
    )  # fmt: skip
    assert msgspec.json.decode(item.lines)[0]["name"] == "Осмотр"
    assert (item.total, item.room, item.comment, item.status) == (Decimal("1500.50"), "2", "звонил сам", "planned")
    assert "confirmed" in item.allowed_statuses
    assert items[1].doctor is None
    assert [i.starts_at for i in calendar.week(story.read, WED + timedelta(days=1), WED + timedelta(days=1))] == [
        at(WED, "23:30")
    ]


def test_visits_of_chosen_doctors_only(story: Story) -> None:
    anna, boris = story.doctor("Ильина"), story.doctor("Борисов")
    peter = story.patient("Петров")
    of_anna = story.visit(peter, anna, TUE, "10:00", "10:40")
    story.visit(peter, boris, TUE, "10:00", "10:40")
    of_nobody = story.visit(peter, None, TUE, "12:00", "12:40")

    assert [i.id for i in calendar.week(story.read, TUE, TUE, [anna])] == [of_anna, of_nobody]
    assert [i.id for i in calendar.week(story.read, TUE, TUE, [anna], without_doctor=False)] == [of_anna]


def test_a_deleted_visit_leaves_the_calendar_and_stays_in_the_list(story: Story) -> None:
    peter = story.patient("Петров")
    gone = story.visit(peter, None, TUE, "10:00", "10:40")
    story.do(delete_visit, gone)

    assert calendar.week(story.read, TUE, TUE) == []
    assert calendar.listing(story.read)[1] == 0
    items, total = calendar.listing(story.read, deleted=True)
    assert (total, items[0].deleted, items[0].allowed_statuses) == (1, True, ())


@pytest.mark.spec("CAL-8")
def test_first_visit_means_that_the_patient_did_not_come_within_the_configured_period_before(story: Story) -> None:
    anna = story.doctor("Ильина")
    peter, vera = story.patient("Петров"), story.patient("Смирнова")
    long_ago, recent = MON - timedelta(days=380), MON - timedelta(days=350)
    came_long_ago = story.visit(peter, anna, long_ago, "10:00", "10:40")
    story.status(came_long_ago, "in_progress", "completed")
    now = story.visit(peter, anna, TUE, "10:00", "10:40")
    missed = story.visit(vera, anna, recent, "10:00", "10:40")
    story.status(missed, "no_show")
    hers = story.visit(vera, anna, TUE, "12:00", "12:40")

    assert {i.id: i.first_visit for i in calendar.week(story.read, TUE, TUE)} == {now: True, hers: True}

    came = story.visit(peter, anna, recent, "11:00", "11:40")
    story.status(came, "arrived")
    assert {i.id: i.first_visit for i in calendar.week(story.read, TUE, TUE)} == {now: False, hers: True}

    story.do(change_settings, {"first_visit_months": 6})
    assert calendar.get(story.read, now).first_visit
    story.do(change_settings, {"first_visit_months": 0})
    assert not calendar.get(story.read, now).first_visit
    assert calendar.get(story.read, came_long_ago).first_visit


@pytest.mark.spec("CAL-1", "SCH-4")
def test_a_doctor_has_a_column_on_days_of_work_only(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна", color="#2f6fdd")
    story.doctor("Яковлев", takes_visits=False)
    story.day(anna, TUE, kind="vacation")
    story.day(anna, WED, "09:00-13:00", "14:00-18:00")

    assert calendar.doctors(story.read, TUE, TUE) == []
    (column,) = calendar.doctors(story.read, MON, WED)
    assert (column.id, column.name, column.color, column.deleted) == (anna, "Ильина Анна", "#2f6fdd", False)
    assert [(day.date, day.intervals) for day in column.days] == [
        (MON, [["09:00", "21:00"]]),
        (WED, [["09:00", "13:00"], ["14:00", "18:00"]]),
    ]


def test_a_night_shift_shows_its_morning_on_the_next_day(story: Story) -> None:
    anna = story.doctor("Ильина")
    story.day(anna, TUE, "20:00-08:00")
    story.day(anna, WED, kind="off")

    (column,) = calendar.doctors(story.read, WED, WED)
    assert [(day.date, day.intervals) for day in column.days] == [(WED, [["00:00", "08:00"]])]
    (column,) = calendar.doctors(story.read, TUE, TUE)
    assert [(day.date, day.intervals) for day in column.days] == [(TUE, [["20:00", "24:00"]])]


def test_a_doctor_with_visits_has_a_column_even_without_hours_or_deleted(story: Story) -> None:
    anna = story.doctor("Ильина")
    peter = story.patient("Петров")
    done = story.visit(peter, anna, MON, "10:00", "10:40")
    story.status(done, "in_progress", "completed")
    story.day(anna, MON, kind="off")

    (column,) = calendar.doctors(story.read, MON, MON)
    assert [(day.date, day.intervals) for day in column.days] == [(MON, [])]

    story.do(delete_employee, anna)
    (column,) = calendar.doctors(story.read, MON, TUE)
    assert (column.deleted, [day.date for day in column.days]) == (True, [MON])


def test_the_organisation_and_own_weeks_decide_the_columns(story: Story) -> None:
    anna, boris = story.doctor("Ильина"), story.doctor("Борисов")
    off, short = (), (Interval(540, 900),)
    version = story.denta.clinic.load(Schedule, SCHEDULE_ID).version
    story.do(
        save_hours,
        version,
        organisation=(off, short, short, short, short, off, off),
        weeks={boris: (short, off, off, off, off, off, off)},
    )

    assert [c.id for c in calendar.doctors(story.read, MON, MON)] == [boris]
    assert [c.id for c in calendar.doctors(story.read, TUE, TUE)] == [anna]
    assert [c.id for c in calendar.doctors(story.read, MON, TUE)] == [boris, anna]
    assert [c.id for c in calendar.doctors(story.read, MON, TUE, [anna])] == [anna]


@pytest.mark.spec("VIS-6")
def test_without_the_right_visits_show_and_are_found_by_the_name_alone(story: Story) -> None:
    visit = story.visit(story.patient("Петров", phone="89161234567"), None, TUE, "10:00", "10:40")
    (shown, *_), _ = calendar.listing(story.read)
    assert shown == calendar.get(story.read, visit) == calendar.week(story.read, TUE, TUE)[0]
    assert (shown.patient.name, shown.patient.phone, shown.patient.card_number) == ("Петров", "", "")
    number = calendar.get(story.read, visit, patient_info=True).patient.card_number
    assert number
    for digits in ("4567", "петров 4567", "₄567", f"№{number}0", "٤567"):
        assert calendar.listing(story.read, query=digits) == ([], 0)
    assert calendar.listing(story.read, query="петр")[1] == 1


def test_the_list_of_visits_is_filtered_by_day_doctor_patient_status_and_words(story: Story) -> None:
    anna, boris = story.doctor("Ильина"), story.doctor("Борисов")
    peter, vera = story.patient("Петров", phone="89161234567"), story.patient("Смирнова")
    first = story.visit(peter, anna, TUE, "10:00", "10:40")
    second = story.visit(vera, boris, WED, "10:00", "10:40")
    story.status(second, "confirmed")

    def found(**filters: object) -> list[object]:
        items, total = calendar.listing(story.read, **filters)  # type: ignore[arg-type]  # filters by name
        assert total == len(items)
        return [item.id for item in items]

    assert found() == [second, first]
    assert found(sort="starts_at") == [first, second]
    assert found(first=WED) == [second]
    assert found(last=TUE) == [first]
    assert found(doctor_id=anna) == [first]
    assert found(patient_id=vera) == [second]
    assert found(status="confirmed") == [second]
    assert found(query="петр") == [first]
    assert found(query="4567", patient_info=True) == [first]
    number = calendar.get(story.read, second).number
    assert found(query=f"№ {number}") == [second]
    assert calendar.listing(story.read, page=2, size=1)[0][0].id == first
    assert calendar.listing(story.read, page=2, size=1)[1] == 2


def test_a_moved_visit_and_a_renamed_doctor_are_seen_as_they_are_now(story: Story) -> None:
    anna = story.doctor("Ильина")
    visit = story.visit(story.patient("Петров"), anna, TUE, "10:00", "10:40")
    story.do(change_visit, visit, starts_at=at(WED, "12:00"))
    story.do(change_card, anna, {"family_name": "Котова"})

    item = calendar.get(story.read, visit)
    assert item is not None
    assert (item.starts_at, item.ends_at, item.version) == (at(WED, "12:00"), at(WED, "12:40"), 2)
    assert item.doctor
    assert item.doctor.name == "Котова"


def test_a_page_far_down_the_list_gathers_what_is_shown_of_its_own_visits_alone(story: Story) -> None:
    """Whose they are and whether they are first visits: else the last of 260 000 visits' pages took seconds."""
    peter = story.patient("Петров")
    for hour in range(9, 19):
        for quarter in ("00-15", "15-30", "30-45"):
            start, end = quarter.split("-")
            story.visit(peter, None, TUE, f"{hour:02}:{start}", f"{hour:02}:{end}")
    connection = story.read
    last = looked_at(connection, "patients", lambda: calendar.listing(connection, page=15, size=2))
    assert last == looked_at(connection, "patients", lambda: calendar.listing(connection, page=1, size=2))
    assert [item.starts_at for item in calendar.listing(connection, page=15, size=2)[0]] == [at(TUE, "09:15"), at(TUE, "09:00")]
