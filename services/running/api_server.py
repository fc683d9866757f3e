"""Runs the API in this process: signals to stop, the port, uvicorn until a signal."""

import errno
import gc
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

import uvicorn

from services.api.app import create_app
from services.api.http import uvicorn_config
from services.bootstrap import Denta, file_fault
from services.process.operator_error import OperatorError
from services.process.secret import secret


class StopRequested(BaseException):
    """A signal to stop arrived before the server runs."""


class Stopping:
    """Signals to stop: raise StopRequested while starting, end the API while it runs, and are ignored afterwards."""

    NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._asked = False

    @contextmanager
    def listening(self) -> Iterator[Self]:
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
            raise StopRequested


class ApiServer(uvicorn.Server):
    """uvicorn that reports when it accepts requests, and leaves signals to us."""

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
    # What is loaded by now is never freed; scanning it in a full collection delayed single requests by 50 ms.
    gc.collect()
    gc.freeze()
    with stopping.ends(server):
        server.run([listener])


def listen(host: str, port: int) -> socket.socket:
    """The bound port, before anything else is started. Raises OperatorError with the reason."""
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


def address(listener: socket.socket) -> str:
    """The API's URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
