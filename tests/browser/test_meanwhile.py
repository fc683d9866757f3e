"""What colleagues do while somebody types, and answers that come when they have gone on."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from aggregates.catalogues import Source
from commands import catalogue
from commands.access import rights_set
from commands.clinic import service
from commands.people import employee, patient
from commands.scheduling import visit
from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import BELOV, COLLEAGUE, EGOROV, KUZNETSOVA, MANAGER, MOROZOV, ORLOVA, Clinic
from tests.browser.desk import Room, delayed

Removal = Callable[[], object]


def card(clinic: Clinic) -> UUID:
    return patient.create_card(clinic.denta.clinic, clinic.by(), {"family_name": "Ушаков", "city": "Омск"}).id


def deleted_patient(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = card(clinic)
    return f"/patients/{id_}", "Город", lambda: patient.delete_card(clinic.denta.clinic, clinic.by(), id_)


def merged_patient(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = card(clinic)
    survivor = clinic.ids[KUZNETSOVA]
    return f"/patients/{id_}", "Город", lambda: patient.merge_cards(clinic.denta.clinic, clinic.by(), survivor, id_)


def deleted_employee(clinic: Clinic) -> tuple[str, str, Removal]:
    clinic.hire("Уходящий Пётр Ильич", "Ортодонт")
    id_ = clinic.ids["Уходящий Пётр Ильич"]
    return f"/employees/{id_}", "Имя", lambda: employee.delete_employee(clinic.denta.clinic, clinic.by(), id_)


def deleted_service(clinic: Clinic) -> tuple[str, str, Removal]:
    made = {"name": "Ретракция", "price": "300", "duration": 20}
    id_ = service.create_service(clinic.denta.clinic, clinic.by(), made).id
    return f"/services/{id_}", "Наименование", lambda: service.delete_service(clinic.denta.clinic, clinic.by(), id_)


def deleted_visit(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = clinic.ids[f"№ {clinic.book(KUZNETSOVA, ORLOVA, clinic.day(0), '10:00', '10:20')}"]
    return f"/visits/{id_}", "Комментарий", lambda: visit.delete_visit(clinic.denta.clinic, clinic.by(), id_)


def deleted_rights_set(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = uuid4()
    rights_set.create_rights_set(clinic.denta.clinic, clinic.by(), "Практикант", "calendar", ("calendar",), rights_set_id=id_)
    return f"/settings/rights/{id_}", "Наименование", lambda: rights_set.delete_rights_set(clinic.denta.clinic, clinic.by(), id_)


@pytest.mark.spec("UI-2", "UI-3", "CAL-10")
@pytest.mark.parametrize(
    "opened", [deleted_patient, merged_patient, deleted_employee, deleted_service, deleted_visit, deleted_rights_set]
)
def test_what_is_typed_into_a_card_that_goes_meanwhile_can_be_read_and_not_saved(
    room: Room, clinic: Clinic, opened: Callable[[Clinic], tuple[str, str, Removal]]
) -> None:
    address, label, remove = opened(clinic)
    page = room.seat(MANAGER, address)
    field = page.get_by_label(label, exact=True).first
    field.fill("Набрано раньше")
    save = page.get_by_role("button", name="Сохранить", exact=True)
    expect(save).to_be_enabled()
    remove()
    reason = "объединили с другой" if opened is merged_patient else "удалили"
    expect(page.get_by_role("alert").filter(has_text=f"{reason}: ваши правки не сохранены")).to_be_in_viewport()
    expect(save).to_be_disabled()
    expect(field).to_be_disabled()
    expect(field).to_have_value("Набрано раньше")
    expect(field).to_have_css("opacity", "1")
    expect(field).to_have_css("color", str(page.evaluate("() => getComputedStyle(document.body).color")))


LEAVE = "Уйти без сохранения?"


def leave(page: Page) -> None:
    """Somebody who doesn't wait for the answer goes to the services: out of the window if there is one, past the question."""
    question = page.get_by_role("dialog", name=LEAVE)
    if page.get_by_role("dialog").count():
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.querySelectorAll('[role=dialog]').length !== 1")
        if question.count():
            question.get_by_role("button", name="Уйти").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Услуги").click()
    expect(question.or_(page.get_by_role("heading", level=1, name="Услуги"))).to_be_visible()
    if question.count():
        question.get_by_role("button", name="Уйти").click()


Late = tuple[str, Callable[[Page], None], str, str]
"""The address, what is sent there, the address of its answer, and what the notice says."""


def new_rights_set(_: Clinic) -> Late:
    def send(page: Page) -> None:
        page.get_by_label("Наименование").fill("Куратор")
        page.get_by_role("button", name="Создать").click()

    return "/settings/rights/new", send, "/api/rights-sets$", "Набор создан."


def new_patient(_: Clinic) -> Late:
    def send(page: Page) -> None:
        page.get_by_role("button", name="Новый пациент").click()
        page.get_by_role("dialog").get_by_label("Фамилия").fill("Поздняя")
        page.get_by_role("button", name="Создать карту").click()

    return "/patients", send, "/api/patients$", "Карта пациента создана."


def new_service(_: Clinic) -> Late:
    """Created in the same window that is opened again for the next one."""

    def send(page: Page) -> None:
        page.get_by_role("dialog").get_by_label("Наименование").fill("Пескоструй")
        page.get_by_role("dialog").get_by_label("Цена").fill("900")
        page.get_by_role("button", name="Создать").click()

    return "/services/new", send, "/api/services$", "Услуга создана"


def returned_entry(clinic: Clinic) -> Late:
    id_ = catalogue.create_entry(clinic.denta.clinic, clinic.by(), Source, {"name": "Листовка"}).id
    catalogue.delete_entry(clinic.denta.clinic, clinic.by(), Source, id_)

    def send(page: Page) -> None:
        page.get_by_role("dialog").get_by_role("button", name="Вернуть").click()

    return f"/catalogues/source/{id_}", send, "/return$", "Возвращено: Листовка"


def merged_cards(clinic: Clinic) -> Late:
    """Into the other card, which is opened then."""
    card(clinic)

    def send(page: Page) -> None:
        page.get_by_role("button", name="Объединить…").click()
        choose_patient(page, "Ушаков", "Ушаков")
        page.get_by_role("radio", name=re.compile("^Ушаков")).last.check()
        page.get_by_role("dialog").get_by_role("button", name="Объединить", exact=True).click()

    return f"/patients/{card(clinic)}", send, "/merge$", "Карты объединены."


def returned_hours(clinic: Clinic) -> Late:
    old = clinic.save_days(COLLEAGUE, {(BELOV, clinic.day(5)): ()})
    clinic.save_days(COLLEAGUE, {(BELOV, clinic.day(5)): (("09:00", "21:00"),)})

    def send(page: Page) -> None:
        page.get_by_role("button", name="Вернуться к данному состоянию").click()
        page.get_by_role("dialog").get_by_role("button", name="Вернуть этот график").click()

    return f"/settings/hours/versions/{old}", send, "/api/schedule/restore$", "График возвращён к состоянию на"


def returned_visit(clinic: Clinic) -> Late:
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(2), "10:00", "10:20")
    visit.delete_visit(clinic.denta.clinic, clinic.by(), clinic.ids[f"№ {number}"])

    def send(page: Page) -> None:
        page.get_by_role("button", name="Вернуть", exact=True).click()

    return f"/visits/{clinic.ids[f'№ {number}']}", send, "/return$", f"Визит № {number} возвращён."


@pytest.mark.spec("UI-2")
@pytest.mark.parametrize(
    "sent", [new_rights_set, new_patient, new_service, returned_entry, merged_cards, returned_hours, returned_visit]
)
def test_an_answer_that_comes_late_leads_nobody_away(room: Room, clinic: Clinic, sent: Callable[[Clinic], Late]) -> None:
    address, send, answered, notice = sent(clinic)
    page = room.seat(MANAGER, address)
    name = page.get_by_role("dialog", name="Новая услуга").get_by_label("Наименование")
    with delayed(page, re.compile(answered)), page.expect_request(re.compile(answered)):
        send(page)
        leave(page)
        page.get_by_role("link", name="Новая услуга").click()
        name.fill("Отбеливание")
    expect(page.get_by_text(notice)).to_be_visible()
    page.keyboard.type(" зубов за час")
    expect(name).to_have_value("Отбеливание зубов за час")
    expect(page.get_by_role("dialog")).to_have_count(1)  # nor is anybody asked whether to leave
    expect(page).to_have_url(re.compile("/services/new$"))


@pytest.mark.spec("UI-2", "CAL-2")
def test_a_booking_answered_late_leaves_the_next_one_as_it_is_typed(room: Room, clinic: Clinic) -> None:
    day = clinic.day(3)
    page = room.seat(MANAGER)
    calendar = CalendarPage(page).open(day)
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    with delayed(page, re.compile("/api/visits$")), page.expect_request(re.compile("/api/visits$")):
        calendar.click(ORLOVA, "12:00")
        choose_patient(page, "Морозов", MOROZOV)
        window.get_by_role("button", name="Записать").click()
        page.keyboard.press("Escape")
        page.get_by_role("dialog", name=LEAVE).get_by_role("button", name="Уйти").click()
        expect(window).to_have_count(0)
        calendar.click(BELOV, "14:00")
        choose_patient(page, "Егоров", EGOROV)
        window.get_by_label("Комментарий").fill("С болью")
    expect(page.get_by_text(re.compile("Визит № [0-9]+ записан: .*12:00"))).to_be_visible()
    expect(window.get_by_label("Комментарий")).to_have_value("С болью")
    page.reload()
    expect(window.get_by_label("Комментарий")).to_have_value("С болью")
    expect(window).to_contain_text("+7 913 555-03-03")
    window.get_by_role("button", name="Записать").click()
    expect(calendar.visit(EGOROV, "14:00", doctor=BELOV)).to_be_visible()


@pytest.mark.spec("UI-2", "UI-3")
def test_a_booking_refused_late_asks_nothing_of_who_has_gone_on(room: Room, clinic: Clinic) -> None:
    """Its warning would be a window over what is typed by then; it says instead that nothing was booked, and of which time."""
    day = clinic.day(4)
    clinic.book(MOROZOV, BELOV, day, "12:00", "12:20")
    page = room.seat(MANAGER)
    CalendarPage(page).open(day).click(ORLOVA, "12:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    name = page.get_by_role("dialog", name="Новая услуга").get_by_label("Наименование")
    choose_patient(page, "Морозов", MOROZOV)
    with delayed(page, re.compile("/api/visits$")), page.expect_request(re.compile("/api/visits$")):
        window.get_by_role("button", name="Записать").click()
        leave(page)
        page.get_by_role("link", name="Новая услуга").click()
        name.fill("Отбеливание")
    expect(page.get_by_role("alert").filter(has_text="Визит не записан")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(name).to_have_value("Отбеливание")


@pytest.mark.spec("UI-6")
def test_a_search_that_is_still_typed_does_not_lead_back(room: Room) -> None:
    page = room.seat(MANAGER, "/employees")
    menu = page.get_by_role("navigation", name="Разделы")
    expect(page.get_by_role("searchbox")).to_be_visible()
    with delayed(page, "**/assets/*Page-*.js"):
        page.get_by_role("searchbox").press_sequentially("орлова")
        menu.get_by_role("link", name="Настройки клиники").click()
        page.wait_for_function("() => new Promise(resolve => setTimeout(() => resolve(true), 400))")
    expect(page.get_by_role("heading", level=1, name="Настройки клиники")).to_be_visible()
    expect(page).to_have_url(re.compile("/settings$"))
