"""Articles of income and outgo on the screen, as a bookkeeper keeps them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.clinic import COLLEAGUE, MANAGER, RECEPTIONIST, Clinic
from tests.browser.desk import Room
from tests.browser.test_search import ask


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


@pytest.mark.spec("FIN-8", "CAL-10", "DEL-1", "DEL-2", "UI-4")
def test_articles_are_created_grouped_narrowed_deleted_and_returned(room: Room, clinic: Clinic) -> None:
    clinic.set(show_deleted=True)
    beside = room.seat(COLLEAGUE, "/articles")
    expect(beside.get_by_role("heading", level=1, name="Статьи")).to_be_visible()
    page = room.seat(MANAGER, "/calendar")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Статьи").click()
    page.get_by_role("link", name="Новая статья").click()
    new = page.get_by_role("dialog", name="Новая статья")
    new.get_by_label("Наименование").fill("Помещение")
    new.get_by_role("button", name="Создать").click()
    expect(new).to_contain_text("Выберите направление")
    new.get_by_role("radio", name="Расход").check()
    new.get_by_role("button", name="Создать").click()
    expect(new).to_have_count(0)
    expect(row(beside, "Помещение")).to_contain_text("Расход")

    page.get_by_role("radiogroup", name="Направление").get_by_text("Расход").click()
    page.get_by_role("link", name="Новая статья").click()
    expect(new.get_by_role("radio", name="Расход")).to_be_checked()
    new.get_by_label("Наименование").fill("помещение")
    page.keyboard.press("Enter")
    expect(new).to_contain_text("Статья расхода «Помещение» уже есть. Назовите эту иначе.")
    new.get_by_label("Наименование").fill("Аренда")
    new.get_by_role("combobox", name="Группа").click()
    page.get_by_role("option", name="Помещение").click()
    new.get_by_role("button", name="Создать").click()
    expect(new).to_have_count(0)
    expect(row(page, "Аренда")).to_contain_text("Помещение")
    page.get_by_role("radiogroup", name="Направление").get_by_text("Приход").click()
    expect(page.get_by_text("Таких статей нет")).to_be_visible()
    page.get_by_role("radiogroup", name="Направление").get_by_text("Все").click()

    row(page, "Помещение").get_by_role("link").click()
    window = page.get_by_role("dialog", name="Статья расхода")
    expect(window.get_by_role("combobox", name="Группа")).to_be_disabled()
    window.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog", name=re.compile("^Удалить:")).get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("В группе «Помещение» есть статьи: «Аренда».")).to_be_visible()
    window.get_by_role("button", name="Отмена").click()

    row(page, "Аренда").get_by_role("link").click()
    window.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog", name=re.compile("^Удалить:")).get_by_role("button", name="Удалить").click()
    expect(row(page, "Аренда")).to_contain_text("удалена")
    row(page, "Аренда").get_by_role("button", name="Вернуть: Аренда").click()
    expect(row(page, "Аренда")).not_to_contain_text("удалена")

    ask(page, "аренд")
    page.get_by_role("option", name=re.compile("Аренда")).click()
    expect(window.get_by_label("Наименование")).to_have_value("Аренда")
    expect(window.get_by_role("combobox", name="Группа")).to_have_value("Помещение")
    window.get_by_role("link", name="История").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Статья расхода «Аренда»")


@pytest.mark.spec("FIN-8", "ACL-1")
def test_articles_are_shown_to_those_who_keep_them_alone(room: Room) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    expect(page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Пациенты")).to_be_visible()
    expect(page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Статьи")).to_have_count(0)


@pytest.mark.spec("UI-2")
def test_a_window_with_unsaved_input_asks_before_it_is_left(room: Room) -> None:
    page = room.seat(MANAGER, "/articles/new")
    window = page.get_by_role("dialog", name="Новая статья")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    window.get_by_label("Наименование").fill("Проценты банка")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Остаться").click()
    expect(window.get_by_label("Наименование")).to_have_value("Проценты банка")
    window.get_by_role("button", name="Отмена").click()
    question.get_by_role("button", name="Уйти", exact=True).click()
    expect(window).to_have_count(0)
    expect(question).to_have_count(0)
