"""Stock with a million movements: posting a document, entering one late, looking at any date, rebuilding.

Beside it the naive way of an answer: all movements of the goods, read and costed. `run(database_url)` wants a database of its
own.
"""

import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.synchronize import Event as StopEvent
from statistics import median, quantiles
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection

from aggregates.catalogues import Goods, GoodsCategory, Unit, Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate, Event
from aggregates.stock.costing import Costing, Movement
from aggregates.stock.stock_documents import OpeningStock, StockTransfer, StockWriteOff
from aggregates.stock.stock_lines import StockLine
from bench.asking import TIMES, Row, answered, counted
from bench.log import store
from bench.sizes import size
from commands.context import Context
from commands.registry import AGGREGATES
from commands.stock.document import RequestedLine, create_document
from gateways.event_mapper import decoders
from projections import positions
from projections.live import LiveWorker
from projections.reader import selection_of
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from projections.stock import stock_documents
from projections.stock.known_stock import known_stock
from readmodels.reports import stock_turnover
from readmodels.reports.periods import Days
from readmodels.stock import stock_balances, stock_movements
from services.bootstrap import Denta, prepare_schema

SPAWNING = get_context("spawn")
DOCUMENTS = size(47_000, 60)
LINES = 20
OF_ONE_GOODS = 2
"""Lines of each document that are of the same goods, which thus have a tenth of all movements."""
GOODS = [UUID(int=10**6 + n) for n in range(size(2_000, 20))]
WAREHOUSES = [UUID(int=10**5 + n) for n in range(5)]
START = datetime(2023, 1, 1, 9, 0)  # noqa: DTZ001  the clinic's wall clock
NOW = datetime(2026, 11, 30, tzinfo=UTC)
SELECTED = [one for one in PROJECTIONS if one.name in {"stock_documents", "catalogue"}]
SINCE = size(1_000, 5)
"""Documents that came after what is looked back to."""


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop trigger if exists events_stay on events; truncate events; set synchronous_commit = off")
        events = store(connection, _events(random.Random(1)))
        connection.execute("vacuum analyze events")
        began = time.perf_counter()
        connect = lambda: psycopg.connect(database_url, autocommit=True)  # noqa: E731
        Rebuilder(connect, PROJECTIONS, decoders(AGGREGATES), processes=2).rebuild(SELECTED, differences=False)
        rebuilt = time.perf_counter() - began
        connection.execute("vacuum analyze")
        movements = counted(connection, "select count(*) from stock_entries")
        of_one = counted(connection, "select count(*) from stock_entries where goods_id = %s", GOODS[0])
        rows = [
            ("movements", movements, ""),
            ("movements of one goods", of_one, ""),
            ("rebuild of stock, 2 processes: movements", movements / rebuilt, "movements/s"),
            (f"rebuild of stock: events, half of them with {LINES} lines", events / rebuilt, "events/s"),
            *_readings(connection),
        ]
    return rows + _postings(database_url)


def _readings(connection: Connection[Any]) -> list[Row]:
    chance = random.Random(2)

    def any_date() -> datetime:
        return START + timedelta(days=chance.randrange(1_000))

    def days(length: int) -> Days:
        first = any_date().date()
        return Days(first, first + timedelta(days=length - 1))

    def naively() -> None:
        query = """select document_id, line, goods_id, warehouse_id, effect, stated, stated_value, origin from stock_entries
            where goods_id = %s order by moment, rank, place, line, inward"""
        rows = connection.execute(query, (GOODS[0],)).fetchall()
        for _ in Costing().walk(Movement(*row) for row in rows):
            pass

    since = connection.execute(
        "select recorded_at from events where position = (select max(position) - %s from events)", (2 * SINCE,)
    ).fetchone()
    assert since
    decoding = decoders(AGGREGATES)
    selection = selection_of([stock_documents.DOCUMENTS], PROJECTIONS, decoding)

    def as_known() -> None:
        with connection.transaction():
            known = known_stock(connection, decoding, selection, known_at=since[0], end=stock_balances.FOREVER)
            stock_balances.balances(connection, known=known)

    return [
        answered("stock as of any date, p95", lambda: stock_balances.balances(connection, end=any_date())),
        answered(
            "the same of one warehouse, p95",
            lambda: stock_balances.balances(connection, end=any_date(), warehouse_id=WAREHOUSES[0]),
        ),
        answered(f"stock as it was known before the last {SINCE} documents, p95", as_known, times=size(10, 2)),
        answered("turnover of a month, p95", lambda: stock_turnover.report(connection, days(30))),
        answered("turnover of a year, p95", lambda: stock_turnover.report(connection, days(365))),
        answered("item card of the busiest goods, p95", lambda: stock_movements.movements(connection, GOODS[0])),
        answered("stock of the busiest goods, naively", naively, times=2),
    ]


def _postings(database_url: str) -> list[Row]:
    denta = Denta.open(database_url)
    denta.rebuild_guards()
    stop = SPAWNING.Event()
    worker = SPAWNING.Process(target=_follow, args=(database_url, stop))  # a process of its own, as in a clinic at work
    worker.start()
    chance, answered, shown = random.Random(3), [], []
    try:
        _until_shown(denta)

        def post(moment: str, *goods: UUID) -> None:
            lines = [RequestedLine(goods_id=one, quantity=Decimal(1), sum=Decimal("7.77")) for one in goods]
            ctx = Context(now=NOW, command="create_document", command_id=uuid4())
            head = {"moment": moment, "warehouse_id": WAREHOUSES[0]}
            create_document(denta.clinic, ctx, OpeningStock, head, lines, post=True)

        for _ in GOODS:  # cached, as in a clinic at work
            denta.clinic.cached(Goods, _)
        posted = []
        for _ in range(TIMES):
            _until_shown(denta)  # a person posts no document while the last one is being worked out
            began = time.perf_counter()
            post("2026-11-30T10:00", *chance.sample(GOODS[1:], min(LINES, len(GOODS) - 1)))
            posted.append(time.perf_counter() - began)
        for _ in range(size(3, 1)):
            _until_shown(denta)
            began = time.perf_counter()
            post("2022-12-01T10:00", GOODS[0])
            answered.append(time.perf_counter() - began)
            _until_shown(denta)
            shown.append(time.perf_counter() - began)
    finally:
        stop.set()
        worker.join()
        denta.close()
    return [
        (f"posting a document of {LINES} lines, median", median(posted) * 1000, "ms"),
        (f"posting a document of {LINES} lines, p95", quantiles(posted, n=20)[-1] * 1000, "ms"),
        ("a receipt before all movements of the busiest goods: answered", max(answered) * 1000, "ms"),
        ("a receipt before all movements of the busiest goods: shown", max(shown) * 1000, "ms"),
    ]


def _follow(database_url: str, stop: StopEvent) -> None:
    denta = Denta.open(database_url)
    LiveWorker(denta.database.connect, SELECTED, denta.decoders).run(cast("threading.Event", stop))
    denta.close()


def _until_shown(denta: Denta) -> None:
    with denta.database.connection() as connection:
        head = positions.head(connection)
        while any(positions.read(connection)[one.name].position < head for one in SELECTED):
            time.sleep(0.01)  # looking more often would take the worker's processor


def _events(chance: random.Random) -> Iterator[Event]:
    settings = ClinicSettings(SETTINGS_ID)
    settings.open({"forbid_missing_goods": False}, at=NOW)
    category, unit = GoodsCategory(UUID(int=1)), Unit(UUID(int=2))
    category.create({"name": "Материалы"}, at=NOW)
    unit.create({"name": "штука"}, at=NOW)
    made: list[Aggregate] = [settings, category, unit]
    for number, id_ in enumerate(WAREHOUSES):
        warehouse = Warehouse(id_)
        warehouse.create({"name": f"Склад {number + 1}"}, at=NOW)
        made.append(warehouse)
    for number, id_ in enumerate(GOODS):
        goods = Goods(id_)
        goods.create({"name": f"Товар {number + 1}", "category": category.id, "price": "10", "sale_unit": unit.id}, at=NOW)
        made.append(goods)
    for aggregate in made:
        yield from aggregate.collect_events()
    for number in range(DOCUMENTS):
        yield from _document(number + 1, chance)


def _document(number: int, chance: random.Random) -> Iterator[Event]:
    """Receipts, transfers and write-offs in turn, some half an hour apart."""
    kind = OpeningStock if number % 3 == 0 else StockTransfer if number % 15 == 1 else StockWriteOff
    received = kind is OpeningStock
    goods = [GOODS[0]] * OF_ONE_GOODS + [chance.choice(GOODS) for _ in range(LINES - OF_ONE_GOODS)]
    total = Decimal("100.55") if received else None
    lines = [StockLine(goods_id=one, quantity=Decimal(12 if received else 3), sum=total) for one in goods]
    place = number % 5 and chance.randrange(5)
    head = {"moment": START + timedelta(minutes=31 * number), "warehouse_id": WAREHOUSES[place]}
    head |= {"to_warehouse_id": WAREHOUSES[(place + 1) % 5]} if kind is StockTransfer else {}
    document = kind(UUID(int=chance.getrandbits(128), version=4))
    document.create(number, head, lines, at=NOW)
    document.post(number, at=NOW)
    yield from document.collect_events()
