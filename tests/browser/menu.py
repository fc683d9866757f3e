"""The sections of the menu as the front end declares them (`web/src/shell/sections.ts`)."""

import re
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[2] / "web/src/shell/sections.ts"


class Section(NamedTuple):
    """A page of the menu. `address`: where it stands; `right`: which shows it."""

    title: str
    address: str
    right: str


def sections() -> list[Section]:
    """All of them, from top to bottom."""
    text = FILE.read_text()
    found = [Section(*parts) for parts in re.findall(r"\{\s*title: '([^']+)',\s*to: '([^']+)',\s*right: '([^']+)'", text)]
    assert len(found) == len(re.findall(r"\bto: '", text)), f"{FILE.name} has sections in another form"
    return found


def entries() -> list[str]:
    """The titles that the menu shows, from top to bottom: pages that stand `together` are one."""
    text = FILE.read_text()
    names = dict(re.findall(r"^const (\w+) = '([^']+)';$", text, re.MULTILINE))
    shown = re.sub(r"\.\.\.together\((\w+), .*?\]\)", lambda found: f"{{ title: '{names[found[1]]}', to:", text, flags=re.DOTALL)
    return re.findall(r"\{\s*title: '([^']+)',\s*to:", shown)
