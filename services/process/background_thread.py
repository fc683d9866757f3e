"""A thread for background work, with the same life cycle for all of it."""

import random
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

import structlog

LOG = structlog.get_logger("denta.background")
STEADY_SECONDS = 30.0
"""After this time a run counts as healthy again."""
LONGEST_PAUSE = 10.0


class Pauses:
    """How long to wait before the next start: nothing after a steady run, then longer each time."""

    def __init__(self) -> None:
        self._next = 0.0
        self._began = time.monotonic()

    def begin(self) -> None:
        self._began = time.monotonic()

    def after_end(self) -> float:
        if time.monotonic() - self._began >= STEADY_SECONDS:
            self._next = 0.0
        pause = self._next
        self._next = min(LONGEST_PAUSE, max(0.5, pause * 2))
        return pause


def pause_before(attempt: int, shortest: float, longest: float) -> float:
    """Seconds before the attempt of this number, from 1 on: twice as long each time, up to a limit,
    and random, so that two that started together don't stay in step.
    """
    return min(longest, shortest * 2.0 ** min(attempt - 1, 30)) * random.uniform(0.5, 1.0)


class BackgroundThread(ABC):
    """Work that runs from `start` to `stop`. `run` must end soon after `stopping` is set; if it ends earlier, or raises, it is
    run again: immediately the first time, then after growing pauses.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name=name)

    @abstractmethod
    def run(self) -> None:
        """The work, in the thread."""

    def interrupt(self) -> None:  # noqa: B027  most work only waits for `stopping`
        """Interrupt what the thread waits for, after `stopping` is set."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the work has ended."""
        self.stopping.set()
        if self._thread.ident is not None:
            self.interrupt()
            self._thread.join()

    def _keep_running(self) -> None:
        pauses = Pauses()
        while not self.stopping.is_set():
            pauses.begin()
            try:
                self.run()
            except Exception:
                LOG.exception("background work failed", work=self.name)
            if not self.stopping.is_set():
                self.stopping.wait(pauses.after_end())


def run_until_stopped(parts: Sequence[BackgroundThread]) -> None:
    """Run all of them until SIGTERM or SIGINT. For the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for part in parts:
            part.start()
        stop.wait()
    finally:
        for part in parts:
            part.stopping.set()
        for part in parts:
            part.stop()
