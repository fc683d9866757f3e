"""Certificates, with what is left on each."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.references import Ref
from readmodels.search_text import holds, readings
from readmodels.table import Table


class CertificateRow(msgspec.Struct, frozen=True):
    """A certificate as it was sold. `search`: its code, normalized."""

    id: UUID
    code: str
    moment: datetime
    nominal: Decimal
    price: Decimal
    desk_id: UUID
    buyer_id: UUID | None
    valid_until: date | None
    comment: str
    deleted: bool
    version: int
    search: str


TABLE = Table(
    "certificates",
    CertificateRow,
    key=("id",),
    indexes=("(moment)", "(buyer_id) WHERE buyer_id IS NOT NULL", "using gin (search gin_trgm_ops)"),
    extensions=("pg_trgm",),
)


class CertificateItem(msgspec.Struct, frozen=True, gc=False):
    """A certificate. `left`: what it still pays for."""

    id: UUID
    version: int
    code: str
    moment: datetime
    nominal: Decimal
    price: Decimal
    left: Decimal
    desk: Ref
    buyer: Ref | None
    valid_until: date | None
    comment: str
    deleted: bool


_LEFT = """c.nominal - coalesce((SELECT sum(CASE p.kind WHEN 'refund' THEN -p.sum ELSE p.sum END) FROM payments p
  WHERE p.certificate_id = c.id AND NOT p.deleted), 0)"""
_ITEM = f"""SELECT c.id, c.version, c.code, c.moment, c.nominal, c.price, {_LEFT} AS left_over, c.desk_id, coalesce(d.name, ''),
    coalesce(k.patient_id, b.patient_id), coalesce(k.name, b.name), c.valid_until, c.comment, c.deleted
  FROM certificates c LEFT JOIN catalogue d ON d.entry_id = c.desk_id
  LEFT JOIN patients b ON b.patient_id = c.buyer_id LEFT JOIN patients k ON k.patient_id = b.merged_into"""


def listing(
    conn: Connection[Any], *, query: str = "", usable_on: date | None = None, deleted: bool = False, page: int = 1, size: int = 50
) -> tuple[list[CertificateItem], int]:
    """One page of the certificates, the latest first, and how many were found. `query`: a part of the code; `usable_on`: only
    those with something left on that day.
    """
    values: dict[str, Any] = {"day": usable_on, "size": size, "skip": (page - 1) * size}
    conditions = ["true" if deleted else "NOT c.deleted"]
    if written := query.strip():
        conditions.append("(" + " OR ".join(holds("c.search", way, values) for way in readings(written)) + ")")
    if usable_on is not None:
        conditions.append(f"(c.valid_until IS NULL OR c.valid_until >= %(day)s) AND c.moment < %(day)s::date + 1 AND {_LEFT} > 0")
    where = " AND ".join(conditions)
    rows = conn.execute(
        f"{_ITEM} WHERE {where} ORDER BY c.moment DESC, c.code LIMIT %(size)s OFFSET %(skip)s", values, prepare=False
    ).fetchall()
    total = conn.execute(f"SELECT count(*) FROM certificates c WHERE {where}", values, prepare=False).fetchone()
    return [_item(row) for row in rows], total[0] if total else 0


def get(conn: Connection[Any], certificate_id: UUID) -> CertificateItem | None:
    """One certificate, deleted or not."""
    row = conn.execute(f"{_ITEM} WHERE c.id = %s", (certificate_id,)).fetchone()
    return None if row is None else _item(row)


def _item(row: Any) -> CertificateItem:
    id_, version, code, moment, nominal, price, left, desk_id, desk, buyer_id, buyer, valid_until, comment, deleted = row
    return CertificateItem(
        id_, version, code, moment, nominal, price, left, Ref(desk_id, desk), None if buyer_id is None else Ref(buyer_id, buyer),
        valid_until, comment, deleted,
    )  # fmt: skip
