"""`denta` with a clock so many seconds ahead: `python -m tests.browser.shifted_denta SECONDS api …`."""

import sys
from datetime import datetime, timedelta
from functools import partial

from services.bootstrap import Denta, utc_now
from services.cli import __main__ as cli

AHEAD = timedelta(seconds=float(sys.argv.pop(1)))


def shifted_now() -> datetime:
    return utc_now() + AHEAD


if __name__ == "__main__":
    Denta.open = partial(Denta.open, clock=shifted_now)  # type: ignore[method-assign]  # every Denta of this process
    cli.main()
