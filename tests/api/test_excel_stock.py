"""Stock documents as workbooks: a row for each line, with the head of its document."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import (
    STOCK_DOCUMENTS,
    CustomerReturn,
    GoodsIssue,
    OpeningStock,
    StockCount,
    StockReceipt,
    StockTransfer,
    StockWriteOff,
    SupplierReturn,
)
from readmodels.excel import DocumentFilter
from services.excel.documents import DOCUMENTS
from tests.api.minimal import CREATING, Existing
from tests.api.test_clinic_settings import with_settings
from tests.api.test_excel_export import cells, exported
from tests.api.test_patient_info import with_rights
from tests.api.test_stock_documents import Shelf
from tests.api.world import Browser, World

pytestmark = [pytest.mark.thorough, pytest.mark.spec("XLS-8")]

HEAD, STATE = ["№", "Дата и время", "Склад"], ["Проведён", "Комментарий", "Удалён"]
LINE, COST, BATCH = ["Товар", "Артикул", "Количество", "Единица измерения"], ["Себестоимость"], ["Партия", "Срок годности"]
PRICE = ["Цена", "Сумма"]


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


def document(shelf: Shelf, path: str, moment: str, *lines: Any, post: bool = True, **fields: Any) -> Any:
    head = {"moment": moment, "warehouse_id": shelf.warehouse, **fields}
    return shelf.browser.do("POST", f"/api/{path}", {"fields": head, "lines": list(lines), "post": post}, expect=201)


def rows(file: BytesIO, shelf: Shelf) -> list[dict[str, Any]]:
    """Of a workbook, those of the test's own warehouse."""
    headings, *found = cells(file)
    return of_warehouse(headings, found, shelf)


def lines(world: World, shelf: Shelf, *kinds: type[StockDocument], **asked: Any) -> list[dict[str, Any]]:
    """The same before they are written."""
    shelf.browser.get_ok("/api/stock-receipts")  # the read model has what was done
    found = []
    with world.denta.database.connection() as connection:
        for kind in kinds:
            headings, table = DOCUMENTS[kind.TOPIC].table(connection, DocumentFilter(costs=True, **asked))
            found += of_warehouse([one.title for one in headings], table, shelf)
    return found


def of_warehouse(headings: Sequence[str], found: Iterable[Sequence[Any]], shelf: Shelf) -> list[dict[str, Any]]:
    by_heading = [dict(zip(headings, values, strict=True)) for values in found]
    return [row for row in by_heading if row["Склад"] == f"Склад {shelf.word}"]


def test_a_kind_has_the_columns_of_its_head_and_of_its_lines() -> None:
    columns = {
        StockReceipt: [*HEAD, "Поставщик", "Номер накладной поставщика", *LINE, *PRICE, *COST, *BATCH, *STATE],
        StockWriteOff: [*HEAD, "Причина", *LINE, *COST, *STATE],
        StockTransfer: [*HEAD, "На склад", *LINE, *COST, *STATE],
        GoodsIssue: [*HEAD, "Покупатель", "Пациент", *LINE, *PRICE, *COST, *STATE],
        CustomerReturn: [*HEAD, "Расходная накладная", *LINE, *PRICE, *COST, *STATE],
        StockCount: [*HEAD, *LINE, "Цена", "Себестоимость расхождения", *STATE],
        SupplierReturn: [*HEAD, "Поставщик", *LINE, *PRICE, *COST, *STATE],
        OpeningStock: [*HEAD, *LINE, *PRICE, *COST, *BATCH, *STATE],
    }
    asked = DocumentFilter(costs=True, deleted=True)
    found = {kind: [one.title for one in DOCUMENTS[kind.TOPIC].headings(asked).values()] for kind in columns}
    assert found == columns


@pytest.mark.parametrize("kind", STOCK_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_every_kind_is_exported(kind: type[StockDocument], world: World, shelf: Shelf, existing: Existing) -> None:
    body = existing.body(CREATING[f"/{kind.PATH}"])
    fields = {**body["fields"], "moment": "2026-12-01T10:00", "warehouse_id": shelf.warehouse}
    shelf.browser.do("POST", f"/api/{kind.PATH}", {**body, "fields": fields, "lines": []}, expect=201)
    assert len(lines(world, shelf, kind)) == 1


@pytest.mark.spec("XLS-10")
def test_every_line_repeats_its_head_and_is_typed(shelf: Shelf) -> None:
    written = [
        shelf.line(price="100.00", batch="=1+1", expires_on="2027-12-31"),
        shelf.line(goods_id=shelf.gauze, unit="write_off", quantity="0.5", sum="7.00"),
    ]
    supplied = {"counterparty_id": shelf.supplier, "suppliers_number": "+7", "comment": "@SUM(A1)"}
    new = document(shelf, "stock-receipts", "2026-12-01T10:30", *written, **supplied)
    file = exported(shelf.browser, "stock_receipt")["Поступления товаров.xlsx"]
    first, second = rows(file, shelf)
    head = {
        "№": new["number"], "Склад": f"Склад {shelf.word}", "Поставщик": f"Поставщик {shelf.word}",
        "Номер накладной поставщика": "+7", "Артикул": "GL-7", "Проведён": "да", "Комментарий": "@SUM(A1)", "Удалён": "нет",
    }  # fmt: skip
    moment, expires = first.pop("Дата и время"), first.pop("Срок годности")
    assert (moment.isoformat(), expires.date().isoformat()) == ("2026-12-01T10:30:00", "2027-12-31")
    assert first == head | {
        "Товар": f"Перчатки {shelf.word}", "Количество": 2, "Единица измерения": f"Упаковка {shelf.word}", "Цена": 100,
        "Сумма": 200, "Себестоимость": 200, "Партия": "=1+1",
    }  # fmt: skip
    assert second == head | {
        "Дата и время": moment, "Товар": f"Бинт {shelf.word}", "Количество": 0.5, "Единица измерения": "штука", "Цена": 14,
        "Сумма": 7, "Себестоимость": 7, "Партия": None, "Срок годности": None,
    }  # fmt: skip
    batch = next(cell for row in openpyxl.load_workbook(file).worksheets[0].iter_rows() for cell in row if cell.value == "=1+1")
    assert batch.data_type == "s"
    with ZipFile(file) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


@pytest.mark.spec("STK-1")
def test_costs_are_of_what_a_line_takes_and_of_the_difference_of_a_count(world: World, shelf: Shelf) -> None:
    piece = {"goods_id": shelf.gloves, "unit": "write_off"}
    shelf.receive("2026-12-01T10:00", "200.00", post=True)
    document(shelf, "stock-write-offs", "2026-12-02T10:00", {**piece, "quantity": "3"}, reason="Брак")
    to = {"to_warehouse_id": Shelf(shelf.browser).warehouse}
    document(shelf, "stock-transfers", "2026-12-02T11:00", {**piece, "quantity": "2"}, **to)
    document(shelf, "goods-issues", "2026-12-02T12:00", {**piece, "quantity": "1", "price": "50.00"})
    document(shelf, "stock-counts", "2026-12-03T10:00", {**piece, "quantity": "10"})
    document(shelf, "stock-write-offs", "2026-12-04T10:00", {**piece, "quantity": "1"}, post=False)
    found = lines(world, shelf, StockWriteOff, StockTransfer, GoodsIssue, StockCount)
    costs = [row.get("Себестоимость", row.get("Себестоимость расхождения")) for row in found]
    assert costs == [30, None, 20, 10, -40]
    assert [row["Проведён"] for row in found] == ["да", "нет", "да", "да", "да"]


@pytest.mark.spec("STK-1")
def test_a_return_names_its_issue_and_costs_what_it_brings_back(world: World, shelf: Shelf) -> None:
    shelf.receive("2026-12-01T10:00", "200.00", post=True)
    issue = shelf.sell(shelf.line(quantity="1", price="500.00"), moment="2026-12-02T12:00")
    shelf.take_back(issue, shelf.line(quantity="0.5", price="450.00"), moment="2026-12-03T12:00")
    (row,) = lines(world, shelf, CustomerReturn)
    shown = (row["Расходная накладная"], row["Сумма"], row["Себестоимость"])
    assert shown == (f"№ {issue['number']} от 02.12.2026", 225, 50)


def test_a_draft_without_lines_is_there_and_the_period_is_of_the_documents(world: World, shelf: Shelf) -> None:
    document(shelf, "opening-stock", "2026-12-01T00:00", post=False, comment="пусто")
    document(shelf, "opening-stock", "2026-12-02T23:59", shelf.line(price="1.00"), post=False, comment="позже")

    def found(first: date | None = None, last: date | None = None) -> list[tuple[Any, Any]]:
        return [(row["Комментарий"], row["Товар"]) for row in lines(world, shelf, OpeningStock, first=first, last=last)]

    earlier, later = ("пусто", None), ("позже", f"Перчатки {shelf.word}")
    assert found() == [earlier, later]
    assert found(date(2026, 12, 2), date(2026, 12, 2)) == [later]
    assert found(last=date(2026, 12, 1)) == [earlier]


@pytest.mark.spec("DEL-2")
def test_deleted_documents_are_there_where_the_clinic_shows_deleted_ones(world: World, shelf: Shelf) -> None:
    new = shelf.receive("2026-12-01T10:00", "200.00", post=True)
    shelf.browser.do("POST", f"/api/stock-receipts/{new['id']}/delete", version=2)
    (row,) = lines(world, shelf, StockReceipt, deleted=True)
    assert (row["Удалён"], row["Себестоимость"]) == ("да", None)
    with with_settings(shelf.browser, show_deleted=False):
        file = exported(shelf.browser, "stock_receipt")["Поступления товаров.xlsx"]
    assert (rows(file, shelf), "Удалён" in cells(file)[0]) == ([], False)


@pytest.mark.spec("ACL-6", "SEC-1")
def test_a_kind_needs_its_own_right_and_costs_that_of_balances(world: World) -> None:
    with with_rights(world, ["stock_write_offs", "excel_export"]) as browser:
        assert [one["key"] for one in browser.get_ok("/api/excel")["documents"]] == ["stock_write_off"]
        refused = browser.get("/api/excel/export.zip", params={"catalogues": ["stock_write_off", "opening_stock"]})
        assert (refused.status_code, refused.json()["facts"]) == (403, {"any_of": ["stock_receipts"]})
        assert COST[0] not in cells(exported(browser, "stock_write_off")["Списания товаров.xlsx"])[0]
    with with_rights(world, ["stock_write_offs", "stock_balances", "excel_export"]) as browser:
        assert COST[0] in cells(exported(browser, "stock_write_off")["Списания товаров.xlsx"])[0]
