"""A clinic opened a minute ago: its first administrator is led to the first booking, and may leave and come back."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from aggregates.scheduling.hours import Day, parse_week
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.clinic import clinic_settings, service
from commands.clinic import opening as first_set_up
from commands.context import Context
from commands.people import employee
from commands.scheduling import schedule
from services.accounts.passwords import Passwords
from services.bootstrap import Denta
from tests.browser.axe import violations
from tests.browser.calendar_page import CalendarPage, add_service
from tests.browser.clinic import CLOCK, PASSWORD, QUICK, REGION
from tests.browser.desk import Room
from tests.browser.installation import running
from tests.conftest import Databases

EMAIL = "direktor@klinika.example"
MOST_CLICKS = 30


@pytest.fixture
def empty_denta(databases: Databases, prepared_database: str) -> Iterator[Denta]:
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
        yield denta
    databases.drop(url)


@pytest.fixture
def empty_clinic(browser: Browser, empty_denta: Denta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with running(empty_denta.database.url, tmp_path_factory.mktemp("empty")) as address:
        room = Room(browser, address, PASSWORD, {"Седова": EMAIL})
        yield room
        assert room.empty() == []


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
    expect(page.get_by_label(re.compile("^Ведёт приём"))).to_be_checked()
    page.get_by_role("button", name="Создать").click()
    page.wait_for_url(re.compile("/employees/[0-9a-f-]{36}"))  # the bar may hear of the employee before this page does
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


def made_ready(denta: Denta, hours: tuple[str, str] | None) -> date:
    """A clinic that lacks its first booking alone. Its doctor works from tomorrow on, or not at all; tomorrow by its clock."""

    def by(command: str) -> Context:
        return Context(now=datetime.now(UTC), command=command)

    today = datetime.now(CLOCK).date()
    clinic_settings.change_settings(denta.clinic, by("change_settings"), {"phone": "+7 383 000-00-00"})
    doctor = employee.hire(denta.clinic, by("hire"), {"family_name": "Ильина", "takes_visits": True}).id
    service.create_service(denta.clinic, by("create_service"), {"name": "Осмотр", "price": "500", "duration": 30})
    weeks = {doctor: parse_week(((hours,) if hours else (),) * 7)}
    days = {(doctor, today + timedelta(days=gone)): Day("off", ()) for gone in (-1, 0)}
    version = denta.clinic.load(Schedule, SCHEDULE_ID).version
    schedule.save_hours(denta.clinic, by("save_hours"), version, weeks=weeks, days=days if hours else {})
    return today + timedelta(days=1)


@pytest.mark.spec("UI-5")
def test_on_a_day_off_the_last_step_leads_to_the_next_working_day_and_says_so(empty_clinic: Room, empty_denta: Denta) -> None:
    tomorrow = made_ready(empty_denta, ("09:00", "20:00"))
    page = empty_clinic.signed_in("Седова").new_page()
    page.goto("/first-steps")
    expect(page.get_by_text("Сегодня приёма уже нет, ближайший рабочий день –")).to_be_visible()
    page.get_by_role("link", name="Записать").click()
    expect(page).to_have_url(re.compile(f"date=.{{0,3}}{tomorrow.isoformat()}"))
    bar = page.get_by_role("region", name="Первые шаги")
    expect(bar).to_contain_text("Щёлкните свободное время врача")
    expect(bar.get_by_role("link", name="Записать")).to_have_count(0)
    expect(page.get_by_text("Ильина").first).to_be_visible()

    page.goto("/calendar")  # today, on which nobody works
    expect(bar).to_contain_text("Дальше: первая запись")
    bar.get_by_role("link", name="Записать").click()
    expect(page).to_have_url(re.compile(tomorrow.isoformat()))


@pytest.mark.spec("UI-5")
def test_where_nobody_works_at_all_the_last_step_leads_to_the_hours(empty_clinic: Room, empty_denta: Denta) -> None:
    made_ready(empty_denta, None)
    page = empty_clinic.signed_in("Седова").new_page()
    page.goto("/first-steps")
    expect(page.get_by_text("ни один врач не работает")).to_be_visible()
    page.get_by_role("listitem").last.get_by_role("link", name="Задать часы").click()
    expect(page).to_have_url(re.compile("/settings/hours"))


@pytest.mark.spec("UI-5", "ACL-3")
def test_the_guide_leads_to_the_access_of_the_reception(empty_clinic: Room) -> None:
    page = empty_clinic.signed_in("Седова").new_page()
    page.goto("/first-steps")
    page.get_by_role("link", name="добавьте сотрудника с доступом").click()
    page.get_by_label("Фамилия").fill("Савельева")
    expect(page.get_by_label(re.compile("^Ведёт приём"))).not_to_be_checked()
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_label("Разрешить доступ к системе")).to_be_checked()
    page.get_by_label("E-mail для входа").fill("reception@klinika.example")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("combobox", name="Набор прав").click()
    page.get_by_role("option", name="Регистратор").click()
    assert violations(page) == []
    page.get_by_role("button", name="Сохранить доступ").click()
    expect(page.get_by_text("Доступ сохранён.")).to_be_visible()


@pytest.mark.spec("UI-3")
def test_a_saved_value_is_shown_only_where_there_is_one(empty_clinic: Room) -> None:
    page = empty_clinic.signed_in("Седова").new_page()
    page.goto("/settings/clinic")
    page.get_by_label("ИНН").fill("7707083893")
    page.get_by_label("Наименование клиники").fill("Другое название")
    expect(page.get_by_text("Сохранено: Новая клиника.")).to_be_visible()
    expect(page.get_by_text("Сохранено:")).to_have_count(1)
    expect(page.get_by_text("пусто")).to_have_count(0)
    page.get_by_role("button", name="Отменить правки").click()
