"""Which changes the federal registry accepts in a card that it has accepted before: the birth date may only become more complete,
and only one of the three parts of the name may change (PAT-4). Pure rules, used by cards, API and imports.
"""

import re
from typing import ClassVar

import msgspec

from aggregates.kernel import DomainError
from aggregates.people.person import PersonName

_DATE = re.compile(r"(?:(?P<year>[0-9]{4})|-)(?:-(?P<month>[0-9]{2}))?(?:-(?P<day>[0-9]{2}))?")
_PARTS = {"year": "год", "month": "месяц", "day": "день"}
_NAMES = {"family_name": "фамилия", "given_name": "имя", "patronymic": "отчество"}
LIMITED = frozenset({*_NAMES, "birth_date"})
"""Fields that these rules restrict."""


class Accepted(msgspec.Struct, frozen=True):
    """Name and birth date as the registry last accepted them."""

    name: PersonName
    birth_date: str


class BirthDateAccepted(DomainError):
    """The registry has another birth date. Facts: `field`, `accepted`, `parts` (those that differ: year, month, day)."""

    code: ClassVar[str] = "birth_date_accepted_by_registry"

    @property
    def sentence(self) -> str:
        parts = " и ".join(_PARTS[part] for part in self.facts["parts"])
        return (
            f"Карта передана в ЕГИСЗ с датой рождения {format_partial_date(self.facts['accepted'])}: её можно только дополнить, "
            f"а {parts} не {'совпадает' if len(self.facts['parts']) == 1 else 'совпадают'}."
        )


class NameAccepted(DomainError):
    """More than one part of the name differs from the registry's.

    Facts: `field` (the first of them), `fields`, `accepted` (PersonName).
    """

    code: ClassVar[str] = "name_accepted_by_registry"

    @property
    def sentence(self) -> str:
        changed = " и ".join(_NAMES[field] for field in self.facts["fields"])
        return (
            f"Карта передана в ЕГИСЗ на имя «{self.facts['accepted'].full}»: за одну передачу меняется только одна часть ФИО, "
            f"а здесь меняются {changed}."
        )


def parts_of_date(written: str) -> dict[str, str]:
    """The known parts of a partial date: {"year": "1999", "month": "01"}."""
    match = _DATE.fullmatch(written)
    return {part: value for part, value in match.groupdict().items() if value} if match else {}


def format_partial_date(written: str) -> str:
    """«15.01.1999», «01.1999», «1999» or «15.01», from the stored form."""
    return ".".join(reversed([part for part in written.split("-") if part]))


def lost_parts(accepted: str, new: str) -> tuple[str, ...]:
    """The parts of an accepted birth date that a new one changes or omits; none if it only adds parts."""
    new_parts = parts_of_date(new)
    return tuple(part for part, value in parts_of_date(accepted).items() if new_parts.get(part) != value)


def changed_parts(accepted: PersonName, new: PersonName) -> tuple[str, ...]:
    """The parts of a name that differ, added and removed ones included."""
    was, now = accepted.fields(), new.fields()
    return tuple(part for part in was if was[part] != now[part])


def require_birth_date(accepted: Accepted, new: str) -> None:
    """BirthDateAccepted."""
    if parts := lost_parts(accepted.birth_date, new):
        raise BirthDateAccepted(field="birth_date", accepted=accepted.birth_date, parts=list(parts))


def require_name(accepted: Accepted, new: PersonName) -> None:
    """NameAccepted."""
    parts = changed_parts(accepted.name, new)
    if len(parts) > 1:
        raise NameAccepted(field=parts[0], fields=list(parts), accepted=accepted.name)
