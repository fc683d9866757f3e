"""Staff, services, settings, rights and versions of the schedule, as lists show them."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

import pytest

from aggregates.access.rights import ADMINISTRATOR as ALL_RIGHTS
from aggregates.access.rights import DOCTOR, PREDEFINED_SETS
from aggregates.catalogues import CashDesk, Warehouse, first_entry_id
from aggregates.clinic.clinic_settings import SETTINGS
from aggregates.scheduling.hours import Day
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.access.rights_set import change_rights_set, create_rights_set, delete_rights_set, return_rights_set
from commands.access.user_access import grant_access, withdraw_access
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import change_service, delete_service
from commands.people.employee import change_card, delete_employee, return_employee
from commands.scheduling.schedule import restore_schedule, save_hours
from readmodels.access import rights_sets
from readmodels.clinic import clinic_settings, services
from readmodels.people import employees
from readmodels.scheduling import schedule_versions
from tests.aggregates.scenario import MON
from tests.readmodels.conftest import ADMINISTRATOR, Story


def test_the_directory_is_sorted_searched_and_paged(story: Story) -> None:
    story.doctor("Ёлкина", "Анна", phone="89161234567")
    story.doctor("Жуков", position="Хирург", email="zhukov@example.com")

    def names(query: str = "", **filters: object) -> list[str]:
        return [e.name for e in employees.listing(story.read, query, **filters)[0]]  # type: ignore[arg-type]  # by name

    assert names() == ["Белова Ольга", "Ёлкина Анна", "Жуков"]
    assert names(sort="-name") == ["Жуков", "Ёлкина Анна", "Белова Ольга"]
    assert names(sort="-number") == ["Жуков", "Ёлкина Анна", "Белова Ольга"]
    assert names(sort="position") == ["Белова Ольга", "Ёлкина Анна", "Жуков"]
    assert names("елкина") == names("`krbyf") == ["Ёлкина Анна"]
    assert names("4567") == ["Ёлкина Анна"]
    assert names("хирург") == ["Жуков"]
    assert names("zhukov") == ["Жуков"]
    items, total = employees.listing(story.read, page=2, size=2)
    assert ([e.name for e in items], total) == (["Жуков"], 3)


@pytest.mark.spec("DEL-1")
def test_a_deleted_employee_stays_and_is_shown_on_request(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна", color="#2f6fdd")
    story.do(change_card, anna, {"position": "Хирург"})
    story.do(delete_employee, anna)

    assert [e.name for e in employees.listing(story.read)[0]] == ["Белова Ольга"]
    everybody, total = employees.listing(story.read, deleted=True)
    assert ([(e.name, e.deleted) for e in everybody], total) == ([("Белова Ольга", False), ("Ильина Анна", True)], 2)
    assert employees.names(story.read, [anna])[anna] == employees.EmployeeName(
        anna, "Ильина Анна", "Хирург", "#2f6fdd", takes_visits=True, deleted=True
    )
    assert list(employees.names(story.read)) == [ADMINISTRATOR, anna]
    story.do(return_employee, anna)
    card = employees.get(story.read, anna)
    assert card is not None
    assert (card.deleted, card.position, card.version, card.access) == (False, "Хирург", 4, None)


@pytest.mark.spec("ACL-2")
def test_rights_sets_are_listed_with_those_who_have_them(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    story.do(grant_access, anna, "Anna@Example.com", DOCTOR.id, "hash")

    listed = {s.name: [e.name for e in s.employees] for s in rights_sets.listing(story.read)}
    assert listed == {s.name: [] for s in PREDEFINED_SETS} | {"Администратор": ["Белова Ольга"], "Врач": ["Ильина Анна"]}
    (everything,) = [s for s in rights_sets.listing(story.read) if s.id == ALL_RIGHTS.id]
    assert (tuple(everything.rights), everything.start_page) == (ALL_RIGHTS.rights, ALL_RIGHTS.start_page)
    card = employees.get(story.read, anna)
    assert card is not None
    assert card.access is not None
    assert (card.access.email, card.access.rights_set.name, card.access.allowed) == ("anna@example.com", "Врач", True)

    nurse = uuid4()
    story.do(create_rights_set, "Медсестра", "calendar", ["calendar"], own_schedule_only=True, rights_set_id=nurse)
    story.do(change_rights_set, nurse, name="Сестра", rights=["calendar", "patient_info"])
    made = rights_sets.get(story.read, nurse)
    assert made is not None
    assert (made.name, made.rights, made.own_schedule_only, made.version) == ("Сестра", ("calendar", "patient_info"), True, 3)
    story.do(delete_rights_set, nurse)
    assert "Сестра" not in {s.name for s in rights_sets.listing(story.read)}
    assert {s.name: s.deleted for s in rights_sets.listing(story.read, deleted=True)}["Сестра"]
    story.do(return_rights_set, nurse)
    assert "Сестра" in {s.name for s in rights_sets.listing(story.read)}

    story.do(withdraw_access, anna)
    assert {s.name: len(s.employees) for s in rights_sets.listing(story.read)}["Врач"] == 0
    assert story.read.execute("SELECT allowed FROM accesses WHERE employee_id = %s", (anna,)).fetchone() == (False,)


def test_services_by_category_and_name_with_exact_prices(story: Story) -> None:
    filling, checkup = story.service("Пломба", "4500.50"), story.service("Осмотр", "0")
    story.do(change_service, filling, {"price": "4999.99", "duration": 40})

    assert [(s.name, s.price, s.duration) for s in services.listing(story.read)] == [
        ("Осмотр", Decimal(0), 30),
        ("Пломба", Decimal("4999.99"), 40),
    ]
    story.do(delete_service, checkup)
    assert [s.name for s in services.listing(story.read)] == ["Пломба"]
    every = [(s.name, s.deleted, s.version) for s in services.listing(story.read, deleted=True)]
    assert every == [("Осмотр", True, 2), ("Пломба", False, 2)]


MAIN_WAREHOUSE = str(first_entry_id(Warehouse, "Основной склад"))


def test_settings_hold_every_value_and_the_version(story: Story) -> None:
    story.do(change_settings, {"calendar_step": 30, "region": "54", "visit_without_doctor": False})

    now = clinic_settings.current(story.read)
    assert now.version == 2
    assert now.values == {name: s.default for name, s in SETTINGS.items()} | {
        "clinic_name": "Улыбка", "calendar_step": 30, "region": "54", "visit_without_doctor": False,
        "default_warehouse": MAIN_WAREHOUSE, "write_off_warehouse": MAIN_WAREHOUSE,
        "statistics_cash_desk": str(first_entry_id(CashDesk, "Основная касса")),
    }  # fmt: skip
    assert clinic_settings.time_zone(story.read).utcoffset(None) == timedelta(hours=7)


@pytest.mark.spec("SCH-5")
def test_every_save_and_restore_is_a_version_with_author_moment_and_extent(story: Story) -> None:
    anna = story.doctor("Ильина")
    before = story.denta.clinic.load(Schedule, SCHEDULE_ID).version
    days = {(anna, MON + timedelta(days=n)): Day("vacation") for n in range(3)}
    story.do(save_hours, before, organisation=((),) * 7, weeks={anna: ((),) * 7}, days=days)
    story.do(restore_schedule, before, before + 1)

    items, total = schedule_versions.listing(story.read, page=1, size=3)
    assert total == before + 2
    assert [(v.version, v.kind, v.organisation_changed, v.weeks_changed, v.days_changed, v.to_version) for v in items] == [
        (before + 2, "restored", True, 1, 3, before),
        (before + 1, "saved", True, 1, 3, None),
        (before, "employee_added", False, 0, 0, None),
    ]
    assert items[2].subject is not None
    assert items[2].subject.id == anna
    assert {v.author.name for v in items if v.author} == {"Белова Ольга"}
    oldest, _ = schedule_versions.listing(story.read, page=2, size=3)
    assert oldest[-1].kind == "opened"
    assert all(newer.moment >= older.moment for newer, older in pairwise(items + oldest))
    assert schedule_versions.get(story.read, before + 1) == items[1]
    assert schedule_versions.get(story.read, 99) is None
