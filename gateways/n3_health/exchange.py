"""One request and its answer over HTTP: a connection of its own, a limit of time over all of it, and whether all was sent."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx2

from gateways.n3_health.contract import Operation
from gateways.n3_health.envelope import Envelope
from gateways.n3_health.xml_answer import AnswerReader, Element, UnreadableAnswer


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, of silence, and of one exchange altogether, since an answer may trickle."""

    connect: float = 10.0
    silence: float = 60.0
    whole: float = 120.0
    """Without the time to send the request."""
    slowest: float = 50_000.0
    """Bytes a second of a line on which a request is still sent."""

    def exchange(self, size: int) -> float:
        """The limit for a request of so many bytes."""
        return self.whole + size / self.slowest


class NoAnswer(Exception):
    """`all_sent`: whether the service may have received the whole request."""

    def __init__(self, reason: str, *, all_sent: bool) -> None:
        super().__init__(reason)
        self.all_sent = all_sent


@dataclass(frozen=True)
class Answer:
    status: int
    root: Element | None
    """None if the body isn't XML that we read."""


class _Body:
    """The envelope, and whether its last part was handed over."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self.all_sent = False

    def __iter__(self) -> Iterator[bytes]:
        *_, last = range(len(self._envelope.pieces))
        for index, piece in enumerate(self._envelope.pieces):
            parts = [piece] if isinstance(piece, bytes) else piece.parts()
            self.all_sent = index == last
            yield from parts


def http_client(patience: Patience) -> httpx2.Client:
    """No connection is used twice: one that the service closes meanwhile would leave in doubt whether a request was taken."""
    timeout = httpx2.Timeout(patience.silence, connect=patience.connect)
    return httpx2.Client(timeout=timeout, limits=httpx2.Limits(max_keepalive_connections=0), follow_redirects=False)


def exchange(
    client: httpx2.Client, address: str, operation: Operation, envelope: Envelope, *, secret: str, patience: Patience
) -> Answer:
    """Raises NoAnswer."""
    body = _Body(envelope)
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{operation.action}"',
        "Content-Length": str(envelope.size),
        "Accept": "text/xml",
        "Accept-Encoding": "identity",  # a packed answer could unpack to any size
        "Connection": "close",
    }
    with _limit(patience.exchange(envelope.size)) as trace:
        try:
            with client.stream(
                "POST", f"{address}/{operation.service}", content=body, headers=headers, extensions={"trace": trace}
            ) as response:
                return Answer(response.status_code, _read(response, secret))
        except httpx2.HTTPError as error:
            raise NoAnswer(type(error).__name__, all_sent=body.all_sent) from None  # its request holds personal data


def _read(response: httpx2.Response, secret: str) -> Element | None:
    """Of the bytes as they came: what is packed all the same isn't XML."""
    reader = AnswerReader(secret)
    try:
        for part in response.iter_raw():
            reader.feed(part)
        return reader.root()
    except UnreadableAnswer:
        return None


class _Connections:
    """The sockets of one exchange, as the transport opens them."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._over = False
        self._lock = threading.Lock()

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                over = self._over
            if over:
                self.end()

    def end(self) -> None:
        """Whatever is being sent or received fails."""
        with self._lock:
            self._over = True
            if self._socket is not None:
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not SSLSocket's, which another thread is using


@contextmanager
def _limit(seconds: float) -> Iterator[_Connections]:
    """Hears of connections, and ends them when the time is over."""
    connections = _Connections()
    timer = threading.Timer(seconds, connections.end)
    timer.daemon = True
    timer.start()
    try:
        yield connections
    finally:
        timer.cancel()
