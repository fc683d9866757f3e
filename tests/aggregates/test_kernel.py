from typing import Any, ClassVar
from uuid import uuid4

import pytest

from aggregates.kernel import Aggregate, DomainError, Event, applies
from commands.registry import AGGREGATES
from tests.aggregates.scenario import NOW


class Door(Aggregate):
    TOPIC = "door"
    open: bool

    class Opened(Event, frozen=True):
        TOPIC: ClassVar[str] = "door.opened.1"

    class Shut(Event, frozen=True):
        TOPIC: ClassVar[str] = "door.shut.1"

    @applies(Opened)
    def _opened(self, _: Opened) -> None:
        self.open = True

    @applies(Shut)
    def _shut(self, _: Shut) -> None:
        self.open = False


class Shut(DomainError):
    code = "shut"


def test_an_event_without_an_applier_is_noticed_at_definition() -> None:
    class Knocked(Event, frozen=True):
        TOPIC: ClassVar[str] = "wall.knocked.1"

    with pytest.raises(TypeError, match="without an applier"):
        type("Wall", (Aggregate,), {"TOPIC": "wall", "Knocked": Knocked})


def test_two_appliers_under_one_name_are_noticed() -> None:
    """Python would keep the last, and the first event would be lost in silence."""
    with pytest.raises(TypeError, match="Opened"):

        class Gate(Aggregate):
            TOPIC = "gate"

            class Opened(Event, frozen=True):
                TOPIC: ClassVar[str] = "gate.opened.1"

            class Shut(Event, frozen=True):
                TOPIC: ClassVar[str] = "gate.shut.1"

            @applies(Opened)
            def _(self, _event: Any) -> None: ...

            @applies(Shut)
            def _(self, _event: Any) -> None: ...


def test_an_event_needs_a_topic_of_its_own() -> None:
    class Nameless(Event, frozen=True):
        pass

    with pytest.raises(TypeError, match="Nameless"):
        type("Wall", (Aggregate,), {"TOPIC": "wall", "Nameless": Nameless, "_n": applies(Nameless)(lambda _self, _event: None)})


def test_events_are_handed_over_once_and_replay_to_the_same() -> None:
    door = Door(uuid4())
    door.trigger(Door.Opened, at=NOW)
    door.trigger(Door.Shut, at=NOW)
    events = door.collect_events()
    assert [event.originator_version for event in events] == [1, 2]
    assert door.collect_events() == ()
    again = Door.replay(door.id, events)
    assert (again.open, again.version, again.created_on, again.modified_on) == (False, 2, NOW, NOW)


def test_a_stream_with_a_hole_or_of_another_is_not_replayed() -> None:
    door = Door(uuid4())
    door.trigger(Door.Opened, at=NOW)
    door.trigger(Door.Shut, at=NOW)
    opened, shut = door.collect_events()
    for wrong in ([shut], [opened, opened]):
        with pytest.raises(ValueError, match="can't take"):
            Door.replay(door.id, wrong)
    with pytest.raises(ValueError, match="can't take"):
        Door.replay(uuid4(), [opened])


def test_an_abstract_aggregate_lends_its_applier_to_events_that_derive_from_its_own() -> None:
    class Sounded(Event, frozen=True):
        times: int

    class Sounding(Aggregate, abstract=True):
        sounded: int = 0

        @applies(Sounded)
        def _sounded(self, event: Sounded) -> None:
            self.sounded += event.times

    class Bell(Sounding):
        TOPIC = "bell"

        class Rung(Sounded, frozen=True):
            TOPIC: ClassVar[str] = "bell.rung.1"

    bell = Bell(uuid4())
    bell.trigger(Bell.Rung, times=2, at=NOW)
    assert (bell.sounded, Bell.EVENTS, Sounding.EVENTS) == (2, {"bell.rung.1": Bell.Rung}, {})


def test_a_copy_goes_its_own_way() -> None:
    door = Door(uuid4())
    door.trigger(Door.Opened, at=NOW)
    copy = door.copy()
    copy.trigger(Door.Shut, at=NOW)
    assert (door.open, door.version, len(door.pending_events)) == (True, 1, 1)
    assert (copy.open, copy.version, len(copy.pending_events)) == (False, 2, 2)


def test_refusals_are_equal_by_kind_and_facts() -> None:
    assert Shut(door=1) == Shut(door=1)
    assert Shut(door=1) != Shut(door=2)
    assert Shut(door=1) != DomainError(door=1)


def test_every_topic_belongs_to_its_kind_and_occurs_once() -> None:
    topics = [topic for kind in AGGREGATES for topic in kind.EVENTS]
    assert len(topics) == len(set(topics))
    for kind in AGGREGATES:
        assert all(topic.startswith(f"{kind.TOPIC}.") for topic in kind.EVENTS)
