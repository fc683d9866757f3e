"""A manager asks what was brought in, opens a figure, and finds who owes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Room

pytestmark = pytest.mark.spec("FIN-4")
ALL_TIME = "from=2026-01-01&to=2027-12-31"


def test_a_figure_of_income_opens_its_rows_and_a_debt_its_patient(demo_room: Room) -> None:
    page = demo_room.seat("Администратор", f"/reports/income?{ALL_TIME}")
    row = page.get_by_role("table", name="Выручка").get_by_role("row", name=re.compile("Орлова"))
    charged = row.get_by_role("cell").nth(4)
    expect(charged).to_contain_text("₽")
    figure = charged.inner_text()
    charged.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Из чего сложилась выручка")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="начислено")).to_contain_text(figure)
    expect(page.get_by_text(re.compile("31.12.2027, Орлова"))).to_be_visible()
    page.get_by_role("link", name="К отчёту").click()
    expect(page.get_by_role("img", name=re.compile("^Начислено"))).to_be_visible()
    paid = page.get_by_role("group", name="Из них оплачено")
    expect(paid).to_contain_text("₽")
    amount = paid.get_by_role("link").inner_text()
    paid.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Из чего сложилось оплаченное")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="оплачено")).to_contain_text(amount)
    page.get_by_role("link", name="К отчёту").click()
    page.get_by_role("button", name="Сегодня").click()
    expect(page.get_by_text(re.compile(r"^Сравнение с тем же днём недели неделей раньше, \d\d\.\d\d\.\d{4}$"))).to_be_visible()
    page.get_by_role("button", name="Прошлый месяц").click()
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d{2}-01&to="))

    page.goto(f"/reports/load?{ALL_TIME.replace('2027', '2026')}")
    loaded = page.get_by_role("table", name="Загрузка").get_by_role("row", name=re.compile("Орлова")).get_by_role("cell")
    visits = loaded.nth(6).inner_text()
    loaded.nth(2).get_by_role("link").click()
    expect(page.get_by_role("combobox", name="Статус")).to_have_value("Занимают время")
    expect(page.get_by_role("status").filter(has_text="визит")).to_contain_text(visits)

    page.goto(f"/reports/stock-turnover?{ALL_TIME}")
    for chart in ("Приход", "Расход"):
        expect(page.get_by_role("img", name=re.compile(f"^{chart} по месяцам"))).to_be_visible()
    rows = page.get_by_role("table", name="Оборот склада").get_by_role("row")
    expect(rows.filter(has_text="Основной склад").first).to_be_visible()
    page.get_by_role("combobox", name="Склад").click()
    page.get_by_role("option", name="Склад хирургии").click()
    expect(rows.filter(has_text="Основной склад")).to_have_count(0)
    expect(rows.filter(has_text="Склад хирургии").first).to_be_visible()

    page.goto("/reports/debts")
    debtor = page.get_by_role("table", name="Долги и авансы").get_by_role("link").first
    name = debtor.inner_text()
    debtor.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page).to_have_url(re.compile("tab=finances"))
    expect(page.get_by_role("tabpanel")).to_contain_text("Долг")
