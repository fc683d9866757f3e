"""A line to PostgreSQL over TCP that can be cut without a word: what is sent is acknowledged and goes no further."""

import select
import socket
import threading
from contextlib import suppress
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

REQUEST, ANSWER = "request", "answer"


class StallingLine:
    """Forwards a port of this machine to a server. `stalled`: which directions are cut, of the connections made so far and,
    unless `only_old`, of new ones too.
    """

    def __init__(self, url: str) -> None:
        parts = conninfo_to_dict(url)
        host, port = str(parts.get("host", "127.0.0.1")), int(str(parts.get("port", 5432)))
        self._target: str | tuple[str, int] = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = make_conninfo(url, host="127.0.0.1", port=self._listener.getsockname()[1], sslmode="disable")
        self._stalled: frozenset[str] = frozenset()
        self._age = 0
        self._newest_stalled = -1
        self._threads = [threading.Thread(target=self._accept)]
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def stall(self, *directions: str, only_old: bool = False) -> None:
        self._newest_stalled = self._age if only_old else 2**31
        self._stalled = frozenset(directions)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._age += 1
            thread = threading.Thread(target=self._forward, args=(client, self._age))
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket, age: int) -> None:
        server = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
        with client, server, suppress(OSError):
            server.connect(self._target)
            while not self._over.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.05)
                for source, sink, direction in ((client, server, REQUEST), (server, client, ANSWER)):
                    if source not in ready:
                        continue
                    data = source.recv(65536)
                    if direction in self._stalled and age <= self._newest_stalled:
                        if not data:  # the end of a connection doesn't come through either
                            while direction in self._stalled and not self._over.wait(0.02):
                                pass
                            return
                        continue
                    if not data:
                        return
                    sink.sendall(data)
