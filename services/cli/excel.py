"""`denta excel`: works on uploaded files; started by `denta project` when there are some."""

import signal
import threading

import typer


def register(app: typer.Typer) -> None:
    excel = typer.Typer(help="Загрузка из MS Excel.", no_args_is_help=True)
    excel.callback()(lambda: None)
    excel.command("load")(load)
    app.add_typer(excel, name="excel")


def load() -> None:
    """Проверить и загрузить файлы, которые ждут этого."""
    from services.excel.loading import work
    from services.process import logs
    from services.process.installation import Installation

    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Installation.here().denta() as denta:
        work(denta, stop.is_set)
