"""Accepted warnings, of visits and services."""

from collections.abc import Iterable

from aggregates.despite import Despite
from readmodels.words.values import Change

_MOST_NUMBERS = 20


def accepted(despite: Iterable[Despite]) -> Iterable[Change]:
    """Each warning as a change of its own."""
    for warning in despite:
        yield Change("Несмотря на предупреждение", None, _warning(warning))


def _warning(warning: Despite) -> str:
    match warning.kind:
        case "in_the_past":
            return "время визита уже прошло"
        case "patient_busy":
            return f"у пациента в это время визит № {warning.number}"
        case "room_taken":
            return f"кабинет «{warning.room}» занят визитом № {warning.number}"
        case "service_not_given":
            return f"врач не оказывает: {', '.join(warning.services)}"
        case "not_yet":
            return "время визита ещё не наступило"
        case "service_taken" | "service_deleted":
            return f"с этой услугой остались предстоящие визиты: {_numbers(warning.visits)}"


def _numbers(visits: tuple[int, ...]) -> str:
    more = f" и ещё {len(visits) - _MOST_NUMBERS}" if len(visits) > _MOST_NUMBERS else ""
    return ", ".join(f"№ {number}" for number in visits[:_MOST_NUMBERS]) + more
