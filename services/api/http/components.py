"""What the API of one clinic is made of, put together by `create_app` and reached by routes as `call.components`."""

from dataclasses import dataclass

from anyio import CapacityLimiter

from services.api.http.authentication import Authentication
from services.api.http.heavy_work import WorkQueues
from services.api.http.live import LiveChanges
from services.api.http.principal import Principals
from services.api.http.read_your_writes import ReadYourWrites
from services.bootstrap import Denta
from services.process.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class Components:
    denta: Denta
    principals: Principals
    authentication: Authentication
    read_your_writes: ReadYourWrites
    live: LiveChanges
    work_queues: WorkQueues
    command_threads: CapacityLimiter
    """Threads of commands, beside those of questions."""
    metrics: Metrics
    metrics_token: str | None
