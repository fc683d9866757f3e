"""«Настройки – График» as a person's hands and eyes have it: cells by employee and date, the window of a version."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")


def long_date(day: date) -> str:
    """ "7 декабря" """
    return f"{day.day} {MONTHS[day.month - 1]}"


@dataclass
class SchedulePage:
    page: Page

    def open_week(self, monday: date) -> "SchedulePage":
        self.page.goto(f"/settings/hours?week={monday}")
        expect(self.grid).to_be_visible()
        return self

    @property
    def grid(self) -> Locator:
        return self.page.get_by_role("grid")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def save_button(self) -> Locator:
        return self.page.get_by_role("region", name="Правки графика").get_by_role("button", name="Сохранить")

    def cell(self, name: str, day: date, says: str = "") -> Locator:
        """The cell of an employee's day; `says`: what has to stand in it."""
        pattern = rf"^{re.escape(name)}, [^,:]+, {long_date(day)}: .*{re.escape(says)}"
        return self.page.get_by_role("gridcell", name=re.compile(pattern))

    def row(self, name: str) -> Locator:
        """The row by the short name that it shows: "Фомин В. С."."""
        family, given, patronymic = name.split()
        return self.page.get_by_role("row", name=re.compile(f"{family} ({given[0]}. {patronymic[0]}.|{given})"))

    def stretch(self, first: Locator, last: Locator) -> None:
        """Choose cells by dragging from one to another."""
        first.hover()
        self.page.mouse.down()
        last.hover()
        self.page.mouse.up()

    def set_shift(self, cell: Locator, kind: str) -> None:
        """By the dialog that a click on the cell opens."""
        cell.click()
        self.dialog.get_by_role("radio", name=kind).check()
        self.dialog.get_by_role("button", name="Применить").click()
        expect(self.dialog).to_be_hidden()

    def save(self) -> None:
        self.save_button.click()
        expect(self.page.get_by_text("График сохранён новой версией.")).to_be_visible()

    def show_month_of(self, day: date, today: date) -> None:
        """In the window of a version: go on to the month, from the present one."""
        for _ in range((day.year - today.year) * 12 + day.month - today.month):
            self.page.get_by_role("button", name="Следующий месяц").click()
        expect(self.page.get_by_role("gridcell", name=re.compile(rf", {long_date(day)}:")).first).to_be_visible()


def move_to_date(page: Page, number: int, day: date) -> None:
    """On the page of a visit: another date, saved."""
    expect(page.get_by_role("heading", name=f"Визит № {number}")).to_be_visible()
    field = page.get_by_label("Дата", exact=True)
    field.fill(f"{day:%d.%m.%Y}")
    field.press("Tab")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text(f"Визит № {number} сохранён")).to_be_visible()
