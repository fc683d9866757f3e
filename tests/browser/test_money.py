"""Money on the screen: documents written by the keyboard, a desk's card, the closing of its day, a supplier who is paid."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from aggregates.catalogues import CashDesk, Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.money.money_documents import MoneyIncome
from aggregates.money.money_lines import MoneyLine
from aggregates.stock.stock_documents import StockReceipt
from commands import catalogue
from commands.money import article, money_document
from commands.stock import document
from commands.stock.document import RequestedLine
from services.bootstrap import Denta
from tests.browser.clinic import MANAGER, MOROZOV, RECEPTIONIST, Clinic
from tests.browser.desk import Room

SUPPLIER = "ООО «Стомснаб»"
DRAWER = first_entry_id(CashDesk, "Основная касса")


@pytest.fixture(scope="module")
def till(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    """A bank account, articles, and a supplier whose goods came."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))
    port = clinic.denta.clinic

    def made(kind: Any, card: dict[str, Any]) -> UUID:
        return catalogue.create_entry(port, clinic.by(), kind, card).id

    made(CashDesk, {"name": "Расчётный счёт", "kind": "bank"})
    for way, name in (("income", "Продажи"), ("outgo", "Аренда"), ("outgo", "Закупки")):
        clinic.ids[name] = article.create_article(port, clinic.by(), {"direction": way, "name": name}).id
    supplier, category = made(Counterparty, {"name": SUPPLIER}), made(GoodsCategory, {"name": "Расходники"})
    unit = str(first_entry_id(Unit, "штука"))
    goods = made(Goods, {"name": "Перчатки", "category": str(category), "price": "10", "sale_unit": unit})
    head = {
        "moment": "2026-11-01T10:00",
        "warehouse_id": first_entry_id(Warehouse, "Основной склад"),
        "counterparty_id": supplier,
    }
    line = RequestedLine(goods_id=goods, quantity=Decimal(1), sum=Decimal(700))
    document.create_document(port, clinic.by(), StockReceipt, head, [line], post=True)
    return clinic


def income(clinic: Clinic, moment: str, amount: str) -> None:
    lines = [MoneyLine(article_id=clinic.ids["Продажи"], sum=Decimal(amount))]
    card = {"moment": moment, "desk_id": DRAWER}
    money_document.create_money_document(clinic.denta.clinic, clinic.by(), MoneyIncome, card, lines)


def choose(page: Page, label: str, words: str) -> None:
    field = page.get_by_role("combobox", name=label)
    field.fill(words)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")


@pytest.mark.spec("FIN-1", "FIN-8", "DEL-2", "UI-2")
def test_an_outgo_is_written_by_the_keyboard_and_refused_where_cash_would_be_missing(room: Room, till: Clinic) -> None:
    income(till, "2026-11-02T10:00", "500")
    page = room.seat(MANAGER, "/money/money_outgo")
    page.get_by_role("link", name="Новый документ").click()
    article_field = page.get_by_role("combobox", name="Статья, строка 1")
    expect(article_field).to_be_focused()
    page.keyboard.type("арен")
    page.keyboard.press("Enter")
    expect(article_field).to_have_value("Аренда")
    page.keyboard.press("Enter")
    page.keyboard.type("700,50")
    page.keyboard.press("Enter")
    page.keyboard.type("за ноябрь")
    expect(page.get_by_label("Сумма документа")).to_have_text("700,50\u00a0₽")
    page.keyboard.press("Control+Enter")
    note = page.get_by_role("note")
    expect(note).to_contain_text("Основная касса")
    expect(note).to_contain_text("не хватает 200,50\u00a0₽")
    page.get_by_label("Сумма, строка 1").fill("450")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=re.compile("^Расход средств № [0-9]+$"))).to_be_visible()
    page.get_by_role("button", name="Удалить", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("удалено. Документ можно вернуть")).to_be_visible()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_text(": возвращено")).to_be_visible()
    expect(page.get_by_role("button", name="Удалить", exact=True)).to_be_visible()
    page.get_by_role("link", name="К списку").click()
    expect(page.get_by_text("на сумму 450\u00a0₽")).to_be_visible()


@pytest.mark.spec("FIN-1", "UI-2")
def test_a_list_is_narrowed_by_patient_and_author_and_says_who_wrote_each(room: Room, till: Clinic) -> None:
    lines = [MoneyLine(article_id=till.ids["Продажи"], sum=Decimal(77))]
    card = {"moment": "2026-11-03T10:00", "desk_id": DRAWER, "patient_id": till.ids[MOROZOV]}
    money_document.create_money_document(till.denta.clinic, till.by(RECEPTIONIST), MoneyIncome, card, lines)
    income(till, "2026-11-03T11:00", "33")
    page = room.seat(MANAGER, "/money/money_income")
    rows = page.get_by_role("table", name="Приход средств").get_by_role("row")
    expect(rows.filter(has_text="77\u00a0₽")).to_have_count(1)
    page.get_by_role("button", name="Пациент", exact=True).click()
    page.get_by_role("dialog", name="Документы пациента").get_by_role("combobox").fill("мороз")
    page.get_by_role("option", name=re.compile("Морозов")).click()
    expect(page).to_have_url(re.compile(f"patient={till.ids[MOROZOV]}"))
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("77\u00a0₽")
    expect(page.get_by_role("button", name=re.compile("^Пациент: Морозов"))).to_be_visible()
    page.get_by_role("button", name="Все пациенты").click()
    expect(rows.filter(has_text="33\u00a0₽")).to_have_count(1)
    page.get_by_role("combobox", name="Автор").fill(RECEPTIONIST.split()[0])
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("author="))
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Столбцы").click()
    page.get_by_role("checkbox", name="Автор").check()
    page.keyboard.press("Escape")
    expect(rows.nth(1)).to_contain_text(RECEPTIONIST)


@pytest.mark.spec("FIN-8")
def test_a_day_is_closed_with_a_shortage_that_is_booked_and_opened_again(room: Room, till: Clinic) -> None:
    income(till, "2026-11-03T10:00", "1000")
    page = room.seat(MANAGER, f"/money/desks/{DRAWER}?from=2026-11-01&to=2026-11-30")
    page.get_by_role("button", name="Закрыть день").click()
    window = page.get_by_role("dialog")
    window.get_by_label("День").fill("03.11.2026")
    window.get_by_role("button", name="Сходится").click()
    counted = window.get_by_label("Фактически")
    expect(counted).not_to_have_value("")
    there = int(re.sub(r"\D", "", counted.input_value()))
    counted.fill(str(there - 10))
    expect(window.get_by_role("status")).to_contain_text("Недостача")
    window.get_by_role("button", name="Закрыть день").click()
    expect(window.get_by_text("Укажите причину расхождения")).to_be_visible()
    window.get_by_label("Причина").fill("сдача")
    choose(page, "Записать расходом по статье", "закуп")
    window.get_by_role("button", name="Закрыть день").click()
    days = page.get_by_role("table", name="Закрытые дни")
    expect(days.get_by_role("row", name=re.compile("03.11.2026.*сдача · расход № "))).to_be_visible()
    page.get_by_role("link", name="Приход", exact=True).click()
    page.get_by_label("Дата").fill("03.11.2026")
    choose(page, "Статья, строка 1", "прод")
    page.get_by_label("Сумма, строка 1").fill("5")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("закрыта по 03.11.2026 включительно").first).to_be_visible()
    page.get_by_role("link", name="Отмена").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Уйти|Не сохранять")).click()
    page.goto(f"/money/desks/{DRAWER}")
    page.get_by_role("button", name="Открыть 03.11.2026").click()
    page.get_by_role("dialog").get_by_label("Зачем").fill("забыли чек")
    page.get_by_role("dialog").get_by_role("button", name="Открыть день").click()
    expect(page.get_by_role("table", name="Закрытые дни")).to_have_count(0)


@pytest.mark.spec("FIN-9")
def test_a_supplier_is_paid_for_a_receipt_and_the_rest_is_an_advance(room: Room, till: Clinic) -> None:
    page = room.seat(MANAGER, "/settlements")
    expect(page.get_by_text("мы должны 700\u00a0₽")).to_be_visible()
    page.get_by_role("link", name=SUPPLIER).click()
    expect(page.get_by_role("table", name="Неоплаченные поступления")).to_be_visible()
    page.get_by_role("link", name="Оплатить").click()
    choose(page, "Касса", "расч")
    choose(page, "Статья, строка 1", "закуп")
    page.get_by_label("Сумма, строка 1").fill("1000")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Распределить со старых").click()
    expect(page.get_by_text("Распределено 700\u00a0₽, аванс поставщику 300\u00a0₽")).to_be_visible()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name=re.compile("^Расход средств №"))).to_be_visible()
    page.goto("/settlements")
    expect(page.get_by_text("нам должны 300\u00a0₽")).to_be_visible()


@pytest.mark.spec("CAL-9", "CAL-10")
def test_the_block_above_the_calendar_follows_a_colleagues_income(room: Room, till: Clinic) -> None:
    page = room.seat(MANAGER, "/calendar?date=2026-11-20")
    block = page.get_by_role("group", name="Статистика за 20.11.2026")
    expect(block).to_contain_text("приход 0\u00a0₽")
    income(till, "2026-11-20T10:00", "1234.50")
    expect(block).to_contain_text("приход 1\u00a0234,50\u00a0₽")
