"""`denta publish` over a real broker: nothing missing, each key in order, repeated only from where a batch began."""

import gc
import json
import signal
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kafka.errors import MessageSizeTooLargeError, UnknownError
from kafka.record.memory_records import MemoryRecordsBuilder

from commands.ports.message_log import Message
from commands.ports.outside import EventRefused, OutsideAway
from gateways import kafka_log
from gateways.kafka_log import KafkaLog, partition_of, records_of
from gateways.kafka_settings import KafkaSettings
from services.background import runners
from services.bootstrap import Denta
from services.publishing.publish import PUBLISH
from tests.projections.toy_log import until
from tests.services.broker import Broker, Read, first_appearances
from tests.services.following import position, status, working
from tests.services.publisher_log import append, publishing

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The library leaves the socket of a failed attempt to the collection of garbage."""


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with Broker() as broker:
        yield broker


@pytest.fixture
def settings(broker: Broker) -> KafkaSettings:
    return broker.settings()


@pytest.fixture
def log(settings: KafkaSettings) -> Iterator[KafkaLog]:
    made = KafkaLog(settings)
    yield made
    made.close()
    gc.collect()


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def denta(database_url: str, log: KafkaLog) -> Iterator[Denta]:
    made = Denta.open(database_url, message_log=log)
    yield made
    made.close()


def message(number: int, key: str = "", value: bytes = b"{}") -> Message:
    key = key or f"key {number % 7}"
    return Message(number, key.encode(), value, [("position", b"%d" % number)], 1_700_000_000_000)


def assert_each_once_and_in_order(read: list[Read], count: int) -> None:
    """For a consumer that passes over what it has seen in a partition, as it is promised."""
    first = first_appearances(read)
    assert sorted(one.position for one in first) == list(range(1, count + 1))
    versions: dict[str, int] = {}
    for one in first:
        assert int(one.headers["version"]) == versions.get(one.key, 0) + 1
        versions[one.key] = int(one.headers["version"])
    assert {one.key: one.partition for one in read} == {one.key: partition_of(one.key.encode(), 3) for one in read}


# --- delivering --------------------------------------------------------------------------------------------------------------


@pytest.mark.spec("OPS-8")
def test_messages_are_delivered_in_order_with_key_and_headers(broker: Broker, settings: KafkaSettings, log: KafkaLog) -> None:
    log.deliver([message(number, value=b'{"n": %d}' % number) for number in range(1, 50)])
    log.deliver([message(50)])
    read = broker.read(settings.topic)
    assert sorted(one.position for one in read) == list(range(1, 51))
    assert all(a.position < b.position for a, b in pairwise(read) if a.partition == b.partition)
    assert len({one.partition for one in read}) > 1
    assert {one.key: one.partition for one in read} == {one.key: partition_of(one.key.encode(), 3) for one in read}
    assert next(one for one in read if one.position == 7).value == b'{"n": 7}'


def test_a_partition_gets_one_batch_at_a_time(log: KafkaLog) -> None:
    """So none of its messages comes before one that is lost."""
    log._batch_bytes, log._partitions = 1000, 3
    messages = [message(number, value=b"x" * 200) for number in range(1, 40)]
    rounds = list(log._rounds(messages))
    assert sorted(one for share in rounds for part in share.values() for one in part) == messages
    for share in rounds:
        for partition, part in share.items():
            assert {partition_of(one.key, 3) for one in part} == {partition}
            assert sum(map(kafka_log._size, part)) <= 1000


def test_a_batch_is_what_the_library_would_have_built() -> None:
    messages = [
        Message(n, f"ключ {n}".encode(), b"x" * (n * 37 % 300), [("position", b"%d" % n), ("пусто", b"")], 1_700_000_000_000 + d)
        for n, d in enumerate((0, 5, -3, 70_000, 2_000_000))
    ] + [Message(9, b"k" * 20_000, b"", [], 1_700_000_000_000)]
    theirs = MemoryRecordsBuilder(2, 0, 10**6)
    for one in messages:
        theirs.append(one.moment, one.key, one.value, one.headers)
    ours = records_of(messages)
    assert ours.next_offset() == theirs.next_offset()
    for records in (ours, theirs):
        records.set_producer_state(7, 1, 42, is_transactional=False)
        records.close()
    assert bytes(ours._buffer) == bytes(theirs._buffer)


@pytest.fixture
def refuse(log: KafkaLog, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], bool], Exception], None]:
    """The broker's answer to batches of which something is true becomes an error, until the producer is another."""

    def set_up(which: Callable[[Any], bool], error: Exception) -> None:
        log.deliver([message(1)])
        sender = log._producer._sender
        answered = sender._complete_batch

        def answer(batch: Any, response: Any) -> None:
            return sender._complete_batch_with_exception(batch, error) if which(batch) else answered(batch, response)

        monkeypatch.setattr(sender, "_complete_batch", answer)

    return set_up


def test_where_one_partitions_share_fails_all_of_it_comes_again_in_order(
    broker: Broker, settings: KafkaSettings, log: KafkaLog, refuse: Callable[..., None]
) -> None:
    refuse(lambda batch: batch.topic_partition.partition == 1, UnknownError("unknown"))
    messages = [message(number) for number in range(2, 40)]
    with pytest.raises(OutsideAway, match="UnknownError"):
        log.deliver(messages)
    log.deliver(messages)
    read = broker.read(settings.topic)
    assert len(read) > 40
    assert sorted(one.position for one in first_appearances(read)) == list(range(1, 40))


def test_brokers_that_take_smaller_batches_alone_get_those(log: KafkaLog, refuse: Callable[..., None]) -> None:
    """The library would part a batch that is too large for them, and nobody would hear what becomes of its second half."""
    refuse(lambda batch: batch.record_count > 4, MessageSizeTooLargeError("too large"))
    with pytest.raises(OutsideAway, match="smaller"):
        log.deliver([message(number, key="one") for number in range(2, 12)])
    assert log._batch_bytes == kafka_log.BATCH_BYTES // 2


def test_a_message_that_is_too_large_is_refused_by_its_position_before_anything_is_sent(
    broker: Broker, settings: KafkaSettings, log: KafkaLog
) -> None:
    with pytest.raises(EventRefused) as refused:
        log.deliver([message(1), message(2, value=b"x" * 1_000_001), message(3)])
    assert refused.value.position == 2
    log.deliver([message(1), message(2, value=b"x" * 900_000), message(3)])
    assert [one.position for one in sorted(broker.read(settings.topic), key=lambda one: one.position)] == [1, 2, 3]


def test_no_broker_is_no_fault_of_the_messages_and_each_attempt_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker may be away for days: a thread and four descriptors an attempt would end the process."""
    monkeypatch.setattr(kafka_log, "CONNECT_SECONDS", 0.1)
    log = KafkaLog(KafkaSettings(("127.0.0.1:1",)))

    def attempt() -> tuple[int, int]:
        with pytest.raises(OutsideAway):
            log.deliver([message(1)])
        gc.collect()
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    before = attempt()
    for _ in range(5):
        after = attempt()
    assert after <= before


@pytest.mark.parametrize("silent", [False, True], ids=["killed", "hanging"])
def test_what_was_under_way_when_the_broker_was_lost_comes_again_in_order(
    broker: Broker, settings: KafkaSettings, log: KafkaLog, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    """And what is left of the producer that had it in hand ends."""
    monkeypatch.setattr(kafka_log, "DELIVERY_SECONDS", 1.0)
    monkeypatch.setattr(kafka_log, "CONNECT_SECONDS", 0.5)
    before = threading.active_count()
    log.deliver([message(number) for number in range(1, 11)])
    with broker.lost(silent=silent):
        for _ in range(2):
            with pytest.raises(OutsideAway):
                log.deliver([message(number) for number in range(11, 21)])
        assert threading.active_count() <= before
    log.deliver([message(number) for number in range(11, 21)])
    log.deliver([message(number) for number in range(21, 31)])
    first = first_appearances(broker.read(settings.topic))
    assert sorted(one.position for one in first) == list(range(1, 31))


# --- publishing --------------------------------------------------------------------------------------------------------------


@pytest.mark.spec("OPS-8")
def test_every_event_is_published_and_the_position_recorded_after_it(
    broker: Broker, settings: KafkaSettings, denta: Denta, connection: psycopg.Connection
) -> None:
    append(connection, 700)
    with working(denta, PUBLISH):
        until(lambda: position(denta, "publish") == 700)
        append(connection, 5)
        until(lambda: position(denta, "publish") == 705)
    read = broker.read(settings.topic)
    assert len(read) == 705
    assert_each_once_and_in_order(read, 705)
    one = next(one for one in read if one.position == 301)
    assert one.headers == {
        "position": "301",
        "topic": "employee.returned.1",
        "aggregate": one.key,
        "version": "2",
        "contract": "employee.returned/1",
    }
    body = json.loads(one.value)
    assert (body["name"], body["version"], body["aggregate_id"], body["data"]) == ("employee.returned", 1, one.key, {})


def test_an_event_that_no_message_can_be_made_of_stops_the_publisher_alone(
    broker: Broker, settings: KafkaSettings, denta: Denta, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners, "SHORTEST_PAUSE", 0.01)
    append(connection, 20)
    connection.execute("alter table events disable trigger user")
    connection.execute("update events set state = '{\"nonsense\": 1}' where position = 8")
    with working(denta, PUBLISH):
        until(lambda: status(denta, "publish") == "stopped")
        state = denta.background_work.state("publish")
        assert state
        assert (state.position, state.failed_position) == (7, 8)
        denta.background_work.skip("publish", "test")
        until(lambda: position(denta, "publish") == 20)
    assert sorted(one.position for one in first_appearances(broker.read(settings.topic))) == [*range(1, 8), *range(9, 21)]


@pytest.mark.spec("OPS-6", "OPS-8")
def test_the_publisher_and_the_broker_killed_in_the_middle(
    broker: Broker, settings: KafkaSettings, denta: Denta, database_url: str, connection: psycopg.Connection
) -> None:
    """Over real processes: nothing is missing, each key in order, and what comes twice comes from where a batch began."""
    count = 22_000
    append(connection, count)

    def at(reached: int) -> None:
        until(lambda: (position(denta, "publish") or 0) >= reached, 60)

    with publishing(database_url, broker.address, settings.topic) as first:
        until(lambda: status(denta, "publish"), 60)
        with publishing(database_url, broker.address, settings.topic):
            at(5000)
            first.send_signal(signal.SIGKILL)
            at(10_000)
            broker.kill()
            broker.start()
            at(count)
    read = broker.read(settings.topic)
    assert_each_once_and_in_order(read, count)
    assert len(read) <= count + 3 * 5000, "a batch for each of the kills"


def test_two_publishers_at_once_publish_once(
    broker: Broker, settings: KafkaSettings, denta: Denta, database_url: str, connection: psycopg.Connection
) -> None:
    with publishing(database_url, broker.address, settings.topic), publishing(database_url, broker.address, settings.topic):
        for _ in range(5):
            append(connection, 40)
            until(lambda: position(denta, "publish") in range(40, 201, 40), 60)
        until(lambda: position(denta, "publish") == 200, 60)
    assert len(broker.read(settings.topic)) == 200


def test_a_publisher_that_starts_before_the_broker_waits_for_it(
    broker: Broker, settings: KafkaSettings, denta: Denta, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners, "SHORTEST_PAUSE", 0.1)
    monkeypatch.setattr(runners, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(kafka_log, "CONNECT_SECONDS", 0.3)
    append(connection, 10)
    broker.kill()
    try:
        with working(denta, PUBLISH):
            until(lambda: status(denta, "publish") == "waiting")
            broker.start()
            until(lambda: position(denta, "publish") == 10)
    finally:
        broker.kill()
        broker.start()
    assert len(broker.read(settings.topic)) == 10


def test_without_brokers_the_publisher_is_off(database_url: str) -> None:
    denta = Denta.open(database_url)
    with working(denta, PUBLISH) as works:
        assert not works._runners
    denta.close()
