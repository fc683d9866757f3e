"""Configuration of uvicorn, the web server around the application."""

import os

import uvicorn
from starlette.types import ASGIApp

from services.api.http import connections
from services.api.http.connections import Limits

GRACE_SECONDS = 5
"""Seconds after which requests and sockets that are still open are cut when the server stops."""
MAX_MESSAGE = 1024
"""Bytes of a message from a browser's socket; browsers send none."""


def config(app: ASGIApp, *, trusted_proxies: str | None = None, limits: Limits | None = None) -> uvicorn.Config:
    """Uvicorn's configuration for Denta.

    trusted_proxies: addresses, separated by commas, whose `X-Forwarded-For` and `-Proto` are trusted; by default those of
    the setting DENTA_TRUSTED_PROXIES. A request that comes by TLS to a trusted proxy gets a `Secure` cookie.
    limits: of connections; by default what this process may open.
    """
    trusted = os.environ.get("DENTA_TRUSTED_PROXIES", "") if trusted_proxies is None else trusted_proxies
    http, websocket = connections.protocols(limits or connections.for_this_process(), trusted)
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=http,
        ws=websocket,
        lifespan="on",
        access_log=False,  # it writes query strings, in which people search for names
        log_config=None,
        log_level="warning",
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        server_header=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
    )
