"""Services of the clinic with prices, doctors and materials."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogue import name_key
from aggregates.clinic.service import Norm
from aggregates.clinic.tax_code import TaxCode
from readmodels.people import employees
from readmodels.references import Ref
from readmodels.search_text import matches, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.table import Table
from readmodels.words.values import format_rubles


class ServiceRow(msgspec.Struct, frozen=True):
    """A service: price in rubles, duration in minutes. `category`: old free text from before the catalogue of categories."""

    service_id: UUID
    name: str
    category: str
    category_id: UUID | None
    unit_id: UUID | None
    price: Decimal
    duration: int
    online: bool
    vat: str
    doctors: tuple[UUID, ...]
    norms: tuple[Norm, ...]
    deleted: bool
    version: int
    tax_code: TaxCode


TABLE = Table("services", ServiceRow, key=("service_id",))


class Material(msgspec.Struct, frozen=True):
    """Goods that services consume. `unit`: the write-off unit."""

    id: UUID
    name: str
    unit: str


class UsedMaterial(msgspec.Struct, frozen=True):
    """Consumption of a material per service; `quantity` in `unit`, a decimal text."""

    goods: Ref
    unit: str
    quantity: str


class Service(msgspec.Struct, frozen=True):
    """A service for lists. `category`, `unit`: names; `doctors`: empty if every doctor provides it."""

    id: UUID
    name: str
    category: str
    category_id: UUID | None
    unit: str
    unit_id: UUID | None
    price: Decimal
    duration: int
    online: bool
    vat: str
    doctors: list[Ref]
    norms: list[UsedMaterial]
    deleted: bool
    version: int
    tax_code: TaxCode


_CATEGORY = "coalesce(c.name, s.category)"
_SERVICE = f"""SELECT s.service_id, s.name, {_CATEGORY}, s.category_id, coalesce(u.name, ''), s.unit_id, s.price, s.duration,
    s.online, s.vat, s.doctors, s.norms::text, s.deleted, s.version, s.tax_code
  FROM services s LEFT JOIN catalogue c ON c.entry_id = s.category_id LEFT JOIN catalogue u ON u.entry_id = s.unit_id"""
_NORMS = msgspec.json.Decoder(list[Norm])
_MATERIAL = """SELECT g.entry_id, g.name, coalesce(w.name, p.name, '') FROM catalogue g
  LEFT JOIN catalogue w ON w.entry_id::text = g.card ->> 'write_off_unit'
  LEFT JOIN catalogue p ON p.entry_id::text = g.card ->> 'sale_unit'"""


def listing(conn: Connection[Any], *, deleted: bool = False) -> list[Service]:
    """All services by category and name; deleted ones only on request."""
    query = f"""{_SERVICE} WHERE %s OR NOT s.deleted ORDER BY translate(lower({_CATEGORY}), 'ё', 'е') COLLATE "C",
      translate(lower(s.name), 'ё', 'е') COLLATE "C", s.service_id"""
    return _services(conn, conn.execute(query, (deleted,)).fetchall())


def get(conn: Connection[Any], service_id: UUID) -> Service | None:
    """One service, deleted or not."""
    found = _services(conn, conn.execute(f"{_SERVICE} WHERE s.service_id = %s", (service_id,)).fetchall())
    return found[0] if found else None


def by_name(conn: Connection[Any], names: Iterable[str]) -> dict[str, UUID]:
    """Active services with one of these names: `name_key` → id."""
    keys = {name_key(name) for name in names}
    rows = conn.execute("SELECT name, service_id FROM services WHERE NOT deleted ORDER BY service_id").fetchall()
    return {key: service_id for name, service_id in rows if (key := name_key(name)) in keys}


def doctors(conn: Connection[Any]) -> list[Ref]:
    """Doctors who can provide a service, by name."""
    return [
        Ref(doctor.id, doctor.name) for doctor in employees.names(conn).values() if doctor.takes_visits and not doctor.deleted
    ]


def materials(conn: Connection[Any]) -> list[Material]:
    """Active goods by name."""
    query = f"""{_MATERIAL} WHERE g.catalogue = 'goods' AND NOT g.deleted
      ORDER BY translate(lower(g.name), 'ё', 'е') COLLATE "C", g.entry_id"""
    return [Material(*row) for row in conn.execute(query).fetchall()]


def _services(conn: Connection[Any], rows: Sequence[Sequence[Any]]) -> list[Service]:
    norms = [_NORMS.decode(row[11]) for row in rows]
    goods = {norm.goods_id for written in norms for norm in written}
    known = _known_materials(conn, list(goods)) if goods else {}
    doctor_ids = {doctor_id for row in rows for doctor_id in row[10]}
    people = employees.names(conn, doctor_ids) if doctor_ids else {}
    listed = []
    for row, written in zip(rows, norms, strict=True):
        giving = [Ref(doctor_id, people[doctor_id].name if doctor_id in people else "") for doctor_id in row[10]]
        used = [_used(norm, known) for norm in written]
        listed.append(Service(*(*row[:10], giving, used, *row[12:])))
    return listed


def _used(norm: Norm, known: dict[UUID, Material]) -> UsedMaterial:
    goods = known.get(norm.goods_id) or Material(norm.goods_id, "", "")
    return UsedMaterial(Ref(goods.id, goods.name), goods.unit, norm.quantity)


def _known_materials(conn: Connection[Any], ids: list[UUID]) -> dict[UUID, Material]:
    return {row[0]: Material(*row) for row in conn.execute(f"{_MATERIAL} WHERE g.entry_id = ANY(%s)", (ids,)).fetchall()}


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    del asker
    ways = readings(query)
    found = [one for one in listing(conn) if any(matches(way, normal(f"{one.name} {one.category}")) for way in ways)]
    return [Hit(service.id, service.name, format_rubles(service.price)) for service in found[:MOST]]


SEARCHABLE = Searchable("service", "Услуги", right="services", reads=("services",), find=_find)
