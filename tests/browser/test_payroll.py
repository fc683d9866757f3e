"""Pay on the screen: a scheme is set, what was earned is looked into, accrued for everybody, and paid by an outgo."""

import re

import pytest
from playwright.sync_api import expect

from commands.money import article
from tests.browser.clinic import MANAGER, Clinic
from tests.browser.desk import Room


@pytest.mark.spec("FIN-2", "DEL-1", "DEL-2")
def test_an_employee_is_paid_from_the_scheme_to_the_outgo(room: Room, clinic: Clinic) -> None:
    clinic.set(show_deleted=True)
    article.create_article(clinic.denta.clinic, clinic.by(), {"direction": "outgo", "name": "Зарплата"})
    page = room.seat(MANAGER, "/calendar")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Зарплата").click()
    page.get_by_role("navigation", name="Зарплата").get_by_role("link", name="Схемы").click()
    page.get_by_role("link", name="Новая схема").click()
    window = page.get_by_role("dialog", name="Новая схема начисления ЗП")
    window.get_by_role("button", name="Создать").click()
    expect(window).to_contain_text("Выберите сотрудника")
    window.get_by_role("combobox", name="Сотрудник").click()
    employee = page.get_by_role("option").first.inner_text()
    page.get_by_role("option").first.click()
    window.get_by_label("Действует с").fill("01.01.2026")
    window.get_by_label("Оклад в месяц").fill("30000")
    expect(window.get_by_label("Процент с визита")).to_be_disabled()
    window.get_by_role("combobox", name="За визиты").click()
    page.get_by_role("option", name="Созданные или оформленные").click()
    window.get_by_role("button", name="Создать").click()
    expect(window).to_contain_text("Укажите процент или сумму")
    window.get_by_label("Процент с визита").fill("1,5")
    window.get_by_label("Сумма за визит").fill("50")
    window.get_by_role("button", name="Создать").click()
    expect(window).to_have_count(0)
    row = page.get_by_role("row").filter(has_text=employee)
    expect(row).to_contain_text("визиты 1,5 % и 50\u00a0₽, оклад 30\u00a0000\u00a0₽")

    page.goto("/payroll?from=2026-11-01&to=2026-11-30")
    row = page.get_by_role("row").filter(has_text=employee)
    expect(row).to_contain_text("30\u00a0000\u00a0₽")
    row.get_by_role("link").click()
    expect(page.get_by_role("table", name="Строки расчёта")).to_contain_text("30 дн.")
    page.get_by_role("link", name="Начислить").click()
    page.get_by_role("button", name="Премия, аванс, удержание").click()
    page.get_by_label("Сумма, строка 1").fill("500")
    page.get_by_label("Сумма, строка 1").press("Tab")
    page.get_by_role("button", name=re.compile("^Провести")).click()
    expect(page.get_by_role("group", name="Начислено")).to_contain_text("30\u00a0500\u00a0₽")
    expect(page.get_by_role("heading", level=1)).to_contain_text(employee)
    page.get_by_role("button", name="Печать").click()
    slip = page.get_by_role("menuitem", name="Листок со всеми строками")
    expect(slip).to_have_attribute("href", re.compile(r"/paper\.pdf\?lines=true$"))
    page.keyboard.press("Escape")

    page.get_by_role("link", name=re.compile("^Выплатить")).click()
    expect(page.get_by_label("По начислению ЗП")).to_have_value(re.compile("^№ "))
    expect(page.get_by_label("Сумма документа")).to_have_text("30\u00a0500\u00a0₽")
    page.get_by_role("combobox", name="Статья, строка 1").fill("зарп")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("Сумма, строка 1").fill("40000")
    page.get_by_label("Сумма, строка 1").press("Tab")
    page.get_by_role("button", name="Сохранить").click()
    asked = page.get_by_role("dialog", name="Проверьте, всё ли верно")
    expect(asked).to_contain_text("больше начисленного на 9\u00a0500,00\u00a0₽")
    asked.get_by_role("button", name="Вернуться").click()

    page.goto("/pay-settlements")
    expect(page.get_by_role("row").filter(has_text=employee)).to_contain_text("30\u00a0500\u00a0₽")
    page.get_by_role("link", name=employee).click()
    page.get_by_role("link", name=re.compile("^Начисление ЗП № ")).click()
    page.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog", name=re.compile("^Удалить: Начисление ЗП № ")).get_by_role("button", name="Удалить").click()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_role("group", name="Осталось выплатить")).to_contain_text("30\u00a0500\u00a0₽")
    page.get_by_role("button", name="Отменить проведение").click()
    expect(page.get_by_role("button", name=re.compile("^Провести"))).to_be_visible()
