"""The user interface: the built files of `web/dist`, and the page at every other path.

Mantine writes `<style>` elements, so the page carries a nonce, a new one in every answer (`web/src/lib/styleNonce.ts`); style
attributes are set by script, which the policy allows. There is no inline script, and nothing comes from another host.
"""

import mimetypes
import secrets
from pathlib import Path, PurePosixPath

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

NONCE = "__CSP_NONCE__"
"""The placeholder for the nonce in the built page."""
NOT_BUILT = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Denta</title>
<h1>Интерфейс ещё не собран</h1><p>Сервер Denta работает, но файлов интерфейса нет. Выполните в папке программы
<code>make run</code> и обновите страницу.</p></html>"""
NO_CACHE = {"cache-control": "no-cache"}
BUILT_ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content encodings, the smallest first, and the file endings that the build gives them (`web/vite.config.ts`)."""
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Website:
    """An ASGI application that serves one folder."""

    path = "website"
    """Its name in logs and metrics."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["path"].startswith("/api/") or scope["path"] == "/api":
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        scope["route"] = self
        await self._answer(scope["path"], Headers(scope=scope).get("accept-encoding", ""))(scope, receive, send)

    def _answer(self, path: str, encodings: str) -> Response:
        file = self._file(path)
        if file is not None:
            return self._asset(file, encodings) if path.startswith("/assets/") else FileResponse(file, headers=NO_CACHE)
        if PurePosixPath(path).suffix:
            raise HTTPException(404)
        return self._page()

    def _asset(self, file: Path, encodings: str) -> Response:
        """A file whose name contains its content's hash, in the smallest encoding that was built and the browser accepts."""
        headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
        accepted = {word.strip() for word in encodings.lower().split(",")}  # "gzip;q=0" is not among them
        for encoding, ending in BUILT_ENCODINGS.items():
            if encoding in accepted and (built := file.with_name(file.name + ending)).is_file():
                media = mimetypes.guess_type(file.name)[0]
                return FileResponse(built, headers={**headers, "content-encoding": encoding}, media_type=media)
        return FileResponse(file, headers=headers)

    def _file(self, path: str) -> Path | None:
        """The built file of this path; None if the folder has none."""
        if "\x00" in path or path in {"/", "/index.html"}:
            return None
        try:
            file = (self._folder / path.lstrip("/")).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except (OSError, ValueError):
            return None

    def _page(self) -> Response:
        try:
            page = (self._folder / "index.html").read_text(encoding="utf-8")
        except OSError:
            return HTMLResponse(NOT_BUILT, 503, {"cache-control": "no-store"})
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(
            page.replace(NONCE, nonce),
            headers={**NO_CACHE, "content-security-policy": _POLICY.format(nonce=nonce)},
        )
