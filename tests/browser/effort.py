"""What a task costs at the screen: keys and clicks, not counting the text that has to be typed in any case."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page


@dataclass
class Effort:
    """A person's hands: keys and clicks count, text that the task is about doesn't."""

    page: Page
    deeds: list[str] = field(default_factory=list)

    def click(self, what: Locator) -> None:
        name = what.evaluate("element => element.getAttribute('aria-label') ?? element.innerText ?? element.tagName")
        what.click()
        self.deeds.append(f"click {str(name)[:30]!r}")

    def click_at(self, x: float, y: float, what: str) -> None:
        self.page.mouse.click(x, y)
        self.deeds.append(f"click {what}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.deeds.append(key)

    def type(self, text: str) -> None:
        """Text that the task is about; it goes wherever the focus is."""
        self.page.keyboard.type(text)

    @property
    def count(self) -> int:
        return len(self.deeds)


@contextmanager
def effort(page: Page, task: str, *, most: int) -> Iterator[Effort]:
    """Counts, prints and bounds what a task costs."""
    made = Effort(page)
    yield made
    sys.stdout.write(f"{task}: {made.count} keys and clicks (at most {most}): {', '.join(made.deeds)}\n")
    assert made.count <= most, f"{task}: {', '.join(made.deeds)}"
