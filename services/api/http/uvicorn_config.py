"""How the web server around the application is set."""

import os

import uvicorn
from starlette.types import ASGIApp

from services.api.http import connections
from services.api.http.connections import Limits

GRACE_SECONDS = 5
"""Requests and sockets that are still open after this are cut when the server stops."""
MOST_HEARD = 1024
"""Bytes of a message from a browser's socket, which has nothing to say."""


def config(app: ASGIApp, *, trusted_proxies: str | None = None, limits: Limits | None = None) -> uvicorn.Config:
    """Settings of uvicorn for Denta.

    trusted_proxies: addresses, separated by commas, whose `X-Forwarded-For` and `-Proto` are believed; without them those
    of the setting DENTA_TRUSTED_PROXIES. A request that comes by TLS to a trusted proxy gets a `Secure` cookie.
    limits: of the connections; without them what this process can have.
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
        ws_max_size=MOST_HEARD,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
    )
