"""What a card refers to has to be active (not deleted) when it is chosen; it may be deleted later."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.deletion import Deletable
from aggregates.kernel import Aggregate
from commands.ports.clinic import Clinic

Reference = tuple[type[Aggregate], UUID]


def newly_chosen(clinic: Clinic, now: Iterable[Reference], before: Iterable[Reference] = ()) -> list[Aggregate]:
    """The aggregates that are referred to now and weren't before, for `save(if_unchanged=…)`: so none is deleted meanwhile.

    What the kind refuses when deleted, such as EntryDeleted; AggregateNotFound.
    """
    known = frozenset(before)
    chosen = [clinic.cached(kind, id_) for kind, id_ in now if (kind, id_) not in known]
    for aggregate in chosen:
        if isinstance(aggregate, Deletable):
            aggregate.require_active()
    return chosen
