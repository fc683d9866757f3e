"""Money through the API: documents of every kind, desks and their days, settlements, the block above the calendar, workbooks."""

from typing import Any
from uuid import uuid4

import pytest

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS, MoneyIncome
from tests.api.minimal import CREATING, Existing
from tests.api.test_clinic_settings import with_settings
from tests.api.test_excel_export import cells, exported
from tests.api.test_patient_info import with_rights
from tests.api.test_stock_documents import LETTERS, Shelf, entry
from tests.api.world import Browser, World, rows

WITHOUT_MONEY = next(one.name for one in PREDEFINED_SETS if MoneyIncome.RIGHT not in one.rights)
DAY = "2026-11-02"


class Till:
    """Desks of one test, with articles and a supplier of their own."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.word = browser, uuid4().hex[:12].translate(LETTERS)
        self.drawer = entry(browser, "cash-desks", name=f"Касса {self.word}")
        self.bank = entry(browser, "cash-desks", name=f"Счёт {self.word}", kind="bank")
        self.supplier = entry(browser, "counterparties", name=f"Поставщик {self.word}")
        self.articles = {
            way: browser.do("POST", "/api/articles", {"name": f"{name} {self.word}", "direction": way}, expect=201)["id"]
            for way, name in (("income", "Продажи"), ("outgo", "Аренда"))
        }

    def create(
        self, way: str, amount: str, *, desk: str = "", moment: str = f"{DAY}T10:30", expect: int = 201, **more: Any
    ) -> Any:
        pays = {"pays": more.pop("pays")} if "pays" in more else {}
        body = {
            "fields": {"moment": moment, "desk_id": desk or self.drawer, **more},
            "lines": [{"article_id": self.articles[way], "sum": amount, "note": "за ноябрь"}],
        }
        return self.browser.do(
            "POST", f"/api/money-{way}s" if way == "income" else "/api/money-outgoes", body | pays, expect=expect
        )

    def balance(self, desk: str, day: str = DAY) -> str:
        found = rows(self.browser.get_ok("/api/desk-balances", day=day))
        return str(next(one["balance"] for one in found if one["id"] == desk))


@pytest.fixture
def till(administrator: Browser) -> Till:
    return Till(administrator)


@pytest.mark.spec("ACL-6")
@pytest.mark.parametrize("kind", MONEY_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_documents_open_with_the_right_of_their_kind(kind: type[MoneyDocument], world: World, anonymous: Browser) -> None:
    assert anonymous.get(f"/api/{kind.PATH}").status_code == 401
    with world.browser(WITHOUT_MONEY) as stranger:
        assert stranger.get(f"/api/{kind.PATH}").json()["code"] == "right_missing"
        assert stranger.post(f"/api/{kind.PATH}", json={"fields": {}}).json()["code"] == "right_missing"
        assert rows(stranger.get_ok("/api/money-documents/kinds")) == []
        for path in ("/desk-balances", "/settlements", f"/calendar/statistics?day={DAY}"):
            assert stranger.get(f"/api{path}").json()["code"] == "right_missing"


@pytest.mark.spec("FIN-1", "DEL-1", "DEL-2")
@pytest.mark.parametrize("kind", MONEY_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_a_document_is_created_changed_deleted_and_returned(
    kind: type[MoneyDocument], existing: Existing, till: Till, administrator: Browser
) -> None:
    path, body = f"/api/{kind.PATH}", existing.body(CREATING[f"/{kind.PATH}"])
    body["fields"]["desk_id"] = till.bank
    new = administrator.do("POST", path, body, expect=201)
    one = f"{path}/{new['id']}"
    administrator.do("POST", f"{one}/delete", version=1)
    assert rows(administrator.get_ok(path, desk_id=till.bank)) == []
    (gone,) = rows(administrator.get_ok(path, desk_id=till.bank, deleted=True))
    assert (gone["id"], gone["number"], gone["deleted"]) == (new["id"], new["number"], True)
    administrator.do("POST", f"{one}/return", version=2)
    administrator.do("PATCH", one, {"fields": {"comment": "проверено"}}, version=3)
    listed, answer = administrator.get_ok(path, desk_id=till.bank), administrator.get(one)
    shown = answer.json()
    assert (answer.headers["etag"], shown["fields"]["comment"], shown["total"]) == ('"4"', "проверено", rows(listed)[0]["total"])
    assert all(shown["names"].values())
    other = next(kind for kind in MONEY_DOCUMENTS if f"/api/{kind.PATH}" != path)
    assert administrator.get(f"/api/{other.PATH}/{new['id']}").status_code == 404
    assert administrator.do("POST", f"{one}/delete", version=3, expect=412)["code"] == "version_moved"
    hits = administrator.get_ok("/api/search", q=f"{kind.ONE} № {new['number']}")["items"]
    assert new["id"] in {hit["id"] for hit in hits}


@pytest.mark.spec("FIN-1")
def test_a_refusal_of_missing_cash_names_the_desk_the_moment_and_the_document(till: Till) -> None:
    till.create("income", "100.00")
    out = till.create("outgo", "80.00", moment=f"{DAY}T12:00")
    refused = till.create("outgo", "30.00", moment=f"{DAY}T11:00", expect=409)
    assert refused["code"] == "cash_missing"
    assert refused["facts"]["shortage"] == {
        "desk": {"id": till.drawer, "name": f"Касса {till.word}"},
        "moment": f"{DAY}T12:00:00",
        "missing": "10.00",
        "document": {"id": out["id"], "kind": "money_outgo", "number": out["number"]},
    }
    assert till.balance(till.drawer) == "20.00"


@pytest.mark.spec("FIN-1")
def test_a_desk_with_documents_keeps_its_kind(till: Till) -> None:
    till.create("outgo", "5.00", desk=till.bank)
    refused = till.browser.do("PATCH", f"/api/cash-desks/{till.bank}", {"fields": {"kind": "cash"}}, version=1, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("desk_has_documents", "kind")


@pytest.mark.spec("FIN-8")
def test_a_day_is_closed_refuses_documents_and_is_opened_by_whom_may(till: Till, world: World) -> None:
    till.create("income", "100.00")
    close = {"day": DAY, "counted": "95.00"}
    desk = f"/api/desk-balances/{till.drawer}"
    assert till.browser.do("POST", f"{desk}/close", close, expect=409)["facts"]["field"] == "reason"
    booked = {**close, "reason": "сдача", "article_id": till.articles["outgo"]}
    done = till.browser.do("POST", f"{desk}/close", booked)
    assert (done["difference"], done["document_kind"]) == ("-5.00", "money_outgo")
    (day,) = rows(till.browser.get_ok(f"{desk}/closed-days"))
    assert (day["day"], day["counted"], day["turnover"]["income"], day["booked"]["id"]) == (
        DAY, "95.00", "100.00", done["document_id"],
    )  # fmt: skip
    refused = till.create("income", "1.00", expect=409)
    assert (refused["code"], refused["facts"]) == ("desk_day_closed", {"desk": f"Касса {till.word}", "day": DAY})
    again = {"day": DAY, "reason": "забыли чек"}
    with with_rights(world, ["desk_balances"]) as cashier:
        assert cashier.get_ok(desk, **{"from": DAY, "to": DAY})["items"][-1]["about"] == "", "who paid is shown with incomes"
        assert cashier.do("POST", f"{desk}/reopen", again, expect=403)["code"] == "right_missing"
    till.browser.do("POST", f"{desk}/reopen", again)
    till.create("income", "1.00")
    card = till.browser.get_ok(desk, **{"from": DAY, "to": DAY})
    assert (card["opening"], card["closing"], card["total"]) == ("0.00", "96.00", 3)


@pytest.mark.spec("FIN-9")
def test_receipts_are_paid_and_the_debt_is_shown(till: Till, administrator: Browser) -> None:
    shelf = Shelf(administrator)
    receipt = shelf.receive("2026-11-01T10:30", "500.00", post=True)
    pays = [{"receipt_id": receipt["id"], "sum": "200.00"}]
    paid = till.create("outgo", "300.00", desk=till.bank, counterparty_id=shelf.supplier, pays=pays)
    shown = administrator.get_ok(f"/api/money-outgoes/{paid['id']}")
    assert [(one["receipt_id"], one["due"], one["sum"]) for one in shown["pays"]] == [(receipt["id"], "500.00", "200.00")]
    (found,) = rows(administrator.get_ok("/api/settlements", day="2026-11-30", q=f"Поставщик {shelf.word}"))
    assert (found["received"], found["paid"], found["debt"]) == ("500.00", "300.00", "200.00")
    page = administrator.get_ok(f"/api/settlements/{shelf.supplier}", to="2026-11-30")
    assert (page["advance"], [one["paid"] for one in page["unpaid"]]) == ("100.00", ["200.00"])
    (unpaid,) = rows(administrator.get_ok(f"/api/settlements/{shelf.supplier}/unpaid-receipts", outgo_id=paid["id"]))
    assert unpaid["paid"] == "0.00"
    refused = administrator.do("POST", f"/api/stock-receipts/{receipt['id']}/unpost", version=2, expect=409)
    assert refused["code"] == "receipt_overpaid"
    assert refused["facts"]["overpayment"] == {
        "receipt": {"id": receipt["id"], "kind": "stock_receipt", "number": receipt["number"]},
        "excess": "200.00",
        "document": {"id": paid["id"], "kind": "money_outgo", "number": paid["number"]},
    }


@pytest.mark.spec("CAL-9", "CLN-2")
def test_the_block_above_the_calendar_shows_the_desk_that_the_settings_choose(till: Till, administrator: Browser) -> None:
    till.create("income", "100.00")
    till.create("outgo", "40.00")
    with with_settings(administrator, statistics_cash_desk=""):
        assert administrator.get_ok("/api/calendar/statistics", day=DAY)["desk"] == ""
    with with_settings(administrator, statistics_cash_desk=till.drawer):
        shown = administrator.get_ok("/api/calendar/statistics", day=DAY)
        assert (shown["desk"], shown["income"], shown["outgo"]) == (f"Касса {till.word}", "100.00", "40.00")
        assert administrator.get_ok("/api/money-documents/defaults")["desk"]["id"] == till.drawer


@pytest.mark.spec("SEC-6")
def test_who_lists_or_opens_incomes_of_patients_is_noted(till: Till, administrator: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": f"Плательщик{till.word}"}, expect=201)["id"]
    new = till.create("income", "100.00", patient_id=patient)
    administrator.get_ok("/api/money-incomes", patient_id=patient)
    administrator.get_ok(f"/api/money-incomes/{new['id']}")
    noted = [
        one for one in rows(administrator.get_ok("/api/access-log", patient_id=patient)) if "Приход средств" in one["object"]
    ]
    assert len(noted) == 1, "a document that was opened is noted with its patient"
    lists = [one["filter"] for one in rows(administrator.get_ok("/api/access-log", size=50)) if one["object"] == "Приход средств"]
    assert any(f"Плательщик{till.word}" in str(one) for one in lists), "a list with its filter"


@pytest.mark.thorough
@pytest.mark.spec("XLS-8")
@pytest.mark.parametrize("kind", MONEY_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_documents_of_a_period_are_exported_line_by_line(kind: type[MoneyDocument], till: Till) -> None:
    for moment in ("2026-11-02T10:30", "2026-11-09T10:30"):
        body: dict[str, Any] = {"fields": {"moment": moment, "desk_id": till.bank, "comment": "=1+1"}}
        if kind.SHAPE.direction is None:
            body["fields"] |= {"to_desk_id": till.drawer, "sum": "30.00"}
        else:
            body["fields"]["counterparty_id"] = till.supplier
            body["lines"] = [{"article_id": till.articles[kind.SHAPE.direction], "sum": amount} for amount in ("10.00", "20.50")]
        till.browser.do("POST", f"/api/{kind.PATH}", body, expect=201)
    file = exported(till.browser, kind.TOPIC, **{"from": "2026-11-05", "to": "2026-11-10"})[f"{kind.TITLE}.xlsx"]
    headings, *found = cells(file)
    written = [dict(zip(headings, values, strict=True)) for values in found if f"Счёт {till.word}" in values]
    assert [one["Сумма"] for one in written] == ([30] if kind.SHAPE.direction is None else [10, 20.5])
    assert {one["Комментарий"] for one in written} == {"=1+1"}
    me = till.browser.get_ok("/api/me")
    assert {one["Автор"] for one in written} == {me["name"]}
    (listed,) = rows(
        till.browser.get_ok(f"/api/{kind.PATH}", desk_id=till.bank, author_id=me["employee_id"], **{"from": "2026-11-05"})
    )
    assert listed["author"] == me["name"]
    assert rows(till.browser.get_ok(f"/api/{kind.PATH}", desk_id=till.bank, author_id=str(uuid4()))) == []
    if kind.SHAPE.direction is not None:
        assert all(one["Статья"].endswith(till.word) for one in written)
