"""The API as clients feel it: one API process, one projection worker, this process as the clients, all on one machine.

`run(database_url)` wants a database of its own and leaves a clinic in it: 20 doctors, 500 patients, 1 500 visits in one
week, 2 000 coming visits behind a restore. Latencies in milliseconds at the client; `p95` of all requests of a run.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from statistics import median
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID

import psutil
from websockets.sync.client import connect

from aggregates.scheduling.hours import Day
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot
from bench.sizes import CLIENTS, COMING_VISITS, DOCTORS, PARALLEL_BOOKINGS, WEEK_VISITS, size
from commands.clinic import opening as clinic_commands
from commands.clinic import service
from commands.context import Context
from commands.people import employee
from commands.people import patient as patient_commands
from commands.scheduling import schedule, visit
from commands.scheduling.visit_lines import RequestedLine
from services.accounts.passwords import Passwords
from services.bootstrap import Denta, prepare_schema

Row = tuple[str, float, str]
ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "bench@example.org", "bench of the clinic"
SECONDS, CARDS = size(10.0, 0.5), size(500, 100)
WEEKS, PREVIEWS, LIVE_ROUNDS = size(100, 2), size(30, 2), size(60, 2)
MONDAY = date.today() + timedelta(days=14 - date.today().weekday())  # noqa: DTZ011  any Monday ahead


@dataclass
class Clinic:
    """What the database holds."""

    doctors: list[UUID]
    patients: list[UUID]
    service: UUID
    old_version: int


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    clinic = furnish(database_url)
    with part("project", database_url) as worker, part("api", database_url, "--port", str(port := free_port())) as api:
        client = Client(port)
        until(lambda: client.get("/ready")[0] == 200, 120)
        client.sign_in()
        rows = [*_booking(client, clinic), *_week(client), *_preview(client, clinic), *_live(client, clinic)]
        rows += _overlapping(client, clinic)
        rows.append(("memory of the API process afterwards", megabytes(api), "MB"))
        rows.append(("memory of the projection worker afterwards", megabytes(worker), "MB"))
    return rows


class Client:
    """One keep-alive connection with a minimal HTTP client, so that the clients take little of the machine."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie
        self.origin = f"http://127.0.0.1:{port}"
        self.position = 0
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def again(self) -> "Client":
        """Another connection of the same user."""
        return Client(self.port, self.cookie)

    def sign_in(self) -> None:
        status, headers, _ = self.request("POST", "/api/session", {"email": EMAIL, "password": PASSWORD})
        assert status == 200
        self.cookie = headers["set-cookie"]

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            status, _, body = self.request("GET", path)
        except OSError:
            self._connection.close()
            return 0, b""
        return status, body

    def _connect(self) -> None:
        self._connection.connect()
        self._connection.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)

    def request(self, method: str, path: str, body: Any = None, **more: str) -> tuple[int, dict[str, str], bytes]:
        headers = {"Origin": self.origin, "Cookie": self.cookie, **more}
        if method == "GET" and self.position:
            headers["X-Position"] = str(self.position)
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        if self._connection.sock is None:
            self._connect()
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        found["set-cookie"] = "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("set-cookie", []))
        if method != "GET" and "x-position" in found:
            self.position = int(found["x-position"])
        return answer.status, found, answer.read()


def _booking(client: Client, clinic: Clinic) -> list[Row]:
    """Bookings of distinct slots by all clients at once."""
    slots = free_slots(clinic.doctors, MONDAY + timedelta(days=28))
    lock, end = threading.Lock(), monotonic() + SECONDS
    statuses: list[int] = []

    def work(_: int) -> list[float]:
        own, took = client.again(), []
        while monotonic() < end:
            with lock:
                slot = next(slots)
            began = perf_counter()
            status = own.request("POST", "/api/visits", booking(clinic, slot))[0]
            took.append(perf_counter() - began)
            statuses.append(status)
        return took

    began = perf_counter()
    took = at_once(work, CLIENTS)
    rate = len(took) / (perf_counter() - began)
    assert set(statuses) == {201}, set(statuses)
    return [
        (f"booking over HTTP, {CLIENTS} clients", rate, "requests/s"),
        (f"booking over HTTP, {CLIENTS} clients, median", milliseconds(median(took)), "ms"),
        (f"booking over HTTP, {CLIENTS} clients, p95", milliseconds(p95(took)), "ms"),
    ]


def _week(client: Client) -> list[Row]:
    path = f"/api/calendar?from={MONDAY}&to={MONDAY + timedelta(days=6)}"
    status, body = client.get(path)
    shown = json.loads(body)
    assert status == 200
    assert (len(shown["doctors"]), len(shown["visits"])) == (DOCTORS, WEEK_VISITS)
    took = [_timed(lambda: client.get(path)) for _ in range(WEEKS)]
    return [
        (f"week of {DOCTORS} doctors with {WEEK_VISITS} visits, median", milliseconds(median(took)), "ms"),
        (f"week of {DOCTORS} doctors with {WEEK_VISITS} visits, p95", milliseconds(p95(took)), "ms"),
        ("its answer", len(body) / 1024, "KB"),
    ]


def _preview(client: Client, clinic: Clinic) -> list[Row]:
    path = f"/api/schedule/versions/{clinic.old_version}?from={MONDAY}&to={MONDAY + timedelta(days=30)}"
    status, body = client.get(path)
    blocked = sum(len(conflict["visits"]) for conflict in json.loads(body)["blockers"]["conflicts"])
    assert status == 200
    assert blocked == COMING_VISITS
    took = [_timed(lambda: client.get(path)) for _ in range(PREVIEWS)]
    return [
        (f"restore preview, {COMING_VISITS} coming visits in the way, median", milliseconds(median(took)), "ms"),
        (f"restore preview, {COMING_VISITS} coming visits in the way, p95", milliseconds(p95(took)), "ms"),
    ]


def _live(client: Client, clinic: Clinic) -> list[Row]:
    """From the start of a booking until another browser is notified, and until it has fetched the day again."""
    slots, other = free_slots(clinic.doctors, MONDAY + timedelta(days=90)), client.again()
    notified: list[float] = []
    seen: list[float] = []
    address, headers = f"ws://127.0.0.1:{client.port}/api/live", {"Cookie": client.cookie, "Origin": client.origin}
    with connect(address, additional_headers=headers, proxy=None) as live:
        for _ in range(LIVE_ROUNDS):
            slot = next(slots)
            day = slot.starts_at.date()
            began = perf_counter()
            booked = json.loads(client.request("POST", "/api/visits", booking(clinic, slot))[2])
            while not _is_calendar_change(json.loads(live.recv(timeout=10)), booked["position"]):
                pass
            notified.append(perf_counter() - began)
            _, shown = other.get(f"/api/calendar?from={day}&to={day}")
            assert booked["id"] in shown.decode()
            seen.append(perf_counter() - began)
    return [
        ("change of another: notified, median", milliseconds(median(notified)), "ms"),
        ("change of another: notified, p95", milliseconds(p95(notified)), "ms"),
        ("change of another: fetched, p95", milliseconds(p95(seen)), "ms"),
    ]


def _is_calendar_change(message: dict[str, Any], position: int) -> bool:
    """Whether a message of the live socket is about the calendar at this position or after it; some are only «alive»."""
    return bool(message["type"] == "changed" and message["model"] == "calendar" and message["position"] >= position)


def _overlapping(client: Client, clinic: Clinic) -> list[Row]:
    """One doctor, one time, everybody at once, with «Только одного пациента»."""
    settings = json.loads(client.get("/api/settings")[1])
    changed, _, _ = client.request(
        "PATCH", "/api/settings", {"values": {"patients_at_once": "one"}}, **{"If-Match": f'"{settings["version"]}"'}
    )
    assert changed == 200
    start = datetime.combine(MONDAY + timedelta(days=200), time(10))
    slot = Slot(clinic.doctors[0], start, start + timedelta(minutes=30))
    ready = threading.Barrier(PARALLEL_BOOKINGS + 1)
    statuses: list[int] = []

    def book(_: int) -> list[float]:
        own = client.again()
        own.get("/health")
        ready.wait()
        statuses.append(own.request("POST", "/api/visits", booking(clinic, slot))[0])
        return []

    with ThreadPoolExecutor(1) as starter:
        began = starter.submit(lambda: (ready.wait(), perf_counter())[1])
        at_once(book, PARALLEL_BOOKINGS)
        seconds = perf_counter() - began.result()
    return [
        (f"{PARALLEL_BOOKINGS} parallel overlapping bookings: accepted", statuses.count(201), ""),
        (f"{PARALLEL_BOOKINGS} parallel overlapping bookings: refused clearly", statuses.count(409), ""),
        (f"{PARALLEL_BOOKINGS} parallel overlapping bookings: server errors", sum(status >= 500 for status in statuses), ""),
        (f"{PARALLEL_BOOKINGS} parallel overlapping bookings: all in", seconds * 1000, "ms"),
    ]


def furnish(database_url: str) -> Clinic:
    denta, random = Denta.open(database_url), Random(0)
    door = denta.clinic

    def ctx(command: str) -> Context:
        return Context(now=denta.clock(), command=command)

    clinic_commands.open_clinic(
        door,
        ctx("open_clinic"),
        name="Измеримая",
        region="77",
        administrator={"family_name": "Главная"},
        email=EMAIL,
        password_hash=Passwords().hash(PASSWORD),
    )
    doctors = [
        employee.hire(door, ctx("hire"), {"family_name": f"Врач{number}", "takes_visits": True, "position": "Врач"}).id
        for number in range(DOCTORS)
    ]
    patients = [
        patient_commands.create_card(
            door, ctx("create_card"), {"family_name": f"Пациент{number}", "given_name": "Мария", "phone": f"916{number:07}"}
        ).id
        for number in range(CARDS)
    ]
    price = service.create_service(door, ctx("create_service"), {"name": "Осмотр", "price": "1500.00", "duration": 30}).id

    def book(slot: Slot) -> None:
        visit.book_visit(door, ctx("book_visit"), random.choice(patients), slot, lines=[RequestedLine(price)], comment="Повторно")

    far = MONDAY + timedelta(days=300)
    days = {(doctor, far + timedelta(days=n)): Day("off") for doctor in doctors for n in range(10)}
    now = door.load(Schedule, SCHEDULE_ID).version
    old = schedule.save_hours(door, ctx("save_hours"), now, days=days).version
    schedule.save_hours(door, ctx("save_hours"), old, days=dict.fromkeys(days))
    with ThreadPoolExecutor(CLIENTS) as pool:
        week = [slot for slot, _ in zip(_spread(doctors, MONDAY, 7), range(WEEK_VISITS), strict=False)]
        coming = [slot for slot, _ in zip(_spread(doctors, far, 10), range(COMING_VISITS), strict=False)]
        list(pool.map(book, [*week, *coming]))
    denta.close()
    return Clinic(doctors, patients, price, old)


def _spread(doctors: list[UUID], first: date, days: int) -> Iterator[Slot]:
    """Slots of half an hour, one after another over doctors and days."""
    for n in count():
        start = datetime.combine(first + timedelta(days=n // DOCTORS % days), time(9)) + timedelta(
            minutes=30 * (n // (DOCTORS * days))
        )
        yield Slot(doctors[n % DOCTORS], start, start + timedelta(minutes=30))


def free_slots(doctors: list[UUID], first: date) -> Iterator[Slot]:
    """Slots of ten minutes that nobody else takes, day by day."""
    for n in count():
        start = datetime.combine(first + timedelta(days=n // (DOCTORS * 70)), time(9)) + timedelta(
            minutes=10 * (n // DOCTORS % 70)
        )
        yield Slot(doctors[n % DOCTORS], start, start + timedelta(minutes=10))


def booking(clinic: Clinic, slot: Slot) -> dict[str, Any]:
    """Of a patient who is nowhere else at that time, about which one would be asked."""
    assert slot.doctor_id
    turn = clinic.doctors.index(slot.doctor_id) + len(clinic.doctors) * (slot.starts_at.hour * 6 + slot.starts_at.minute // 10)
    return {
        "patient_id": str(clinic.patients[turn % len(clinic.patients)]),
        "doctor_id": str(slot.doctor_id),
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
        "lines": [{"service_id": str(clinic.service)}],
        "comment": "Болит зуб",
    }


@contextmanager
def part(name: str, database_url: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of Denta as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", name, *options],
        cwd=ROOT,
        env={**os.environ, "DENTA_DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def at_once(work: Callable[[int], list[float]], clients: int) -> list[float]:
    with ThreadPoolExecutor(clients) as pool:
        return [seconds for took in pool.map(work, range(clients)) for seconds in took]


def _timed(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def until(reached: Callable[[], bool], seconds: float) -> None:
    end = monotonic() + seconds
    while not reached():
        if monotonic() > end:
            raise TimeoutError
        threading.Event().wait(0.05)


def free_port() -> int:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def milliseconds(seconds: float) -> float:
    return seconds * 1000


def megabytes(process: subprocess.Popen[bytes]) -> float:
    return float(psutil.Process(process.pid).memory_full_info().uss) / 2**20
