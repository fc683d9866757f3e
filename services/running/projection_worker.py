"""The process that keeps read models up to date: `denta project`, also a part of `denta serve`.

Read models that were built by older code are rebuilt by a process of its own while the old ones serve: after an update nobody
has to remember it, and `denta projections status` tells how far it is.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import structlog

from projections.failure import FoldFailed
from projections.live import LiveWorker, Told
from projections.registry import PROJECTIONS
from readmodels.sqlstate import sqlstate_of
from services.bootstrap import Denta
from services.excel.watch import ImportWatch
from services.process.supervision import bound
from services.running.pruning import Pruning

LOG = structlog.get_logger("denta.projections")


class Worker(Told):
    """News of the worker as log lines; what is outdated is rebuilt."""

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
        """Tried once by each worker; a rebuild that fails says so in its own lines and leaves the old read models serving."""
        LOG.warning("read models were built by older code, they are rebuilt now", names=list(names))
        command = [sys.executable, "-m", "services.cli", "projections", "rebuild", *names]
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "DENTA_DATABASE_URL": self._database_url, "PYTHONPATH": root}
        self._rebuilds.append(subprocess.Popen(bound(command), env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr))

    def lost(self, error: BaseException) -> None:
        LOG.warning("database is away", error=type(error).__name__, sqlstate=sqlstate_of(error))

    def stop(self) -> None:
        """End rebuilds that still run; the next worker begins them again."""
        for process in self._rebuilds:
            process.terminate()
            process.wait()


def follow_the_log(denta: Denta) -> None:
    """Fold events into read models until SIGTERM or SIGINT; meanwhile forget what is kept for a time only, and load files."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker, pruning, imports = Worker(denta.database.url), Pruning(denta), ImportWatch(denta)
    pruning.start()
    imports.start()
    try:
        LiveWorker(denta.database.connect, PROJECTIONS, denta.decoders, told=worker).run(stop)
    finally:
        worker.stop()
        pruning.stop()
        imports.stop()
