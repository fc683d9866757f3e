"""`denta serve`, and its parts as separate programs: `denta api`, `denta project`, `denta publish`."""

import sys
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

Host = Annotated[str, typer.Option(help="Адрес, на котором слушать.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Порт; 0 — любой свободный.")]
Data = Annotated[Path | None, typer.Option(help="Папка данных; по умолчанию var рядом с программой.")]


def register(app: typer.Typer) -> None:
    @app.command()
    def serve(
        host: Host = "127.0.0.1",
        port: Port = 8000,
        data: Data = None,
        no_demo: Annotated[bool, typer.Option("--no-demo", help="Не загружать демонстрационную клинику.")] = False,
    ) -> None:
        """Запустить всё одной командой: базу данных, проекции, API и сайт."""
        from services.process import logs
        from services.process.installation import Installation
        from services.running.all_in_one import serve as serve_all

        logs.configure("WARNING" if sys.stderr.isatty() else "INFO")
        serve_all(Installation.here(data), host, port, demo=not no_demo)

    @app.command()
    def api(host: Host = "127.0.0.1", port: Port = 8000, data: Data = None) -> None:
        """Только API и сайт."""
        from services.process import logs
        from services.process.installation import Installation
        from services.running.api_server import Stopping, StopRequested, address, listen, serve_api

        logs.configure()
        with ExitStack() as stack:
            listener = stack.enter_context(listen(host, port))
            stopping = stack.enter_context(Stopping().listening())
            stack.enter_context(suppress(StopRequested))
            denta = stack.enter_context(Installation.here(data).denta(_tell, create=True, waits=True))
            ready = partial(print, f"API: {address(listener)}", file=sys.stderr, flush=True)
            serve_api(denta, listener, stopping, ready)

    @app.command()
    def project(data: Data = None) -> None:
        """Только обновление проекций; сколько бы их ни запустили, каждую ведёт один."""
        from services.process import logs
        from services.process.installation import Installation
        from services.running.projection_worker import follow_the_log

        logs.configure()
        with Installation.here(data).denta(_tell, create=True, waits=True) as denta:
            follow_the_log(denta)

    @app.command()
    def publish(data: Data = None) -> None:
        """Только публикация событий в Kafka (DENTA_KAFKA); сколько бы их ни запустили, публикует один."""
        from services.background.runners import WorkRunners
        from services.process import logs
        from services.process.background_thread import run_until_stopped
        from services.process.installation import Installation
        from services.process.operator_error import OperatorError
        from services.registry import work_of

        logs.configure()
        with Installation.here(data).denta(_tell, create=True, waits=True) as denta:
            if denta.message_log is None:
                raise OperatorError("Некуда публиковать: задайте DENTA_KAFKA, например DENTA_KAFKA=kafka:9092.")
            run_until_stopped([WorkRunners(denta, work_of("publish"))])


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
