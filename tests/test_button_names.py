"""Buttons that show an icon alone have a name to be read out, in every window and page of the front end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[1] / "web/src"
ICONS = re.compile(r"<(?:ActionIcon|IconLink|CloseButton|Burger)\b")
WRAPPERS = {"components/links.tsx"}
"""Where the name comes from the component's user."""


def tags(text: str) -> Iterator[str]:
    """The opening tags of such buttons, with their attributes."""
    for found in ICONS.finditer(text):
        depth, end = 0, found.end()
        while depth or text[end] != ">" or text[end - 1] == "=":
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[found.start() : end]


@pytest.mark.spec("UI-1")
def test_every_button_of_an_icon_alone_has_a_name() -> None:
    pages = [page for page in WEB.rglob("*.tsx") if str(page.relative_to(WEB)) not in WRAPPERS]
    buttons = [(page.name, tag) for page in pages for tag in tags(page.read_text())]
    assert len(buttons) > 5
    assert [(name, tag) for name, tag in buttons if "aria-label=" not in tag] == []


@pytest.mark.spec("UI-1")
def test_windows_name_the_cross_that_closes_them() -> None:
    theme = (WEB / "app/theme.ts").read_text()
    assert re.search(r"closing = \{ closeButtonProps: \{ 'aria-label': 'Закрыть' \} \}", theme)
    for window in ("Modal", "Drawer"):
        assert re.search(rf"{window}: {window}\.extend\(\{{[^}}]*closing", theme), window
