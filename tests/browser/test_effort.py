"""The receptionist's tasks of every day, by the number of keys and clicks that they take, not counting the text."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import BELOV, CONSULTATION, FILLING, KUZNETSOVA, MOROZOV, ORLOVA, RECEPTIONIST, Clinic, today
from tests.browser.desk import Room
from tests.browser.effort import effort


@pytest.mark.spec("CAL-2", "UI-8")
def test_a_new_patient_on_the_telephone_is_booked(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(0))
    x, y = calendar.point(ORLOVA, "11:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    with effort(page, "a new patient on the telephone, booked", most=8) as hands:
        hands.click_at(x, y, "on the free time")
        expect(window.get_by_label("Пациент", exact=True)).to_be_focused()
        hands.type("звонарёва ольга 8 913 555 77 88")
        hands.press("Enter")
        expect(window.get_by_label("Фамилия")).to_have_value("Звонарёва")
        expect(window.get_by_label("Телефон")).to_have_value("+7 913 555-77-88")
        hands.click(window.get_by_role("combobox", name="Услуги"))
        hands.type("кариес")
        hands.press("Enter")
        expect(window.get_by_role("list", name="Выбранные услуги")).to_contain_text(FILLING)
        expect(window.get_by_label("Длительность")).to_have_value("60")
        hands.press("Enter")
        expect(calendar.visit("Звонарёва Ольга", "11:00–12:00", doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-2", "UI-8")
def test_a_known_patient_is_booked(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(0))
    x, y = calendar.point(BELOV, "13:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    with effort(page, "a known patient, booked", most=6) as hands:
        hands.click_at(x, y, "on the free time")
        expect(window.get_by_label("Пациент", exact=True)).to_be_focused()
        hands.type("морозов")
        hands.press("Enter")
        expect(window).to_contain_text("+7 913 555-02-02")
        hands.click(window.get_by_role("combobox", name="Услуги"))
        hands.type("консульт")
        hands.press("Enter")
        expect(window.get_by_role("list", name="Выбранные услуги")).to_contain_text(CONSULTATION)
        hands.press("Enter")
        expect(calendar.visit(MOROZOV, "13:00–13:20", doctor=BELOV)).to_be_visible()


@pytest.mark.spec("CAL-3", "UI-8")
def test_a_visit_is_moved_to_another_day_and_hour(room: Room, clinic: Clinic) -> None:
    clinic.book(KUZNETSOVA, ORLOVA, clinic.day(1), "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(1))
    drawer = page.get_by_role("dialog", name=re.compile("^Визит №"))
    with effort(page, "a visit moved to another day and hour", most=5) as hands:
        hands.click(calendar.visit(KUZNETSOVA))
        hands.click(drawer.get_by_label("Дата", exact=True))
        page.keyboard.press("Control+a")  # what is there is marked as soon as the field has the focus; a click may unmark it
        hands.type(f"{clinic.day(2):%d%m}")
        hands.press("Tab")
        hands.type("1530")
        hands.press("Enter")
        expect(page.get_by_text("сохранён")).to_be_visible()
    calendar.open(clinic.day(2))
    expect(calendar.visit(KUZNETSOVA, "15:30–16:10", doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-4")
def test_who_came_is_marked_and_when_the_visit_ends(room: Room, clinic: Clinic) -> None:
    day = today() - timedelta(days=1)  # a visit still to come is completed only after a question
    clinic.book(MOROZOV, BELOV, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    drawer = page.get_by_role("dialog", name=re.compile("^Визит №"))
    with effort(page, "«пришёл»", most=2) as hands:
        hands.click(calendar.visit(MOROZOV))
        hands.click(drawer.get_by_role("button", name="Пришёл", exact=True))
        expect(drawer.get_by_role("button", name="Начать приём")).to_be_visible()
    with effort(page, "«завершён» of a visit that is open on the screen", most=2) as hands:
        hands.click(drawer.get_by_role("button", name="Начать приём"))
        hands.click(drawer.get_by_role("button", name="Завершить", exact=True))
        expect(drawer).to_contain_text("Завершён")
