"""No screen and no main dialog of calendar, visits and journal violates WCAG 2.2 AA or scrolls sideways, in any look."""

import pytest

from tests.browser.desk import Room
from tests.browser.screens import OF_VISITS, faults_in_every_look


@pytest.mark.spec("UI-1")
@pytest.mark.parametrize("name", OF_VISITS)
def test_no_screen_and_no_dialog_violates_wcag_or_scrolls_sideways(demo_room: Room, name: str) -> None:
    page = demo_room.seat("Администратор")
    OF_VISITS[name](page)
    assert faults_in_every_look(page) == {}
