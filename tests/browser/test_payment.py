"""Money at the reception: a visit paid in cash with change, money that goes back, a certificate that is sold and used."""

import re
from datetime import datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from aggregates.catalogues import CashDesk, Counterparty, first_entry_id
from aggregates.money.payment import Payment
from commands.catalogue import create_entry
from commands.money import payment
from commands.money.paying import Part
from services.bootstrap import Denta
from tests.browser.clinic import BELOV, EGOROV, FILLING, KUZNETSOVA, MANAGER, MOROZOV, ORLOVA, Clinic
from tests.browser.desk import Room

DRAWER = first_entry_id(CashDesk, "Основная касса")


@pytest.fixture(scope="module")
def till(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    return Clinic(installation[1], ids=dict(small_clinic[1]))


def pay(clinic: Clinic, who: str, amount: int, visit: UUID | None = None) -> UUID:
    """Cash on the day of the stories' visits."""
    receipt = payment.pay(
        clinic.denta.clinic,
        clinic.by(),
        clinic.ids[who],
        datetime.combine(clinic.day(-28), time(9)),
        [Part(desk_id=DRAWER, sum=Decimal(amount))],
        visits={} if visit is None else {visit: Decimal(amount)},
        keeps_rest=visit is None,
    )
    return UUID(receipt.facts["payments"][0]["id"])


@pytest.mark.spec("VIS-4", "FIN-7")
def test_from_come_to_paid_in_six_clicks_and_keys_beside_the_sum(room: Room, till: Clinic) -> None:
    number = till.book(MOROZOV, ORLOVA, till.day(-28), "12:00", "13:00", services=(FILLING,))
    till.change_status(number, "arrived")
    page = room.seat(MANAGER, f"/visits/{till.ids[f'№ {number}']}")
    expect(page.get_by_text("К оплате 4\u00a0200\u00a0₽")).to_be_visible()
    page.get_by_role("button", name="Начать приём").click()
    page.get_by_role("button", name="Завершить").click()
    expect(page.get_by_text("Визит завершён")).to_be_visible()
    page.get_by_role("button", name="Оплатить").click()
    window = page.get_by_role("dialog", name=re.compile("^Оплата визита"))
    expect(window.get_by_label("Основная касса: получено")).to_be_focused()
    page.keyboard.type("5000")
    expect(window.get_by_role("status")).to_contain_text("800\u00a0₽")
    page.keyboard.press("Escape")  # what was typed is asked about
    page.get_by_role("dialog", name="Уйти без сохранения?").get_by_role("button", name="Остаться").click()
    window.get_by_label("Основная касса: получено").press("Enter")
    expect(page.get_by_text("Оплата принята. Сдача: 800\u00a0₽")).to_be_visible()
    expect(page.get_by_text("Оплачено 4\u00a0200\u00a0₽")).to_be_visible()


@pytest.mark.spec("FIN-7")
def test_the_money_of_a_cancelled_visit_stays_as_prepayment_and_is_given_back(room: Room, till: Clinic) -> None:
    number = till.book(EGOROV, ORLOVA, till.day(1), "12:00", "13:00", services=(FILLING,))
    visit = till.ids[f"№ {number}"]
    paid = pay(till, EGOROV, 3000, visit)
    page = room.seat(MANAGER, f"/visits/{visit}")
    expect(page.get_by_text("оплачено 3\u00a0000\u00a0₽")).to_be_visible()
    page.get_by_role("button", name="Удалить", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить", exact=True).click()
    question = page.get_by_role("dialog", name=f"Визит № {number} оплачен")
    question.get_by_role("button", name="Оставить авансом и удалить визит").click()
    expect(page.get_by_text("Визит удалён", exact=True)).to_be_visible()
    page.goto(f"/patients/{till.ids[EGOROV]}?tab=finances")
    expect(page.get_by_text("аванс: 3\u00a0000\u00a0₽")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Оплата № .*: действия$")).click()
    page.get_by_role("menuitem", name="Вернуть деньги…").click()
    window = page.get_by_role("dialog", name=re.compile("^Возврат по оплате"))
    window.get_by_label("Сумма возврата").fill("1000")
    page.keyboard.press("Escape")  # what was typed is asked about
    page.get_by_role("dialog", name="Уйти без сохранения?").get_by_role("button", name="Остаться").click()
    window.get_by_role("button", name="Вернуть").click()
    expect(page.get_by_text("Деньги возвращены")).to_be_visible()
    expect(page.get_by_text("возвращено: 1\u00a0000\u00a0₽")).to_be_visible()
    assert till.denta.clinic.load(Payment, paid).allocated == {}
    page.goto("/money/money_outgo")
    page.get_by_role("link", name=re.compile("^Возврат № ")).click()
    expect(page.get_by_role("tab", name="Финансы")).to_have_attribute("aria-selected", "true")


@pytest.mark.spec("VIS-4", "FIN-3")
def test_a_certificate_is_sold_and_pays_for_a_visit(room: Room, till: Clinic) -> None:
    till.set(certificates=False)
    page = room.seat(MANAGER, "/certificates")
    expect(page.get_by_text("В клинике не используются сертификаты")).to_be_visible()
    till.set(certificates=True)
    page.reload()
    page.get_by_role("link", name="Продать сертификат").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Номер сертификата").fill("А-17")
    window.get_by_label("Номинал").fill("5000")
    window.get_by_label("Действует по").fill("31.12.2099")
    window.get_by_role("button", name="Создать").click()
    expect(page.get_by_text("Сертификат № А-17 продан")).to_be_visible()
    number = till.book(KUZNETSOVA, BELOV, till.day(2), "12:00", "13:00", services=(FILLING,))
    page.goto(f"/visits/{till.ids[f'№ {number}']}")
    page.get_by_role("button", name="Оплатить").click()
    window = page.get_by_role("dialog", name=re.compile("^Оплата визита"))
    window.get_by_role("combobox", name="Сертификат").fill("17")
    page.get_by_role("option", name=re.compile("^А-17")).click()
    window.get_by_role("button", name="Сертификат: сколько можно").click()
    window.get_by_role("button", name="Принять оплату").click()
    expect(window).to_be_hidden()
    expect(page.get_by_text("Оплачено 4\u00a0200\u00a0₽")).to_be_visible()
    page.goto("/certificates")
    expect(page.get_by_role("row", name=re.compile("А-17"))).to_contain_text("800\u00a0₽")


@pytest.mark.spec("FIN-7", "FIN-9")
def test_an_organisation_pays_its_share_and_owes_it(room: Room, till: Clinic) -> None:
    clinic = till.denta.clinic
    insurer = create_entry(clinic, till.by(), Counterparty, {"name": "Страховая «Полис»"}).id
    number = till.book(KUZNETSOVA, BELOV, till.day(3), "12:00", "13:00", services=(FILLING,))
    page = room.seat(MANAGER, f"/visits/{till.ids[f'№ {number}']}")

    def opened() -> Locator:
        page.get_by_role("button", name="Оплатить").click()
        return page.get_by_role("dialog", name=re.compile("^Оплата визита"))

    window = opened()
    expect(window.get_by_label("Электронный чек")).to_be_visible()
    window.get_by_text("Организация", exact=True).click()
    expect(window.get_by_label("Электронный чек")).to_have_count(0)
    window.get_by_role("combobox", name="Организация").fill("Полис")
    page.get_by_role("option", name="Страховая «Полис»").click()
    window.get_by_label("В счёт организации", exact=True).fill("3000")
    window.get_by_role("button", name="Принять оплату").click()
    expect(page.get_by_text("К оплате 1\u00a0200\u00a0₽")).to_be_visible()
    window = opened()
    expect(window.get_by_role("combobox", name="Организация")).to_have_value("Страховая «Полис»")
    window.get_by_text("Пациент", exact=True).click()
    window.get_by_label("Основная касса: получено").fill("1200")
    window.get_by_role("button", name="Принять оплату").click()
    expect(page.get_by_text("Оплачено 4\u00a0200\u00a0₽", exact=True)).to_be_visible()
    page.goto(f"/patients/{till.ids[KUZNETSOVA]}?tab=finances")
    expect(page.get_by_text(re.compile("в счёт организации.*плательщик: Страховая «Полис»"))).to_be_visible()
    page.goto(f"/settlements/{insurer}")
    expect(page.get_by_role("group", name="Нам должны")).to_contain_text("3\u00a0000\u00a0₽")
    page.get_by_role("link", name="Получить деньги").click()
    expect(page.get_by_label("Сумма, строка 1")).to_have_value("3\u00a0000")
    page.go_back()
    page.get_by_role("link", name="Реестр услуг").click()
    expect(page.get_by_role("heading", name="Реестр услуг: Страховая «Полис»")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=f"№ {number}")
    expect(row).to_contain_text("Лечение кариеса")
    expect(row).to_contain_text("3\u00a0000\u00a0₽")


@pytest.mark.spec("FIN-7")
def test_money_of_a_terminal_is_offered_back_by_terminals_alone(room: Room, till: Clinic) -> None:
    terminal = create_entry(till.denta.clinic, till.by(), CashDesk, {"name": "Эквайринг", "kind": "terminal"}).id
    part = Part(desk_id=terminal, sum=Decimal(900))
    payment.pay(
        till.denta.clinic, till.by(), till.ids[MOROZOV], datetime.combine(till.day(-28), time(9)), [part], keeps_rest=True
    )
    page = room.seat(MANAGER, f"/patients/{till.ids[MOROZOV]}?tab=finances")
    row = page.get_by_role("listitem").filter(has_text="Эквайринг")
    row.get_by_role("button", name=re.compile(": действия$")).click()
    expect(page.get_by_role("menuitem")).to_have_text(["Вернуть деньги…", "Удалить"])  # an order is for cash alone
    page.get_by_role("menuitem", name="Вернуть деньги…").click()
    desk = page.get_by_role("dialog").get_by_role("combobox", name="Из кассы")
    expect(desk).to_have_value("Эквайринг")
    desk.click()
    expect(page.get_by_role("option")).to_have_text(["Эквайринг"])
