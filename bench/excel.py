"""100 000 patients through Excel: reading, dry run, loading (half new, half edits), export; each in a process of its own.

`run(database_url)` wants a database of its own. Beside it bookings of other processes go on, timed, to show that loading lets
them through. Bare reading, the peer of the others, is measured before and after each of them: a machine that is shared changes
its pace from one minute to the next. Peak memory is the process's own: getrusage would tell that of the process which began it,
where that was larger.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Self
from uuid import UUID, uuid4

from xlsxwriter import Workbook

from aggregates.scheduling.visit import Slot
from bench.sizes import EXCEL_ROWS, size
from commands.bulk import BulkItem
from commands.clinic import opening as first_set_up
from commands.context import Context
from commands.people import employee
from commands.people.patient import save_cards_in_bulk
from commands.ports.imports import ImportJob
from commands.scheduling import visit
from projections.positions import prepare
from projections.registry import PROJECTIONS
from services.bootstrap import Denta
from services.excel.loading import wait_for_read_models

Row = tuple[str, float, str]
ROOT = Path(__file__).parent.parent
UNDISTURBED_SECONDS = size(8, 1)
HEADINGS = ("ID", "Фамилия", "Имя", "Отчество", "Телефон", "Пол", "День рождения")
PRODUCTS = {
    "read": "rows = sum(1 for _ in Workbook(open(path, 'rb')).rows('Пациенты'))",
    "work": "work(Denta.open(url))",
    "export": "archive(Denta.open(url).database.connect(), ['patients'], open(path, 'w+b'))",
}
PROGRAM = """
import json, re, sys, time
from pathlib import Path
what, url, path = sys.argv[1:]
from services.bootstrap import Denta
from services.excel.export import archive
from services.excel.loading import work
from services.excel.reading import Workbook
began, started = time.perf_counter(), time.process_time()
{product}
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([time.perf_counter() - began, time.process_time() - started, peak]))
"""
WORKER = """
import sys, threading
from projections.live import LiveWorker
from projections.registry import PROJECTIONS
from services.bootstrap import Denta
denta = Denta.open(sys.argv[1])
LiveWorker(denta.database.connect, PROJECTIONS, denta.decoders).run(threading.Event())
"""


def run(database_url: str) -> list[Row]:
    denta = Denta.open(database_url)
    denta.prepare_schema()
    with denta.database.connection() as connection:
        prepare(connection, PROJECTIONS)
    # in a process of its own as in an installation: bookings share no interpreter with it
    worker = subprocess.Popen([sys.executable, "-c", WORKER, database_url], cwd=ROOT)
    try:
        with TemporaryDirectory() as folder:
            return _measured(denta, database_url, Path(folder) / "patients.xlsx", Path(folder) / "export.zip")
    finally:
        worker.terminate()
        worker.wait()
        denta.close()


def _measured(denta: Denta, url: str, file: Path, archive: Path) -> list[Row]:
    doctor, patients = _furnish(denta)
    _write(file, patients)
    wait_for_read_models(denta)
    readings = [_alone("read", url, str(file))]
    job = ImportJob(
        id=uuid4(),
        catalogue="patients",
        state="checking",
        created_at=datetime.now(UTC),
        user_id=None,
        employee_id=None,
        address="",
    )
    with file.open("rb") as content:
        denta.import_jobs.begin(job, content)
    checking = _alone("work", url, "")
    readings.append(_alone("read", url, str(file)))
    counts = denta.import_jobs.counts(job.id)
    assert (counts["create"], counts["edit"]) == (EXCEL_ROWS // 2, EXCEL_ROWS // 2), counts
    denta.import_jobs.move(job.id, ["checked"], "importing")
    with _Bookings(denta, doctor, patients[0], days=1000) as undisturbed:
        sleep(UNDISTURBED_SECONDS)
    with _Bookings(denta, doctor, patients[0]) as bookings:
        loading = _alone("work", url, "")
    counts = denta.import_jobs.counts(job.id)
    assert (counts["done:created"], counts["done:edited"]) == (EXCEL_ROWS // 2, EXCEL_ROWS // 2), counts
    readings.append(_alone("read", url, str(file)))
    exporting = _alone("export", url, str(archive))
    readings.append(_alone("read", url, str(file)))
    return [
        *_rows(f"bare reading of the file, {EXCEL_ROWS} rows", [mean(measured) for measured in zip(*readings, strict=True)]),
        *_rows("dry run", checking),
        *_rows("loading, half new, half edits", loading),
        ("bookings beside the loading, 95 of 100 within", bookings.slow * 1000, "ms"),
        ("bookings beside the loading", bookings.count, "visits"),
        ("bookings with nothing beside them, 95 of 100 within", undisturbed.slow * 1000, "ms"),
        *_rows(f"export of {EXCEL_ROWS} patients", exporting),
    ]


def _rows(what: str, measured: Sequence[float]) -> list[Row]:
    passed, busy, peak = measured
    return [
        (what, round(passed, 1), "s"),
        (f"{what}: processor of the process itself", round(busy, 1), "s"),
        (f"{what}: peak memory", round(peak), "MB"),
    ]


def _alone(what: str, url: str, path: str) -> list[float]:
    """Seconds, seconds of the processor and peak megabytes of one product in a process of its own; its start doesn't count."""
    command = [sys.executable, "-c", PROGRAM.format(product=PRODUCTS[what]), what, url, path]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    measured: list[float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _context(command: str) -> Context:
    return Context(now=datetime.now(UTC), command=command, command_id=uuid4())


def _furnish(denta: Denta) -> tuple[UUID, list[UUID]]:
    """A clinic with a doctor and half of the patients."""
    card = {"family_name": "Главная"}
    first_set_up.open_clinic(
        denta.clinic,
        _context("open"),
        name="Улыбка",
        region="77",
        administrator=card,
        email="a@example.org",
        password_hash=uuid4().hex,
    )
    doctor = employee.hire(denta.clinic, _context("hire"), {"family_name": "Врачева", "takes_visits": True}).id
    ids = [uuid4() for _ in range(EXCEL_ROWS // 2)]
    for start in range(0, len(ids), 200):
        piece = list(enumerate(ids[start : start + 200], start))
        save_cards_in_bulk(denta.clinic, [BulkItem(_context("load"), id_, _person(number)) for number, id_ in piece])
    return doctor, ids


def _person(number: int) -> dict[str, str]:
    return {
        "family_name": f"Фамильев{number}",
        "given_name": f"Имя{number % 300}",
        "patronymic": f"Отчествович{number % 700}",
        "phone": f"+7912{number:07}",
        "birth_date": (date(1950, 1, 1) + timedelta(days=number % 20_000)).isoformat(),
    }


def _write(file: Path, known: list[UUID]) -> None:
    """Known patients with another phone, and as many new ones."""
    book = Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    sheet, day = book.add_worksheet("Пациенты"), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, HEADINGS)
    for number in range(EXCEL_ROWS):
        person = _person(number)
        id_ = str(known[number]) if number < len(known) else ""
        phone = f"8 913 {number:07}"
        cells = [id_, person["family_name"], person["given_name"], person["patronymic"], phone, "мужской"]
        for column, cell in enumerate(cells):
            sheet.write_string(number + 1, column, cell)
        sheet.write_datetime(number + 1, 6, datetime.fromisoformat(person["birth_date"]), day)
    book.close()


class _Bookings:
    """A receptionist of another process, who books all the while."""

    def __init__(self, denta: Denta, doctor: UUID, patient: UUID, *, days: int = 1) -> None:
        """`days`: from today to the first visit."""
        self._days = days
        self._denta, self._doctor, self._patient = Denta.open(denta.database.url), doctor, patient
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._book)
        self._seconds: list[float] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._denta.close()

    @property
    def count(self) -> int:
        return len(self._seconds)

    @property
    def slow(self) -> float:
        return quantiles(self._seconds, n=20)[-1]

    def _book(self) -> None:
        start = datetime.combine(date.today() + timedelta(days=self._days), datetime.min.time())  # noqa: DTZ011  any day will do
        number = 0
        while not self._stop.wait(0.05):
            begins = start + timedelta(days=number // 20, hours=9, minutes=number % 20 * 30)
            slot = Slot(self._doctor, begins, begins + timedelta(minutes=30))
            began = perf_counter()
            visit.book_visit(self._denta.clinic, _context("book_visit"), self._patient, slot)
            self._seconds.append(perf_counter() - began)
            number += 1


if __name__ == "__main__":
    for name, value, unit in run(sys.argv[1]):
        print(f"{name:60} {value:>10} {unit}")
