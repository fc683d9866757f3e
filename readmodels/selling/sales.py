"""Goods sold without a visit (FIN-9): what was sold, what came back, and by what it is paid. A sale is its issue of goods."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.allocation import NOTHING, Allocation
from aggregates.money.charge import SoldGoods, goods_left
from aggregates.money.desk_kind import DeskKind
from aggregates.stock.stock_lines import StockLine, StockUnit
from readmodels import catalogue
from readmodels.money import receipts_of_documents
from readmodels.money.receipts_of_documents import DocumentReceipt
from readmodels.references import Ref
from readmodels.stock import stock_goods
from readmodels.stock.stock_goods import StockGoods


class SaleLine(msgspec.Struct, frozen=True, gc=False):
    """Goods of a sale, each once. `quantity`: sold, `left`: still with the buyer, both in `unit`; `sum`, `left_sum`: what these
    came to, in rubles.
    """

    goods: StockGoods
    unit: StockUnit
    quantity: Decimal
    sum: Decimal
    left: Decimal
    left_sum: Decimal


class SalePayment(msgspec.Struct, frozen=True, gc=False):
    """A payment of the sale. `kind`: of its desk, None of a certificate; `share`: what of it pays for the sale, in rubles."""

    id: UUID
    number: int
    moment: datetime
    desk: Ref | None
    kind: DeskKind | None
    certificate: str
    sum: Decimal
    share: Decimal
    receipt: DocumentReceipt | None


class SaleReturn(msgspec.Struct, frozen=True, gc=False):
    """A return in effect."""

    id: UUID
    number: int
    moment: datetime
    total: Decimal


class SaleCard(msgspec.Struct, frozen=True, gc=False):
    """A sale, in rubles. `total`: what was sold; `returned`: what came back of it; `due`: what isn't paid of the rest."""

    id: UUID
    number: int
    version: int
    moment: datetime
    patient: Ref | None
    effective: bool
    total: Decimal
    returned: Decimal
    paid: Decimal
    due: Decimal
    lines: list[SaleLine]
    payments: list[SalePayment]
    returns: list[SaleReturn]
    receipts: list[DocumentReceipt]


_SALE = """SELECT d.number, d.version, d.moment, coalesce(k.patient_id, p.patient_id), coalesce(k.name, p.name, ''),
    d.posted AND NOT d.deleted, d.total, d.lines::text
  FROM stock_documents d LEFT JOIN patients p ON p.patient_id = d.patient_id LEFT JOIN patients k ON k.patient_id = p.merged_into
  WHERE d.id = %s AND d.kind = 'goods_issue'"""
_RETURNS = """SELECT r.id, r.number, r.moment, r.total, r.lines::text FROM stock_documents r
  WHERE r.origin_id = %s AND r.kind = 'customer_return' AND r.posted AND NOT r.deleted ORDER BY r.moment, r.number"""
_PAYMENTS = """SELECT p.id, p.number, p.moment, p.desk_id, c.code, p.sum, p.allocations::text FROM payments p
  LEFT JOIN certificates c ON c.id = p.certificate_id
  WHERE p.visit_ids @> ARRAY[%s]::uuid[] AND NOT p.deleted ORDER BY p.moment, p.number"""
_KINDS = "SELECT entry_id, coalesce(card ->> 'kind', 'cash') FROM catalogue WHERE entry_id = ANY(%s)"
_LINES = msgspec.json.Decoder(tuple[StockLine, ...]).decode
_ALLOCATIONS = msgspec.json.Decoder(list[Allocation]).decode


def card(conn: Connection[Any], sale_id: UUID) -> SaleCard | None:
    """A sale, whether or not it is in effect."""
    row = conn.execute(_SALE, (sale_id,)).fetchone()
    if row is None:
        return None
    number, version, moment, patient_id, patient, effective, total, text = row
    returns = conn.execute(_RETURNS, (sale_id,)).fetchall()
    sold = _LINES(text)
    left = goods_left(sold, tuple(line for one in returns for line in _LINES(one[4])))
    returned = sum((one[3] for one in returns), NOTHING)
    payments = _payments(conn, sale_id)
    paid = sum((one.share for one in payments), NOTHING)
    rest = max(total - returned, NOTHING)
    return SaleCard(
        sale_id, number, version, moment, None if patient_id is None else Ref(patient_id, patient), effective, total, returned,
        paid, max(rest - paid, NOTHING), _lines(conn, goods_left(sold, ()), left), payments,
        [SaleReturn(*one[:4]) for one in returns], receipts_of_documents.every(conn, [sale_id, *(one.id for one in payments)]),
    )  # fmt: skip


def _lines(conn: Connection[Any], sold: dict[UUID, SoldGoods], left: dict[UUID, SoldGoods]) -> list[SaleLine]:
    goods = stock_goods.of_ids(conn, sold)
    nothing = Decimal(0)
    return [
        SaleLine(
            goods[id_], one.unit, one.quantity, one.sum,
            left[id_].quantity if id_ in left else nothing, left[id_].sum if id_ in left else NOTHING,
        )
        for id_, one in sold.items()
    ]  # fmt: skip


def _payments(conn: Connection[Any], sale_id: UUID) -> list[SalePayment]:
    rows = conn.execute(_PAYMENTS, (sale_id,)).fetchall()
    desks = [row[3] for row in rows if row[3] is not None]
    names, kinds = catalogue.names(conn, desks), dict(conn.execute(_KINDS, (desks,)).fetchall())
    receipts = receipts_of_documents.last(conn, [row[0] for row in rows])
    found = []
    for id_, number, moment, desk_id, code, total, allocations in rows:
        share = _share(_ALLOCATIONS(allocations), sale_id)
        if share:
            desk = None if desk_id is None else Ref(desk_id, names.get(desk_id, ""))
            found.append(SalePayment(id_, number, moment, desk, kinds.get(desk_id), code or "", total, share, receipts.get(id_)))
    return found


def _share(allocations: Iterable[Allocation], sale_id: UUID) -> Decimal:
    return sum((one.sum for one in allocations if one.charge_id == sale_id), NOTHING)
