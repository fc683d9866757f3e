"""Parts of a running Denta that are kept running: a child process, and the private database server.

A part that ends though nobody asked is started again, at once the first time and after growing pauses when it goes on
ending. A child process is bound to its parent by the kernel: it dies with it, however the parent ends.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import structlog

from commands.ports.private_server import PrivateServer, PrivateServerError

LOG = structlog.get_logger("denta.supervision")
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0
"""A part that ran for this long counts as healthy again."""
STOP_SECONDS = 10.0

BOUND = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
"""Asks the kernel to kill this process when its parent dies (PR_SET_PDEATHSIG, which outlives exec), then becomes the command."""


def bound(command: Sequence[str]) -> list[str]:
    """The command as one that dies with the thread that starts it."""
    return [sys.executable, "-I", "-S", "-c", BOUND, str(os.getpid()), *command]


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


class ChildProcess:
    """A command that runs for as long as this part does. Its thread is the one that the child is bound to."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name = name
        self._command = bound(command)
        self._environment = dict(environment)
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._change = threading.Lock()
        self._thread = threading.Thread(target=self._keep_running, name=name)

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and after a while make it."""
        with self._change:
            self._stopping.set()
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive() and self._process is not None:
            self._process.kill()
            self._thread.join()

    def _keep_running(self) -> None:
        pauses = Pauses()
        while not self._stopping.is_set():
            with self._change:
                if self._stopping.is_set():
                    return
                pauses.begin()
                # A session of its own: Ctrl-C in the terminal is for the parent, which ends its parts in order.
                self._process = subprocess.Popen(
                    self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
                )
            code = self._process.wait()
            if not self._stopping.is_set():
                pause = pauses.after_end()
                cause = signal.Signals(-code).name if code < 0 else str(code)
                LOG.warning("part ended", part=self._name, cause=cause, again_in_seconds=pause)
                self._stopping.wait(pause)


class FollowedServer:
    """The private database server while it is used: its downs are told, a keeper that is gone is replaced."""

    def __init__(self, server: PrivateServer, tell: Callable[[str], None]) -> None:
        self._server = server
        self._tell = tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_following, name="database")

    def start(self) -> None:
        self._server.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join()
            self._server.stop()  # where the thread was just starting it again

    def _keep_following(self) -> None:
        pauses = Pauses()
        while not self._stopping.is_set():
            down = False
            for line in self._server.follow():
                if line == "ready" and down:
                    self._tell("База данных снова работает")
                    down = False
                elif line.startswith("down"):
                    self._tell(f"База данных остановилась и запускается снова: {line.removeprefix('down ')}")
                    down = True
            if self._stopping.is_set():
                return
            LOG.warning("keeper of the database is gone")
            self._stopping.wait(pauses.after_end())
            pauses.begin()
            try:
                if not self._stopping.is_set():
                    self._server.start()
            except PrivateServerError as error:
                self._tell(str(error))
