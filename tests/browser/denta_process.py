"""One program of Denta as a process forked off one that has imported this file, and with it all that the programs need."""

import os
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import services.background.runners
import services.registry
import services.running.api_server
import services.running.projection_worker  # noqa: F401  imported for what they import, before the programs are forked
from services.api.app import create_app
from services.bootstrap import Denta, utc_now
from services.cli import __main__ as cli

ROOT = Path(__file__).parent.parent.parent
create_app(Denta.open(""), metrics_token=None)  # what pydantic derives from the routes is known to all that are forked off


def run(arguments: list[str], environment: dict[str, str], log: Path, ahead: timedelta) -> None:
    """`denta` with these arguments, its clock ahead by so much."""
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["denta", *arguments]
    opened = partial(Denta.open, clock=lambda: utc_now() + ahead, stands_back=False)  # its workbooks starve beside busy tests
    Denta.open = opened  # type: ignore[method-assign]  # every Denta of this process
    cli.main()
