"""Appending single events: our recorder beside the library's own, in turns, on one server.

`run(database_url)` wants a database of its own and leaves events in it. Events per second, medians of the rounds.
Writers are threads; "apart" gives each a recorder of its own, as separate processes have, "together" one recorder for
all, as the threads of one API process have.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import monotonic, perf_counter
from uuid import uuid4

import msgspec
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from bench.sizes import WRITERS, size
from gateways.database import Database
from gateways.event_recorder import PostgresRecorder
from services.bootstrap import prepare_schema

Row = tuple[str, float, str]
ROUNDS = size(5, 1)
SECONDS = size(1.0, 0.05)
STATE = msgspec.json.encode({"patient_id": uuid4(), "starts_at": datetime.now(UTC), "comment": "Повторный приём, осмотр"})


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    databases = [Database(database_url) for _ in range(WRITERS + 1)]
    together, *apart = (PostgresRecorder(database) for database in databases)
    datastore, shipped = _shipped(database_url)
    variants: dict[str, Sequence[Callable[[], object]]] = {
        f"append, {WRITERS} writers together": [lambda: _append(together)] * WRITERS,
        f"append, {WRITERS} writers apart": [partial(_append, recorder) for recorder in apart],
        f"append, {WRITERS} writers, recorder as shipped": [lambda: shipped.insert_events([_event()])] * WRITERS,
        "append, 1 writer": [lambda: _append(together)],
        "append, 1 writer, recorder as shipped": [lambda: shipped.insert_events([_event()])],
    }
    for writers in variants.values():
        _rate(writers[:1], 0.1)  # connections and plans
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(ROUNDS):
        for name, writers in variants.items():
            rates[name].append(_rate(writers, SECONDS))
    gap = _gap(together)
    for database in databases:
        database.close()
    datastore.close()
    results = {name: median(values) for name, values in rates.items()}
    many, apart_rate, many_shipped, one, one_shipped = results.values()
    return [
        *((name, round(rate), "events/s") for name, rate in results.items()),
        (f"append, {WRITERS} writers: together / as shipped", round(many / many_shipped, 1), "×"),
        (f"append, {WRITERS} writers: apart / as shipped", round(apart_rate / many_shipped, 1), "×"),
        ("append, 1 writer: ours / as shipped", round(one / one_shipped, 1), "×"),
        ("append: gaps in our positions", gap, "positions"),
    ]


def _event() -> StoredEvent:
    return StoredEvent(uuid4(), 1, "visit.booked.1", STATE)


def _append(recorder: PostgresRecorder) -> None:
    recorder.insert_events([_event()], command_id=uuid4())


def _shipped(database_url: str) -> tuple[PostgresDatastore, ApplicationRecorder]:
    parts = {key: str(value) for key, value in conninfo_to_dict(database_url).items()}
    datastore = PostgresDatastore(
        dbname=parts["dbname"],
        host=parts.get("host", ""),
        port=parts.get("port", "5432"),
        user=parts.get("user", ""),
        password=parts.get("password", ""),
        pool_size=WRITERS,
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return datastore, recorder


def _rate(writers: Sequence[Callable[[], object]], seconds: float) -> float:
    """Appends per second by all writers at once."""
    counts, ready = [0] * len(writers), threading.Barrier(len(writers) + 1)
    end = 0.0

    def write(number: int) -> None:
        ready.wait()
        while not counts[number] or monotonic() < end:
            writers[number]()
            counts[number] += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(writers))]
    for thread in threads:
        thread.start()
    end = monotonic() + seconds
    began = perf_counter()
    ready.wait()
    for thread in threads:
        thread.join()
    return sum(counts) / (perf_counter() - began)


def _gap(recorder: PostgresRecorder) -> int:
    """Positions between 1 and the last that no event has."""
    with recorder._database.connection() as connection:  # noqa: SLF001  the benchmark's own recorder
        row = connection.execute("SELECT max(position) - count(*) FROM events").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    for name, value, unit in run(sys.argv[1]):
        print(f"{name:60} {value:>10} {unit}")
