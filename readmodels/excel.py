"""Cards for Excel sheets: by id, by name, or all in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec
from psycopg import Connection

from aggregates.catalogue import name_key
from aggregates.normalization import person_name_key
from aggregates.values import Scalar
from readmodels.people.patients import BY_NAME

Card = dict[str, Scalar]
_DECODE = msgspec.json.Decoder(Card).decode
_AT_ONCE = 1000


class Known(msgspec.Struct, frozen=True):
    """One object."""

    id: UUID
    version: int
    deleted: bool
    card: Card


@dataclass(frozen=True)
class Source:
    """Where a catalogue's cards are read. `fields`: columns that are fields of the card, as far as the sheet has them; without
    any, `card` holds them.
    """

    table: str
    key: str
    fields: tuple[str, ...] = ()
    order: str = "name"
    deleted: str = "s.deleted"
    where: str = "true"
    name: str = "translate(lower(s.name), 'ё', 'е')"
    """SQL of the name in the form of `form`."""
    form: Callable[[str], str] = name_key
    sql: Mapping[str, str] = field(default_factory=dict)
    """SQL of fields that aren't columns."""

    def _select(self) -> str:
        card = ", ".join(self.sql.get(name, f"s.{name}") for name in self.fields) or "s.card::text"
        return f"SELECT s.{self.key}, s.version, {self.deleted}, {card} FROM {self.table} s WHERE {self.where}"

    def by_ids(self, conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, Known]:
        """The existing objects, deleted or not."""
        rows = conn.execute(f"{self._select()} AND s.{self.key} = ANY(%s)", (list(ids),)).fetchall()
        return {row[0]: self._known(row) for row in rows}

    def by_names(self, conn: Connection[Any], names: Iterable[str]) -> dict[str, list[Known]]:
        """Active objects by name, in the form of `form`."""
        form = self.name
        query = f"{self._select()} AND NOT {self.deleted} AND {form} = ANY(%s)"
        found: dict[str, list[Known]] = {}
        for row in conn.execute(query.replace(" FROM ", f", {form} FROM ", 1), (list(names),)).fetchall():
            found.setdefault(row[-1], []).append(self._known(row[:-1]))
        return found

    def born_with_phone(self, conn: Connection[Any], phones: Iterable[str]) -> dict[tuple[str, str], Known]:
        """(phone, birth date) → active object with one of these phones, if both are known."""
        query = f"{self._select()} AND NOT {self.deleted} AND s.phone = ANY(%s) AND s.phone <> '' AND s.birth_date <> ''"
        found = map(self._known, conn.execute(query, (list(phones),)).fetchall())
        return {(str(known.card["phone"]), str(known.card["birth_date"])): known for known in found}

    def holders(self, conn: Connection[Any], field: str, values: Iterable[str]) -> dict[str, UUID]:
        """Value of a column → id of the active object that has it, merged ones included."""
        query = f"SELECT s.{field}, s.{self.key} FROM {self.table} s WHERE NOT s.deleted AND s.{field} = ANY(%s)"
        return dict(conn.execute(query, (list(values),)).fetchall())

    def all(self, conn: Connection[Any]) -> Iterator[Known]:
        """All active objects in order, streamed in bounded memory."""
        query = f"{self._select()} AND NOT {self.deleted} ORDER BY {self.order}, s.{self.key}"
        for row in streamed(conn, query):
            yield self._known(row)

    def _known(self, row: Sequence[Any]) -> Known:
        card = dict(zip(self.fields, map(_scalar, row[3:]), strict=True)) if self.fields else _DECODE(row[3])
        return Known(row[0], row[1], row[2], card)


def catalogue(topic: str) -> Source:
    """A plain catalogue."""
    return Source("catalogue", "entry_id", order="s.name", where=f"s.catalogue = '{topic}'")


_NAME = ("family_name", "given_name", "patronymic")
_PASSPORT = ("passport_number", "passport_issued_on", "passport_issued_by")
_DETAILS = ("other_phones", "email", "city", "street", "house", "flat", "source_id")
PATIENTS = Source(
    "patients",
    "patient_id",
    ("card_number", *_NAME, "phone", "birth_date", "sex", "comment", "categories", *_DETAILS),
    order=BY_NAME.replace("p.", "s."),
    deleted="(s.deleted OR s.merged_into IS NOT NULL)",
    name="s.name_key",
    form=person_name_key,
    sql={
        **{name: f"coalesce(s.details ->> '{name}', '')" for name in _DETAILS},
        "categories": "array_to_string(s.categories, ' ')",
    },
)
EMPLOYEES = Source(
    "employees",
    "employee_id",
    (*_NAME, "position", "phone", "email", "takes_visits", "color", "birth_date", *_PASSPORT, "inn", "comment"),
    order="s.number",
    sql={"position": "coalesce(s.position_id::text, s.position)"},
    name="s.name_key",
    form=person_name_key,
)
SERVICES = Source(
    "services",
    "service_id",
    ("name", "category_id", "unit_id", "price", "duration", "online", "doctors"),
    order="s.name",
    sql={"doctors": "array_to_string(s.doctors, ' ')"},
)


class DocumentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which documents are exported, and how much of them a user may see.

    first, last   the days they are of; None: no bound.
    patient_info  more of the patients of visits than their names.
    costs         what the lines of stock documents cost.
    deleted       deleted stock documents, too.
    """

    first: date | None = None
    last: date | None = None
    patient_info: bool = False
    costs: bool = False
    deleted: bool = False

    @property
    def end(self) -> date | None:
        """The day after the last one."""
        return self.last and self.last + timedelta(days=1)


_VISIT_FIELDS = (
    "number", "starts_at", "ends_at", "status", "patient", "card_number", "doctor", "services", "goods", "discount", "total",
    "comment",
)  # fmt: skip
_GROSS = """(SELECT coalesce(sum(round((l ->> 'price')::numeric * (l ->> 'quantity')::numeric, 2)), 0)
  FROM jsonb_array_elements(c.lines || c.goods) AS l)"""
"""SQL: what a visit would come to without discounts."""


def visits(conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    """Visits that aren't deleted, in order of time, as `_VISIT_FIELDS`."""
    query = f"""SELECT c.number, c.starts_at, c.ends_at, c.status, coalesce(p.name, ''),
        CASE WHEN %(info)s THEN coalesce(p.card_number, '') ELSE '' END,
        concat_ws(' ', nullif(e.family_name, ''), nullif(e.given_name, ''), nullif(e.patronymic, '')),
        coalesce((SELECT string_agg(l.line ->> 'name', ', ' ORDER BY l.n)
          FROM jsonb_array_elements(c.lines) WITH ORDINALITY AS l(line, n)), ''),
        coalesce((SELECT string_agg(l.line ->> 'name', ', ' ORDER BY l.n)
          FROM jsonb_array_elements(c.goods) WITH ORDINALITY AS l(line, n)), ''), {_GROSS} - c.total, c.total, c.comment
      FROM calendar c LEFT JOIN patients p ON p.patient_id = c.patient_id LEFT JOIN employees e ON e.employee_id = c.doctor_id
      WHERE NOT c.deleted AND (%(first)s::date IS NULL OR c.starts_at >= %(first)s)
        AND (%(end)s::date IS NULL OR c.starts_at < %(end)s) ORDER BY c.starts_at, c.number"""
    for row in streamed(conn, query, {"first": asked.first, "end": asked.end, "info": asked.patient_info}):
        yield dict(zip(_VISIT_FIELDS, row, strict=True))


def service_doctors(conn: Connection[Any]) -> Iterator[Sequence[Any]]:
    """(doctor's id, family name, given name, patronymic, service's id, service's name) for each doctor of each active service."""
    query = """SELECT d.id::text, e.family_name, e.given_name, e.patronymic, s.service_id::text, s.name
      FROM services s CROSS JOIN LATERAL unnest(s.doctors) WITH ORDINALITY AS d(id, place)
        LEFT JOIN employees e ON e.employee_id = d.id
      WHERE NOT s.deleted ORDER BY s.name, s.service_id, d.place"""
    return streamed(conn, query)


def entry_names(conn: Connection[Any], topics: Iterable[str]) -> list[tuple[str, str, UUID, bool]]:
    """(catalogue, name, id, deleted) of every entry of these catalogues, by name."""
    query = "SELECT catalogue, name, entry_id, deleted FROM catalogue WHERE catalogue = ANY(%s) ORDER BY name, entry_id"
    return conn.execute(query, (list(topics),)).fetchall()


def streamed(conn: Connection[Any], query: str, values: Any = None) -> Iterator[Sequence[Any]]:
    """Rows by a server-side cursor, in its own transaction."""
    with conn.transaction(), conn.cursor(name=f"excel_{uuid4().hex}") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(query, values)
        yield from cursor


def _scalar(value: Any) -> Scalar:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value) if isinstance(value, UUID) else value
