"""No stranger can take the server's connections, memory or time from the others: over a real server with small limits."""

import resource
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from time import monotonic, sleep
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.sync.client import connect

from services.api.http import connections
from services.api.http.connections import Limits, proxies
from tests.api.world import eventually, serving

pytestmark = pytest.mark.thorough

SMALL = Limits(
    connections=6,
    of_address=4,
    head=4096,
    head_seconds=0.5,
    body_seconds=0.5,
    body_rate=100_000,
    linger_seconds=0.5,
    write_seconds=0.5,
)
HEAD = b"GET / HTTP/1.1\r\nHost: denta\r\n"
LARGE = 40_000_000
"""Bytes of an answer that no socket's buffers take in."""


async def _hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def _taken(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _untaken(request: Request) -> Response:
    return PlainTextResponse("no", 413)


async def _large(request: Request) -> Response:
    async def pieces() -> Any:
        for _ in range(LARGE // 100_000):
            yield b"x" * 100_000

    return StreamingResponse(pieces())


async def _large_at_once(request: Request) -> Response:
    return Response(b"x" * LARGE)


async def _live(websocket: WebSocket) -> None:
    await websocket.accept()
    if websocket.query_params:
        await websocket.send_bytes(b"x" * LARGE)
    with suppress(WebSocketDisconnect):
        await websocket.receive_text()


APP = Starlette(
    routes=[
        Route("/", _hello),
        Route("/taken", _taken, methods=["POST"]),
        Route("/untaken", _untaken, methods=["POST"]),
        Route("/large", _large),
        Route("/large-at-once", _large_at_once),
        WebSocketRoute("/live", _live),
    ]
)


class Client:
    """A client of a test, from one of the machine's own addresses."""

    def __init__(self, port: int, address: str = "127.0.0.1", *, window: int = 0) -> None:
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.bind((address, 0))
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> bytes:
        """What comes until a pause or the end."""
        found = b""
        try:
            while piece := self.socket.recv(65536):
                found += piece
                self.socket.settimeout(0.2)
        except (TimeoutError, ConnectionResetError):
            return found
        finally:
            self.socket.settimeout(20)
        return found

    def is_served(self) -> bool:
        try:
            self.send(HEAD + b"\r\n")
            found = b""
            while not found.endswith(b"hello") and (piece := self.socket.recv(65536)):
                found += piece
            return found.startswith(b"HTTP/1.1 200 ")
        except (BrokenPipeError, ConnectionResetError):
            return False

    @property
    def has_word(self) -> bool:
        """Whether the server has answered something, or ended the connection."""
        return bool(select.select([self.socket], [], [], 0)[0])

    @property
    def is_cut(self) -> bool:
        """Whether the server has ended the connection."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True
        finally:
            self.socket.settimeout(20)

    def until_cut(self) -> float:
        """Seconds until the server ends it."""
        began = monotonic()
        eventually(lambda: self.is_cut)
        return monotonic() - began


class Door:
    """A server with small limits, and its clients."""

    def __init__(self, origin: str, opened: ExitStack) -> None:
        self.port = int(origin.rpartition(":")[2])
        self._opened = opened

    def client(self, address: str = "127.0.0.1", **more: int) -> Client:
        made = Client(self.port, address, **more)
        self._opened.callback(made.socket.close)
        return made


@contextmanager
def door(limits: Limits = SMALL, **settings: Any) -> Iterator[Door]:
    with serving(APP, limits=limits, **settings) as origin, ExitStack() as opened:
        yield Door(origin, opened)


@pytest.fixture(scope="module")
def roomy() -> Iterator[str]:
    """A server with room enough, and little patience."""
    with serving(APP, limits=replace(SMALL, connections=100, of_address=100)) as origin:
        yield origin


@pytest.fixture
def small(roomy: str) -> Iterator[Door]:
    with ExitStack() as opened:
        yield Door(roomy, opened)


CHUNKED = b"POST /taken HTTP/1.1\r\nHost: denta\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (HEAD + b"X-Endless: ", b"a" * 1000),
        (HEAD + b"X-Whole: " + b"a" * 5000 + b"\r\n\r\n", b""),
        (b"GET /", b"a" * 1000),
        (b"GET / HTTP/1.1\r\n", b"a" * 1000),
        (HEAD, b"a:b\r\n" * 10),
        (CHUNKED + b"0\r\nX-Trailer: ", b"a" * 1000),
        (CHUNKED + b"0\r\n", b"a:b\r\n" * 10),
        (CHUNKED + b"1;", b"a" * 1000),
        (b"", b"\r\n" * 500),
    ],
    ids=["header", "whole", "address", "name", "many headers", "trailer", "many trailers", "chunk's extension", "empty lines"],
)
def test_a_head_without_end_is_refused_and_cut(small: Door, begun: bytes, more: bytes) -> None:
    client = small.client()
    client.send(begun)
    for _ in range(100):
        if not more or client.has_word:
            break
        client.send(more)
        sleep(0.003)
    assert client.answer().startswith(b"HTTP/1.1 431 ")
    assert client.until_cut() < 5


def test_a_head_of_honest_size_is_taken(small: Door) -> None:
    client = small.client()
    client.send(b"GET /?q=" + b"a" * 1000 + b" HTTP/1.1\r\nHost: denta\r\nCookie: " + b"a" * 2000 + b"\r\n\r\n")
    assert client.answer().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "begun", [b"", b"G", HEAD, HEAD + b"X-Slow: a", b"\r\n"], ids=["silent", "a byte", "half", "value", "line"]
)
def test_a_head_that_is_not_completed_in_time_is_cut(small: Door, begun: bytes) -> None:
    client = small.client()
    client.send(begun)
    assert 0.3 < client.until_cut() < 5


def test_a_head_that_drips_is_cut_too_and_so_is_the_second_one(small: Door) -> None:
    client = small.client()
    assert client.is_served()
    began = monotonic()
    for byte in HEAD * 50:
        client.send(bytes([byte]))
        if client.is_cut:
            break
        sleep(0.02)
    assert monotonic() - began < 5


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_cut(small: Door, framing: bytes) -> None:
    client = small.client()
    client.send(b"POST /taken HTTP/1.1\r\nHost: denta\r\n" + framing + b"\r\n\r\n1\r\nx")
    assert 0.3 < client.until_cut() < 5


def test_a_body_that_comes_steadily_may_take_its_time(small: Door) -> None:
    client = small.client()
    client.send(b"POST /taken HTTP/1.1\r\nHost: denta\r\nContent-Length: 200000\r\n\r\n")
    for _ in range(20):  # 0.05 s each: a second in all
        client.send(b"x" * 10_000)
        sleep(0.05)
    assert client.answer().endswith(b"200000")


def test_a_body_that_was_refused_does_not_go_on_for_ever(small: Door) -> None:
    client = small.client()
    client.send(b"POST /untaken HTTP/1.1\r\nHost: denta\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert client.answer().startswith(b"HTTP/1.1 413 ")
    began, piece = monotonic(), b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    with suppress(BrokenPipeError, ConnectionResetError):
        while monotonic() - began < 10:
            client.send(piece)
    assert monotonic() - began < 5


@pytest.mark.parametrize("path", [b"/large", b"/large-at-once"])
def test_an_answer_that_is_not_read_is_cut(small: Door, path: bytes) -> None:
    client = small.client(window=4096)
    client.send(b"GET " + path + b" HTTP/1.1\r\nHost: denta\r\n\r\n")
    eventually(lambda: len(_established(small.port)) == 1)
    eventually(lambda: len(_established(small.port)) == 0)


def test_an_answer_that_is_read_slowly_is_whole(small: Door) -> None:
    client, size = small.client(window=65536), 0
    client.send(b"GET /large HTTP/1.1\r\nHost: denta\r\nConnection: close\r\n\r\n")
    while piece := client.socket.recv(1 << 20):
        size += len(piece)
        if size < 4_000_000:  # two seconds for the first tenth
            sleep(0.01)
    assert size > LARGE


def test_a_socket_that_is_not_read_is_cut_and_a_silent_one_stays(small: Door) -> None:
    with connect(f"ws://127.0.0.1:{small.port}/live", proxy=None) as silent:
        stuck = small.client(window=4096)
        stuck.send(
            b"GET /live?much=1 HTTP/1.1\r\nHost: denta\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        eventually(lambda: len(_established(small.port)) == 2)
        eventually(lambda: len(_established(small.port)) == 1)
        assert silent.ping().wait(5)


def test_who_was_silent_the_longest_gives_the_place_to_a_new_one_of_the_address() -> None:
    with door(replace(SMALL, head_seconds=60)) as made:
        half = [made.client() for _ in range(4)]
        for client in half:
            client.send(HEAD)
        other = made.client("127.0.0.2")
        other.send(HEAD)
        assert made.client().is_served()
        eventually(lambda: half[0].is_cut)
        assert [client.is_cut for client in half[1:]] == [False] * 3
        assert not other.is_cut


def test_however_many_requests_are_begun_the_others_are_served() -> None:
    """Four hundred from one address, and a client of the same address and of another one."""
    with door(replace(SMALL, head_seconds=60, connections=50, of_address=20)) as made:
        half = [made.client() for _ in range(400)]
        for client in half[-20:]:
            client.send(HEAD)
        assert made.client("127.0.0.2").is_served()
        assert made.client().is_served()
        assert sum(not client.is_cut for client in half) <= 20


def test_from_however_many_addresses_they_come_the_others_are_served() -> None:
    with door(replace(SMALL, head_seconds=60)) as made:
        half = [made.client(f"127.0.1.{n + 1}") for n in range(30)]
        assert made.client().is_served()
        assert sum(not client.is_cut for client in half) <= SMALL.connections


def test_work_in_progress_is_never_given_up_and_the_new_one_is_refused() -> None:
    with door() as made, ExitStack() as opened:
        for _ in range(4):
            opened.enter_context(connect(f"ws://127.0.0.1:{made.port}/live", proxy=None))
        refused = made.client()
        assert refused.answer().startswith(b"HTTP/1.1 503 ")
        assert refused.is_cut
        assert made.client("127.0.0.2").is_served()


def test_who_left_makes_room() -> None:
    with door() as made:
        for _ in range(3):
            with ExitStack() as opened:
                for _ in range(4):
                    opened.enter_context(connect(f"ws://127.0.0.1:{made.port}/live", proxy=None))
            eventually(lambda: made.client().is_served())


def test_a_trusted_proxy_is_not_limited_like_a_client() -> None:
    with door(replace(SMALL, of_address=1, head_seconds=60), trusted_proxies="127.0.0.9") as made:
        through = [made.client("127.0.0.9") for _ in range(5)]
        assert all(client.is_served() for client in through)
        assert all(client.is_served() for client in through)


def test_proxies_are_addresses_networks_or_all() -> None:
    known = proxies("10.0.0.1, 192.168.0.0/16,fd00::/8, some-name")
    found = [known(address) for address in ("10.0.0.1", "10.0.0.2", "192.168.7.7", "::ffff:10.0.0.1", "fd12::1", "", "unix:")]
    assert found == [True, False, True, True, True, False, False]
    assert proxies("*")("8.8.8.8")
    assert not proxies("")("127.0.0.1")


def test_a_network_of_ipv6_is_one_client() -> None:
    assert connections.network_of("2001:db8::1") == connections.network_of("2001:db8::ffff:1")
    assert connections.network_of("2001:db8:0:1::1") != connections.network_of("2001:db8::1")
    assert connections.network_of("::ffff:10.0.0.1") == connections.network_of("10.0.0.1")


def test_connections_stay_below_the_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    for limit, most, of_address in (((200, 200), 100, 50), ((512, 512), 312, 156), ((1024, 1_000_000), 1024, 256)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: limit)
        made = connections.for_this_process()
        assert (made.connections, made.of_address) == (most, of_address)
    assert raised == [(65_536, 1_000_000)]


def _established(port: int) -> list[str]:
    """The server's ends of connections that it hasn't given up."""
    with open("/proc/net/tcp") as table:  # noqa: PTH123  no file of a folder
        lines = [line.split() for line in table.readlines()[1:]]
    return [line[2] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"]
