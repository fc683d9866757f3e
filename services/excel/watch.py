"""The job of looking out for uploaded files: a process is started for them, and another when that one was killed.

A process of its own: reading a large file neither holds others up nor leaves its memory behind, and a file that somehow
breaks the process breaks nothing else.
"""

import os
import sys
from pathlib import Path
from threading import Event as Flag

from services.bootstrap import Denta
from services.process.supervision import run_child


class LoadingBrokeOffError(Exception):
    """The process has ended and left the loading where it was."""


def load_uploaded(denta: Denta, stopping: Flag) -> int:
    """Work on the files that wait, if there are some: 1, else 0. LoadingBrokeOffError, DatabaseUnavailable."""
    before = denta.import_jobs.waiting()
    if before is None:
        return 0
    root = str(Path(__file__).resolve().parent.parent.parent)
    environment = {**os.environ, "DENTA_DATABASE_URL": denta.database.url, "PYTHONPATH": root}
    run_child([sys.executable, "-m", "services.cli", "excel", "load"], environment, stopping)
    after = denta.import_jobs.waiting()
    if after is not None and (after.id, after.state) == (before.id, before.state) and not stopping.is_set():
        raise LoadingBrokeOffError
    return 1
