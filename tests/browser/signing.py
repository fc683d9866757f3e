"""Coming and going by the pages themselves."""

import re

from playwright.sync_api import Page, expect

from tests.browser.clinic import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


def sign_out(page: Page, who: str) -> None:
    page.get_by_role("button", name=re.compile(who.split(maxsplit=1)[0])).click()
    page.get_by_role("menuitem", name="Выйти").click()
    expect(page.get_by_role("heading", name="Вход в клинику")).to_be_visible()
