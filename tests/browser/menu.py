"""The sections of the menu as the front end declares them (`web/src/shell/sections.ts`)."""

import re
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[2] / "web/src/shell/sections.ts"


class Section(NamedTuple):
    """An entry of the menu. `address`: of its page; `right`: which shows it."""

    title: str
    address: str
    right: str


def sections() -> list[Section]:
    """All of them, from top to bottom."""
    text = FILE.read_text()
    found = [Section(*parts) for parts in re.findall(r"\{\s*title: '([^']+)',\s*to: '([^']+)',\s*right: '([^']+)'", text)]
    assert len(found) == len(re.findall(r"\bto: '", text)), f"{FILE.name} has sections in another form"
    return found
