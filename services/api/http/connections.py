"""Limits on connections, so that no stranger can use them all: their number, their slowness, the size of a head.

uvicorn waits forever for the rest of a request and for a client to read its answer, and httptools accepts header values of any
length. Here each connection has a slot. A client whose turn it is (to send the rest of a head or body, or its next request, or to
length. Here each connection has a slot. A client whose turn it is (to send the rest of a request or the next one, or to
the longest loses its slot to the new one: a legitimate client is silent for milliseconds only, so it always gets in.
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
"""Bytes that each header counts in addition to its name and value, so that many short ones hit the limit too (as in HTTP/2)."""
MOST_FILES = 65_536
OTHER_FILES = 200
"""Open files that the process needs for other things than clients' connections."""
LOG_INTERVAL = 10.0
"""Seconds between two log lines about refused connections."""


@dataclass(frozen=True)
class Limits:
    """Limits of one server's connections. Sizes in bytes, times in seconds."""

    connections: int = 1024
    of_address: int = 256
    """Per address, or per /64 network of IPv6. Enough for an office behind one address; proxies aren't limited."""
    head: int = 32_768
    """Request line and headers."""
    head_seconds: float = 10.0
    body_seconds: float = 15.0
    body_rate: int = 2048
    """A body of n bytes may take `body_seconds` + n / `body_rate`."""
    linger_seconds: float = 5.0
    """How long a refused body may continue, so that the client can read the refusal."""
    write_seconds: float = 30.0
    write: int = 32_768
    """How much of an answer, or its whole rest, a client must read within `write_seconds`."""

    @property
    def check_interval(self) -> float:
        return min(1.0, self.head_seconds / 4)


def for_this_process() -> Limits:
    """The limits that fit this process: raises its limit of open files as far as allowed, and leaves files for other things."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    desired = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < desired:
        resource.setrlimit(resource.RLIMIT_NOFILE, (desired, hard))
        soft = desired
    if soft == resource.RLIM_INFINITY:
        return Limits()
    maximum = min(Limits.connections, max(soft - OTHER_FILES, soft // 2))
    return Limits(connections=maximum, of_address=min(Limits.of_address, max(1, maximum // 2)))


class Slot:
    """The slot of one connection."""

    def __init__(self, transport: asyncio.Transport, groups: "tuple[_SlotGroup, ...]") -> None:
        self.transport = transport
        self._groups = groups
        for group in groups:
            group.slots.add(self)

    def set_client_turn(self, is_turn: bool) -> None:
        """Note whether it is the client's turn; it counts as silent from now on."""
        for group in self._groups:
            group.silent.pop(self, None)
            if is_turn:
                group.silent[self] = None

    def leave(self) -> None:
        for group in self._groups:
            group.slots.discard(self)
            group.silent.pop(self, None)


@dataclass
class _SlotGroup:
    """Slots that share a limit. `silent`: those whose client is to act, the longest silent first."""

    maximum: int
    slots: set[Slot] = field(default_factory=set)
    silent: dict[Slot, None] = field(default_factory=dict)

    def has_room(self) -> bool:
        """Whether there is a free slot, if necessary taken from the client that has been silent the longest."""
        while len(self.slots) >= self.maximum:
            slot = next(iter(self.silent), None)
            if slot is None:
                return False
            slot.leave()
            slot.transport.abort()
        return True


class Connections:
    """All connections of one server; used on its event loop alone."""

    def __init__(self, limits: Limits, is_proxy: Callable[[str], bool]) -> None:
        self.limits = limits
        self._is_proxy = is_proxy
        self._all = _SlotGroup(limits.connections)
        self._of_address: dict[str, _SlotGroup] = {}
        self._refused = 0
        self._logged_at = 0.0

    def slot(self, transport: asyncio.Transport) -> Slot | None:
        """A slot for a new connection; None if there is none."""
        peer = transport.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else ""
        groups = [self._all]
        if address and not self._is_proxy(address):
            groups.append(self._group(network_of(address)))
        if all(group.has_room() for group in reversed(groups)):
            return Slot(transport, tuple(groups))
        self._refused += 1
        if monotonic() - self._logged_at > LOG_INTERVAL:
            log.warning("no connection is free", refused=self._refused, open=len(self._all.slots))
            self._logged_at, self._refused = monotonic(), 0
        return None

    def _group(self, address: str) -> _SlotGroup:
        if len(self._of_address) > 2 * self.limits.connections:
            self._of_address = {key: group for key, group in self._of_address.items() if group.slots}
        return self._of_address.setdefault(address, _SlotGroup(self.limits.of_address))


def proxies(trusted: str) -> Callable[[str], bool]:
    """A test whether an address is a proxy's, by a list of addresses and networks, or "*" for all."""
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
    """The network that is limited as one client: of IPv6 a /64, which every customer has."""
    found = _parsed(address)
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found or address)


class _ReadProgress:
    """A client's progress in reading its answer."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._most, self._since = 0, now

    def is_stuck(self, transport: asyncio.Transport, now: float) -> bool:
        unread = transport.get_write_buffer_size()
        if unread == 0 or unread <= self._most - self._limits.write or self._most == 0:
            self._most, self._since = unread, now
        return unread > 0 and now - self._since > self._limits.write_seconds

    def progressed(self, now: float) -> None:
        """The client has read nearly everything."""
        self._most, self._since = 0, now


class _TooLong(Exception):
    """A head over the limit."""


class LimitedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a slot and time limits."""

    all_connections: ClassVar[Connections]

    slot: Slot | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._stage: Literal["idle", "head", "body", "drain"] = "head"
        self._since = self.loop.time()
        self._head = self._received = self._unseen = 0
        self._progress = _ReadProgress(self.all_connections.limits, self._since)
        self.slot = self.all_connections.slot(transport)
        if self.slot is None:
            transport.write(STATUS_LINE[503] + b"retry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            transport.close()
        self._update_turn()
        self._timer = self.loop.call_later(self.all_connections.limits.check_interval, self._check_timeouts)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_timer()
        if self.slot is not None:
            self.slot.leave()

    def data_received(self, data: bytes) -> None:
        if self._stage == "idle":
            self._stage, self._since = "head", self.loop.time()
        self._unseen += len(data)
        self._received += len(data)
        super().data_received(data)
        if self._unseen > self.all_connections.limits.head and not self.transport.is_closing():
            self._head = self._unseen
            self.send_400_response("")
        self._update_turn()

    def send_400_response(self, msg: str) -> None:
        """Answers 431 for a head that is too long."""
        if self._head <= self.all_connections.limits.head:
            super().send_400_response(msg)
        elif not self.transport.is_closing():
            self.transport.write(STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._stage, self._since = "head", self.loop.time()
        self._head = self._unseen = 0

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called for trailers too, which come after the body."""
        self._count_head(len(name) + len(value) + OF_A_HEADER)
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
        self._update_turn()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._update_turn()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._progress.progressed(self.loop.time())
        self._update_turn()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self._stop_timer()
        socket = self.transport.get_protocol()
        if isinstance(socket, LimitedWebSocket) and self.slot is not None:
            self.slot.set_client_turn(False)
            socket.take(self.slot, self.all_connections.limits)
            self.slot = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _count_head(self, size: int) -> None:
        self._unseen = 0
        self._head += size
        if self._head > self.all_connections.limits.head:
            raise _TooLong

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _update_turn(self) -> None:
        """Note whether it is the client's turn."""
        if self.slot is not None:
            works = self._is_answering and not self.cycle.more_body and not self.flow.write_paused
            self.slot.set_client_turn(not works)

    def _check_timeouts(self) -> None:
        now = self.loop.time()
        if self._is_late(now) or self._progress.is_stuck(self.transport, now):
            self.transport.abort()
            return
        self._timer = self.loop.call_later(self.all_connections.limits.check_interval, self._check_timeouts)

    def _is_late(self, now: float) -> bool:
        limits, took = self.all_connections.limits, now - self._since
        match self._stage:
            case "head":
                return not self._is_answering and took > limits.head_seconds
            case "body" if self.flow.read_paused:  # we are the ones who don't read
                self._since += limits.check_interval
                return False
            case "body":
                return took > limits.body_seconds + self._received / limits.body_rate
            case "drain":
                return took > limits.linger_seconds
            case _:
                return False


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol; it takes over the slot of its HTTP request."""

    _slot: Slot | None = None
    _timer: asyncio.TimerHandle | None = None

    def take(self, slot: Slot, limits: Limits) -> None:
        self._slot = slot
        self._limits = limits
        self._progress = _ReadProgress(limits, self.loop.time())
        self._check_timeouts()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._timer is not None:
            self._timer.cancel()
        if self._slot is not None:
            self._slot.leave()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._progress.progressed(self.loop.time())

    def _check_timeouts(self) -> None:
        if self._progress.is_stuck(self.transport, self.loop.time()):
            self.transport.abort()
            return
        self._timer = self.loop.call_later(self._limits.check_interval, self._check_timeouts)


def protocols(limits: Limits, trusted: str) -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """The protocol classes for uvicorn, HTTP and WebSocket, of one server with these limits."""
    connections = Connections(limits, proxies(trusted))
    http: Any = type("Http", (LimitedHttp,), {"all_connections": connections})
    return cast("type[asyncio.Protocol]", http), cast("type[asyncio.Protocol]", LimitedWebSocket)
