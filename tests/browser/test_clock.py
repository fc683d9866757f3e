"""A PC whose clock is wrong: what is today, now and to come is the clinic's, by the server."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import CLOCK, RECEPTIONIST, Clinic
from tests.browser.desk import Room

WRONG = {"отстают на 1 час": timedelta(hours=-1), "спешат на 3 дня": timedelta(days=3)}
MONTHS = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"]


def clinics_now() -> datetime:
    return datetime.now(CLOCK)


def wrong_seat(room: Room, by: timedelta) -> Page:
    page = room.signed_in(RECEPTIONIST).new_page()
    page.clock.install(time=datetime.now(CLOCK) + by)
    return page


@pytest.mark.parametrize("direction", list(WRONG))
def test_a_wrong_clock_moves_neither_today_nor_now_nor_what_is_offered(direction: str, room: Room, clinic: Clinic) -> None:
    page = wrong_seat(room, WRONG[direction])
    before = clinics_now()
    page.goto("/calendar")
    calendar = CalendarPage(page)
    expect(calendar.grid).to_be_visible()
    expect(page.get_by_role("button", name="Сегодня", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Записать", exact=True).click()
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(window).to_be_visible()
    hour, minute = map(int, window.get_by_label("Время", exact=True).input_value().split(":"))
    offered = before.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if offered < before - timedelta(minutes=1):  # the next line of the grid is beyond midnight
        offered += timedelta(days=1)
    assert before - timedelta(minutes=1) <= offered <= clinics_now() + timedelta(minutes=21)
    shown = re.compile("|".join(rf"\b{day.day} {MONTHS[day.month - 1]}" for day in {before.date(), clinics_now().date()}))
    expect(calendar.grid).to_have_accessible_name(shown)


@pytest.mark.spec("UI-3")
@pytest.mark.parametrize("direction", list(WRONG))
def test_a_wrong_clock_is_mentioned_once(direction: str, room: Room) -> None:
    page = wrong_seat(room, WRONG[direction])
    page.goto("/calendar")
    notice = page.get_by_role("status").filter(has_text="Часы этого компьютера неверны")
    expect(notice).to_contain_text(f"Они {direction}")
    page.reload()
    expect(CalendarPage(page).grid).to_be_visible()
    expect(page.get_by_role("button", name="Записать", exact=True)).to_be_visible()
    expect(notice).to_have_count(0)


def test_a_clock_that_is_set_while_the_page_is_open_moves_nothing(room: Room) -> None:
    page = wrong_seat(room, timedelta())
    page.goto("/calendar")
    grid = CalendarPage(page).grid
    expect(grid).to_be_visible()
    before = grid.get_attribute("aria-label")
    page.clock.set_system_time(datetime.now(CLOCK) + timedelta(days=3))
    page.clock.run_for(6_000)
    expect(grid).to_be_visible()
    assert grid.get_attribute("aria-label") == before or clinics_now().hour == 0
    expect(page.get_by_role("button", name="Сегодня", exact=True)).to_be_disabled()
