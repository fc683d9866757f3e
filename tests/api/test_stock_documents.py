"""Stock documents through the API: one mechanism, every kind."""

from typing import Any
from uuid import uuid4

import pytest

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.catalogues import Unit, Warehouse, first_entry_id
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, StockReceipt
from commands.clinic.clinic_settings import change_settings
from commands.people.employee import change_card
from tests.api.minimal import CREATING, Existing
from tests.api.test_patient_info import with_rights
from tests.api.world import Browser, World, rows

PIECE, MAIN = str(first_entry_id(Unit, "штука")), str(first_entry_id(Warehouse, "Основной склад"))
LETTERS = str.maketrans("0123456789abcdef", "бвгджзиклмнпрстф")
"""A word of letters isn't found by a document's number."""
WITHOUT_STOCK = next(one.name for one in PREDEFINED_SETS if StockReceipt.RIGHT not in one.rights)


def entry(browser: Browser, path: str, **fields: Any) -> str:
    return str(browser.do("POST", f"/api/{path}", {"fields": fields}, expect=201)["id"])


class Shelf:
    """What documents of one test are about: goods by packs of ten, a warehouse and a supplier of their own."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.word = browser, uuid4().hex[:12].translate(LETTERS)
        pack, category = (entry(browser, path, name=f"Упаковка {self.word}") for path in ("units", "goods-categories"))
        units = {"sale_unit": pack, "write_off_unit": PIECE, "factor": "10"}
        card = {"category": category, "price": "450.5", "article": "GL-7", **units}
        self.gloves = entry(browser, "goods", name=f"Перчатки {self.word}", **card)
        self.gauze = entry(browser, "goods", name=f"Бинт {self.word}", **card)
        self.warehouse = entry(browser, "warehouses", name=f"Склад {self.word}")
        self.supplier = entry(browser, "counterparties", name=f"Поставщик {self.word}")

    def receive(self, moment: str = "2026-12-01T10:30", *sums: str, post: bool = False, **fields: Any) -> Any:
        head = {"moment": moment, "warehouse_id": self.warehouse, "counterparty_id": self.supplier, **fields}
        lines = [self.line(sum=amount) for amount in sums]
        return self.browser.do("POST", "/api/stock-receipts", {"fields": head, "lines": lines, "post": post}, expect=201)

    def sell(self, *lines: dict[str, Any], moment: str = "2026-11-01T10:30") -> Any:
        """Post an issue, by lines of `line`, whatever there is in stock."""
        body = {"fields": {"moment": moment, "warehouse_id": self.warehouse}, "lines": lines, "post": True}
        return self.browser.do("POST", "/api/goods-issues", body, expect=201)

    def take_back(self, issue: Any, *lines: dict[str, Any], moment: str = "2026-12-01T10:30", expect: int = 201) -> Any:
        """Post a return of this issue."""
        head = {"moment": moment, "warehouse_id": self.warehouse, "origin_id": issue["id"]}
        return self.browser.do("POST", "/api/customer-returns", {"fields": head, "lines": lines, "post": True}, expect=expect)

    def line(self, **more: Any) -> dict[str, Any]:
        return {"goods_id": self.gloves, "quantity": "2", "unit": "sale", **more}

    def found(self, **query: Any) -> tuple[list[str], int, str | None]:
        """Comments of the receipts that are found, how many these are and what they come to."""
        answer = self.browser.get_ok("/api/stock-receipts", **query)
        return [one["fields"]["comment"] for one in rows(answer)], answer["total"], answer["sum"]


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


@pytest.mark.spec("ACL-6")
@pytest.mark.parametrize("kind", STOCK_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_documents_open_with_the_right_of_their_kind(kind: type[StockDocument], world: World, anonymous: Browser) -> None:
    assert anonymous.get(f"/api/{kind.PATH}").status_code == 401
    with world.browser(WITHOUT_STOCK) as stranger:
        assert stranger.get(f"/api/{kind.PATH}").json()["code"] == "right_missing"
        assert stranger.post(f"/api/{kind.PATH}", json={"fields": {}}).json()["code"] == "right_missing"
        assert rows(stranger.get_ok("/api/stock-documents/kinds")) == []


@pytest.mark.spec("STK-1", "DEL-1", "DEL-2")
@pytest.mark.parametrize("kind", STOCK_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_a_document_is_created_posted_changed_deleted_and_returned(
    kind: type[StockDocument], existing: Existing, shelf: Shelf, administrator: Browser
) -> None:
    path, priced = f"/api/{kind.PATH}", {"price": "10.00"} if kind.SHAPE.priced else {}
    least = existing.body(CREATING[f"/{kind.PATH}"])
    if "origin_id" in kind.FIELDS:
        least["fields"]["origin_id"] = shelf.sell(shelf.line(price="1.00"), moment="2026-11-01T10:30")["id"]
    new = administrator.do("POST", path, {**least, "lines": [shelf.line(**priced)]}, expect=201)
    one = f"{path}/{new['id']}"
    for version, step in enumerate(("post", "unpost", "post", "delete"), start=1):
        administrator.do("POST", f"{one}/{step}", version=version)
    assert new["id"] not in {row["id"] for row in rows(administrator.get_ok(path, goods_id=shelf.gloves))}
    (gone,) = rows(administrator.get_ok(path, goods_id=shelf.gloves, deleted=True))
    assert (gone["id"], gone["number"], gone["deleted"], gone["posted"]) == (new["id"], new["number"], True, True)
    administrator.do("POST", f"{one}/return", version=5)
    administrator.do("PATCH", one, {"fields": {"comment": "проверено"}}, version=6)
    answer = administrator.get(one)
    shown = answer.json()
    assert (answer.headers["etag"], shown["fields"]["comment"], shown["total"]) == (
        '"7"',
        "проверено",
        "20.00" if priced else None,
    )
    assert shown["names"] == {name: shown["names"][name] for name in kind.references(shown["fields"])}
    assert all(shown["names"].values())
    other = next(kind for kind in STOCK_DOCUMENTS if f"/api/{kind.PATH}" != path)
    assert administrator.get(f"/api/{other.PATH}/{new['id']}").status_code == 404
    refused = administrator.do("POST", f"{one}/unpost", version=6, expect=412)
    assert refused["code"] == "version_moved"


@pytest.mark.spec("STK-1")
def test_a_receipt_is_created_posted_at_once_and_shows_its_lines(shelf: Shelf) -> None:
    lines = [
        shelf.line(price="100.00", batch="А-1", expires_on="2027-12-31"),
        shelf.line(unit="write_off", sum="7.00", quantity="0.5"),
    ]
    head = {
        "moment": "2026-12-01T10:30",
        "warehouse_id": shelf.warehouse,
        "counterparty_id": shelf.supplier,
        "suppliers_number": "7",
    }
    new = shelf.browser.do("POST", "/api/stock-receipts", {"fields": head, "lines": lines, "post": True}, expect=201)
    shown = shelf.browser.get_ok(f"/api/stock-receipts/{new['id']}")
    assert (shown["number"], shown["posted"], shown["total"], shown["line_count"]) == (new["number"], True, "207.00", 2)
    assert shown["fields"] == {**head, "comment": ""}
    assert shown["names"] == {"warehouse_id": f"Склад {shelf.word}", "counterparty_id": f"Поставщик {shelf.word}"}
    goods = {
        "id": shelf.gloves, "name": f"Перчатки {shelf.word}", "article": "GL-7", "category": f"Упаковка {shelf.word}",
        "sale_unit": f"Упаковка {shelf.word}", "write_off_unit": "штука", "factor": "10", "price": "450.50", "deleted": False,
    }  # fmt: skip
    packs = {"quantity": "2", "unit": "sale", "factor": "10", "price": "100.00", "sum": "200.00"}
    pieces = {"quantity": "0.5", "unit": "write_off", "factor": "1", "price": "14.00", "sum": "7.00"}
    assert shown["lines"] == [
        {"goods": goods, **packs, "batch": "А-1", "expires_on": "2027-12-31", "cost": "200.00", "difference": None},
        {"goods": goods, **pieces, "batch": "", "expires_on": None, "cost": "7.00", "difference": None},
    ]


@pytest.mark.spec("UI-6")
def test_a_list_is_filtered_sorted_and_summed(shelf: Shelf) -> None:
    word = shelf.word
    shelf.receive("2026-12-01T09:00", "100.00", post=True, comment="первый", suppliers_number=f"АБ-{word}")
    shelf.receive("2026-12-02T23:59", "5.00", "6.00", post=True, comment="второй")
    third = shelf.receive("2026-12-03T00:00", "70.00", comment="третий")
    other = Shelf(shelf.browser)
    other.receive("2026-12-02T10:00", "1.00", warehouse_id=other.warehouse, comment="чужой")

    own = {"warehouse_id": shelf.warehouse}
    assert shelf.found(**own) == (["третий", "второй", "первый"], 3, "111.00")
    assert shelf.found(**own, sort="total") == (["второй", "третий", "первый"], 3, "111.00")
    assert shelf.found(**own, sort="number", size=1, page=2) == (["второй"], 3, "111.00")
    assert shelf.found(**own, **{"from": "2026-12-02", "to": "2026-12-02"}) == (["второй"], 1, "11.00")
    assert shelf.found(**own, state="posted") == (["второй", "первый"], 2, "111.00")
    assert shelf.found(**own, state="draft") == (["третий"], 1, "0.00"), "drafts come to nothing yet"
    assert shelf.found(counterparty_id=shelf.supplier, q="втор") == (["второй"], 1, "11.00")
    assert shelf.found(q=f"аб-{word}") == (["первый"], 1, "100.00")
    assert shelf.found(**own, q=f"№ {third['number']}") == (["третий"], 1, "0.00")
    assert shelf.found(**own, q=str(third["number"])) == (["третий"], 1, "0.00")
    assert shelf.found(goods_id=shelf.gloves) == (["третий", "второй", "первый"], 3, "111.00")
    assert shelf.found(goods_id=shelf.gauze) == ([], 0, "0.00")
    assert shelf.browser.get("/api/stock-receipts", params={"from": "2026-12-02", "to": "2026-12-01"}).status_code == 422


def test_a_transfer_is_found_by_either_warehouse_and_has_no_sum(shelf: Shelf) -> None:
    head = {"moment": "2026-12-01T10:30", "warehouse_id": MAIN, "to_warehouse_id": shelf.warehouse}
    body = {"fields": head, "lines": [shelf.line()]}
    new = shelf.browser.do("POST", "/api/stock-transfers", body, expect=201)
    for warehouse in (MAIN, shelf.warehouse):
        answer = shelf.browser.get_ok("/api/stock-transfers", warehouse_id=warehouse, goods_id=shelf.gloves)
        assert ([row["id"] for row in rows(answer)], answer["sum"]) == ([new["id"]], None)
    refused = shelf.browser.do("POST", "/api/stock-transfers", {"fields": {**head, "to_warehouse_id": MAIN}}, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("same_warehouse", "to_warehouse_id")
    price = shelf.browser.do("POST", "/api/stock-transfers", {**body, "lines": [shelf.line(price="1.00")]}, expect=422)
    assert [fault["field"] for fault in price["facts"]["fields"]] == ["lines.0.price"]


@pytest.mark.spec("STK-1")
def test_an_issue_shows_what_came_back_and_a_return_its_issue(shelf: Shelf) -> None:
    packs, pieces = shelf.line(price="50.00"), shelf.line(unit="write_off", quantity="7", price="5.00")
    issue = shelf.sell(packs, pieces, shelf.line(goods_id=shelf.gauze, price="1.00"))
    back = shelf.take_back(issue, shelf.line(quantity="1", price="50.00"), pieces | {"quantity": "0.5"})
    assert shelf.browser.get_ok(f"/api/goods-issues/{issue['id']}")["returned"] == {shelf.gloves: "10.5"}
    name = f"№ {issue['number']} от 01.11.2026"
    shown = shelf.browser.get_ok(f"/api/customer-returns/{back['id']}")
    assert (shown["total"], shown["names"]["origin_id"], "returned" in shown) == ("52.50", name, False)
    (listed,) = rows(shelf.browser.get_ok("/api/customer-returns", goods_id=shelf.gloves))
    assert listed["names"] == shown["names"]
    first = rows(shelf.browser.get_ok("/api/journal", object_type="customer_return", object_id=back["id"]))[-1]
    changes = {change["label"]: change["new"] for change in first["changes"]}
    assert changes["Расходная накладная"] == name


@pytest.mark.spec("STK-1")
def test_a_refused_return_names_issue_goods_and_return(shelf: Shelf) -> None:
    issue = shelf.sell(shelf.line(price="50.00"))
    back = shelf.take_back(issue, shelf.line(quantity="1.5", price="50.00"))
    refused = shelf.take_back(issue, shelf.line(quantity="1", price="50.00"), moment="2026-11-30T10:30", expect=409)
    assert (refused["code"], refused["facts"]) == (
        "returned_too_much",
        {
            "excess": {
                "goods": {"id": shelf.gloves, "name": f"Перчатки {shelf.word}"},
                "issue": {"id": issue["id"], "kind": "goods_issue", "number": issue["number"]},
                "moment": "2026-12-01T10:30:00",
                "quantity": "5",
                "document": {"id": back["id"], "kind": "customer_return", "number": back["number"]},
            }
        },
    )
    for step in ("unpost", "delete"):
        refused = shelf.browser.do("POST", f"/api/goods-issues/{issue['id']}/{step}", version=2, expect=409)
        assert (refused["code"], refused["facts"]["excess"]["document"]["id"]) == ("returned_too_much", back["id"])


def test_lines_are_replaced_as_a_whole_and_keep_their_factor(shelf: Shelf) -> None:
    new = shelf.receive("2026-12-01T10:30", "100.00")
    path = f"/api/stock-receipts/{new['id']}"
    shelf.browser.do("PATCH", f"/api/goods/{shelf.gloves}", {"fields": {"factor": "12"}}, version=1)
    lines = [shelf.line(goods_id=shelf.gauze, price="1.00"), shelf.line(quantity="3", sum="9.00")]
    shelf.browser.do("PATCH", path, {"lines": lines}, version=1)
    shown = shelf.browser.get_ok(path)
    assert [(line["goods"]["id"], line["factor"]) for line in shown["lines"]] == [(shelf.gauze, "10"), (shelf.gloves, "10")]
    assert shown["total"] == "11.00"
    refused = shelf.browser.do("PATCH", path, {"lines": [shelf.line(quantity="0", sum="9.00")]}, version=2, expect=422)
    assert [fault["field"] for fault in refused["facts"]["fields"]] == ["lines.0.quantity"]


@pytest.mark.spec("UI-4")
def test_a_receipt_is_found_from_anywhere_by_the_suppliers_number(shelf: Shelf) -> None:
    word = shelf.word[:6].upper()
    new = shelf.receive(suppliers_number=f"УТ-{word}/26")
    for query in (f"УТ-{word}", f"ут-{word.lower()}/26", f"{word}/26"):
        (found,) = rows(shelf.browser.get_ok("/api/search", q=query))
        assert (found["id"], found["detail"]) == (
            new["id"],
            f"01.12.2026 10:30, Поставщик {shelf.word}, накладная УТ-{word}/26",
        )
    shelf.receive(comment=f"{word}/27")
    assert rows(shelf.browser.get_ok("/api/search", q=f"{word}/27")) == [], "only by the number"


@pytest.mark.spec("STK-1", "STK-5")
def test_costs_and_differences_stand_in_lines_for_those_who_see_the_stock(world: World, shelf: Shelf) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    body = {"fields": {"moment": "2026-10-02T09:00", "warehouse_id": shelf.warehouse}, "post": True}
    taken = [{"goods_id": shelf.gloves, "quantity": "5", "unit": "write_off"}]
    used = shelf.browser.do("POST", "/api/stock-write-offs", {**body, "lines": taken}, expect=201)
    body["fields"]["moment"] = "2026-10-03T09:00"  # type: ignore[index]
    lines = [{**taken[0], "quantity": "1", "unit": "sale"}, {"goods_id": shelf.gauze, "quantity": "0", "unit": "write_off"}]
    count = shelf.browser.do("POST", "/api/stock-counts", {**body, "lines": lines}, expect=201)

    def shown(browser: Browser, path: str) -> list[tuple[str | None, str | None]]:
        return [(line["cost"], line["difference"]) for line in browser.get_ok(f"/api/{path}")["lines"]]

    assert shown(shelf.browser, f"stock-write-offs/{used['id']}") == [("25.00", None)]
    assert shown(shelf.browser, f"stock-counts/{count['id']}") == [("-25.00", "-5"), ("0.00", "0")]
    with with_rights(world, ["stock_counts"]) as blind:
        assert shown(blind, f"stock-counts/{count['id']}") == [(None, None)] * 2
        assert rows(blind.get_ok("/api/stock-goods", q=shelf.word, warehouse_id=shelf.warehouse))[0]["balance"] is None
        asked = {"warehouse_id": shelf.warehouse, "moment": "2026-10-03T09:00"}
        assert blind.get("/api/stock-book", params=asked).json()["code"] == "right_missing"


@pytest.mark.spec("STK-5")
def test_the_book_knows_what_there_should_have_been_before_a_count(shelf: Shelf) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    body = {"fields": {"moment": "2026-10-03T09:00", "warehouse_id": shelf.warehouse}, "post": True}
    lines = [{"goods_id": shelf.gloves, "quantity": "7", "unit": "write_off"}]
    count = shelf.browser.do("POST", "/api/stock-counts", {**body, "lines": lines}, expect=201)

    def book(moment: str, **more: str) -> dict[str, str]:
        answer = shelf.browser.get_ok("/api/stock-book", warehouse_id=shelf.warehouse, moment=moment, **more)
        return {one["goods_id"]: one["quantity"] for one in rows(answer)}

    assert book("2026-10-01T10:29") == {}
    assert book("2026-10-03T09:00", document_id=count["id"]) == {shelf.gloves: "20"}
    assert book("2026-10-03T09:00") == {shelf.gloves: "7"}, "another count of the same minute comes behind it"


def test_goods_are_chosen_with_what_the_warehouse_has_of_them(shelf: Shelf) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)

    def balances(**more: str) -> dict[str, str | None]:
        return {one["id"]: one["balance"] for one in rows(shelf.browser.get_ok("/api/stock-goods", q=shelf.word, **more))}

    assert balances() == {shelf.gloves: None, shelf.gauze: None}
    assert balances(warehouse_id=shelf.warehouse) == {shelf.gloves: "20", shelf.gauze: "0"}
    assert balances(warehouse_id=shelf.warehouse, moment="2026-10-01T10:29") == {shelf.gloves: "0", shelf.gauze: "0"}


@pytest.mark.spec("AUD-1", "AUD-3")
def test_the_journal_names_documents_by_number_and_day_and_shows_changed_lines(shelf: Shelf) -> None:
    new = shelf.receive("2026-12-01T10:30", "100.00")
    body = {"fields": {"moment": "2026-12-02T10:30"}, "lines": [shelf.line(sum="120.00", batch="А-1")]}
    shelf.browser.do("PATCH", f"/api/stock-receipts/{new['id']}", body, version=1)
    answer = shelf.browser.get_ok("/api/journal", object_type="stock_receipt", q=str(new["number"]))
    newest = rows(answer)[0]
    assert newest["object"]["title"] == f"Поступление товаров № {new['number']} от 02.12.2026"
    assert newest["text"] == f"{newest['object']['title']}: изменён документ"
    assert [(change["label"], change["old"], change["new"]) for change in newest["changes"]] == [
        ("Дата и время", "01.12.2026 10:30", "02.12.2026 10:30"),
        (
            f"Перчатки {shelf.word}, строка",
            "2 единицы продажи (по 10 единиц списания), цена 50,00\u00a0₽, сумма 100,00\u00a0₽",
            "2 единицы продажи (по 10 единиц списания), цена 60,00\u00a0₽, сумма 120,00\u00a0₽, партия А-1",
        ),
    ]


@pytest.mark.spec("UI-4")
def test_a_document_is_found_from_anywhere_by_its_number(shelf: Shelf) -> None:
    new = shelf.receive()
    for query in (str(new["number"]), f"№ {new['number']}", f"Поступление товаров № {new['number']}"):
        found = {one["id"]: one for one in rows(shelf.browser.get_ok("/api/search", q=query))}
        assert found[new["id"]] == {
            "kind": "stock_receipt",
            "group": "Поступления товаров",
            "id": new["id"],
            "title": f"Поступление товаров № {new['number']}",
            "detail": f"01.12.2026 10:30, Поставщик {shelf.word}",
        }


def test_kinds_say_how_their_documents_are_written(administrator: Browser) -> None:
    shown = {kind["key"]: kind for kind in rows(administrator.get_ok("/api/stock-documents/kinds"))}
    assert list(shown) == [kind.TOPIC for kind in STOCK_DOCUMENTS]
    receipt = shown["stock_receipt"]
    assert [receipt[flag] for flag in ("title", "path", "priced", "counts", "batches")] == [
        "Поступления товаров", "stock-receipts", True, False, True,
    ]  # fmt: skip
    assert [(field["name"], field["type"], field["refers_to"]) for field in receipt["fields"]][:2] == [
        ("moment", "moment", ""),
        ("warehouse_id", "reference", "warehouse"),
    ]


def test_a_new_document_proposes_the_moment_and_the_users_warehouse(world: World, shelf: Shelf) -> None:
    def proposed() -> str | None:
        answer = shelf.browser.get_ok("/api/stock-documents/defaults")
        assert answer["moment"][:16] == answer["moment"], "to the minute"
        return None if answer["warehouse"] is None else str(answer["warehouse"]["id"])

    clinic, own = world.denta.clinic, entry(shelf.browser, "warehouses", name=f"Свой {shelf.word}")
    assert proposed() == MAIN
    change_settings(clinic, world.context("change_settings"), {"default_warehouse": shelf.warehouse})
    assert proposed() == shelf.warehouse
    change_card(clinic, world.context("change_card"), world.administrator, {"warehouse_id": own})
    assert proposed() == own
    shelf.browser.do("POST", f"/api/warehouses/{own}/delete", version=1)
    assert proposed() == shelf.warehouse


def test_goods_for_lines_are_found_by_words_and_article(shelf: Shelf) -> None:
    def found(query: str) -> list[str]:
        return [str(goods["name"]).split()[0] for goods in rows(shelf.browser.get_ok("/api/stock-goods", q=query))]

    assert found(shelf.word) == ["Бинт", "Перчатки"]
    assert found(f"{shelf.word} перч gl-7") == ["Перчатки"]
    shelf.browser.do("POST", f"/api/goods/{shelf.gauze}/delete", version=1)
    assert found(shelf.word) == ["Перчатки"]
    for number in range(21):
        entry(shelf.browser, "goods", name=f"Бор {number} {shelf.word}", **_card(shelf))
    assert len(found(shelf.word)) == 20


def _card(shelf: Shelf) -> dict[str, Any]:
    card = shelf.browser.get_ok(f"/api/goods/{shelf.gloves}")["fields"]
    return {name: value for name, value in card.items() if name != "name"}
