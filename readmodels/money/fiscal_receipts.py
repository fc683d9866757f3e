"""Fiscal receipts and how far each has come."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.fiscal_receipt import PrintedSigns, ReceiptState
from aggregates.money.receipt import Operation, Receipt
from readmodels.references import Ref
from readmodels.table import Table


class FiscalReceiptRow(msgspec.Struct, frozen=True):
    """A receipt. `document_ids`: what it is for; `after`: receipts that are printed before it; `error`: the register's words of
    the last attempt that failed, or why it was given up.
    """

    id: UUID
    moment: datetime
    operation: Operation
    total: Decimal
    patient_id: UUID | None
    document_ids: tuple[UUID, ...]
    after: tuple[UUID, ...]
    receipt: Receipt
    state: ReceiptState
    attempt: int
    register_id: str
    signs: PrintedSigns | None
    error_code: int | None
    error: str
    version: int


TABLE = Table(
    "fiscal_receipts",
    FiscalReceiptRow,
    key=("id",),
    indexes=("(moment)", "(moment, id) WHERE state <> 'printed'", "using gin (document_ids)"),
)


class FiscalReceiptItem(msgspec.Struct, frozen=True, gc=False):
    """A receipt in a list. `queued`: it waits for another one that isn't printed yet."""

    id: UUID
    version: int
    moment: datetime
    operation: Operation
    total: Decimal
    patient: Ref | None
    document_ids: list[UUID]
    state: ReceiptState
    attempt: int
    document_number: int | None
    link: str
    error: str
    queued: bool


class UnfinishedReceipt(msgspec.Struct, frozen=True):
    """A receipt that the register has still to decide on."""

    id: UUID
    state: ReceiptState
    attempt: int
    register_id: str
    receipt: Receipt


_QUEUED = """(r.state = 'waiting' AND EXISTS
    (SELECT FROM fiscal_receipts b WHERE b.id = ANY(r.after) AND b.state NOT IN ('printed', 'given_up')))"""
_ITEM = f"""SELECT r.id, r.version, r.moment, r.operation, r.total, coalesce(k.patient_id, p.patient_id),
    coalesce(k.name, p.name), r.document_ids, r.state, r.attempt, (r.signs->>'document_number')::bigint,
    coalesce(r.signs->>'link', ''), r.error, {_QUEUED}
  FROM fiscal_receipts r LEFT JOIN patients p ON p.patient_id = r.patient_id
  LEFT JOIN patients k ON k.patient_id = p.merged_into"""


def listing(
    conn: Connection[Any],
    *,
    first: date | None = None,
    last: date | None = None,
    state: ReceiptState | None = None,
    document_id: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> tuple[list[FiscalReceiptItem], int]:
    """One page of the receipts, the latest first, and how many were found. `document_id`: of this document alone."""
    values = {
        "first": first, "end": last and last + timedelta(days=1), "state": state, "document": document_id,
        "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    conditions = ["true"] + [
        condition
        for condition, given in (
            ("r.moment >= %(first)s", first),
            ("r.moment < %(end)s", last),
            ("r.state = %(state)s", state),
            ("r.document_ids @> ARRAY[%(document)s]::uuid[]", document_id),
        )
        if given is not None
    ]
    where = " AND ".join(conditions)
    rows = conn.execute(
        f"{_ITEM} WHERE {where} ORDER BY r.moment DESC, r.id LIMIT %(size)s OFFSET %(skip)s", values, prepare=False
    ).fetchall()
    total = conn.execute(f"SELECT count(*) FROM fiscal_receipts r WHERE {where}", values, prepare=False).fetchone()
    return [_item(row) for row in rows], total[0] if total else 0


def unfinished(conn: Connection[Any], most: int) -> list[UnfinishedReceipt]:
    """The oldest receipts that wait for the register; none that comes after one which isn't printed yet."""
    rows = conn.execute(
        f"""SELECT r.id, r.state, r.attempt, r.register_id, r.receipt::text FROM fiscal_receipts r
          WHERE r.state IN ('waiting', 'sent') AND NOT {_QUEUED} ORDER BY r.moment, r.id LIMIT %s""",
        (most,),
    ).fetchall()
    return [UnfinishedReceipt(id_, state, attempt, asked, _RECEIPT(text)) for id_, state, attempt, asked, text in rows]


_RECEIPT = msgspec.json.Decoder(Receipt).decode


def _item(row: Any) -> FiscalReceiptItem:
    id_, version, moment, operation, total, patient_id, patient, *rest = row
    who = None if patient_id is None else Ref(patient_id, patient)
    columns: tuple[Any, ...] = (id_, version, moment, operation, total, who, *rest)
    return FiscalReceiptItem(*columns)
