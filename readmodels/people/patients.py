"""Patients: the list, the search by any part of name, phone or card number (PAT-8), names for other read models.

The search is one statement of three parts: the exact card number; texts that start with the word or phrase (by index, in order of
names); and texts that contain all words (trigram index, limited to some hundreds, because a syllable that half of the patients
share can't be ranked in time). The best matches come first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any, Literal, TypedDict
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row

from aggregates.files import StoredFile
from aggregates.people.patient_fields import NO_DETAILS
from aggregates.people.registry_acceptance import Accepted, format_partial_date
from aggregates.phones import format_phone
from aggregates.values import Scalar
from readmodels.search_text import Word, escaped, like, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.table import Table

BEGINNING = 200
"""Characters of the search text in the index for order and prefixes. An index row is limited to 2 704 bytes, and the text of a
person with many merged cards is longer.
"""
_CANDIDATES, _MANY_CANDIDATES = 300, 1000
_TRIGRAM = 3
_MOST_ORDERED = 3
"""Most words of a query that are tried in every order as the start of a name."""
PatientSort = Literal["name", "-name", "card_number", "-card_number", "birth_date", "-birth_date"]


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
_OFFERED = f"NOT p.deleted AND {WHOLE}"
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


def search(
    conn: Connection[Any], query: str, limit: int = 20, *, patients_of: UUID | None = None, by_name_only: bool = False
) -> list[Patient]:
    """Bookable patients that match a query, best first; for an empty query the first ones by name.

    `patients_of`: the only doctor whose patients the user may see. `by_name_only`: see `matching`.
    """
    if by_name_only and has_digits(query):
        return []
    arms: list[str] = []
    values: dict[str, Any] = {"limit": limit, "candidates": max(_CANDIDATES, limit), "many": _MANY_CANDIDATES}
    offered = _OFFERED if patients_of is None else f"{_OFFERED} AND {own_patients(patients_of, values)}"
    ways = readings(query)
    for way in ways:
        holds = f"{offered} AND {_holds(way, values, by_name_only=by_name_only)}"
        forms = [form for word in way for form in word.forms]
        # several words: only phrases, because another look-up for each word costs more
        openings = forms if len(way) == 1 else _phrases(way)
        numbers = _put(values, forms)
        phrase, first, later = (
            _put(values, [escaped(piece) + "%" for piece in _phrases(way)]),
            _put(values, [escaped(form) + "%" for form in forms]),
            _put(values, ["% " + escaped(form) + "%" for form in forms]),
        )
        columns = f"""p.*, CASE WHEN p.card_number = ANY({numbers}) THEN 0 WHEN p.search LIKE ANY({phrase}) THEN 1
          WHEN p.search LIKE ANY({first}) THEN 2 WHEN p.search LIKE ANY({later}) THEN 3 ELSE 4 END AS rank"""
        arms.append(f"SELECT {columns} FROM patients p WHERE p.card_number = ANY({numbers}) AND {holds}")
        for opening in dict.fromkeys(openings):
            begins = _put(values, escaped(opening[:BEGINNING]) + "%")
            arms.append(f"""(SELECT {columns} FROM patients p WHERE {BY_NAME} LIKE {begins} AND {holds}
              ORDER BY {BY_NAME} LIMIT %(limit)s)""")
        found_by_index = len(way) > 1 and any(len(form) >= _TRIGRAM for form in forms)
        most = "%(many)s" if found_by_index else "%(candidates)s"
        arms.append(f"(SELECT {columns} FROM patients p WHERE {holds} LIMIT {most})")
    if ways:
        text = f"""SELECT {PATIENT_COLUMNS} FROM (SELECT DISTINCT ON (patient_id) * FROM ({" UNION ALL ".join(arms)}) found
          ORDER BY patient_id, rank) p ORDER BY p.rank, {BY_NAME} LIMIT %(limit)s"""
    else:
        text = f"SELECT {PATIENT_COLUMNS} FROM patients p WHERE {offered} ORDER BY {BY_NAME} LIMIT %(limit)s"
    # never prepared: a generic plan can't use the indexes for an unknown pattern
    return conn.cursor(row_factory=class_row(Patient)).execute(text, values, prepare=False).fetchall()


def own_patients(doctor_id: UUID, values: dict[str, Any]) -> str:
    """A condition on `patients p`: the person has a visit (not deleted) with the doctor, past or future. Commands ask the guard
    `doctors_patients` instead. Adds its parameter to `values`.
    """
    return f"""p.patient_id IN (SELECT coalesce(o.merged_into, o.patient_id) FROM calendar v
      JOIN patients o ON o.patient_id = v.patient_id WHERE v.doctor_id = {_put(values, doctor_id)} AND NOT v.deleted)"""


def of_doctors(conn: Connection[Any], patient_ids: Iterable[UUID], doctor_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(doctor, card) for each of these cards whose person is a patient of one of these doctors."""
    query = """SELECT DISTINCT v.doctor_id, p.patient_id FROM patients p
        LEFT JOIN patients k ON k.patient_id = p.merged_into
        JOIN calendar v ON v.patient_id = ANY(coalesce(k.cards, p.cards)) AND NOT v.deleted
      WHERE p.patient_id = ANY(%s) AND v.doctor_id = ANY(%s)"""
    return set(conn.execute(query, (list(patient_ids), list(doctor_ids))).fetchall())


def has_digits(query: str) -> bool:
    """Whether a query may find people by phone or card number; one without digits finds them by name."""
    return any(character.isnumeric() for character in normal(query))


def only_names(found: Iterable[Patient]) -> list[Patient]:
    """The patients as users see them to whom cards aren't open: id, name, and whether the card is deleted."""
    return [_stranger(patient.id, patient.name, deleted=patient.deleted) for patient in found]


def _stranger(patient_id: UUID, name: str, *, card_number: str = "", phone: str = "", deleted: bool = False) -> Patient:
    unknown = dict.fromkeys(("family_name", "given_name", "patronymic", "birth_date", "sex", "comment"), "")
    known = {"card_number": card_number, "name": name, "phone": phone}
    return Patient(id=patient_id, **known, deleted=deleted, version=0, categories=[], **unknown)


def find_by_phone_or_card_number(conn: Connection[Any], phone: str, card_number: str) -> list[Patient]:
    """Bookable patients with this complete phone (stored form) or card number: only their name and the one that matched.

    For users who otherwise see only their own patients, or names.
    """
    query = f"""SELECT DISTINCT ON (p.patient_id) {PATIENT_COLUMNS}, o.card_number = %(number)s AS by_number
      FROM patients o JOIN patients p ON p.patient_id = coalesce(o.merged_into, o.patient_id)
      WHERE (o.card_number = %(number)s OR (o.phone = %(phone)s AND o.phone <> '')) AND {_OFFERED}
      ORDER BY p.patient_id LIMIT 20"""
    found = conn.cursor(row_factory=dict_row).execute(query, {"phone": phone, "number": card_number}, prepare=False).fetchall()
    return [
        _stranger(card["id"], card["name"], card_number=card_number)
        if card["by_number"]
        else _stranger(card["id"], card["name"], phone=phone)
        for card in found
    ]


def listing(
    conn: Connection[Any],
    query: str = "",
    sort: PatientSort = "name",
    page: int = 1,
    size: int = 50,
    *,
    category_id: UUID | None = None,
    source_id: UUID | None = None,
    deleted: bool = False,
) -> tuple[list[Patient], int]:
    """One page of the patients that match a query (all for an empty one), a category and a source, and the total.

    Deleted ones only on request.
    """
    values: dict[str, Any] = {"size": size, "skip": (page - 1) * size}
    conditions = [WHOLE if deleted else _OFFERED, matching(query, values)]
    if category_id is not None:
        conditions.append(f"p.categories @> {_put(values, [category_id])}")
    if source_id is not None:
        conditions.append(f"p.details ->> 'source_id' = {_put(values, str(source_id))}")
    where = " AND ".join(conditions)
    # find the page first: otherwise columns are computed for all pages before it too
    text = f"""SELECT {PATIENT_COLUMNS} FROM patients p WHERE p.patient_id IN (
        SELECT p.patient_id FROM patients p WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s)
      ORDER BY {_ORDERS[sort]}"""
    items = conn.cursor(row_factory=class_row(Patient)).execute(text, values, prepare=False).fetchall()
    count = f"SELECT count(*) FROM patients p WHERE {where}"
    total = conn.cursor(row_factory=scalar_row).execute(count, values, prepare=False).fetchone()
    return items, total or 0


def matching(query: str, values: dict[str, Any], *, by_name_only: bool = False) -> str:
    """A condition on `patients p` for a query. Adds its parameters to `values`.

    `by_name_only`: phone and card number find nobody, since pieces of them would reveal them bit by bit.
    """
    if by_name_only and has_digits(query):
        return "false"
    ways = readings(query)
    return "(" + " OR ".join(_holds(way, values, by_name_only=by_name_only) for way in ways) + ")" if ways else "true"


def cards_meant(query: str, values: dict[str, Any], *, by_name_only: bool = False) -> str:
    """A subquery of the ids of all cards of people that match a query. Adds its parameters to `values`."""
    found = matching(query, values, by_name_only=by_name_only)
    return f"SELECT unnest(p.cards) FROM patients p WHERE {WHOLE} AND {found}"


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


_BY_CARD = "length(p.card_number), p.card_number"
_ORDERS: dict[PatientSort, str] = {
    "name": f"{BY_NAME}, p.patient_id",
    "-name": f"{BY_NAME} DESC, p.patient_id DESC",
    "card_number": f"{_BY_CARD}, p.patient_id",
    "-card_number": "length(p.card_number) DESC, p.card_number DESC, p.patient_id DESC",
    "birth_date": f"p.birth_date = '', p.birth_date, {BY_NAME}",
    "-birth_date": f"p.birth_date DESC, {BY_NAME}",
}


def _holds(words: Sequence[Word], values: dict[str, Any], *, by_name_only: bool = False) -> str:
    """Condition: the text contains every word; `by_name_only`: before the card number. Pieces too short for a trigram are
    searched without the index, because PostgreSQL would read all of it.
    """
    conditions = []
    for word in words:
        forms = [
            f"p.search LIKE {_put(values, like(form))}"
            if len(form) >= _TRIGRAM
            else f"strpos(p.search, {_put(values, form)}) > 0"
            for form in word.forms
        ]
        conditions.append("(" + " OR ".join(forms) + ")")
        if by_name_only:
            named = [f"strpos(split_part(p.search, '№', 1), {_put(values, form)}) > 0" for form in word.forms]
            conditions.append("(" + " OR ".join(named) + ")")
    return " AND ".join(conditions)


def _phrases(words: Sequence[Word]) -> list[str]:
    """The words in every order: «иванов петр» and «петр иванов»."""
    return [" ".join(order) for order in permutations(word.forms[0] for word in words)] if len(words) <= _MOST_ORDERED else []


def _put(values: dict[str, Any], value: Any) -> str:
    name = f"v{len(values)}"
    values[name] = value
    return f"%({name})s"


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    for patient in search(conn, query, MOST, patients_of=asker.patients_of) if asker.opens_patient_cards else ():
        known = (f"карта № {patient.card_number}", format_partial_date(patient.birth_date), format_phone(patient.phone))
        yield Hit(patient.id, patient.name, ", ".join(part for part in known if part))


SEARCHABLE = Searchable("patient", "Пациенты", right="calendar", reads=("patients",), find=_find)
