"""Stock as it was known at a past moment, for a query that asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from psycopg import Connection

from aggregates.kernel import Decoders, DomainError
from projections.reader import EventSelection, selection_of
from projections.registry import PROJECTIONS
from projections.stock.known_stock import TooMuchChanged, known_entries, known_stock
from projections.stock.stock_documents import DOCUMENTS
from readmodels.stock.known_stock import KnownEntries, KnownStock
from services.api.http.call import Call


class KnownStockTooFar(DomainError):
    """Too much has changed since to be undone for a question. Facts: `field`."""

    code: ClassVar[str] = "known_stock_too_far"

    def __init__(self) -> None:
        super().__init__(field="known_at")

    @property
    def sentence(self) -> str:
        return "С тех пор изменилось слишком много документов. Выберите более поздний день."


def known_then(call: Call, conn: Connection[Any], known_at: datetime, end: datetime) -> KnownStock:
    """What differed before the moment `end` at the end of the minute `known_at` of the clinic's clock. KnownStockTooFar.

    `conn`: in a transaction that hasn't read yet, which then reads one snapshot to its end.
    """
    with _bounded():
        return known_stock(conn, *_log(call), known_at=_instant(call, known_at), end=end)


def known_movements(call: Call, conn: Connection[Any], known_at: datetime, goods_id: UUID) -> KnownEntries | None:
    """The same for the movements of goods."""
    with _bounded():
        return known_entries(conn, *_log(call), goods_id, known_at=_instant(call, known_at))


def _log(call: Call) -> tuple[Decoders, EventSelection]:
    decoders = call.denta.decoders
    return decoders, selection_of([DOCUMENTS], PROJECTIONS, decoders)


def _instant(call: Call, known_at: datetime) -> datetime:
    return known_at.replace(tzinfo=call.zone) + timedelta(minutes=1)


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        yield
    except TooMuchChanged:
        raise KnownStockTooFar from None
