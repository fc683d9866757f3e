"""Working hours: cells set by hand and in one go, one save = one version, and visits that conflict with a day off."""

import re

import pytest
from playwright.sync_api import expect

from aggregates.people.patient import PatientCard
from tests.browser.axe import violations
from tests.browser.clinic import BELOV, COLLEAGUE, FOMIN, KUZNETSOVA, MANAGER, MELNIK, ORLOVA, ZAITSEV, Clinic, at
from tests.browser.desk import Room, delayed
from tests.browser.schedule_page import SchedulePage, long_date, move_to_date


@pytest.mark.spec("SCH-3", "SCH-5")
def test_cells_set_one_by_one_and_several_at_once_are_saved_as_one_version(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    version = clinic.schedule_version

    schedule.set_shift(schedule.cell(ORLOVA, clinic.day(0)), "Выходная смена")
    expect(schedule.cell(ORLOVA, clinic.day(0), "не сохранено")).to_be_visible()

    own = schedule.cell(ORLOVA, clinic.day(1))
    own.hover()
    own.get_by_title("Часы этого дня").click()
    schedule.dialog.get_by_label("Часы смены: с").fill("10")
    schedule.dialog.get_by_label("Часы смены: до").fill("16:30")
    schedule.dialog.get_by_role("button", name="Применить").click()

    schedule.stretch(schedule.cell(ORLOVA, clinic.day(2)), schedule.cell(ORLOVA, clinic.day(4)))
    bar = page.get_by_role("region", name="Правки графика")
    expect(bar.get_by_text("3 ячейки:")).to_be_visible()
    bar.get_by_role("button", name="Выходная").click()
    schedule.save()

    for days in (0, 2, 3, 4):
        expect(schedule.cell(ORLOVA, clinic.day(days), "выходная смена")).to_be_visible()
    expect(schedule.cell(ORLOVA, clinic.day(1), "рабочая смена 10:00–16:30, часы этого дня")).to_be_visible()
    assert clinic.schedule_version == version + 1

    page.get_by_role("link", name="Версии").click()
    newest = page.get_by_role("table", name="Версии графика").get_by_role("row").nth(1)
    expect(newest).to_contain_text(MANAGER)
    expect(newest).to_contain_text("действует сейчас")


@pytest.mark.spec("SCH-7")
def test_shifts_of_two_days_and_two_days_are_one_action_over_a_range(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    schedule.stretch(schedule.cell(BELOV, clinic.day(0)), schedule.cell(BELOV, clinic.day(6)))
    page.get_by_role("button", name="На период…").click()
    window = page.get_by_role("dialog", name="Смены, отпуск или перерыв на период")
    expect(window.get_by_role("combobox", name="Чередование")).to_have_value("Два через два")
    window.get_by_role("button", name="Применить").click()

    for days, says in enumerate(("рабочая", "рабочая", "выходная", "выходная", "рабочая", "рабочая", "выходная")):
        expect(schedule.cell(BELOV, clinic.day(days), f"{says} смена")).to_be_visible()
    schedule.save()


@pytest.mark.spec("SCH-8", "SCH-13", "UI-3")
def test_a_day_off_over_a_visit_is_refused_with_a_frame_until_the_visit_is_moved(room: Room, clinic: Clinic) -> None:
    day = clinic.day(2)
    number = clinic.book(KUZNETSOVA, ZAITSEV, day, "10:00", "10:40")
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    version = clinic.schedule_version
    schedule.set_shift(schedule.cell(ZAITSEV, day), "Выходная смена")
    schedule.save_button.click()
    expect(page.get_by_role("alert").filter(has_text="График не сохранён")).to_be_visible()
    assert clinic.schedule_version == version

    framed = schedule.cell(ZAITSEV, day, "мешают визиты: 1")
    expect(framed).to_be_visible()
    framed.click()
    visits = schedule.dialog.get_by_role("table", name="Визиты, которые мешают сохранить")
    expect(visits).to_be_visible()
    assert violations(page) == []
    row = visits.get_by_role("row").nth(1)
    for says in (f"№ {number}", "10:00–10:40", KUZNETSOVA, ZAITSEV):
        expect(row).to_contain_text(says)
    visits.get_by_role("link", name=f"№ {number}").click()

    move_to_date(page, number, clinic.day(3))
    page.go_back()
    expect(schedule.cell(ZAITSEV, day, "выходная смена, не сохранено")).to_be_visible()
    expect(schedule.cell(ZAITSEV, day, "мешают")).to_have_count(0)
    schedule.save()
    assert clinic.schedule_version == version + 1


@pytest.mark.spec("SCH-7", "SCH-8", "SCH-13", "CAL-10")
def test_conflicts_of_a_vacation_are_followed_until_none_is_left(room: Room, clinic: Clinic) -> None:
    """Phones to call, the list and the frames alive while visits move, here and at a colleague's, and after coming back."""
    days = [clinic.day(0), clinic.day(1), clinic.day(2)]
    numbers = [clinic.book(KUZNETSOVA, FOMIN, day, "11:00", "11:20") for day in days]
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    version = clinic.schedule_version
    schedule.stretch(schedule.cell(FOMIN, days[0]), schedule.cell(FOMIN, days[2]))
    page.get_by_role("button", name="На период…").click()
    window = page.get_by_role("dialog", name="Смены, отпуск или перерыв на период")
    window.get_by_text("Отсутствие").click()
    window.get_by_role("button", name="Применить").click()
    schedule.save_button.click()
    alert = page.get_by_role("alert").filter(has_text="попадают визиты (3)")
    expect(alert).to_be_visible()
    alert.get_by_role("button", name="Показать визиты").click()
    listed = schedule.dialog.get_by_role("link", name=re.compile("№ "))
    expect(listed).to_have_count(3)
    phone = clinic.denta.clinic.load(PatientCard, clinic.ids[KUZNETSOVA]).phone
    expect(schedule.dialog.locator(f'a[href="tel:{phone}"]')).to_have_count(3)
    assert violations(page) == []

    # a colleague moves one meanwhile
    clinic.move(numbers[0], start=at(clinic.day(3), "11:00"), end=at(clinic.day(3), "11:20"))
    expect(listed).to_have_count(2)
    schedule.dialog.get_by_role("link", name=f"№ {numbers[1]}").click()
    move_to_date(page, numbers[1], clinic.day(4))
    page.go_back()
    expect(page.get_by_role("alert").filter(has_text="попадают визиты (1)")).to_be_visible()
    expect(schedule.cell(FOMIN, days[1], "мешают")).to_have_count(0)
    expect(schedule.cell(FOMIN, days[2], "мешают визиты: 1")).to_be_visible()
    clinic.move(numbers[2], start=at(clinic.day(3), "12:00"), end=at(clinic.day(3), "12:20"))
    expect(page.get_by_role("alert").filter(has_text="Больше ничего не мешает")).to_be_visible()
    expect(schedule.cell(FOMIN, days[2], "мешают")).to_have_count(0)
    schedule.save()
    assert clinic.schedule_version == version + 1


@pytest.mark.spec("SCH-6", "UI-2")
def test_a_save_over_a_colleagues_newer_version_shows_the_difference_and_loses_nothing(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    schedule.set_shift(schedule.cell(MELNIK, clinic.day(0)), "Выходная смена")
    schedule.set_shift(schedule.cell(MELNIK, clinic.day(1)), "Отпуск")
    clinic.save_days(COLLEAGUE, {(MELNIK, clinic.day(1)): (("12:00", "18:00"),), (FOMIN, clinic.day(1)): ()})
    expect(page.get_by_role("status").filter(has_text="график сохранил кто-то ещё")).to_be_visible()

    schedule.save_button.click()
    window = page.get_by_role("dialog", name="График изменил кто-то ещё")
    expect(window).to_contain_text(COLLEAGUE)
    assert violations(page) == []
    table = window.get_by_role("table", name="Что изменили другие")
    expect(table.get_by_role("row", name=re.compile(MELNIK))).to_contain_text("ваша правка")
    expect(table.get_by_role("row", name=re.compile(FOMIN))).to_contain_text("выходная смена")
    expect(table.get_by_role("row", name=re.compile(FOMIN))).not_to_contain_text("ваша правка")
    window.get_by_role("button", name="Обновить и применить мои правки поверх").click()

    expect(schedule.cell(FOMIN, clinic.day(1), "выходная смена")).to_be_visible()
    expect(schedule.cell(MELNIK, clinic.day(0), "выходная смена, не сохранено")).to_be_visible()
    expect(schedule.cell(MELNIK, clinic.day(1), "отпуск, не сохранено")).to_be_visible()
    if schedule.save_button.is_enabled():
        schedule.save()
    expect(schedule.cell(MELNIK, clinic.day(1), "отпуск")).to_be_visible()


@pytest.mark.spec("UI-2")
def test_edits_wait_while_the_page_is_left_and_reloaded(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    schedule.set_shift(schedule.cell(FOMIN, clinic.day(5)), "Больничный")
    page.get_by_role("link", name="Сотрудники").click()
    question = page.get_by_role("dialog", name="Правки графика не сохранены")
    expect(question).to_be_visible()
    assert violations(page) == []
    menu = page.get_by_role("navigation", name="Разделы")
    with delayed(page, "**/assets/EmployeesPage-*.js"):
        question.get_by_role("button", name="Уйти, правки оставить").click()
        page.wait_for_url(re.compile("/employees$"))
        menu.get_by_role("link", name="Должности").click()  # on again, before the page has come
        expect(page.get_by_role("heading", name="Должности")).to_be_visible()
    schedule.open_week(clinic.monday)
    expect(schedule.cell(FOMIN, clinic.day(5), "больничный, не сохранено")).to_be_visible()
    expect(page.get_by_text("Восстановлены несохранённые правки: 1")).to_be_visible()


@pytest.mark.spec("SCH-3", "UI-1")
def test_the_grid_obeys_the_keyboard_alone(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    schedule.cell("Организация", clinic.day(0)).focus()
    for key in ("ArrowDown", *["ArrowRight"] * 5):
        page.keyboard.press(key)
    expect(schedule.cell(BELOV, clinic.day(5))).to_be_focused()
    page.keyboard.press("Enter")
    expect(schedule.dialog).to_contain_text(long_date(clinic.day(5)))
    expect(schedule.dialog.get_by_role("radio", checked=True)).to_be_focused()  # a moment after the window is there
    page.keyboard.press("ArrowDown")
    expect(schedule.dialog.get_by_role("radio", name="Выходная смена")).to_be_checked()
    page.keyboard.press("Enter")
    expect(schedule.cell(BELOV, clinic.day(5), "выходная смена, не сохранено")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("region", name="Правки графика").get_by_text("2 ячейки:")).to_be_visible()
