"""Reports over a million visits with their payments: figures of a month, a year and of all years, and the rows behind them.

`run(database_url)` wants a database of its own.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from aggregates.clinic.service import Service
from aggregates.kernel import Event
from aggregates.money.allocation import Allocation
from aggregates.money.payment import Payment, Till
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from bench.asking import Row, answered, counted
from bench.log import store
from bench.sizes import size
from commands.registry import AGGREGATES
from gateways.event_mapper import decoders
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from readmodels.reports import debts, income, income_lines, load
from readmodels.reports.income_choice import IncomeChoice
from readmodels.reports.periods import Days
from services.bootstrap import prepare_schema

VISITS = size(1_000_000, 300)
YEARS = 5
PATIENTS = [UUID(int=2**100 + n) for n in range(size(80_000, 40))]
DOCTORS = [UUID(int=2**101 + n) for n in range(size(40, 3))]
SERVICES = [UUID(int=2**102 + n) for n in range(size(150, 4))]
ROOMS = [f"Кабинет {n + 1}" for n in range(size(25, 2))]
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
NOW = datetime(2022, 1, 1, tzinfo=UTC)
OWN = ("visit_work", "account_documents")
SELECTED = [one for one in PROJECTIONS if one.name in {*OWN, "patients", "employees", "services", "catalogue", "settings"}]
COUNTED = ("performed_work", "work_days", "account_items")
OTHERS = [one for one in SELECTED if one.name not in OWN]


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop trigger if exists events_stay on events; truncate events; set synchronous_commit = off")
        events = store(connection, _events(random.Random(1)))
        connection.execute("vacuum analyze events")
        rows: list[Row] = [("events", events, "")]
        for name in OWN:
            seconds = _rebuilt(database_url, [one.name for one in SELECTED if one.name == name])
            rows.append((f"rebuild of {name}", events / seconds, "events/s"))
        _rebuilt(database_url, [one.name for one in OTHERS])
        connection.execute("vacuum analyze")
        rows += [(f"rows of {table}", counted(connection, f"select count(*) from {table}"), "") for table in COUNTED]
        return rows + _readings(connection)


def _rebuilt(database_url: str, names: list[str]) -> float:
    rebuilder = Rebuilder(lambda: psycopg.connect(database_url, autocommit=True), PROJECTIONS, decoders(AGGREGATES))
    began = time.perf_counter()
    rebuilder.rebuild([one for one in PROJECTIONS if one.name in names], differences=False)
    return time.perf_counter() - began


def _readings(connection: Connection[Any]) -> list[Row]:
    chance = random.Random(2)

    def days(length: int) -> Days:
        first = FIRST + timedelta(days=chance.randrange(365, (LAST - FIRST).days - length + 1))
        return Days(first, first + timedelta(days=length - 1))

    def any_day() -> date:
        return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))

    def employee() -> str:
        return str(chance.choice(DOCTORS))

    def lines_of(length: int) -> object:
        return income_lines.listing(connection, IncomeChoice(days(length), employee=employee()))

    return [
        answered("income of a month by performer, p95", lambda: income.report(connection, days(30), "performer")),
        answered("income of a year by performer, p95", lambda: income.report(connection, days(365), "performer")),
        answered("income of a year by service, p95", lambda: income.report(connection, days(365), "item")),
        answered("income of a year of one performer by category, p95",
             lambda: income.report(connection, days(365), "category", employee=employee())),
        answered("income of all years by month, p95", lambda: income.report(connection, Days(FIRST, LAST), "month"), size(15, 2)),
        answered("lines of a performer's year, p95", lambda: lines_of(365)),
        answered("all lines of a month, p95", lambda: income_lines.listing(connection, IncomeChoice(days(30)))),
        answered("all lines of a year, p95", lambda: income_lines.listing(connection, IncomeChoice(days(365)))),
        answered("debts today, p95", lambda: debts.report(connection, LAST)),
        answered("debts and prepayments on any day, p95", lambda: debts.report(connection, any_day(), shown="all")),
        answered("load of doctors in a month, p95", lambda: load.report(connection, days(30), "doctors")),
        answered("load of doctors in a year, p95", lambda: load.report(connection, days(365), "doctors")),
    ]  # fmt: skip


def _events(chance: random.Random) -> Iterator[Event]:
    for number, id_ in enumerate(SERVICES):
        service = Service(id_)
        service.create({"name": f"Услуга {number + 1}", "price": str(500 + 100 * (number % 90)), "duration": 30}, at=NOW)
        yield from service.collect_events()
    for number, id_ in enumerate(DOCTORS):
        doctor = Employee(id_)
        doctor.hire(number + 1, {"family_name": f"Врач {number + 1}", "takes_visits": True}, at=NOW)
        yield from doctor.collect_events()
    for number, id_ in enumerate(PATIENTS):
        card = PatientCard(id_)
        card.create({"family_name": f"Пациент {number + 1}", "card_number": str(number + 1)}, today=FIRST, at=NOW)
        yield from card.collect_events()
    minutes = ((LAST - FIRST).days + 1) * 12 * 60
    for number in range(VISITS):
        day, minute = divmod(minutes * number // VISITS, 12 * 60)
        yield from _visit(number + 1, datetime(2022, 1, 1, 8) + timedelta(days=day, minutes=minute), chance)  # noqa: DTZ001


def _visit(number: int, starts_at: datetime, chance: random.Random) -> Iterator[Event]:
    """Nine of ten are completed; of ten visits one is paid weeks later, and of fifty one is never paid whole."""
    visit_id, patient_id = UUID(int=2**103 + number), chance.choice(PATIENTS)
    services = [chance.randrange(len(SERVICES)) for _ in range(1 + number % 2)]
    lines = tuple(Line(SERVICES[one], f"Услуга {one + 1}", Decimal(500 + 100 * (one % 90)), 1) for one in services)
    of_visit: dict[str, Any] = {"originator_id": visit_id, "timestamp": NOW}
    yield Visit.Booked(
        **of_visit,
        originator_version=1,
        number=number,
        patient_id=patient_id,
        doctor_id=chance.choice(DOCTORS),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=40),
        lines=lines,
        room=chance.choice(ROOMS),
        comment="",
    )
    if number % 10 == 0:
        yield Visit.StatusChanged(**of_visit, originator_version=2, old="planned", new="cancelled")
        return
    yield Visit.StatusChanged(**of_visit, originator_version=2, old="planned", new="in_progress")
    yield Visit.StatusChanged(**of_visit, originator_version=3, old="in_progress", new="completed")
    never, late = number % 50 == 1, number % 10 == 2
    if never and chance.random() < 0.5:
        return
    total = sum((line.price for line in lines), Decimal("0.00"))
    amount = Decimal("100.00") if never else total
    moment = starts_at + (timedelta(days=chance.randrange(1, 90)) if late else timedelta(hours=1))
    yield Payment.Taken(
        originator_id=UUID(int=2**104 + number),
        originator_version=1,
        timestamp=NOW,
        number=number,
        place=number,
        moment=moment,
        patient_id=patient_id,
        till=Till(desk_id=UUID(int=9), desk_kind="cash"),
        sum=amount,
        allocations=(Allocation(visit_id, amount, moment),),
    )
