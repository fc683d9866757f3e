"""The user interface: the built files of `web/dist`, and the page itself under every address that isn't a file.

Mantine writes `<style>` elements, so the page carries a nonce, new in every answer (`web/src/lib/styleNonce.ts`); style
attributes are set by script, which the policy doesn't touch. Nothing is inline, nothing comes from another host.
"""

import secrets
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

NONCE = "__CSP_NONCE__"
"""Stands in the built page wherever the nonce belongs."""
NOT_BUILT = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Denta</title>
<h1>Интерфейс ещё не собран</h1><p>Сервер Denta работает, но файлов интерфейса нет. Выполните в папке программы
<code>make run</code> или <code>make web</code> и обновите страницу.</p></html>"""
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
        await self._answer(scope["path"])(scope, receive, send)

    def _answer(self, path: str) -> Response:
        file = self._file(path)
        if file is not None:
            kept = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
            return FileResponse(file, headers={"cache-control": kept})
        if PurePosixPath(path).suffix:
            raise HTTPException(404)
        return self._page()

    def _file(self, path: str) -> Path | None:
        """The built file of this path; None where there is none inside the folder."""
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
            headers={"cache-control": "no-cache", "content-security-policy": _POLICY.format(nonce=nonce)},
        )
