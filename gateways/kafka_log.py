"""Delivery of messages to Kafka (or another broker with its protocol): none is lost, and a partition keeps its order.

The library's producer is idempotent, waits for all replicas and retries. But when a batch fails it continues with the next ones,
so that messages behind a failed one would come before it. Therefore a partition gets one batch at a time: messages are split
into rounds with one batch per partition, and the next round starts when all of it is stored. After any failure the producer is
discarded with its unsent messages. So in every partition the first occurrences of messages are in order and without gaps, even
if some are repeated.

Batches are built here and handed to the library's sender as a whole: its own way, message by message, costs three times as much
as the rest of publishing.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from struct import unpack_from
from typing import Any

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import (
    AuthorizationError,
    CorruptRecordError,
    InvalidRecordError,
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAlreadyExistsError,
)
from kafka.net.compat import KafkaNetClient
from kafka.producer.producer_batch import ProducerBatch
from kafka.record.memory_records import MemoryRecordsBuilder

from commands.ports.message_log import Message
from commands.ports.outside import EventRefused, OutsideAway
from gateways.kafka_settings import KafkaSettings

BATCH_BYTES = 512 * 1024
"""Most bytes of a batch; half the default limit of brokers. Halved if they accept less."""
SMALLEST_BATCH_BYTES = 16 * 1024
LARGEST_MESSAGE = 1_000_000
"""Bytes; a little less than the default limit of brokers."""
OVERHEAD = 64
"""Most bytes of overhead per message in a batch, without headers; 12 per header."""
CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
DELIVERY_SECONDS = 10.0
"""Time-out of a round."""
OF_THE_MESSAGE = (
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    InvalidRecordError,
    CorruptRecordError,
    InvalidTimestampError,
)
"""Errors caused by the messages, not by the broker."""


class KafkaLog:
    """Delivers to one topic. Used by one thread at a time."""

    def __init__(self, settings: KafkaSettings) -> None:
        logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it logs many lines for each lost connection; we log one
        self._settings = settings
        self._producer: Any = None
        self._partitions = 0
        self._topic_exists = False
        self._batch_bytes = BATCH_BYTES

    def deliver(self, messages: Sequence[Message]) -> None:
        try:
            self._require_producer()
            for share in self._rounds(messages):
                self._deliver_round(share)
        except EventRefused:
            raise
        except OF_THE_MESSAGE as error:
            self.close()
            if len(messages) == 1:
                raise EventRefused(messages[0].position, type(error).__name__) from None
            raise  # one of them is the cause: the caller sends them one by one
        except (KafkaError, OSError) as error:
            self.close()
            raise OutsideAway(type(error).__name__) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(Exception):  # closing normally would wait for its unsent messages, perhaps for ever
                producer._sender.force_close()  # noqa: SLF001
                producer._sender.join(CLOSE_SECONDS)  # noqa: SLF001
                producer.close(timeout=0)

    def _require_producer(self) -> None:
        if self._producer is None:
            if not self._topic_exists:
                self._make_topic()
            self._producer = _client(
                KafkaProducer,
                **self._settings.connection(),
                enable_idempotence=True,
                acks="all",
                batch_size=LARGEST_MESSAGE + BATCH_BYTES,
                max_request_size=LARGEST_MESSAGE + BATCH_BYTES,
                delivery_timeout_ms=int(DELIVERY_SECONDS * 2000),
                request_timeout_ms=int(DELIVERY_SECONDS * 500),
                max_block_ms=int(CONNECT_SECONDS * 1000),
                bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000),
                reconnect_backoff_max_ms=1000,
                metrics_enabled=False,
            )
        self._partitions = len(self._producer.partitions_for(self._settings.topic))

    def _make_topic(self) -> None:
        """Create the topic if it is missing and we may; otherwise the brokers create or refuse it."""
        settings = self._settings
        admin = _client(KafkaAdminClient, **settings.connection(), bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000))
        try:
            topic = NewTopic(name=settings.topic, num_partitions=settings.partitions, replication_factor=settings.replication)
            with suppress(TopicAlreadyExistsError, AuthorizationError):
                admin.create_topics([topic])
        finally:
            admin.close()
        self._topic_exists = True

    def _rounds(self, messages: Sequence[Message]) -> Iterator[dict[int, list[Message]]]:
        """Split messages into rounds: per partition, as many as fit into one batch. EventRefused before any is sent."""
        sizes = [_size(message) for message in messages]
        for message, size in zip(messages, sizes, strict=True):
            if size > LARGEST_MESSAGE:
                raise EventRefused(message.position, f"message of {size} bytes, the limit is {LARGEST_MESSAGE}")
        share: dict[int, list[Message]] = {}
        filled = [0] * self._partitions
        for message, size in zip(messages, sizes, strict=True):
            partition = partition_of(message.key, self._partitions)
            if filled[partition] and filled[partition] + size > self._batch_bytes:
                yield share
                share, filled = {}, [0] * self._partitions
            filled[partition] += size
            share.setdefault(partition, []).append(message)
        if share:
            yield share

    def _deliver_round(self, share: Mapping[int, Sequence[Message]]) -> None:
        accumulator, batches = self._producer._accumulator, []  # noqa: SLF001  there is no public way to add a whole batch
        for partition, messages in share.items():
            place = TopicPartition(self._settings.topic, partition)
            batch = ProducerBatch(place, records_of(messages))
            with accumulator._tp_lock(place):  # noqa: SLF001
                accumulator._batches[place].append(batch)  # noqa: SLF001
                accumulator._incomplete.add(batch)  # noqa: SLF001
            batches.append(batch)
        self._producer._sender.wakeup()  # noqa: SLF001
        give_up = time.monotonic() + DELIVERY_SECONDS
        for batch in batches:
            done = batch.produce_future
            while not done.is_done:
                if batch not in accumulator._incomplete.all() and not done.is_done:  # noqa: SLF001  it was split, because it was too large
                    self._batch_bytes = max(self._batch_bytes // 2, SMALLEST_BATCH_BYTES)
                    raise OutsideAway("the brokers take smaller batches alone")
                if time.monotonic() > give_up:
                    raise OutsideAway("not within time")
                done.wait(0.2)
            _, _, error = done.value
            if error is not None:
                raise error(0)


def records_of(messages: Sequence[Message]) -> MemoryRecordsBuilder:
    """A batch in Kafka's record format v2; the sender adds sequence number and checksum."""
    records = MemoryRecordsBuilder(2, 0, LARGEST_MESSAGE + BATCH_BYTES)
    first = messages[0].moment
    parts: list[bytes] = []
    for offset, (_, key, value, headers, moment) in enumerate(messages):
        record = [b"\0", varint(moment - first), varint(offset), varint(len(key)), key, varint(len(value)), value]
        record.append(varint(len(headers)))
        for name, content in headers:
            encoded = name.encode()
            record += (varint(len(encoded)), encoded, varint(len(content)), content)
        whole = b"".join(record)
        parts += (varint(len(whole)), whole)
    builder = records._builder  # noqa: SLF001  as its `append` leaves it
    builder._buffer += b"".join(parts)  # noqa: SLF001
    builder._first_timestamp, builder._max_timestamp = first, max(message.moment for message in messages)  # noqa: SLF001
    builder._last_offset, builder._num_records = len(messages) - 1, len(messages)  # noqa: SLF001
    records.skip(len(messages))
    return records


def _varint(number: int) -> bytes:
    """A number in Kafka's variable-length encoding: zigzag, seven bits a byte."""
    rest = number << 1 if number >= 0 else (-number << 1) - 1
    encoded = bytearray()
    while rest > 0x7F:
        encoded.append(rest & 0x7F | 0x80)
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


_SMALL = tuple(map(_varint, range(10_000)))


def varint(number: int) -> bytes:
    """The same, with small numbers from a table."""
    return _SMALL[number] if 0 <= number < 10_000 else _varint(number)


def _client(kind: Callable[..., Any], **options: Any) -> Any:
    """Create a client of the library; if that fails, end its thread and sockets, which the library would leak."""
    clients: list[Any] = []

    def tracked(**more: Any) -> Any:
        clients.append(KafkaNetClient(**more))
        return clients[-1]

    try:
        return kind(**options, kafka_client=tracked)
    except BaseException:
        for client in clients:
            with suppress(Exception):
                client._net.stop(1000)  # noqa: SLF001  the library stops its loop only for a complete client
            with suppress(Exception):
                client.close()
        raise


def _size(message: Message) -> int:
    """Upper bound of a message's bytes in a batch."""
    headers = sum(len(name) + len(value) + 12 for name, value in message.headers)
    return len(message.key) + len(message.value) + headers + OVERHEAD


@lru_cache(10_000)
def partition_of(key: bytes, count: int) -> int:
    """The partition of a key, as every client of Kafka chooses it (murmur2), a few times as quick as the library.

    Events of an aggregate are close together, so keys repeat.
    """
    length = len(key)
    h = 0x9747B28C ^ length
    words = length >> 2
    for word in unpack_from(f"<{words}I", key):
        k = word * 0x5BD1E995 & 0xFFFFFFFF
        h = (h * 0x5BD1E995 ^ (k ^ k >> 24) * 0x5BD1E995) & 0xFFFFFFFF
    if rest := key[words * 4 :]:
        h = (h ^ int.from_bytes(rest, "little")) * 0x5BD1E995 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return ((h ^ h >> 15) & 0x7FFFFFFF) % count
