"""What a card refers to has to be active (not deleted) when it is chosen; it may be deleted later."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.deletion import Deletable
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from commands.ports.clinic import Clinic

Reference = tuple[type[Aggregate], UUID]


def newly_chosen(clinic: Clinic, now: Iterable[Reference], before: Iterable[Reference] = ()) -> list[Aggregate]:
    """The aggregates that are referred to now and weren't before, for `save(if_unchanged=…)`: so none is deleted meanwhile.

    An employee has to be a doctor. What the kind refuses when deleted, such as EntryDeleted; NotADoctor, AggregateNotFound.
    """
    known = frozenset(before)
    chosen = [clinic.cached(kind, id_) for kind, id_ in now if (kind, id_) not in known]
    for aggregate in chosen:
        if isinstance(aggregate, Employee):
            aggregate.require_doctor()
        elif isinstance(aggregate, Deletable):
            aggregate.require_active()
    return chosen
