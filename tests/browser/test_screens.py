"""No screen and no main dialog of the clinic violates WCAG 2.2 AA or scrolls sideways, in any look."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Room
from tests.browser.screens import OF_THE_CLINIC, faults_in_every_look, heading


@pytest.mark.spec("UI-1")
@pytest.mark.parametrize("name", OF_THE_CLINIC)
def test_no_screen_and_no_dialog_violates_wcag_or_scrolls_sideways(demo_room: Room, name: str) -> None:
    page = demo_room.seat("Администратор")
    OF_THE_CLINIC[name](page)
    assert faults_in_every_look(page) == {}


@pytest.mark.spec("UI-1")
def test_the_sign_in_window_violates_nothing(demo_room: Room) -> None:
    page = demo_room.window().new_page()
    page.goto("/signin")
    expect(page.get_by_role("heading", name="Вход в клинику")).to_be_visible()
    assert faults_in_every_look(page) == {}


NARROW_OR_DARK = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        @media (max-width: 1024px) and (prefers-color-scheme: light) { label { color: #eee !important; } }
        @media (prefers-color-scheme: dark) { h1, h2 { color: #444 !important; } }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def test_a_fault_of_one_look_alone_is_found(demo_room: Room) -> None:
    page = demo_room.window().new_page()
    page.goto("/signin")
    expect(page.get_by_role("heading", name="Вход в клинику")).to_be_visible()
    page.evaluate(NARROW_OR_DARK)
    rules = {look: {fault.split(":")[0] for fault in faults} for look, faults in faults_in_every_look(page).items()}
    assert rules == {("light", 1024): {"color-contrast"}, ("dark", 1024): {"color-contrast"}}


@pytest.mark.spec("UI-1")
def test_the_theme_is_chosen_in_the_users_menu_and_remembered(demo_room: Room) -> None:
    page = demo_room.seat("Регистратор", "/patients")
    light = _background(page)
    page.get_by_role("button", name=re.compile("Меню пользователя|Савельева|Титова")).click()
    page.get_by_role("menuitem", name="Тёмное оформление").click()
    page.wait_for_function("light => getComputedStyle(document.body).backgroundColor !== light", arg=light)
    dark = _background(page)
    page.reload()
    heading(page, "Пациенты")
    assert _background(page) == dark


def _background(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
