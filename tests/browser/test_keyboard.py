"""The calendar by keyboard alone: book, open, move a visit."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import BELOV, KUZNETSOVA, MOROZOV, ZAITSEV, Clinic
from tests.browser.clinic import RECEPTIONIST as WHO
from tests.browser.desk import Room

MOST_TABS = 60


def tab_to(page: Page, name: str) -> None:
    """Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.search(name, _focused(page)):
            return
    raise AssertionError(f"{name} isn't reached by Tab")


def _focused(page: Page) -> str:
    name = "element => element.getAttribute('aria-label') ?? element.innerText"
    return str(page.evaluate(f"() => ({name})(document.activeElement)"))


@pytest.mark.spec("UI-1", "CAL-2")
def test_a_visit_is_booked_by_keyboard_alone(room: Room, clinic: Clinic) -> None:
    page = room.seat(WHO)
    calendar = CalendarPage(page).open(clinic.day(0))
    expect(calendar.column(BELOV)).to_be_visible()
    tab_to(page, "^Новая запись: 09:00–09:20")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert re.search(f"^Новая запись: 10:00–10:40, {ZAITSEV}", _focused(page))
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(window.get_by_label("Пациент", exact=True)).to_be_focused()
    page.keyboard.type("Морозов")
    expect(page.get_by_role("option", name=re.compile(MOROZOV))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window).to_contain_text("+7 913 555-02-02")
    tab_to(page, "^Записать$")
    page.keyboard.press("Enter")
    expect(calendar.visit(MOROZOV, "10:00–10:40", doctor=ZAITSEV)).to_be_visible()


@pytest.mark.spec("UI-1", "CAL-3")
def test_a_visit_is_opened_moved_and_resized_by_keyboard_alone(room: Room, clinic: Clinic) -> None:
    day = clinic.day(1)
    clinic.book(KUZNETSOVA, BELOV, day, "10:00", "10:40")
    page = room.seat(WHO)
    calendar = CalendarPage(page).open(day)
    expect(calendar.visit(KUZNETSOVA)).to_be_visible()
    tab_to(page, f"^{KUZNETSOVA}")

    page.keyboard.down("Alt")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.up("Alt")
    moved = calendar.visit(KUZNETSOVA, "10:40–11:20", doctor=ZAITSEV)
    expect(moved).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Визит перенесён")).not_to_have_count(0)

    moved.focus()
    page.keyboard.down("Alt")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.up("Alt")
    expect(calendar.visit(KUZNETSOVA, "10:40–11:40", doctor=ZAITSEV)).to_be_visible()

    calendar.visit(KUZNETSOVA).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("^Визит №"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(calendar.visit(KUZNETSOVA)).to_be_focused()
