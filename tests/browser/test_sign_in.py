"""Who signs in comes to their start page, and sees what their rights show."""

import re
from contextlib import closing
from datetime import UTC, datetime
from time import sleep

import pytest
from playwright.sync_api import Browser, Route, expect

from commands.clinic import opening as first_set_up
from commands.context import Context
from services.accounts.passwords import Passwords
from services.bootstrap import Denta
from tests.browser.axe import violations
from tests.browser.clinic import AUDITOR, MANAGER, ORLOVA, PASSWORD, QUICK, RECEPTIONIST, USERS
from tests.browser.desk import Room
from tests.browser.installation import running
from tests.browser.menu import entries
from tests.browser.signing import sign_in, sign_out
from tests.conftest import Databases


def test_a_wrong_password_is_reported_and_the_right_one_opens_the_page_that_was_asked_for(room: Room) -> None:
    page = room.window().new_page()
    page.goto("/patients")
    expect(page.get_by_role("heading", name="Вход в клинику")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()

    sign_in(page, USERS[RECEPTIONIST][0], "not the password")
    expect(page.get_by_role("alert")).to_contain_text("Неверный e-mail или пароль")

    sign_in(page, USERS[RECEPTIONIST][0])
    expect(page.get_by_role("heading", name="Пациенты")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "start", "sections"),
    [
        (MANAGER, "/calendar", " ".join(["Первые шаги: 2 из 5", *entries()])),
        (RECEPTIONIST, "/calendar", "Расписание Пациенты Визиты Сертификаты"),
        (ORLOVA, "/calendar", "Расписание Зарплата"),
        (AUDITOR, "/journal", "Журнал действий"),
    ],
    ids=["administrator", "receptionist", "doctor", "auditor"],
)
def test_the_start_page_and_the_menu_follow_the_set_of_rights(room: Room, who: str, start: str, sections: str) -> None:
    page = room.window().new_page()
    page.goto("/")
    sign_in(page, USERS[who][0])
    expect(page).to_have_url(re.compile(f"{start}$"))
    menu = page.get_by_role("navigation", name="Разделы")
    expect(menu.get_by_role("link").first).to_be_visible()
    assert " ".join(menu.get_by_role("link").all_inner_texts()) == sections


def test_the_section_that_one_is_in_stays_in_sight_on_a_low_screen(room: Room) -> None:
    page = room.seat(MANAGER, "/calendar", height=600)
    menu = page.get_by_role("navigation", name="Разделы")
    first, last = menu.get_by_role("link").first, menu.get_by_role("link").last
    expect(first).to_be_in_viewport(ratio=1)
    expect(last).not_to_be_in_viewport()

    page.goto("/journal")
    expect(last).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name=re.compile("^Поиск"))).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    ("who", "address"),
    [(RECEPTIONIST, "/settings/hours"), (RECEPTIONIST, "/journal"), (ORLOVA, "/patients"), (AUDITOR, "/calendar")],
    ids=["receptionist-hours", "receptionist-journal", "doctor-patients", "auditor-calendar"],
)
def test_an_address_beyond_the_rights_says_so(room: Room, who: str, address: str) -> None:
    room.expected.append("У вас нет доступа к этому разделу")  # the router's own way of telling that a page was refused
    page = room.seat(who, address)
    expect(page.get_by_role("heading", name="Нет доступа")).to_be_visible()


def test_signing_out_ends_in_the_sign_in_window(room: Room) -> None:
    page = room.window().new_page()
    page.goto("/")
    sign_in(page, USERS[RECEPTIONIST][0])
    sign_out(page, RECEPTIONIST)
    page.goto("/calendar")
    expect(page.get_by_role("heading", name="Вход в клинику")).to_be_visible()


def test_who_signs_in_again_at_once_finds_the_page_free(room: Room) -> None:
    page = room.window().new_page()
    page.goto("/calendar")
    sign_in(page, USERS[RECEPTIONIST][0])
    grid = page.get_by_role("region", name=re.compile("^Расписание"))
    expect(grid).to_be_visible()

    def answer_late(route: Route) -> None:
        if route.request.method != "DELETE":
            route.continue_()
            return
        answer = route.fetch()
        sleep(0.3)  # the page's socket hears that the session is over before the page itself does
        route.fulfill(response=answer)

    page.route("**/api/session", answer_late)
    sign_out(page, RECEPTIONIST)
    sign_in(page, USERS[RECEPTIONIST][0])
    expect(grid).to_be_visible()
    expect(page.get_by_role("dialog", name="Сеанс завершён")).to_have_count(0)


@pytest.mark.spec("SEC-2")
def test_who_forgot_the_password_reads_who_gives_another(room: Room) -> None:
    """The same words for everybody, whatever address is typed."""
    page = room.window().new_page()
    page.goto("/signin")
    help_ = page.get_by_role("button", name="Забыли пароль?")
    answer = page.get_by_text("Новый пароль задаёт руководитель")
    expect(answer).to_be_hidden()
    help_.focus()
    page.keyboard.press("Enter")
    expect(answer).to_be_visible()
    expect(page.get_by_text("users reset")).to_be_visible()
    expect(page.get_by_text("Клиники здесь ещё нет")).to_have_count(0)
    assert violations(page) == []
    help_.click()
    expect(answer).to_be_hidden()


@pytest.mark.spec("UI-3", "UI-5")
def test_a_database_without_a_clinic_says_what_to_do(
    browser: Browser, databases: Databases, prepared_database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And notices by itself that it was done."""
    url = databases.make(prepared_database)
    with running(url, tmp_path_factory.mktemp("nobody")) as address, closing(Denta.open(url)) as denta:
        room = Room(browser, address, PASSWORD, {})
        page = room.window().new_page()
        page.goto("/")
        notice = page.get_by_role("status").filter(has_text="Клиники здесь ещё нет")
        expect(notice).to_contain_text("clinic open")
        assert violations(page) == []
        first_set_up.open_clinic(
            denta.clinic,
            Context(now=datetime.now(UTC), command="open_clinic"),
            name="Новая клиника",
            region="77",
            administrator={"family_name": "Седова"},
            email="sedova@klinika.example",
            password_hash=Passwords(QUICK).hash(PASSWORD),
        )
        expect(notice).to_have_count(0)
        sign_in(page, "sedova@klinika.example")
        expect(page.get_by_role("heading", level=1, name="Первые шаги")).to_be_visible()
        assert room.empty() == []
    databases.drop(url)
