"""A long visit as a slow computer of the reception types into it: 30 services on its page, 300 in the price list.

`run(database_url)` wants a database of its own and leaves a clinic in it. Milliseconds from the press of a key to the frame that
shows what it did, with the processor slowed down to a quarter (`SLOWER`); medians and worst of the presses.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

from playwright.sync_api import Page, sync_playwright

from aggregates.regions import REGIONS
from aggregates.scheduling.visit import Slot
from bench.sizes import size
from commands.clinic import opening as first_set_up
from commands.clinic import service
from commands.context import Context
from commands.people import patient as patient_commands
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedLine
from services.accounts.passwords import Passwords
from services.bootstrap import Denta, prepare_schema
from tests.browser.installation import chromium, running

Row = tuple[str, float, str]
LINES, SERVICES = 30, 300
SLOWER = 4
PRESSES = size(40, 4)
REGION, EMAIL, PASSWORD = "77", "bench@example.org", "bench of the clinic"
WATCH = """
window.presses = [];
addEventListener('keydown', ({ key, ctrlKey, timeStamp }) => {
  if (key.length > 1 || ctrlKey) return;
  requestAnimationFrame(() => setTimeout(() => window.presses.push(performance.now() - timeStamp)));
}, true);
"""


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with closing(Denta.open(database_url)) as denta:
        visit_id = _furnish(denta)
    with (
        tempfile.TemporaryDirectory(prefix="denta-bench-") as logs,
        running(database_url, Path(logs)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking", "--no-first-run"]
        )
        context = browser.new_context(base_url=address, locale="ru-RU", viewport={"width": 1440, "height": 900})
        answer = context.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD}, headers={"Origin": address})
        assert answer.ok, answer.text()
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"/visits/{visit_id}", wait_until="networkidle")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        rows = [*_quantity(page), *_search(page)]
        browser.close()
    return rows


def _quantity(page: Page) -> Iterator[Row]:
    page.get_by_label(f"Количество: {_name(LINES // 2)}").click()
    yield from _row("a key in a quantity", _pressed(page, "123456789", erase=True))


def _search(page: Page) -> Iterator[Row]:
    page.get_by_role("combobox", name="Добавить услугу").click()
    yield from _row("a key in the search of services", _pressed(page, "implan"))


def _pressed(page: Page, keys: str, *, erase: bool = False) -> list[float]:
    """Milliseconds of each press of these keys in turns, without the first ones, by which code is made ready."""
    taken: list[float] = []
    for number in range(PRESSES + len(keys)):
        before = page.evaluate("window.presses.length")
        page.keyboard.press(keys[number % len(keys)])
        page.wait_for_function("before => window.presses.length > before", arg=before)
        if number >= len(keys):
            taken.append(float(page.evaluate("window.presses.at(-1)")))
        if erase or number % len(keys) == len(keys) - 1:
            page.keyboard.press("Control+a")
    return taken


def _row(name: str, taken: list[float]) -> list[Row]:
    measured = f"visit of {LINES} lines, {SLOWER} × slower: {name}"
    return [(f"{measured}, median", median(taken), "ms"), (f"{measured}, worst of {len(taken)}", max(taken), "ms")]


def _name(number: int) -> str:
    return f"Implantium: этап № {number:03}"  # in letters that keys can be pressed for


def _furnish(denta: Denta) -> UUID:
    """A clinic with a long price list, and the visit."""
    clinic = denta.clinic

    def ctx() -> Context:
        return Context(now=datetime.now(UTC), command="bench")

    administrator = {"family_name": "Орлова", "given_name": "Анна", "takes_visits": True}
    opened = first_set_up.open_clinic(
        clinic,
        ctx(),
        name="Измерение",
        region=REGION,
        administrator=administrator,
        email=EMAIL,
        password_hash=Passwords().hash(PASSWORD),
    )
    patient_id = patient_commands.create_card(clinic, ctx(), {"family_name": "Долгова", "given_name": "Вера"}).id
    offered = [
        service.create_service(clinic, ctx(), {"name": _name(number), "price": "4200", "duration": 30}).id
        for number in range(SERVICES)
    ]
    day = datetime.now(REGIONS[REGION].zone.tzinfo).date() - timedelta(days=1)
    starts_at = datetime.combine(day, time(10))
    slot = Slot(opened.id, starts_at, starts_at + timedelta(minutes=60))
    return visit.book_visit(clinic, ctx(), patient_id, slot, lines=[RequestedLine(one) for one in offered[:LINES]]).id
