"""What may be a mistake is asked about, and the person decides; what is refused leaves nothing behind."""

import re

import pytest
from playwright.sync_api import expect

from aggregates.people.patient import PatientCard
from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import BELOV, EGOROV, KUZNETSOVA, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room

WARNINGS = "Проверьте, всё ли верно"


@pytest.mark.spec("CAL-19", "UI-1")
def test_a_patient_who_is_elsewhere_is_booked_all_the_same_when_the_receptionist_says_so(room: Room, clinic: Clinic) -> None:
    number = clinic.book(MOROZOV, BELOV, clinic.day(9), "10:00", "10:40", room="5")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(9))
    calendar.click(ORLOVA, "10:20")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "550202", MOROZOV)
    window.get_by_label("Кабинет").fill("5")
    window.get_by_role("button", name="Записать").click()

    asked = page.get_by_role("dialog", name=WARNINGS)
    expect(asked.get_by_role("listitem")).to_have_count(2)
    expect(asked.get_by_role("link", name=re.compile(f"10:00–10:40, {MOROZOV}, {BELOV}")).first).to_be_visible()
    expect(asked.get_by_text(f"визит № {number}".replace("№ ", "№\u00a0")).first).to_be_visible()
    assert violations(page) == []
    for back in ("Enter", "Escape"):  # the quick keys go back, and no further
        page.keyboard.press(back)
        expect(asked).to_be_hidden()
        expect(page.get_by_role("dialog")).to_have_count(1)
        expect(window.get_by_role("alert")).to_have_count(0)
        window.get_by_role("button", name="Записать").click()
        expect(asked).to_be_visible()
    asked.get_by_role("button", name="Всё равно записать").click()
    expect(window).to_be_hidden()
    calendar.visit(MOROZOV, "10:20–10:40", doctor=ORLOVA).click()
    page.get_by_role("button", name="Удалить").click()
    expect(page.get_by_role("dialog", name=re.compile("^Удалить визит"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.get_by_role("dialog", name=re.compile("^Визит"))).to_be_visible()


@pytest.mark.spec("CAL-19", "CAL-3")
def test_a_drag_that_is_asked_about_snaps_back_or_stays_as_the_person_says(room: Room, clinic: Clinic) -> None:
    clinic.book(EGOROV, BELOV, clinic.day(9), "13:00", "13:40")
    clinic.book(EGOROV, ORLOVA, clinic.day(9), "15:00", "15:20")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(9))
    asked = page.get_by_role("dialog", name=WARNINGS)
    for answer, stands in (("Вернуться", "15:00–15:20"), ("Всё равно перенести", "13:20–13:40")):
        visit = calendar.visit(EGOROV, "15:00–15:20", doctor=ORLOVA)
        calendar.drag(calendar.grip(visit), calendar.point(ORLOVA, "13:20"))
        asked.get_by_role("button", name=answer).click()
        expect(calendar.visit(EGOROV, stands, doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-5", "UI-3", "CAL-2")
def test_a_refused_booking_names_who_has_the_time_and_leaves_no_card_behind(room: Room, clinic: Clinic) -> None:
    day = clinic.day(10)
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    calendar.click(ORLOVA, "09:40")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    page.get_by_label("Пациент", exact=True).fill("Ничейный Олег")
    page.get_by_role("option", name="Новый пациент: Ничейный Олег").click()
    window.get_by_label("Длительность").click()
    window.get_by_label("Длительность").fill("40")
    window.get_by_role("button", name="Записать").click()
    refused = window.get_by_role("alert")
    expect(refused.get_by_role("link", name=re.compile(KUZNETSOVA))).to_be_visible()
    window.get_by_label("Длительность").fill("20")
    expect(refused).to_have_count(0)  # it was about another time
    page.get_by_role("button", name="Отмена").click()
    page.get_by_role("button", name=re.compile("^Уйти")).click()
    with clinic.denta.database.connection() as connection:
        created = connection.execute(
            "SELECT count(*) FROM events WHERE topic = %s AND state::text LIKE '%%Ничейный%%'", (PatientCard.Created.TOPIC,)
        ).fetchone()
    assert created == (0,)
