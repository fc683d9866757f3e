"""Shortages of stock in refusals and warnings, with names and the document where the stock gets short."""

from typing import Any

from aggregates.stock.shortage import Shortage
from readmodels import catalogue
from readmodels.stock import stock_documents
from services.api.names import Names
from services.api.refusal_names import NamedFact


def _shown(names: Names, short: Shortage) -> dict[str, Any]:
    known = catalogue.names(names.connection, [short.goods_id, short.warehouse_id])
    return {
        "goods": {"id": short.goods_id, "name": known.get(short.goods_id, "")},
        "warehouse": {"id": short.warehouse_id, "name": known.get(short.warehouse_id, "")},
        "moment": short.moment,
        "missing": short.missing,
        "document": stock_documents.numbered(names.connection, short.document_id),
    }


IN_REFUSALS = NamedFact(Shortage, _shown)
