"""Queries to the read models, without HTTP: a week of the calendar, search and filters of patients, the journal.

`run(database_url)` wants a database of its own and fills the read models' tables by hand; of the log it writes what the
journal tells of.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

from aggregates.normalization import person_name_key
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import Status
from aggregates.values import Scalar
from bench.log import store
from bench.sizes import DOCTORS, PATIENTS, VISITS_OF_200_DAYS, size
from commands.registry import AGGREGATES
from gateways.event_mapper import decoders
from projections import positions
from projections.registry import PROJECTIONS
from readmodels import journal, search
from readmodels.journal import JournalFilter, row_of
from readmodels.people import patient_search, patients
from readmodels.people.employees import TABLE as EMPLOYEES
from readmodels.people.employees import EmployeeRow
from readmodels.people.patients import PatientRow, full_name, search_of
from readmodels.scheduling import calendar
from readmodels.scheduling.calendar import VisitRow
from readmodels.searchable import Asker
from readmodels.table import Table
from services.bootstrap import prepare_schema

Row = tuple[str, float, str]
VISITS_A_DAY = VISITS_OF_200_DAYS // 200
TIMES = size(30, 2)
FIRST = date(2026, 6, 1)
NAMES = """Иванов Петров Сидоров Кузнецов Смирнов Попов Васильев Соколов Михайлов Новиков Фёдоров Морозов Волков Лебедев
  Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман Егор Иван Пётр"""
FAMILIES, GIVEN = NAMES.split()[:14], NAMES.split()[14:]
SYLLABLES = [consonant + vowel for consonant in "бвгджзклмнпрстфхчш" for vowel in "ао"]
QUERIES = ("иванов", "иванов петр", "петр 4512", "bdfyjd", "8 (916) 12", "4567", "№ 7777", "ович", "ив ал", "лосаков", "ъъъ")
STATUSES: tuple[Status, ...] = ("completed", "completed", "planned", "cancelled")
CATEGORIES, SOURCES = 10, 12
"""Of the first one has every other patient, of the next half as many, and so on."""
LISTS: dict[str, Callable[[Connection[Any]], object]] = {
    "a common category": lambda connection: patient_search.listing(connection, category_id=UUID(int=3 * 10**9)),
    "a rare category": lambda connection: patient_search.listing(connection, category_id=UUID(int=3 * 10**9 + CATEGORIES - 1)),
    "a common source": lambda connection: patient_search.listing(connection, source_id=UUID(int=4 * 10**9)),
    "a rare source": lambda connection: patient_search.listing(connection, source_id=UUID(int=4 * 10**9 + SOURCES - 1)),
}
JOURNAL = {
    "newest page": JournalFilter(),
    "of one patient": JournalFilter(object_id=UUID(int=7)),
    "by words": JournalFilter(query="записан иванов петр"),
}


def run(database_url: str) -> list[Row]:
    r, known = Random(1), decoders(AGGREGATES)
    everything = {one.right for one in search.SEARCHABLE}
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit TO off")
        positions.prepare(connection, PROJECTIONS)
        _fill(connection, EMPLOYEES, (_doctor(n) for n in range(DOCTORS)))
        _fill(connection, patients.TABLE, (_patient(r, n) for n in range(PATIENTS)))
        visits = [_visit(r, n) for n in range(VISITS_OF_200_DAYS)]
        _fill(connection, calendar.TABLE, visits)
        entries = store(connection, map(_booked, visits))
        events = enumerate(map(_booked, visits), start=1)
        _fill(connection, journal.TABLE, (row_of(e, at, None, e.doctor_id, "10.0.0.7") for at, e in events))
        del visits  # a serving process doesn't hold them, and the garbage collector would walk through them
        gc.collect()
        connection.execute("VACUUM ANALYZE")
        monday = FIRST + timedelta(days=98)
        week = calendar.week(connection, monday, monday + timedelta(days=6))
        rows = [
            _row(f"week of {len(week)} visits", lambda: calendar.week(connection, monday, monday + timedelta(days=6))),
            _row(f"week of {len(week)} visits as JSON", lambda: msgspec.json.encode(week)),
            _row(f"columns of {DOCTORS} doctors", lambda: calendar.doctors(connection, monday, monday + timedelta(days=6))),
        ]
        rows += [_row(f"search of {PATIENTS} patients: «{q}»", partial(patient_search.search, connection, q)) for q in QUERIES]
        rows += [_row(f"list of {PATIENTS} patients: {name}", partial(listing, connection)) for name, listing in LISTS.items()]
        rows += [
            _row(f"search of everything: «{q}»", partial(search.search, connection, q, everything, Asker())) for q in QUERIES
        ]
        rows += [
            _row(f"journal of {entries} entries: {name}", partial(journal.listing, connection, known, filters, UTC))
            for name, filters in JOURNAL.items()
        ]
    return rows


def _row(name: str, ask: Callable[[], Any]) -> Row:
    """The 95th percentile of some askings, in milliseconds."""
    ask()
    taken = []
    for _ in range(TIMES):
        began = perf_counter()
        ask()
        taken.append(perf_counter() - began)
    return f"{name}, p95", round(quantiles(taken, n=20)[-1] * 1000, 1), "ms"


def _fill(connection: Connection[Any], table: Table[Any], rows: Iterable[Any]) -> None:
    left: Iterator[Any] = iter(rows)
    while batch := list(islice(left, 5000)):
        table.write(connection, batch, [])


def _doctor(n: int) -> EmployeeRow:
    return EmployeeRow(
        employee_id=UUID(int=10**9 + n), number=n, family_name=FAMILIES[n % 14], given_name="Анна", patronymic="",
        position="Терапевт", phone="", email="", takes_visits=True, color="", deleted=False, version=1,
    )  # fmt: skip


def _patient(r: Random, n: int) -> PatientRow:
    family = r.choice(FAMILIES) if r.random() < 0.6 else "".join(r.choice(SYLLABLES) for _ in range(3)).capitalize() + "ков"
    given, patronymic, phone = r.choice(GIVEN), r.choice(GIVEN) + "ович", f"+79{r.randrange(10**9):09}"
    search = search_of(str(n), family, given, patronymic, phone)
    name = full_name(family, given, patronymic)
    card, person = UUID(int=n), (family, given, patronymic, name, person_name_key(name), phone, "", "", "")
    details: dict[str, Scalar] = {"source_id": str(UUID(int=4 * 10**9 + rank))} if (rank := _rank(n)) < SOURCES else {}
    categories = (UUID(int=3 * 10**9 + rank),) if rank < CATEGORIES else ()
    return PatientRow(card, str(n), *person, details, categories, None, None, False, None, (), (card,), search, 1)


def _rank(n: int) -> int:
    """0 for every other number, 1 for every fourth, 2 for every eighth …"""
    return (~n & (n + 1)).bit_length() - 1


def _visit(r: Random, n: int) -> VisitRow:
    day = FIRST + timedelta(days=n // VISITS_A_DAY)
    starts_at = datetime(day.year, day.month, day.day) + timedelta(minutes=540 + 20 * r.randrange(36))  # noqa: DTZ001
    status = r.choice(STATUSES)
    lines = (Line(UUID(int=5), "Осмотр и консультация", Decimal("1500.00"), 1),)
    patient, doctor = UUID(int=r.randrange(PATIENTS)), UUID(int=10**9 + r.randrange(DOCTORS))
    return VisitRow(
        UUID(int=2 * 10**9 + n), n, patient, doctor, starts_at, starts_at + timedelta(minutes=30), status, lines,
        Decimal("1500.00"), "2", "", False, 3, datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def _booked(visit: VisitRow) -> Visit.Booked:
    return Visit.Booked(
        originator_id=visit.visit_id, originator_version=1, timestamp=visit.booked_on, number=visit.number,
        patient_id=visit.patient_id, doctor_id=visit.doctor_id, starts_at=visit.starts_at, ends_at=visit.ends_at,
        lines=visit.lines, room=visit.room, comment=visit.comment,
    )  # fmt: skip


if __name__ == "__main__":
    import sys

    for name, value, unit in run(sys.argv[1]):
        print(f"{name:60} {value:10} {unit}")
