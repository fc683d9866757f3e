"""How any object of the clinic is called, by kind and id: for the journal, the history and the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from psycopg import Connection

from aggregates.catalogues import CATALOGUES
from readmodels import dictionaries
from readmodels.journal_texts import OBJECTS
from readmodels.journal_values import Coded, Named, ObjectType, Value
from readmodels.people.employees import FULL_NAME
from readmodels.search_text import Word, like

ObjectKey = tuple[ObjectType, UUID]

_ENTRIES: tuple[ObjectType, ...] = tuple(cast("ObjectType", kind.TOPIC) for kind in CATALOGUES)
_NAMES: Mapping[ObjectType, str] = {
    **dict.fromkeys(_ENTRIES, "SELECT entry_id, name FROM catalogue WHERE entry_id = ANY(%s)"),
    "employee": f"SELECT t.employee_id, {FULL_NAME.format('t')} FROM employees t WHERE t.employee_id = ANY(%s)",
    "patient": "SELECT patient_id, name, card_number FROM patients WHERE patient_id = ANY(%s)",
    "service": "SELECT service_id, name FROM services WHERE service_id = ANY(%s)",
    "visit": """SELECT c.visit_id, c.number::text, coalesce(' (' || coalesce(k.name, p.name) || ')', '')
      FROM calendar c LEFT JOIN patients p USING (patient_id) LEFT JOIN patients k ON k.patient_id = p.merged_into
      WHERE c.visit_id = ANY(%s)""",
    "rights_set": "SELECT rights_set_id, name FROM rights_sets WHERE rights_set_id = ANY(%s)",
    "access": f"""SELECT a.access_id, {FULL_NAME.format("t")} FROM accesses a JOIN employees t USING (employee_id)
      WHERE a.access_id = ANY(%s)""",
}
_TITLES: Mapping[ObjectType, str] = {
    **{topic: OBJECTS[topic] + " «{0}»" for topic in _ENTRIES},
    "employee": "Сотрудник {0}",
    "patient": "Карта пациента № {1} ({0})",
    "service": "Услуга «{0}»",
    "visit": "Визит № {0}{1}",
    "rights_set": "Набор прав «{0}»",
    "access": "Доступ к системе ({0})",
}


class ObjectNames:
    """Names of objects, and of what values of theirs refer to, looked up at once: one statement for each kind that occurs."""

    def __init__(self, conn: Connection[Any], keys: Iterable[ObjectKey], values: Iterable[Value] = ()) -> None:
        wanted: dict[ObjectType, set[UUID]] = {}
        for kind, object_id in keys:
            wanted.setdefault(kind, set()).add(object_id)
        codes = []
        for value in values:
            match value:
                case Named(type=kind, id=object_id):
                    wanted.setdefault(kind, set()).add(object_id)
                case Coded(dictionary=oid, code=code):
                    codes.append((oid, code))
        self._codes = dictionaries.names_of(conn, codes)
        self._found: dict[ObjectKey, tuple[str, ...]] = {}
        for kind, ids in wanted.items():
            if kind in _NAMES:
                rows = conn.execute(_NAMES[kind], (list(ids),)).fetchall()
                self._found.update({(kind, row[0]): tuple(row[1:]) for row in rows})

    def name(self, kind: ObjectType, object_id: UUID) -> str:
        """«Иванов Пётр», «12»; where it isn't known (yet), what kind of thing it is."""
        found = self._found.get((kind, object_id))
        return found[0] if found else OBJECTS[kind].lower()

    def of(self, value: Named | Coded) -> str:
        """What a value refers to: an object's name; «112 – врач-терапевт», or the code alone where its meaning isn't known."""
        if isinstance(value, Named):
            return self.name(value.type, value.id)
        meaning = self._codes.get((value.dictionary, value.code))
        return f"{value.code} – {meaning}" if meaning else value.code

    def title(self, kind: ObjectType, object_id: UUID) -> str:
        """«Визит № 12 (Иванов Пётр)», «Карта пациента № 4512 (Иванов Пётр)»."""
        found = self._found.get((kind, object_id))
        return _TITLES[kind].format(*found) if found else OBJECTS[kind]


_MOST_FOUND = 1000


def matching(conn: Connection[Any], words: Sequence[Word]) -> list[UUID]:
    """Objects each of which is found by all these words, at most `_MOST_FOUND` of a kind: patients as their search finds
    them, staff, accesses, services and sets of rights by name, a visit by its number alone.
    """
    values: dict[str, Any] = {"most": _MOST_FOUND}
    person = _holds("translate(lower(concat_ws(' ', family_name, given_name, patronymic, name_key)), 'ё', 'е')", words, values)
    name = _holds("translate(lower(name), 'ё', 'е')", words, values)
    parts = [
        f"SELECT patient_id FROM patients WHERE {_holds('search', words, values)}",
        f"SELECT employee_id FROM employees WHERE {person}",
        f"SELECT a.access_id FROM accesses a JOIN employees USING (employee_id) WHERE {person}",
        f"SELECT service_id FROM services WHERE {name}",
        f"SELECT rights_set_id FROM rights_sets WHERE {name}",
        f"SELECT entry_id FROM catalogue WHERE {name}",
    ]
    if len(words) == 1:
        values["numbers"] = [int(form) for form in words[0].forms if form.isascii() and form.isdigit() and len(form) <= 15]
        parts.append("SELECT visit_id FROM calendar WHERE number = ANY(%(numbers)s)")
    query = " UNION ALL ".join(f"({part} LIMIT %(most)s)" for part in parts)
    return [row[0] for row in conn.execute(query, values, prepare=False).fetchall()]


def _holds(text: str, words: Sequence[Word], values: dict[str, Any]) -> str:
    """Every word in one of its forms; as plain LIKEs, since an index of trigrams doesn't serve LIKE ANY."""
    conditions = []
    for word in words:
        forms = []
        for form in word.forms:
            name = f"like{len(values)}"
            values[name] = like(form)
            forms.append(f"{text} LIKE %({name})s")
        conditions.append(f"({' OR '.join(forms)})")
    return " AND ".join(conditions)
