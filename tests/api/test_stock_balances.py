"""Stock through the API: balances at a moment, item cards, what is missing, and what is asked about or refused."""

from typing import Any

import pytest

from commands.clinic.clinic_settings import change_settings
from projections.stock import known_stock
from tests.api.test_stock_documents import WITHOUT_STOCK, Shelf, entry
from tests.api.world import Browser, World, rows

PATHS = ("/api/stock-balances", "/api/stock-minimums/to-buy", "/api/stock-batches/expiring")


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


@pytest.mark.spec("ACL-6")
@pytest.mark.parametrize("path", PATHS)
def test_stock_opens_with_its_own_right(path: str, world: World, anonymous: Browser) -> None:
    assert anonymous.get(path).status_code == 401
    with world.browser(WITHOUT_STOCK) as stranger:
        assert stranger.get(path).json()["code"] == "right_missing"


@pytest.mark.spec("STK-4")
def test_stock_at_a_moment_and_the_movements_that_made_it(shelf: Shelf) -> None:
    new = shelf.receive("2026-10-01T10:30", "100.00", post=True)
    issue(shelf, "5", "2026-10-03T09:00")
    (now,) = rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word))
    assert (now["goods"]["name"], now["goods"]["unit"]) == (f"Перчатки {shelf.word}", "штука")
    assert (now["quantity"], now["value"], now["average"]) == ("15", "75.00", "5.00")
    assert [(one["name"], one["quantity"]) for one in now["warehouses"]] == [(f"Склад {shelf.word}", "15")]
    (then,) = rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word, at="2026-10-01T10:30"))
    assert then["quantity"] == "20"
    assert rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word, at="2026-10-01T10:29")) == []
    card = shelf.browser.get_ok(f"/api/stock-balances/{shelf.gloves}", **{"from": "2026-10-02"})
    assert (card["opening"], card["closing"], card["closing_value"], card["total"]) == ("20", "15", "75.00", 1)
    (moved,) = card["items"]
    assert (moved["kind"], moved["quantity"], moved["value"], moved["balance"]) == ("stock_write_off", "-5", "-25.00", "15")
    first = shelf.browser.get_ok(f"/api/stock-balances/{shelf.gloves}", page=2, size=1)["items"]
    assert [(one["document_id"], one["number"]) for one in first] == [(new["id"], new["number"])]
    assert shelf.browser.get(f"/api/stock-balances/{new['id']}").status_code == 404


@pytest.mark.spec("STK-4")
def test_what_is_dated_later_is_not_there_yet(shelf: Shelf) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    shelf.receive("2099-01-01T10:30", "100.00", post=True)
    (now,) = rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word))
    (then,) = rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word, at="2099-01-01T10:30"))
    assert (now["quantity"], then["quantity"]) == ("20", "40")
    card = shelf.browser.get_ok(f"/api/stock-balances/{shelf.gloves}")
    assert (card["closing"], card["total"]) == ("20", 2), "it is shown, and not counted"


@pytest.mark.spec("STK-4")
def test_stock_as_it_was_known_on_the_evening_of_an_earlier_day(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    asked = {"q": shelf.word, "at": "2026-10-01T23:59"}
    (now,) = rows(shelf.browser.get_ok("/api/stock-balances", **asked))
    assert now["quantity"] == "20"
    assert rows(shelf.browser.get_ok("/api/stock-balances", **asked, known_at="2026-10-01T23:59")) == [], "entered later"
    (then,) = rows(shelf.browser.get_ok("/api/stock-balances", **asked, known_at="2099-01-01T00:00"))
    assert then == now
    card, early = f"/api/stock-balances/{shelf.gloves}", {"known_at": "2026-10-01T23:59"}
    assert (shelf.browser.get_ok(card)["total"], shelf.browser.get_ok(card, **early)["total"]) == (1, 0)
    monkeypatch.setattr(known_stock, "MOST_DOCUMENTS", 0)
    for path in ("/api/stock-balances", card):
        refused = shelf.browser.get(path, params=early)
        assert (refused.status_code, refused.json()["code"]) == (409, "known_stock_too_far")


@pytest.mark.spec("STK-2")
def test_a_shortage_is_refused_with_names_and_with_the_document_that_gets_short(shelf: Shelf, world: World) -> None:
    clinic = world.denta.clinic
    change_settings(clinic, world.context("change_settings"), {"forbid_missing_goods": True})
    try:
        shelf.receive("2026-10-01T10:30", "100.00", post=True)
        later = issue(shelf, "18", "2026-10-05T09:00")
        refused = issue(shelf, "3", "2026-10-03T09:00", expect=409)
    finally:
        change_settings(clinic, world.context("change_settings"), {"forbid_missing_goods": False})
    assert refused["code"] == "goods_missing"
    (shortage,) = refused["facts"]["shortages"]
    assert shortage == {
        "goods": {"id": shelf.gloves, "name": f"Перчатки {shelf.word}"},
        "warehouse": {"id": shelf.warehouse, "name": f"Склад {shelf.word}"},
        "moment": "2026-10-05T09:00:00",
        "missing": "1",
        "document": {"id": later["id"], "kind": "stock_write_off", "number": later["number"]},
    }


@pytest.mark.spec("STK-3")
def test_where_it_is_allowed_a_person_confirms_a_shortage(shelf: Shelf) -> None:
    answer = shelf.browser.post("/api/stock-write-offs", json=written_off(shelf, "3", "2026-10-03T09:00"))
    asked = answer.json()
    assert (answer.status_code, asked["code"]) == (409, "needs_confirmation")
    (warning,) = asked["facts"]["warnings"]
    assert (warning["kind"], warning["shortages"][0]["missing"]) == ("stock_short", "3")
    assert warning["shortages"][0]["goods"]["name"] == f"Перчатки {shelf.word}"
    issue(shelf, "3", "2026-10-03T09:00")  # confirms
    (below,) = rows(shelf.browser.get_ok("/api/stock-balances", q=shelf.word, show="missing"))
    assert below["quantity"] == "-3"


@pytest.mark.spec("STK-4")
def test_what_is_below_its_minimum_is_on_the_list_of_what_to_buy(shelf: Shelf) -> None:
    body = {"goods_id": shelf.gloves, "warehouse_id": shelf.warehouse, "quantity": "25"}
    shelf.browser.do("POST", "/api/stock-minimums", body)
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    (found,) = shelf.browser.get_ok("/api/stock-minimums/to-buy", warehouse_id=shelf.warehouse)["items"]
    assert (found["quantity"], found["minimum"], found["missing"], found["price"]) == ("20", "25", "5", "5.00")
    assert found["supplier"] == f"Поставщик {shelf.word}"
    of_goods = shelf.browser.get_ok(f"/api/stock-minimums/of-goods/{shelf.gloves}")["items"]
    assert {
        "warehouse_id": shelf.warehouse,
        "warehouse": f"Склад {shelf.word}",
        "deleted": False,
        "quantity": "20",
        "minimum": "25",
    } in of_goods
    gone = entry(shelf.browser, "warehouses", name=f"Бывший {shelf.word}")
    shelf.browser.do("POST", f"/api/warehouses/{gone}/delete", version=1)
    refused = shelf.browser.do("POST", "/api/stock-minimums", {**body, "warehouse_id": gone}, expect=409)
    assert refused["code"] == "entry_deleted"


def issue(shelf: Shelf, quantity: str, moment: str, expect: int = 201) -> Any:
    return shelf.browser.do("POST", "/api/stock-write-offs", written_off(shelf, quantity, moment), expect=expect)


def written_off(shelf: Shelf, quantity: str, moment: str) -> dict[str, Any]:
    """The body of a posted write-off of gloves."""
    lines = [{"goods_id": shelf.gloves, "quantity": quantity, "unit": "write_off"}]
    return {"fields": {"moment": moment, "warehouse_id": shelf.warehouse}, "lines": lines, "post": True}
