"""«Разрешить доступ к системе»: who gets it signs in, sees what the set gives, and is out when it is taken away."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic import BELOV, FOMIN, MANAGER, ORLOVA, Clinic
from tests.browser.desk import Room
from tests.browser.signing import sign_in

PASSWORD = "кофе с корицей 7"


def card(page: Page, name: str) -> None:
    page.get_by_role("table", name="Сотрудники").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


@pytest.mark.spec("ACL-3", "ACL-6", "ACL-7")
def test_access_is_given_by_address_password_and_set_and_taken_away(room: Room) -> None:
    manager = room.seat(MANAGER, "/settings/rights/new")
    manager.get_by_label("Наименование").fill("Врач на приёме")
    manager.get_by_label("Видит только своё расписание").check()
    expect(manager.get_by_role("checkbox", name="Журнал действий")).to_be_disabled()
    manager.get_by_role("button", name="Создать").click()
    expect(manager.get_by_role("heading", level=1, name="Врач на приёме")).to_be_visible()

    manager.goto("/employees")
    card(manager, BELOV)
    manager.get_by_label("Разрешить доступ к системе").check()
    manager.get_by_label("E-mail для входа").fill("belov@bereg.example")
    manager.get_by_label("Пароль", exact=True).fill("belov2026")
    manager.get_by_role("combobox", name="Набор прав").click()
    manager.get_by_role("option", name="Врач на приёме").click()
    manager.get_by_role("button", name="Сохранить доступ").click()
    expect(manager.get_by_label("Пароль", exact=True)).to_have_accessible_description(re.compile("повторяет имя или адрес"))
    manager.get_by_label("Пароль", exact=True).fill(PASSWORD)
    manager.get_by_role("button", name="Сохранить доступ").click()
    expect(manager.get_by_text("Доступ сохранён")).to_be_visible()

    doctor = room.window().new_page()
    doctor.goto("/calendar")
    sign_in(doctor, "belov@bereg.example", PASSWORD)
    doctor.get_by_role("button", name="Записать", exact=True).click()
    doctor.get_by_role("combobox", name="Врач").click()
    expect(doctor.get_by_role("option", name=re.compile(BELOV.split()[0]))).to_be_visible()
    expect(doctor.get_by_role("option", name=re.compile(ORLOVA.split()[0]))).to_have_count(0)

    manager.get_by_label("Разрешить доступ к системе").uncheck()
    manager.get_by_role("button", name="Закрыть доступ").click()
    expect(manager.get_by_text("Доступ закрыт")).to_be_visible()
    expect(doctor.get_by_role("dialog", name="Сеанс завершён")).to_be_visible()


@pytest.mark.spec("UI-2")
def test_an_access_that_is_not_saved_is_asked_about_before_leaving(room: Room, clinic: Clinic) -> None:
    """The box alone is no input yet: it only opens the fields."""
    page = room.seat(MANAGER, f"/employees/{clinic.ids[FOMIN]}")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    sections = page.get_by_role("navigation", name="Разделы")
    page.get_by_label("Разрешить доступ к системе").check()
    sections.get_by_role("link", name="Сотрудники").click()
    expect(page.get_by_role("table", name="Сотрудники")).to_be_visible()
    expect(question).to_have_count(0)

    card(page, FOMIN)
    page.get_by_label("Разрешить доступ к системе").check()
    page.get_by_label("E-mail для входа").fill("fomin@bereg.example")
    sections.get_by_role("link", name="Сотрудники").click()
    question.get_by_role("button", name="Остаться").click()
    expect(page.get_by_label("E-mail для входа")).to_have_value("fomin@bereg.example")
    sections.get_by_role("link", name="Сотрудники").click()
    question.get_by_role("button", name="Уйти", exact=True).click()
    expect(page.get_by_role("table", name="Сотрудники")).to_be_visible()
    expect(question).to_have_count(0)
