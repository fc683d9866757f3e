"""What has to grow with the menu, looked at without a browser."""

import pytest

from aggregates.access.rights import DECLARED
from tests.browser.menu import FILE, sections
from tests.browser.screens import SCREENS, At


def page_of(address: str) -> str:
    """Sections of plain catalogues are one page, and so are those of documents of stock and of money."""
    drawn = next((one for one in ("/catalogues/", "/stock/", "/money/") if address.startswith(one)), None)
    return drawn or address.partition("?")[0]


@pytest.mark.spec("UI-1")
def test_each_section_of_the_menu_is_judged_in_every_look() -> None:
    judged = {page_of(screen.address) for screen in SCREENS.values() if isinstance(screen, At)}
    missing = [section.title for section in sections() if page_of(section.address) not in judged]
    assert missing == [], "add a line with its address to the screens of tests/browser/screens.py"


@pytest.mark.spec("ACL-6")
def test_each_right_that_opens_pages_has_its_section() -> None:
    assert {section.right for section in sections()} == {right.key for right in DECLARED if right.page}, (
        f"the menu is declared in {FILE.name}"
    )
