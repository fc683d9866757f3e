"""A connection to PostgreSQL that can be cut at a chosen moment: before a request arrives, or before its answer does."""

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class LossyConnection:
    """Forwards a unix socket to a server. `cut` says at what the next connection is lost: "request" or "answer"."""

    def __init__(self, url: str, folder: Path) -> None:
        parts = conninfo_to_dict(url)
        host, port = str(parts.get("host", "127.0.0.1")), int(str(parts.get("port", 5432)))
        self._target: str | tuple[str, int] = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
        self.url = make_conninfo(url, host=str(folder), port=5432, sslmode="disable")
        self.cut = ""
        self.cuts = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._forward, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
        # either side may have gone in the very moment of a message: the server in an outage, the client because of it
        with client, server, suppress(ConnectionError):
            server.connect(self._target)
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for source, sink, what in ((client, server, "request"), (server, client, "answer")):
                    if source not in ready:
                        continue
                    data = source.recv(65536)
                    if data and self.cut == what:
                        self.cut = ""
                        self.cuts += 1
                        return
                    if not data:
                        return
                    sink.sendall(data)
