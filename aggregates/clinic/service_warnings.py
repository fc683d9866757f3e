"""Warnings before a service is taken from doctors or deleted, collected by `commands/clinic/service_warnings.py`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.despite import Despite
from aggregates.warnings import DomainWarning


class VisitOfServices(ConflictingVisit, frozen=True):
    """A coming visit, and the names of its services that the warning is about."""

    services: tuple[str, ...] = ()


class ServiceWarning(DomainWarning, frozen=True, kw_only=True):
    """Coming visits have the services. `visits`: all of them; `visible`: those that the user may see; `services`: names."""

    services: tuple[str, ...]
    visits: tuple[VisitOfServices, ...]
    visible: tuple[VisitOfServices, ...]

    @property
    def about(self) -> Sequence[object]:
        return (self.services, *((visit.id, visit.doctor_id, visit.services) for visit in self.visits))

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"services": self.services, "visits": self.visible}

    @property
    def despite(self) -> Despite:
        """What the event of a service stores if the warning is about it alone."""
        raise NotImplementedError

    @property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(visit.number for visit in self.visits)

    @property
    def _booked(self) -> str:
        others = len(self.visits) - len(self.visible)
        hidden = "" if not others else f", из них не к вам: {others}" if self.visible else ", все не к вам"
        what = "с этой услугой" if len(self.services) == 1 else "с этими услугами"
        return f"Предстоящих визитов {what}: {len(self.visits)}{hidden}."


class ServiceTaken(ServiceWarning, frozen=True, kw_only=True):
    """Doctors stop providing the services."""

    KIND: ClassVar[str] = "service_taken"

    @property
    def sentence(self) -> str:
        one = len({visit.doctor_id for visit in self.visits}) == 1
        stops = "Врач больше не будет оказывать" if one else "Врачи больше не будут оказывать"
        return f"{stops}: {', '.join(self.services)}. {self._booked} Визиты не изменятся: перенесите их к другому врачу."

    @property
    def despite(self) -> Despite:
        return Despite("service_taken", visits=self._numbers)


class ServiceDeletedWithVisits(ServiceWarning, frozen=True, kw_only=True):
    """The services are deleted."""

    KIND: ClassVar[str] = "service_deleted"

    @property
    def sentence(self) -> str:
        return f"Удаляется услуга: {', '.join(self.services)}. {self._booked} В этих визитах она останется."

    @property
    def despite(self) -> Despite:
        return Despite("service_deleted", visits=self._numbers)
