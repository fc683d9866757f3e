"""A running Denta for browsers: `denta api` and `denta project` as processes of their own over one database.

They are forked off a process that has imported everything already, so that a start needs no imports.
"""

import json
import multiprocessing
import os
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.browser import denta_process

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "web" / "dist" / "index.html"
PATIENCE = 60.0
"""Seconds for a start that takes two on an idle machine."""
IMPORTED = multiprocessing.get_context("forkserver")
IMPORTED.set_forkserver_preload(["tests.browser.denta_process"])
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str:
    """The browser's program, the one without windows of its own before the others."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    assert program, "не найден chromium: make test и make bench ставят его, от root через apt"
    return program


@contextmanager
def running(database_url: str, logs: Path, *, ahead: timedelta = timedelta()) -> Iterator[str]:
    """Run API and projections; the address, once the read models are up to date. What they say stands in `logs`.

    `ahead`: by how much the clinic's clock is ahead of this machine's.
    """
    assert PAGE.exists(), f"интерфейс не собран ({PAGE}): сначала npm --prefix web run build"
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DENTA_")}
    environment |= {"DENTA_DATABASE_URL": database_url, "DENTA_DATA": str(logs)}
    log = logs / "denta.log"
    log.touch()
    project, api = (
        IMPORTED.Process(target=denta_process.run, args=(arguments, environment, log, ahead))
        for arguments in (["project"], ["api", "--port", str(port)])
    )
    try:
        project.start()
        api.start()
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, api, log)
        yield address
    finally:  # how they end in order is for other tests to show
        for process in (api, project):
            if process.pid is not None:
                process.kill()
                process.join()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str, api: BaseProcess, log: Path) -> None:
    end, answered = time.monotonic() + PATIENCE, "no answer yet"
    while time.monotonic() < end:
        assert api.exitcode is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=PATIENCE) as answer:  # noqa: S310  our own address
                answered = answer.read().decode()
                if not any(projection["behind"] for projection in json.loads(answered)["projections"]):
                    return
        except urllib.error.HTTPError as refusal:
            with refusal:
                answered = refusal.read().decode()
        except urllib.error.URLError:
            pass  # it doesn't listen yet
        time.sleep(0.02)
    raise AssertionError(f"not ready within {PATIENCE} s: {answered}\n{log.read_text()}")
