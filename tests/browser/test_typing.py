"""What people type into the fields of a booking and elsewhere: understood, or refused at the field and not sent."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregates.values import MOST_COMMENT
from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import BELOV, CONSULTATION, EGOROV, FILLING, FOMIN, MANAGER, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.clinic import today as clinic_today
from tests.browser.desk import Room
from tests.browser.schedule_page import SchedulePage


def booking(page: Page, clinic: Clinic, day: date, clock: str = "11:00", doctor: str = ORLOVA) -> Locator:
    CalendarPage(page).open(day).click(doctor, clock)
    return page.get_by_role("dialog", name=re.compile("^Новая запись"))


def description(reason: str) -> re.Pattern[str]:
    return re.compile(re.escape(reason))


@pytest.mark.spec("UI-8")
def test_a_date_is_understood_as_people_type_it_or_refused_and_never_another(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(0))
    field = window.get_by_label("Дата", exact=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/calendar?" in request.url else None)
    soon = clinic_today() + timedelta(days=40)
    for typed in (
        f"{soon:%d.%m.%Y}",
        f"{soon.day}.{soon.month}.{soon:%y}",
        f"{soon:%d%m%y}",
        f"{soon:%d%m%Y}",
        f"{soon.day}.{soon.month}",
    ):
        field.fill("завтра")
        field.press("Tab")
        expect(field).to_have_value(f"{clinic_today() + timedelta(days=1):%d.%m.%Y}")
        field.fill("")
        page.keyboard.type(typed)  # character by character: six digits broke the page once
        field.press("Tab")
        expect(field).to_have_value(f"{soon:%d.%m.%Y}")
    for wrong, reason in (("31.11.2026", "такого дня нет"), ("29.02.2027", "такого дня нет"), ("скоро", "Не похоже на дату")):
        field.fill(wrong)
        field.press("Tab")
        expect(field).to_have_value(wrong)
        expect(field).to_have_accessible_description(description(reason))
    choose_patient(page, "Морозов", MOROZOV)
    window.get_by_role("button", name="Записать").click()
    expect(field).to_be_focused()
    expect(window).to_be_visible()
    days = {part for url in asked for part in re.findall(r"(?:from|to)=([^&]*)", url)}
    known = {f"{day}" for day in (soon, clinic_today() + timedelta(days=1), clinic.day(0))}
    assert days <= known, "a half typed date was asked for"


@pytest.mark.spec("UI-8")
def test_times_and_durations_are_typed_as_people_type_them(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(0), "12:00")
    time, duration = window.get_by_label("Время", exact=True), window.get_by_label("Длительность")
    for typed, shown in (("9", "09:00"), ("930", "09:30"), ("9.30", "09:30"), ("9-30", "09:30"), ("0900", "09:00")):
        time.fill(typed)
        time.press("Tab")
        expect(time).to_have_value(shown)
    time.press("ArrowUp")
    expect(time).to_have_value("09:05")
    for typed, shown in (("1:20", "80"), ("1,5 ч", "90"), ("40 мин", "40")):
        duration.fill(typed)
        duration.press("Tab")
        expect(duration).to_have_value(shown)
    for field, wrong, reason in ((time, "25:00", "такого времени нет"), (duration, "полчаса", "Например: 40")):
        field.fill(wrong)
        field.press("Tab")
        expect(field).to_have_value(wrong)
        expect(field).to_have_accessible_description(description(reason))
    choose_patient(page, "Морозов", MOROZOV)
    window.get_by_role("button", name="Записать").click()
    expect(time).to_be_focused()
    expect(window).to_be_visible()


@pytest.mark.spec("UI-8")
def test_a_day_of_another_year_names_it(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(0))
    year = clinic_today().year
    for typed, named in ((f"{clinic_today():%d.%m.%Y}", False), (f"1.6.{year + 1}", True)):
        window.get_by_label("Дата", exact=True).fill(typed)
        window.get_by_label("Дата", exact=True).press("Tab")
        heading = window.get_by_role("heading")
        if named:
            expect(heading).to_contain_text(f"1 июня {year + 1}")
        else:
            expect(heading).not_to_contain_text(str(year))


@pytest.mark.spec("UI-8", "UI-1")
def test_the_calendar_opens_by_mouse_and_keyboard_and_esc_closes_it_alone(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(0))
    field, calendar = window.get_by_label("Дата", exact=True), page.get_by_role("dialog", name="Календарь: Дата")
    choose_patient(page, "Морозов", MOROZOV)  # something to lose
    field.click()
    expect(calendar).to_be_visible()
    page.keyboard.press("Escape")
    expect(calendar).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(calendar.get_by_role("button", name=re.compile(f"^{clinic.day(0).day} "))).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(calendar).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(calendar).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"{clinic.day(1):%d.%m.%Y}")
    window.get_by_role("combobox", name="Услуги").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(1)  # nobody was asked to leave
    page.keyboard.press("Escape")
    leaving = page.get_by_role("dialog", name="Уйти без сохранения?")
    expect(leaving).to_be_visible()
    assert violations(page) == []  # its close button was nameless
    leaving.get_by_role("button", name="Закрыть").click()
    expect(window).to_be_visible()


@pytest.mark.spec("UI-8", "CAL-2")
def test_enter_chooses_and_what_nobody_chose_is_not_sent(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(4), "12:00")
    patient, services = window.get_by_label("Пациент", exact=True), window.get_by_role("combobox", name="Услуги")
    chosen = window.get_by_role("list", name="Выбранные услуги")
    patient.fill("Егоров")
    patient.press("Enter")  # at once, before the answer is there
    expect(window).to_contain_text("+7 913 555-03-03")
    services.click()
    services.press("Enter")  # an open list, nothing marked
    expect(services).to_have_accessible_description(description("Выберите строку"))
    services.fill("е")  # finds both
    services.press("Enter")
    expect(services).to_have_accessible_description(description("Выберите строку"))
    services.fill("такой нет")
    services.press("Enter")
    window.get_by_role("button", name="Записать").click()  # and by the mouse
    expect(services).to_be_focused()
    expect(services).to_have_value("такой нет")
    expect(services).to_have_accessible_description(description("Выберите из списка"))
    expect(window).to_be_visible()
    services.fill("кариес")
    services.press("Enter")
    expect(chosen).to_contain_text(FILLING)
    services.fill("консультация терапевта")
    services.press("ArrowDown")
    services.press("Enter")
    expect(chosen).to_contain_text(CONSULTATION)
    doctor = window.get_by_role("combobox", name="Врач")
    doctor.fill("белов")
    doctor.press("Enter")
    expect(doctor).to_have_value(BELOV)
    doctor.press("Enter")
    expect(CalendarPage(page).visit(EGOROV, "12:00–13:20", doctor=BELOV)).to_be_visible()


@pytest.mark.spec("UI-8", "PAT-1")
def test_a_birth_date_is_typed_by_digits_and_a_short_phone_is_refused(room: Room) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    page.get_by_role("button", name="Новый пациент").click()
    window = page.get_by_role("dialog", name="Новый пациент")
    window.get_by_label("Фамилия").fill("Строев")
    born, phone = window.get_by_label("Дата рождения"), window.get_by_label("Телефон")
    born.fill("12051987")
    phone.fill("8 912 345-67-8")
    window.get_by_role("button", name="Создать карту").click()
    expect(born).to_have_value("12.05.1987")
    expect(phone).to_be_focused()
    expect(phone).to_have_accessible_description(description("Не хватает цифр"))
    phone.fill("8(912)3456780")
    phone.press("Enter")
    expect(page.get_by_role("heading", name="Строев")).to_be_visible()
    expect(page.get_by_label("Дата рождения").first).to_have_value("12.05.1987")


@pytest.mark.spec("UI-8")
def test_sums_and_periods_are_typed_as_people_write_them(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/services")
    page.get_by_role("link", name=CONSULTATION).click()
    window = page.get_by_role("dialog", name="Услуга")
    price = window.get_by_label("Цена")
    price.fill("1,500")
    price.press("Enter")
    expect(price).to_have_value("1,500")
    expect(price).to_have_accessible_description(description("знаков после запятой"))
    price.fill("1 500,50 ₽")
    price.press("Enter")
    expect(page.get_by_text("Услуга сохранена")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(CONSULTATION))).to_contain_text(re.compile(r"1\s500,50"))

    page.goto("/visits")
    period = page.get_by_label("Период")
    period.fill("31.11")
    period.press("Enter")
    expect(period).to_have_accessible_description(description("такого дня нет"))
    assert "from=" not in page.url
    year = clinic_today().year
    period.fill("1.6 - 14.6")
    period.press("Enter")
    expect(period).to_have_value(f"01.06.{year} – 14.06.{year}")
    expect(page).to_have_url(re.compile(f"from={year}-06-01.*to={year}-06-14"))


@pytest.mark.spec("UI-2")
def test_a_notice_stands_above_the_bar_of_actions(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER)
    schedule = SchedulePage(page).open_week(clinic.monday)
    schedule.set_shift(schedule.cell(FOMIN, clinic.day(0)), "Выходная смена")
    schedule.save()
    bar = page.get_by_role("region", name="Правки графика").element_handle()
    notice = page.locator(".mantine-Notification-root").element_handle()
    above = "([notice, bar]) => notice.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top"
    page.wait_for_function(above, arg=[notice, bar])


@pytest.mark.spec("UI-8", "UI-3")
def test_what_a_field_cuts_off_a_pasted_text_is_not_lost_without_a_word(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window = booking(page, clinic, clinic.day(0))
    comment, notice = window.get_by_label("Комментарий"), page.get_by_role("alert").filter(has_text="Вставлено не всё")
    for over in (0, 15):
        page.evaluate("text => navigator.clipboard.writeText(text)", "я" * (MOST_COMMENT - 1 + over))
        comment.fill("б")
        comment.press("End")
        comment.press("Control+v")
        page.wait_for_function("([field, whole]) => field.value.length === whole", arg=[comment.element_handle(), MOST_COMMENT])
        expect(notice).to_have_count(1 if over else 0)
    expect(notice).to_contain_text("последние 15 отрезаны")


@pytest.mark.spec("CAL-2", "UI-2")
def test_a_second_enter_at_once_neither_undoes_the_choice_nor_books_an_unfilled_visit(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    window = booking(page, clinic, clinic.day(0))
    field = window.get_by_label("Пациент", exact=True)
    field.press_sequentially("морозов")
    expect(page.get_by_role("option", name=re.compile(MOROZOV))).to_be_visible()
    field.press("Enter")
    page.keyboard.press("Enter")
    expect(window.get_by_text("+7 913 555-02-02")).to_be_visible()
    window.get_by_role("button", name="Выбрать другого пациента").click()

    field.fill("Нетакой Иван")
    expect(page.get_by_role("option", name="Новый пациент: Нетакой Иван")).to_be_enabled()
    expect(page.get_by_text("Никого не нашли")).to_be_visible()
    field.press("Enter")
    expect(window.get_by_label("Фамилия")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(window.get_by_label("Имя")).to_be_focused()  # nothing was sent meanwhile
    expect(window.get_by_label("Фамилия")).to_have_value("Нетакой")
