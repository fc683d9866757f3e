"""A process of its own for tests that kill: `python -m tests.services.follower_process URL [pause]`.

Its follower writes each position that it handles as a line, and then takes its time.
"""

import signal
import sys
import threading
import time

from services.background.declaration import Delivery, Follower
from services.background.runners import WorkRunners
from services.process import logs
from tests.projections.toy import Box
from tests.services.following import toy_denta


def main(url: str, pause: float) -> None:
    logs.configure()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def write(delivery: Delivery) -> None:
        for one in delivery.events:
            print(one.envelope.position, one.key, flush=True)  # noqa: T201  the test reads it
        time.sleep(pause)

    denta = toy_denta(url)
    works = WorkRunners(denta, [Follower("writer", (Box.Made,), write, batch=3, begins="first")])
    works.start()
    stop.wait()
    works.stop()
    denta.close()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
