"""A visit's page as a document: written by the keyboard, completed, and what it took out of stock."""

from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import expect

from aggregates.catalogues import Goods, GoodsCategory, Unit, Warehouse, first_entry_id
from aggregates.scheduling.visit import Visit
from aggregates.stock.stock_documents import OpeningStock
from commands.clinic import service
from commands.stock import document
from services.bootstrap import Denta
from tests.browser.clinic import MANAGER, MOROZOV, ORLOVA, Clinic
from tests.browser.desk import Room
from tests.browser.test_stock import made

BRUSH, CAPSULE, FILLING = "Щётка мягкая", "Карпула артикаина", "Пломба световая"
MAIN = first_entry_id(Warehouse, "Основной склад")


@pytest.fixture(scope="module")
def stocked(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    """Brushes and capsules in stock; a filling uses up two capsules."""
    clinic = Clinic(installation[1], ids=dict(small_clinic[1]))
    category = made(clinic, GoodsCategory, {"name": "Гигиена"})
    card = {"category": category, "price": "450", "sale_unit": str(first_entry_id(Unit, "штука"))}
    for name in (BRUSH, CAPSULE):
        made(clinic, Goods, {**card, "name": name})
    norms = {clinic.ids[CAPSULE]: "2"}
    port = clinic.denta.clinic
    service.create_service(port, clinic.by(), {"name": FILLING, "price": "4500", "duration": 30, "norms": norms})
    worth = {"quantity": Decimal(10), "sum": Decimal(500)}
    lines = [document.RequestedLine(goods_id=clinic.ids[name], **worth) for name in (BRUSH, CAPSULE)]
    head = {"moment": "2026-01-01T10:00", "warehouse_id": MAIN}
    document.create_document(port, clinic.by(), OpeningStock, head, lines, post=True)
    clinic.set(write_off_warehouse=str(MAIN))
    return clinic


@pytest.mark.spec("VIS-1", "VIS-3", "UI-2")
def test_a_visit_is_written_by_the_keyboard_and_writes_off_when_it_is_completed(room: Room, stocked: Clinic) -> None:
    number = stocked.book(MOROZOV, ORLOVA, stocked.day(-28), "10:00", "10:30", services=())
    stocked.change_status(number, "in_progress")
    booked = stocked.ids[f"№ {number}"]
    page = room.seat(MANAGER, f"/visits/{booked}")
    page.get_by_role("combobox", name="Добавить услугу").click()
    page.keyboard.type("пломба")
    page.get_by_role("option", name=FILLING).wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Количество: {FILLING}")).to_be_focused()
    page.keyboard.type("3")
    page.get_by_label("Добавить товар").click()
    page.keyboard.type("щётка")
    expect(page.locator("[data-combobox-selected]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Количество: {BRUSH}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Цена: {BRUSH}")).to_be_focused()
    page.get_by_label("Скидка на визит", exact=True).fill("10")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Посмотреть материалы").click()
    materials = page.get_by_role("table", name="Материалы визита")
    expect(materials.get_by_label(f"Количество: {CAPSULE}")).to_have_value("6")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("сохранён")).to_be_visible()
    page.get_by_role("button", name="Завершить").click()
    expect(page.get_by_text("Визит завершён, товары и материалы списаны.")).to_be_visible()
    expect(page.get_by_label(f"Количество: {FILLING}")).to_be_disabled()
    stored = stocked.denta.clinic.load(Visit, booked)
    assert stored.discount is not None
    assert stored.consumes is not None
    quantities = {line.goods_id: line.quantity for line in stored.consumes.lines}
    assert quantities == {stocked.ids[BRUSH]: 1, stocked.ids[CAPSULE]: 6}
    page.goto(page.url.replace(f"/visits/{booked}", f"/stock/goods/{stocked.ids[CAPSULE]}"))
    page.get_by_role("link", name=f"Визит № {stored.number}").click()
    expect(page.get_by_role("heading", name=f"Визит № {stored.number}")).to_be_visible()
