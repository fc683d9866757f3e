"""A line that can die as real ones do: packets go nowhere, and nobody closes anything."""

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import urlsplit

CHUNK = 65536
TICK = 0.05


@dataclass
class Line:
    """A TCP proxy before a server. `address`: where browsers find it."""

    address: str
    _dead: list[Event] = field(default_factory=list)
    _swallows: Event = field(default_factory=Event)

    def die(self, *, for_newcomers: bool = False) -> None:
        """All connections that there are stay open and carry nothing from now on; those to come too, until `heal`."""
        for dead in self._dead:
            dead.set()
        if for_newcomers:
            self._swallows.set()

    def heal(self) -> None:
        """New connections carry again; what is dead stays dead."""
        for dead in self._dead:
            dead.set()
        self._swallows.clear()

    def _carried(self) -> Event:
        dead = Event()
        if self._swallows.is_set():
            dead.set()
        self._dead.append(dead)
        return dead


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """A line to the server at this address."""
    target = (urlsplit(server).hostname or "", urlsplit(server).port or 80)
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(TICK)
        line = Line(f"http://127.0.0.1:{door.getsockname()[1]}")
        threads: list[Thread] = []

        def accept() -> None:
            while not stop.is_set():
                with suppress(TimeoutError):
                    client, _ = door.accept()
                    threads.append(Thread(target=_carry, args=(client, target, line._carried(), stop)))
                    threads[-1].start()

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield line
        finally:
            stop.set()
            accepting.join()
            for thread in threads:
                thread.join()


def _carry(client: socket.socket, target: tuple[str, int], dead: Event, stop: Event) -> None:
    """Both ways, until one side closes; once dead nothing is read, written or closed before the end."""
    with client, socket.create_connection(target) as server:
        ways = {client: server, server: client}
        while not stop.is_set():
            if dead.is_set():
                stop.wait()
                return
            readable, _, _ = select.select(list(ways), [], [], TICK)
            for side in readable:
                try:
                    chunk = side.recv(CHUNK)
                    if not chunk:
                        return
                    if not dead.is_set():
                        ways[side].sendall(chunk)
                except OSError:
                    return
