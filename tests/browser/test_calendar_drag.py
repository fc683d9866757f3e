"""Dragging on the grid: a visit stays under the pointer, shows where it can't go, and Esc puts it back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import (
    BELOV,
    COLLEAGUE,
    DOCTORS,
    EGOROV,
    FOMIN,
    KUZNETSOVA,
    MOROZOV,
    ORLOVA,
    RECEPTIONIST,
    ZAITSEV,
    Clinic,
    at,
)
from tests.browser.desk import Room

MONTHS = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
]  # fmt: skip


def ghost_is_under(page: Page, at: tuple[float, float]) -> None:
    """The dragged visit is drawn where the pointer is."""
    page.wait_for_function(
        """([x, y]) => {
          const box = document.querySelector('[data-ghost]')?.getBoundingClientRect();
          return box && box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
        }""",
        arg=list(at),
    )


def scrolled(page: Page) -> float:
    return float(page.evaluate("document.querySelector('[role=region]').scrollTop"))


@pytest.mark.spec("CAL-3")
def test_a_dragged_visit_stays_under_the_pointer_while_the_wheel_turns(room: Room, clinic: Clinic) -> None:
    day = clinic.day(0)
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST, height=600)
    calendar = CalendarPage(page).open(day)
    visit = calendar.visit(KUZNETSOVA)
    expect(visit).to_be_visible()
    page.mouse.move(*calendar.grip(visit))
    page.mouse.down()
    rest = calendar.point(ZAITSEV, "12:00")
    page.mouse.move(*rest, steps=4)
    before = scrolled(page)
    page.mouse.wheel(0, 144)
    page.wait_for_function("was => document.querySelector('[role=region]').scrollTop > was + 100", arg=before)
    ghost_is_under(page, rest)
    shown = page.locator("[data-ghost] b").inner_text()
    assert not shown.startswith("12:")
    page.mouse.up()
    moved = calendar.visit(KUZNETSOVA, shown, doctor=ZAITSEV)
    expect(moved).to_be_visible()
    notice = page.get_by_role("alert").filter(has_text="Визит перенесён")
    expect(notice).to_contain_text(f"{day.day} {MONTHS[day.month - 1]}")
    expect(notice).to_contain_text(shown)
    expect(notice).to_contain_text(f"{ZAITSEV} (было: 10:00–10:40, {ORLOVA})")


@pytest.mark.spec("CAL-3", "CAL-5", "CAL-7")
def test_a_dragged_visit_is_red_over_taken_and_closed_time_and_esc_puts_it_back(room: Room, clinic: Clinic) -> None:
    day = clinic.day(1)
    clinic.save_days(COLLEAGUE, {(BELOV, day): (("09:00", "12:00"),)})
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    clinic.book(MOROZOV, ZAITSEV, day, "12:00", "13:00")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    visit, ghost, mouse = calendar.visit(KUZNETSOVA), page.locator("[data-ghost]"), page.mouse
    expect(visit).to_be_visible()

    mouse.move(*calendar.grip(visit))
    mouse.down()
    for doctor, clock, reason in (
        (ZAITSEV, "12:20", "занято"),
        (ZAITSEV, "11:40", "занято"),
        (BELOV, "14:00", "приёма нет"),
        (BELOV, "10:00", None),
    ):
        mouse.move(*calendar.point(doctor, clock), steps=3)
        if reason is None:
            expect(ghost).not_to_have_attribute("data-off", "true")
        else:
            expect(ghost).to_have_attribute("data-off", "true")
            expect(ghost).to_contain_text(reason)
    page.keyboard.press("Escape")
    expect(ghost).to_have_count(0)
    mouse.up()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(calendar.visit(KUZNETSOVA, "10:00–10:40", doctor=ORLOVA)).to_be_visible()

    taken = calendar.visit(MOROZOV)
    mouse.move(*calendar.point(ZAITSEV, "11:00"))
    mouse.down()
    mouse.move(*calendar.point(ZAITSEV, "12:20"), steps=3)
    expect(ghost).to_contain_text("занято")
    page.keyboard.press("Escape")
    mouse.up()
    expect(ghost).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)

    mouse.move(*calendar.grip(taken, lower_edge=True))
    mouse.down()
    mouse.move(*calendar.point(ZAITSEV, "13:20"), steps=3)
    expect(ghost).not_to_have_attribute("data-off", "true")
    taken.dispatch_event("lostpointercapture", {"pointerId": 1, "bubbles": True})
    expect(ghost).to_have_count(0)
    mouse.up()
    expect(calendar.visit(MOROZOV, "12:00–13:00", doctor=ZAITSEV)).to_be_visible()


@pytest.mark.spec("CAL-2", "UI-6")
@pytest.mark.parametrize("view", ["day", "week"])
def test_time_freed_by_cancelled_and_missed_visits_can_be_booked_and_they_can_be_hidden(
    view: str, room: Room, clinic: Clinic
) -> None:
    day = clinic.day(2 if view == "day" else 9)
    for patient, start, status in ((KUZNETSOVA, "10:00", "cancelled"), (MOROZOV, "11:00", "no_show")):
        number = clinic.book(patient, ORLOVA, day, start, start[:3] + "40")
        clinic.change_status(number, status)  # type: ignore[arg-type]  # a status
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day, **({} if view == "day" else {"view": "week", "doctor": clinic.ids[ORLOVA]}))
    cancelled, missed = calendar.visit(KUZNETSOVA), calendar.visit(MOROZOV)
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(cancelled).to_be_visible()
    for block in (cancelled, missed):
        box = block.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] - 20, box["y"] + 4)
        expect(window).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(window).to_have_count(0)
    switch = page.get_by_role("button", name="Отменённые и неявки")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(cancelled).to_have_count(0)
    page.reload()
    expect(calendar.grid).to_be_visible()
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(missed).to_have_count(0)
    assert violations(page) == []


@pytest.mark.spec("CAL-3", "CAL-5", "CAL-10")
def test_a_visit_is_dragged_onto_time_that_a_cancelled_or_a_moved_one_has_freed(room: Room, clinic: Clinic) -> None:
    day = clinic.day(4)
    cancelled = clinic.book(MOROZOV, ORLOVA, day, "10:00", "10:40")
    moved = clinic.book(EGOROV, ORLOVA, day, "11:00", "11:40")
    clinic.book(KUZNETSOVA, ORLOVA, day, "13:00", "13:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    dragged, ghost = calendar.visit(KUZNETSOVA), page.locator("[data-ghost]")
    page.mouse.move(*calendar.grip(dragged))
    page.mouse.down()
    page.mouse.move(*calendar.point(ORLOVA, "10:00"), steps=4)
    expect(ghost).to_contain_text("занято")
    clinic.change_status(cancelled, "cancelled")  # by a colleague, during the drag
    expect(ghost).not_to_contain_text("занято")
    page.mouse.up()
    expect(calendar.visit(KUZNETSOVA, "10:00–10:40", doctor=ORLOVA)).to_be_visible()
    blocks = [calendar.visit(name).bounding_box() for name in (KUZNETSOVA, MOROZOV)]
    here, aside = (box for box in blocks if box is not None)
    assert here["x"] + here["width"] <= aside["x"] + 1, "the cancelled one stands narrow beside it"
    assert here["width"] > 2 * aside["width"]

    clinic.move(moved, start=at(day, "16:00"), end=at(day, "16:40"))
    expect(calendar.visit(EGOROV, "16:00–16:40", doctor=ORLOVA)).to_be_visible()
    calendar.drag(calendar.grip(calendar.visit(KUZNETSOVA)), calendar.point(ORLOVA, "11:00"))
    expect(calendar.visit(KUZNETSOVA, "11:00–11:40", doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-3", "CAL-2", "UI-1")
def test_time_that_a_cancelled_visit_has_freed_is_reached_by_keys(room: Room, clinic: Clinic) -> None:
    day = clinic.day(5)
    number = clinic.book(MOROZOV, BELOV, day, "09:40", "10:20")
    clinic.change_status(number, "cancelled")
    other = clinic.book(KUZNETSOVA, BELOV, day, "10:40", "11:20")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    carried = calendar.visit(KUZNETSOVA)
    expect(carried).to_be_visible()
    carried.focus()
    page.keyboard.down("Alt")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    hint = page.get_by_role("status").filter(has_text="Отпустите Alt")
    expect(hint).to_have_text(f"09:40–10:20, {BELOV}. Отпустите Alt, чтобы перенести")
    page.keyboard.up("Alt")
    expect(calendar.visit(KUZNETSOVA, "09:40–10:20", doctor=BELOV)).to_be_visible()
    clinic.change_status(other, "cancelled")

    mark = page.get_by_role("button", name=re.compile("^Новая запись: 09:00–09:20"))
    mark.focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name=re.compile(f"^Новая запись: 09:40–10:20, {BELOV}"))).to_be_focused()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "550303", EGOROV)
    window.get_by_role("button", name="Записать").click()
    expect(window).to_be_hidden()
    expect(calendar.visit(EGOROV, "09:40–10:20", doctor=BELOV)).to_be_visible()


@pytest.mark.spec("CAL-1")
@pytest.mark.parametrize("view", ["day", "week"])
def test_a_night_shift_sends_nobody_to_midnight(view: str, room: Room, clinic: Clinic) -> None:
    night, day = clinic.day(16), clinic.day(17)
    clinic.save_days(COLLEAGUE, {(FOMIN, night): (("20:00", "08:00"),)})
    page = room.seat(RECEPTIONIST, height=700)
    calendar = CalendarPage(page).open(day, **({} if view == "day" else {"view": "week", "doctor": "all"}))
    expect(calendar.grid.get_by_text("10:00", exact=True)).to_be_in_viewport(ratio=1)
    expect(calendar.grid.get_by_text("00:00", exact=True)).to_have_count(1)
    expect(calendar.grid.get_by_text("04:00", exact=True)).not_to_be_in_viewport()


@pytest.mark.spec("CAL-1")
def test_a_day_on_which_nobody_works_is_as_long_as_the_clinics(room: Room, clinic: Clinic) -> None:
    day = clinic.day(18)
    clinic.save_days(COLLEAGUE, {(name, day): () for name in DOCTORS})
    clinic.book(EGOROV, None, day, "12:00", "12:20")
    calendar = CalendarPage(room.seat(RECEPTIONIST)).open(day)
    expect(calendar.visit(EGOROV, "12:00–12:20")).to_be_visible()
    for hour in ("09:00", "20:00"):
        expect(calendar.grid.get_by_text(hour, exact=True)).to_have_count(1)
