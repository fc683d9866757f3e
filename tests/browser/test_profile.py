"""Sign-in with a code and the list of sessions, as a user meets them."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.clinic import COLLEAGUE, MANAGER, PASSWORD, USERS
from tests.browser.desk import Room
from tests.browser.signing import sign_in


def enrol(page: Page) -> tuple[str, list[str]]:
    """Turn the second factor on; the secret and the recovery codes that were shown."""
    section = page.get_by_role("region", name="Вход с кодом")
    section.get_by_label("Ваш пароль", exact=True).fill(PASSWORD)
    section.get_by_role("button", name="Включить").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_role("img", name="QR-код для приложения")).to_be_visible()
    secret = window.get_by_role("group", name="Ключ").inner_text().replace(" ", "")
    window.get_by_label("Код из приложения").fill("000000" if pyotp.TOTP(secret).now() != "000000" else "111111")
    window.get_by_role("button", name="Подтвердить").click()
    expect(window.get_by_text("Код не подошёл")).to_be_visible()
    window.get_by_label("Код из приложения").fill(pyotp.TOTP(secret).now())
    window.get_by_role("button", name="Подтвердить").click()
    codes = window.get_by_role("list", name="Резервные коды").get_by_role("listitem")
    expect(codes).to_have_count(10)
    shown = codes.all_inner_texts()
    assert violations(page) == []
    window.get_by_role("button", name="Коды сохранены").click()
    expect(section.get_by_text("Включён", exact=True)).to_be_visible()
    return secret, shown


@pytest.mark.spec("ACL-8")
def test_a_code_is_asked_for_after_the_password_and_the_manager_can_remove_it(room: Room) -> None:
    page = room.window().new_page()
    page.goto("/profile")
    sign_in(page, USERS[COLLEAGUE][0])
    expect(page.get_by_role("heading", level=1, name="Профиль и безопасность")).to_be_visible()
    secret, codes = enrol(page)

    other = room.window().new_page()
    other.goto("/profile")
    sign_in(other, USERS[COLLEAGUE][0])
    expect(other.get_by_label("Код")).to_be_focused()
    assert violations(other) == []
    other.get_by_label("Код").fill("aaaa-aaaa-aaaa")
    other.get_by_role("button", name="Войти").click()
    expect(other.get_by_role("alert")).to_contain_text("Код не подошёл")
    ahead = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))  # the one of enrolment is used
    other.get_by_label("Код").fill(ahead)
    other.get_by_role("button", name="Войти").click()
    expect(other.get_by_role("heading", level=1, name="Профиль и безопасность")).to_be_visible()

    off = other.get_by_role("region", name="Вход с кодом")
    off.get_by_label("Ваш пароль", exact=True).fill(PASSWORD)
    off.get_by_label("Код", exact=True).fill(codes[0])
    off.get_by_role("button", name="Отключить").click()
    expect(off.get_by_role("button", name="Включить")).to_be_visible()


@pytest.mark.spec("ACL-8")
def test_who_manages_rights_removes_a_lost_second_factor(room: Room) -> None:
    colleague = room.window().new_page()
    colleague.goto("/profile")
    sign_in(colleague, USERS[COLLEAGUE][0])
    enrol(colleague)
    page = room.seat(MANAGER, "/employees")
    page.get_by_role("table", name="Сотрудники").get_by_role("link", name=COLLEAGUE).click()
    off, asked = page.get_by_role("button", name="Отключить вход с кодом"), page.get_by_role("dialog")
    off.click()
    asked.get_by_role("button", name="Не отключать").click()
    expect(asked).to_have_count(0)
    expect(page.get_by_text("Входит с кодом из приложения")).to_be_visible()
    off.click()
    asked.get_by_role("button", name="Отключить").click()
    expect(page.get_by_text("Входит с кодом из приложения")).to_have_count(0)
    expect(colleague.get_by_role("region", name="Вход с кодом").get_by_role("button", name="Включить")).to_be_visible()


@pytest.mark.spec("ACL-8")
def test_another_session_is_ended_from_the_list_and_shows_it_at_once(room: Room) -> None:
    there, page = room.window().new_page(), room.window().new_page()
    for each in (there, page):
        each.goto("/calendar")
        sign_in(each, USERS[COLLEAGUE][0])
        expect(each.get_by_role("button", name=re.compile("Титова"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Титова")).click()
    page.get_by_role("menuitem", name="Профиль и безопасность").click()
    sessions = page.get_by_role("table", name="Открытые сеансы")
    expect(sessions.get_by_text("этот сеанс")).to_have_count(1)
    page.get_by_role("button", name="Завершить все остальные").click()
    expect(sessions.get_by_role("row")).to_have_count(2)
    expect(there.get_by_role("dialog", name="Сеанс завершён")).to_be_visible()
