"""What a card refers to has to be kept when it is chosen; what was chosen before may be deleted since."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.access.rights_set import RightsSet
from aggregates.catalogue import CatalogueEntry
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from commands.ports.clinic import Clinic

Reference = tuple[type[Aggregate], UUID]


def newly_chosen(clinic: Clinic, now: Iterable[Reference], before: Iterable[Reference] = ()) -> list[Aggregate]:
    """What is referred to now and wasn't before, for `save(if_unchanged=…)`: nobody deletes it meanwhile.

    An employee is chosen as a doctor. EntryDeleted, RightsSetDeleted, EmployeeDeleted, NotADoctor, AggregateNotFound.
    """
    known = frozenset(before)
    chosen = [clinic.cached(kind, id_) for kind, id_ in now if (kind, id_) not in known]
    for found in chosen:
        if isinstance(found, Employee):
            found.require_doctor()
        elif isinstance(found, CatalogueEntry | RightsSet):
            found.require_kept()
    return chosen
