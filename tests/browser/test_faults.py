"""Nothing typed is lost: not by a session that ends, not by a line that is cut, not by a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import BELOV, EGOROV, KUZNETSOVA, ORLOVA, PASSWORD, RECEPTIONIST, Clinic
from tests.browser.desk import Room

COMMENT = "Приходит с дочерью, просит утро"


@pytest.mark.spec("UI-2")
def test_a_session_that_ends_under_a_filled_form_asks_for_the_password_and_carries_on(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(0))
    calendar.click(ORLOVA, "10:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "Кузнецова", KUZNETSOVA)
    window.get_by_label("Комментарий").fill(COMMENT)
    page.context.clear_cookies()
    window.get_by_role("button", name="Записать").click()

    again = page.get_by_role("dialog", name="Сеанс завершён")
    expect(again).to_be_visible()
    assert violations(page) == []
    again.get_by_label("Пароль", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Войти").click()
    expect(again).to_be_hidden()
    expect(window).to_be_hidden()
    booked = calendar.visit(KUZNETSOVA, "10:00–10:20", doctor=ORLOVA)
    expect(booked).to_have_count(1)
    booked.click()
    expect(page.get_by_role("dialog", name=re.compile("^Визит №")).get_by_label("Комментарий")).to_have_value(COMMENT)


@pytest.mark.spec("UI-2", "UI-3")
def test_a_lost_connection_is_reported_what_was_typed_stays_and_the_second_try_books_once(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    room.line_cut(page)
    calendar = CalendarPage(page).open(clinic.day(1))
    calendar.click(BELOV, "11:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "Егоров", EGOROV)
    window.get_by_label("Комментарий").fill(COMMENT)

    page.context.set_offline(True)
    window.get_by_role("button", name="Записать").click()
    expect(window.get_by_role("alert")).to_contain_text("Нет связи с сервером")
    expect(page.get_by_text("Нет связи с сервером. Введённое не пропадёт")).to_be_visible()
    expect(window.get_by_label("Комментарий")).to_have_value(COMMENT)
    assert violations(page) == []

    page.context.set_offline(False)
    room.expected.append("status of 500")
    failed = {"code": "internal_error", "title": "Сообщите номер запроса.", "facts": {"correlation_id": "91a4e33a"}}
    page.route("**/api/visits", lambda route: route.fulfill(status=500, json=failed), times=1)
    window.get_by_role("button", name="Записать").click()
    expect(window.get_by_role("alert")).to_contain_text("Номер запроса: 91a4e33a")
    window.get_by_role("button", name="Записать").click()
    expect(window).to_be_hidden()
    expect(calendar.visit(EGOROV, "11:00–11:20", doctor=BELOV)).to_have_count(1)
    expect(page.get_by_text("Нет связи с сервером. Введённое не пропадёт")).to_be_hidden()


@pytest.mark.spec("UI-2")
def test_a_reload_in_the_middle_of_a_booking_keeps_it(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(2))
    calendar.click(ORLOVA, "12:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "Кузнецова", KUZNETSOVA)
    window.get_by_label("Комментарий").fill(COMMENT)
    page.reload()
    expect(window).to_contain_text(KUZNETSOVA)
    expect(window.get_by_label("Комментарий")).to_have_value(COMMENT)


@pytest.mark.spec("CAL-10", "UI-2")
def test_what_colleagues_did_while_the_line_was_cut_is_there_when_it_is_back(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    room.line_cut(page)
    calendar = CalendarPage(page).open(clinic.day(3))
    page.context.set_offline(True)
    clinic.book(EGOROV, ORLOVA, clinic.day(3), "13:00", "13:20")
    page.context.set_offline(False)
    expect(calendar.visit(EGOROV, "13:00–13:20", doctor=ORLOVA)).to_be_visible()
