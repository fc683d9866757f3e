"""What all that is deleted and returned has in common."""

from uuid import uuid4

import pytest

from aggregates.deletion import AlreadyDeleted, Deletable, DeletedAtWill, NotDeleted, ReturnedAtWill
from aggregates.kernel import DomainError
from commands.registry import AGGREGATES
from tests.aggregates.scenario import NOW

DELETABLE = [kind for kind in AGGREGATES if issubclass(kind, Deletable)]


@pytest.mark.spec("DEL-1")
@pytest.mark.parametrize("kind", DELETABLE, ids=lambda kind: kind.TOPIC)
def test_a_deleted_one_is_neither_used_nor_deleted_again(kind: type[Deletable]) -> None:
    one = kind(uuid4())
    one.deleted = True
    with pytest.raises(DomainError) as refused:
        one.require_active()
    assert refused.value.code.endswith("_deleted")
    with pytest.raises(AlreadyDeleted):
        one.require_not_deleted()
    one.require_deleted()


@pytest.mark.spec("DEL-1")
@pytest.mark.parametrize("kind", [kind for kind in DELETABLE if issubclass(kind, DeletedAtWill)], ids=lambda kind: kind.TOPIC)
def test_what_nothing_else_decides_is_deleted_once(kind: type[DeletedAtWill]) -> None:
    one = kind(uuid4())
    one.delete(at=NOW)
    assert (one.deleted, [type(event) for event in one.collect_events()]) == (True, [kind.Deleted])
    with pytest.raises(AlreadyDeleted):
        one.delete(at=NOW)


@pytest.mark.spec("DEL-1")
@pytest.mark.parametrize("kind", [kind for kind in DELETABLE if issubclass(kind, ReturnedAtWill)], ids=lambda kind: kind.TOPIC)
def test_what_nothing_else_decides_is_returned_once(kind: type[ReturnedAtWill]) -> None:
    one = kind(uuid4())
    with pytest.raises(NotDeleted):
        one.return_(at=NOW)
    one.deleted = True
    one.return_(at=NOW)
    assert (one.deleted, [type(event) for event in one.collect_events()]) == (False, [kind.Returned])
