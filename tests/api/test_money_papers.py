"""Bills and orders of cash: what they say, of which date, and who may print them (VIS-7)."""

from datetime import timedelta
from typing import Any

import pytest

from aggregates.catalogues import CashDesk, first_entry_id
from tests.api.test_papers import information, printed
from tests.api.test_tax_certificates import DAY, Patient
from tests.api.world import Browser, World, at, rows

DRAWER = str(first_entry_id(CashDesk, "Основная касса"))
REQUISITES = {
    "bank_name": "ПАО Сбербанк", "bik": "044525225", "account": "40702810500000002453", "corr_account": "30101810400000000225",
    "head_name": "Громова Елена",
}  # fmt: skip
OWN_SCHEDULE = "Врач"


@pytest.fixture
def patient(administrator: Browser, world: World) -> Patient:
    made = Patient(administrator, world)
    information(administrator, **REQUISITES)
    return made


def visit(patient: Patient, price: str, start: str, end: str) -> str:
    body = {
        "patient_id": patient.id, "doctor_id": str(patient.world.doctor), "starts_at": at(DAY, start), "ends_at": at(DAY, end),
        "lines": [{"service_id": str(patient.world.service), "price": price}],
    }  # fmt: skip
    made = patient.browser.do("POST", "/api/visits", body, expect=201)
    for status in ("in_progress", "completed"):
        version = patient.browser.get_ok(f"/api/visits/{made['id']}")["version"]
        patient.browser.do("POST", f"/api/visits/{made['id']}/status", {"status": status}, version=version)
    return str(made["id"])


def pay(patient: Patient, total: str, desk: str = DRAWER, **more: Any) -> str:
    body = {"patient_id": patient.id, "moment": at(DAY, "20:00")[:16], "parts": [{"desk_id": desk, "sum": total}], **more}
    return str(patient.browser.do("POST", "/api/payments", body, expect=201)["payments"][0]["id"])


@pytest.mark.spec("VIS-7")
def test_a_bill_states_what_is_paid_and_what_is_due(patient: Patient) -> None:
    visit_id = visit(patient, "1500.00", "11:00", "11:20")
    pay(patient, "400.50", visits=[{"visit_id": visit_id, "sum": "400.50"}])
    text = printed(patient.browser, f"/visits/{visit_id}/papers/bill")
    for part in ("Счёт на оплату №", "Итого: 1 500,00", "Оплачено: 400,50", "К оплате: 1 099,50", *REQUISITES.values()):
        assert part in text
    assert "Одна тысяча девяносто девять рублей 50 копеек" in text
    debt = printed(patient.browser, f"/patients/{patient.id}/bill.pdf")
    for part in ("Счёт на оплату задолженности", "Визит №", "К оплате: 1 099,50", "Ёлкина Анна"):
        assert part in debt


@pytest.mark.spec("VIS-7", "ACL-4")
def test_bills_and_orders_of_patients_are_for_those_who_see_their_money(world: World, patient: Patient) -> None:
    paid = pay(patient, "400.00", keeps_rest=True)
    with world.browser(OWN_SCHEDULE) as doctor:
        for path in (f"/patients/{patient.id}/bill.pdf", f"/payments/{paid}/order.pdf"):
            assert doctor.do("GET", f"/api{path}", expect=403)["code"] == "right_missing"


@pytest.mark.spec("VIS-7", "SEC-6")
def test_money_of_patients_in_cash_has_orders(patient: Patient) -> None:
    paid = pay(patient, "1001.00", keeps_rest=True)
    text = printed(patient.browser, f"/payments/{paid}/order.pdf")
    for part in ("Приходный кассовый ордер", "Квитанция", "КО-1", "Ёлкина Анна", "Аванс за медицинские услуги", "О-"):
        assert part in text
    assert "Одна тысяча один рубль 00 копеек" in text
    refund = {"moment": at(DAY, "20:30")[:16], "sum": "2.22", "desk_id": DRAWER, "reason": "Передумал"}
    back = patient.browser.do("POST", f"/api/payments/{paid}/refunds", refund, expect=201)["refund_id"]
    text = printed(patient.browser, f"/refunds/{back}/order.pdf")
    for part in ("Расходный кассовый ордер", "КО-2", "Возврат по оплате №", "Передумал", "Два рубля 22 копейки", "Громова Елена"):
        assert part in text
    looks = rows(patient.browser.get_ok("/api/access-log", size=2))
    assert [(look["action"], look["patient"]["id"]) for look in looks] == [("Печать", patient.id)] * 2


@pytest.mark.spec("VIS-7", "FIN-1")
def test_documents_of_a_drawer_have_orders_with_the_requisites_of_their_day(patient: Patient) -> None:
    browser = patient.browser
    article = browser.do("POST", "/api/articles", {"name": f"Аренда {DAY}", "direction": "income"}, expect=201)["id"]
    fields = {"moment": at(DAY - timedelta(days=1), "12:00")[:16], "desk_id": DRAWER, "comment": "За стоянку"}
    body = {"fields": fields, "lines": [{"article_id": article, "sum": "111000.00"}]}
    income = browser.do("POST", "/api/money-incomes", body, expect=201)["id"]
    text = printed(browser, f"/money-incomes/{income}/order.pdf")
    for part in ("Приходный кассовый ордер", "Сто одиннадцать тысяч рублей 00 копеек", "Аренда", "За стоянку"):
        assert part in text
    bank = browser.do("POST", "/api/cash-desks", {"fields": {"name": f"Банк {DAY}", "kind": "bank"}}, expect=201)["id"]
    body["fields"] = {**fields, "desk_id": bank}
    cashless = browser.do("POST", "/api/money-incomes", body, expect=201)["id"]
    assert browser.do("GET", f"/api/money-incomes/{cashless}/order.pdf", expect=409)["code"] == "not_cash"
    assert [browser.do("GET", f"/api/money-incomes/{one}")["cash"] for one in (income, cashless)] == [True, False]
    drawer, paid = pay(patient, "7.00", keeps_rest=True), pay(patient, "5.00", bank, keeps_rest=True)
    refund = {"moment": at(DAY, "20:30")[:16], "sum": "2.00", "desk_id": DRAWER, "reason": ""}
    browser.do("POST", f"/api/payments/{drawer}/refunds", refund, expect=201)
    assert browser.do("GET", f"/api/payments/{paid}/order.pdf", expect=409)["code"] == "not_cash"
    account = browser.get_ok(f"/api/patients/{patient.id}/account")
    assert {one["id"]: one["cash"] for one in account["payments"]} == {drawer: True, paid: False}
    assert [one["cash"] for one in account["refunds"]] == [True]


@pytest.mark.spec("VIS-7", "FIN-1")
def test_a_day_of_a_drawer_is_a_page_of_the_cash_book(patient: Patient) -> None:
    browser = patient.browser
    drawer = browser.do("POST", "/api/cash-desks", {"fields": {"name": f"Касса книги {DAY}", "kind": "cash"}}, expect=201)["id"]
    paid = pay(patient, "700.00", drawer, keeps_rest=True)
    refund = {"moment": at(DAY, "20:30")[:16], "sum": "200.00", "desk_id": drawer, "reason": ""}
    browser.do("POST", f"/api/payments/{paid}/refunds", refund, expect=201)
    path = f"/desk-balances/{drawer}/cash-book.pdf"
    text = printed(browser, path, day=DAY.isoformat())
    for part in (
        "КО-4",
        "Остаток на начало дня 0,00",
        "700,00",
        "Итого за день 700,00 200,00",
        "Остаток на конец дня 500,00",
        "Ёлкина",
    ):
        assert part in text
    assert "приходных – один, расходных – один" in text
    empty = printed(browser, path, day=(DAY - timedelta(days=1)).isoformat())
    assert "Движений не было" in empty
    bank = browser.do("POST", "/api/cash-desks", {"fields": {"name": f"Счёт книги {DAY}", "kind": "bank"}}, expect=201)["id"]
    assert browser.do("GET", f"/api/desk-balances/{bank}/cash-book.pdf", expect=409)["code"] == "not_cash"
