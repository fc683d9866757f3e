"""The warehouse on the screen: a document written by the keyboard, what it does to stock, and what refuses it."""

import re
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.stock.stock_documents import OpeningStock, StockReceipt
from commands import catalogue
from commands.stock import document
from commands.stock.document import RequestedLine
from services.bootstrap import Denta
from tests.api.excel_loading import sheet
from tests.browser.clinic import COLLEAGUE, MANAGER, RECEPTIONIST, Clinic
from tests.browser.desk import Room
from tests.browser.test_search import ask

GLOVES, MASKS, WAREHOUSE, SUPPLIER = "Перчатки нитриловые", "Маски трёхслойные", "Подвал", "ООО «Стомснаб»"


def made(clinic: Clinic, kind: type, card: dict[str, object]) -> str:
    id_ = catalogue.create_entry(clinic.denta.clinic, clinic.by(), kind, card).id
    clinic.ids[str(card["name"])] = id_
    return str(id_)


@pytest.fixture(scope="module")
def stocked(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    """A warehouse, a supplier, goods in packages and pieces, and a clinic that forbids to give what isn't there."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))
    category = made(clinic, GoodsCategory, {"name": "Расходники"})
    pack, piece = made(clinic, Unit, {"name": "пачка"}), str(first_entry_id(Unit, "штука"))
    goods = {"category": category, "price": "900", "sale_unit": pack, "write_off_unit": piece, "factor": "100"}
    for name, article in ((GLOVES, "П-17"), (MASKS, "М-3")):
        made(clinic, Goods, {**goods, "name": name, "article": article})
    warehouse = made(clinic, Warehouse, {"name": WAREHOUSE})
    made(clinic, Counterparty, {"name": SUPPLIER})
    clinic.set(forbid_missing_goods=True, default_warehouse=warehouse, show_deleted=True)
    return clinic


def cell(page: Page, column: str, line: int) -> Locator:
    return page.get_by_label(f"{column}, строка {line}", exact=True)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        if key in {"Enter", "Control+Enter", "Control+Delete", "ArrowUp"}:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def choose_goods(page: Page, words: str, balance: str = "") -> None:
    """Type in the line that adds, and take the first that is found, of which the warehouse has so much."""
    expect(page.get_by_label("Добавить товар")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("[data-combobox-selected]")).to_be_visible()
    expect(page.locator("[data-combobox-selected]")).to_contain_text(balance)
    page.keyboard.press("Enter")


@pytest.mark.spec("STK-1", "STK-3", "STK-4", "UI-2", "DEL-1", "DEL-2")
def test_a_receipt_is_written_by_the_keyboard_and_moves_stock(room: Room, stocked: Clinic) -> None:
    page = room.seat(MANAGER, "/stock")
    expect(page.get_by_text("На складе пока ничего нет")).to_be_visible()
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Документы склада").click()
    page.get_by_role("link", name="Новый документ").click()
    supplier = page.get_by_role("combobox", name="Поставщик")
    expect(supplier).to_be_focused()
    page.keyboard.type("стом")
    page.keyboard.press("Enter")
    expect(supplier).to_have_value(SUPPLIER)
    press(page, "Enter", "УПД-118", "Enter")
    choose_goods(page, "п-17")
    expect(cell(page, "Количество", 1)).to_be_focused()
    press(page, "2,5", "Enter", "Enter", "480", "Enter")
    expect(cell(page, "Сумма", 1)).to_have_value("1\u00a0200")
    press(page, "Enter", "Л-77", "Enter", "05.2031", "Enter")
    expect(cell(page, "Годен до", 1)).to_have_value("31.05.2031")
    choose_goods(page, "маски")
    press(page, "3", "Enter", "Enter", "Enter", "100", "Enter")
    expect(cell(page, "Цена", 2)).to_have_value("33,33")
    cell(page, "Количество", 2).press("ArrowUp")
    expect(cell(page, "Количество", 1)).to_be_focused()
    expect(page.get_by_role("table", name="Строки документа")).to_contain_text("2 строки на сумму 1\u00a0300\u00a0₽")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Поступление товаров № 1")
    expect(page.get_by_text("Проведён", exact=True)).to_be_visible()

    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Остатки", exact=True).click()
    gloves = page.get_by_role("row").filter(has_text=GLOVES)
    expect(gloves).to_contain_text("250\u00a0штук")
    expect(gloves).to_contain_text(f"{WAREHOUSE}\u00a0250")
    expect(page.get_by_role("status").filter(has_text="2 товара")).to_contain_text("на сумму 1\u00a0300\u00a0₽")
    page.get_by_role("link", name=GLOVES).click()
    page.get_by_role("link", name="Поступление товаров № 1").click()

    receipt = page.url
    page.goto("/stock/stock_write_off/new")
    choose_goods(page, "перчатки", "250\u00a0штук")
    press(page, "300", "Control+Enter")
    refused = cell(page, "Количество", 1)
    expect(refused).to_be_focused()
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("note")).to_contain_text(f"{GLOVES}, {WAREHOUSE}")
    expect(page.get_by_role("note")).to_contain_text("не хватает 50\u00a0штук")
    expect(page.get_by_role("note").get_by_role("link", name="Движение товара")).to_have_attribute(
        "href", re.compile(f"/stock/goods/{stocked.ids[GLOVES]}")
    )
    press(page, "200", "Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Списание товаров № "))
    write_off = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_role("table", name="Строки документа")).to_contain_text("себестоимость 960\u00a0₽")

    page.goto(receipt)
    page.get_by_role("button", name="Отменить проведение").click()
    expect(page.get_by_role("note").get_by_role("link", name=write_off)).to_be_visible()
    expect(page.get_by_text("Проведён", exact=True)).to_be_visible()

    page.goto("/stock/stock_write_off")
    page.get_by_role("table").get_by_role("link", name=write_off.split()[-1], exact=True).click()
    page.get_by_role("button", name="Отменить проведение").click()
    expect(page.get_by_text("Черновик", exact=True)).to_be_visible()
    page.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Документ удалён", exact=True)).to_be_visible()
    expect(cell(page, "Количество", 1)).to_be_disabled()
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_role("button", name="Провести")).to_be_visible()

    page.get_by_role("link", name="История").click()
    page.get_by_role("link", name="Открыть карточку").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(write_off)
    ask(page, "поступление товаров 1")
    page.get_by_role("option", name=re.compile("Поступление товаров № 1")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Поступление товаров № 1")


@pytest.mark.spec("STK-1", "UI-2")
def test_lines_are_taken_out_and_what_is_missing_stands_at_its_line(room: Room, stocked: Clinic) -> None:
    page = room.seat(MANAGER, "/stock/stock_receipt/new")
    page.get_by_role("button", name="Сохранить и провести").click()
    expect(page.get_by_text("Добавьте хотя бы один товар")).to_be_visible()
    expect(page.get_by_role("combobox", name="Поставщик")).to_be_focused()
    page.get_by_label("Добавить товар").focus()
    choose_goods(page, "перчатки")
    press(page, "много", "Enter")
    expect(page.get_by_text(re.compile("Количество: укажите число"))).to_be_visible()
    page.get_by_label("Добавить товар").focus()
    choose_goods(page, "маски")
    press(page, "4", "Control+Delete")
    expect(cell(page, "Количество", 2)).to_have_count(0)
    expect(page.get_by_label("Добавить товар")).to_be_focused()
    page.get_by_role("button", name=f"Убрать строку 1: {GLOVES}").click()
    expect(page.get_by_role("table", name="Строки документа").get_by_role("spinbutton")).to_have_count(0)
    page.get_by_role("link", name="К списку").click()
    expect(page.get_by_role("heading", level=1, name="Поступления товаров")).to_be_visible()


@pytest.mark.spec("STK-1")
def test_a_colleagues_change_reaches_an_open_document(room: Room, stocked: Clinic) -> None:
    line = RequestedLine(goods_id=stocked.ids[GLOVES], quantity=1, unit="sale", price=900)  # type: ignore[arg-type]  # whole
    head = {
        "moment": f"{stocked.day(-20)}T10:00",
        "warehouse_id": stocked.ids[WAREHOUSE],
        "counterparty_id": stocked.ids[SUPPLIER],
    }
    store = stocked.denta.clinic
    id_ = document.create_document(store, stocked.by(), StockReceipt, head, [line]).id
    page = room.seat(MANAGER, f"/stock/stock_receipt/{id_}")
    cell(page, "Количество", 1).fill("2")
    document.change_document(store, stocked.by(COLLEAGUE), StockReceipt, id_, {"suppliers_number": "А-5"})
    expect(page.get_by_label("Номер накладной поставщика")).to_have_value("А-5")
    page.get_by_role("button", name="Сохранить и провести").click()
    expect(page.get_by_text("Проведён", exact=True)).to_be_visible()
    expect(cell(page, "Сумма", 1)).to_have_value("1\u00a0800")


@pytest.mark.spec("ACL-1")
def test_the_warehouse_is_shown_to_those_who_keep_it(room: Room) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    menu = page.get_by_role("navigation", name="Разделы")
    expect(menu.get_by_role("link", name="Пациенты")).to_be_visible()
    expect(menu.get_by_role("link", name="Документы склада")).to_have_count(0)


@pytest.mark.spec("STK-5")
def test_a_filled_in_sheet_of_an_inventory_shows_the_difference_before_it_is_posted(room: Room, stocked: Clinic) -> None:
    head = {"moment": "2026-11-20T09:00", "warehouse_id": stocked.ids[WAREHOUSE]}
    category, piece = made(stocked, GoodsCategory, {"name": "Бумага"}), str(first_entry_id(Unit, "штука"))
    towels = made(stocked, Goods, {"name": "Салфетки", "category": category, "price": "9", "sale_unit": piece})
    line = RequestedLine(goods_id=UUID(towels), quantity=Decimal(7), sum=Decimal(70))
    document.create_document(stocked.denta.clinic, stocked.by(), OpeningStock, head, [line], post=True)
    page = room.seat(MANAGER, "/stock/stock_count/new")
    content = sheet(("Товар", "Сосчитано"), ("Салфетки", 5), ("Чего нет", 1))
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Файл со строками").set_input_files({"name": "лист.xlsx", "mimeType": media, "buffer": content})
    expect(cell(page, "Количество", 1)).to_have_value("5")
    expect(page.get_by_role("alert").filter(has_text="Не прочитано: 1 строка")).to_contain_text("Строка 3, «Товар»")
    expect(page.locator('[data-line="0"] [data-column="difference"]')).to_have_text("−2")
    with page.expect_download() as download:
        page.get_by_role("link", name="с остатками").click()
    assert download.value.suggested_filename == "Лист инвентаризации с остатками.xlsx"
