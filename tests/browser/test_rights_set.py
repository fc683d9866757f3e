"""Sets of rights on the screen: made, warned about, kept while somebody has them, and at work at once in open windows."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic import COLLEAGUE, MANAGER, ORLOVA, RECEPTIONIST
from tests.browser.desk import Room


def open_set(page: Page, name: str) -> None:
    page.goto("/settings/rights")
    page.get_by_role("table", name="Наборы прав доступа").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Набор сохранён")).to_be_visible()


def delete(page: Page, name: str) -> None:
    page.get_by_role("button", name="Удалить набор").click()
    question = page.get_by_role("dialog", name=f"Удалить набор: {name}?")
    question.get_by_role("button", name="Удалить", exact=True).click()


@pytest.mark.spec("ACL-1", "ACL-5")
def test_a_set_is_made_from_the_tree_and_warns_of_rights_that_lead_to_all_others(room: Room) -> None:
    page = room.seat(MANAGER, "/settings/rights/new")
    page.get_by_label("Наименование").fill("Старший администратор")
    page.get_by_role("checkbox", name="Продажи").check()
    expect(page.get_by_role("checkbox", name="Услуги")).to_be_checked()
    warning = page.get_by_role("status").filter(has_text="смогут менять и собственные права доступа")
    expect(warning).to_have_count(0)
    page.get_by_role("checkbox", name="Справочник сотрудников").check()
    expect(warning).to_contain_text("Справочник сотрудников")
    page.get_by_role("checkbox", name="Управление правами доступа").check()
    expect(warning).to_contain_text("Управление правами доступа")
    page.get_by_role("checkbox", name="Справочник сотрудников").uncheck()
    page.get_by_role("checkbox", name="Управление правами доступа").uncheck()
    expect(warning).to_have_count(0)
    page.get_by_role("combobox", name="Стартовая страница").click()
    page.get_by_role("option", name="Продажи – Визиты").click()
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_role("heading", level=1, name="Старший администратор")).to_be_visible()
    expect(page.get_by_role("combobox", name="Стартовая страница")).to_have_value("Продажи – Визиты")

    delete(page, "Старший администратор")
    expect(page.get_by_text("Назначить его нельзя")).to_be_visible()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_role("button", name="Удалить набор")).to_be_visible()


@pytest.mark.spec("ACL-2", "UI-3")
def test_a_set_in_use_lists_its_users_and_is_not_deleted(room: Room) -> None:
    page = room.seat(MANAGER, "/settings/rights")
    row = page.get_by_role("table", name="Наборы прав доступа").get_by_role("row").filter(has_text="Врач")
    expect(row).to_contain_text(ORLOVA)
    open_set(page, "Врач")
    delete(page, "Врач")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("назначен сотрудникам")
    expect(refusal.get_by_role("link", name=ORLOVA)).to_have_attribute("href", re.compile("^/employees/"))


@pytest.mark.spec("ACL-7")
def test_a_changed_set_works_at_once_in_an_open_window(room: Room) -> None:
    room.expected.append("У вас нет доступа к этому разделу")  # the router's own way of telling that a page was refused
    desk = room.seat(RECEPTIONIST, "/visits")
    expect(desk.get_by_role("heading", level=1, name="Визиты")).to_be_visible()
    manager = room.seat(MANAGER)
    open_set(manager, "Регистратор")
    manager.get_by_label("Визиты", exact=True).uncheck()
    save(manager)
    expect(desk.get_by_role("heading", name="Нет доступа")).to_be_visible()
    expect(desk.get_by_role("navigation", name="Разделы").get_by_role("link", name="Визиты")).to_have_count(0)
    manager.get_by_label("Визиты", exact=True).check()
    save(manager)
    expect(desk.get_by_role("navigation", name="Разделы").get_by_role("link", name="Визиты")).to_be_visible()


@pytest.mark.spec("ACL-7", "UI-2")
def test_a_right_that_a_colleague_withdraws_meanwhile_does_not_come_back(room: Room) -> None:
    page, other = room.seat(MANAGER, "/settings/rights/new"), room.seat(COLLEAGUE)
    page.get_by_label("Наименование").fill("Стажёр")
    for right in ("Пациенты", "Визиты", "Услуги"):
        page.get_by_role("checkbox", name=right, exact=True).check()
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_role("heading", level=1, name="Стажёр")).to_be_visible()

    page.get_by_label("Наименование").fill("Стажёр на ресепшен")
    page.get_by_role("checkbox", name="Услуги", exact=True).uncheck()
    open_set(other, "Стажёр")
    other.get_by_role("checkbox", name="Визиты", exact=True).uncheck()
    other.get_by_role("checkbox", name="Журнал действий", exact=True).check()
    save(other)
    expect(page.get_by_role("checkbox", name="Визиты", exact=True)).not_to_be_checked()
    save(page)
    for window in (page, other):
        expect(window.get_by_role("heading", level=1, name="Стажёр на ресепшен")).to_be_visible()
        for right, on in (("Пациенты", True), ("Визиты", False), ("Услуги", False), ("Журнал действий", True)):
            expect(window.get_by_role("checkbox", name=right, exact=True)).to_be_checked(checked=on)


@pytest.mark.spec("UI-2")
def test_a_set_changed_once_more_after_a_save_asks_before_it_is_left(room: Room) -> None:
    page = room.seat(MANAGER, "/settings/rights/new")
    page.get_by_label("Наименование").fill("Ассистент")
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_role("heading", level=1, name="Ассистент")).to_be_visible()
    page.get_by_label("Наименование").fill("Старший ассистент")
    save(page)
    page.get_by_label("Наименование").fill("Младший ассистент")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Расписание").click()
    page.get_by_role("button", name="Остаться").click()
    expect(page.get_by_label("Наименование")).to_have_value("Младший ассистент")
