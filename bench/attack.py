"""Bookings while strangers and a careless colleague do their worst: 500 requests that are begun and not completed, a header
without end, 24 exports of the journal and 24 hostile pictures, all at once, beside eight clients who book.

`run(database_url)` wants a database of its own. None is to be refused, and the memory is to be small again within
a minute. Everything goes to 127.0.0.1, and ends after so many seconds.
"""

import struct
import sys
import threading
import zlib
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from socket import create_connection, socket
from subprocess import Popen
from time import monotonic, perf_counter, sleep
from uuid import UUID, uuid4

import psutil

from bench.goals import MEMORY_AFTER_ATTACK
from bench.http import (
    MONDAY,
    Client,
    Clinic,
    Row,
    at_once,
    booking,
    free_port,
    free_slots,
    furnish,
    milliseconds,
    p95,
    part,
    until,
)
from bench.sizes import CLIENTS, size
from services.bootstrap import prepare_schema

SECONDS = size(15.0, 1.0)
HALF, EXPORTS, PICTURES = size(500, 5), size(24, 2), size(24, 2)
MOST_HEADER = size(100_000_000, 1_000_000)
"""Bytes, of all headers without end together."""
SETTLED_SECONDS = size(60.0, 1.0)


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    clinic = furnish(database_url)
    port = free_port()
    with part("project", database_url), part("api", database_url, "--port", str(port)) as api:
        client = Client(port)
        until(lambda: client.get("/ready")[0] == 200, 120)
        client.sign_in()
        _exported(client)
        _booked(client, clinic, MONDAY + timedelta(days=28), SECONDS / 5)  # what the first request imports and connects stays
        used = _used(api)
        rest, made = _booked(client, clinic, MONDAY + timedelta(days=60), SECONDS)
        assert set(made) == {201}, made
        rest_cost, before = (_used(api) - used) / len(rest), _memory(api)
        context = get_context("spawn")
        begun, results = context.Event(), context.Queue()
        attack = context.Process(target=attackers, args=(port, client.cookie, clinic.patients[0], begun, results))
        attack.start()
        begun.wait(60)
        most, used = _Most(api), _used(api)
        attacked, statuses = _booked(client, clinic, MONDAY + timedelta(days=120), SECONDS)
        cost, peak = (_used(api) - used) / len(attacked), most.end()
        counts: Counter[str] = Counter(results.get(timeout=120))
        attack.join(60)
        left, seconds = _settled(api, before)
    return [
        (f"bookings at rest, {CLIENTS} clients, p95", milliseconds(p95(rest)), "ms"),
        (f"bookings under attack, {CLIENTS} clients, p95", milliseconds(p95(attacked)), "ms"),
        ("bookings' p95 under attack / at rest", p95(attacked) / p95(rest), "×"),
        ("bookings' rate under attack / at rest", len(attacked) / len(rest), "×"),
        ("processor time of the API a booking at rest", milliseconds(rest_cost), "ms"),
        ("processor time of the API a booking under attack", milliseconds(cost), "ms"),
        ("bookings under attack, longest", milliseconds(max(attacked)), "ms"),
        ("bookings under attack: not made", sum(count for status, count in statuses.items() if status != 201), ""),
        *((name, count, "") for name, count in sorted(counts.items())),
        ("memory of the API and its processes before", before, "MB"),
        ("most memory under attack / before", peak / before, "×"),
        ("memory afterwards / before", left / before, "×"),
        ("until then", seconds, "s"),
    ]


def _booked(client: Client, clinic: Clinic, first: date, seconds: float) -> tuple[list[float], Counter[int]]:
    """How long bookings by all clients at once took, and their statuses; 0: cut, and asked again over another connection."""
    slots, lock, end = free_slots(clinic.doctors, first), threading.Lock(), monotonic() + seconds
    statuses: Counter[int] = Counter()

    def work(_: int) -> list[float]:
        own, took = client.again(), []
        while monotonic() < end:
            with lock:
                slot = next(slots)
            key, began, status = str(uuid4()), perf_counter(), 0
            while not status:
                try:
                    status = own.request("POST", "/api/visits", booking(clinic, slot), **{"Idempotency-Key": key})[0]
                except (OSError, HTTPException):
                    own = client.again()
            took.append(perf_counter() - began)
            with lock:
                statuses[status] += 1
        return took

    return at_once(work, CLIENTS), statuses


def _exported(client: Client) -> int:
    return client.get("/api/journal/export.xlsx")[0]


def _processes(api: Popen[bytes]) -> list[psutil.Process]:
    mother = psutil.Process(api.pid)
    return [mother, *mother.children(recursive=True)]


def _used(api: Popen[bytes]) -> float:
    """Seconds of the processor that the API itself has used."""
    times = psutil.Process(api.pid).cpu_times()
    return float(times.user + times.system)


def _memory(api: Popen[bytes]) -> float:
    """Megabytes of the API and of the processes that it has begun."""
    total = 0
    for process in _processes(api):
        with suppress(psutil.Error):
            total += process.memory_full_info().uss
    return total / 2**20


class _Most:
    """The most memory until `end`."""

    def __init__(self, api: Popen[bytes]) -> None:
        self._api, self._most, self._over = api, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            self._most = max(self._most, _memory(self._api))

    def end(self) -> float:
        self._over.set()
        self._thread.join()
        return self._most


def _settled(api: Popen[bytes], before: float) -> tuple[float, float]:
    """Memory once it is small again, or after a minute, and when that was."""
    began = monotonic()
    while (now := _memory(api)) > MEMORY_AFTER_ATTACK * before and monotonic() - began < SETTLED_SECONDS:
        sleep(0.5)
    return now, monotonic() - began


# --- the other side, in a process of its own ---------------------------------------------------------------------------------


class Attack:
    """Counts of what they did, by description."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.end = monotonic() + SECONDS + 2
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def tell(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    @property
    def goes_on(self) -> bool:
        return monotonic() < self.end

    def line(self) -> socket:
        return create_connection(("127.0.0.1", self.port), timeout=20)

    def half_requests(self) -> None:
        """So many at a time; who is cut begins again, once a second."""
        lines: list[socket] = []
        while self.goes_on:
            lines = [line for line in lines if not _is_over(line)]
            for _ in range(HALF - len(lines)):
                with suppress(OSError):
                    line = self.line()
                    line.sendall(b"GET / HTTP/1.1\r\nHost: denta\r\nX-Half: ")
                    line.setblocking(False)
                    lines.append(line)
                    self.tell("attack: half requests begun")
            sleep(1)
        for line in lines:
            line.close()

    def endless_header(self) -> None:
        sent, piece = 0, b"a" * 65536
        while self.goes_on and sent < MOST_HEADER:
            with suppress(OSError), self.line() as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: denta\r\nX-Endless: ")
                self.tell("attack: headers without end")
                while self.goes_on and sent < MOST_HEADER:
                    line.sendall(piece)
                    sent += len(piece)
            sleep(0.05)

    def export(self) -> None:
        self._until_done("export", "GET", "/api/journal/export.xlsx")

    def picture(self, patient: UUID) -> None:
        more = {"If-Match": '"1"', "Content-Type": "application/octet-stream"}
        self._until_done("picture", "PUT", f"/api/patients/{patient}/photo", _bomb(1, 50_000_000), **more)

    def _until_done(self, what: str, method: str, path: str, body: bytes | None = None, **more: str) -> None:
        """Repeat the request until it is answered; after `Retry-After` again in a second."""
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}", **more}
        while self.goes_on:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                self.tell(f"attack: {what}s cut")
            else:
                self.tell(f"attack: {what}s answered {answer.status}")
                if answer.status != 503:
                    return
            finally:
                connection.close()
            sleep(1)


def attackers(port: int, cookie: str, patient: UUID, begun: Event, results: object) -> None:
    attack = Attack(port, cookie)
    threads = [
        threading.Thread(target=attack.half_requests),
        threading.Thread(target=attack.endless_header),
        *(threading.Thread(target=attack.export) for _ in range(EXPORTS)),
        *(threading.Thread(target=attack.picture, args=(patient,)) for _ in range(PICTURES)),
    ]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    results.put(attack.counts)  # type: ignore[attr-defined]  # a queue of the context that started us
    sys.stdout.flush()


def _is_over(line: socket) -> bool:
    try:
        return line.recv(100) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is that large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
