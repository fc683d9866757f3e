"""The process that keeps read models up to date: `denta project`, also a part of `denta serve`.

Read models that were built by older code are rebuilt by a separate process while the old ones serve, so an update needs no manual
step; `denta projections status` shows the progress.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from projections.declaration import Projection
from projections.failure import FoldFailed
from projections.live import LiveWorker, WorkerListener
from projections.registry import PROJECTIONS
from readmodels.sqlstate import sqlstate_of
from services.background.runners import WorkRunners
from services.bootstrap import Denta
from services.process.background_thread import BackgroundThread, run_until_stopped
from services.process.supervision import child_command
from services.registry import work_of

LOG = structlog.get_logger("denta.projections")


class Worker(WorkerListener):
    """Logs the worker's events, and starts rebuilds of outdated read models."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._rebuilds: list[subprocess.Popen[bytes]] = []

    def leads(self, names: Sequence[str]) -> None:
        LOG.info("leads read models", names=list(names))

    def failed(self, failure: FoldFailed) -> None:
        LOG.error(
            "projection stopped",
            projection=failure.projection,
            position=failure.position,
            topic=failure.topic,
            reason=failure.reason,
        )

    def outdated(self, names: Sequence[str]) -> None:
        """Start one rebuild per worker; a rebuild that fails logs it and leaves the old read models serving."""
        LOG.warning("read models were built by older code, they are rebuilt now", names=list(names))
        command = [sys.executable, "-m", "services.cli", "projections", "rebuild", *names]
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "DENTA_DATABASE_URL": self._database_url, "PYTHONPATH": root}
        self._rebuilds.append(
            subprocess.Popen(child_command(command), env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        )

    def lost(self, error: BaseException) -> None:
        LOG.warning("database is away", error=type(error).__name__, sqlstate=sqlstate_of(error))

    def stop(self) -> None:
        """Stop running rebuilds; the next worker starts them again."""
        for process in self._rebuilds:
            process.terminate()
            process.wait()


def lanes() -> dict[str, Sequence[Projection[Any]]]:
    """Read models by what they wait for, each followed over a connection of its own. What is derived may be a walk of seconds
    through what follows a late document: others don't stand behind it, and it doesn't stand behind them.
    """
    derived = [one for one in PROJECTIONS if one.derivation is not None]
    return {"projections": [one for one in PROJECTIONS if one.derivation is None], **{one.name: [one] for one in derived}}


class ReadModels(BackgroundThread):
    """Folds events into some read models."""

    def __init__(self, denta: Denta, name: str, projections: Sequence[Projection[Any]]) -> None:
        super().__init__(name)
        self._denta, self._projections = denta, projections

    def run(self) -> None:
        worker = Worker(self._denta.database.url)
        try:
            connect, decoders = self._denta.database.connect, self._denta.decoders
            LiveWorker(connect, self._projections, decoders, known=PROJECTIONS, listener=worker).run(self.stopping)
        finally:
            worker.stop()


def follow_the_log(denta: Denta) -> None:
    """Keep read models up to date and do the background work of this part, until SIGTERM or SIGINT."""
    run_until_stopped(
        [*(ReadModels(denta, name, some) for name, some in lanes().items()), WorkRunners(denta, work_of("project"))]
    )
