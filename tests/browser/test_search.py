"""Search from anywhere: by the keyboard alone, over what one's rights show."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic import AUDITOR, FILLING, KUZNETSOVA, MANAGER, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room


def ask(page: Page, typed: str) -> None:
    expect(page.get_by_role("button", name=re.compile("^Поиск"))).to_be_visible()
    page.keyboard.press("Control+KeyK")
    field = page.get_by_role("combobox", name="Что найти")
    expect(field).to_be_focused()
    field.fill(typed)


@pytest.mark.spec("UI-4")
def test_patients_visits_services_and_sections_are_a_few_keys_away(room: Room, clinic: Clinic) -> None:
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(1), "09:00", "09:20")
    page = room.seat(MANAGER, "/journal")
    ask(page, "кузнецова")
    expect(page.get_by_role("option", name=re.compile(KUZNETSOVA))).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/patients/{clinic.ids[KUZNETSOVA]}"))

    ask(page, f"визит {number}")
    expect(page.get_by_role("option", name=f"Визит № {number}")).to_contain_text(KUZNETSOVA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=f"Визит № {number}")).to_be_visible()

    ask(page, "орлова")
    expect(page.get_by_role("option", name=re.compile(ORLOVA))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    ask(page, FILLING[:7])
    expect(page.get_by_role("option", name=re.compile(FILLING))).to_be_visible()
    ask(page, "график")
    page.get_by_role("option", name="График").click()
    expect(page).to_have_url(re.compile("/settings/hours"))

    page.keyboard.press("Control+KeyK")
    expect(page.get_by_role("option").nth(0)).to_contain_text("График")
    expect(page.get_by_role("combobox", name="Что найти")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name=f"Визит № {number}")).to_have_attribute("aria-selected", "true")


@pytest.mark.spec("UI-4", "ACL-6")
def test_the_search_offers_nothing_that_the_rights_do_not_show(room: Room) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    ask(page, "орлова")
    expect(page.get_by_role("dialog", name="Поиск").get_by_text("Ничего не найдено")).to_be_visible()
    auditor = room.seat(AUDITOR, "/journal")
    ask(auditor, "кузнецова")
    expect(auditor.get_by_role("dialog", name="Поиск").get_by_text("Ничего не найдено")).to_be_visible()
    ask(auditor, "настройки")
    expect(auditor.get_by_role("option", name="Настройки клиники")).to_have_count(0)
