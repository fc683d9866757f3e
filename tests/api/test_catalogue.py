"""Plain catalogues through the API: one mechanism, every catalogue."""

from typing import Any
from uuid import uuid4

import pytest

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES, Goods, Unit, first_entry_id
from services.api.catalogue import EntriesQuery
from tests.api.minimal import CREATING, Existing
from tests.api.world import Browser, rows

PIECE = str(first_entry_id(Unit, "штука"))


def create(browser: Browser, path: str, expect: int = 201, **fields: Any) -> Any:
    return browser.do("POST", f"/api/{path}", {"fields": fields}, expect=expect)


@pytest.mark.spec("DEL-1", "DEL-2")
@pytest.mark.parametrize("kind", CATALOGUES, ids=lambda kind: kind.TOPIC)
def test_an_entry_is_created_found_changed_deleted_and_returned(
    kind: type[CatalogueEntry], existing: Existing, administrator: Browser
) -> None:
    path, name = f"/api/{kind.PATH}", f"Проверочная запись {kind.TOPIC}"
    least = existing.body(CREATING[f"/{kind.PATH}"])["fields"]
    new = create(administrator, kind.PATH, **{**least, "name": name})
    (found,) = rows(administrator.get_ok(path, q="проверочная ЗАПИСЬ"))
    assert (found["id"], found["fields"]["name"], found["deleted"]) == (new["id"], name, False)
    administrator.do("PATCH", f"{path}/{new['id']}", {"fields": {"name": f"{name} 2"}}, version=1)
    administrator.do("POST", f"{path}/{new['id']}/delete", version=2)
    assert rows(administrator.get_ok(path, q="проверочная запись")) == []
    (gone,) = rows(administrator.get_ok(path, q="проверочная запись", deleted=True))
    assert (gone["id"], gone["deleted"], gone["version"]) == (new["id"], True, 3)
    administrator.do("POST", f"{path}/{new['id']}/return", version=3)
    shown = administrator.get_ok(f"{path}/{new['id']}")
    assert (shown["fields"]["name"], shown["deleted"]) == (f"{name} 2", False)
    administrator.do("POST", f"{path}/{new['id']}/delete", version=4)


def test_names_of_either_alphabet_are_both_found_and_both_taken(administrator: Browser) -> None:
    """«XO» may be a brand: the catalogue accepts it beside «ХО», and a search for one finds the other."""
    for name in ("CAXAP XO", "САХАР ХО"):
        administrator.do("POST", "/api/goods-categories", {"fields": {"name": name}}, expect=201)
    for query in ("CAXAP", "сахар хо"):
        found = rows(administrator.get_ok("/api/goods-categories", q=query))
        assert {entry["fields"]["name"] for entry in found} == {"CAXAP XO", "САХАР ХО"}


def test_a_name_is_taken_once_and_free_again_after_a_deletion(administrator: Browser) -> None:
    first = create(administrator, "sources", name="Ёлочный сайт")
    refused = create(administrator, "sources", expect=409, name=" елочный  САЙТ")
    assert (refused["code"], refused["facts"]["by"]) == ("name_taken", first["id"])
    administrator.do("POST", f"/api/sources/{first['id']}/delete", version=1)
    second = create(administrator, "sources", name="Елочный сайт")
    back = administrator.do("POST", f"/api/sources/{first['id']}/return", version=2, expect=409)
    assert (back["code"], back["facts"]["by"]) == ("name_taken", second["id"])


def test_goods_refer_to_entries_that_are_not_deleted_and_show_their_names(administrator: Browser) -> None:
    category = create(administrator, "goods-categories", name="Расходники")["id"]
    unknown = create(administrator, "goods", expect=404, name="Бинт", category=str(uuid4()), price="5", sale_unit=PIECE)
    assert unknown["code"] == "not_found"
    fields = {"name": "Бинт стерильный", "category": category, "price": "120.5", "sale_unit": PIECE}
    gauze = create(administrator, "goods", **fields, write_off_unit="", factor="1", article="", comment="")["id"]
    shown = administrator.get_ok(f"/api/goods/{gauze}")
    assert (shown["fields"]["price"], shown["names"]) == ("120.50", {"category": "Расходники", "sale_unit": "штука"})
    administrator.do("POST", f"/api/goods-categories/{category}/delete", version=1)
    refused = create(administrator, "goods", expect=409, name="Вата", category=category, price="5", sale_unit=PIECE)
    assert refused["code"] == "entry_deleted"
    administrator.do("PATCH", f"/api/goods/{gauze}", {"fields": {"price": "130"}}, version=1)
    assert administrator.get_ok(f"/api/goods/{gauze}")["names"]["category"] == "Расходники"
    assert category not in [choice["id"] for choice in rows(administrator.get_ok("/api/goods-categories/choices"))]


@pytest.mark.parametrize("sort", ["price", "-price", "category", "-sale_unit", "article"])
def test_a_list_is_sorted_by_any_field(sort: str, administrator: Browser) -> None:
    series = uuid4().hex
    for name, price in (("Гель", "9"), ("Боры", "100"), ("Маска", "20")):
        category = create(administrator, "goods-categories", name=f"{name} {series}")["id"]
        create(administrator, "goods", name=f"{name} {series}", category=category, price=price, sale_unit=PIECE)
    listed = rows(administrator.get_ok("/api/goods", q=series, sort=sort))
    expected = {"price": "Гель Маска Боры", "-price": "Боры Маска Гель", "category": "Боры Гель Маска"}
    assert [entry["fields"]["name"].split()[0] for entry in listed] == expected.get(sort, "Боры Гель Маска").split()


def test_an_order_that_there_is_not_is_refused(administrator: Browser) -> None:
    assert administrator.get("/api/units", params={"sort": "colour"}).status_code == 422


@pytest.mark.spec("UI-6")
def test_a_list_is_filtered_by_what_its_entries_refer_to(administrator: Browser) -> None:
    series = uuid4().hex
    drills, masks = (create(administrator, "goods-categories", name=f"{name} {series}")["id"] for name in ("Боры", "Маски"))
    minute = str(first_entry_id(Unit, "минута"))
    for name, category, unit in (("В", drills, PIECE), ("А", drills, PIECE), ("Б", drills, minute), ("Г", masks, PIECE)):
        create(administrator, "goods", name=f"{name} {series}", category=category, price="5", sale_unit=unit)

    def found(**query: Any) -> tuple[list[str], int]:
        answer = administrator.get_ok("/api/goods", **query)
        return [entry["fields"]["name"].split()[0] for entry in rows(answer)], answer["total"]

    assert found(category=drills) == (["А", "Б", "В"], 3)
    assert found(category=drills, sort="-name", size=2, page=2) == (["А"], 3)
    assert found(category=drills, sale_unit=PIECE) == (["А", "В"], 2)
    assert found(category=drills, q=f"б {series}") == (["Б"], 1)
    assert found(category=PIECE) == ([], 0), "another catalogue's entry"
    assert found(category=str(uuid4())) == ([], 0)


@pytest.mark.spec("UI-6", "ACL-3")
def test_positions_are_filtered_by_the_set_of_rights_that_they_propose(administrator: Browser) -> None:
    sets = {one["name"]: one["id"] for one in rows(administrator.get_ok("/api/rights-sets/choices"))}
    auditor = create(administrator, "positions", name="Ревизор", rights_set=sets["Аудитор"])["id"]
    create(administrator, "positions", name="Ревизор без прав")
    answer = administrator.get_ok("/api/positions", rights_set=sets["Аудитор"])
    assert ([entry["id"] for entry in rows(answer)], answer["total"]) == ([auditor], 1)


@pytest.mark.spec("UI-6")
@pytest.mark.parametrize(
    ("path", "query"),
    [("goods", {"colour": PIECE}), ("goods", {"article": "x"}), ("units", {"category": PIECE}), ("goods", {"category": "x"})],
    ids=["unknown", "no reference", "of another catalogue", "no id"],
)
def test_a_filter_that_there_is_not_is_refused_by_its_name(path: str, query: dict[str, str], administrator: Browser) -> None:
    answer = administrator.get(f"/api/{path}", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_malformed")
    assert [fault["field"] for fault in answer.json()["facts"]["fields"]] == list(query)


@pytest.mark.parametrize("kind", CATALOGUES, ids=lambda kind: kind.TOPIC)
def test_no_field_is_called_as_what_every_list_is_asked_by(kind: type[CatalogueEntry]) -> None:
    assert kind.FIELDS.keys().isdisjoint(EntriesQuery.model_fields)


def test_a_value_that_can_not_be_is_refused_at_its_field(administrator: Browser) -> None:
    refused = create(administrator, "counterparties", expect=409, name="Ромашка", inn="7707083894")
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "inn")
    refused = create(administrator, "counterparties", expect=422, name="Ромашка", colour="red")
    assert [fault["field"] for fault in refused["facts"]["fields"]] == ["fields.colour"]


def test_an_entry_is_reached_by_its_own_catalogue_alone(administrator: Browser) -> None:
    assert administrator.get(f"/api/warehouses/{PIECE}").status_code == 404
    other = administrator.request("PATCH", f"/api/warehouses/{PIECE}", json={"fields": {}}, headers={"If-Match": '"1"'})
    assert other.status_code == 404


def test_who_chooses_from_a_catalogue_sees_names_alone(receptionist: Browser) -> None:
    assert receptionist.get("/api/sources/choices").status_code == 200
    assert receptionist.get("/api/sources").status_code == 403
    assert receptionist.get("/api/positions/choices").status_code == 403
    known = {one["key"]: one["editable"] for one in rows(receptionist.get_ok("/api/catalogues"))}
    assert known["source"] is False
    assert "position" not in known


@pytest.mark.spec("STK-1", "FIN-1")
def test_every_clinic_starts_with_units_a_warehouse_and_a_cash_desk(administrator: Browser) -> None:
    names = [entry["name"] for entry in rows(administrator.get_ok("/api/units/choices"))]
    assert {"штука", "минута", "процедура", "зуб", "миллилитр"} <= set(names)
    assert [len(rows(administrator.get_ok(f"/api/{path}/choices"))) for path in ("warehouses", "cash-desks")] == [1, 1]


def test_what_changed_stands_in_the_journal_in_words(administrator: Browser) -> None:
    category = create(administrator, "goods-categories", name="Пломбы")["id"]
    goods = create(administrator, "goods", name="Цемент", category=category, price="900", sale_unit=PIECE)["id"]
    administrator.do("PATCH", f"/api/goods/{goods}", {"fields": {"price": "950"}}, version=1)
    changed, created = rows(administrator.get_ok("/api/journal", object_type="goods", object_id=goods))
    assert changed["text"] == "Товар «Цемент»: изменена запись"
    assert changed["changes"] == [{"label": "Цена", "old": "900,00\u00a0₽", "new": "950,00\u00a0₽"}]
    assert {"label": "Категория", "old": None, "new": "Пломбы"} in created["changes"]
    state = administrator.get_ok(f"/api/history/{Goods.TOPIC}/{goods}/at", version=1)
    assert {"label": "Цена", "value": "900,00\u00a0₽"} in state["fields"]
