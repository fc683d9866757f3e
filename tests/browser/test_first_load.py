"""A page that is opened for the first time takes its place without a jump."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk import Room

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize(("address", "name", "filled"), [("/calendar", "Расписание", "group"), ("/patients", "Пациенты", "link")])
def test_a_cold_load_draws_the_frame_at_once_and_nothing_jumps(
    demo_room: Room, address: str, name: str, filled: Literal["group", "link"], width: int
) -> None:
    """A replaced element is no layout shift for the browser, so the frame is compared too."""
    window = demo_room.signed_in("Администратор", width=width)
    window.add_init_script(SHIFTS)
    page = window.new_page()
    delayed: list[Route] = []
    page.route("**/api/me", lambda route: delayed.append(route))
    with page.expect_request("**/api/me"):
        page.goto(address)
    pending = page.get_by_role("status", name="Загрузка страницы")
    expect(pending).to_be_visible()
    content = page.get_by_role("main")
    place = content.bounding_box()

    (who,) = delayed
    who.continue_()
    expect(page.get_by_role("navigation", name="Разделы").get_by_role("link", name=name)).to_be_visible()
    assert content.bounding_box() == place
    expect(page.get_by_role("region", name=re.compile(f"^{name}")).get_by_role(filled).first).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate("window.shifted") < 0.02
