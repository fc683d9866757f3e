"""The demonstration is lively whatever the day: tried at New Year's Eve, a Sunday, minutes before midnight."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from services.bootstrap import Denta
from services.demo.clinic import load_demonstration
from services.demo.opening import LOGINS, PASSWORD
from services.demo.timeline import CLOCK
from tests.browser.desk import Room
from tests.browser.installation import running
from tests.conftest import Databases

NEW_YEARS_EVE = datetime(2028, 12, 31, 23, 50, tzinfo=CLOCK)


@pytest.fixture
def room(
    browser: Browser,
    databases: Databases,
    prepared_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Room]:
    monkeypatch.setattr("services.demo.patients.PAST_DAYS", 2)
    monkeypatch.setattr("services.demo.patients.COMING_DAYS", 2)
    url = databases.make(prepared_database)
    with closing(Denta.open(url)) as denta:
        load_demonstration(denta.clinic, NEW_YEARS_EVE.astimezone(UTC))
    ahead = timedelta(seconds=round((NEW_YEARS_EVE - datetime.now(UTC)).total_seconds()))
    with running(url, tmp_path_factory.mktemp("any-day"), ahead=ahead) as address:
        made = Room(browser, address, PASSWORD, {rights_set: email for email, rights_set in reversed(LOGINS)})
        yield made
        assert made.empty() == []
        made.close()
    databases.drop(url)


def test_there_are_visits_to_open_and_time_to_book_on_a_sunday_before_midnight(room: Room) -> None:
    page = room.seat("Регистратор", "/calendar")
    expect(page.get_by_role("region", name=re.compile("^Расписание: воскресенье, 31 декабря"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("завершён")).first).to_be_visible()
    page.get_by_role("button", name=re.compile("завершён")).first.click()
    expect(page.get_by_role("dialog", name=re.compile("^Визит №"))).to_be_visible()
    page.keyboard.press("Escape")

    page.goto("/calendar?date=2029-01-01")
    expect(page.get_by_role("region", name=re.compile("^Расписание: понедельник, 1 января 2029"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("запланирован|подтверждён")).first).to_be_visible()
