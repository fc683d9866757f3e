"""The state of background work, for the terminal, /ready and /metrics."""

from collections.abc import Sequence

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from commands.ports.background_work import WorkState
from projections import positions
from services.background.declaration import Follower, Work
from services.background.runners import WORK_LOCK
from services.bootstrap import Denta


class WorkReport(msgspec.Struct, frozen=True):
    """One work: its row, and values derived from it.

    lag           events not handled yet; `lag_seconds`: the age of the oldest one.
    """

    name: str
    state: WorkState | None
    """None if it has never run."""
    enabled: bool = True
    """By the settings of this process; another one may have what the work needs."""
    led: bool = False
    """A process leads it and has been active within seconds."""
    lag: int = 0
    lag_seconds: float = 0.0

    @property
    def condition(self) -> str:
        """disabled, new, running, not_led, waiting, retrying, stopped, outdated"""
        if self.state is not None and (self.led or self.state.status == "stopped"):
            return self.state.status
        if not self.enabled:
            return "disabled"
        return "new" if self.state is None else "not_led"


LAGS = """
with log as (select coalesce(max(position), 0) as head from events)
select name, greatest(head - w.position, 0), coalesce(extract(epoch from clock_timestamp() - e.recorded_at), 0)::double precision
from background_work w cross join log left join events e on e.position = w.position + 1 where w.position is not null
"""


def read(denta: Denta, connection: Connection[TupleRow], works: Sequence[Work]) -> list[WorkReport]:
    """The reports of all declared work, by a few index look-ups."""
    states = denta.background_work.states()
    lags = {name: (lag, seconds) for name, lag, seconds in connection.execute(LAGS).fetchall()}
    names = [work.name for work in works]
    led = positions.locked(connection, WORK_LOCK, names)
    led -= positions.silent_leaders(connection, sorted(led), WORK_LOCK).keys()
    return [
        WorkReport(
            work.name,
            states.get(work.name),
            not isinstance(work, Follower) or work.enabled(denta),
            work.name in led,
            *lags.get(work.name, (0, 0.0)),
        )
        for work in works
    ]
