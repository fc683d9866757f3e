"""Warnings before a visit is saved, collected by `commands/scheduling/visit_warnings.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.conflicting_visit import ConflictingVisit
from aggregates.despite import Despite
from aggregates.employees_named import NamedEmployee
from aggregates.warnings import DomainWarning


class VisitWarning(DomainWarning, frozen=True, kw_only=True):
    """A warning about a visit."""

    @property
    def despite(self) -> Sequence[Despite]:
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
    def despite(self) -> Sequence[Despite]:
        return (Despite("in_the_past"),)


class NotYet(_OfTime, frozen=True, kw_only=True):
    """The visit gets a status that it can hardly have before its time."""

    KIND: ClassVar[str] = "not_yet"

    @property
    def sentence(self) -> str:
        return f"Время визита ещё не наступило: он назначен на {self.moment}."

    @property
    def despite(self) -> Sequence[Despite]:
        return (Despite("not_yet"),)


class _OfOtherVisits(VisitWarning, frozen=True, kw_only=True):
    """`visits`: one that the user may see, or, if `hidden`, all that they may not: they learn only how many there are."""

    visits: tuple[ConflictingVisit, ...]
    hidden: bool = False

    @property
    def about(self) -> Sequence[object]:
        return tuple(visit.id for visit in self.visits)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"visit": None, "others": len(self.visits)} if self.hidden else {"visit": self.visits[0], "others": 0}


class PatientBusy(_OfOtherVisits, frozen=True, kw_only=True):
    """The patient has another visit at that time."""

    KIND: ClassVar[str] = "patient_busy"

    @property
    def sentence(self) -> str:
        if not self.hidden:
            return f"У пациента в это время уже есть визит №\u00a0{self.visits[0].number}."
        if len(self.visits) == 1:
            return "Пациент в это время уже записан к другому врачу."
        return f"Пациент в это время уже записан к другим врачам, визитов: {len(self.visits)}."

    @property
    def despite(self) -> Sequence[Despite]:
        return [Despite("patient_busy", number=visit.number) for visit in self.visits]


class RoomTaken(_OfOtherVisits, frozen=True, kw_only=True):
    """Another visit is in the same room at that time."""

    KIND: ClassVar[str] = "room_taken"

    room: str

    @property
    def about(self) -> Sequence[object]:
        return (*super().about, self.room)

    @property
    def shown(self) -> Mapping[str, Any]:
        return {**super().shown, "room": self.room}

    @property
    def sentence(self) -> str:
        if not self.hidden:
            by = f" визитом №\u00a0{self.visits[0].number}"
        else:
            by = "" if len(self.visits) == 1 else f", визитов: {len(self.visits)}"
        return f"Кабинет «{self.room}» в это время занят{by}."

    @property
    def despite(self) -> Sequence[Despite]:
        return [Despite("room_taken", number=visit.number, room=self.room) for visit in self.visits]


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
    def despite(self) -> Sequence[Despite]:
        return (Despite("service_not_given", services=self.services),)
