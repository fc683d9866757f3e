"""The calendar as a person's hands and eyes have it: doctors' columns, the hours beside them, visits by patient and time."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect


@dataclass
class CalendarPage:
    page: Page

    def open(self, day: date, **search: object) -> "CalendarPage":
        query = "&".join(f"{name}={value}" for name, value in {"date": day, **search}.items())
        self.page.goto(f"/calendar?{query}")
        expect(self.grid).to_be_visible()
        return self

    @property
    def grid(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile("^Расписание[: ]"))

    def column(self, doctor: str) -> Locator:
        return self.page.get_by_role("group", name=f"{doctor}: визиты")

    def visit(self, patient: str, times: str = "", *, doctor: str | None = None) -> Locator:
        """A visit's block; `times` as it shows them, "10:00–10:20"."""
        within: Page | Locator = self.column(doctor) if doctor else self.page
        return within.get_by_role("button", name=re.compile(f"^{re.escape(patient)}.*{re.escape(times)}"))

    def point(self, doctor: str, clock: str) -> tuple[float, float]:
        """Where a doctor's column meets a time, a little below its line."""
        ten, eleven = (self._line_of(hour) for hour in ("10:00", "11:00"))
        hour, minute = (int(part) for part in clock.split(":"))
        box = self.column(doctor).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, ten + (eleven - ten) * (hour - 10 + minute / 60) + 4

    def click(self, doctor: str, clock: str) -> None:
        self.page.mouse.click(*self.point(doctor, clock))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        mouse.move(*end, steps=3)
        mouse.up()

    def grip(self, visit: Locator, *, lower_edge: bool = False) -> tuple[float, float]:
        """Where a hand takes a visit: near its top, or at the lower edge."""
        box = visit.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + (box["height"] - 2 if lower_edge else 4)

    def _line_of(self, hour: str) -> float:
        """The height of an hour's line: the middle of its label."""
        box = self.grid.get_by_text(hour, exact=True).bounding_box()
        assert box is not None
        return box["y"] + box["height"] / 2


def choose_patient(page: Page, typed: str, found: str) -> None:
    page.get_by_label("Пациент", exact=True).fill(typed)
    page.get_by_role("option", name=re.compile(found)).click()


def add_service(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Услуги").click()
    page.get_by_role("option", name=re.compile(f"^{name}")).click()
