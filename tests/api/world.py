"""A small clinic behind the real API: one user per predefined set of rights, a doctor, a patient, a service.

Made by the commands, folded by a real worker, asked through the application's own door. Every answer that comes back is
held against the model that its route declares.
"""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.types import ASGIApp

from aggregates.access.rights import PREDEFINED_SETS
from commands.access import user_access
from commands.clinic import opening as clinic_commands
from commands.clinic import service
from commands.context import Context
from commands.people import employee
from commands.people import patient as patient_commands
from projections.live import LiveWorker
from projections.positions import head, prepare
from projections.registry import PROJECTIONS
from services.accounts.passwords import Passwords
from services.api.app import create_app
from services.api.http.uvicorn_config import config
from services.bootstrap import Denta

T = TypeVar("T")
PASSWORD, METRICS_TOKEN = "correct horse", "how is it doing"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2id that takes no time: what it costs is no concern of these tests."""
MONDAY = date.today() + timedelta(days=14 - date.today().weekday())  # noqa: DTZ011  the zone makes no difference, see below
"""A Monday far enough ahead to be still to come by every clock of the world, even when the tests run over midnight."""


def at(day: date, clock: str) -> str:
    """A local moment as the API writes it."""
    return f"{day.isoformat()}T{clock}:00"


@dataclass
class World:
    """The clinic and its door."""

    denta: Denta
    app: FastAPI
    origin: str
    administrator: UUID
    doctor: UUID
    patient: UUID
    service: UUID
    users: dict[str, str] = field(default_factory=dict)
    """Name of a rights set → e-mail of a user who has it."""

    @contextmanager
    def browser(self, rights_set: str | None = None, **options: Any) -> Iterator["Browser"]:
        """A client with cookies of its own; signed in as a user with the rights set."""
        with Browser(self.app, self.origin, **options) as client:
            if rights_set is not None:
                client.sign_in(self.users[rights_set])
            yield client

    def context(self, command: str) -> Context:
        return Context(now=self.denta.clock(), command=command)


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP: reading the authorities of this machine would take longer for each than what it asks."""


class Browser(httpx.Client):
    """A client that sends what browsers send, and holds each answer against its declared model."""

    def __init__(self, app: FastAPI, origin: str, **options: Any) -> None:
        super().__init__(base_url=origin, trust_env=False, verify=NO_TLS, timeout=20, **options)
        self.headers["Origin"] = origin
        self.app = app
        self.position = 0

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """From now on answers include everything that anybody has done until now."""
        self.catch_up()
        answer = self.post("/api/session", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return answer

    def catch_up(self) -> None:
        """From now on the answers know of all that was done until now, by whatever hand."""
        with self.app.state.components.denta.database.connection() as connection:
            self.position = head(connection)

    def request(self, method: str, url: Any, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", None) or {})
        if method == "GET" and self.position:
            headers.setdefault("X-Position", str(self.position))
        answer = super().request(method, url, headers=headers, **options)
        if method != "GET" and "x-position" in answer.headers:
            self.position = max(self.position, int(answer.headers["x-position"]))
        check(self.app, method, answer)
        return answer

    def get_ok(self, url: str, **params: Any) -> Any:
        answer = self.get(url, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, method: str, url: str, body: Any = None, *, version: int | None = None, expect: int = 200) -> Any:
        """A change that has to be answered with this status, by a person who goes past every warning."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = self.request(method, url, json=body, headers=headers)
        if answer.status_code == 409 != expect and answer.json()["code"] == "needs_confirmation":
            keys = [warning["key"] for warning in answer.json()["facts"]["warnings"]]
            answer = self.request(method, url, json=body, headers={**headers, "Accepted-Warnings": ",".join(keys)})
        assert answer.status_code == expect, answer.text
        return answer.json()


def check(app: Any, method: str, answer: httpx.Response) -> None:
    """The answer is what its route declares, or a problem."""
    if answer.status_code >= 400:
        if answer.headers["content-type"] == "application/problem+json":
            assert set(answer.json()) == {"type", "title", "status", "code", "facts"}
            assert answer.json()["status"] == answer.status_code
        return
    scope = {"type": "http", "method": method, "path": answer.request.url.path, "headers": [], "app": app}
    for route in app.routes:
        if isinstance(route, APIRoute) and route.matches(scope)[0].value == 2:
            assert answer.status_code == route.status_code
            if route.response_model is not None:
                TypeAdapter(route.response_model).validate_json(answer.content)
            return


def rows(answer: Mapping[str, Any]) -> list[Any]:
    """The items of a list's answer."""
    items: list[Any] = answer["items"]
    return items


@contextmanager
def running(database_url: str) -> Iterator[World]:
    """A clinic over a database that has the schema. Its pictures and workbooks don't stand back: that is for busy clinics."""
    with TemporaryDirectory(prefix="denta-files-") as files:
        yield from _running(Denta.open(database_url, files=Path(files), stands_back=False))


def _running(denta: Denta) -> Iterator[World]:
    with denta.database.connection() as connection:
        prepare(connection, PROJECTIONS)
    stop = Event()
    worker = Thread(target=LiveWorker(denta.database.connect, PROJECTIONS, denta.decoders).run, args=(stop,))
    worker.start()
    try:
        app = create_app(denta, passwords=Passwords(QUICK), metrics_token=METRICS_TOKEN)
        with serving(app) as origin:
            yield _furnished(denta, app, origin)
    finally:
        stop.set()
        with denta.database.connection() as connection:
            connection.execute("NOTIFY denta_events")  # wakes the worker, which then stops
        worker.join()
        denta.close()


@contextmanager
def serving(app: ASGIApp, **settings: Any) -> Iterator[str]:
    """The application on a real server of this test; its address."""
    bound, started = socket(), Event()
    bound.bind(("127.0.0.1", 0))
    web = _Server(config(app, **settings), started)
    thread = Thread(target=web.run, args=([bound],))
    thread.start()
    try:
        assert started.wait(20)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        web.should_exit = True
        thread.join()
        bound.close()


class _Server(uvicorn.Server):
    """Tells when it takes requests."""

    def __init__(self, settings: uvicorn.Config, started: Event) -> None:
        super().__init__(settings)
        self._event = started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._event.set()


def _furnished(denta: Denta, app: FastAPI, origin: str) -> World:
    clinic = denta.clinic
    hashed = Passwords(QUICK).hash(PASSWORD)

    def context(command: str) -> Context:
        return Context(now=denta.clock(), command=command)

    administrator = clinic_commands.open_clinic(
        clinic,
        context("open_clinic"),
        name="Улыбка",
        region="77",
        administrator={"family_name": "Орлова", "given_name": "Анна"},
        email="admin@example.org",
        password_hash=hashed,
        settings={"show_deleted": True},
    ).id
    doctor = employee.hire(
        clinic,
        context("hire"),
        {"family_name": "Соколов", "given_name": "Пётр", "position": "Стоматолог", "takes_visits": True, "color": "#2f6fdd"},
    ).id
    world = World(
        denta,
        app,
        origin,
        administrator,
        doctor,
        patient_commands.create_card(clinic, context("create_card"), {"family_name": "Иванова", "phone": "9161234567"}).id,
        service.create_service(clinic, context("create_service"), {"name": "Осмотр", "price": "1500", "duration": 30}).id,
        {"Администратор": "admin@example.org"},
    )
    for predefined in PREDEFINED_SETS[1:]:
        email = f"user{len(world.users)}@example.org"
        hired = employee.hire(clinic, context("hire"), {"family_name": predefined.name, "given_name": "Сотрудник"}).id
        user_access.grant_access(clinic, context("grant_access"), hired, email, predefined.id, hashed)
        world.users[predefined.name] = email
    return world


def new_visit(world: World, day: date = MONDAY, start: str = "10:00", end: str = "10:30", **more: Any) -> dict[str, Any]:
    """The body of a booking."""
    return {
        "patient_id": str(world.patient),
        "doctor_id": str(world.doctor),
        "starts_at": at(day, start),
        "ends_at": at(day, end),
        "lines": [{"service_id": str(world.service)}],
        **more,
    }


def eventually(found: Callable[[], T | None], seconds: float = 10) -> T:
    """The first thing found, looked for until then."""
    end = monotonic() + seconds
    while (thing := found()) is None or thing is False:
        assert monotonic() < end, "not found in time"
        sleep(0.005)
    return thing


def written(lines: StringIO, **fields: object) -> dict[str, Any] | None:
    """The first line of the log with these values (fixture `lines`)."""
    decoded = [json.loads(line) for line in lines.getvalue().splitlines()]
    return next((line for line in decoded if fields.items() <= line.items()), None)


def command_id() -> str:
    return str(uuid4())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
