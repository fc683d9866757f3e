"""A few of S3's questions answered from memory, so that a broker that keeps its log there may be killed and started again."""

import threading
import time
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class ObjectStore(ThreadingHTTPServer):
    """One bucket of objects, at a port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.objects: dict[str, tuple[bytes, str, float]] = {}
        """Name → content, tag, when."""
        self.lock = threading.Lock()
        self.changes = 0
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def environment(self) -> dict[str, str]:
        """For clients of S3."""
        address = f"http://127.0.0.1:{self.server_port}"
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        return {"AWS_ENDPOINT": address, "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true", **keys}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A client that was killed is none."""


class _Answer(BaseHTTPRequestHandler):
    server: ObjectStore
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    @property
    def _name(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        store, only_if = self.server, self.headers.get("If-Match")
        with store.lock:
            there = store.objects.get(self._name)
            if (there is not None and self.headers.get("If-None-Match") == "*") or (
                only_if is not None and (there is None or there[1] != only_if)
            ):
                return self._answer(412)
            store.changes += 1
            tag = f'"{sha256(content).hexdigest()[:32]}-{store.changes}"'
            store.objects[self._name] = (content, tag, time.time())
        return self._answer(200, ETag=tag)

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            return self._list(asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0], asked.get("start-after", [""])[0])
        with self.server.lock:
            there = self.server.objects.get(self._name)
        if there is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        content, tag, moment = there
        if self.headers.get("If-None-Match") == tag:
            return self._answer(304, ETag=tag)
        facts = {"ETag": tag, "Last-Modified": formatdate(moment, usegmt=True)}
        if found := self.headers.get("Range"):
            first, _, last = found.removeprefix("bytes=").partition("-")
            part = content[int(first) : int(last) + 1 if last else None]
            facts["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
            return self._answer(206, part, **facts)
        return self._answer(200, content, **facts)

    do_HEAD = do_GET  # noqa: N815  the library's name

    def do_DELETE(self) -> None:
        with self.server.lock:
            self.server.objects.pop(self._name, None)
        self._answer(204)

    def _list(self, prefix: str, delimiter: str, after: str) -> None:
        with self.server.lock:
            found = sorted(
                (name, there) for name, there in self.server.objects.items() if name.startswith(prefix) and name > after
            )
        entries, folders = [], set()
        for name, (content, tag, moment) in found:
            rest = name.removeprefix(prefix)
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
                continue
            changed = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(moment))
            entries.append(
                f"<Contents><Key>{escape(name)}</Key><LastModified>{changed}</LastModified><ETag>{escape(tag)}</ETag>"
                f"<Size>{len(content)}</Size></Contents>"
            )
        entries += [f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in sorted(folders)]
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(entries)}</ListBucketResult>"
        self._answer(200, body.encode())

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
