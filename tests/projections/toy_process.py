"""A process of its own for tests that kill: `python -m tests.projections.toy_process worker|rebuild URL`."""

import signal
import sys
import threading
import time
from collections.abc import Sequence

from projections.live import LiveWorker, WorkerListener
from projections.rebuild import Progress
from tests.projections.toy import ALL, DECODERS
from tests.projections.toy_log import Log


class PrintingListener(WorkerListener):
    def leads(self, names: Sequence[str]) -> None:
        print("leads", *names, flush=True)  # noqa: T201  the test reads it


def work(log: Log) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("started", flush=True)  # noqa: T201  the test reads it
    LiveWorker(log.connect, ALL, DECODERS, listener=PrintingListener()).run(stop)


def rebuild(log: Log) -> None:
    """Stops for good in the middle of the fold, children and all, until a Ctrl-C, also where tests run in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def report(progress: Progress) -> None:
        if progress.stage == "fold" and progress.done > 0:
            print("folding", flush=True)  # noqa: T201  the test reads it
            while True:
                time.sleep(0.05)  # not signal.pause(): a Ctrl-C in the moment before it would be slept through

    log.rebuilder(report=report, processes=2).rebuild([ALL[0]])


if __name__ == "__main__":
    {"worker": work, "rebuild": rebuild}[sys.argv[1]](Log(sys.argv[2]))
