"""Stock as it was known at a past moment, for a query that asks for it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from psycopg import Connection

from aggregates.kernel import DomainError
from projections.reader import selection_of
from projections.registry import PROJECTIONS
from projections.stock.known_stock import TooMuchChanged, known_stock
from projections.stock.stock_documents import DOCUMENTS
from readmodels.stock.known_stock import KnownStock
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
    decoders = call.denta.decoders
    selection = selection_of([DOCUMENTS], PROJECTIONS, decoders)
    moment = known_at.replace(tzinfo=call.zone) + timedelta(minutes=1)
    try:
        return known_stock(conn, decoders, selection, known_at=moment, end=end)
    except TooMuchChanged:
        raise KnownStockTooFar from None
