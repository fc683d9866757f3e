"""`denta serve`: database, schema, demonstration, read models and API, in one command that leaves nothing behind.

This process runs the API; the projection worker is its child, the private database server lives as long as anybody uses
it (`gateways/postgres_keeper.py`). Parts that die are started again. When this process is killed, its child dies with it,
and the server notices that its last user is gone and shuts down.
"""

import errno
import fcntl
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Self

import psycopg
import structlog
import uvicorn

from commands.clinic.opening import is_open
from commands.ports.database import DatabaseUnavailable
from services.api.app import create_app
from services.api.http import uvicorn_config
from services.bootstrap import Denta, file_fault, message_log
from services.process import program
from services.process.awaiting import once_there
from services.process.installation import Installation
from services.process.operator_error import OperatorError
from services.process.secret import secret
from services.process.supervision import ChildProcess, FollowedServer
from services.running.first_start import holds_demonstration, load_into_new

LOG = structlog.get_logger("denta.serve")


class StopAsked(BaseException):
    """A signal to stop came while nothing could take notice of it otherwise."""


class Stopping:
    """Signals to stop: an exception while starting, an orderly end of the API while it runs, nothing while all ends already."""

    NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._asked = False

    @contextmanager
    def heard(self) -> Iterator[Self]:
        before = {number: signal.signal(number, self._hear) for number in self.NUMBERS}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def ends(self, server: uvicorn.Server) -> Iterator[None]:
        """Inside, signals end this server."""
        self._server = server
        yield
        self._asked, self._server = True, None

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._server is not None:
            self._server.should_exit = True
        elif not self._asked:
            self._asked = True
            raise StopAsked


class ApiServer(uvicorn.Server):
    """uvicorn that says when it takes requests and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def serve_api(denta: Denta, listener: socket.socket, stopping: Stopping, ready: Callable[[], None] = lambda: None) -> None:
    """Run the API on a bound socket until a signal."""
    app = create_app(denta, metrics_token=secret("DENTA_METRICS_TOKEN") or None)
    server = ApiServer(uvicorn_config.config(app), ready)
    # What is loaded by now stays; walking through it in a full collection held single requests up for 50 ms.
    gc.collect()
    gc.freeze()
    with stopping.ends(server):
        server.run([listener])


def listen(host: str, port: int) -> socket.socket:
    """The port, taken before anything else is started. OperatorError says whose fault it is."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise OperatorError(f"Неизвестный адрес {host}") from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if isinstance(error, PermissionError):
            raise OperatorError(f"Нет права занять порт {port}; укажите другой: --port 8000") from error
        if error.errno == errno.EADDRINUSE:
            raise OperatorError(
                f"Порт {port} занят другой программой; освободите его или укажите другой: --port {port + 1}"
            ) from error
        raise OperatorError(f"Нельзя слушать {host}:{port}: {file_fault(error)}") from error
    return listener


@contextmanager
def sole_server(data: Path) -> Iterator[None]:
    """Be the only `denta serve` of a data folder; the kernel gives the place up however we end."""
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
        with suppress(OSError):  # only tells who it is; where a full disk matters, the database says so better
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def serve(installation: Installation, host: str, port: int, *, demo: bool) -> None:
    """Run until a signal to stop. OperatorError, PrivateServerError."""
    with sole_server(installation.data), listen(host, port) as listener, Stopping().heard() as stopping:
        with suppress(StopAsked):
            _serve(installation, listener, stopping, demo=demo)
        _tell("Denta остановлена")


def _serve(installation: Installation, listener: socket.socket, stopping: Stopping, *, demo: bool) -> None:
    with ExitStack() as parts:
        url = installation.database_url
        server = installation.private_server(_tell)
        if server is not None:
            followed = FollowedServer(server, _tell)
            parts.callback(followed.stop)
            followed.start()
            url = server.database_url()
            if demo:
                load_into_new(server, _load_demonstration)
        denta = Denta.open(url, files=installation.files, message_log=message_log(os.environ))
        parts.callback(denta.close)
        once_there(partial(_prepare, denta), _tell)
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "DENTA_DATABASE_URL": url, "PYTHONPATH": root}
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
        load_demonstration(denta.clinic, denta.clock(), progress=progress)


def address(listener: socket.socket) -> str:
    """Where the API is found."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greet(denta: Denta, listener: socket.socket) -> None:
    _tell(f"Denta работает: {address(listener)}")
    with suppress(DatabaseUnavailable, psycopg.OperationalError):  # it went away just now, which is no reason not to serve
        _tell_how_to_begin(denta)
    _tell("Остановить: Ctrl-C")


def _tell_how_to_begin(denta: Denta) -> None:
    if holds_demonstration(denta.database.url):
        from services.demo.clinic import logins

        for line in logins():
            _tell(line)
    elif not is_open(denta.clinic):
        _tell(f"Клиники в этой базе ещё нет. Завести её: {program.NAME} clinic open; для знакомства: {program.NAME} demo")


def _tell(line: str) -> None:
    with suppress(OSError):  # the terminal may be gone, or the disk full of the file that takes this: serving goes on
        print(line, flush=True)
