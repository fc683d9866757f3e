"""A clinic opened a minute ago: its first administrator is led to the first booking, and may leave and come back."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from commands import clinic as first_set_up
from commands.ports import Context
from services.bootstrap import Denta
from services.passwords import Passwords
from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, add_service
from tests.browser.clinic import CLOCK, PASSWORD, QUICK, REGION
from tests.browser.desk import Room
from tests.browser.installation import running
from tests.conftest import Databases

EMAIL = "direktor@klinika.example"
MOST_CLICKS = 30


@pytest.fixture
def empty_clinic(
    browser: Browser, databases: Databases, prepared_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """What `denta clinic open` leaves: the first administrator and nobody else."""
    url = databases.make(prepared_database)
    with closing(Denta.open(url)) as denta:
        first_set_up.open_clinic(
            denta.clinic,
            Context(now=datetime.now(UTC), command="open_clinic"),
            name="Новая клиника",
            region=REGION,
            administrator={"family_name": "Седова", "given_name": "Инна"},
            email=EMAIL,
            password_hash=Passwords(QUICK).hash(PASSWORD),
        )
    with running(url, tmp_path_factory.mktemp("empty")) as address:
        room = Room(browser, address, PASSWORD, {"Седова": EMAIL})
        yield room
        assert room.empty() == []
    databases.drop(url)


def counting(page: Page) -> None:
    page.add_init_script(
        """addEventListener("click", () => sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1, true)"""
    )


def clicks(page: Page) -> int:
    return int(page.evaluate("() => Number(sessionStorage.clicks)"))


@pytest.mark.spec("UI-5")
def test_an_empty_clinic_is_led_to_its_first_booking_in_few_clicks(empty_clinic: Room) -> None:
    started = monotonic()
    page = empty_clinic.signed_in("Седова").new_page()
    counting(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Первые шаги")).to_be_visible()
    assert violations(page) == []
    bar = page.get_by_role("region", name="Первые шаги")

    page.get_by_role("link", name="Заполнить").click()
    page.get_by_label("Наименование юридического лица").fill("ООО «Новая клиника»")
    page.get_by_label("Телефон").fill("+7 383 000-00-00")
    page.get_by_role("button", name="Сохранить").click()
    expect(bar).to_contain_text("Готово 1 из 5. Дальше: часы работы.")

    bar.get_by_role("link", name="Задать часы").click()
    page.get_by_role("button", name="Часы организации…").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Воскресенье", exact=True).uncheck()
    window.get_by_role("button", name="Применить").click()
    page.get_by_role("button", name="Сохранить").click()
    expect(bar).to_contain_text("Готово 2 из 5")

    bar.get_by_role("button", name="Продолжить позже").click()
    expect(bar).to_have_count(0)
    page.get_by_role("link", name="Первые шаги: 2 из 5").click()
    expect(page.get_by_role("img", name="Готово")).to_have_count(2)
    page.get_by_role("link", name="Добавить врача").click()
    page.get_by_label("Фамилия").fill("Ильина")
    page.get_by_label(re.compile("^Ведёт приём")).check()
    page.get_by_role("button", name="Создать").click()
    expect(bar).to_contain_text("Дальше: услуги")

    bar.get_by_role("link", name="Добавить услугу").click()
    page.get_by_role("link", name="Новая услуга").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Наименование").fill("Осмотр")
    window.get_by_label("Цена").fill("500")
    window.get_by_role("button", name="Создать").click()
    expect(bar).to_contain_text("Дальше: первая запись")

    bar.get_by_role("link", name="Записать").click()
    calendar = CalendarPage(page)
    calendar.open(datetime.now(CLOCK).date() + timedelta(days=7 - datetime.now(CLOCK).weekday()))
    calendar.click("Ильина", "11:00")
    page.get_by_label("Пациент", exact=True).fill("Петров Иван")
    page.get_by_role("option", name=re.compile("^Новый пациент")).click()
    add_service(page, "Осмотр")
    page.get_by_role("dialog").get_by_role("button", name="Записать").click()
    expect(calendar.visit("Петров")).to_be_visible()

    expect(bar).to_contain_text("Первые шаги пройдены")
    bar.get_by_role("button", name="Хорошо").click()
    expect(page.get_by_text("Первые шаги")).to_have_count(0)
    assert clicks(page) <= MOST_CLICKS
    assert monotonic() - started < 300
