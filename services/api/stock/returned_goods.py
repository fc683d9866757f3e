"""What a buyer would have brought back too much of, in refusals: with names, the issue, and the return where that is so."""

from typing import Any

from aggregates.stock.returned_goods import Excess
from readmodels import catalogue
from readmodels.stock import stock_documents
from services.api.names import Names
from services.api.refusal_names import NamedFact


def _shown(names: Names, excess: Excess) -> dict[str, Any]:
    known = catalogue.names(names.connection, [excess.goods_id])
    return {
        "goods": {"id": excess.goods_id, "name": known.get(excess.goods_id, "")},
        "issue": stock_documents.numbered(names.connection, excess.origin_id),
        "moment": excess.moment,
        "quantity": excess.quantity,
        "document": stock_documents.numbered(names.connection, excess.document_id),
    }


IN_REFUSALS = NamedFact(Excess, _shown)
