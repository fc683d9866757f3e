"""Metrics for Prometheus. No personal data: routes appear as templates, never as paths or queries.

Not a module global, so that one process can serve several clinics, each with its own metrics.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 3, 10)


@dataclass(frozen=True)
class Lag:
    """How far one projection is behind the log."""

    projection: str
    positions: int
    seconds: float
    running: bool


@dataclass(frozen=True)
class WorkMeasured:
    """One background work by its row in the database: totals over all processes and all time."""

    name: str
    running: bool
    lag: int
    lag_seconds: float
    position: int
    batches: int
    events: int
    failures: int


class _Work(Collector):
    """Background work at the last reading."""

    def __init__(self) -> None:
        self.works: tuple[WorkMeasured, ...] = ()

    def collect(self) -> Iterable[Any]:
        gauges = (
            ("running", "1 while it runs, 0 while it waits, fails, has stopped or has no leader.", "running"),
            ("lag_events", "Positions of the log that a follower hasn't handled.", "lag"),
            ("lag_seconds", "Age of the oldest of them.", "lag_seconds"),
            ("position", "Of the last event that a follower has handled.", "position"),
        )
        counters = (
            ("batches", "Deliveries of events, or runs with something to do.", "batches"),
            ("events", "Events handled; of a job, things done.", "events"),
            ("failures", "Attempts that failed.", "failures"),
        )
        for name, text, field in gauges:
            yield self._filled(GaugeMetricFamily(f"denta_work_{name}", text, labels=["work"]), field)
        for name, text, field in counters:
            yield self._filled(CounterMetricFamily(f"denta_work_{name}", text, labels=["work"]), field)

    def _filled(self, family: Any, field: str) -> Any:
        for work in self.works:
            family.add_metric([work.name], float(getattr(work, field)))
        return family


class _Lags(Collector):
    """Projections' lags at the last reading."""

    def __init__(self) -> None:
        self.lags: tuple[Lag, ...] = ()

    def collect(self) -> Iterable[Any]:
        behind = GaugeMetricFamily("denta_projection_lag_positions", "Positions behind the log.", labels=["projection"])
        seconds = GaugeMetricFamily(
            "denta_projection_lag_seconds", "Age of the oldest position not shown.", labels=["projection"]
        )
        running = GaugeMetricFamily("denta_projection_running", "1 while it runs, 0 after a failure.", labels=["projection"])
        for lag in self.lags:
            behind.add_metric([lag.projection], lag.positions)
            seconds.add_metric([lag.projection], lag.seconds)
            running.add_metric([lag.projection], int(lag.running))
        return behind, seconds, running


class Metrics:
    """The metrics of one serving process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "denta_http_request_seconds",
            "Time from the request's head to the last byte of the answer.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._appends = Histogram(
            "denta_append_seconds", "Time of one save to the log.", buckets=SECONDS, registry=self._registry
        )
        self._sockets = Gauge("denta_live_sockets", "Open sockets for live changes.", registry=self._registry)
        self._dropped = Counter(
            "denta_live_dropped", "Sockets closed because the client read too slowly.", registry=self._registry
        )
        self._database = Gauge("denta_database_up", "1 while the database answers.", registry=self._registry)
        self._lags = _Lags()
        self._work = _Work()
        self._registry.register(self._lags)
        self._registry.register(self._work)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).observe(seconds)

    def append(self, seconds: float) -> None:
        self._appends.observe(seconds)

    def sockets(self, count: int) -> None:
        self._sockets.set(count)

    def dropped(self) -> None:
        self._dropped.inc()

    def text(self, lags: Iterable[Lag] | None, works: Iterable[WorkMeasured] = ()) -> bytes:
        """The metrics in Prometheus' text format; `lags` None: the database didn't answer."""
        self._work.works = tuple(works)
        self._lags.lags = tuple(lags or ())
        self._database.set(0 if lags is None else 1)
        return generate_latest(self._registry)
