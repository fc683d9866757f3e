"""Money with a million documents: what desks have on any day, a desk's card, a patient's account and the lists.

Beside it the naive way of a balance: all documents of the desks, added up. `run(database_url)` wants a database of its own.
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

from aggregates.catalogues import CashDesk, Counterparty
from aggregates.kernel import Aggregate, Event
from aggregates.money.allocation import Allocation
from aggregates.money.article import Article
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo, MoneyTransfer
from aggregates.money.money_lines import MoneyLine
from aggregates.money.payment import Payment, Till
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
from readmodels.money import desk_turnovers, money_documents, patient_accounts
from services.bootstrap import prepare_schema

DOCUMENTS = size(1_000_000, 300)
PAID_FOR = 10
"""Of so many documents one is the payment of a visit."""
DESKS = [UUID(int=2**100 + n) for n in range(5)]
ARTICLE, SUPPLIER, SERVICE = (UUID(int=2**101 + n) for n in range(3))
PATIENTS = [UUID(int=2**102 + n) for n in range(size(20_000, 20))]
OFTEN = size(300, 5)
"""Documents of the patient who pays most often, of a hundred thousand."""
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
NOW = datetime(2022, 1, 1, tzinfo=UTC)
SELECTED = [
    one for one in PROJECTIONS if one.name in {"money_documents", "payments", "calendar", "patients", "catalogue", "articles"}
]
NAIVELY = """SELECT desk_id, sum(change) FROM (
    SELECT desk_id, CASE flow WHEN 'income' THEN total ELSE -total END AS change FROM money_documents
      WHERE NOT deleted AND moment < %(end)s
    UNION ALL SELECT to_desk_id, total FROM money_documents WHERE to_desk_id IS NOT NULL AND NOT deleted AND moment < %(end)s
  ) AS moved GROUP BY 1"""


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop trigger if exists events_stay on events; truncate events; set synchronous_commit = off")
        store(connection, _events(random.Random(1)))
        connection.execute("vacuum analyze events")
        connect = lambda: psycopg.connect(database_url, autocommit=True)  # noqa: E731
        rebuilder, seconds = Rebuilder(connect, PROJECTIONS, decoders(AGGREGATES), processes=2), 0.0
        for projection in SELECTED:
            began = time.perf_counter()
            rebuilder.rebuild([projection], differences=False)
            seconds = time.perf_counter() - began if projection.name == "money_documents" else seconds
        connection.execute("vacuum analyze")
        documents = counted(connection, "select count(*) from money_documents")
        return [
            ("money documents", documents, ""),
            ("rebuild of money_documents, 2 processes", documents / seconds, "documents/s"),
            ("days of desks", counted(connection, "select count(*) from desk_turnovers"), ""),
            *_readings(connection),
        ]


def _readings(connection: Connection[Any]) -> list[Row]:
    chance = random.Random(2)

    def any_day() -> date:
        return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))

    def naively() -> None:
        connection.execute(NAIVELY, {"end": any_day()}).fetchall()

    def card(days: int) -> None:
        last = any_day()
        desk_turnovers.card(connection, chance.choice(DESKS), last - timedelta(days=days - 1), last)

    def incomes(**asked: Any) -> None:
        money_documents.listing(connection, MoneyIncome, **asked)

    def of_a_month() -> None:
        first = any_day()
        incomes(first=first, last=first + timedelta(days=29))

    busiest, patients = PATIENTS[0], PATIENTS[1:]
    payments = counted(connection, "select count(*) from payments where patient_id = %s", busiest)
    return [
        answered("balances of desks on any day, p95", lambda: desk_turnovers.balances(connection, any_day())),
        answered("the same, naively", naively, times=size(3, 2)),
        answered("card of a desk, a day, p95", lambda: card(1)),
        answered("card of a desk, a month, p95", lambda: card(30)),
        answered("account of a patient, p95", lambda: patient_accounts.account(connection, chance.choice(patients))),
        ("payments of the patient with most", payments, ""),
        answered("account of the patient with most, p95", lambda: patient_accounts.account(connection, busiest)),
        answered("incomes of a patient, p95", lambda: incomes(patient_id=chance.choice(patients))),
        answered("incomes of a month, p95", of_a_month),
        answered("incomes, newest page of all, p95", incomes),
    ]


def _events(chance: random.Random) -> Iterator[Event]:
    article, supplier = Article(ARTICLE), Counterparty(SUPPLIER)
    article.create({"name": "Материалы", "direction": "outgo"}, at=NOW)
    supplier.create({"name": "Поставщик"}, at=NOW)
    made: list[Aggregate] = [article, supplier]
    for number, id_ in enumerate(DESKS):
        desk = CashDesk(id_)
        desk.create({"name": f"Касса {number + 1}", "kind": "cash"}, at=NOW)
        made.append(desk)
    for number, id_ in enumerate(PATIENTS):
        patient = PatientCard(id_)
        patient.create({"family_name": f"Пациент {number + 1}", "card_number": str(number + 1)}, today=FIRST, at=NOW)
        made.append(patient)
    for aggregate in made:
        yield from aggregate.collect_events()
    minutes = ((LAST - FIRST).days + 1) * 12 * 60
    for number in range(1, DOCUMENTS + 1):
        day, minute = divmod(minutes * (number - 1) // DOCUMENTS, 12 * 60)
        moment = datetime(2022, 1, 1, 8) + timedelta(days=day, minutes=minute)  # noqa: DTZ001  the clinic's wall clock
        yield from _document(number, moment, chance)


def _document(number: int, moment: datetime, chance: random.Random) -> Iterator[Event]:
    """Nine of ten are payments of patients; the others pay suppliers, or bring money to another desk."""
    desk = number % len(DESKS)
    if number % 10 == 0:
        transfer = number % 20 == 0
        kind, to = (MoneyTransfer, DESKS[desk - 1]) if transfer else (MoneyOutgo, None)
        head: dict[str, Any] = {"moment": moment, "desk_id": DESKS[desk]}
        head |= {"to_desk_id": to, "sum": Decimal("500.00")} if transfer else {"counterparty_id": SUPPLIER}
        lines = [] if transfer else [MoneyLine(article_id=ARTICLE, sum=Decimal("1500.00"))]
        document = kind(UUID(int=2**103 + number))
        document.create(number, number, head, lines, at=NOW)
        yield from document.collect_events()
        return
    patient_id = PATIENTS[0] if chance.randrange(100_000) < OFTEN else chance.choice(PATIENTS)
    amount = Decimal(500 + 100 * (number % 90))
    allocations: tuple[Allocation, ...] = ()
    if number % PAID_FOR == 1:
        visit_id = UUID(int=2**104 + number)
        yield from _visit(visit_id, number, patient_id, moment - timedelta(hours=1), amount)
        allocations = (Allocation(visit_id, amount, moment),)
    yield Payment.Taken(
        originator_id=UUID(int=2**105 + number),
        originator_version=1,
        timestamp=NOW,
        number=number,
        place=number,
        moment=moment,
        patient_id=patient_id,
        till=Till(desk_id=DESKS[desk], desk_kind="cash"),
        sum=amount,
        allocations=allocations,
    )


def _visit(visit_id: UUID, number: int, patient_id: UUID, starts_at: datetime, price: Decimal) -> Iterator[Event]:
    of_visit: dict[str, Any] = {"originator_id": visit_id, "timestamp": NOW}
    yield Visit.Booked(
        **of_visit,
        originator_version=1,
        number=number,
        patient_id=patient_id,
        doctor_id=None,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=40),
        lines=(Line(SERVICE, "Приём", price, 1),),
        room="",
        comment="",
    )
    yield Visit.StatusChanged(**of_visit, originator_version=2, old="planned", new="in_progress")
    yield Visit.StatusChanged(**of_visit, originator_version=3, old="in_progress", new="completed")
