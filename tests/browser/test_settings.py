"""The clinic's settings and information, as a manager keeps them and everybody sees them at work."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_page import CalendarPage, choose_patient
from tests.browser.clinic import MANAGER, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("button", name="Сохранить")).to_be_disabled()


@pytest.mark.spec("CLN-1")
def test_the_clinics_name_changes_everywhere_at_once_and_a_wrong_number_is_reported_at_its_field(
    room: Room, clinic: Clinic
) -> None:
    colleague = room.seat(RECEPTIONIST, "/patients")
    page = room.seat(MANAGER, "/settings/clinic")
    expect(page.get_by_role("link", name="Редактировать график")).to_have_attribute("href", "/settings/hours")
    page.get_by_label("Наименование клиники").fill("Стоматология «Мыс»")
    page.get_by_label("ИНН", exact=True).fill("7707083894")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert").filter(has_text="не сходятся контрольные цифры")).to_have_count(1)
    expect(page.get_by_label("ИНН", exact=True)).to_be_focused()
    page.get_by_label("ИНН", exact=True).fill("7707083893")
    save(page)
    for other in (page, colleague):
        expect(other.get_by_role("link", name="Стоматология «Мыс»: на главную")).to_be_visible()


@pytest.mark.spec("CLN-2")
def test_settings_stand_in_groups_and_the_closing_date_only_where_it_means_something(room: Room) -> None:
    page = room.seat(MANAGER, "/settings")
    for group in ("Предварительная запись", "Визит", "Документы и справочники", "Склад", "Деньги", "Клиника"):
        expect(page.get_by_role("region", name=group)).to_be_visible()
    closing = page.get_by_label("Документы закрыты до даты")
    expect(closing).to_have_count(0)
    page.get_by_role("combobox", name="Работа с документами").click()
    page.get_by_role("option", name="Нет").click()
    expect(closing).to_be_visible()
    page.get_by_role("button", name="Сохранить").click()
    expect(closing).to_have_accessible_description(re.compile("Укажите дату, до которой работа с документами закрыта."))
    expect(closing).to_be_focused()
    closing.fill("01.02.2020")
    closing.press("Tab")
    save(page)


@pytest.mark.spec("CLN-3")
def test_settings_are_looked_up_as_of_a_date_with_the_changes_of_each(room: Room, clinic: Clinic) -> None:
    clinic.set(first_visit_months=18)
    page = room.seat(MANAGER, "/settings")
    page.get_by_role("link", name="История настроек").click()
    row = page.get_by_role("row").filter(has_text="Пациент считается первичным")
    expect(row).to_contain_text("18")
    row.get_by_role("button", name=re.compile("изменени")).click()
    expect(page.get_by_text(re.compile("12 → 18"))).to_be_visible()
    page.get_by_label("Состояние на дату").fill(f"{clinic.monday.replace(year=2020):%d.%m.%Y}")
    page.get_by_label("Время").fill("10:00")
    page.get_by_role("button", name="Показать").click()
    expect(page).to_have_url(re.compile("moment=2020"))
    expect(row).to_contain_text("–")


@pytest.mark.spec("VIS-2")
def test_an_unknown_service_is_created_while_booking_only_where_the_settings_allow_it(room: Room, clinic: Clinic) -> None:
    clinic.set(create_services=False)
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(2))
    calendar.click(ORLOVA, "14:00")
    choose_patient(page, "Морозов", MOROZOV)
    services = page.get_by_role("combobox", name="Услуги")
    services.fill("Пришлифовка")
    expect(page.get_by_text("Такой услуги нет в справочнике")).to_be_visible()
    clinic.set(create_services=True)
    page.get_by_role("option", name="Создать услугу «Пришлифовка»").click()
    page.get_by_label("Цена: Пришлифовка").fill("950")
    page.get_by_role("dialog").get_by_role("button", name="Записать").click()
    expect(calendar.visit(MOROZOV, "14:00", doctor=ORLOVA)).to_be_visible()
    calendar.visit(MOROZOV, "14:00", doctor=ORLOVA).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Итого 950")).to_be_visible()
    drawer.get_by_role("combobox", name="Услуги").fill("Покрытие лаком")
    page.get_by_role("option", name="Создать услугу «Покрытие лаком»").click()
    drawer.get_by_label("Цена: Покрытие лаком").fill("300")
    drawer.get_by_role("button", name="Сохранить").click()
    expect(drawer.get_by_text("Итого 1 250")).to_be_visible()
    expect(drawer.get_by_role("button", name="Сохранить")).to_be_disabled()
