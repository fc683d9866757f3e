"""All events of the log up to a position, folded into shadow tables: in this process, or by shards in several."""

import contextlib
import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

import psycopg

from aggregates.kernel import Decoders
from projections.declaration import Projection
from projections.failure import FoldFailed
from projections.live import Connect
from projections.reader import EventSelection, Shard, stream
from projections.shadow import ShadowRows, take_chunk


@dataclass(frozen=True)
class LogFold:
    """`tables`: what the shadow tables are called, by the names of the tables. Shards have streams of their own, so that they
    need nothing of each other where every row is made of one stream.
    """

    connect: Connect
    decoders: Decoders
    selected: Sequence[Projection[Any]]
    tables: Mapping[str, str]
    selection: EventSelection
    until: int
    rows_in_memory: int

    def run(self, processes: int, on_progress: Callable[[int], None]) -> None:
        """Fold them all; `on_progress` gets the position reached. `processes` share the log where all read models allow it.

        FoldFailed.
        """
        shards = processes if all(p.one_stream for p in self.selected) else 1
        if shards > 1 and self.until > 0:
            self._in_processes(shards, on_progress)
        else:
            self._fold(Shard(0, 1), on_progress)

    def _fold(self, shard: Shard, on_progress: Callable[[int], None]) -> None:
        with self.connect() as reading, self.connect() as writing, _without_garbage_collection():
            reading.autocommit, writing.autocommit = False, True
            reading.execute("set local idle_in_transaction_session_timeout = 0")  # reading pauses while rows are written
            writing.execute("set synchronous_commit = off")
            most = self.rows_in_memory // shard.of
            shadows = [ShadowRows(p, self.tables[p.name], writing, most=most) for p in self.selected]
            without_envelope = all(p.without_envelope for p in self.selected)
            for rows in stream(reading, self.selection, self.decoders, self.until, shard, without_envelope=without_envelope):
                take_chunk(rows, self.decoders, shadows)
                for shadow in shadows:
                    shadow.pause()
                on_progress(rows[-1][0])
            for shadow in shadows:
                shadow.finish()

    def _in_processes(self, count: int, on_progress: Callable[[int], None]) -> None:
        """Fold with one process per shard. They are forked, so that folds needn't be picklable; each opens its own
        connections.
        """
        context = multiprocessing.get_context("fork")
        parent = os.getpid()
        workers = []
        for number in range(count):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=self._run_shard, args=(there, parent, Shard(number, count)), daemon=True)
            process.start()
            there.close()
            workers.append((process, here))
        reached = [0] * count
        waiting = {here: number for number, (_, here) in enumerate(workers)}
        try:
            while waiting:
                for ready in multiprocessing.connection.wait(list(waiting), timeout=1.0):
                    number = waiting[ready]  # type: ignore[index]  # wait() gives back what it was given
                    try:
                        news = workers[number][1].recv()
                    except EOFError:
                        raise RuntimeError(f"process {number} of the rebuild died") from None
                    if isinstance(news, FoldFailed | psycopg.Error):
                        raise news
                    if news is None:
                        del waiting[workers[number][1]]
                        reached[number] = self.until
                    else:
                        reached[number] = news
                    on_progress(sum(reached) // count)
        finally:
            for process, here in workers:
                here.close()
                if process.is_alive() and waiting:
                    process.terminate()
                process.join()

    def _run_shard(self, pipe: Pipe, parent: int, shard: Shard) -> None:
        """Main function of a child process; it ends if its parent has ended."""

        def on_progress(position: int) -> None:
            if os.getppid() != parent:
                raise SystemExit(1)
            pipe.send(position)

        try:
            self._fold(shard, on_progress)
            pipe.send(None)
        except (FoldFailed, psycopg.Error) as failure:
            pipe.send(failure)
        except (KeyboardInterrupt, BrokenPipeError):
            raise SystemExit(1) from None


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch off the search for cycles: rows and events have none, and searching millions of them takes longer than folding."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
