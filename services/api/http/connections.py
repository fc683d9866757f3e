"""Connections to the web server, so bounded that no stranger can take them all: how many, how slow, how long a head.

uvicorn waits for ever for the rest of a request and for a client to read its answer, and httptools puts a header value of
any length together. Here each connection has a seat. A client that owes something (the rest of a head or body, its next
request, reading of the answer) for too long is cut; when an address or the whole server has no seat left, the one that was
silent the longest gives its place to the new one, so that an honest client, who is silent for milliseconds, always gets in.
"""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any, ClassVar, Literal, cast

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

log = structlog.get_logger("denta.connections")

OF_A_HEADER = 32
"""Bytes that a header counts beyond its name and value, so that very many short ones are too long too (as in HTTP/2)."""
MOST_FILES = 65_536
OTHER_FILES = 200
"""Open files that the process needs for anything else than connections of clients."""
TELL_EVERY = 10.0
"""Seconds between two lines of the log about refused connections."""


@dataclass(frozen=True)
class Limits:
    """Of the connections of one server. Sizes in bytes, times in seconds."""

    connections: int = 1024
    of_address: int = 256
    """Of one address, or of one /64 network of IPv6. An office behind one address has its place in it; proxies aren't limited."""
    head: int = 32_768
    """Address and headers of a request."""
    head_seconds: float = 10.0
    body_seconds: float = 15.0
    body_rate: int = 2048
    """A body of n bytes may take `body_seconds` + n / `body_rate`."""
    linger_seconds: float = 5.0
    """For a body to go on after it was refused, so that the client reads why."""
    write_seconds: float = 30.0
    write: int = 32_768
    """Within `write_seconds` a client has to read so much of an answer, or the rest of it."""

    @property
    def look_every(self) -> float:
        return min(1.0, self.head_seconds / 4)


def for_this_process() -> Limits:
    """The limits, with as many open files as the system lets us have, and connections that leave enough for the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft == resource.RLIM_INFINITY:
        return Limits()
    most = min(Limits.connections, max(soft - OTHER_FILES, soft // 2))
    return Limits(connections=most, of_address=min(Limits.of_address, max(1, most // 2)))


class Seat:
    """The place of one connection."""

    def __init__(self, transport: asyncio.Transport, rows: "tuple[_Row, ...]") -> None:
        self.transport = transport
        self._rows = rows
        for row in rows:
            row.seats.add(self)

    def owes(self, does: bool) -> None:
        """Whether it is the client's turn; if so, it was heard of just now."""
        for row in self._rows:
            row.silent.pop(self, None)
            if does:
                row.silent[self] = None

    def leave(self) -> None:
        for row in self._rows:
            row.seats.discard(self)
            row.silent.pop(self, None)


@dataclass
class _Row:
    """Seats that share a limit. `silent`: those whose clients owe something, the longest silent first."""

    most: int
    seats: set[Seat] = field(default_factory=set)
    silent: dict[Seat, None] = field(default_factory=dict)

    def has_room(self) -> bool:
        """Whether there is a seat, perhaps now taken from who was silent the longest."""
        while len(self.seats) >= self.most:
            seat = next(iter(self.silent), None)
            if seat is None:
                return False
            seat.leave()
            seat.transport.abort()
        return True


class Connections:
    """All connections of one server; used on its event loop alone."""

    def __init__(self, limits: Limits, is_proxy: Callable[[str], bool]) -> None:
        self.limits = limits
        self._is_proxy = is_proxy
        self._all = _Row(limits.connections)
        self._of_address: dict[str, _Row] = {}
        self._refused = 0
        self._told_at = 0.0

    def seat(self, transport: asyncio.Transport) -> Seat | None:
        """A place for a new connection; None where there is none."""
        peer = transport.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else ""
        rows = [self._all]
        if address and not self._is_proxy(address):
            rows.append(self._row(network_of(address)))
        if all(row.has_room() for row in reversed(rows)):
            return Seat(transport, tuple(rows))
        self._refused += 1
        if monotonic() - self._told_at > TELL_EVERY:
            log.warning("no connection is free", refused=self._refused, open=len(self._all.seats))
            self._told_at, self._refused = monotonic(), 0
        return None

    def _row(self, address: str) -> _Row:
        if len(self._of_address) > 2 * self.limits.connections:
            self._of_address = {key: row for key, row in self._of_address.items() if row.seats}
        return self._of_address.setdefault(address, _Row(self.limits.of_address))


def proxies(trusted: str) -> Callable[[str], bool]:
    """Whether an address is a proxy's, by a list of addresses and networks, or "*" for all."""
    words = [word for part in trusted.split(",") if (word := part.strip())]
    if "*" in words:
        return lambda _: True
    networks = []
    for word in words:
        try:
            networks.append(ip_network(word, strict=False))
        except ValueError:  # a name, such as of a unix socket: it has no address to be limited by
            continue

    def is_proxy(address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(found in network for network in networks)

    return is_proxy


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def network_of(address: str) -> str:
    """Whom an address belongs to: of IPv6 everybody has a whole network of 64 bits."""
    found = _parsed(address)
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found or address)


class _Unread:
    """How a client reads what it is sent: whether it stands still for too long."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._most, self._since = 0, now

    def is_stuck(self, transport: asyncio.Transport, now: float) -> bool:
        unread = transport.get_write_buffer_size()
        if unread == 0 or unread <= self._most - self._limits.write or self._most == 0:
            self._most, self._since = unread, now
        return unread > 0 and now - self._since > self._limits.write_seconds

    def went_on(self, now: float) -> None:
        """All but a little of what waited is read."""
        self._most, self._since = 0, now


class _TooLong(Exception):
    """A head that is longer than may be."""


class LimitedHttp(HttpToolsProtocol):
    """uvicorn's HTTP with a seat."""

    door: ClassVar[Connections]

    seat: Seat | None = None
    _look_again: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._stage: Literal["idle", "head", "body", "drain"] = "head"
        self._since = self.loop.time()
        self._head = self._received = self._unseen = 0
        self._unread = _Unread(self.door.limits, self._since)
        self.seat = self.door.seat(transport)
        if self.seat is None:
            transport.write(STATUS_LINE[503] + b"retry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            transport.close()
        self._settle()
        self._look_again = self.loop.call_later(self.door.limits.look_every, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._get_up()
        if self.seat is not None:
            self.seat.leave()

    def data_received(self, data: bytes) -> None:
        if self._stage == "idle":
            self._stage, self._since = "head", self.loop.time()
        self._unseen += len(data)
        self._received += len(data)
        super().data_received(data)
        if self._unseen > self.door.limits.head and not self.transport.is_closing():
            self._head = self._unseen
            self.send_400_response("")
        self._settle()

    def send_400_response(self, msg: str) -> None:
        """Also of a head that is too long."""
        if self._head <= self.door.limits.head:
            super().send_400_response(msg)
        elif not self.transport.is_closing():
            self.transport.write(STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._stage, self._since = "head", self.loop.time()
        self._head = self._unseen = 0

    def on_url(self, url: bytes) -> None:
        self._take(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Also of a trailer, which comes after the body."""
        self._take(len(name) + len(value) + OF_A_HEADER)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._unseen = 0
        self._stage, self._since, self._received = "body", self.loop.time(), 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unseen = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unseen = 0
        self._stage = "idle"
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self._stage == "body":
            self._stage = "drain"
        self._since = self.loop.time()
        super().on_response_complete()
        self._settle()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._settle()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread.went_on(self.loop.time())
        self._settle()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self._get_up()
        socket = self.transport.get_protocol()
        if isinstance(socket, LimitedWebSocket) and self.seat is not None:
            self.seat.owes(False)
            socket.take(self.seat, self.door.limits)
            self.seat = None

    def _get_up(self) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
            self._look_again = None

    def _take(self, size: int) -> None:
        self._unseen = 0
        self._head += size
        if self._head > self.door.limits.head:
            raise _TooLong

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _settle(self) -> None:
        """Note whose turn it is."""
        if self.seat is not None:
            works = self._is_answering and not self.cycle.more_body and not self.flow.write_paused
            self.seat.owes(not works)

    def _look(self) -> None:
        now = self.loop.time()
        if self._is_late(now) or self._unread.is_stuck(self.transport, now):
            self.transport.abort()
            return
        self._look_again = self.loop.call_later(self.door.limits.look_every, self._look)

    def _is_late(self, now: float) -> bool:
        limits, took = self.door.limits, now - self._since
        match self._stage:
            case "head":
                return not self._is_answering and took > limits.head_seconds
            case "body" if self.flow.read_paused:  # it is us who don't take it
                self._since += limits.look_every
                return False
            case "body":
                return took > limits.body_seconds + self._received / limits.body_rate
            case "drain":
                return took > limits.linger_seconds
            case _:
                return False


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket on the seat of the request that it began as."""

    _seat: Seat | None = None
    _look_again: asyncio.TimerHandle | None = None

    def take(self, seat: Seat, limits: Limits) -> None:
        self._seat = seat
        self._limits = limits
        self._unread = _Unread(limits, self.loop.time())
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._look_again is not None:
            self._look_again.cancel()
        if self._seat is not None:
            self._seat.leave()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread.went_on(self.loop.time())

    def _look(self) -> None:
        if self._unread.is_stuck(self.transport, self.loop.time()):
            self.transport.abort()
            return
        self._look_again = self.loop.call_later(self._limits.look_every, self._look)


def protocols(limits: Limits, trusted: str) -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """Classes of HTTP and WebSocket for uvicorn: of one server with these limits."""
    connections = Connections(limits, proxies(trusted))
    http: Any = type("Http", (LimitedHttp,), {"door": connections})
    return cast("type[asyncio.Protocol]", http), cast("type[asyncio.Protocol]", LimitedWebSocket)
