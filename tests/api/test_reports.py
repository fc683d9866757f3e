"""Reports through the API: who may see them, what their workbooks hold, what is noted of personal data."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.api.strangers import complete, pay_for
from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit

pytestmark = pytest.mark.spec("FIN-4")
PERIOD = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=6)).isoformat()}
REPORTS = {
    "/api/reports/income": ("income_report", PERIOD),
    "/api/reports/income/lines": ("income_report", PERIOD),
    "/api/reports/income/paid": ("income_report", PERIOD),
    "/api/reports/debts": ("debt_report", {}),
    "/api/reports/load": ("load_report", PERIOD),
    "/api/reports/stock-turnover": ("stock_balances", PERIOD),
}


@pytest.fixture(scope="module")
def visit_id(world: World) -> str:
    """A completed visit of 100 rubles that is paid."""
    with world.browser("Администратор") as manager:
        made: str = manager.do("POST", "/api/visits", new_visit(world, start="15:00", end="15:30"), expect=201)["id"]
        pay_for(manager, str(world.patient), made)
        complete(manager, made)
        manager.catch_up()
    return made


def rows_of(browser: Browser, path: str, **query: Any) -> list[tuple[Any, ...]]:
    answer = browser.get(f"{path}/export.xlsx", params=query)
    assert answer.status_code == 200, answer.text
    (sheet,) = load_workbook(BytesIO(answer.content)).worksheets
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("path", REPORTS)
def test_a_report_opens_by_its_right_alone(world: World, path: str) -> None:
    right, _ = REPORTS[path]
    with world.browser("Администратор") as manager, world.browser() as browser:
        word = path.rpartition("reports/")[2].replace("/", "-")
        body = {"name": f"Отчёт {word}", "start_page": right, "rights": [right]}
        made = manager.do("POST", "/api/rights-sets", body, expect=201)
        hired = manager.do("POST", "/api/employees", {"family_name": "Отчётов"}, expect=201)
        access = {"email": f"{word}@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
        manager.do("PUT", f"/api/employees/{hired['id']}/access", access)
        browser.sign_in(access["email"])
        for other, (needed, asked) in REPORTS.items():
            expected = 200 if needed == right else 403
            assert browser.get(other, params=asked).status_code == expected, other
            assert browser.get(f"{other}/export.xlsx", params=asked).status_code == expected, other


def test_income_and_its_rows_are_seen_noted_and_exported(world: World, visit_id: str) -> None:
    with world.browser("Администратор") as manager:
        report = manager.get_ok("/api/reports/income", **PERIOD, by="item")
        lines = manager.get_ok("/api/reports/income/lines", **PERIOD)
        assert report["totals"]["sums"] == lines["sums"]
        assert report["totals"]["paid"] is not None
        assert visit_id in [line["visit_id"] for line in lines["items"]]
        looks = manager.get_ok("/api/access-log")["items"]
        assert looks[0]["object"] == "Строки отчёта о выручке"
        sheet = rows_of(manager, "/api/reports/income", **PERIOD, by="item")
        assert sheet[0] == ("Услуга или товар", "Визитов", "Количество", "Без скидок", "Скидки", "Начислено")
        assert sum(Decimal(str(row[5])) for row in sheet[1:]) == Decimal(report["totals"]["sums"]["net"])
        written = rows_of(manager, "/api/reports/income/lines", **PERIOD)
        assert len(written) == lines["total"] + 1
        paid = manager.get_ok("/api/reports/income/paid", **PERIOD)
        assert (paid["paid"], paid["items"][0]["visit_id"]) == (report["totals"]["paid"], visit_id)
        assert manager.get_ok("/api/access-log")["items"][0]["object"] == "Визиты отчёта о выручке: оплачено"
        assert rows_of(manager, "/api/reports/income/paid", **PERIOD)[1][2:] == (paid["items"][0]["patient"]["name"], 100, 100, 0)
        by_performer = manager.get_ok("/api/reports/income", **PERIOD, employee=str(world.doctor), by="day")
        assert by_performer["totals"]["paid"] is None
        assert len(rows_of(manager, "/api/reports/load", **PERIOD)) > 1
        assert rows_of(manager, "/api/reports/stock-turnover", **PERIOD)[0][0] == "Товар"
        assert rows_of(manager, "/api/reports/debts", show="all")[0][3] == "Долг"


def test_debts_show_phones_only_to_those_who_see_patients(world: World, visit_id: str) -> None:
    assert visit_id
    with world.browser("Администратор") as manager, world.browser() as browser:
        body = {"name": "Долги без телефонов", "start_page": "debt_report", "rights": ["debt_report"]}
        made = manager.do("POST", "/api/rights-sets", body, expect=201)
        hired = manager.do("POST", "/api/employees", {"family_name": "Должников"}, expect=201)
        access = {"email": "phoneless@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
        manager.do("PUT", f"/api/employees/{hired['id']}/access", access)
        browser.sign_in(access["email"])
        unpaid = manager.do("POST", "/api/visits", new_visit(world, start="16:00", end="16:30"), expect=201)["id"]
        service = manager.do("POST", "/api/services", {"name": "Долг", "price": "50.00", "duration": 30}, expect=201)
        version = manager.get_ok(f"/api/visits/{unpaid}")["version"]
        lines = {"lines": [{"service_id": service["id"], "quantity": 1}]}
        manager.do("PATCH", f"/api/visits/{unpaid}", lines, version=version)
        manager.catch_up()
        complete(manager, unpaid)
        asked = {"day": (MONDAY + timedelta(days=100)).isoformat()}
        shown = manager.get_ok("/api/reports/debts", **asked)
        assert shown["items"][0]["phone"] != ""
        assert shown["totals"]["aged"][2] == shown["totals"]["debt"] == "50.00"
        browser.catch_up()
        assert [one["phone"] for one in browser.get_ok("/api/reports/debts", **asked)["items"]] == [""]
        assert rows_of(browser, "/api/reports/debts", **asked)[1][2] is None


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("income", {"from": "2026-02-01", "to": "2026-01-01"}, "period"),
        ("income", {"from": "1990-01-01", "to": "2026-01-01"}, "period"),
        ("load", {"from": "2024-01-01", "to": "2026-01-01"}, "period"),
        ("income", {**PERIOD, "employee": "everybody"}, "employee"),
        ("income/lines", {**PERIOD, "category": "' or 1"}, "category"),
        ("income", {**PERIOD, "by": "patient"}, "by"),
        ("debts", {"day": "0001-01-01"}, "day"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, path: str, query: dict[str, str], field: str) -> None:
    with world.browser("Администратор") as manager:
        answer = manager.get(f"/api/reports/{path}", params=query)
        assert (answer.status_code, field in answer.text or field == "period") == (422, True)
