"""What commands may rely upon, shown for the PostgreSQL store and for its fake alike."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Thread
from typing import ClassVar, Protocol
from uuid import UUID, uuid4

import pytest

from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.people.employee import EMPLOYEE_NUMBERS
from aggregates.scheduling.visit import VISIT_NUMBERS
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, ClaimMoved, Clinic, IdempotencyKeyReused, Save, SaveConflict, VersionMoved
from commands.ports.dictionaries import CodeFound, DictionaryEntry, DictionaryVersion
from commands.retry import TRIES, retried
from gateways.database import Database
from gateways.dictionaries import Dictionaries
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic
from gateways.event_store_memory import MemoryClinic, MemoryLog

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Load = Callable[[str, dict[str, CodeFound]], None]
"""Loads a version of a dictionary: its OID, and its codes."""


class Ward(Aggregate):
    """A toy: a room with a name."""

    TOPIC = "ward"
    SNAPSHOT_EVERY: ClassVar[int] = 5
    name: str

    class Opened(Event, frozen=True):
        TOPIC: ClassVar[str] = "ward.opened.1"
        name: str

    class Renamed(Event, frozen=True):
        TOPIC: ClassVar[str] = "ward.renamed.1"
        name: str

    class TooLongError(DomainError):
        code: ClassVar[str] = "too_long"

    def open(self, name: str) -> None:
        self.trigger(self.Opened, name=name, at=NOW)

    def rename(self, name: str, at: datetime = NOW) -> None:
        if len(name) > 9:
            raise self.TooLongError(name=name)
        if name != self.name:
            self.trigger(self.Renamed, name=name, at=at)

    @applies(Opened)
    def _opened(self, event: Opened) -> None:
        self.name = event.name

    @applies(Renamed)
    def _renamed(self, event: Renamed) -> None:
        self.name = event.name


class Bed(Aggregate):
    """A toy: stands in a ward."""

    TOPIC = "bed"
    ward: str

    class Placed(Event, frozen=True):
        TOPIC: ClassVar[str] = "bed.placed.1"
        ward: str

    def place(self, ward: Ward) -> None:
        self.trigger(self.Placed, ward=ward.name, at=NOW)

    @applies(Placed)
    def _placed(self, event: Placed) -> None:
        self.ward = event.ward


class Processes(Protocol):
    def __call__(self) -> Clinic: ...


def ctx(command_id: UUID | None = None, body: str = "") -> Context:
    return Context(now=NOW, command="test", command_id=command_id, body_digest=body)


def opened(clinic: Clinic, name: str = "A", times_renamed: int = 0) -> Ward:
    ward = Ward(uuid4())
    ward.open(name)
    clinic.save(ward, ctx=ctx())
    for number in range(times_renamed):
        ward.rename(f"{name}{number}")
        clinic.save(ward, ctx=ctx())
    return ward


def renamed(clinic: Clinic, ward: Ward, name: str) -> None:
    other = clinic.load(Ward, ward.id)
    other.rename(name)
    clinic.save(other, ctx=ctx())


@retried
def place_bed(clinic: Clinic, ctx: Context, ward_id: UUID) -> Receipt:
    ward, bed = clinic.cached(Ward, ward_id), Bed(uuid4())
    bed.place(ward)
    return clinic.save(bed, ctx=ctx, if_unchanged=[ward], facts={"ward": ward.name})


@retried
def lengthen(clinic: Clinic, ctx: Context, ward_id: UUID, addition: str) -> Receipt:
    ward = clinic.cached(Ward, ward_id)
    ward.rename(ward.name + addition)
    return clinic.save(ward, ctx=ctx)


@retried
def rename(clinic: Clinic, ctx: Context, ward_id: UUID, name: str, version: int) -> Receipt:
    ward = clinic.load(Ward, ward_id, expected=version)
    ward.rename(name)
    return clinic.save(ward, ctx=ctx, facts={"name": name})


class Contract:
    """Shown for each adapter by a subclass that says how to open one clinic again and again (`another`)."""

    @pytest.fixture
    def clinic(self, another: Processes) -> Clinic:
        return another()

    def test_many_saves_at_once_have_each_their_own_outcome(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        moved, fresh, still, repeated = opened(here, "A"), Ward(uuid4()), opened(here, "C"), Ward(uuid4())
        renamed(elsewhere, moved, "B")
        moved.rename("late")
        fresh.open("new")
        repeated.open("once")
        command = uuid4()
        first = here.save(repeated, ctx=ctx(command))
        again = Ward(repeated.id)
        again.open("once")
        saves = [
            Save(aggregate=ward, ctx=ctx(id_), facts={"name": ward.name})
            for ward, id_ in ((moved, None), (fresh, uuid4()), (still, None), (again, command))
        ]
        late, new, same, once = here.save_each(saves)
        assert isinstance(late, SaveConflict)
        assert isinstance(new, Receipt)
        assert (new.id, new.version, new.facts, new.repeated) == (fresh.id, 1, {"name": "new"}, False)
        assert isinstance(same, Receipt)
        assert same.position == 0
        assert isinstance(once, Receipt)
        assert (once.position, once.repeated) == (first.position, True)
        assert elsewhere.load(Ward, fresh.id).name == "new"
        assert here.save_each([]) == []

    def test_many_are_loaded_at_once_without_those_that_do_not_exist(self, clinic: Clinic) -> None:
        wards = [opened(clinic, name, times_renamed=2) for name in "AB"]
        found = clinic.load_each(Ward, [*(ward.id for ward in wards), uuid4()])
        assert {id_: (ward.name, ward.version) for id_, ward in found.items()} == {
            wards[0].id: ("A1", 3),
            wards[1].id: ("B1", 3),
        }
        bed = Bed(uuid4())
        bed.place(wards[0])
        clinic.save(bed, ctx=ctx())
        with pytest.raises(AggregateNotFound):
            clinic.load_each(Ward, [bed.id])

    def test_what_was_saved_is_loaded_here_and_elsewhere(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        assert (here.load(Ward, ward.id).name, elsewhere.load(Ward, ward.id).name) == ("A", "A")
        renamed(elsewhere, ward, "B")
        assert here.load(Ward, ward.id).name == "B"

    def test_an_unknown_aggregate_is_not_found(self, clinic: Clinic) -> None:
        with pytest.raises(AggregateNotFound):
            clinic.load(Ward, uuid4())
        with pytest.raises(AggregateNotFound):
            clinic.cached(Ward, uuid4())

    def test_an_aggregate_of_another_kind_is_not_found(self, another: Processes) -> None:
        ward = opened(another())
        with pytest.raises(AggregateNotFound):
            another().load(Bed, ward.id)

    def test_the_receipt_names_aggregate_version_and_the_position_of_the_last_event(self, clinic: Clinic) -> None:
        first, second = Ward(uuid4()), Ward(uuid4())
        first.open("A")
        first.rename("B")
        second.open("C")
        receipt = clinic.save(first, second, ctx=ctx(), facts={"bed": first.id})
        assert receipt == Receipt(id=first.id, version=2, position=3, facts={"bed": str(first.id)})

    def test_nothing_decided_is_nothing_written(self, clinic: Clinic) -> None:
        ward = opened(clinic)
        assert clinic.save(ward, ctx=ctx()) == Receipt(id=ward.id, version=1, position=0)

    def test_an_old_version_is_loaded_as_it_was(self, another: Processes) -> None:
        ward = opened(another(), times_renamed=12)
        for clinic in (another(), another()):
            assert [clinic.load(Ward, ward.id, version).name for version in (1, 5, 6, 7, 13)] == ["A", "A3", "A4", "A5", "A11"]

    @pytest.mark.parametrize("version", [-1, 0, 3])
    def test_a_version_that_never_was_is_not_found(self, clinic: Clinic, version: int) -> None:
        ward = opened(clinic, times_renamed=1)
        with pytest.raises(AggregateNotFound) as refusal:
            clinic.load(Ward, ward.id, version)
        assert refusal.value.facts == {"kind": Ward.TOPIC, "id": ward.id, "version": version}

    def test_of_an_unknown_aggregate_no_version_is_reported_missing(self, clinic: Clinic) -> None:
        unknown = uuid4()
        with pytest.raises(AggregateNotFound) as by_version:
            clinic.load(Ward, unknown, 3)
        with pytest.raises(AggregateNotFound) as by_moment:
            clinic.load_at(Ward, unknown, NOW)
        assert [by_version.value.facts, by_moment.value.facts] == [{"kind": Ward.TOPIC, "id": unknown}] * 2

    def test_a_missing_version_and_a_moment_too_early_are_distinguished_from_a_missing_object(self, clinic: Clinic) -> None:
        ward = opened(clinic)
        with pytest.raises(AggregateNotFound) as missing:
            clinic.load(Ward, ward.id, 9)
        with pytest.raises(AggregateNotFound) as early:
            clinic.load_at(Ward, ward.id, NOW - timedelta(hours=1))
        assert missing.value.sentence == "Версии 9 у этого объекта нет. Посмотрите его историю: в ней все версии."
        assert early.value.sentence == "Тогда этого объекта ещё не было. Выберите более поздний момент или версию от 1."

    @pytest.mark.spec("SCH-16")
    def test_the_state_at_a_moment_is_what_had_been_decided_by_then(self, clinic: Clinic) -> None:
        ward, hour = opened(clinic), timedelta(hours=1)
        ward.rename("B", at=NOW + hour)
        clinic.save(ward, ctx=ctx())
        assert [clinic.load_at(Ward, ward.id, NOW + n * hour).name for n in (0, 0.5, 1, 2)] == ["A", "A", "B", "B"]
        with pytest.raises(AggregateNotFound):
            clinic.load_at(Ward, ward.id, NOW - hour)

    def test_a_version_that_the_person_saw_is_insisted_on(self, clinic: Clinic) -> None:
        ward = opened(clinic, times_renamed=1)
        assert clinic.load(Ward, ward.id, expected=2).version == 2
        with pytest.raises(VersionMoved) as refusal:
            clinic.load(Ward, ward.id, expected=1)
        assert refusal.value == VersionMoved(kind="ward", id=ward.id, expected=1, version=2)

    def test_two_saves_of_one_version_conflict_and_the_second_writes_nothing(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        mine, theirs = here.load(Ward, ward.id), elsewhere.load(Ward, ward.id)
        theirs.rename("theirs")
        elsewhere.save(theirs, ctx=ctx())
        mine.rename("mine")
        bed = Bed(uuid4())
        bed.place(mine)
        with pytest.raises(SaveConflict):
            here.save(bed, mine, ctx=ctx())
        assert here.load(Ward, ward.id).name == "theirs"
        with pytest.raises(AggregateNotFound):
            here.load(Bed, bed.id)

    def test_a_decision_by_a_cached_aggregate_is_refused_once_that_has_moved(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        renamed(elsewhere, ward, "B")
        old = here.cached(Ward, ward.id)
        assert old.name == "A"
        bed = Bed(uuid4())
        bed.place(old)
        with pytest.raises(ClaimMoved):
            here.save(bed, ctx=ctx(), if_unchanged=[old])
        assert here.refresh_cached() is True
        assert here.cached(Ward, ward.id).name == "B"
        assert here.refresh_cached() is False

    def test_a_command_decides_again_by_what_has_moved(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        renamed(elsewhere, ward, "B")
        assert place_bed(here, ctx(), ward.id).facts == {"ward": "B"}

    def test_a_refusal_is_given_by_fresh_state_only(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here, "A" * 9)
        renamed(elsewhere, ward, "B")
        lengthen(here, ctx(), ward.id, "1")
        assert elsewhere.load(Ward, ward.id).name == "B1"
        with pytest.raises(Ward.TooLongError):
            lengthen(here, ctx(), ward.id, "123456789")

    def test_a_version_seen_by_a_person_is_not_retried_past(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        renamed(elsewhere, ward, "B")
        with pytest.raises(VersionMoved) as refusal:
            rename(here, ctx(), ward.id, "C", 1)
        assert not isinstance(refusal.value, SaveConflict)

    def test_a_command_id_that_comes_again_gets_its_stored_receipt(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward, command_id = opened(here), uuid4()
        first = rename(here, ctx(command_id), ward.id, "B", 1)
        again = rename(here, ctx(command_id), ward.id, "B", 1)  # refused by the version it saw, were it new
        for repeated in (again, place_bed(elsewhere, ctx(command_id), ward.id), elsewhere.stored_receipt(ctx(command_id))):
            assert repeated is not None
            assert (repeated.repeated, repeated.id, repeated.version, repeated.position, repeated.facts) == (
                True, first.id, first.version, first.position, first.facts,
            )  # fmt: skip
        assert here.load(Ward, ward.id).version == 2

    def test_a_command_id_for_another_request_is_refused(self, clinic: Clinic) -> None:
        ward, command_id = opened(clinic), uuid4()
        rename(clinic, ctx(command_id, "B"), ward.id, "B", 1)
        with pytest.raises(IdempotencyKeyReused):
            rename(clinic, ctx(command_id, "C"), ward.id, "C", 2)
        with pytest.raises(IdempotencyKeyReused):
            rename(clinic, ctx(command_id, "C"), ward.id, "C", 1)

    def test_a_change_of_nothing_is_a_command_like_any_other(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward, nothing, something = opened(here), uuid4(), uuid4()
        first = rename(here, ctx(nothing, "A"), ward.id, "A", 1)
        assert (first.version, first.position, first.repeated) == (1, 0, False)
        changed = rename(here, ctx(something, "B"), ward.id, "B", 1)

        again = rename(elsewhere, ctx(nothing, "A"), ward.id, "A", 1)
        assert (again.version, again.position, again.repeated, again.facts) == (1, 0, True, {"name": "A"})
        with pytest.raises(IdempotencyKeyReused):
            rename(elsewhere, ctx(nothing, "C"), ward.id, "C", 2)
        with pytest.raises(IdempotencyKeyReused):
            rename(elsewhere, ctx(something, "B again"), ward.id, "B", 2)
        assert here.load(Ward, ward.id).version == changed.version

    def test_a_command_that_no_event_reports_is_remembered_when_it_is_noted(self, another: Processes) -> None:
        here, elsewhere, command_id = another(), another(), uuid4()
        assert here.stored_receipt(ctx(command_id, "A")) is None
        here.note_command(ctx(command_id, "A"))
        answered = elsewhere.stored_receipt(ctx(command_id, "A"))
        assert answered is not None
        assert answered.repeated
        with pytest.raises(IdempotencyKeyReused):
            elsewhere.stored_receipt(ctx(command_id, "B"))
        with pytest.raises(RuntimeError, match="broken off"), here.write_lock():  # noqa: PT012  what is written before it counts
            here.note_command(ctx(other := uuid4()))
            raise RuntimeError("broken off")
        assert here.stored_receipt(ctx(other)) is None

    def test_a_command_id_that_was_refused_can_be_tried_again(self, clinic: Clinic) -> None:
        ward, command_id = opened(clinic), uuid4()
        with pytest.raises(Ward.TooLongError):
            rename(clinic, ctx(command_id), ward.id, "B" * 10, 1)
        assert rename(clinic, ctx(command_id), ward.id, "B", 1).repeated is False

    def test_under_the_write_lock_one_reads_ones_own_writes_and_others_only_after(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        with here.write_lock():
            renamed(here, ward, "B")
            assert here.load(Ward, ward.id).name == here.cached(Ward, ward.id).name == "B"
        assert elsewhere.load(Ward, ward.id).name == here.cached(Ward, ward.id).name == "B"

    def test_under_the_write_lock_nothing_cached_is_stale(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward = opened(here)
        renamed(elsewhere, ward, "B")
        assert here.cached(Ward, ward.id).name == "A"
        with here.write_lock():
            assert here.cached(Ward, ward.id).name == "B"

    def test_a_nested_write_lock_joins_the_outer_one(self, another: Processes) -> None:
        here = another()
        ward = opened(here)
        with pytest.raises(Ward.TooLongError), here.write_lock():  # noqa: PT012  what came before the failure is the point
            with here.write_lock():
                renamed(here, ward, "B")
            renamed(here, ward, "C" * 10)
        assert another().load(Ward, ward.id).name == "A"

    def test_a_command_that_always_comes_too_late_is_carried_out_at_last(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        ward, others = opened(here), list[Thread]()

        @retried
        def place_slowly(clinic: Clinic, ctx: Context, ward_id: UUID) -> Receipt:
            ward, bed = clinic.cached(Ward, ward_id), Bed(uuid4())
            others.append(Thread(target=renamed, args=(elsewhere, ward, f"W{len(others)}")))
            others[-1].start()
            others[-1].join(0.3)  # while it is shut out, it doesn't end
            bed.place(ward)
            return clinic.save(bed, ctx=ctx, if_unchanged=[ward], facts={"ward": ward.name})

        assert place_slowly(here, ctx(), ward.id).facts == {"ward": f"W{TRIES - 2}"}
        for other in others:
            other.join()
        assert here.load(Ward, ward.id).name == f"W{TRIES - 1}"

    def test_what_fails_under_the_write_lock_leaves_nothing(self, another: Processes) -> None:
        here = another()
        ward = opened(here)
        with pytest.raises(Ward.TooLongError), here.write_lock():  # noqa: PT012  what came before the failure is the point
            renamed(here, ward, "B")
            renamed(here, ward, "C" * 10)
        assert here.cached(Ward, ward.id).name == another().load(Ward, ward.id).name == "A"
        renamed(here, ward, "D")
        assert another().load(Ward, ward.id).name == "D"

    def test_a_refused_save_under_the_write_lock_leaves_it_usable(self, clinic: Clinic) -> None:
        ward = opened(clinic)
        before = clinic.load(Ward, ward.id)
        renamed(clinic, ward, "B")
        bed = Bed(uuid4())
        bed.place(ward)
        with clinic.write_lock():
            with pytest.raises(ClaimMoved):
                clinic.save(bed, ctx=ctx(), if_unchanged=[before])
            renamed(clinic, ward, "C")
        assert clinic.load(Ward, ward.id).name == "C"

    def test_numbers_count_up_by_kind(self, another: Processes) -> None:
        here, elsewhere = another(), another()
        drawn = [here.numbers.next(VISIT_NUMBERS), elsewhere.numbers.next(VISIT_NUMBERS), here.numbers.next(EMPLOYEE_NUMBERS)]
        assert drawn == [1, 2, 1]

    def test_a_code_is_looked_up_in_the_newest_version_of_its_dictionary(self, another: Processes, load: Load) -> None:
        clinic = another()
        assert clinic.dictionaries.find_code("1.2", "7") == "not_loaded"
        load("1.2", {"7": "actual", "8": "outdated"})
        assert [clinic.dictionaries.find_code("1.2", code) for code in ("7", "8", "9")] == ["actual", "outdated", "unknown"]
        load("1.2", {"9": "actual"})
        assert [clinic.dictionaries.find_code("1.2", code) for code in ("7", "9")] == ["unknown", "actual"]
        assert clinic.dictionaries.find_code("1.3", "7") == "not_loaded"

    def test_an_aggregate_that_was_handed_out_is_its_holders_own(self, clinic: Clinic) -> None:
        ward = opened(clinic)
        mine = clinic.cached(Ward, ward.id)
        mine.rename("mine")
        ward.rename("also mine")
        assert clinic.cached(Ward, ward.id).name == clinic.load(Ward, ward.id).name == "A"


class TestMemory(Contract):
    @pytest.fixture
    def log(self) -> MemoryLog:
        return MemoryLog()

    @pytest.fixture
    def another(self, log: MemoryLog) -> Processes:
        return lambda: MemoryClinic(log=log)

    @pytest.fixture
    def load(self, log: MemoryLog) -> Load:
        return lambda oid, codes: log.dictionaries.update({oid: codes})


class TestPostgres(Contract):
    @pytest.fixture
    def another(self, database_url: str) -> Iterator[Processes]:
        opened: list[Database] = []

        def open_clinic() -> Clinic:
            opened.append(Database(database_url))
            return PostgresClinic(opened[-1], decoders([Ward, Bed]))

        yield open_clinic
        for database in opened:
            database.close()

    @pytest.fixture
    def load(self, database_url: str) -> Load:
        versions = count(1)

        def load(oid: str, codes: dict[str, CodeFound]) -> None:
            number, database = next(versions), Database(database_url)
            at = datetime(2026, 1, number, tzinfo=UTC)
            version = DictionaryVersion(oid=oid, version=str(number), title=oid, file_hash=str(number), loaded_at=at)
            entries = [DictionaryEntry(code, code, actual=found == "actual") for code, found in codes.items()]
            Dictionaries(database).load(version, entries)
            database.close()

        return load
