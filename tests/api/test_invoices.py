"""Invoices to organisations through the API: made from the register, paid by incomes, printed, in the settlements (FIN-7)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit


class Insurer:
    """An insurer of its own, with a patient for whom it pays."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.id = browser.do("POST", "/api/counterparties", {"fields": {"name": f"Полис {uuid4().hex[:6]}"}}, expect=201)["id"]
        self.patient = browser.do("POST", "/api/patients", {"family_name": "Застрахованный"}, expect=201)["id"]
        self.today = browser.get_ok(f"/api/patients/{self.patient}/payment")["moment"][:10]
        self.hour = 8

    def owe(self, total: str, days_ago: int = 33) -> str:
        service = {"name": f"По ДМС {uuid4().hex[:6]}", "price": total, "duration": 30}
        line = {"service_id": self.browser.do("POST", "/api/services", service, expect=201)["id"], "quantity": 1}
        self.hour += 1
        day = MONDAY - timedelta(days=days_ago)
        times = (f"{self.hour:02}:00", f"{self.hour:02}:10")
        body = {**new_visit(self.world, day, *times, patient_id=self.patient), "lines": [line]}
        visit: str = self.browser.do("POST", "/api/visits", body, expect=201)["id"]
        paid = {"patient_id": self.patient, "moment": f"{self.today}T09:00", "visits": [{"visit_id": visit, "sum": total}]}
        owed = {**paid, "parts": [{"owed": True, "sum": total}], "counterparty_id": self.id}
        self.browser.do("POST", "/api/payments", owed, expect=201)
        return visit

    def draft(self) -> Any:
        return self.browser.get_ok(f"/api/settlements/{self.id}/invoice-draft")

    def issue(self, total: str, expect: int = 201, **card: str) -> Any:
        days = {"last": self.today, "issued_on": self.today, "act_on": self.today}
        return self.browser.do("POST", f"/api/settlements/{self.id}/invoices", {**days, "sum": total, **card}, expect=expect)

    def income(self, total: str, *pays: tuple[str, str], expect: int = 201) -> Any:
        article = {"name": f"От страховых {uuid4().hex[:6]}", "direction": "income"}
        desk = self.browser.get_ok("/api/money-documents/defaults")["desk"]["id"]
        body = {
            "fields": {"moment": f"{self.today}T10:00", "desk_id": desk, "counterparty_id": self.id},
            "lines": [{"article_id": self.browser.do("POST", "/api/articles", article, expect=201)["id"], "sum": total}],
            "pays": [{"receipt_id": id_, "sum": amount} for id_, amount in pays],
        }
        return self.browser.do("POST", "/api/money-incomes", body, expect=expect)


@pytest.fixture
def insurer(world: World, administrator: Browser) -> Insurer:
    return Insurer(world, administrator)


@pytest.mark.spec("FIN-7")
def test_an_invoice_bills_what_no_other_one_has_billed(insurer: Insurer) -> None:
    browser, visit = insurer.browser, insurer.owe("900.00")
    draft = insurer.draft()
    assert (draft["sum"], [line["visit_id"] for line in draft["lines"]]) == ("900.00", [visit])
    assert insurer.issue("800.00", expect=409)["code"] == "invoiced_sum_moved"
    first = insurer.issue("900.00")
    assert insurer.issue("900.00", expect=409)["code"] == "nothing_to_invoice"
    second_visit = insurer.owe("500.00")
    assert [line["visit_id"] for line in insurer.draft()["lines"]] == [second_visit]
    second = insurer.issue("500.00", comment="Договор 12")
    shown = browser.get_ok(f"/api/invoices/{second['id']}")
    assert (shown["total"], shown["state"], shown["comment"]) == ("500.00", "issued", "Договор 12")
    assert shown["lines"][0]["patient"]["name"].startswith("Застрахованный")
    listed = browser.get_ok("/api/invoices", counterparty_id=insurer.id)
    assert ([one["id"] for one in listed["items"]], listed["sum"]) == ([second["id"], first["id"]], "1400.00")
    assert [one["id"] for one in browser.get_ok("/api/invoices", counterparty_id=insurer.id, q="договор")["items"]] == [
        second["id"]
    ]


@pytest.mark.spec("FIN-7", "FIN-9")
def test_its_state_follows_from_incomes_and_the_settlements_agree(insurer: Insurer) -> None:
    browser = insurer.browser
    insurer.owe("900.00")
    url = f"/api/settlements/{insurer.id}"
    assert browser.get_ok(url)["not_invoiced"] == "900.00"
    invoice = insurer.issue("900.00")["id"]
    settled = browser.get_ok(url)
    assert (settled["not_invoiced"], settled["counterparty"]["debt"]) == ("0.00", "-900.00")
    (unpaid,) = settled["invoices"]
    assert (unpaid["id"], unpaid["due"], unpaid["paid"], unpaid["age"], unpaid["late"]) == (invoice, "900.00", "0.00", 0, 0)
    income = insurer.income("400.00", (invoice, "400.00"))["id"]
    shown = browser.get_ok(f"/api/invoices/{invoice}")
    assert (shown["state"], shown["paid"], [one["id"] for one in shown["incomes"]]) == ("partly_paid", "400.00", [income])
    assert browser.get_ok(f"/api/money-incomes/{income}")["pays"][0]["receipt"].startswith("№ ")
    assert insurer.income("600.00", (invoice, "600.00"), expect=409)["code"] == "invoice_overpaid"
    insurer.income("500.00", (invoice, "500.00"))
    shown = browser.get_ok(f"/api/invoices/{invoice}")
    assert shown["state"] == "paid"
    settled = browser.get_ok(url)
    assert (settled["invoices"], settled["counterparty"]["debt"]) == ([], "0.00")
    refused = browser.do("POST", f"/api/invoices/{invoice}/delete", version=shown["version"], expect=409)
    assert refused["code"] == "invoice_overpaid"
    assert browser.get_ok(f"{url}/unpaid-invoices", income_id=income)["items"][0]["paid"] == "500.00"
    states = browser.get_ok("/api/invoices", counterparty_id=insurer.id, state="paid")["items"]
    assert [one["id"] for one in states] == [invoice]


@pytest.mark.spec("FIN-7", "DEL-2")
def test_an_annulled_invoice_frees_its_visits_and_comes_back_while_nobody_billed_them(insurer: Insurer) -> None:
    browser = insurer.browser
    insurer.owe("900.00")
    invoice = insurer.issue("900.00")["id"]
    browser.do("POST", f"/api/invoices/{invoice}/delete", version=1)
    assert browser.get_ok(f"/api/invoices/{invoice}")["state"] == "annulled"
    assert insurer.draft()["sum"] == "900.00"
    browser.do("POST", f"/api/invoices/{invoice}/return", version=2)
    assert insurer.draft()["lines"] == []
    browser.do("POST", f"/api/invoices/{invoice}/delete", version=3)
    insurer.issue("900.00")
    refused = browser.do("POST", f"/api/invoices/{invoice}/return", version=4, expect=409)
    assert refused["code"] == "already_invoiced"


@pytest.mark.spec("FIN-7", "VIS-7", "ACL-6")
def test_papers_and_names_are_for_those_who_may_see_them(world: World, insurer: Insurer) -> None:
    browser = insurer.browser
    insurer.owe("900.00")
    invoice = insurer.issue("900.00")["id"]
    for kind in ("invoice", "act"):
        answer = browser.get(f"/api/invoices/{invoice}/{kind}.pdf")
        assert answer.headers["content-type"] == "application/pdf", answer.text
    rights = {
        "name": f"Счета {uuid4().hex[:6]}",
        "start_page": "settlements",
        "rights": ["settlements"],
        "own_schedule_only": False,
    }
    made = browser.do("POST", "/api/rights-sets", {**rights, "own_schedule_only": False}, expect=201)
    hired = browser.do("POST", "/api/employees", {"family_name": "Книгина"}, expect=201)
    access = {"email": f"{uuid4().hex[:8]}@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    browser.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as reader:
        reader.sign_in(access["email"])
        (line,) = reader.get_ok(f"/api/invoices/{invoice}")["lines"]
        assert (line["patient"], line["services"], line["sum"]) == (None, "", "900.00")
        assert reader.do("POST", f"/api/invoices/{invoice}/delete", version=1, expect=403)["code"] == "right_missing"
