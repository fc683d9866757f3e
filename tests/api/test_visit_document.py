"""The visit as a document through the API: what is sent and shown, and what rights and settings say."""

from datetime import timedelta
from typing import Any

import pytest

from aggregates.catalogues import Warehouse, first_entry_id
from tests.api.test_clinic_settings import with_settings
from tests.api.test_stock_documents import Shelf
from tests.api.world import MONDAY, Browser, World, new_visit, rows

MAIN = first_entry_id(Warehouse, "Основной склад")
PAST = MONDAY - timedelta(days=28)


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


class Document:
    """A visit under way, and its answers."""

    def __init__(self, shelf: Shelf, world: World, start: str, end: str) -> None:
        self.browser, self._world = shelf.browser, world
        norms = {
            "name": f"Пломба {shelf.word}",
            "price": "4500.00",
            "duration": 30,
            "norms": [{"goods_id": str(shelf.gloves), "quantity": "2"}],
        }
        self.filling = self.browser.do("POST", "/api/services", norms, expect=201)["id"]
        body = new_visit(world, day=PAST, start=start, end=end, lines=[{"service_id": self.filling, "quantity": 3}])
        self.path = f"/api/visits/{self.browser.do('POST', '/api/visits', body, expect=201)['id']}"
        self.status("in_progress")

    @property
    def shown(self) -> dict[str, Any]:
        self.browser.catch_up()
        found: dict[str, Any] = self.browser.get_ok(self.path)
        return found

    def change(self, body: dict[str, Any], *, browser: Browser | None = None, expect: int = 200) -> dict[str, Any]:
        answer: dict[str, Any] = (browser or self.browser).do(
            "PATCH", self.path, body, version=self.shown["version"], expect=expect
        )
        return answer

    def status(self, status: str, expect: int = 200) -> dict[str, Any]:
        answer: dict[str, Any] = self.browser.do(
            "POST", f"{self.path}/status", {"status": status}, version=self.shown["version"], expect=expect
        )
        return answer


@pytest.mark.spec("VIS-1", "VIS-3")
def test_a_visit_is_written_completed_and_shown_with_what_it_came_to(shelf: Shelf, world: World) -> None:
    shelf.receive("2026-01-01T10:30", "100.00", post=True)
    visit = Document(shelf, world, "15:00", "15:30")
    warehouse = str(shelf.warehouse)
    goods = [{"goods_id": str(shelf.gloves), "quantity": "1", "unit": "write_off", "price": "500.00"}]
    visit.change({"goods": goods, "discount": {"kind": "percent", "amount": "10.00"}, "warehouse_id": warehouse})
    document = visit.shown["document"]
    assert (document["amounts"]["gross"], document["amounts"]["net"], document["charged"]) == ("14000.00", "12600.00", "0.00")
    assert [line["net"] for line in document["amounts"]["lines"]] == ["12150.00", "450.00"]
    assert (document["warehouse"]["id"], document["materials"], document["written_off"]) == (warehouse, None, None)
    visit.status("completed")
    shown = visit.shown
    assert (shown["total"], shown["document"]["charged"]) == ("12600.00", "12600.00")
    assert [one["quantity"] for one in shown["document"]["written_off"]["materials"]] == ["6"]
    movements = visit.browser.get_ok(f"/api/stock-balances/{shelf.gloves}")["items"]
    of_visit = [one for one in movements if one["document_id"] == shown["id"]]
    assert {(one["kind"], one["number"]) for one in of_visit} == {("visit", shown["number"])}
    assert sorted(one["quantity"] for one in of_visit) == ["-1", "-6"]
    assert visit.change({"goods": []}, expect=409)["code"] == "visit_over"
    assert shown["id"] not in [one["id"] for one in rows(visit.browser.get_ok("/api/goods-issues", size=100))]
    visit.status("in_progress")
    movements = visit.browser.get_ok(f"/api/stock-balances/{shelf.gloves}")["items"]
    assert shown["id"] not in [one["document_id"] for one in movements]


@pytest.mark.spec("VIS-3")
def test_a_visit_proposes_its_doctors_own_warehouse_before_that_of_the_settings(shelf: Shelf, world: World) -> None:
    visit = Document(shelf, world, "16:30", "17:00")
    path = f"/api/employees/{visit.shown['doctor']['id']}"

    def work_from(warehouse: str | None) -> str | None:
        version = visit.browser.get_ok(path)["version"]
        visit.browser.do("PATCH", path, {"warehouse_id": warehouse}, version=version)
        proposed = visit.shown["document"]["default_warehouse"]
        return proposed and str(proposed["id"])

    with with_settings(visit.browser, write_off_warehouse=str(MAIN)):
        assert work_from(str(shelf.warehouse)) == str(shelf.warehouse)
        assert work_from(None) == str(MAIN)


@pytest.mark.spec("VIS-3", "STK-2")
def test_a_completion_that_lacks_goods_is_refused_and_names_the_visit(shelf: Shelf, world: World) -> None:
    visit = Document(shelf, world, "15:30", "16:00")
    visit.change({"materials": [{"goods_id": str(shelf.gloves), "quantity": "2.5"}], "warehouse_id": str(shelf.warehouse)})
    with with_settings(visit.browser, forbid_missing_goods=True):
        refused = visit.status("completed", expect=409)
    assert refused["code"] == "goods_missing"
    (short,) = refused["facts"]["shortages"]
    assert (short["goods"]["name"], short["missing"]) == (f"Перчатки {shelf.word}", "2.5")
    assert short["document"] == {"id": visit.shown["id"], "kind": "visit", "number": visit.shown["number"]}
    assert visit.shown["status"] == "in_progress"


@pytest.mark.spec("ACL-1", "VIS-1")
def test_prices_and_discounts_need_their_rights(shelf: Shelf, world: World, receptionist: Browser) -> None:
    visit = Document(shelf, world, "16:00", "16:30")
    line = {"service_id": visit.filling, "quantity": 1}
    for body, code in (
        ({"lines": [{**line, "price": "1.00"}]}, "price_not_allowed"),
        ({"lines": [{**line, "discount": {"kind": "sum", "amount": "1.00"}}]}, "discount_not_allowed"),
        ({"discount": {"kind": "percent", "amount": "5.00"}}, "discount_not_allowed"),
        ({"goods": [{"goods_id": str(shelf.gloves), "quantity": "1", "price": "1.00"}]}, "price_not_allowed"),
    ):
        assert visit.change(body, browser=receptionist, expect=403)["code"] == code
    visit.change({"lines": [{**line, "price": "4500.00", "discount": None}]}, browser=receptionist)
    visit.change({"lines": [{**line, "price": "1.00"}]})
    visit.change({"lines": [{**line, "quantity": 2, "price": "1.00"}]}, browser=receptionist)
    assert visit.shown["total"] == "2.00"


@pytest.mark.spec("VIS-2")
def test_a_typed_name_means_known_goods_or_creates_them_where_the_settings_allow_it(shelf: Shelf, world: World) -> None:
    visit, name = Document(shelf, world, "16:30", "17:00"), f"Ополаскиватель {shelf.word}"
    known = {"name": f" перчатки {shelf.word}", "quantity": "1"}
    assert visit.change({"goods": [{"name": name, "quantity": "1"}]}, expect=409)["code"] == "goods_unknown"
    with with_settings(visit.browser, create_goods=True):
        visit.change({"goods": [known, {"name": name, "quantity": "2", "price": "350.00"}]})
    first, second = visit.shown["document"]["goods"]
    assert first["goods"]["id"] == str(shelf.gloves)
    assert (second["name"], second["price"], second["goods"]["category"]) == (name, "350.00", "Созданные из визитов")


@pytest.mark.spec("VIS-3")
def test_stock_of_materials_is_shown_and_its_cost_only_to_those_who_see_stock(
    shelf: Shelf, world: World, receptionist: Browser
) -> None:
    shelf.receive("2026-01-01T10:30", "100.00", post=True)
    asked = {"warehouse_id": str(shelf.warehouse), "goods_ids": [str(shelf.gloves)]}
    (seen,) = rows(shelf.browser.get_ok("/api/visit-stock", **asked))
    assert (seen["quantity"], seen["average"]) == ("20", "5.00")
    (seen,) = rows(receptionist.get_ok("/api/visit-stock", **asked))
    assert (seen["quantity"], seen["average"]) == ("20", None)
    assert str(world.doctor) in [one["id"] for one in rows(receptionist.get_ok("/api/visit-performers"))]
