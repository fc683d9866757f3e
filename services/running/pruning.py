"""Forgetting, in the background, what is kept for a time only: first answers to commands."""

import threading

import structlog

from commands.ports.database import DatabaseUnavailable
from services.bootstrap import Denta

LOG = structlog.get_logger("denta.pruning")
LOOK_SECONDS = 3600.0
"""How often it is looked for what is too old."""
BREATH_SECONDS = 0.1
"""Between batches: other work goes first."""


class Pruning:
    """A thread that runs while its process follows the log. Any number of processes may: at each moment one does it."""

    def __init__(self, denta: Denta) -> None:
        self._denta = denta
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pruning")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        forgotten = 0
        while not self._stopping.is_set():
            count = self._prune()
            forgotten += count
            if not count and forgotten:
                LOG.info("old answers to commands are forgotten", count=forgotten)
                forgotten = 0
            self._stopping.wait(BREATH_SECONDS if count else LOOK_SECONDS)

    def _prune(self) -> int:
        try:
            return self._denta.first_answers.prune()
        except DatabaseUnavailable:  # whoever follows the log beside us tells of it
            return 0
