"""What the demonstration's patients tell of themselves beside name and phone. Drawn by dice of the card's own, so that the
story around it stays as it is.
"""

from datetime import date
from random import Random
from typing import NamedTuple

from aggregates.catalogues import PatientCategory, Source
from aggregates.people.person import check_number
from services.demo.catalogues import CATEGORIES, SOURCES, Catalogues
from services.demo.people import Person, invent_person, invent_phone

CITIES = ("Москва", "Москва", "Москва", "Химки", "Мытищи", "Люберцы")
STREETS = ("ул. Садовая", "ул. Лесная", "пр-т Мира", "ул. Гагарина", "ул. Парковая", "Новая ул.", "ул. Чехова")
INSURERS = ("СОГАЗ-Мед", "МАКС-М", "Ингосстрах-М", "Капитал МС")
OFFICES = ("ОВД «Садовый»", "ГУ МВД по г. Москве", "ОВД «Лесной»")
OF_AGE = 18
KNOWN_SOURCES, IN_A_CATEGORY = 0.5, 0.15
"""Of all patients."""


class _Address(NamedTuple):
    city: str
    street: str
    house: str
    flat: str


def details(dice: Random, person: Person, born: date, today: date) -> dict[str, str]:
    """Fields of a card; of children also the legal representative."""
    told: dict[str, str] = {}
    address = _Address(dice.choice(CITIES), dice.choice(STREETS), str(dice.randrange(1, 90)), str(dice.randrange(1, 200)))
    if dice.random() < 0.6:
        told |= address._asdict()
    if dice.random() < 0.5:
        told |= {"snils": _snils(dice), "policy_kind": "oms", "policy_insurer": dice.choice(INSURERS)}
        told["policy_number"] = f"{dice.randrange(10**15, 10**16)}"
    age = today.year - born.year
    if age < OF_AGE:
        return told | _representative(dice, person, address)
    if dice.random() < 0.3:
        told |= _prefixed("passport_", _passport(dice, born.year + 20))
    if dice.random() < 0.2:
        told["other_phones"] = f"рабочий +7 495 {dice.randrange(100, 1000)}-{dice.randrange(10, 100)}-{dice.randrange(10, 100)}"
    return told


def references(dice: Random, catalogues: Catalogues) -> dict[str, object]:
    """Where a patient came from and what the clinic marks them as, where it is known."""
    told: dict[str, object] = {}
    if dice.random() < KNOWN_SOURCES:
        told["source_id"] = catalogues.id(Source, dice.choice(SOURCES))
    if dice.random() < IN_A_CATEGORY:
        names = dice.sample(list(CATEGORIES), 2 if dice.random() < 0.2 else 1)
        told["categories"] = [catalogues.id(PatientCategory, name) for name in names]
    return told


def _representative(dice: Random, child: Person, address: _Address) -> dict[str, str]:
    parent = invent_person(dice)
    family = child.family_name.removesuffix("а") if child.sex == "f" else child.family_name
    told = {
        "family_name": family + ("а" if parent.sex == "f" else ""),
        "given_name": parent.given_name,
        "patronymic": parent.patronymic,
        "relation": {"f": "мать", "m": "отец"}[parent.sex],
        "birth_date": f"{dice.randrange(1975, 1992)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
        "phone": invent_phone(dice),
        "snils": _snils(dice),
        "address": f"{address.city}, {address.street}, {address.house}, кв. {address.flat}",
        "document_kind": "passport",
        **_prefixed("document_", _passport(dice, 2012)),
    }
    return _prefixed("representative_", told)


def _passport(dice: Random, year: int) -> dict[str, str]:
    return {
        "series": f"45{dice.randrange(100):02}",
        "number": f"{dice.randrange(100_000, 1_000_000)}",
        "issued_on": f"{min(year, 2020)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
        "issued_by": dice.choice(OFFICES),
    }


def _prefixed(prefix: str, fields: dict[str, str]) -> dict[str, str]:
    return {prefix + name: value for name, value in fields.items()}


def _snils(dice: Random) -> str:
    nine = f"{dice.randrange(2_000_000, 200_000_000):09}"
    return f"{nine}{check_number(nine):02}"
