"""The receptionist's day: booking, moving, refusals that change nothing, and colleagues who see it at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, add_service, choose_patient
from tests.browser.clinic import (
    BELOV,
    COLLEAGUE,
    CONSULTATION,
    EGOROV,
    FILLING,
    KUZNETSOVA,
    MELNIK,
    MOROZOV,
    ORLOVA,
    RECEPTIONIST,
    USERS,
    ZAITSEV,
    Clinic,
    at,
    today,
)
from tests.browser.desk import Room, delayed
from tests.browser.signing import sign_in, sign_out


@pytest.mark.spec("CAL-1", "SCH-4")
def test_a_day_shows_a_column_per_working_doctor_and_every_visit_of_it(room: Room, clinic: Clinic) -> None:
    day = clinic.day(0)
    clinic.save_days(COLLEAGUE, {(MELNIK, day): (), (BELOV, day): (("09:00", "12:00"),)})
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:20")
    clinic.book(MOROZOV, ORLOVA, day, "10:20", "11:20", services=(FILLING,))
    clinic.book(EGOROV, None, day, "07:00", "07:20")
    calendar = CalendarPage(room.seat(RECEPTIONIST)).open(day)

    expect(calendar.column(ORLOVA).get_by_role("button")).to_have_count(2)
    expect(calendar.visit(MOROZOV, "10:20–11:20", doctor=ORLOVA)).to_be_visible()
    expect(calendar.visit(EGOROV, "07:00–07:20", doctor="Без врача")).to_be_visible()
    for doctor in (BELOV, ZAITSEV):
        expect(calendar.column(doctor)).to_be_visible()
    expect(calendar.column(MELNIK)).to_have_count(0)


@pytest.mark.spec("CAL-1")
def test_everybodys_week_is_shown_by_days_and_pointing_at_a_visit_describes_it(room: Room, clinic: Clinic) -> None:
    clinic.book(KUZNETSOVA, ORLOVA, clinic.day(14), "10:00", "10:20", services=(FILLING,))
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(14), view="week", doctor="all")
    monday = page.get_by_role("link", name=re.compile("^понедельник"))
    block = page.get_by_role("group", name=re.compile(f"^{ORLOVA}, понедельник")).get_by_role("button")
    expect(block).to_have_count(1)
    block.hover()
    card = page.get_by_role("tooltip")
    for text in ("10:00–10:20", "Запланирован", KUZNETSOVA, FILLING):
        expect(card).to_contain_text(text)
    monday.click()
    expect(page).to_have_url(re.compile(f"date={clinic.day(14)}(?!.*view=)"))
    expect(calendar.column(ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-1")
def test_the_week_of_one_doctor_and_another_step_stand_in_the_address(room: Room, clinic: Clinic) -> None:
    clinic.book(KUZNETSOVA, ZAITSEV, clinic.day(1), "12:00", "12:20")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(0))
    page.get_by_role("link", name="Зайцев П. И.").click()
    expect(page.get_by_role("region", name=re.compile("^Расписание на неделю"))).to_be_visible()
    expect(calendar.visit(KUZNETSOVA, "12:00–12:20")).to_be_visible()

    page.get_by_role("combobox", name="Шаг сетки").click()
    page.get_by_role("option", name="30 мин").click()
    expect(page).to_have_url(re.compile(r"view=week.*step=30|step=30.*view=week"))
    page.reload()
    expect(page.get_by_role("combobox", name="Шаг сетки")).to_have_value("30 мин")
    expect(calendar.visit(KUZNETSOVA, "12:00–12:20")).to_be_visible()


@pytest.mark.spec("CAL-2")
def test_a_click_books_a_known_patient_for_as_long_as_the_service_takes(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(2))
    calendar.click(ORLOVA, "10:20")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    choose_patient(page, "550202", MOROZOV)
    add_service(page, FILLING)
    expect(window.get_by_label("Длительность")).to_have_value("60")
    window.get_by_label("Кабинет").fill("3")
    window.get_by_label("Комментарий").fill("Острая боль")
    window.get_by_role("button", name="Записать").click()

    expect(window).to_be_hidden()
    expect(calendar.visit(MOROZOV, "10:20–11:20", doctor=ORLOVA)).to_be_visible()


@pytest.mark.spec("CAL-2", "CAL-8")
def test_a_drag_books_a_patient_who_is_created_on_the_spot(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(2))
    calendar.drag(calendar.point(BELOV, "11:00"), calendar.point(BELOV, "11:40"))
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(window.get_by_label("Длительность")).to_have_value("60")
    page.get_by_label("Пациент", exact=True).fill("Полякова Инна")
    page.get_by_role("option", name="Новый пациент: Полякова Инна").click()
    expect(window.get_by_label("Фамилия")).to_have_value("Полякова")
    expect(window.get_by_label("Имя", exact=True)).to_have_value("Инна")
    window.get_by_label("Телефон").fill("8 (913) 555-07-07")
    window.get_by_role("button", name="Записать").click()

    booked = calendar.visit("Полякова Инна", "11:00–12:00", doctor=BELOV)
    expect(booked).to_be_visible()
    expect(booked).to_have_accessible_name(re.compile("первичный"))
    page.get_by_role("link", name="Пациенты").click()
    row = page.get_by_role("row", name=re.compile("Полякова Инна"))
    expect(row).to_contain_text("+7 913 555-07-07")


@pytest.mark.spec("CAL-8")
def test_who_has_been_here_lately_has_no_mark_of_a_first_visit(room: Room, clinic: Clinic) -> None:
    number = clinic.book(EGOROV, ZAITSEV, clinic.day(3), "09:00", "09:20")
    clinic.change_status(number, "in_progress", "completed")
    clinic.book(EGOROV, ZAITSEV, clinic.day(4), "09:00", "09:20")
    calendar = CalendarPage(room.seat(RECEPTIONIST)).open(clinic.day(4))
    expect(calendar.visit(EGOROV, "09:00–09:20")).to_be_visible()
    expect(calendar.visit(EGOROV, "09:00–09:20")).not_to_have_accessible_name(re.compile("первичный"))
    calendar.open(clinic.day(3))
    expect(calendar.visit(EGOROV, "09:00–09:20")).to_have_accessible_name(re.compile("первичный"))


@pytest.mark.spec("CAL-3")
def test_a_drag_moves_a_visit_to_another_time_and_doctor_and_its_lower_edge_makes_it_longer(room: Room, clinic: Clinic) -> None:
    day = clinic.day(5)
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    visit = calendar.visit(KUZNETSOVA)
    expect(visit).to_be_visible()

    calendar.drag(calendar.grip(visit), calendar.point(ZAITSEV, "12:20"))
    expect(calendar.visit(KUZNETSOVA, "12:20–13:00", doctor=ZAITSEV)).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Визит перенесён")).to_be_visible()

    calendar.drag(calendar.grip(visit, lower_edge=True), calendar.point(ZAITSEV, "13:20"))
    expect(calendar.visit(KUZNETSOVA, "12:20–13:20", doctor=ZAITSEV)).to_be_visible()
    page.reload()
    expect(calendar.visit(KUZNETSOVA, "12:20–13:20", doctor=ZAITSEV)).to_be_visible()


@pytest.mark.spec("CAL-3", "UI-3")
def test_a_move_onto_a_taken_time_snaps_back_with_the_reason_and_a_link_to_the_visit_there(room: Room, clinic: Clinic) -> None:
    day = clinic.day(6)
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    taken = clinic.book(MOROZOV, ZAITSEV, day, "12:00", "13:00")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    visit = calendar.visit(KUZNETSOVA)
    expect(visit).to_be_visible()

    calendar.drag(calendar.grip(visit), calendar.point(ZAITSEV, "12:20"))
    notice = page.get_by_role("alert").filter(has_text="Визит остался на месте")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link", name=re.compile(MOROZOV))).to_have_attribute(
        "href", re.compile(str(clinic.ids[f"№ {taken}"]))
    )
    assert violations(page) == []
    expect(calendar.visit(KUZNETSOVA, "10:00–10:40", doctor=ORLOVA)).to_be_visible()
    expect(calendar.visit(KUZNETSOVA, doctor=ZAITSEV)).to_have_count(0)


@pytest.mark.spec("CAL-7", "CAL-2")
def test_time_outside_the_hours_is_not_for_booking(room: Room, clinic: Clinic) -> None:
    day = clinic.day(9)
    clinic.save_days(COLLEAGUE, {(BELOV, day): (("09:00", "12:00"),)})
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    calendar.click(BELOV, "13:00")
    expect(page.get_by_role("alert")).to_contain_text("в это время приёма нет")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.spec("CAL-4")
def test_a_status_is_one_click_and_only_legal_ones_are_offered(room: Room, clinic: Clinic) -> None:
    day = clinic.day(7)
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    visit = calendar.visit(KUZNETSOVA)
    visit.click()
    drawer = page.get_by_role("dialog", name=re.compile("^Визит №"))
    drawer.get_by_role("button", name="Пришёл").click()
    page.get_by_role("button", name="Всё равно отметить").click()  # it lies in the week after next
    expect(visit).to_have_accessible_name(re.compile("пришёл"))
    drawer.get_by_role("button", name="Начать приём").click()
    expect(visit).to_have_accessible_name(re.compile("на приёме"))

    drawer.get_by_role("button", name="Ещё").click()
    offered = page.get_by_role("menuitem")
    expect(offered.first).to_be_visible()
    assert offered.all_inner_texts() == ["Пришёл"]
    page.keyboard.press("Escape")
    drawer.get_by_role("button", name="Завершить").click()
    page.get_by_role("button", name="Всё равно отметить").click()
    expect(visit).to_have_accessible_name(re.compile("завершён"))


@pytest.mark.spec("CAL-10")
def test_a_colleague_sees_a_booking_and_a_move_within_a_second_without_reloading(room: Room, clinic: Clinic) -> None:
    day = clinic.day(8)
    page, other = room.seat(RECEPTIONIST), room.seat(COLLEAGUE)
    mine, theirs = CalendarPage(page).open(day), CalendarPage(other).open(day)
    mine.click(ORLOVA, "10:00")
    choose_patient(page, "Кузн", KUZNETSOVA)
    add_service(page, CONSULTATION)
    page.get_by_role("button", name="Записать", exact=True).last.click()
    expect(mine.visit(KUZNETSOVA, "10:00–10:20", doctor=ORLOVA)).to_be_visible()
    expect(theirs.visit(KUZNETSOVA, "10:00–10:20", doctor=ORLOVA)).to_be_visible(timeout=1000)
    expect(page.get_by_role("dialog")).to_have_count(0)  # what is booked is drawn while the window still closes over it

    mine.drag(mine.grip(mine.visit(KUZNETSOVA)), mine.point(BELOV, "11:20"))
    expect(mine.visit(KUZNETSOVA, "11:20–11:40", doctor=BELOV)).to_be_visible()
    expect(theirs.visit(KUZNETSOVA, "11:20–11:40", doctor=BELOV)).to_be_visible(timeout=1000)


@pytest.mark.spec("UI-2", "UI-3")
def test_a_visit_that_a_colleague_changed_meanwhile_keeps_what_was_typed(room: Room, clinic: Clinic) -> None:
    day = clinic.day(10)
    number = clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:40", room="1")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    calendar.visit(KUZNETSOVA).click()
    drawer = page.get_by_role("dialog", name=re.compile(f"^Визит № {number}"))
    drawer.get_by_label("Комментарий").fill("Просит позвонить накануне")
    clinic.move(number, start=at(day, "14:00"), end=at(day, "14:40"))
    notice = drawer.get_by_role("status").filter(has_text="Пока вы правили, визит изменил коллега")
    expect(notice).to_contain_text("10:00–10:40")
    expect(notice).to_contain_text("Это уже в форме, ваши правки остались")
    expect(drawer.get_by_label("Комментарий")).to_have_value("Просит позвонить накануне")
    expect(drawer.get_by_label("Время", exact=True)).to_have_value("14:00")
    assert violations(page) == []

    drawer.get_by_role("button", name="Сохранить").click()
    expect(notice).to_have_count(0)
    expect(calendar.visit(KUZNETSOVA, "14:00–14:40")).to_be_visible()
    expect(drawer.get_by_label("Комментарий")).to_have_value("Просит позвонить накануне")


@pytest.mark.spec("UI-2", "UI-3")
def test_where_both_typed_the_same_one_chooses_whose_it_is(room: Room, clinic: Clinic) -> None:
    day = clinic.day(11)
    number = clinic.book(MOROZOV, ORLOVA, day, "10:00", "10:40", room="1")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    calendar.visit(MOROZOV).click()
    drawer = page.get_by_role("dialog", name=re.compile(f"^Визит № {number}"))
    drawer.get_by_label("Комментарий").fill("Перезвонить")
    drawer.get_by_label("Время", exact=True).fill("10:20")
    clinic.move(number, start=at(day, "14:00"), end=at(day, "14:40"))
    drawer.get_by_role("button", name="Взять изменения коллеги").click()
    expect(drawer.get_by_label("Время", exact=True)).to_have_value("14:00")
    expect(drawer.get_by_label("Комментарий")).to_have_value("Перезвонить")


@pytest.mark.spec("CAL-3")
def test_a_visit_between_the_lines_keeps_its_time_when_it_goes_to_another_doctor(room: Room, clinic: Clinic) -> None:
    day = clinic.day(12)
    clinic.book(EGOROV, ORLOVA, day, "10:05", "10:45")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    visit = calendar.visit(EGOROV, "10:05–10:45")
    expect(visit).to_be_visible()
    grip = calendar.grip(visit)
    calendar.drag(grip, (calendar.point(ZAITSEV, "10:00")[0], grip[1]))
    expect(calendar.visit(EGOROV, "10:05–10:45", doctor=ZAITSEV)).to_be_visible()


@pytest.mark.spec("CAL-1")
def test_everybodys_week_opens_where_today_is(room: Room) -> None:
    page = room.seat(RECEPTIONIST, width=1024, height=768)
    CalendarPage(page).open(today(), view="week", doctor="all")
    band = page.get_by_role("link", name=re.compile(rf"^[а-я]+, {today().day} "))
    expect(band).to_be_in_viewport(ratio=1)


@pytest.mark.spec("CAL-2")
def test_a_patient_whom_the_typed_name_does_not_find_is_not_taken_while_the_search_runs(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(13))
    calendar.click(ORLOVA, "10:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    field = window.get_by_label("Пациент", exact=True)
    field.fill("К")
    known = page.get_by_role("option", name=re.compile(KUZNETSOVA))
    expect(known).to_be_visible()
    with delayed(page, "**/api/patients/search?*"):
        with page.expect_request("**/api/patients/search?*"):
            field.fill("Ковалёв")
        expect(known).to_have_count(0)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(window.get_by_role("button", name="Выбрать другого пациента")).to_have_count(0)
        expect(window).not_to_contain_text(KUZNETSOVA)
    expect(window.get_by_label("Фамилия")).to_have_value("Ковалёв")  # nobody is called so: Enter leads to the new card


def test_a_booking_begun_is_not_closed_by_a_slip(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(13))
    button = page.get_by_role("button", name="Записать", exact=True)
    button.click()
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(window.get_by_label("Пациент", exact=True)).to_be_focused()
    page.keyboard.press("Escape")  # the list below the field
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(button).to_be_focused()

    calendar.click(ORLOVA, "11:00")
    window.get_by_label("Комментарий").fill("Острая боль")
    page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    question.get_by_role("button", name="Остаться").click()
    expect(question).to_have_count(0)
    expect(window.get_by_label("Комментарий")).to_have_value("Острая боль")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Уйти", exact=True).click()
    expect(window).to_have_count(0)
    page.reload()
    expect(calendar.grid).to_be_visible()
    expect(window).to_have_count(0)


@pytest.mark.spec("SEC-5")
def test_a_started_booking_is_restored_only_for_the_user_who_started_it(room: Room, clinic: Clinic) -> None:
    day = clinic.day(13)
    page = room.window().new_page()
    page.goto(f"/calendar?date={day}")
    sign_in(page, USERS[RECEPTIONIST][0])
    CalendarPage(page).click(ORLOVA, "12:00")
    choose_patient(page, "Кузн", KUZNETSOVA)
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    expect(window.get_by_role("button", name="Выбрать другого пациента")).to_be_visible()

    page.goto("/visits")
    sign_out(page, RECEPTIONIST)
    sign_in(page, USERS[COLLEAGUE][0])
    expect(page.get_by_role("button", name=re.compile(COLLEAGUE.split()[0]))).to_be_visible()
    CalendarPage(page).open(day)
    expect(page.get_by_role("dialog")).to_have_count(0)

    sign_out(page, COLLEAGUE)
    sign_in(page, USERS[RECEPTIONIST][0])
    expect(window).to_contain_text(KUZNETSOVA)


@pytest.mark.spec("UI-2")
def test_a_visit_with_unsaved_changes_asks_however_it_is_left(room: Room, clinic: Clinic) -> None:
    day = clinic.day(13)
    clinic.book(MOROZOV, BELOV, day, "15:00", "15:40")
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(day)
    calendar.visit(MOROZOV).click()
    drawer = page.get_by_role("dialog", name=re.compile("^Визит №"))
    drawer.get_by_label("Комментарий").fill("Перезвонить")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: drawer.get_by_role("link", name="Открыть визит на отдельной странице").click(),
        page.go_back,
    ):
        leave()
        question.get_by_role("button", name="Остаться").click()
        expect(question).to_have_count(0)
        expect(drawer.get_by_label("Комментарий")).to_have_value("Перезвонить")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Уйти", exact=True).click()
    expect(drawer).to_have_count(0)
