"""Patients: the list, and the search by any part of name, phone or card number (PAT-8).

The search is one statement of three parts: the exact card number; texts that start with the word or phrase (by index, in order of
names); and texts that contain all words (trigram index, limited to some hundreds, because a syllable that half of the patients
share can't be ranked in time). The best matches come first.
"""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row

from aggregates.people.registry_acceptance import format_partial_date
from aggregates.phones import format_phone
from readmodels.people.patients import BEGINNING, BY_NAME, OFFERED, PATIENT_COLUMNS, WHOLE, Patient
from readmodels.search_text import Word, escaped, like, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable

_CANDIDATES, _MANY_CANDIDATES = 300, 1000
_TRIGRAM = 3
_MOST_ORDERED = 3
"""Most words of a query that are tried in every order as the start of a name."""
PatientSort = Literal["name", "-name", "card_number", "-card_number", "birth_date", "-birth_date"]
_BY_CARD = "length(p.card_number), p.card_number"
_ORDERS: dict[PatientSort, str] = {
    "name": f"{BY_NAME}, p.patient_id",
    "-name": f"{BY_NAME} DESC, p.patient_id DESC",
    "card_number": f"{_BY_CARD}, p.patient_id",
    "-card_number": "length(p.card_number) DESC, p.card_number DESC, p.patient_id DESC",
    "birth_date": f"p.birth_date = '', p.birth_date, {BY_NAME}",
    "-birth_date": f"p.birth_date DESC, {BY_NAME}",
}


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
    offered = OFFERED if patients_of is None else f"{OFFERED} AND {own_patients(patients_of, values)}"
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
      WHERE (o.card_number = %(number)s OR (o.phone = %(phone)s AND o.phone <> '')) AND {OFFERED}
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
    conditions = [WHOLE if deleted else OFFERED, matching(query, values)]
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
