"""What a list of personal data declares for the access log (SEC-6): its name, its filters in words, and who may print it.

An `AccessedList` stands with its concept's words, or beside the queries of a list without a concept, and is found there
(`aggregates/discovery.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from aggregates.access.rights import Right
from readmodels.words.values import Named


@dataclass(frozen=True)
class Filter:
    """A filter of a list.

    label      what it is called: «врач».
    refers     type of the objects that it names by id.
    refers_by  the filter that says this type, where it varies.
    shown      any other value in words: «запланирован».
    """

    label: str
    refers: str = ""
    refers_by: str = ""
    shown: Callable[[str], str] = str

    def object(self, value: str, others: Mapping[str, object]) -> Named | None:
        """The object that a value names by its id, beside the other filters; None if it names none."""
        object_type = self.refers or others.get(self.refers_by)
        try:
            return Named(str(object_type), UUID(value)) if object_type else None
        except ValueError:
            return None


def _day(text: str) -> str:
    """«01.02.2026»."""
    return ".".join(reversed(text.split("-")))


def yes_no(text: str) -> str:
    """A flag, as it stands in JSON or in an address."""
    return {"true": "да", "false": "нет"}.get(text.lower(), text)


QUERY = {"q": Filter("поиск")}
PERIOD = {"from": Filter("с", shown=_day), "to": Filter("по", shown=_day)}
DELETED = {"deleted": Filter("с удалёнными", shown=yes_no)}


@dataclass(frozen=True, kw_only=True, eq=False)
class AccessedList:
    """One list of personal data.

    type     what the access log stores of it: the type of its objects, or a name of its own.
    label    what the list is called: «Пациенты».
    path     the API's route of the list.
    rights   rights of which one is enough to print or export it, or one of its objects.
    filters  the route's filters and those of other looks at such objects, in the order in which they are shown.
    """

    type: str
    label: str
    path: str
    rights: tuple[Right, ...]
    filters: Mapping[str, Filter]
