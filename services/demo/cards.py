"""The optional fields of the demonstration's patient cards. Each card has a random generator of its own, so that a change here
leaves the rest of the timeline as it is.
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


def details(rng: Random, person: Person, born: date, today: date) -> dict[str, str]:
    """Fields of a card; of children also the legal representative."""
    fields: dict[str, str] = {}
    address = _Address(rng.choice(CITIES), rng.choice(STREETS), str(rng.randrange(1, 90)), str(rng.randrange(1, 200)))
    if rng.random() < 0.6:
        fields |= address._asdict()
    if rng.random() < 0.5:
        fields |= {"snils": _snils(rng), "policy_kind": "oms", "policy_insurer": rng.choice(INSURERS)}
        fields["policy_number"] = f"{rng.randrange(10**15, 10**16)}"
    age = today.year - born.year
    if age < OF_AGE:
        return fields | _representative(rng, person, address)
    if rng.random() < 0.3:
        fields |= _prefixed("passport_", _passport(rng, born.year + 20))
    if rng.random() < 0.2:
        fields["other_phones"] = f"рабочий +7 495 {rng.randrange(100, 1000)}-{rng.randrange(10, 100)}-{rng.randrange(10, 100)}"
    return fields


def references(rng: Random, catalogues: Catalogues) -> dict[str, object]:
    """Where a patient came from and what the clinic marks them as, where it is known."""
    fields: dict[str, object] = {}
    if rng.random() < KNOWN_SOURCES:
        fields["source_id"] = catalogues.id(Source, rng.choice(SOURCES))
    if rng.random() < IN_A_CATEGORY:
        names = rng.sample(list(CATEGORIES), 2 if rng.random() < 0.2 else 1)
        fields["categories"] = [catalogues.id(PatientCategory, name) for name in names]
    return fields


def _representative(rng: Random, child: Person, address: _Address) -> dict[str, str]:
    parent = invent_person(rng)
    family = child.family_name.removesuffix("а") if child.sex == "f" else child.family_name
    fields = {
        "family_name": family + ("а" if parent.sex == "f" else ""),
        "given_name": parent.given_name,
        "patronymic": parent.patronymic,
        "relation": {"f": "мать", "m": "отец"}[parent.sex],
        "birth_date": f"{rng.randrange(1975, 1992)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "phone": invent_phone(rng),
        "snils": _snils(rng),
        "address": f"{address.city}, {address.street}, {address.house}, кв. {address.flat}",
        "document_kind": "passport",
        **_prefixed("document_", _passport(rng, 2012)),
    }
    return _prefixed("representative_", fields)


def _passport(rng: Random, year: int) -> dict[str, str]:
    return {
        "series": f"45{rng.randrange(100):02}",
        "number": f"{rng.randrange(100_000, 1_000_000)}",
        "issued_on": f"{min(year, 2020)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "issued_by": rng.choice(OFFICES),
    }


def _prefixed(prefix: str, fields: dict[str, str]) -> dict[str, str]:
    return {prefix + name: value for name, value in fields.items()}


def _snils(rng: Random) -> str:
    nine = f"{rng.randrange(2_000_000, 200_000_000):09}"
    return f"{nine}{check_number(nine):02}"
