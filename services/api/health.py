"""For monitoring: liveness, readiness, metrics."""

import hmac
from typing import Any, Literal

from psycopg.errors import UndefinedTable

from commands.ports.database import DatabaseUnavailable
from projections import status
from services.api.http.call import Call
from services.api.http.downloads import prometheus
from services.api.http.problems import MetricsTokenRequired
from services.api.http.routes import Public, Routes
from services.api.schemas import Schema
from services.background import status as background
from services.process.metrics import Lag, WorkMeasured
from services.registry import WORK

routes = Routes("health")
LATE_SECONDS = 10.0
"""A projection that lacks older events counts as late."""


class Health(Schema):
    status: Literal["ok"]


class ProjectionReady(Schema):
    """`behind`: positions of the log that are not yet in the read model."""

    name: str
    status: str
    behind: int


class WorkReady(Schema):
    """Background work. `behind`: positions of the log that a follower hasn't handled yet; 0 for a job."""

    name: str
    status: Literal["disabled", "new", "running", "not_led", "waiting", "retrying", "stopped", "outdated"]
    behind: int


class Ready(Schema):
    status: Literal["ready", "not_ready"]
    database: bool
    projections: list[ProjectionReady]
    work: list[WorkReady]


@routes.get("/health", Public, answer=Health)
async def health(call: Call) -> Any:
    """The process answers, even when every thread is busy."""
    return call.answer({"status": "ok"})


@routes.get("/ready", Public, answer=Ready, also={503: Ready})
def ready(call: Call) -> Any:
    """200 if the database answers and every projection runs, has a leader and isn't late; otherwise 503 with the same body.

    Background work that has stopped is listed, without effect on the status.
    """
    found, work = _statuses(call), _work(call)
    shown = [{"name": one.name, "status": _readiness(one), "behind": one.lag} for one in found or ()]
    is_ready = bool(found) and all(one["status"] == "running" for one in shown)
    response = call.answer(
        {
            "status": "ready" if is_ready else "not_ready",
            "database": found is not None,
            "projections": shown,
            "work": [{"name": one.name, "status": one.condition, "behind": one.lag} for one in work],
        }
    )
    if not is_ready:
        response.status_code = 503
    return response


@routes.get("/metrics", Public, answer=str, media="text/plain", refusals=(403,))
def metrics(call: Call) -> Any:
    """Metrics for Prometheus, with the token of the setting DENTA_METRICS_TOKEN.

    A request's address proves nothing: requests through a proxy on this machine come from this machine too.
    """
    token: str | None = call.components.metrics_token
    given = call.headers.get("authorization", "").removeprefix("Bearer ").encode("latin-1", "replace")
    if not token or not hmac.compare_digest(given, token.encode()):
        raise MetricsTokenRequired
    found = _statuses(call)
    lags = None if found is None else [Lag(one.name, one.lag, one.lag_seconds, one.status == "running") for one in found]
    return prometheus(call.components.metrics.text(lags, map(_work_measured, _work(call))))


def _readiness(one: status.Status) -> str:
    """running, failed, not_led or late; a projection that is being rebuilt isn't counted as late."""
    if one.status != "running":
        return one.status
    if not one.led:
        return "not_led"
    return "late" if one.lag_seconds > LATE_SECONDS and one.rebuilding is None else "running"


def _statuses(call: Call) -> list[status.Status] | None:
    """All projections' states, [] if no worker has ever run; None if the database doesn't answer."""
    try:
        with call.reading() as conn:
            return status.read(conn)
    except DatabaseUnavailable:
        return None
    except UndefinedTable:
        return []


def _work(call: Call) -> list[background.WorkReport]:
    """All background work's states; [] if the database doesn't answer."""
    try:
        with call.reading() as conn:
            return background.read(call.denta, conn, WORK)
    except DatabaseUnavailable:
        return []


def _work_measured(one: background.WorkReport) -> WorkMeasured:
    state = one.state
    return WorkMeasured(
        one.name,
        one.condition == "running",
        one.lag,
        one.lag_seconds,
        *((state.position or 0, state.batches, state.events, state.failures) if state else (0, 0, 0, 0)),
    )
