"""Metrics for Prometheus. No personal data: routes appear as templates, never as paths or queries.

Held by whoever serves (no module global), so that one process can serve several clinics, each with its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 3, 10)


@dataclass(frozen=True)
class Lag:
    """How far one projection is behind the log."""

    projection: str
    positions: int
    seconds: float
    running: bool


class _Lags(Collector):
    """Lags of the last reading, with the names that are there now."""

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
    """What one serving process counts and measures."""

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
        self._registry.register(self._lags)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).observe(seconds)

    def append(self, seconds: float) -> None:
        self._appends.observe(seconds)

    def sockets(self, count: int) -> None:
        self._sockets.set(count)

    def dropped(self) -> None:
        self._dropped.inc()

    def text(self, lags: Iterable[Lag] | None) -> bytes:
        """The exposition; `lags` None: the database didn't answer."""
        self._lags.lags = tuple(lags or ())
        self._database.set(0 if lags is None else 1)
        return generate_latest(self._registry)
