"""Patients: their cards, and names for other read models. Lists and the search are in `patient_search.py`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row, scalar_row

from aggregates.files import StoredFile
from aggregates.people.patient_fields import NO_DETAILS
from aggregates.people.registry_acceptance import Accepted
from aggregates.values import Scalar
from readmodels.search_text import normal
from readmodels.table import Table

BEGINNING = 200
"""Characters of the search text in the index for order and prefixes. An index row is limited to 2 704 bytes, and the text of a
person with many merged cards is longer.
"""


class AbsorbedCard(msgspec.Struct, frozen=True):
    """A merged card, as it was then; `search` still finds the person."""

    id: UUID
    card_number: str
    name: str
    search: str


class PatientRow(msgspec.Struct, frozen=True):
    """A patient's card as it is now. `name` in one piece, and `search`, are made of the others by `full_name` and `search_of`:
    a week of the calendar reads 1 500 of them.
    """

    patient_id: UUID
    card_number: str
    family_name: str
    given_name: str
    patronymic: str
    name: str
    name_key: str
    """In the form of `person_name_key`."""
    phone: str
    birth_date: str
    sex: str
    comment: str
    details: dict[str, Scalar]
    """The fields of `patient_fields.DETAILS` that aren't empty."""
    categories: tuple[UUID, ...]
    registry: Accepted | None
    photo: StoredFile | None
    deleted: bool
    merged_into: UUID | None
    absorbed: tuple[AbsorbedCard, ...]
    cards: tuple[UUID, ...]
    """Ids of all cards of the person: this one and those merged into it."""
    search: str
    version: int


TABLE = Table(
    "patients",
    PatientRow,
    key=("patient_id",),
    indexes=(
        "using gin (search gin_trgm_ops)",
        f'((left(search, {BEGINNING}) COLLATE "C"))',
        "using hash (name_key)",
        "(card_number)",
        "(phone) WHERE phone <> ''",
        "using gin (categories)",
        "(merged_into) WHERE merged_into IS NOT NULL",
        "((details ->> 'source_id'))",  # of all rows: the planner has no statistics for the expression of a partial index
    ),
    extensions=("pg_trgm",),
)


_PHONES = ("other_phones", "representative_phone")
"""Details with further phone numbers."""
_NUMBER = re.compile(r"[+(]?\d[\d ()\u00a0\-–.]*\d")
_SHORTEST_PHONE, _OF_COUNTRY = 5, 11
"""Digits of a local number, and of a national one with prefix."""


class Category(TypedDict):
    """One of the patient's categories; `color` such as #7a5b00."""

    id: UUID
    name: str
    color: str


class Patient(msgspec.Struct, frozen=True):
    """A patient for lists. `categories` by name."""

    id: UUID
    card_number: str
    family_name: str
    given_name: str
    patronymic: str
    name: str
    phone: str
    birth_date: str
    sex: str
    comment: str
    deleted: bool
    version: int
    categories: list[Category]


_CATEGORIES = """(SELECT coalesce(json_agg(json_build_object('id', c.entry_id, 'name', c.name, 'color', c.card ->> 'color')
  ORDER BY translate(lower(c.name), 'ё', 'е') COLLATE "C"), '[]') FROM catalogue c WHERE c.entry_id = ANY(p.categories))"""
PATIENT_COLUMNS = f"""p.patient_id AS id, p.card_number, p.family_name, p.given_name, p.patronymic, p.name, p.phone, p.birth_date,
  p.sex, p.comment, p.deleted, p.version, {_CATEGORIES} AS categories"""
WHOLE = "p.merged_into IS NULL"
"""Condition: not merged into another card."""
BY_NAME = f'left(p.search, {BEGINNING}) COLLATE "C"'
"""Order by name, of `patients p`."""
OFFERED = f"NOT p.deleted AND {WHOLE}"
"""Condition: can be booked."""


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """«Иванов Пётр Сергеевич»."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def search_of(
    card_number: str, family_name: str, given_name: str, patronymic: str, phone: str, details: Mapping[str, Scalar] = NO_DETAILS
) -> str:
    """The search text: name, digits of phones, card number after «№»."""
    own = "".join(character for character in phone if character.isdecimal())
    others = [number for field in _PHONES for number in phones_in(str(details.get(field, "")))]
    return normal(" ".join([family_name, given_name, patronymic, own, *others, f"№{card_number}"]))


def phones_in(written: str) -> list[str]:
    """Digits of the phone numbers in a free text («дом. 8 (495) 765-43-21, мама»); Russian ones start with 7."""
    found = []
    for run in _NUMBER.findall(written):
        digits = "".join(character for character in run if character.isdecimal())
        if len(digits) == _OF_COUNTRY and digits.startswith("8"):
            digits = "7" + digits[1:]
        if len(digits) >= _SHORTEST_PHONE:
            found.append(digits)
    return found


def get(conn: Connection[Any], patient_id: UUID) -> dict[str, Any] | None:
    """One patient's whole card, by field."""
    query = f"""SELECT {PATIENT_COLUMNS}, p.details, p.registry, p.photo, p.absorbed,
        k.patient_id AS into_id, k.name AS into_name, k.card_number AS into_number, s.entry_id AS source_id, s.name AS source_name
      FROM patients p LEFT JOIN patients k ON k.patient_id = p.merged_into
        LEFT JOIN catalogue s ON s.entry_id = (p.details ->> 'source_id')::uuid WHERE p.patient_id = %s"""
    found = conn.cursor(row_factory=dict_row).execute(query, (patient_id,)).fetchone()
    if found is None:
        return None
    into = {"id": found.pop("into_id"), "name": found.pop("into_name"), "card_number": found.pop("into_number")}
    source = {"id": found.pop("source_id"), "name": found.pop("source_name")}
    parts = [{name: part[name] for name in ("id", "name", "card_number")} for part in found.pop("absorbed")]
    linked = {"merged_into": into if into["id"] else None, "absorbed": parts, "source": source if source["id"] else None}
    card = {**NO_DETAILS, **found.pop("details"), **found, **linked}
    del card["source_id"]  # `source` has it, with its name
    return card


def categories(conn: Connection[Any], patient_id: UUID) -> list[Category]:
    """A patient's categories by name; none for an unknown patient."""
    query = f"SELECT {_CATEGORIES} FROM patients p WHERE p.patient_id = %s"
    return conn.cursor(row_factory=scalar_row).execute(query, (patient_id,)).fetchone() or []


def all_cards(conn: Connection[Any], ids: Iterable[UUID]) -> list[UUID]:
    """Ids of these cards and of all cards merged into them."""
    query = "SELECT unnest(cards) FROM patients WHERE patient_id = ANY(%s)"
    return conn.cursor(row_factory=scalar_row).execute(query, (list(ids),)).fetchall()


def photo(conn: Connection[Any], patient_id: UUID) -> StoredFile | None:
    """The file of a patient's photo, or None."""
    found = (
        conn.cursor(row_factory=scalar_row).execute("SELECT photo FROM patients WHERE patient_id = %s", (patient_id,)).fetchone()
    )
    return found and msgspec.convert(found, StoredFile)


def of_doctors(conn: Connection[Any], patient_ids: Iterable[UUID], doctor_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(doctor, card) for each of these cards whose person is a patient of one of these doctors."""
    query = """SELECT DISTINCT v.doctor_id, p.patient_id FROM patients p
        LEFT JOIN patients k ON k.patient_id = p.merged_into
        JOIN calendar v ON v.patient_id = ANY(coalesce(k.cards, p.cards)) AND NOT v.deleted
      WHERE p.patient_id = ANY(%s) AND v.doctor_id = ANY(%s)"""
    return set(conn.execute(query, (list(patient_ids), list(doctor_ids))).fetchall())


def names(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, str]:
    """Id → full name; for a merged card, the survivor's."""
    query = """SELECT p.patient_id, coalesce(k.name, p.name) FROM patients p
      LEFT JOIN patients k ON k.patient_id = p.merged_into WHERE p.patient_id = ANY(%s)"""
    return dict(conn.execute(query, (list(ids),)).fetchall())


def card_numbers(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, str]:
    """Id → the card's own number."""
    query = "SELECT patient_id, card_number FROM patients WHERE patient_id = ANY(%s)"
    return dict(conn.execute(query, (list(ids),)).fetchall())


def phones(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, str]:
    """Id → main phone; for a merged card, the survivor's or else its own."""
    query = """SELECT p.patient_id, coalesce(nullif(k.phone, ''), p.phone) FROM patients p
      LEFT JOIN patients k ON k.patient_id = p.merged_into WHERE p.patient_id = ANY(%s)"""
    return dict(conn.execute(query, (list(ids),)).fetchall())
