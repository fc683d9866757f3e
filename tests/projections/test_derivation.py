"""Derived rows: balances that follow from notes in the order of their days, live and rebuilt."""

import itertools
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections import positions, status
from projections.declaration import Projection
from projections.derivation import Derivation, TableNames
from projections.failure import DerivationFailed
from projections.positions import REBUILD_LOCK
from projections.rebuild import BusyError, Progress, SwapRefusedError
from readmodels.table import Table
from tests.depth import examples
from tests.projections.comparing import live_and_rebuilt_differ
from tests.projections.folding import fold_all
from tests.projections.toy import BALANCES, DECODERS, NOTES, BalanceRow, Note, NoteRow, fill_balances, notes, update_balances
from tests.projections.toy_log import Log, running, until

FIRST = date(2026, 11, 1)
PROJECTION = notes()
PLAIN = replace(PROJECTION, derivation=None)
"""As older code declares it: without derived rows."""


class Ledger(NamedTuple):
    """Writes notes on days of November into a log."""

    log: Log
    numbers: Iterator[int]

    def write(self, account: str, day: int, amount: int) -> UUID:
        note_id = uuid4()
        self.append(self.written(note_id, account, day, amount))
        return note_id

    def many(self, count: int) -> None:
        self.append(*(self.written(uuid4(), "abc"[n % 3], 1 + n * 7 % 28, n % 11 - 3) for n in range(count)))

    def change(self, note_id: UUID, account: str, day: int, amount: int) -> int:
        return self.append((note_id, Note.Changed, {"account": account, "day": on(day), "amount": amount}))

    def tear_up(self, note_id: UUID) -> int:
        return self.append((note_id, Note.Torn, {}))

    def written(self, note_id: UUID, account: str, day: int, amount: int) -> tuple[UUID, type[Note.Written], dict[str, Any]]:
        facts = {"number": next(self.numbers), "account": account, "day": on(day), "amount": amount}
        return note_id, Note.Written, facts

    def append(self, *facts: Any) -> int:
        return self.log.append(*facts)

    @property
    def caught_up(self) -> bool:
        return self.log.caught_up([PROJECTION])

    def account(self, name: str) -> list[tuple[int, int]]:
        """(day, balance) after each note of an account."""
        rows = [row for row in BALANCES.all_rows(self.log.connection) if row.account == name]
        return [(row.day.day, row.balance) for row in sorted(rows, key=lambda row: (row.day, row.number))]

    def wrong(self, tables: TableNames = TableNames("notes", "balances")) -> list[str]:
        """Derived rows that aren't what follows from the source, computed plainly."""
        expected = {}
        total: dict[str, int] = {}
        for row in sorted(NOTES.all_rows(self.log.connection, tables.source), key=lambda row: (row.day, row.number)):
            total[row.account] = total.get(row.account, 0) + row.amount
            expected[row.note_id] = BalanceRow(row.note_id, row.number, row.account, row.day, total[row.account])
        found = {row.note_id: row for row in BALANCES.all_rows(self.log.connection, tables.derived)}
        return [
            f"{found.get(i)} instead of {expected.get(i)}" for i in found.keys() | expected if found.get(i) != expected.get(i)
        ]

    @property
    def status(self) -> status.Status:
        (one,) = (one for one in status.read(self.log.connection) if one.name == "notes")
        return one

    def tables(self) -> set[str]:
        query = "select relname from pg_class where relkind = 'r' and relname ~ '^(notes|balances)'"
        return {name for (name,) in self.log.connection.execute(query).fetchall()}


def on(day: int) -> date:
    return FIRST + timedelta(days=day - 1)


@pytest.fixture(scope="module")
def module_log(module_database_url: str) -> Iterator[Log]:
    made = Log(module_database_url)
    made.connection.execute("drop trigger events_stay on events")  # so that each test begins with an empty log
    yield made
    made.connection.close()


@pytest.fixture
def ledger(module_log: Log) -> Ledger:
    return empty(module_log)


def empty(log: Log) -> Ledger:
    """An empty log and empty read models, in the module's database."""
    log.connection.execute("truncate events; delete from projections where name = 'notes'")
    positions.prepare(log.connection, [PROJECTION])
    return Ledger(log, itertools.count(1))


# --- live ------------------------------------------------------------------------------------------------------------------


def test_what_happens_in_the_past_changes_what_is_derived_for_later(ledger: Ledger) -> None:
    with running(ledger.log, [PROJECTION]):
        first, second = ledger.write("cash", 5, 100), ledger.write("cash", 20, -30)
        bank = ledger.write("bank", 7, 500)
        until(lambda: ledger.caught_up)
        assert ledger.account("cash") == [(5, 100), (20, 70)]
        third = ledger.write("cash", 10, 7)
        until(lambda: ledger.caught_up)
        assert ledger.account("cash") == [(5, 100), (10, 107), (20, 77)], "dated before what was written earlier"
        ledger.change(second, "cash", 1, -30)
        until(lambda: ledger.caught_up)
        assert ledger.account("cash") == [(1, -30), (5, 70), (10, 77)]
        ledger.change(first, "bank", 9, 100)
        until(lambda: ledger.caught_up)
        assert (ledger.account("cash"), ledger.account("bank")) == ([(1, -30), (10, -23)], [(7, 500), (9, 600)])
        ledger.append((bank, Note.Torn, {}), (third, Note.Torn, {}))
        until(lambda: ledger.caught_up)
        assert (ledger.account("cash"), ledger.account("bank")) == ([(1, -30)], [(9, 100)])


def test_readers_see_rows_position_and_derived_rows_together(ledger: Ledger) -> None:
    """And notices name the rows of the source."""
    query = (
        "select position, (select count(*) from notes), (select count(*) from balances), "
        "(select coalesce(sum(amount), 0) from notes), "
        "(select coalesce((select balance from balances order by day desc, number desc limit 1), 0)) "
        "from projections where name = 'notes'"
    )
    with running(ledger.log, [PROJECTION]), ledger.log.connect() as looking:
        looking.execute("listen denta_rows")
        for number in range(40):
            last = ledger.write("cash", 28 - number % 20, 1)
            seen = looking.execute(query).fetchone()
            assert seen is not None
            assert len(set(seen)) == 1, "one event, one row, one ruble"
        until(lambda: ledger.caught_up)
        for notice in looking.notifies(timeout=20):
            if json.loads(notice.payload)["position"] == 40:
                break
        assert str(last) in json.loads(notice.payload)["keys"]


def test_many_events_are_one_batch(ledger: Ledger) -> None:
    ledger.many(3000)
    batches: list[int] = []

    def update(connection: Connection[Any], tables: TableNames, upserts: Sequence[NoteRow], deletes: Sequence[UUID]) -> None:
        batches.append(len(upserts))
        update_balances(connection, tables, upserts, deletes)

    with running(ledger.log, [notes(update=update)]):
        until(lambda: ledger.caught_up)
    assert batches == [3000]
    assert not ledger.wrong()


class Refusal:
    """Refuses what is derived from amounts of 13, in one of two ways, until it is mended."""

    def __init__(self, log: Log, by: str) -> None:
        self._log, self._by, self.mended = log, by, False
        if by == "database":
            log.connection.execute("alter table balances add constraint no_thirteen check (balance <> 13)")

    def __call__(
        self, connection: Connection[Any], tables: TableNames, upserts: Sequence[NoteRow], deletes: Sequence[UUID]
    ) -> None:
        update_balances(connection, tables, upserts, deletes)
        if self._by == "code" and not self.mended and any(row.amount == 13 for row in upserts):
            raise LookupError("Иванов gave 13")

    def mend(self) -> None:
        self.mended = True
        self._log.connection.execute("alter table balances drop constraint if exists no_thirteen")
        positions.resume(self._log.connection, ["notes"])


@pytest.mark.spec("OPS-3")
@pytest.mark.parametrize(("by", "reason"), [("code", "LookupError: … gave 13"), ("database", "CheckViolation: 23514")])
def test_rows_that_cant_be_derived_stop_the_projection_just_before_their_event(ledger: Ledger, by: str, reason: str) -> None:
    """Nothing of the event is left, neither in the derived table nor in the source."""
    refusal = Refusal(ledger.log, by)
    for account, amount in (("a", 1), ("b", 2), ("c", 13), ("d", 4)):
        ledger.write(account, 1, amount)
    with running(ledger.log, [notes(update=refusal)]) as listener:
        until(lambda: listener.failures)
        stopped = ledger.status
        assert (stopped.status, stopped.position, stopped.failed_position, stopped.failed_topic) == (
            "failed", 2, 3, "note.written.1",
        )  # fmt: skip
        assert stopped.error is not None
        assert stopped.error.startswith(reason)
        assert "Иванов" not in stopped.error
        assert {row.account for row in NOTES.all_rows(ledger.log.connection)} == {"a", "b"}
        assert not ledger.wrong()
        refusal.mend()
        until(lambda: ledger.caught_up)
        assert {row.account for row in NOTES.all_rows(ledger.log.connection)} == {"a", "b", "c", "d"}
        assert not ledger.wrong()


def test_a_passing_error_of_the_database_stops_nothing(ledger: Ledger) -> None:
    attempts: list[int] = []

    def update(connection: Connection[Any], tables: TableNames, upserts: Sequence[NoteRow], deletes: Sequence[UUID]) -> None:
        update_balances(connection, tables, upserts, deletes)
        attempts.append(len(upserts))
        if len(attempts) == 1:
            raise psycopg.errors.DeadlockDetected

    ledger.write("cash", 1, 1)
    with running(ledger.log, [notes(update=update)]) as listener:
        until(lambda: ledger.caught_up)
    assert (attempts, listener.failures, len(listener.losses)) == ([1, 1], [], 1)
    assert not ledger.wrong()


def test_a_worker_that_was_overtaken_derives_nothing(ledger: Ledger) -> None:
    derived: list[int] = []

    def update(connection: Connection[Any], tables: TableNames, upserts: Sequence[NoteRow], deletes: Sequence[UUID]) -> None:
        derived.append(len(upserts))
        update_balances(connection, tables, upserts, deletes)

    with running(ledger.log, [notes(update=update)]):
        ledger.write("cash", 1, 1)
        until(lambda: ledger.caught_up)
        with ledger.log.connection.transaction():
            ledger.log.connection.execute(
                "delete from notes; delete from balances; "
                "update projections set position = 0, generation = generation + 1 where name = 'notes'"
            )
            ledger.write("cash", 2, 2)
        until(lambda: ledger.caught_up)
    assert derived == [1, 2]
    assert ledger.account("cash") == [(1, 1), (2, 3)]


# --- rebuild -----------------------------------------------------------------------------------------------------------------


@pytest.mark.spec("OPS-2")
@pytest.mark.parametrize("options", [{}, {"processes": 2}, {"rows_in_memory": 40}], ids=["in one go", "in shards", "spilled"])
def test_rebuilt_equals_live_row_by_row(ledger: Ledger, options: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.reader.CHUNK", 50)
    one = ledger.write("a", 14, 5)
    with running(ledger.log, [PROJECTION]):
        ledger.many(200)
        ledger.change(one, "b", 2, 6)
        ledger.many(50)
        until(lambda: ledger.caught_up)
        rebuilder = ledger.log.rebuilder([PROJECTION], **options)
        assert not live_and_rebuilt_differ(rebuilder, ledger.log.connection, PROJECTION)
        ledger.log.connection.execute("update balances set balance = balance + 1 where number = 7")
        (difference,) = live_and_rebuilt_differ(rebuilder, ledger.log.connection, PROJECTION)
        assert difference.startswith("balances: live")
    assert len(BALANCES.all_rows(ledger.log.connection)) == 251


@pytest.mark.spec("OPS-1")
def test_events_that_come_during_a_rebuild_are_in_it_wherever_it_was(ledger: Ledger) -> None:
    """Before and after the derived table is filled, while both are compared, and up to the swap."""
    one = ledger.write("a", 14, 5)
    ledger.many(100)
    stages: list[str] = []

    def report(progress: Progress) -> None:
        stages.append(progress.stage)
        ledger.change(one, "abc"[len(stages) % 3], len(stages) + 1, 100)
        ledger.write("a", 3, 1)
        if progress.stage == "compare":
            until(lambda: ledger.caught_up)  # so that the old tables are ahead of the new ones

    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
        (model,) = ledger.log.rebuilder([PROJECTION], report=report).rebuild([PROJECTION]).models
        assert list(dict.fromkeys(stages)) == ["fold", "index", "derive", "compare", "swap"]
        assert model.differences
        assert model.differences.none
        assert model.differences.derived
        assert model.differences.derived.rows == model.differences.rows > 101
        ledger.write("a", 1, 1)
        until(lambda: ledger.caught_up)
    assert not ledger.wrong()
    assert len(NOTES.all_rows(ledger.log.connection)) == 102 + len(stages)


@pytest.mark.spec("OPS-1")
def test_both_tables_are_compared_and_swapped_at_once(ledger: Ledger) -> None:
    one, two = ledger.write("cash", 1, 10), ledger.write("cash", 2, 20)
    ledger.write("cash", 3, 30)
    torn: list[Any] = []
    stop = threading.Event()

    def read() -> None:
        query = "select (select sum(amount) from notes), (select balance from balances order by day desc limit 1)"
        with ledger.log.connect() as connection:
            connection.execute("set lock_timeout = '5s'")
            while not stop.is_set():
                seen = connection.execute(query).fetchone()
                if seen not in {(660, 61), (60, 60)}:
                    torn.append(seen)

    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
        # What a wrong fold and a wrong derivation left behind.
        ledger.log.connection.execute(
            "begin; update notes set amount = amount + 600 where number = 3; update balances set balance = 61 where number = 3; "
            "update balances set balance = 0 where number = 2; delete from balances where number = 1; commit"
        )
        reader = threading.Thread(target=read)
        reader.start()
        try:
            (would,) = ledger.log.rebuilder([PROJECTION]).diff([PROJECTION], values=True).models
            (model,) = ledger.log.rebuilder([PROJECTION]).rebuild([PROJECTION]).models
        finally:
            stop.set()
            reader.join()
    assert not torn
    assert ledger.account("cash") == [(1, 10), (2, 30), (3, 60)]
    found = model.differences
    assert found and found.derived and would.differences and would.differences.derived  # noqa: PT018
    assert (found.table, found.added, found.removed, found.changed, found.columns) == ("notes", 0, 0, 1, {"amount": 1})
    derived = found.derived
    assert (derived.table, derived.rows, derived.added, derived.changed) == ("balances", 3, 1, 2)
    assert {("added", (one,), ()), ("changed", (two,), ("balance",))} <= {sample[:3] for sample in derived.samples}
    assert {"balance": (0, 30)} in [sample.values for sample in would.differences.derived.samples]
    assert not found._replace(changed=0).none, "a difference of derived rows alone is one"
    assert not positions.leftovers(ledger.log.connection)


@pytest.mark.spec("OPS-1")
def test_the_swap_steps_back_from_a_reader_of_derived_rows_too(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has locked the source by then, and lets its readers go on."""
    monkeypatch.setattr("projections.rebuild.PATIENCE_SECONDS", 0.5)
    ledger.write("cash", 1, 10)
    with ledger.log.connect() as long_reader, ledger.log.connect() as reader:
        reader.execute("set lock_timeout = '5s'")
        with long_reader.transaction():
            long_reader.execute("select from balances")
            with pytest.raises(SwapRefusedError):
                ledger.log.rebuilder([PROJECTION]).rebuild([PROJECTION])
            assert reader.execute("select count(*) from notes").fetchone() == (0,)
        ledger.log.rebuilder([PROJECTION]).rebuild([PROJECTION])
    assert ledger.account("cash") == [(1, 10)]


PAST = ("notes__until_2", "balances__until_2")


def test_derived_rows_of_the_past_stand_beside_the_present_ones(ledger: Ledger) -> None:
    one = ledger.write("cash", 5, 10)
    middle = ledger.append(ledger.written(uuid4(), "cash", 1, 20))
    ledger.tear_up(one)
    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
        for _ in range(2):
            assert ledger.log.rebuilder([PROJECTION]).build_past([PROJECTION], middle) == (middle, list(PAST))
        assert [row.balance for row in BALANCES.all_rows(ledger.log.connection, PAST[1])] in ([20, 30], [30, 20])
        assert ledger.account("cash") == [(1, 20)]
    assert not ledger.wrong(TableNames(*PAST))


@pytest.mark.parametrize("fails", ["fill", "update"])
def test_a_rebuild_that_cant_derive_leaves_the_old_tables_serving(ledger: Ledger, fails: str) -> None:
    ledger.write("cash", 1, 10)
    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)

        def report(progress: Progress) -> None:
            if progress.stage == "derive":
                ledger.write("cash", 2, 13)

        def fill(*connections: Any) -> None:
            raise LookupError("Иванов")

        broken = notes(fill=fill) if fails == "fill" else notes(update=Refusal(ledger.log, "code"))
        with pytest.raises(DerivationFailed) as caught:
            ledger.log.rebuilder([PROJECTION], report=report).rebuild([broken])
        assert str(caught.value).startswith("balances: LookupError: …")
        assert ledger.tables() >= {"notes", "balances"}
        assert {"notes__next", "balances__next"}.isdisjoint(ledger.tables())
        until(lambda: ledger.caught_up)
    assert ledger.account("cash") == [(1, 10), (2, 23)]


# --- tables and their shape --------------------------------------------------------------------------------------------------


class BalanceRowWithSign(BalanceRow, frozen=True):
    negative: bool = False


def test_another_shape_of_the_derived_table_asks_for_a_rebuild(ledger: Ledger) -> None:
    """Until then both stay as they are."""
    ledger.write("cash", 1, 10)
    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
    table = Table("balances", BalanceRowWithSign, key=("note_id",))
    newer = notes(table=table, fill=lambda *_: None)
    positions.prepare(ledger.log.connection, [newer])
    with running(ledger.log, [newer]) as listener:
        until(lambda: listener.old == ["notes"])
        assert ledger.account("cash") == [(1, 10)]
        (model,) = ledger.log.rebuilder([newer]).rebuild([newer]).models
        assert model.differences and model.differences.derived  # noqa: PT018
        assert model.differences.derived.new_columns == ("negative",)
        assert positions.read(ledger.log.connection)["notes"].shape == newer.shape != PROJECTION.shape


@pytest.mark.spec("OPS-11")
def test_a_derived_table_that_older_code_had_not_comes_with_the_rebuild(ledger: Ledger) -> None:
    """The source goes on serving, and nobody reads an empty table in place of the derived one."""
    ledger.log.connection.execute("drop table balances")
    ledger.log.connection.execute("update projections set shape = %s where name = 'notes'", (PLAIN.shape,))
    with running(ledger.log, [PLAIN]):
        ledger.write("cash", 1, 10)
        until(lambda: ledger.caught_up)
    newer = notes(revision=2)
    with running(ledger.log, [newer]) as listener:
        until(lambda: listener.old == ["notes"])
        assert ledger.tables() & {"notes", "balances"} == {"notes"}
        assert [row.amount for row in NOTES.all_rows(ledger.log.connection)] == [10]
        (model,) = ledger.log.rebuilder([newer]).rebuild([newer]).models
        ledger.write("cash", 2, 10)
        until(lambda: ledger.caught_up)
    assert model.differences and model.differences.derived  # noqa: PT018
    assert (model.differences.equal, model.differences.none, model.differences.derived.added) == (True, False, 1)
    assert ledger.account("cash") == [(1, 10), (2, 20)]


def test_a_shape_without_derived_rows_is_that_of_the_table() -> None:
    assert PLAIN.shape == NOTES.shape
    assert PROJECTION.shape == f"{NOTES.shape}; balances: {BALANCES.shape}"


@pytest.mark.parametrize("table", ["notes", "balances"])
def test_either_table_that_is_missing_is_made_with_the_other(ledger: Ledger, table: str) -> None:
    ledger.write("cash", 1, 10)
    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
    ledger.log.connection.execute(f"drop table {table}".encode())
    positions.prepare(ledger.log.connection, [PROJECTION])
    assert ledger.log.position("notes") == 0
    with running(ledger.log, [PROJECTION]):
        until(lambda: ledger.caught_up)
    assert ledger.account("cash") == [(1, 10)]


def test_a_derived_table_has_a_name_of_its_own() -> None:
    derivation = Derivation[Any, Any](Table("notes", BalanceRow, key=("note_id",)), update_balances, fill_balances)
    with pytest.raises(TypeError, match="a name of its own"):
        Projection("notes", NOTES, 1, {}, audience=None, derivation=derivation)


def test_what_a_killed_rebuild_left_of_derived_rows_is_dropped_unless_it_is_being_built(ledger: Ledger) -> None:
    left = {"notes__next", "balances__next", "balances__gone__next", "balances__until_7__next"}
    for name in left:
        ledger.log.connection.execute(f"create table {name} ()".encode())
    with ledger.log.connect() as building:
        assert positions.try_lock(building, REBUILD_LOCK, ["balances"])
        assert set(positions.leftovers(ledger.log.connection)) == {"notes__next"}
        assert positions.drop_leftovers(ledger.log.connection) == ["notes__next"]
        with pytest.raises(BusyError) as busy:
            ledger.log.rebuilder([PROJECTION]).rebuild([PROJECTION])
        assert busy.value.names == ("notes",)
        positions.unlock(building, REBUILD_LOCK, ["balances"])
    ledger.log.rebuilder([PROJECTION]).rebuild([PROJECTION])
    assert left.isdisjoint(ledger.tables())


def test_a_rebuild_holds_its_derived_table(ledger: Ledger) -> None:
    seen: list[set[str]] = []

    def report(progress: Progress) -> None:
        if progress.stage == "derive":
            with ledger.log.connect() as other:
                positions.drop_leftovers(other)
            seen.append(ledger.tables())

    ledger.log.rebuilder([PROJECTION], report=report).rebuild([PROJECTION])
    (during,) = seen
    assert during >= {"notes__next", "balances__next"}


# --- any history -------------------------------------------------------------------------------------------------------------

ACCOUNTS, DAYS, AMOUNTS = st.sampled_from("ab"), st.integers(1, 4), st.integers(-3, 3)
STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "change", "tear"]), st.integers(0, 20), ACCOUNTS, DAYS, AMOUNTS), max_size=25
)


@pytest.mark.spec("OPS-2")
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, sizes=st.lists(st.integers(1, 6), max_size=10))
def test_rebuilt_equals_live_on_any_history_in_any_batches(module_log: Log, steps: Sequence[Any], sizes: Sequence[int]) -> None:
    ledger = empty(module_log)
    live: list[UUID] = []
    facts: list[Any] = []
    for kind, choice, account, day, amount in steps:
        if kind == "write" or not live:
            live.append(uuid4())
            facts.append(ledger.written(live[-1], account, day, amount))
        elif kind == "change":
            changed = {"account": account, "day": on(day), "amount": amount}
            facts.append((live[choice % len(live)], Note.Changed, changed))
        else:
            facts.append((live.pop(choice % len(live)), Note.Torn, {}))
    if facts:
        ledger.append(*facts)
    head = fold_all(module_log.connection, DECODERS, [PROJECTION], sizes=sizes)
    module_log.connection.execute("update projections set position = %s where name = 'notes'", (head,))

    assert not ledger.wrong()
    assert not live_and_rebuilt_differ(module_log.rebuilder([PROJECTION]), module_log.connection, PROJECTION)


def test_a_derivation_may_have_further_tables_that_are_named_with_the_others() -> None:
    further = (Table("totals", BalanceRow, key=("note_id",)),)
    projection = replace(PROJECTION, derivation=replace(PROJECTION.derivation, further=further))  # type: ignore[type-var]
    assert [table.name for table in projection.tables] == ["notes", "balances", "totals"]
    assert projection.table_names({"totals": "totals__rebuild"}) == TableNames("notes", "balances", ("totals__rebuild",))
    assert "totals: " in projection.shape
