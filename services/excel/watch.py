"""Looking out for uploaded files: whoever follows the log starts a process for them, and another when that one was killed.

A process of its own: reading a large file neither holds read models up nor leaves its memory behind, and a file that somehow
breaks the process breaks nothing else.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from commands.ports.database import DatabaseUnavailable
from services.bootstrap import Denta
from services.process.supervision import Pauses, bound

LOOK_SECONDS = 0.5


class ImportWatch:
    """A thread that runs while its process follows the log. Any number of processes may: the work is done by one."""

    def __init__(self, denta: Denta) -> None:
        self._denta = denta
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="excel")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the work between two batches; the next watch has it go on."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join()

    def _run(self) -> None:
        pauses = Pauses()
        while not self._stopping.wait(LOOK_SECONDS):
            if not self._waits():
                continue
            pauses.begin()
            self._work()
            if self._waits():  # it broke off, or another machine is at it
                self._stopping.wait(pauses.after_end())
            else:
                pauses = Pauses()

    def _waits(self) -> bool:
        try:
            return self._denta.import_jobs.waiting() is not None
        except DatabaseUnavailable:  # whoever follows the log beside us tells of it
            return False

    def _work(self) -> None:
        root = str(Path(__file__).resolve().parent.parent.parent)
        environment = {**os.environ, "DENTA_DATABASE_URL": self._denta.database.url, "PYTHONPATH": root}
        command = bound([sys.executable, "-m", "services.cli", "excel", "load"])
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if self._stopping.is_set():
            self._process.terminate()
        self._process.wait()
