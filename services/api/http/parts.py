"""What the API of one clinic is made of, put together by `create_app` and reached by routes as `call.parts`."""

from dataclasses import dataclass

from anyio import CapacityLimiter

from services.api.http.heavy_work import Turns
from services.api.http.live import LiveChanges
from services.api.http.principal import Principals
from services.api.http.signing_in import SigningIn
from services.api.http.waiting import Waiting
from services.bootstrap import Denta
from services.process.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class Parts:
    denta: Denta
    principals: Principals
    signing_in: SigningIn
    waiting: Waiting
    live: LiveChanges
    turns: Turns
    command_threads: CapacityLimiter
    """Threads of commands, beside those of questions."""
    metrics: Metrics
    metrics_token: str | None
