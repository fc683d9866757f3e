"""The connection to the server: one that is lost silently is noticed, reported and replaced."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import BELOV, EGOROV, KUZNETSOVA, ORLOVA, PASSWORD, RECEPTIONIST, USERS, Clinic
from tests.browser.desk import Room
from tests.browser.half_open import Line, line_to

MAY_BE_OLD = "на экране могут быть старые данные"


@pytest.fixture(scope="module")
def line(installation: tuple[str, object]) -> Iterator[Line]:
    with line_to(installation[0]) as made:
        yield made


@pytest.fixture
def far_room(browser: Browser, line: Line) -> Iterator[Room]:
    """People whose line to the clinic may die."""
    line.heal()
    room = Room(browser, line.address, PASSWORD, {who: email for who, (email, _) in USERS.items()})
    yield room
    line.heal()
    room.empty()  # what a page writes while its line is dead is no fault of it


def seat(room: Room) -> Page:
    """A receptionist whose page's time is the test's to run."""
    page = room.signed_in(RECEPTIONIST).new_page()
    page.clock.install()
    return page


def by_the_second(page: Page, seconds: int, *shown: Locator) -> None:
    """Let the page's time go on second by second, as fast as the network keeps up with it, until all of this can be seen."""
    for _ in range(seconds):
        page.clock.run_for(1000)
        with suppress(AssertionError):
            for one in shown:
                expect(one).to_be_visible(timeout=100)
            return
    raise AssertionError(f"not within {seconds} s of the page's time")


@pytest.mark.spec("CAL-10", "UI-2")
def test_a_silent_loss_of_connection_is_reported_and_all_is_refetched_after_reconnecting(
    far_room: Room, line: Line, clinic: Clinic
) -> None:
    page, day = seat(far_room), clinic.day(0)
    number = clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:20")
    calendar = CalendarPage(page).open(day)
    expect(calendar.visit(KUZNETSOVA, "10:00–10:20")).to_be_visible()
    clinic.change_status(number, "confirmed")
    expect(calendar.visit(KUZNETSOVA, "10:00–10:20")).to_have_accessible_name(re.compile("подтверждён"))

    line.die(for_newcomers=True)
    clinic.change_status(number, "arrived")
    page.clock.run_for(20_000)
    expect(page.get_by_text(MAY_BE_OLD)).to_have_count(0)
    page.clock.run_for(20_000)
    expect(page.get_by_text(MAY_BE_OLD)).to_be_visible()
    expect(calendar.visit(KUZNETSOVA, "10:00–10:20")).to_have_accessible_name(re.compile("подтверждён"))

    line.heal()
    arrived = calendar.visit(KUZNETSOVA, "10:00–10:20").and_(page.get_by_role("button", name=re.compile("пришёл")))
    by_the_second(page, 60, arrived)
    expect(page.get_by_text(MAY_BE_OLD)).to_have_count(0)


AGAIN = {
    "the network comes back": lambda page: page.evaluate("window.dispatchEvent(new Event('online'))"),
    "the page comes out of the browser's store": lambda page: page.evaluate(
        "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    ),
    "the page is resumed": lambda page: page.evaluate("document.dispatchEvent(new Event('resume'))"),
    "the page is looked at, a beat late": lambda page: (
        page.clock.run_for(21_000),
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))"),
    ),
    "the laptop slept": lambda page: page.clock.fast_forward("02:00:00"),
}


@pytest.mark.spec("CAL-10")
@pytest.mark.parametrize("how", list(AGAIN))
def test_a_dead_line_is_given_up_as_soon_as(how: str, far_room: Room, line: Line, clinic: Clinic) -> None:
    page, day = seat(far_room), clinic.day(1 + list(AGAIN).index(how))
    calendar = CalendarPage(page).open(day)
    expect(calendar.column(BELOV)).to_be_visible()
    page.wait_for_function("document.readyState === 'complete'")
    line.die()
    clinic.book(EGOROV, BELOV, day, "10:00", "10:20")
    AGAIN[how](page)
    by_the_second(page, 30, calendar.visit(EGOROV, "10:00–10:20"))
