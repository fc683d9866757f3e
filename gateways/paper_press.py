"""Papers by WeasyPrint, in processes that stay ready (`paper_process.py`).

How many work at the same time is decided by who asks (`PAPERS` of the API). Each serves one document at a time; one whose client
has left, or that takes too long, is killed.
"""

import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Timer
from typing import IO

from commands.ports.paper_press import PaperTooLarge, PrintingUnavailable
from commands.ports.photographs import Ending

PROCESS = Path(__file__).with_name("paper_process.py")
FONTS = Path(__file__).with_name("fonts") / "fonts.conf"
UNPACKED = Path(sys.prefix) / "native"
"""Native libraries that the set-up unpacked where it may not install them (`scripts/setup.py`)."""
SECONDS = 90
"""For one document on a busy machine; its CPU time is limited more strictly (`paper_process.MOST_SECONDS`)."""
MOST_HTML = 8_000_000
"""Bytes: a day of a large clinic has some hundred kilobytes."""
POLITENESS = 5
"""Nice value: a person waits for a paper, but the requests of others take milliseconds."""
MADE, NO_LIBRARY = b"P", b"L"
"""Answers of the process."""


class PaperPress:
    """`commands.ports.paper_press.PaperPress` by WeasyPrint."""

    def __init__(self, *, stands_back: bool = True) -> None:
        """`stands_back`: on a busy processor papers come after requests."""
        self._politeness = POLITENESS if stands_back else 0
        self._ready: deque[_Worker] = deque()

    def pdf(self, html: str, ending: Ending) -> bytes:
        content = html.encode()
        if len(content) > MOST_HTML:
            raise PaperTooLarge
        worker = self._taken()
        made = None if worker is None else worker.made(content, ending)
        if worker is None or (made is None and worker.ended_before):
            worker = _Worker(self._politeness)
            made = worker.made(content, ending)
        if made is None:  # it ran into its limits
            raise PaperTooLarge
        self._ready.append(worker)
        return made

    def close(self) -> None:
        while self._ready:
            self._ready.pop().kill()

    def _taken(self) -> "_Worker | None":
        """One that is ready; the one used last, so that the others end after a while."""
        while True:
            try:
                worker = self._ready.pop()
            except IndexError:
                return None
            if worker.is_alive:
                return worker
            worker.kill()


class _Worker:
    """One process."""

    def __init__(self, politeness: int) -> None:
        """PrintingUnavailable."""
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(PROCESS), str(politeness)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:  # caused by the machine: no memory, no process
            raise PrintingUnavailable(reason="machine") from error
        self.ended_before = False
        """It had ended, of its quiet or its size, just before the last document came."""

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        assert self._process.stdin is not None  # noqa: S101  a pipe
        with suppress(BrokenPipeError):  # closing writes first what the process hasn't taken any more
            self._process.stdin.close()
        with self._process:
            pass

    def _stop(self, *whys: Event) -> None:
        for why in whys:
            why.set()
        self._process.kill()

    def made(self, content: bytes, ending: Ending) -> bytes | None:
        """The PDF; None if the process ended. PrintingUnavailable, PaperTooLarge, RuntimeError."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018  both are pipes
        late, stopped = Event(), Event()
        timer = Timer(SECONDS, self._stop, (late, stopped))
        timer.daemon = True
        timer.start()
        answered = False
        try:
            with ending(partial(self._stop, stopped)):
                try:
                    self._process.stdin.write(len(content).to_bytes(8, "big") + content)
                    self._process.stdin.flush()
                except BrokenPipeError:
                    self.ended_before = not stopped.is_set()
                what, answer = _read(self._process.stdout)
                answered = bool(what)
        finally:
            timer.cancel()
            if not answered:
                self.kill()
        if late.is_set():
            raise PaperTooLarge
        if what == NO_LIBRARY:
            self.kill()
            raise PrintingUnavailable(reason="library")
        if what not in {MADE, b""}:
            self.kill()
            raise RuntimeError(f"a paper's process failed: {answer.decode()}")
        return answer if what else None


def _read(answers: IO[bytes]) -> tuple[bytes, bytes]:
    """What happened, and the content; b"" if the process ended."""
    head = answers.read(9)
    size = int.from_bytes(head[1:], "big")
    content = answers.read(size) if len(head) == 9 else b""
    return (head[:1], content) if len(head) == 9 and len(content) == size else (b"", b"")


def _environment() -> dict[str, str]:
    """Of a process that reads no settings: fonts, libraries, a place for the list of fonts."""
    folders = ":".join(str(folder) for lib in ("lib", "usr/lib") for folder in UNPACKED.glob(f"{lib}/*/"))
    environment = {
        name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH") if name in os.environ
    }
    if folders:
        environment["LD_LIBRARY_PATH"] = ":".join(filter(None, (folders, environment.get("LD_LIBRARY_PATH"))))
    return {**environment, "FONTCONFIG_FILE": str(FONTS), "LANG": "C.UTF-8"}
