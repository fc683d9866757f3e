"""`denta serve`: database, schema, demonstration, read models and API, in one command that stops all of it at its end.

This process runs the API; the projection worker is its child, the private database server lives as long as anybody uses
it (`gateways/postgres_keeper.py`). Parts that die are started again. When this process is killed, its child dies with it,
and the server notices that its last user is gone and shuts down.
"""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import structlog

from commands.clinic.opening import is_open
from commands.ports.database import DatabaseUnavailable
from services.bootstrap import Denta, file_fault, message_log
from services.process.database_wait import wait_for_database
from services.process.installation import Installation
from services.process.operator_error import OperatorError
from services.process.program_name import PROGRAM
from services.process.supervision import ChildProcess, SupervisedServer
from services.running.api_server import Stopping, StopRequested, address, listen, serve_api
from services.running.first_start import holds_demonstration, load_into_new
from services.test_servers.register_beside import RegisterBeside

LOG = structlog.get_logger("denta.serve")


@contextmanager
def sole_server(data: Path) -> Iterator[None]:
    """Be the only `denta serve` of a data folder; the kernel releases the lock however we end."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(data / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OperatorError(f"Папка данных {data} недоступна: {file_fault(error)}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 100, 0).decode(errors="replace").strip()
            raise OperatorError(f"Denta уже запущена в этой папке ({data}): процесс {holder or 'неизвестен'}") from None
        os.truncate(handle, 0)
        with suppress(OSError):  # only for the message above; the database reports a full disk itself
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def serve(installation: Installation, host: str, port: int, *, demo: bool) -> None:
    """Run until a signal to stop. Raises OperatorError, PrivateServerError."""
    with sole_server(installation.data), listen(host, port) as listener, Stopping().listening() as stopping:
        with suppress(StopRequested):
            _serve(installation, listener, stopping, demo=demo)
        _tell("Denta остановлена")


def _serve(installation: Installation, listener: socket.socket, stopping: Stopping, *, demo: bool) -> None:
    with ExitStack() as parts:
        url = installation.database_url
        server = installation.private_server(_tell)
        if server is not None:
            followed = SupervisedServer(server, _tell)
            parts.callback(followed.stop)
            followed.start()
            url = server.database_url()
            if demo:
                load_into_new(server, installation.files, _load_demonstration)
        denta = Denta.open(url, files=installation.files, message_log=message_log(os.environ))
        parts.callback(denta.close)
        wait_for_database(partial(_prepare, denta), _tell)
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "DENTA_DATABASE_URL": url, "PYTHONPATH": root}
        if demo and "DENTA_FISCAL" not in os.environ and holds_demonstration(url):
            test_register = RegisterBeside(installation.data / "test-register.jsonl")
            register = ChildProcess("test-register", test_register.command, environment)
            parts.callback(register.stop)
            register.start()
            environment |= test_register.settings
            _tell(f"Тестовая касса: {test_register.address}")
        for part in ("project", "publish") if denta.message_log else ("project",):
            child = ChildProcess(part, [sys.executable, "-m", "services.cli", part], environment)
            parts.callback(child.stop)
            child.start()
        parts.callback(_tell, "Останавливается…")
        serve_api(denta, listener, stopping, ready=lambda: _greet(denta, listener))


def _prepare(denta: Denta) -> None:
    """Tables of the log and of the read models, so that the first request finds them."""
    from projections import positions
    from projections.registry import PROJECTIONS

    denta.prepare_schema()
    with denta.database.connect() as connection:
        positions.prepare(connection, PROJECTIONS)


def _load_demonstration(denta: Denta) -> None:
    from services.demo.clinic import load_demonstration
    from services.process.progress_bar import progress_bar

    with progress_bar("Демонстрационная клиника") as progress:
        load_demonstration(denta.clinic, denta.clock(), files=denta.files, progress=progress)


def _greet(denta: Denta, listener: socket.socket) -> None:
    _tell(f"Denta работает: {address(listener)}")
    with suppress(
        DatabaseUnavailable, psycopg.OperationalError
    ):  # the database is unavailable just now, which is no reason not to serve
        _print_first_steps(denta)
    _tell("Остановить: Ctrl-C")


def _print_first_steps(denta: Denta) -> None:
    if holds_demonstration(denta.database.url):
        from services.demo.clinic import logins

        for line in logins():
            _tell(line)
    elif not is_open(denta.clinic):
        _tell(f"Клиники в этой базе ещё нет. Завести её: {PROGRAM} clinic open; для знакомства: {PROGRAM} demo")


def _tell(line: str) -> None:
    with suppress(OSError):  # the terminal may be closed, or the output's disk full
        print(line, flush=True)
