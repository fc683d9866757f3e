"""The fiscal receipts of documents, as their pages and accounts show them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.fiscal_receipt import ReceiptState


class DocumentReceipt(msgspec.Struct, frozen=True, gc=False):
    """The fiscal receipt of a payment, a refund or a sale. `link`: to the printed one, else ""."""

    id: UUID
    state: ReceiptState
    link: str


_RECEIPTS = """SELECT document_ids, id, state, coalesce(signs->>'link', '') FROM fiscal_receipts
  WHERE document_ids && %s::uuid[] ORDER BY moment, id"""


def last(conn: Connection[Any], document_ids: Sequence[UUID]) -> dict[UUID, DocumentReceipt]:
    """The last one of each document."""
    rows = conn.execute(_RECEIPTS, (list(document_ids),)).fetchall()
    return {
        document_id: DocumentReceipt(id_, state, link) for of_documents, id_, state, link in rows for document_id in of_documents
    }


def every(conn: Connection[Any], document_ids: Sequence[UUID]) -> list[DocumentReceipt]:
    """All of these documents, each once, the first one first."""
    rows = conn.execute(_RECEIPTS, (list(document_ids),)).fetchall()
    return [DocumentReceipt(id_, state, link) for _, id_, state, link in rows]
