"""Warnings that a person has to confirm before a visit is saved or a service is taken from a doctor: allowed, but perhaps a
mistake (CAL-19).

Collected by `commands/scheduling/visit_warnings.py` and `commands/clinic/service_warnings.py`. The event stores the accepted ones
(`despite`), for the journal.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.despite import Despite, WarningKind
from aggregates.kernel import DomainError
from aggregates.visits_in_the_way import VisitInTheWay


class VisitOfServices(VisitInTheWay, frozen=True):
    """A coming visit, and the names of its services that the warning is about."""

    services: tuple[str, ...] = ()


class VisitWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One warning. `visit`: the conflicting visit; `starts_at`: of the visit itself, if the warning is about its time.

    `hidden`: the user may not see the conflicting visit, only that there is one.
    `visits`: all that lose a service; `visible`: those that the user may see.
    """

    kind: WarningKind
    visit: VisitInTheWay | None = None
    hidden: bool = False
    doctor_id: UUID | None = None
    services: tuple[str, ...] = ()
    room: str = ""
    starts_at: datetime | None = None
    visits: tuple[VisitOfServices, ...] = ()
    visible: tuple[VisitOfServices, ...] = ()

    @property
    def key(self) -> str:
        """Identifies the warning when it is accepted; it changes with the visit, doctor, service or time."""
        visit_id = self.visit.id if self.visit else None
        about = f"{visit_id} {self.doctor_id} {self.services} {self.room} {self.starts_at}"
        about += "".join(f" {visit.id} {visit.doctor_id} {visit.services}" for visit in self.visits)
        return f"{self.kind}:{sha256(about.encode()).hexdigest()[:16]}"

    @property
    def despite(self) -> Despite:
        return Despite(self.kind, self.visit.number if self.visit else None, self.room, self.services)

    @property
    def sentence(self) -> str:
        known = None if self.hidden or self.visit is None else f"№\u00a0{self.visit.number}"
        match self.kind:
            case "in_the_past":
                return f"Время визита уже прошло: {_moment(self.starts_at)}."
            case "patient_busy" if known:
                return f"У пациента в это время уже есть визит {known}."
            case "patient_busy":
                return "Пациент в это время уже записан к другому врачу."
            case "room_taken" if known:
                return f"Кабинет «{self.room}» в это время занят визитом {known}."
            case "room_taken":
                return f"Кабинет «{self.room}» в это время занят."
            case "service_not_given":
                return f"Врач не оказывает: {', '.join(self.services)}."
            case "not_yet":
                return f"Время визита ещё не наступило: он назначен на {_moment(self.starts_at)}."
            case "service_taken":
                one = len({visit.doctor_id for visit in self.visits}) == 1
                stops = "Врач больше не будет оказывать" if one else "Врачи больше не будут оказывать"
                return f"{stops}: {', '.join(self.services)}. {self._booked} Визиты не изменятся: перенесите их к другому врачу."
            case "service_deleted":
                return f"Удаляется услуга: {', '.join(self.services)}. {self._booked} В этих визитах она останется."

    @property
    def _booked(self) -> str:
        others = len(self.visits) - len(self.visible)
        hidden = "" if not others else f", из них не к вам: {others}" if self.visible else ", все не к вам"
        what = "с этой услугой" if len(self.services) == 1 else "с этими услугами"
        return f"Предстоящих визитов {what}: {len(self.visits)}{hidden}."


class ShownWarning(msgspec.Struct, frozen=True):
    """A warning as a refusal shows it."""

    key: str
    kind: WarningKind
    sentence: str
    visit: VisitInTheWay | None
    doctor_id: UUID | None
    services: tuple[str, ...]
    room: str
    starts_at: datetime | None
    visits: tuple[VisitOfServices, ...]


class NeedsConfirmation(DomainError):
    """Repeat the request with the keys of all these warnings accepted. Facts: `warnings`, a list of ShownWarning."""

    code: ClassVar[str] = "needs_confirmation"

    def __init__(self, warnings: Sequence[VisitWarning]) -> None:
        super().__init__(
            warnings=[
                ShownWarning(
                    warning.key,
                    warning.kind,
                    warning.sentence,
                    None if warning.hidden else warning.visit,
                    warning.doctor_id,
                    warning.services,
                    warning.room,
                    warning.starts_at,
                    warning.visible,
                )
                for warning in warnings
            ]
        )

    @property
    def sentence(self) -> str:
        return " ".join(["Проверьте, всё ли верно.", *(warning.sentence for warning in self.facts["warnings"])])


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%d.%m.%Y, %H:%M}"
