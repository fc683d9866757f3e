"""What stock would come to, asked of `gateways/guards/stock.py`."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from aggregates.scheduling.visit import Visit
from aggregates.stock.shortage import Shortage
from aggregates.stock.stock_document import StockDocument

MovesStock = StockDocument | Visit


class StockLedger(Protocol):
    """Asked inside `Clinic.write_lock()`."""

    def shortages(self, document: MovesStock) -> Sequence[Shortage]:
        """What would be below zero if the document was saved as it is now: of each goods and warehouse the first moment. What is
        below zero already and isn't made worse is left out.
        """

    def has_moved(self, goods_id: UUID) -> bool:
        """Whether goods are in documents that are in effect."""
