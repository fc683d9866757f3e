"""Lines of stock documents from files: invoices, opening stock, and the sheet of an inventory there and back (STK-5)."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.api.excel_loading import sheet
from tests.api.test_patient_info import with_rights
from tests.api.test_stock_documents import Shelf
from tests.api.world import Browser, World

pytestmark = pytest.mark.thorough
COUNTING = {"moment": "2026-10-03T09:00"}


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


def read(browser: Browser, path: str, content: bytes, expect: int = 200) -> Any:
    browser.catch_up()
    browser.get("/api/stock-goods")  # has the goods by then
    answer = browser.post(f"/api/{path}/lines/read", content=content)
    assert answer.status_code == expect, answer.text
    return answer.json()


FIELDS = ("quantity", "unit", "price", "sum", "batch", "expires_on")


def short(line: dict[str, Any]) -> tuple[Any, ...]:
    return (line["row"], line["goods"]["id"], *(line[field] for field in FIELDS))


def test_an_invoice_is_read_into_lines_with_errors_by_row(shelf: Shelf) -> None:
    gloves, gauze = f"Перчатки {shelf.word}", f"бинт {shelf.word}"
    file = sheet(
        ("Номенклатура", "Кол-во", "Ед. изм.", "Цена", "Сумма", "Серия", "Годен до", "НДС"),
        (gloves, 2, None, "1 500,50", None, "А-1", "12.27", "20%"),
        (gauze, 3.5, "шт.", None, 35, None, "31.12.27", None),
        ("Такого нет", 1, None, 1, None, None, None, None),
        (gloves, "много", None, 1, None, None, None, None),
        (gloves, 1, "ведро", 1, None, None, None, None),
        (gloves, 1, None, None, None, None, None, None),
        (gloves, 1, None, 1, None, None, "32.13.2027", None),
    )
    found = read(shelf.browser, "stock-receipts", file)
    assert [short(line) for line in found["lines"]] == [
        (2, shelf.gloves, "2", "sale", "1500.50", "3001.00", "А-1", "2027-12-31"),
        (3, shelf.gauze, "3.5", "write_off", "10.00", "35.00", "", "2027-12-31"),
    ]
    assert [(error["row"], error["column"]) for error in found["errors"]] == [
        (4, "Товар"),
        (5, "Количество"),
        (6, "Единица измерения"),
        (7, "Цена"),
        (8, "Срок годности"),
    ]
    assert found["errors"][0]["reason"] == "Товара «Такого нет» в справочнике нет. Добавьте его или исправьте название."
    assert found["ignored"] == ["НДС"]
    lines = [{"goods_id": line["goods"]["id"], **{field: line[field] for field in FIELDS}} for line in found["lines"]]
    head = {"moment": "2026-10-01T10:30", "warehouse_id": shelf.warehouse, "counterparty_id": shelf.supplier}
    shelf.browser.do("POST", "/api/stock-receipts", {"fields": head, "lines": lines, "post": True}, expect=201)


def test_goods_of_one_article_differ_by_their_names(shelf: Shelf) -> None:
    file = sheet(("Товар", "Артикул", "Количество", "Цена"), (f"Бинт {shelf.word}", "GL-7", 1, 1), (None, "GL-7", 1, 1))
    found = read(shelf.browser, "opening-stock", file)
    assert [line["goods"]["id"] for line in found["lines"]] == [shelf.gauze]
    assert [(error["row"], error["column"]) for error in found["errors"]] == [(3, "Артикул")]


@pytest.mark.spec("STK-5")
def test_a_sheet_of_an_inventory_comes_back_with_what_was_counted(shelf: Shelf, world: World) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    asked = {"warehouse_id": shelf.warehouse, **COUNTING}
    for book in (False, True):
        answer = shelf.browser.get("/api/stock-count-sheet.xlsx", params={**asked, "book": book})
        assert answer.status_code == 200, answer.text
        filled = openpyxl.load_workbook(BytesIO(answer.content))
        table = filled.active
        assert table is not None
        headings = [cell.value for cell in table[1]]
        assert headings == ["Категория", "Товар", "Артикул", "Единица измерения", *["По учёту"] * book, "Сосчитано", "ID"]
        row = dict(zip(headings, [cell.value for cell in table[2]], strict=True))
        assert (row["Товар"], row["Единица измерения"], row["Сосчитано"]) == (f"Перчатки {shelf.word}", "штука", None)
        assert row.get("По учёту") == (20 if book else None)
        assert table.max_row == 2, "goods that the warehouse never had aren't counted"
    back = BytesIO()
    filled.save(back)
    assert read(shelf.browser, "stock-counts", back.getvalue())["lines"] == [], "nobody has counted yet"
    table.cell(2, headings.index("Сосчитано") + 1, 17)
    back = BytesIO()
    filled.save(back)
    found = read(shelf.browser, "stock-counts", back.getvalue())
    assert (found["errors"], found["ignored"]) == ([], [])
    assert [short(line)[:5] for line in found["lines"]] == [(2, shelf.gloves, "17", "write_off", None)]
    with with_rights(world, ["stock_counts"]) as blind:
        assert blind.get("/api/stock-count-sheet.xlsx", params=asked).status_code == 200
        assert blind.get("/api/stock-count-sheet.xlsx", params={**asked, "book": True}).json()["code"] == "right_missing"
        assert read(blind, "stock-receipts", back.getvalue(), expect=403)["code"] == "right_missing"


def test_what_is_counted_twice_and_what_is_no_table_is_refused(shelf: Shelf) -> None:
    gloves = f"Перчатки {shelf.word}"
    found = read(shelf.browser, "stock-counts", sheet(("Товар", "Факт"), (gloves, 1), (gloves, 2), (gloves, None), (gloves, -1)))
    assert [(error["row"], error["column"]) for error in found["errors"]] == [(3, "Товар"), (5, "Сосчитано")]
    assert found["errors"][0]["reason"] == "Этот товар уже есть в строке 2. Сложите количество."
    for content in (b"nothing", sheet(("Товар", "Цена"), (gloves, 1)), sheet(("Имя", "Факт"), (gloves, 1))):
        assert read(shelf.browser, "stock-counts", content, expect=409)["code"] == "wrong_file"
    many = sheet(("Товар", "Количество", "Цена"), *[(gloves, 1, 1)] * 1001)
    refused = read(shelf.browser, "stock-receipts", many, expect=409)
    assert refused["title"] == "В документе может быть не больше 1000 строк. Разделите файл на несколько."
