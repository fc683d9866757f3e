"""Lists: filters, order and page stand in the address, columns are remembered, what is seen can be exported; deleted objects
are hidden or greyed with «Вернуть», as the setting says.
"""

import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from aggregates.catalogues import Position
from commands import catalogue
from commands.people import employee
from services.bootstrap import Denta
from tests.browser.clinic import AUDITOR, COLLEAGUE, EGOROV, FOMIN, KUZNETSOVA, MANAGER, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room
from tests.browser.long_lists import ASCENDING, DESCENDING, LISTS, MANY, PAGE, ListOf, furnish_lists, go_to_page, written


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).first.click()


@pytest.mark.spec("DEL-1")
def test_a_deleted_employee_is_hidden_or_greyed_as_the_setting_says_and_can_be_brought_back(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/employees")
    staff = page.get_by_role("table", name="Сотрудники")
    staff.get_by_role("link", name=FOMIN).click()
    page.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Сотрудник удалён")).to_be_visible()

    page.get_by_role("link", name="Сотрудники").click()
    expect(staff.get_by_role("link", name=ORLOVA)).to_be_visible()
    expect(staff.get_by_role("link", name=FOMIN)).to_have_count(0)

    page.get_by_role("link", name="Настройки клиники").click()
    choose(page, "Показывать удалённые объекты", "Показывать")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Настройки сохранены.")).to_be_visible()

    page.get_by_role("link", name="Сотрудники").click()
    row = staff.get_by_role("row").filter(has=page.get_by_role("link", name=FOMIN))
    expect(row).to_contain_text("удалён")
    row.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(row.get_by_role("button", name=re.compile("^Вернуть"))).to_have_count(0)
    expect(row).to_be_visible()


@pytest.mark.spec("UI-3")
def test_a_doctor_with_coming_visits_goes_on_taking_them_and_the_visits_are_listed(room: Room, clinic: Clinic) -> None:
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(1), "16:00", "16:20")
    page = room.seat(MANAGER, "/employees")
    page.get_by_role("table", name="Сотрудники").get_by_role("link", name=ORLOVA).click()
    takes_visits = page.get_by_role("switch", name="Ведёт приём")
    takes_visits.uncheck()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("У сотрудника есть предстоящие визиты: 1.")).to_be_visible()
    listed = page.get_by_role("table", name="Предстоящие визиты сотрудника")
    expect(listed.get_by_role("row").filter(has=page.get_by_role("link", name=f"№ {number}"))).to_contain_text(MOROZOV)
    # a colleague books another one, and then both go
    later = clinic.book(EGOROV, ORLOVA, clinic.day(1), "16:20", "16:40")
    expect(listed.get_by_role("link")).to_have_count(2)
    for one in (number, later):
        clinic.change_status(one, "cancelled")
    expect(page.get_by_role("status").filter(has_text="Больше ничего не мешает")).to_be_visible()
    expect(listed).to_have_count(0)
    page.get_by_role("button", name="Отменить правки").click()
    expect(page.get_by_text("Больше ничего не мешает")).to_have_count(0)
    expect(takes_visits).to_be_checked()


@pytest.mark.spec("DEL-1", "DEL-2", "UI-3")
def test_a_patients_card_is_deleted_once_no_visit_is_to_come_and_brought_back(room: Room, clinic: Clinic) -> None:
    number = clinic.book(EGOROV, ORLOVA, clinic.day(4), "09:00", "09:20")
    clinic.set(show_deleted=True)
    page = room.seat(MANAGER, f"/patients/{clinic.ids[EGOROV]}")
    page.get_by_role("button", name="Удалить").click()
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Удалить").click()
    expect(
        window.get_by_role("table", name="Предстоящие визиты пациента").get_by_role("link", name=f"№ {number}")
    ).to_be_visible()
    clinic.change_status(number, "cancelled")
    expect(window.get_by_role("status").filter(has_text="Теперь карту можно удалить")).to_be_visible()
    window.get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Карта удалена", exact=True)).to_be_visible()
    expect(page.get_by_label("Город")).to_be_disabled()

    page.get_by_role("link", name="К списку").click()
    row = page.get_by_role("table", name="Пациенты").get_by_role("row").filter(has=page.get_by_role("link", name=EGOROV))
    expect(row).to_contain_text("удалён")
    row.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(row.get_by_role("button", name=re.compile("^Вернуть"))).to_have_count(0)


@pytest.mark.spec("DEL-1")
def test_a_deleted_visit_leaves_the_calendar_and_comes_back(room: Room, clinic: Clinic) -> None:
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(1), "15:00", "15:20")
    page = room.seat(RECEPTIONIST, f"/visits/{clinic.ids[f'№ {number}']}")
    page.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Визит удалён")).to_be_visible()
    page.goto(f"/calendar?date={clinic.day(1)}")
    expect(page.get_by_role("group", name=f"{ORLOVA}: визиты")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(f"^{MOROZOV}.*15:00"))).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_text("Визит удалён")).to_have_count(0)
    page.get_by_role("link", name="В расписании").click()
    expect(page.get_by_role("button", name=re.compile(f"^{MOROZOV}.*15:00"))).to_be_visible()


@pytest.mark.spec("AUD-1")
def test_the_journal_says_who_did_what_and_its_filters_stand_in_the_address(room: Room, clinic: Clinic) -> None:
    clinic.book(KUZNETSOVA, ORLOVA, clinic.day(2), "11:00", "11:20")
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(2), "12:00", "12:20")
    clinic.change_status(number, "confirmed")
    clinic.save_days(COLLEAGUE, {(FOMIN, clinic.day(5)): ()})
    page = room.seat(AUDITOR, "/")
    expect(page).to_have_url(re.compile("/journal$"))
    journal = page.get_by_role("table", name="Журнал действий")
    row = journal.get_by_role("row").filter(has_text=f"№ {number} ({MOROZOV}) получил статус")
    for says in (RECEPTIONIST, "127.0.0.1", "запланирован", "подтверждён"):
        expect(row).to_contain_text(says)

    choose(page, "Пользователь", COLLEAGUE)
    expect(journal.get_by_role("row").filter(has_text=RECEPTIONIST)).to_have_count(0)
    expect(journal.get_by_role("row").filter(has_text=COLLEAGUE).first).to_be_visible()
    choose(page, "Объект", "График")
    expect(page).to_have_url(re.compile("user=.*type=schedule|type=schedule.*user="))
    filtered = page.url

    other = room.seat(MANAGER, filtered)
    expect(other.get_by_role("table", name="Журнал действий").get_by_role("row").filter(has_text=COLLEAGUE).first).to_be_visible()
    expect(other.get_by_role("combobox", name="Пользователь")).to_have_value(COLLEAGUE)
    page.get_by_role("button", name="Сбросить").click()
    expect(page).to_have_url(re.compile("/journal$"))
    assert page.evaluate("document.activeElement !== document.body")
    page.go_back()
    expect(page.get_by_role("combobox", name="Пользователь")).to_have_value(COLLEAGUE)


@pytest.fixture(scope="module")
def long_lists(
    installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, object]], module_room: Room
) -> dict[str, UUID]:
    """There are more of everything than a page of a list holds; the ids of what filters choose, by name."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))  # type: ignore[arg-type]  # uuids
    clinic.set(show_deleted=False)
    position = furnish_lists(clinic)
    page = module_room.seat(MANAGER)
    for one in LISTS:
        address = f"/api{one.address.removeprefix('/catalogues')}"
        assert page.request.get(address, headers={"X-Position": str(position)}).ok
    return clinic.ids


@pytest.mark.spec("UI-6")
@pytest.mark.parametrize("one", LISTS, ids=str)
def test_a_list_as_it_is_seen_stands_in_the_address(room: Room, long_lists: dict[str, UUID], one: ListOf) -> None:
    page = room.seat(MANAGER, one.address)
    one.narrow(page)
    narrowed = parse_qs(one.asked(long_lists))
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == narrowed)
    expect(page.get_by_text(f"{MANY} {one.total}", exact=True)).to_be_visible()
    one.expect_rows(page, (DESCENDING if one.order == ASCENDING else ASCENDING)[:PAGE])

    for _ in range(one.clicks):
        one.heads(page).get_by_role("button", name=one.head).click()
    expect(one.heads(page).filter(has_text=one.head)).to_have_attribute(
        "aria-sort", "descending" if one.sort.startswith("-") else "ascending"
    )
    one.expect_rows(page, one.order[:PAGE])
    go_to_page(page, 2)
    one.expect_rows(page, one.order[PAGE:])
    stands = f"{one.asked(long_lists)}&sort={one.sort}&page=2"
    assert parse_qs(urlsplit(page.url).query) == parse_qs(stands)

    page.reload()
    one.expect_rows(page, one.order[PAGE:])
    page.get_by_role("link", name="Настройки клиники").click()
    expect(page.get_by_role("heading", name="Настройки клиники")).to_be_visible()
    page.go_back()
    one.expect_rows(page, one.order[PAGE:])
    expect(page.get_by_role("searchbox")).to_have_value(parse_qs(stands)["q"][0])
    page.go_back()
    one.expect_rows(page, one.order[:PAGE])

    page.get_by_role("button", name="Сбросить", exact=True).click()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"sort": [one.sort]})
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("button", name="Сбросить", exact=True)).to_have_count(0)


@pytest.mark.spec("UI-6")
@pytest.mark.parametrize("one", LISTS, ids=str)
def test_chosen_columns_are_remembered_and_what_is_seen_is_exported(room: Room, long_lists: dict[str, UUID], one: ListOf) -> None:
    page = room.seat(MANAGER, f"{one.address}?{one.asked(long_lists)}&sort={one.sort}")
    page.get_by_role("button", name="Столбцы").click()
    menu = page.get_by_role("dialog")
    menu.get_by_role("checkbox", name=one.hide, exact=True).uncheck()
    if one.choose:
        menu.get_by_role("checkbox", name=one.choose, exact=True).check()
    page.keyboard.press("Escape")
    expect(one.heads(page)).to_have_text(list(one.shown))
    page.reload()
    expect(one.heads(page)).to_have_text(list(one.shown))

    one.expect_rows(page, one.order[:PAGE])
    seen = one.cells(page)
    go_to_page(page, 2)
    one.expect_rows(page, one.order[PAGE:])
    seen += one.cells(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=one.export).or_(page.get_by_role("link", name=one.export)).click()
    heads, *rows = written(download.value)
    assert heads == list(one.shown)
    assert rows == one.as_exported(seen)


@pytest.mark.spec("UI-6", "DEL-1")
def test_a_filter_by_what_was_deleted_since_still_says_so_and_can_be_taken_back(room: Room, clinic: Clinic) -> None:
    store, by = clinic.denta.clinic, clinic.by()
    gone = catalogue.create_entry(store, by, Position, {"name": "Кастелянша"}).id
    employee.hire(store, by, {"family_name": "Уютова", "position_id": gone})
    catalogue.delete_entry(store, by, Position, gone)
    page = room.seat(MANAGER, f"/employees?position={gone}")
    rows = page.get_by_role("table", name="Сотрудники").locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Уютова")
    chosen = page.get_by_role("combobox", name="Должность")
    expect(chosen).to_have_value("Запись (удалено)")
    chosen.clear()
    chosen.press("Tab")
    choose(page, "Приём", "Ведут приём")
    expect(rows.filter(has_text="Уютова")).to_have_count(0)


@pytest.mark.spec("UI-6")
def test_the_list_of_versions_keeps_its_page(room: Room, long_lists: dict[str, UUID]) -> None:
    page = room.seat(MANAGER, "/settings/hours/versions")
    versions = page.get_by_role("table", name="Версии графика").locator("tbody tr")
    expect(versions.first).to_contain_text("действует сейчас")
    go_to_page(page, 2)
    expect(page).to_have_url(re.compile("page=2$"))
    expect(versions.last).to_contain_text("Первый график клиники")
    page.reload()
    expect(versions.last).to_contain_text("Первый график клиники")
    page.go_back()
    expect(versions.first).to_contain_text("действует сейчас")
