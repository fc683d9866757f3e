"""Going back to an old version of the schedule, from the journal to the journal."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.clinic import (
    BELOV,
    CLOCK,
    COLLEAGUE,
    FOMIN,
    KUZNETSOVA,
    MANAGER,
    MELNIK,
    MOROZOV,
    ORLOVA,
    ZAITSEV,
    Clinic,
    today,
)
from tests.browser.desk import Room
from tests.browser.schedule_page import SchedulePage, move_to_date

WEEKS_AGO, DAYS_AGO, YESTERDAY = timedelta(days=20), timedelta(days=8), timedelta(days=1)
RESTORE = "Вернуться к данному состоянию"


def open_from_journal(page: Page, clinic: Clinic, ago: timedelta) -> str:
    """By the link in the column «Информация» of the schedule's change so long ago; the date and time that it says."""
    page.goto("/journal")
    page.get_by_role("textbox", name="Объект").or_(page.get_by_role("combobox", name="Объект")).click()
    page.get_by_role("option", name="График").click()
    saved_on = (clinic.by(ago=ago).now.astimezone(CLOCK)).strftime("%d.%m.%Y")
    link = page.get_by_role("table", name="Журнал действий").get_by_role("link", name=re.compile(f"^{saved_on} "))
    moment = link.inner_text()
    link.click()
    return moment


@pytest.mark.spec("SCH-9", "SCH-10", "SCH-11", "SCH-12", "SCH-13", "DEL-1", "AUD-1")
def test_from_the_journal_back_to_an_old_version_and_into_the_journal_again(room: Room, clinic: Clinic) -> None:
    day = clinic.day(1)
    clinic.save_days(COLLEAGUE, {(BELOV, day): (), (ORLOVA, day): (("12:00", "18:00"),)}, WEEKS_AGO)
    clinic.save_days(COLLEAGUE, {(BELOV, day): (("09:00", "21:00"),), (ORLOVA, clinic.day(200)): ()}, DAYS_AGO)
    clinic.dismiss(FOMIN, YESTERDAY)
    clinic.hire("Яковлев Глеб Андреевич", "Стоматолог-терапевт")
    clinic.save_days(COLLEAGUE, {("Яковлев Глеб Андреевич", day): (("10:00", "14:00"),)})
    number = clinic.book(KUZNETSOVA, BELOV, day, "10:00", "10:40")

    page = room.seat(MANAGER)
    schedule = SchedulePage(page)
    moment = open_from_journal(page, clinic, WEEKS_AGO)
    expect(page.get_by_role("heading", name=f"График на {moment}")).to_be_visible()
    schedule.show_month_of(day, today())
    restore = page.get_by_role("button", name=RESTORE)

    # the old version beside the present one, and what conflicts
    expect(restore).to_be_disabled()
    expect(schedule.cell(BELOV, day, "в этой версии выходная смена, сейчас рабочая смена 09:00–21:00")).to_be_visible()
    framed = schedule.cell(BELOV, day, "мешают визиты: 1")
    expect(framed).to_be_visible()
    expect(schedule.row(FOMIN).get_by_text("Фомин В. С.")).to_have_css("text-decoration-line", "line-through")
    expect(schedule.row("Яковлев Глеб Андреевич")).to_contain_text("нет в этой версии")
    blockers = page.get_by_role("alert").filter(has_text="Вернуться к этому состоянию пока нельзя")

    # the deleted employee comes back
    blockers.get_by_role("link", name=FOMIN).click()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_text("Сотрудник снова в справочнике")).to_be_visible()
    page.go_back()
    expect(blockers).to_be_visible()
    expect(blockers.get_by_role("link", name=FOMIN)).to_have_count(0)
    expect(restore).to_be_disabled()

    # the visit is moved by hand
    framed.click()
    visits = schedule.dialog.get_by_role("table", name=re.compile(f"Визиты: {BELOV}"))
    for says in (f"№ {number}", "10:00–10:40", KUZNETSOVA, BELOV):
        expect(visits).to_contain_text(says)
    visits.get_by_role("link", name=f"№ {number}").click()
    move_to_date(page, number, clinic.day(2))
    page.go_back()
    expect(schedule.cell(BELOV, day, "выходная смена")).to_be_visible()
    expect(schedule.cell(BELOV, day, "мешают")).to_have_count(0)

    # back, after a confirmation that counts changes however far they are
    restore.click()
    confirm = schedule.dialog.get_by_role("button", name="Вернуть этот график")
    expect(confirm).to_be_visible()
    expect(schedule.dialog.get_by_role("listitem")).to_have_text(["2 смены"])
    expect(schedule.dialog).to_contain_text("Сотрудников, которых в той версии нет: 1. Их часы останутся нынешними.")
    assert violations(page) == []
    confirm.click()
    expect(page.get_by_text(f"График возвращён к состоянию на {moment}.")).to_be_visible()
    schedule.open_week(clinic.monday)
    expect(schedule.cell(BELOV, day, "выходная смена")).to_be_visible()
    expect(schedule.cell(ORLOVA, day, "рабочая смена 12:00–18:00")).to_be_visible()
    expect(schedule.cell("Яковлев Глеб Андреевич", day, "рабочая смена 10:00–14:00")).to_be_visible()

    # the journal has it, with a link to the version that it made
    page.goto("/journal")
    newest = page.get_by_role("table", name="Журнал действий").get_by_role("row").nth(2)
    expect(newest).to_contain_text(MANAGER)
    expect(newest).to_contain_text("Восстановление графика")
    newest.get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("^График на "))).to_be_visible()
    expect(page.get_by_text("действует сейчас")).to_be_visible()


@pytest.mark.spec("SCH-13")
def test_a_booking_made_while_the_window_was_open_refuses_the_return_and_frames_the_cell(room: Room, clinic: Clinic) -> None:
    day = clinic.day(3)
    old = clinic.save_days(COLLEAGUE, {(ZAITSEV, day): (("09:00", "12:00"),)})
    clinic.save_days(COLLEAGUE, {(ZAITSEV, day): (("09:00", "18:00"),)})
    page = room.seat(MANAGER, f"/settings/hours/versions/{old}?month={day:%Y-%m}")
    schedule = SchedulePage(page)
    expect(schedule.cell(ZAITSEV, day, "в этой версии рабочая смена 09:00–12:00")).to_be_visible()
    page.get_by_role("button", name=RESTORE).click()
    confirm = schedule.dialog.get_by_role("button", name="Вернуть этот график")
    expect(confirm).to_be_visible()
    clinic.book(MOROZOV, ZAITSEV, day, "14:00", "14:40")
    version = clinic.schedule_version
    confirm.click()
    expect(page.get_by_role("alert").filter(has_text="визиты")).not_to_have_count(0)
    expect(schedule.cell(ZAITSEV, day, "мешают визиты: 1")).to_be_visible()
    assert clinic.schedule_version == version


@pytest.mark.spec("SCH-16")
def test_any_moment_can_be_looked_at_with_its_differences_to_today(room: Room, clinic: Clinic) -> None:
    day = clinic.day(4)
    clinic.save_days(COLLEAGUE, {(MELNIK, day): ()})
    then = clinic.by().now.astimezone(CLOCK)
    page = room.seat(MANAGER, "/settings/hours")
    page.get_by_role("link", name="Состояние на дату").click()
    page.get_by_label("Дата", exact=True).fill(f"{then - timedelta(days=2):%d.%m.%Y}")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_label("Время").fill("12:00")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("heading", name=f"График на {then - timedelta(days=2):%d.%m.%Y} 12:00")).to_be_visible()
    schedule = SchedulePage(page)
    page.get_by_role("switch", name="Только отличия").click()
    asked = (then - timedelta(days=2)).date()
    for _ in range((day.year - asked.year) * 12 + day.month - asked.month):
        page.get_by_role("button", name="Следующий месяц").click()
    expect(schedule.cell(MELNIK, day, "в этой версии рабочая смена 09:00–21:00, сейчас выходная смена")).to_be_visible()
