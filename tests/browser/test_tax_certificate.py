"""A certificate for the tax office, from the patient's finances to the file, with a correction after more was paid (FIN-6)."""

import re
from datetime import datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import expect

from commands.money import payment
from commands.money.paying import Part
from services.bootstrap import Denta
from tests.browser.clinic import FILLING, MANAGER, MOROZOV, ORLOVA, Clinic
from tests.browser.desk import Room
from tests.browser.test_payment import DRAWER


@pytest.fixture(scope="module")
def office(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, UUID]]) -> Clinic:
    return Clinic(installation[1], ids=dict(small_clinic[1]))


def treat(clinic: Clinic, start: str, end: str) -> None:
    """A visit that is completed and paid."""
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(-28), start, end, services=(FILLING,))
    for status in ("arrived", "in_progress", "completed"):
        clinic.change_status(number, status)
    visit = clinic.ids[f"№ {number}"]
    moment, price = datetime.combine(clinic.day(-28), time(9)), Decimal(4200)
    payment.pay(
        clinic.denta.clinic, clinic.by(), clinic.ids[MOROZOV], moment, [Part(desk_id=DRAWER, sum=price)], visits={visit: price}
    )


@pytest.mark.spec("FIN-6")
def test_a_certificate_is_issued_corrected_and_put_into_a_file(room: Room, office: Clinic) -> None:
    office.set(inn="7707083893", kpp="770701001", tax_office="7701", head_name="Белова Ольга Петровна")
    treat(office, "09:00", "09:20")
    page = room.seat(MANAGER, f"/patients/{office.ids[MOROZOV]}?tab=finances")
    page.get_by_role("link", name="Справка для налоговой").last.click()
    window = page.get_by_role("dialog", name="Новая справка для налоговой")
    year = str(office.day(-28).year)
    window.get_by_label("Год оплаты").first.click()
    page.get_by_role("option", name=year).click()
    expect(window.get_by_role("radio")).to_be_checked()
    expect(window.get_by_text("код 1: 4\u00a0200\u00a0₽")).to_be_visible()
    expect(window.get_by_label("Подписывает")).to_have_value("Белова Ольга Петровна")
    for label, text in (("Фамилия", "Морозов"), ("Имя", "Илья"), ("Дата рождения", "3.02.1990"), ("ИНН", "500100732250")):
        window.get_by_label(label).first.fill(text)
    window.get_by_role("button", name="Выписать справку").click()
    expect(window.get_by_text("Такого ИНН не бывает")).to_be_visible()
    window.get_by_label("ИНН").fill("500100732259")
    window.get_by_role("button", name="Выписать справку").click()
    issued = page.get_by_role("dialog", name=re.compile("^Справка для налоговой № "))
    expect(issued.get_by_role("row", name=re.compile("Первичная"))).to_contain_text("4\u00a0200\u00a0₽")

    treat(office, "09:20", "09:40")
    expect(issued.get_by_text("Оплаты изменились после выдачи")).to_be_visible()
    issued.get_by_role("button", name="Выпустить корректировку").click()
    issued.get_by_role("button", name="Выпустить корректировку").click()
    expect(issued.get_by_role("row", name=re.compile("Корректировка 1"))).to_contain_text("8\u00a0400\u00a0₽")
    issued.get_by_role("button", name="Закрыть").last.click()

    page.get_by_role("button", name="Файл для налоговой").click()
    file = page.get_by_role("dialog", name="Файл для налоговой")
    file.get_by_label("Год оплаты").first.click()
    page.get_by_role("option", name=year).click()
    expect(file.get_by_role("checkbox", name=re.compile("Морозов"))).to_be_checked()
    with page.expect_download() as download:
        file.get_by_role("button", name="Скачать файл").click()
    assert download.value.suggested_filename.startswith("UT_SVOPLMEDUSL_7701_7701_7707083893770701001_")
    file.get_by_role("button", name="Отметить отправленными").click()
    expect(page.get_by_role("row", name=re.compile("Корректировка 1"))).to_contain_text("отправлена")
