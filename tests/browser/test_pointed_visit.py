"""The card of the visit that is pointed at: who the patient is, and that it is in nobody's way."""

import re
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from commands.access import rights_set, user_access
from commands.people import employee
from commands.people import patient as patient_commands
from services.accounts.passwords import Passwords
from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import (
    BELOV,
    EGOROV,
    FILLING,
    KUZNETSOVA,
    MOROZOV,
    ORLOVA,
    PASSWORD,
    QUICK,
    RECEPTIONIST,
    ZAITSEV,
    Clinic,
)
from tests.browser.desk import Room, Theme

ALLERGY = "Аллергия на лидокаин"


@pytest.fixture
def allergic(clinic: Clinic) -> str:
    """Кузнецова, of whom an allergy is known."""
    patient_commands.change_card(clinic.denta.clinic, clinic.by(), clinic.ids[KUZNETSOVA], {"comment": ALLERGY})
    return KUZNETSOVA


def card_of(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def apart(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


REST_SECONDS = 0.6
"""How long the pointer rests on a visit before its card opens (`useVisitPointing.ts`)."""


def _passed_in_time(page: Page, calendar: CalendarPage, blocks: Sequence[Locator]) -> bool:
    """Lead the pointer over the blocks and away; whether it was on none for as long as a rest, as it may be where the machine is
    busy.
    """
    longest = 0.0
    for block in blocks:
        x, y = calendar.grip(block)
        began = time.monotonic()
        page.mouse.move(x - 30, y + 8)
        page.mouse.move(x + 30, y + 8, steps=8)
        page.mouse.move(*calendar.point(ZAITSEV, "12:00"))
        longest = max(longest, time.monotonic() - began)
    return longest < REST_SECONDS


@pytest.mark.spec("CAL-14", "CAL-17", "UI-1")
@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1024)])
def test_resting_the_pointer_on_a_visit_shows_the_patient_until_esc_or_leaving(
    theme: Theme, width: int, room: Room, clinic: Clinic, allergic: str
) -> None:
    day = clinic.day(1 if theme == "light" else 2)
    clinic.book(allergic, ORLOVA, day, "10:00", "10:40", services=(FILLING,), room="3", comment="Придёт с мужем")
    clinic.book(MOROZOV, BELOV, day, "10:00", "10:40")
    clinic.book(allergic, BELOV, day, "18:00", "18:40")
    page = room.seat(RECEPTIONIST, theme=theme, width=width)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if urlsplit(request.url).path.endswith("/brief") else None)
    calendar, card = CalendarPage(page).open(day), card_of(page)
    visit, other = calendar.visit(allergic, doctor=ORLOVA), calendar.visit(MOROZOV)
    expect(visit).to_be_visible()

    # on the way over it nothing opens, and nothing is asked of the server
    for _ in range(50):
        asked.clear()
        if _passed_in_time(page, calendar, (visit, other)):
            break
        page.keyboard.press("Escape")
    else:
        pytest.fail("this machine is too slow to pass over a visit without resting")
    page.wait_for_timeout(900)
    expect(card).to_have_count(0)
    assert asked == []

    visit.hover()
    expect(card.get_by_role("alert").filter(has_text=ALLERGY)).to_be_visible()
    for text in ("10:00–10:40", "Запланирован", KUZNETSOVA, "+7 913 555-01-01", FILLING, "кабинет 3", "К визиту: Придёт с мужем"):
        expect(card).to_contain_text(text)
    expect(card.get_by_role("group", name="О пациенте")).to_contain_text("следующий:")
    expect(card.get_by_role("group", name="О пациенте")).not_to_contain_text(f"{day:%d.%m.%Y} 10:00")  # is the visit itself
    assert apart(card, visit)
    expect(visit).to_have_attribute("aria-describedby", re.compile("."))
    assert violations(page) == []
    x, y = calendar.grip(visit)
    for step in range(12):
        page.mouse.move(x - step, y + step)
    assert len(asked) == 1

    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.mouse.move(x + 2, y + 6)
    page.wait_for_timeout(900)
    expect(card).to_have_count(0)  # it was sent away
    other.hover()
    expect(card).to_contain_text(MOROZOV)
    card.hover()  # it may be read, and its text taken
    page.wait_for_timeout(400)
    expect(card).to_contain_text(MOROZOV)
    page.mouse.move(*calendar.point(ORLOVA, "17:00"))
    expect(card).to_have_count(0)


@pytest.mark.spec("CAL-14", "CAL-3")
def test_it_is_in_nobodys_way_who_drags_or_opens_the_visit(room: Room, clinic: Clinic, allergic: str) -> None:
    day = clinic.day(3)
    clinic.book(allergic, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar, card = CalendarPage(page).open(day), card_of(page)
    visit = calendar.visit(allergic)
    visit.hover()
    expect(card).to_contain_text(ALLERGY)
    page.mouse.move(*calendar.grip(visit))
    page.mouse.down()
    expect(card).to_have_count(0)
    page.mouse.move(*calendar.point(ZAITSEV, "12:00"), steps=4)
    page.wait_for_timeout(900)
    expect(card).to_have_count(0)
    page.mouse.up()
    moved = calendar.visit(allergic, "12:00–12:40", doctor=ZAITSEV)
    expect(moved).to_be_visible()
    x, y = calendar.point(ZAITSEV, "12:00")
    page.mouse.move(x + 3, y + 3)
    page.wait_for_timeout(900)
    expect(card).to_have_count(0)  # the hand is still on its way
    moved.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_timeout(900)
    expect(card).to_have_count(0)


@pytest.mark.spec("CAL-14", "UI-1")
def test_the_keyboard_reaches_it_and_carries_visits_without_it(room: Room, clinic: Clinic, allergic: str) -> None:
    day = clinic.day(4)
    clinic.book(EGOROV, ORLOVA, day, "09:00", "09:20")
    clinic.book(allergic, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar, card = CalendarPage(page).open(day), card_of(page)
    first, visit = calendar.visit(EGOROV), calendar.visit(allergic)
    expect(visit).to_be_visible()
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(visit).to_be_focused()
    expect(card).to_contain_text(ALLERGY)
    assert visit.get_attribute("aria-describedby") == card.get_attribute("id")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(visit).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(card).to_contain_text(EGOROV)
    page.keyboard.press("ArrowDown")
    expect(card).to_contain_text(allergic)
    page.keyboard.down("Alt")
    page.keyboard.press("ArrowDown")
    expect(card).to_have_count(0)
    page.keyboard.up("Alt")
    expect(calendar.visit(allergic, "10:20–11:00", doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-14", "VIS-6", "ACL-6")
def test_without_the_right_it_says_nothing_of_the_patient_beyond_the_visit(room: Room, clinic: Clinic, allergic: str) -> None:
    day, store = clinic.day(5), clinic.denta.clinic
    clinic.book(allergic, ORLOVA, day, "10:00", "10:40", comment="Снимок с собой")
    name = "Стажёрова Инна Олеговна"
    card = dict(zip(("family_name", "given_name", "patronymic"), name.split(), strict=True))
    clinic.ids[name] = employee.hire(store, clinic.by(), card).id
    made = rights_set.create_rights_set(store, clinic.by(), "Без сведений", "calendar", ["calendar", "visits"]).id
    hashed = Passwords(QUICK).hash(PASSWORD)
    user_access.grant_access(store, clinic.by(), clinic.ids[name], "trainee@bereg.example", made, hashed)
    room.emails[name] = "trainee@bereg.example"
    page = room.seat(name)
    calendar, shown = CalendarPage(page).open(day), card_of(page)
    calendar.visit(allergic).hover()
    expect(shown).to_contain_text("К визиту: Снимок с собой")
    page.wait_for_load_state("networkidle")
    expect(shown.get_by_role("group", name="О пациенте")).to_have_count(0)
    expect(shown).not_to_contain_text(ALLERGY)
    expect(shown).not_to_contain_text(re.compile(r"\+7|карта"))
    expect(calendar.visit(allergic)).not_to_have_accessible_name(re.compile(r"\+7"))
    calendar.visit(allergic).click()
    window = page.get_by_role("dialog", name=re.compile("^Визит №"))
    expect(window.get_by_text("Телефон и карту открывает право")).to_be_visible()
    expect(window).not_to_contain_text(re.compile(r"\+7"))
    expect(window.get_by_role("link", name=allergic)).to_have_count(0)
    page.keyboard.press("Escape")
    page.goto("/visits")
    listed = page.get_by_role("table", name="Визиты")
    expect(listed.get_by_text(allergic).first).to_be_visible()
    expect(listed.get_by_role("columnheader", name="Телефон")).to_have_count(0)

    rights_set.change_rights_set(store, clinic.by(), made, rights=["calendar", "visits", "patients"])
    calendar.open(day).visit(allergic).click()
    expect(window.get_by_text("Телефон – в карте пациента")).to_be_visible()
    expect(window.get_by_role("link", name=allergic)).to_be_visible()
