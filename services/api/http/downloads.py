"""Answers other than JSON: texts, pictures, files to download."""

from collections.abc import Callable, Mapping
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.api.http.call import Call
from services.api.http.problems import WorkbookTooLarge
from services.excel import workbooks

PDF = "application/pdf"
_NEVER_EXECUTED = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
"""`nosniff` comes from `RequestMiddleware`, for every answer."""
_CACHED_HERE = {"Cache-Control": "private, max-age=600"}


def prometheus(text: bytes) -> Response:
    """Prometheus' text format."""
    return Response(text, 200, media_type="text/plain; version=0.0.4; charset=utf-8")


def picture(content: bytes, media: str) -> Response:
    """A photo, shown by the page and never executed. Only this browser may cache it, for ten minutes."""
    return Response(content, 200, {"Content-Disposition": "inline", **_NEVER_EXECUTED, **_CACHED_HERE}, media)


def workbook(call: Call, job: workbooks.Job, name: str) -> Response:
    """A file from a separate process, which ends if the client disconnects; on routes of heavy work. Raises WorkbookTooLarge."""
    try:
        return _file(call, lambda target: workbooks.make(job, call.denta, target, call.work.ending), name)
    except workbooks.TooLarge as error:
        raise WorkbookTooLarge(minutes=workbooks.SECONDS // 60) from error


def paper(call: Call, html: str, name: str) -> Response:
    """A PDF made of HTML, shown in the browser; on routes of heavy work. `name`: of the file, without its ending.

    PrintingUnavailable, PaperTooLarge.
    """
    return shown_paper(call.denta.paper_press.pdf(html, call.work.ending), name)


def shown_paper(content: bytes, name: str) -> Response:
    """A PDF, as `paper` answers."""
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}.pdf",
        "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }  # browsers show it by a page of their own, which has a style
    return Response(content, 200, headers, PDF)


def attachment(content: bytes, name: str, media: str) -> Response:
    """A file to download, never shown. `name`: with its ending; any characters."""
    return Response(content, 200, {"Content-Disposition": _attached(name), **_NEVER_EXECUTED}, media)


def stored_attachment(content: BinaryIO, name: str, media: str) -> Response:
    """The same of an open file, which is sent piece by piece and closed. Its address never gets another content: this browser
    alone may cache it, for ten minutes.
    """
    return DownloadResponse(content, name, media, {**_NEVER_EXECUTED, **_CACHED_HERE})


def _attached(name: str) -> str:
    plain = name.isascii() and name.isprintable() and not set(name) & set('"\\')
    named = f'filename="{name}"' if plain else f"filename*=UTF-8''{quote(name)}"
    return f"attachment; {named}"


def _file(call: Call, write: Callable[[BinaryIO], None], name: str) -> Response:
    """The output of `write` as a file, which may be too large for the memory."""
    file = TemporaryFile()  # noqa: SIM115  closed after it is sent, or below on an error
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    return DownloadResponse(file, name, call.scope["route"].declared.media)


class DownloadResponse(StreamingResponse):
    """A file to download, sent in chunks and always closed."""

    def __init__(self, file: BinaryIO, name: str, media: str, headers: Mapping[str, str] | None = None) -> None:
        self._file = file
        size = file.seek(0, 2)
        file.seek(0)
        own = {"Content-Disposition": _attached(name), "Content-Length": str(size)}
        super().__init__(iter(partial(file.read, 1 << 18), b""), 200, {**own, **(headers or {})}, media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()
