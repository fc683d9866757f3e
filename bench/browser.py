"""The calendar as a receptionist's browser draws it: the week of 20 doctors with 1 500 visits, and one day of theirs.

`run(database_url)` wants a database of its own and leaves a clinic in it. Milliseconds as the page's own clock has them, from
the start of the navigation, or from the press of the button, until the frame with the last visit has been painted, or with all
of the columns in view («in view»); medians and worst of the rounds. Headless chromium draws without a graphics card here, which
no receptionist does.
"""

import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product
from pathlib import Path
from statistics import median
from uuid import UUID

from playwright.sync_api import Page, sync_playwright

from aggregates.regions import REGIONS
from aggregates.scheduling.hours import parse_hours
from aggregates.scheduling.visit import Slot
from bench.sizes import DOCTORS, WEEK_VISITS, size
from commands.clinic import opening as first_set_up
from commands.clinic import service
from commands.context import Context
from commands.people import employee
from commands.people import patient as patient_commands
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedLine
from services.accounts.passwords import Passwords
from services.bootstrap import Denta, prepare_schema
from tests.browser.installation import chromium, running

Row = tuple[str, float, str]
PATIENTS = 300
ROUNDS = size(12, 1)
REGION, EMAIL, PASSWORD = "77", "bench@example.org", "bench of the clinic"
MONDAY = datetime.now(REGIONS[REGION].zone.tzinfo).date() + timedelta(
    days=14 - datetime.now(REGIONS[REGION].zone.tzinfo).weekday()
)
WATCH = """
const when = seen => new Promise(done => {
  const look = () => seen()
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now())))
    : requestAnimationFrame(look);
  look();
});
window.whenPainted = wanted => when(() => document.querySelectorAll('[data-visit]').length === wanted);
window.whenInView = () => when(() => {
  const inView = [...document.querySelectorAll('[data-column]')].filter(one => one.getBoundingClientRect().left < innerWidth);
  return inView.length > 0 && inView.every(one => one.querySelector('[data-visit]') !== null);
});
addEventListener('click', event => { window.pressedAt = event.timeStamp; }, true);
"""


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with closing(Denta.open(database_url)) as denta:
        per_day = _furnish(denta)
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
        rows = [
            *_row(
                f"week of {DOCTORS} doctors, {WEEK_VISITS} visits: page opened", lambda: _opened(page, _week(MONDAY), WEEK_VISITS)
            ),
            *_row(
                "the same week: from the week before it",
                lambda: _pressed(page, _week(MONDAY - timedelta(7)), "неделя", WEEK_VISITS),
            ),
            *_row("the same week, in view", lambda: _pressed(page, _week(MONDAY - timedelta(7)), "неделя")),
            *_row(f"day of {DOCTORS} doctors, {per_day} visits: page opened", lambda: _opened(page, _day(MONDAY), per_day)),
            *_row("the same day: from the day before it", lambda: _pressed(page, _day(MONDAY - timedelta(1)), "день", per_day)),
        ]
        browser.close()
    return rows


def _row(name: str, measure: Callable[[], float]) -> list[Row]:
    measure()  # code and connections
    taken = sorted(measure() for _ in range(ROUNDS))
    return [(f"{name}, median", median(taken), "ms"), (f"{name}, worst of {ROUNDS}", taken[-1], "ms")]


def _week(monday: date) -> str:
    return f"/calendar?date={monday}&view=week&doctor=all"


def _day(day: date) -> str:
    return f"/calendar?date={day}"


def _opened(page: Page, address: str, visits: int) -> float:
    """From the start of the navigation, with files in the browser's cache."""
    page.goto(address, wait_until="commit")
    return float(page.evaluate("visits => whenPainted(visits)", visits))


def _pressed(page: Page, before: str, what: str, visits: int | None = None) -> float:
    """From the press of the button that shows the next week or day, until so many visits are there, or those in view."""
    page.goto(before, wait_until="networkidle")
    page.evaluate("() => whenPainted(0)")
    page.get_by_role("button", name=f"Следующая {what}" if what == "неделя" else f"Следующий {what}").click()
    painted = "whenInView()" if visits is None else f"whenPainted({visits})"
    return float(page.evaluate(f"() => {painted}.then(at => at - pressedAt)"))


def _furnish(denta: Denta) -> int:
    """A clinic with visits in one week alone; how many stand on its Monday."""
    clinic, began = denta.clinic, datetime.now(UTC)

    def ctx() -> Context:
        return Context(now=datetime.now(UTC), command="bench")

    first_set_up.open_clinic(
        clinic,
        ctx(),
        name="Измерение",
        region=REGION,
        administrator={"family_name": "Орлова", "given_name": "Анна"},
        email=EMAIL,
        password_hash=Passwords().hash(PASSWORD),
    )
    doctors = [_hire(denta, ctx(), number) for number in range(DOCTORS)]
    patients = [
        patient_commands.create_card(
            clinic, ctx(), {"family_name": f"Пациентов{number}", "given_name": "Иван", "phone": f"91600{number:05}"}
        ).id
        for number in range(PATIENTS)
    ]
    offered = service.create_service(clinic, ctx(), {"name": "Лечение кариеса", "price": "4200", "duration": 60}).id
    starts = [interval.start for hour in range(9, 20) for interval in parse_hours([(f"{hour:02}:00", f"{hour + 1:02}:00")])]
    places = list(islice(product(range(7), starts, doctors), WEEK_VISITS))
    for number, (day, start, doctor) in enumerate(places):
        starts_at = datetime.combine(MONDAY + timedelta(days=day), time()) + timedelta(minutes=start)
        slot = Slot(doctor, starts_at, starts_at + timedelta(minutes=60))
        visit.book_visit(clinic, ctx(), patients[number % PATIENTS], slot, lines=[RequestedLine(offered)])
    print(f"  {WEEK_VISITS} visits booked in {(datetime.now(UTC) - began).total_seconds():.0f} s", flush=True)
    return sum(1 for day, _, _ in places if day == 0)


def _hire(denta: Denta, ctx: Context, number: int) -> UUID:
    card = {
        "family_name": f"Врачев{chr(ord('А') + number)}",
        "given_name": "Пётр",
        "position": "Стоматолог",
        "takes_visits": True,
        "color": "#2f6fdd",
    }
    return employee.hire(denta.clinic, ctx, card).id
