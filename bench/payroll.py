"""Pay of 40 employees over 200 000 visits with their payments: a month by work, by money and by who booked, alone and after half
a year of accruals that are looked back on.

`run(database_url)` wants a database of its own.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import quantiles
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from aggregates.clinic.service import Service
from aggregates.kernel import Event
from aggregates.money.allocation import Allocation
from aggregates.money.payment import Payment, Till
from aggregates.payroll.pay_accrual import Calculation, PayAccrual
from aggregates.payroll.pay_scheme import PayScheme
from aggregates.payroll.pay_terms import PayStep
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from bench.log import store
from bench.sizes import size
from commands.registry import AGGREGATES
from gateways.event_mapper import decoders
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from readmodels.payroll import payroll
from readmodels.payroll.pay_accruals import TABLE as ACCRUALS
from readmodels.payroll.pay_accruals import PayAccrualRow, searched
from services.bootstrap import prepare_schema

Row = tuple[str, float, str]
VISITS = size(200_000, 400)
DAYS = 730
PATIENTS = [UUID(int=2**100 + n) for n in range(size(20_000, 20))]
DOCTORS = [UUID(int=2**101 + n) for n in range(size(32, 3))]
RECEPTIONISTS = [UUID(int=2**101 + 1_000 + n) for n in range(size(8, 2))]
SERVICES = [UUID(int=2**102 + n) for n in range(size(150, 4))]
TIMES = size(5, 2)
FIRST = date(2024, 12, 1)
MONTH = (date(2026, 11, 1), date(2026, 11, 30))
NOW = datetime(2024, 12, 1, tzinfo=UTC)
SELECTED = [one for one in PROJECTIONS if one.name in {*payroll.READS, "patients"}]
_GRID = [PayStep(Decimal(0), Decimal(20)), PayStep(Decimal(300_000), Decimal(25))]


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop trigger if exists events_stay on events; truncate events; set synchronous_commit = off")
        events = store(connection, _events(random.Random(1)))
        connection.execute("vacuum analyze events")
        began = time.perf_counter()
        Rebuilder(lambda: psycopg.connect(database_url, autocommit=True), PROJECTIONS, decoders(AGGREGATES)).rebuild(
            SELECTED, differences=False
        )
        rebuilt = time.perf_counter() - began
        connection.execute(  # the log was written by one person
            "update authors set employee_id = (%s::uuid[])[1 + position %% %s]", (RECEPTIONISTS, len(RECEPTIONISTS))
        )
        connection.execute("vacuum analyze")
        rows = [("rebuild of what pay is made of", events / rebuilt, "events/s"), *_readings(connection, "alone")]
        lines = sum(_accrue(connection, *month) for month in _months())
        connection.execute("vacuum analyze")
        return [*rows, ("accrued lines", lines, ""), *_readings(connection, "after half a year of accruals")]


def _readings(connection: Connection[Any], when: str) -> list[Row]:
    chance = random.Random(2)
    return [
        _row(f"pay of everybody for a month, {when}, p95", lambda: payroll.overview(connection, *MONTH)),
        _row(f"pay of a doctor for a month, {when}, p95",
             lambda: payroll.calculations(connection, *MONTH, chance.choice(DOCTORS))),
        _row(f"pay of a receptionist for a month, {when}, p95",
             lambda: payroll.calculations(connection, *MONTH, chance.choice(RECEPTIONISTS))),
    ]  # fmt: skip


def _row(name: str, ask: Callable[[], object]) -> Row:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return name, round(quantiles(taken, n=20)[-1] * 1000, 1), "ms"


def _months() -> Iterator[tuple[date, date]]:
    """Six before the measured one."""
    last = MONTH[0] - timedelta(days=1)
    months = []
    for _ in range(size(6, 2)):
        months.append((last.replace(day=1), last))
        last = last.replace(day=1) - timedelta(days=1)
    yield from reversed(months)


def _accrue(connection: Connection[Any], first: date, last: date) -> int:
    """Rows as the projection would have made them; how many lines."""
    rows = []
    for number, (employee_id, found) in enumerate(payroll.calculations(connection, first, last).items()):
        accrual = PayAccrual(UUID(int=2**105 + first.toordinal() * 1_000 + number))
        card = {"date": str(last), "employee_id": str(employee_id), "first": str(first), "last": str(last)}
        accrual.create(number + 1, card, at=NOW)
        accrual.post(Calculation(tuple(found.lines), found.beside), found.beside, at=NOW)
        row = PayAccrualRow(
            id=accrual.id, number=accrual.number, day=last, employee_id=employee_id, first=first, last=last, card=accrual.card,
            extras=(), lines=accrual.lines, total=accrual.total, posted=True, deleted=False, version=2,
            search=searched(accrual.card, ()), postings=1,
        )  # fmt: skip
        rows.append(row)
    ACCRUALS.copy(connection, rows)
    return sum(len(row.lines) for row in rows)


def _events(chance: random.Random) -> Iterator[Event]:
    for number, id_ in enumerate(SERVICES):
        service = Service(id_)
        service.create({"name": f"Услуга {number + 1}", "price": str(500 + 100 * (number % 90)), "duration": 30}, at=NOW)
        yield from service.collect_events()
    for number, id_ in enumerate([*DOCTORS, *RECEPTIONISTS]):
        employee = Employee(id_)
        employee.hire(number + 1, {"family_name": f"Сотрудник {number + 1}", "takes_visits": id_ in DOCTORS}, at=NOW)
        yield from employee.collect_events()
        scheme = PayScheme(UUID(int=2**106 + number))
        card = {"employee_id": str(id_), "starts_on": str(FIRST), **_terms(number, id_)}
        scheme.create(card, (), _GRID if "grid" in card else (), at=NOW)
        yield from scheme.collect_events()
    for number, id_ in enumerate(PATIENTS):
        patient = PatientCard(id_)
        patient.create({"family_name": f"Пациент {number + 1}", "card_number": str(number + 1)}, today=FIRST, at=NOW)
        yield from patient.collect_events()
    minutes = DAYS * 12 * 60
    for number in range(VISITS):
        day, minute = divmod(minutes * number // VISITS, 12 * 60)
        yield from _visit(number + 1, datetime(2024, 12, 1, 8) + timedelta(days=day, minutes=minute), chance)  # noqa: DTZ001


def _terms(number: int, employee_id: UUID) -> dict[str, Any]:
    """A third of the doctors by money, a third by a grid."""
    if employee_id in RECEPTIONISTS:
        return {"monthly": "40000", "visit_acts": "either", "visit_percent": "1", "visit_sum": "20", "base": "paid"}
    ways: list[dict[str, Any]] = [
        {"service_percent": "25"},
        {"service_percent": "30", "base": "paid", "acquiring": "2"},
        {"grid": "marginal"},
    ]
    return ways[number % 3]


def _visit(number: int, starts_at: datetime, chance: random.Random) -> Iterator[Event]:
    """Completed and paid on its day, one of ten some weeks later."""
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
        room="",
        comment="",
    )
    yield Visit.StatusChanged(**of_visit, originator_version=2, old="planned", new="in_progress")
    yield Visit.StatusChanged(**of_visit, originator_version=3, old="in_progress", new="completed")
    total = sum((line.price for line in lines), Decimal("0.00"))
    moment = starts_at + (timedelta(days=chance.randrange(1, 60)) if number % 10 == 2 else timedelta(hours=1))
    yield Payment.Taken(
        originator_id=UUID(int=2**104 + number),
        originator_version=1,
        timestamp=NOW,
        number=number,
        place=number,
        moment=moment,
        patient_id=patient_id,
        till=Till(desk_id=UUID(int=9), desk_kind="cash"),
        sum=total,
        allocations=(Allocation(visit_id, total, moment),),
    )
