"""Lists of more than a page: 55 patients, employees, services, goods and visits, numbered in the order that every column has
them in, and some others, whom search and filters leave out.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

from openpyxl import load_workbook
from playwright.sync_api import Download, Locator, Page, expect

from aggregates.catalogues import Goods, GoodsCategory, PatientCategory, Position, Source, Unit, first_entry_id
from aggregates.scheduling.visit import Slot
from commands import catalogue
from commands.clinic import service
from commands.people import employee
from commands.people import patient as patient_commands
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedLine
from tests.browser.clinic import CONSULTATION, ORLOVA, Clinic, at

MANY = 55
PAGE = 50
ASCENDING = tuple(range(1, MANY + 1))
DESCENDING = ASCENDING[::-1]
NUMBERED = re.compile(r"(?:Яшин|Ящук|Снимок|Лоток)-(\d\d)")
STEP = timedelta(minutes=20)
CHOSEN = {
    "Постоянные": (PatientCategory, {"color": "#7a5b00"}),
    "Вывеска": (Source, {}),
    "Ассистент": (Position, {}),
    "Лотки": (GoodsCategory, {}),
}
"""What the filters choose."""
PIECE = "штука"
OTHER = "минута"


def furnish_lists(clinic: Clinic) -> int:
    """Register, hire, list and book them all; the position of the last event."""
    store, start = clinic.denta.clinic, at(clinic.day(20), "09:00")
    for name, (kind, fields) in CHOSEN.items():
        clinic.ids[name] = catalogue.create_entry(store, clinic.by(), kind, {"name": name, **fields}).id
    clinic.ids |= {name: first_entry_id(Unit, name) for name in (PIECE, OTHER)}
    referring = {"source_id": clinic.ids["Вывеска"], "categories": [clinic.ids["Постоянные"]]}
    for n in ASCENDING:
        card = {"family_name": f"Яшин-{n:02}", "given_name": "Пётр", "phone": f"91355510{n:02}"}
        patient = patient_commands.create_card(store, clinic.by(), card)
        patient_commands.change_card(store, clinic.by(), patient.id, referring)
        begins = start + timedelta(days=n // 30) + STEP * (n % 30)
        slot = Slot(clinic.ids[ORLOVA], begins, begins + STEP)
        lines = [RequestedLine(clinic.ids[CONSULTATION])]
        visit.book_visit(store, clinic.by(), patient.id, slot, lines=lines, room=str(n))
        email = f"yashchuk{n:02}@bereg.example"
        person = {"family_name": f"Ящук-{n:02}", "position_id": clinic.ids["Ассистент"], "email": email}
        employee.hire(store, clinic.by(), person)
        item = {"name": f"Снимок-{n:02}", "price": str(100 + n), "duration": 10}
        service.create_service(store, clinic.by(), item)
        catalogue.create_entry(store, clinic.by(), Goods, _goods(clinic, f"Лоток-{n:02}", str(100 + n), PIECE))
    return _furnish_others(clinic, referring)


def _furnish_others(clinic: Clinic, referring: dict[str, object]) -> int:
    """Each of them is kept out by the search alone, or by one filter alone; the position of the last event."""
    store, position = clinic.denta.clinic, clinic.ids["Ассистент"]
    for family_name, fields in (
        ("Иной", referring),
        ("Яшин-99", {"categories": referring["categories"]}),
        ("Яшин-99", {"source_id": referring["source_id"]}),
    ):
        patient_commands.create_card(store, clinic.by(), {"family_name": family_name, "given_name": "Павел", **fields})
    for person in (
        {"family_name": "Иной", "position_id": position},
        {"family_name": "Ящук-99", "position": "Ассистент"},
        {"family_name": "Ящук-99", "position_id": position, "takes_visits": True},
    ):
        employee.hire(store, clinic.by(), person)
    catalogue.create_entry(store, clinic.by(), Goods, _goods(clinic, "Иное", "1", PIECE))
    return catalogue.create_entry(store, clinic.by(), Goods, _goods(clinic, "Лоток-99", "1", OTHER)).position


def _goods(clinic: Clinic, name: str, price: str, unit: str) -> dict[str, object]:
    return {"name": name, "category": clinic.ids["Лотки"], "price": price, "sale_unit": clinic.ids[unit]}


@dataclass(frozen=True)
class ListOf:
    """A list of the UI, filtered to the numbered ones, and how it is sorted otherwise than at first."""

    label: str
    address: str
    query: str
    """What the filters write into the address; in braces the name of what is chosen, whose id stands there."""
    narrow: Callable[[Page], None]
    head: str
    clicks: int
    sort: str
    order: tuple[int, ...]
    shown: tuple[str, ...]
    """Heads after `hide` was hidden and `choose` chosen."""
    hide: str
    choose: str = ""
    total: str = ""
    export: str = "Выгрузить"
    exported: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """How a cell that is seen stands in the file, by head, where that differs: numbers to calculate with, no formula."""

    def __str__(self) -> str:
        return self.address.rpartition("/")[2]

    def asked(self, ids: Mapping[str, UUID]) -> str:
        """`query` with the ids."""
        return self.query.format_map(ids)

    def table(self, page: Page) -> Locator:
        return page.get_by_role("table", name=self.label)

    def heads(self, page: Page) -> Locator:
        return self.table(page).locator("thead th")

    def rows(self, page: Page) -> Locator:
        """Without the journal's headings of days."""
        return self.table(page).locator("tbody tr:has(td)")

    def expect_rows(self, page: Page, numbers: tuple[int, ...]) -> None:
        expect(self.rows(page)).to_have_count(len(numbers))
        expect(self.rows(page).first).to_contain_text(f"-{numbers[0]:02}")
        assert tuple(int(NUMBERED.findall(row)[0]) for row in self.rows(page).all_inner_texts()) == numbers

    def cells(self, page: Page) -> list[list[str]]:
        read = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        return [[_in_a_line(cell) for cell in row] for row in self.rows(page).evaluate_all(read)]

    def as_exported(self, rows: list[list[str]]) -> list[list[str]]:
        same: Callable[[str], str] = str
        return [[self.exported.get(head, same)(cell) for head, cell in zip(self.shown, row, strict=True)] for row in rows]


def go_to_page(page: Page, number: int) -> None:
    page.get_by_role("button", name=f"Страница {number}", exact=True).click()


def written(download: Download) -> list[list[str]]:
    """The cells of an exported list."""
    file = Path(download.path())
    if download.suggested_filename.endswith(".xlsx"):
        return [list(map(_cell, row)) for row in load_workbook(BytesIO(file.read_bytes())).active.iter_rows(values_only=True)]
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [[_in_a_line(cell) for cell in row] for row in csv.reader(lines, delimiter=";")]


def _cell(value: object) -> str:
    return f"{value:%d.%m.%Y %H:%M}" if isinstance(value, datetime) else _in_a_line(str(value or ""))


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _narrowing(words: str, filters: Mapping[str, str] | None = None) -> Callable[[Page], None]:
    """Choose an option of each filter, by its label, and search."""

    def narrow(page: Page) -> None:
        for label, option in (filters or {}).items():
            page.get_by_role("combobox", name=label).click()
            page.get_by_role("option", name=option, exact=True).click()
            expect(page.get_by_role("listbox")).to_have_count(0)
        page.get_by_role("searchbox").fill(words)

    return narrow


def _digits(seen: str) -> str:
    return re.sub(r"\D", "", seen)


def _amount(seen: str) -> str:
    return f"{_digits(seen)},00"


def _lists() -> Iterator[ListOf]:
    yield ListOf(
        label="Журнал действий",
        address="/journal",
        query="kind=patient_created&q=яшин пётр",
        narrow=_narrowing("яшин пётр", {"Действие": "Новый пациент"}),
        total="записей",
        head="Когда",
        clicks=1,
        sort="moment",
        order=ASCENDING,
        hide="Откуда",
        choose="Объект",
        shown=("Когда", "Кто", "Действие", "Объект", "Информация"),
        export="Выгрузить в Excel",
        # on the page a margin, not a blank, stands between a label and its value
        exported={"Информация": lambda seen: seen.replace(":", ": ")},
    )
    yield ListOf(
        label="Пациенты",
        address="/patients",
        query="category={Постоянные}&source={Вывеска}&q=яшин",
        narrow=_narrowing("яшин", {"Категория": "Постоянные", "Источник": "Вывеска"}),
        total="пациентов",
        head="Пациент",
        clicks=1,
        sort="-name",
        order=DESCENDING,
        hide="Дата рождения",
        choose="Пол",
        shown=("Карта", "Пациент", "Телефон", "Пол", "Комментарий"),
        # categories are seen as marks beside the name, and have a column of their own
        exported={"Телефон": lambda seen: f"'{seen}", "Пациент": lambda seen: seen.removesuffix(" Постоянные")},
    )
    yield ListOf(
        label="Визиты",
        address="/visits",
        query="status=planned&q=яшин",
        narrow=_narrowing("яшин", {"Статус": "Запланирован"}),
        total="визитов",
        head="Дата и время",
        clicks=1,
        sort="starts_at",
        order=ASCENDING,
        hide="Услуги",
        choose="Кабинет",
        shown=("№", "Дата и время", "Пациент", "Врач", "Сумма", "Статус", "Кабинет"),
        exported={"Сумма": _amount, "Врач": lambda _: ORLOVA},
    )
    yield ListOf(
        label="Услуги",
        address="/services",
        query="q=снимок",
        narrow=_narrowing("снимок"),
        total="услуг",
        head="Цена",
        clicks=2,
        sort="-price",
        order=DESCENDING,
        hide="Категория",
        shown=("Услуга", "Длительность", "Цена"),
        exported={"Длительность": _digits, "Цена": _amount},
    )
    yield ListOf(
        label="Сотрудники",
        address="/employees",
        query="position={Ассистент}&takes_visits=false&q=ящук",
        narrow=_narrowing("ящук", {"Должность": "Ассистент", "Приём": "Не ведут приём"}),
        total="сотрудников",
        head="Сотрудник",
        clicks=1,
        sort="-name",
        order=DESCENDING,
        hide="Приём",
        choose="E-mail",
        shown=("№", "Сотрудник", "Должность", "Телефон", "E-mail", "Доступ"),
    )
    yield ListOf(
        label="Товары",
        address="/catalogues/goods",
        query="by_category={Лотки}&by_sale_unit={штука}&q=лоток",
        narrow=_narrowing("лоток", {"Категория": "Лотки", "Единица измерения (продажа)": PIECE}),
        total="записей",
        head="Цена",
        clicks=2,
        sort="-price",
        order=DESCENDING,
        hide="Артикул",
        choose="Единица измерения (списание)",
        shown=("Наименование", "Категория", "Цена", "Единица измерения (продажа)", "Единица измерения (списание)"),
        exported={"Цена": _amount},
    )


LISTS = tuple(_lists())
