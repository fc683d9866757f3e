"""Supervises parts of a running Denta: a child process, and the private database server.

A part that ends unasked is started again (`background_thread.py`). The kernel ends a child process together with its parent,
however the parent ends.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from commands.ports.private_server import PrivateServer, PrivateServerError
from services.process.background_thread import BackgroundThread

LOG = structlog.get_logger("denta.supervision")
STOP_SECONDS = 10.0
ASK_SECONDS = 0.2
"""How often `run_child` checks whether to stop."""

LAUNCHER = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
"""Asks the kernel to kill this process when its parent dies (PR_SET_PDEATHSIG, which outlives exec), then becomes the command."""


def child_command(command: Sequence[str]) -> list[str]:
    """The command line of a child that dies together with the thread that starts it."""
    return [sys.executable, "-I", "-S", "-c", LAUNCHER, str(os.getpid()), *command]


def run_child(command: Sequence[str], environment: Mapping[str, str], stopping: threading.Event) -> int:
    """Run a child command to its end; it is asked to stop when `stopping` is set. Its exit status."""
    process = subprocess.Popen(child_command(command), env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    while True:
        try:
            return process.wait(ASK_SECONDS)
        except subprocess.TimeoutExpired:
            if stopping.is_set():
                process.terminate()
                return process.wait()


class ChildProcess(BackgroundThread):
    """A child process that runs as long as this part. It dies with this part's thread."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        super().__init__(name)
        self._command = child_command(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._change = threading.Lock()

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def interrupt(self) -> None:
        """Ask it to end; kill it after a time limit."""
        with self._change:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive() and self._process is not None:
            self._process.kill()

    def run(self) -> None:
        with self._change:
            if self.stopping.is_set():
                return
            # A session of its own: Ctrl-C in the terminal is for the parent, which ends its parts in order.
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
        code = self._process.wait()
        if not self.stopping.is_set():
            LOG.warning("part ended", part=self.name, cause=signal.Signals(-code).name if code < 0 else str(code))


class SupervisedServer(BackgroundThread):
    """The private database server while it is used: reports when it is down, and replaces a keeper that has died."""

    def __init__(self, server: PrivateServer, tell: Callable[[str], None]) -> None:
        super().__init__("database")
        self._server = server
        self._tell = tell
        self._gone = False

    def start(self) -> None:
        self._server.start()
        super().start()

    def stop(self) -> None:
        super().stop()
        self._server.stop()  # also if the thread was just starting it again

    def interrupt(self) -> None:
        self._server.stop()

    def run(self) -> None:
        if self._gone:
            try:
                self._server.start()
            except PrivateServerError as error:
                self._tell(str(error))
                return
        self._gone = down = False
        for line in self._server.follow():
            if line == "ready" and down:
                self._tell("База данных снова работает")
                down = False
            elif line.startswith("down"):
                self._tell(f"База данных остановилась и запускается снова: {line.removeprefix('down ')}")
                down = True
        if not self.stopping.is_set():
            LOG.warning("keeper of the database is gone")
            self._gone = True
