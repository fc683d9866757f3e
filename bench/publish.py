"""Publishing a log into a broker of Kafka's protocol, beside the library's bare producer of the same messages in the same run.

`run(database_url)` wants a database of its own. Both have an idempotent producer that waits for all replicas; the broker keeps
what it gets in memory.
"""

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from uuid import uuid5

import psycopg
from kafka import KafkaProducer

from aggregates.kernel import Event
from aggregates.scheduling.visit import Slot, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.values import NAMESPACE_DENTA
from bench import log
from bench.sizes import size
from commands.ports.message_log import Message
from gateways.kafka_log import KafkaLog
from projections.reader import read_batch
from services.background.runners import WorkRunners, selection_of
from services.bootstrap import Denta, prepare_schema
from services.publishing.messages import message_of
from services.publishing.publish import PUBLISH
from tests.services.broker import Broker

Row = tuple[str, float, str]
EVENTS = size(80_000, 400)
ROUNDS = size(3, 1)


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        log.store(connection, visits())
    with Broker(keeps=False) as broker:
        messages = _messages(database_url)
        gc.freeze()  # they are the measuring's own: neither way is to walk through them
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_bare(broker, messages))
            ours.append(_ours(broker, database_url))
    best = max(bare)
    return [
        ("publish, log to broker", round(median(ours)), "events/s"),
        ("publish, the library's bare producer", round(median(bare)), "messages/s"),
        ("publish: ours / bare producer", round(median(a / b for a, b in zip(ours, bare, strict=True)), 2), "×"),
        ("publish: a message, on average", round(sum(len(m.value) for m in messages) / EVENTS), "bytes"),
        ("publish: the bare producer's best", round(best), "messages/s"),
    ]


def visits() -> Iterator[Visit.Booked | Visit.Moved | Visit.StatusChanged]:
    """A clinic's commonest events: four of each visit."""
    moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
    slot = Slot(uuid5(NAMESPACE_DENTA, "doctor"), datetime(2026, 11, 23, 10), datetime(2026, 11, 23, 11))  # noqa: DTZ001  a clinic's wall clock
    line = Line(uuid5(NAMESPACE_DENTA, "service"), "Приём", Decimal(1500), 1)
    for number in range(EVENTS // 4):
        visit = uuid5(NAMESPACE_DENTA, f"visit {number}")
        yield Visit.Booked(
            originator_id=visit, originator_version=1, timestamp=moment, number=number, patient_id=visit,
            doctor_id=slot.doctor_id, starts_at=slot.starts_at, ends_at=slot.ends_at, lines=(line,), room="Кабинет 1", comment="",
        )  # fmt: skip
        yield Visit.Moved(originator_id=visit, originator_version=2, timestamp=moment, old=slot, new=slot)
        yield Visit.StatusChanged(originator_id=visit, originator_version=3, timestamp=moment, old="planned", new="arrived")
        yield Visit.StatusChanged(originator_id=visit, originator_version=4, timestamp=moment, old="arrived", new="completed")


def _messages(database_url: str) -> list[Message]:
    denta = Denta.open(database_url)
    made: list[Message] = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        while (batch := read_batch(connection, denta.decoders, len(made), selection_of(PUBLISH, denta))).entries:
            for event, envelope in batch.entries:
                assert isinstance(event, Event)
                made.append(message_of(event, envelope))
    denta.close()
    return made


def _bare(broker: Broker, messages: Sequence[Message]) -> float:
    producer = KafkaProducer(
        bootstrap_servers=broker.address, enable_idempotence=True, acks="all", linger_ms=5, batch_size=262_144
    )
    settings = broker.settings(partitions=6)
    KafkaLog(settings)._make_topic()  # noqa: SLF001  as ours has it
    producer.partitions_for(settings.topic)
    began = time.perf_counter()
    futures = [producer.send(settings.topic, m.value, m.key, m.headers, None, m.moment) for m in messages]
    producer.flush(60)
    took = time.perf_counter() - began
    assert all(future.succeeded() for future in futures)
    producer.close()
    return len(messages) / took


def _ours(broker: Broker, database_url: str) -> float:
    """By the follower as `denta publish` runs it, from its first turn, when it is connected as the bare producer is."""
    denta = Denta.open(database_url, message_log=KafkaLog(broker.settings(partitions=6)))
    with denta.database.connection() as connection:
        connection.execute("DELETE FROM background_work")
    works = WorkRunners(denta, [PUBLISH])
    works.start()
    first = _position(denta, at_least=1)
    began = time.perf_counter()
    last = _position(denta, at_least=EVENTS)
    took = time.perf_counter() - began
    works.stop()
    denta.close()
    return (last - first) / took


def _position(denta: Denta, *, at_least: int) -> int:
    """Of the follower, as soon as it has come so far."""
    while (state := denta.background_work.state("publish")) is None or (state.position or 0) < at_least:
        time.sleep(0.005)
    return state.position or 0


if __name__ == "__main__":
    for name, value, unit in run(sys.argv[1]):
        print(f"{name:60} {value:>10} {unit}")
