"""Goods sold at the desk without a visit: cash with change and its receipt, and what a buyer brings back."""

import re
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import expect

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.stock.stock_documents import OpeningStock
from commands import catalogue
from commands.stock import document
from commands.stock.document import RequestedLine
from services.bootstrap import Denta
from tests.browser.clinic import MANAGER, MOROZOV, Clinic
from tests.browser.desk import Room

BRUSH, PASTE = "Щётка зубная", "Паста зубная"


@pytest.fixture(scope="module")
def shop(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    """Brushes and paste in stock, and a clinic that prints receipts."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))

    def made(kind: type, card: dict[str, object]) -> UUID:
        return catalogue.create_entry(clinic.denta.clinic, clinic.by(), kind, card).id

    category, warehouse = made(GoodsCategory, {"name": "Гигиена"}), made(Warehouse, {"name": "Витрина"})
    made(Counterparty, {"name": "Поставщик гигиены"})
    lines = []
    for name, price in ((BRUSH, "350"), (PASTE, "420")):
        card = {"name": name, "category": str(category), "price": price, "sale_unit": str(first_entry_id(Unit, "штука"))}
        lines.append(RequestedLine(goods_id=made(Goods, card), quantity=Decimal(10), sum=Decimal(1000)))
    head = {"moment": f"{clinic.day(-60)}T09:00", "warehouse_id": warehouse}
    document.create_document(clinic.denta.clinic, clinic.by(), OpeningStock, head, lines, post=True)
    clinic.set(forbid_missing_goods=True, default_warehouse=str(warehouse), fiscal_receipts=True)
    return clinic


@pytest.mark.spec("FIN-9", "VIS-4", "FIN-5")
def test_brushes_are_sold_in_cash_with_change_and_one_comes_back(room: Room, shop: Clinic) -> None:
    page = room.seat(MANAGER, "/stock/goods_issue")
    page.get_by_role("button", name="Продажа").click()
    window = page.get_by_role("dialog", name="Продажа товаров")
    window.get_by_label("Добавить товар").fill("щётка")
    expect(page.locator("[data-combobox-selected]")).to_contain_text("10")
    page.keyboard.press("Enter")
    expect(window.get_by_label(f"Количество: {BRUSH}")).to_be_focused()
    page.keyboard.type("2")
    expect(window.get_by_text("Осталось заплатить 700\u00a0₽")).to_be_visible()
    expect(window.get_by_role("button", name="Продать")).to_be_disabled()
    window.get_by_label("Основная касса: получено").fill("1000")
    expect(window.get_by_role("status")).to_contain_text("300\u00a0₽")
    window.get_by_role("button", name="Продать").click()
    expect(page.get_by_text(re.compile("^Продано на 700\u00a0₽, накладная № .* Сдача: 300\u00a0₽"))).to_be_visible()

    page.get_by_role("link", name=re.compile("^[0-9]")).first.click()
    paid = page.get_by_role("region", name="Оплата продажи")
    expect(paid).to_contain_text("Оплачено 700\u00a0₽")
    expect(paid).to_contain_text("чек")
    page.get_by_role("button", name="Возврат").click()
    window = page.get_by_role("dialog", name=re.compile("^Возврат товаров"))
    window.get_by_label(f"Возвращают: {BRUSH}").fill("1")
    expect(window.get_by_role("status")).to_have_text("Вернуть 350\u00a0₽ из кассы «Основная касса»")
    window.get_by_role("button", name="Провести возврат").click()
    expect(page.get_by_text(re.compile("^Возврат № .* проведён. Отдайте 350"))).to_be_visible()
    expect(paid).to_contain_text("Возвращено товаров на 350\u00a0₽")


@pytest.mark.spec("FIN-9")
def test_a_patient_buys_on_credit_and_the_account_says_so(room: Room, shop: Clinic) -> None:
    page = room.seat(MANAGER, f"/patients/{shop.ids[MOROZOV]}?tab=finances")
    page.get_by_role("button", name="Продажа").click()
    window = page.get_by_role("dialog", name=re.compile("^Продажа товаров: Морозов"))
    window.get_by_label("Добавить товар").fill("паста")
    expect(page.locator("[data-combobox-selected]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(window.get_by_text("Останется долг 420\u00a0₽")).to_be_visible()
    window.get_by_role("button", name="Продать").click()
    row = page.get_by_role("listitem").filter(has_text="Товары по накладной №")
    expect(row).to_contain_text("не оплачено 420\u00a0₽")
    row.get_by_role("button", name=re.compile("действия$")).click()
    page.get_by_role("menuitem", name="Возврат товаров…").click()
    window = page.get_by_role("dialog", name=re.compile("^Возврат товаров"))
    window.get_by_role("button", name="Вернуть всё").click()
    expect(window.get_by_role("status")).to_have_text("Не оплачено было 420\u00a0₽: долг уменьшится.")
    window.get_by_role("button", name="Провести возврат").click()
    expect(row).to_contain_text("возвращено на 420\u00a0₽")
