"""What a warehouse has to keep: set on the card of goods, bought by a list, and used before it expires."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import expect

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.stock.stock_documents import StockReceipt
from commands.stock import document
from commands.stock.document import RequestedLine
from services.bootstrap import Denta
from tests.browser.clinic import MANAGER, Clinic, today
from tests.browser.desk import Room
from tests.browser.test_stock import GLOVES, SUPPLIER, WAREHOUSE, cell, made


@pytest.fixture(scope="module")
def stocked(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    """A warehouse with a package of gloves, a hundred pieces, that a supplier brought yesterday."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))
    category = made(clinic, GoodsCategory, {"name": "Расходники"})
    pack, piece = made(clinic, Unit, {"name": "пачка"}), str(first_entry_id(Unit, "штука"))
    card = {"category": category, "price": "1200", "sale_unit": pack, "write_off_unit": piece, "factor": "100"}
    made(clinic, Goods, {**card, "name": GLOVES, "article": "П-17"})
    made(clinic, Warehouse, {"name": WAREHOUSE})
    made(clinic, Counterparty, {"name": SUPPLIER})
    head = {
        "moment": f"{today() - timedelta(days=1)}T10:00",
        "warehouse_id": clinic.ids[WAREHOUSE],
        "counterparty_id": clinic.ids[SUPPLIER],
    }
    line = RequestedLine(goods_id=clinic.ids[GLOVES], quantity=Decimal(1), unit="sale", price=Decimal(900))
    document.create_document(clinic.denta.clinic, clinic.by(), StockReceipt, head, [line], post=True)
    return clinic


@pytest.mark.spec("STK-4", "STK-1", "UI-2")
def test_what_falls_below_its_minimum_is_bought_from_who_brought_it_last(room: Room, stocked: Clinic) -> None:
    page = room.seat(MANAGER, "/stock/to-buy")
    tabs = page.get_by_role("navigation", name="Остатки")
    expect(page.get_by_text("Покупать нечего")).to_be_visible()
    tabs.get_by_role("link", name="Остатки").click()
    page.get_by_role("link", name=GLOVES).click()
    minimums = page.get_by_role("region", name="Минимальный остаток")
    minimum = minimums.get_by_label(f"Минимальный остаток: {WAREHOUSE}")
    minimum.fill("много")
    minimum.press("Enter")
    expect(minimums.get_by_text("Укажите число")).to_be_visible()
    minimum.fill("120,5")
    minimum.press("Enter")
    expect(minimums.get_by_role("row", name=WAREHOUSE)).to_contain_text("ниже минимума")
    expect(minimums.get_by_role("button", name="Сохранить")).to_have_count(0)

    page.get_by_role("link", name="К остаткам").click()
    tabs.get_by_role("link", name="Что купить").click()
    lacking = page.get_by_role("row").filter(has_text=GLOVES)
    expect(lacking).to_contain_text("20,5\u00a0штуки")
    expect(lacking).to_contain_text(SUPPLIER)
    expect(page.get_by_role("status").filter(has_text="1 строка")).to_contain_text("на сумму 184,50\u00a0₽")
    page.get_by_role("button", name="Создать поступление").click()
    page.get_by_role("menuitem", name=f"{SUPPLIER} – {WAREHOUSE}").click()
    expect(page.get_by_role("combobox", name="Поставщик")).to_have_value(SUPPLIER)
    expect(page.get_by_role("combobox", name="Склад")).to_have_value(WAREHOUSE)
    expect(cell(page, "Количество", 1)).to_have_value("1")
    expect(cell(page, "Цена", 1)).to_have_value("900")
    cell(page, "Партия", 1).fill("Л-9")
    cell(page, "Годен до", 1).fill(f"{today() + timedelta(days=10):%d.%m.%Y}")
    cell(page, "Годен до", 1).press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Поступление товаров № "))

    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Остатки", exact=True).click()
    page.get_by_role("link", name="Истекает срок годности: 1 партия").click()
    batch = page.get_by_role("row").filter(has_text="Л-9")
    expect(batch).to_contain_text("100\u00a0штук")
    expect(batch).to_contain_text(re.compile("(9|10) дней"))  # midnight may pass
    tabs.get_by_role("link", name="Что купить").click()
    expect(page.get_by_text("Покупать нечего")).to_be_visible()
