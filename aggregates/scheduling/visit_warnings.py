"""Warnings before a visit is saved, collected by `commands/scheduling/visit_warnings.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.despite import Despite
from aggregates.employees_named import NamedEmployee
from aggregates.visits_in_the_way import VisitInTheWay
from aggregates.warnings import DomainWarning


class VisitWarning(DomainWarning, frozen=True, kw_only=True):
    """A warning about a visit."""

    @property
    def despite(self) -> Despite:
        """What the visit's event stores."""
        raise NotImplementedError


class _OfTime(VisitWarning, frozen=True, kw_only=True):
    starts_at: datetime

    @property
    def about(self) -> Sequence[object]:
        return (self.starts_at,)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"starts_at": self.starts_at}

    @property
    def moment(self) -> str:
        return f"{self.starts_at:%d.%m.%Y, %H:%M}"


class InThePast(_OfTime, frozen=True, kw_only=True):
    """The new time is over."""

    KIND: ClassVar[str] = "in_the_past"

    @property
    def sentence(self) -> str:
        return f"Время визита уже прошло: {self.moment}."

    @property
    def despite(self) -> Despite:
        return Despite("in_the_past")


class NotYet(_OfTime, frozen=True, kw_only=True):
    """The visit gets a status that it can hardly have before its time."""

    KIND: ClassVar[str] = "not_yet"

    @property
    def sentence(self) -> str:
        return f"Время визита ещё не наступило: он назначен на {self.moment}."

    @property
    def despite(self) -> Despite:
        return Despite("not_yet")


class _OfAnotherVisit(VisitWarning, frozen=True, kw_only=True):
    """`hidden`: the user may not see the other visit, only that there is one."""

    visit: VisitInTheWay
    hidden: bool = False

    @property
    def about(self) -> Sequence[object]:
        return (self.visit.id,)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"visit": None if self.hidden else self.visit}


class PatientBusy(_OfAnotherVisit, frozen=True, kw_only=True):
    """The patient has another visit at that time."""

    KIND: ClassVar[str] = "patient_busy"

    @property
    def sentence(self) -> str:
        if self.hidden:
            return "Пациент в это время уже записан к другому врачу."
        return f"У пациента в это время уже есть визит №\u00a0{self.visit.number}."

    @property
    def despite(self) -> Despite:
        return Despite("patient_busy", number=self.visit.number)


class RoomTaken(_OfAnotherVisit, frozen=True, kw_only=True):
    """Another visit is in the same room at that time."""

    KIND: ClassVar[str] = "room_taken"

    room: str

    @property
    def about(self) -> Sequence[object]:
        return (self.visit.id, self.room)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"visit": None if self.hidden else self.visit, "room": self.room}

    @property
    def sentence(self) -> str:
        by = "" if self.hidden else f" визитом №\u00a0{self.visit.number}"
        return f"Кабинет «{self.room}» в это время занят{by}."

    @property
    def despite(self) -> Despite:
        return Despite("room_taken", number=self.visit.number, room=self.room)


class ServiceNotGiven(VisitWarning, frozen=True, kw_only=True):
    """The doctor doesn't provide these services (their names)."""

    KIND: ClassVar[str] = "service_not_given"

    doctor_id: UUID
    services: tuple[str, ...]

    @property
    def about(self) -> Sequence[object]:
        return (self.doctor_id, self.services)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"doctor": NamedEmployee(self.doctor_id), "services": self.services}

    @property
    def sentence(self) -> str:
        return f"Врач не оказывает: {', '.join(self.services)}."

    @property
    def despite(self) -> Despite:
        return Despite("service_not_given", services=self.services)
